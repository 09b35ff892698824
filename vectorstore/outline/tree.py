"""From candidates to a tree: levels by nesting, list entries dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vectorstore.outline.headings import Candidate
from vectorstore.outline.lost import place_plain
from vectorstore.outline.numbering import Style

__all__ = ["Node", "grow"]

_LOOK_AHEAD = 40  # candidates looked at to tell nesting from a new group


@dataclass(slots=True)
class Node:
    """A candidate in the tree; `level` 1 is the highest."""

    candidate: Candidate
    key: tuple[Style, int]
    value: int
    level: int
    parent: Node | None
    dropped: bool = False


def grow(candidates: Sequence[Candidate], text: str) -> list[Node]:
    """The headings among `candidates`, in order, each with its level and parent."""
    nodes = _nest(place_plain(candidates, text))
    _drop_lists(nodes)
    return [node for node in nodes if not node.dropped]


# --- nesting -----------------------------------------------------------------------------------


def _nest(candidates: Sequence[Candidate]) -> list[Node]:
    nodes: list[Node] = []
    stack: list[Node] = []
    latest: dict[tuple[Style, int], int] = {}
    for i, candidate in enumerate(candidates):
        key, value = _identity(candidate, stack)
        if 1 < value == _sibling_value(stack, key, latest) + 1:
            # Numbers that change style half-way through still number one group.
            key, keep = stack[-1].key, len(stack) - 1
        else:
            keep = _depth_to_keep(candidates, i, key, stack)
        del stack[keep:]
        parent = stack[-1] if stack else None
        node = Node(candidate, key, value, len(stack) + 1, parent)
        stack.append(node)
        nodes.append(node)
        latest[key] = value
    return nodes


def _identity(candidate: Candidate, stack: Sequence[Node]) -> tuple[tuple[Style, int], int]:
    """What numbers the candidate's siblings, and its own value."""
    if candidate.marker:
        return candidate.marker.key, candidate.marker.value
    for node in reversed(stack):
        if candidate.level_hint and node.candidate.level_hint == candidate.level_hint:
            return node.key, node.value
    if candidate.level_hint:
        return (Style.PLAIN, candidate.level_hint), 0
    top = stack[-1] if stack else None
    lone = top is None or top.key[0] <= Style.CHINESE or top.key[0] is Style.PLAIN
    return ((Style.PLAIN, 0), 0) if lone or top is None else (top.key, top.value)


def _depth_to_keep(
    candidates: Sequence[Candidate],
    i: int,
    key: tuple[Style, int],
    stack: Sequence[Node],
) -> int:
    """How many of the stack's nodes stay above the candidate."""
    if key[0] is Style.ATTACHMENT:
        return 0
    hint = candidates[i].level_hint
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].key == key:
            return depth
    if key[0] is Style.PLAIN:
        return _below_hints(stack, hint)
    keep = len(stack)
    while keep and stack[keep - 1].key > key and not _resumes(candidates, i, stack[keep - 1]):
        keep -= 1
    return keep


def _below_hints(stack: Sequence[Node], hint: int | None) -> int:
    """Depth for a heading without number: under headings the format marks as higher."""
    if hint is None:
        return len(stack)
    keep = len(stack)
    while keep:
        other = stack[keep - 1].candidate.level_hint
        if other is not None and other < hint:
            break
        if other is None and stack[keep - 1].key[0] <= Style.CHINESE:
            break
        keep -= 1
    return keep


def _sibling_value(
    stack: Sequence[Node], key: tuple[Style, int], latest: dict[tuple[Style, int], int]
) -> int:
    """Value of the last heading if the candidate may carry on its count in another style.

    A count that runs on across parents (1. 2. under （一）, 3. under （二）) is not that.
    """
    mixed = {Style.CHINESE_PAREN, Style.ARABIC, Style.ARABIC_PAREN}
    top = stack[-1] if stack else None
    if top is None or top.level < 2 or not {top.key[0], key[0]} <= mixed or key in latest:
        return -1
    return top.value


def _resumes(candidates: Sequence[Candidate], i: int, node: Node) -> bool:
    """Whether `node`'s count goes on after candidate `i`, so that `i` is nested in it."""
    for candidate in candidates[i + 1 : i + 1 + _LOOK_AHEAD]:
        if candidate.marker and candidate.marker.key == node.key:
            return candidate.marker.value == node.value + 1
    return False


# --- list entries ------------------------------------------------------------------------------


def _drop_lists(nodes: Sequence[Node]) -> None:
    """Drop groups of siblings that read as lists, with everything under them."""
    groups: dict[tuple[int, tuple[Style, int]], list[Node]] = {}
    for node in nodes:
        groups.setdefault((id(node.parent), node.key), []).append(node)
    for group in groups.values():
        if _is_list(group):
            for node in group:
                node.dropped = True
    for node in nodes:
        if node.parent is not None and node.parent.dropped:
            node.dropped = True


def _is_list(group: Sequence[Node]) -> bool:
    items = sum(node.candidate.item for node in group)
    if group[0].key[0] < Style.CHINESE_PAREN:
        return False
    if items * 2 > len(group):
        return True
    if group[0].key[0] is Style.DECIMAL and group[0].value > 1:
        return True  # 12.4国家宪法日: a date
    if group[0].key[0] in {Style.CHINESE_PAREN, Style.PLAIN} or group[0].candidate.firm:
        return False
    # Lines straight after one another carry no text of their own: entries, not headings.
    bare = sum(
        not a.candidate.run_in and b.candidate.index == a.candidate.index + 1
        for a, b in pairwise(group)
    )
    return len(group) > 1 and bare == len(group) - 1
