"""Replacements in a source text: what stands at a span becomes spans of the new document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.gongwen import Figure, Placeholder, Span, Suggestion, Text, tidy

__all__ = ["Edit", "apply", "fill", "merged", "plain", "verify_mark"]

_LONGEST = 180  # characters; a longer blank is no longer read as one (assistant.verify)


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` becomes `spans`. Of edits that overlap the one given first wins."""

    start: int
    end: int
    spans: tuple[Span, ...]


def fill(what: str, key: str = "") -> Placeholder:
    """`【待填：…】`, safe for any text; `key` is that of the sheet's item which would fill it."""
    return Placeholder(f"【待填：{_inner(what)}】", key)


def verify_mark(what: str) -> Placeholder:
    """`【待核实：…】`, safe for any text."""
    return Placeholder(f"【待核实：{_inner(what)}】")


def _inner(what: str) -> str:
    flat = "".join(what.split("\n")).replace("【待核实：", "").replace("【待填：", "")
    flat = tidy(flat.replace("【", "").replace("】", "")).strip()
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def chosen(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in order of place; of those that overlap the one given first."""
    kept: list[Edit] = []
    for edit in edits:
        if all(edit.end <= other.start or other.end <= edit.start for other in kept):
            kept.append(edit)
    return sorted(kept, key=lambda edit: edit.start)


def apply(text: str, start: int, end: int, edits: Iterable[Edit]) -> tuple[Span, ...]:
    """`text[start:end]` with the edits that lie inside it carried out."""
    spans: list[Span] = []
    at = start
    for edit in chosen(e for e in edits if start <= e.start and e.end <= end):
        if edit.start > at:
            spans.append(Text(text[at : edit.start]))
        spans += edit.spans
        at = edit.end
    if at < end:
        spans.append(Text(text[at:end]))
    return merged(spans)


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring plain texts joined, empty ones dropped."""
    out: list[Span] = []
    for span in spans:
        if isinstance(span, Text) and out and isinstance(out[-1], Text):
            out[-1] = Text(out[-1].text + span.text)
        elif span.text:
            out.append(span)
    return tuple(out)


def plain(spans: Iterable[Figure | Placeholder | Suggestion | Text]) -> str:
    """The words of spans."""
    return "".join(span.text for span in spans)
