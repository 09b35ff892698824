"""Pack retrieved passages for a model: under a token budget, numbered, and unable to give orders.

A report is untrusted text. Its passages stand between two lines that carry a nonce it cannot know;
whatever in it could pass for a delimiter, a passage number, a role or an order is taken apart.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.orders import INVISIBLE, ROLE, is_order, orders, without_orders
from vectorstore.sentences import Span
from vectorstore.tokens import count_tokens
from vectorstore.types import Hit

__all__ = ["INVISIBLE", "REFUSAL", "Evidence", "Passage", "is_order", "neutralise", "pack"]

REFUSAL = "【无依据】"  # the line a model writes when the passages do not say
_HIDDEN_ORDER = "（此处文字疑似指令，未采用）"
_HEADING_LIMIT = 120  # characters of a heading path shown: a heading is text of the report too

_NUMBER_MARK = re.compile(r"[\[［【〖]\s*((?:资料|编号)?\s*[\d０-９][\d０-９\s,，、-]*)[\]］】〗]")
_TAG = re.compile(r"[<＜](?=[|｜/!<＜a-zA-Z])")
_TURN = re.compile(r"\[(?=/?(?:INST|SYS)\b)", re.IGNORECASE)
_DELIMITER = re.compile(r"^(\s*)资料(\s+[0-9a-fA-F]{4,}\s*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered passage; `orders` are spans of `hit.chunk.text` that read like orders."""

    n: int
    hit: Hit
    orders: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the model is shown: `block` with both delimiter lines; `left_out` hits did not fit."""

    block: str
    nonce: str
    passages: tuple[Passage, ...]
    left_out: int = 0

    @property
    def by_number(self) -> dict[int, Passage]:
        """Passages by the number they are shown with."""
        return {passage.n: passage for passage in self.passages}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The packed hits, in the order shown."""
        return tuple(passage.hit for passage in self.passages)


def pack(
    hits: Sequence[Hit], budget: int, *, per_report: int | None = None, nonce: str = ""
) -> Evidence:
    """Number and delimit the best hits that fit.

    Args:
        hits: best first; duplicates of one chunk count once.
        budget: cl100k_base tokens of the whole block.
        per_report: most passages of one report; None for no cap.
        nonce: for tests; a fresh one otherwise.

    The passages are ordered by report (the report of the best hit first) and then by position.
    """
    nonce = nonce or secrets.token_hex(8)
    chosen = _choose(list({hit.chunk.id: hit for hit in hits}.values()), budget, per_report, nonce)
    rank = {
        report: at for at, report in enumerate(dict.fromkeys(h.chunk.report_id for h in chosen))
    }
    chosen.sort(key=lambda hit: (rank[hit.chunk.report_id], hit.chunk.start))
    passages = tuple(
        Passage(n, hit, orders(hit.chunk.text)) for n, hit in enumerate(chosen, start=1)
    )
    line = f"资料 {nonce}"
    block = "\n\n".join([line, *(_shown(passage) for passage in passages), line])
    return Evidence(block, nonce, passages, len({h.chunk.id for h in hits}) - len(passages))


def _choose(hits: list[Hit], budget: int, per_report: int | None, nonce: str) -> list[Hit]:
    left = budget - 2 * count_tokens(f"资料 {nonce}\n\n")
    taken: list[Hit] = []
    count: Counter[str] = Counter()
    for hit in hits:
        report = hit.chunk.report_id
        if per_report is not None and count[report] >= per_report:
            continue
        cost = count_tokens(_shown(Passage(99, hit, orders(hit.chunk.text))) + "\n\n")
        if cost <= left:
            left -= cost
            count[report] += 1
            taken.append(hit)
    return taken


def _shown(passage: Passage) -> str:
    hit = passage.hit
    year = f"{hit.year}年" if hit.year else "年度不详"
    heading = " > ".join(hit.chunk.heading_path) or hit.title
    parts = (_one_line(hit.org) or "单位不详", year, _one_line(heading))
    text = without_orders(hit.chunk.text, passage.orders, _HIDDEN_ORDER)
    return f"[{passage.n}] {'｜'.join(parts)}\n{neutralise(text)}"


def _one_line(text: str) -> str:
    flat = " ".join(neutralise(text).split())[:_HEADING_LIMIT]
    return "" if is_order(flat) else flat


def neutralise(text: str) -> str:
    """`text` without anything a model could take for structure; figures and words stay."""
    text = INVISIBLE.sub("", text.replace("\r", "\n").replace("\u2028", "\n"))
    text = text.replace(REFUSAL, REFUSAL.strip("【】"))
    text = _NUMBER_MARK.sub(r"（\1）", text)
    text = _TURN.sub("（", _TAG.sub("‹", text))
    text = _DELIMITER.sub(r"\1“资料”\2", text)
    return ROLE.sub(r"\1，", text)
