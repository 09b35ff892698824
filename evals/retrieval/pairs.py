"""Query → relevant passages, derived from the question set and the samples' manifest.

The pool is every passage of every sample: each bureau has two years in like words and each year
six bureaus, so every right passage has its hard negatives (same bureau other year, same year
other bureau) beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel

from evals.library import SAMPLES
from evals.questions import Question, Split, found, load_questions
from vectorstore.store import Store, StoredChunk
from vectorstore.tokens import segment

__all__ = ["MANIFEST", "Pair", "derive", "pool"]

MANIFEST = SAMPLES / "manifest.yaml"

Source = Literal["question", "manifest"]
# Rankings and sums are computed from the ledger, not from passages; follow-ups need their history.
_KINDS = frozenset({"figure", "target", "list", "text"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and its relevant passages (chunk ids): `groups` must each be met for a full answer.

    Empty `groups`: no passage prints what is expected, so there is nothing to score.
    """

    id: str
    query: str
    split: Split
    source: Source
    groups: tuple[frozenset[str], ...]

    @property
    def relevant(self) -> frozenset[str]:
        """The passages of all groups."""
        return frozenset[str]().union(*self.groups)


class _Figure(BaseModel):
    indicator: str
    text: str


class _Entry(BaseModel):
    file: str
    org: str
    year: int
    figures: tuple[_Figure, ...] = ()


class _Manifest(BaseModel):
    reports: tuple[_Entry, ...]


def pool(store: Store) -> dict[str, StoredChunk]:
    """Every passage by id, in the order of the reports."""
    ids = [chunk.id for row in store.reports() for chunk in store.chunks_of(row.id)]
    return store.chunks(ids)


def derive(passages: Mapping[str, StoredChunk], manifest: Path = MANIFEST) -> list[Pair]:
    """The same pairs whenever the samples, the questions and the passages are the same."""
    questions = [q for q in load_questions() if q.kind in _KINDS and not q.refused]
    splits: dict[str, Split] = {q.orgs[0]: q.split for q in questions if len(q.orgs) == 1}
    pairs = [_of_question(q, passages) for q in questions if not q.computed]
    entries = _Manifest.model_validate(yaml.safe_load(manifest.read_text("utf-8"))).reports
    for entry in entries:
        pairs += _of_report(entry, splits, passages)
    for earlier, later in combinations(entries, 2):
        if earlier.org == later.org:
            pairs += _of_two_years(earlier, later, splits, passages)
    return pairs


def _of_question(question: Question, passages: Mapping[str, StoredChunk]) -> Pair:
    wanted: list[tuple[str, ...]] = [(part,) for part in question.answer]
    wanted += [question.any] if question.any else []
    own = {
        cid: stored
        for cid, stored in passages.items()
        if (not question.orgs or stored.org in question.orgs)
        and (not question.years or stored.year in question.years)
    }
    if len(question.orgs) > 1:
        every = tuple(part for group in wanted for part in group)
        found_in = [
            _holding(every, {c: s for c, s in own.items() if s.org == org}, question.q)
            for org in question.orgs
        ]
    else:
        found_in = [_holding(group, own, question.q) for group in wanted]
    groups = tuple(dict.fromkeys(group for group in found_in if group))
    return Pair(question.id, question.q, question.split, "question", groups)


def _of_report(
    entry: _Entry, splits: Mapping[str, Split], passages: Mapping[str, StoredChunk]
) -> Iterator[Pair]:
    for n, figure in enumerate(entry.figures, start=1):
        query = f"{entry.org}{entry.year}年{figure.indicator}是多少？"
        group = _holding((figure.text,), _own(entry, passages), query)
        name = f"{Path(entry.file).stem}-{n:02}"
        yield Pair(name, query, splits[entry.org], "manifest", (group,) if group else ())


def _of_two_years(
    earlier: _Entry,
    later: _Entry,
    splits: Mapping[str, Split],
    passages: Mapping[str, StoredChunk],
) -> Iterator[Pair]:
    """A query for both years' figures of one name: two groups, each the other's negative."""
    texts = {figure.indicator: figure.text for figure in later.figures}
    for n, figure in enumerate(earlier.figures, start=1):
        if figure.indicator not in texts:
            continue
        name = figure.indicator
        query = f"{earlier.org}{earlier.year}年和{later.year}年{name}分别是多少？"
        groups = (
            _holding((figure.text,), _own(earlier, passages), query),
            _holding((texts[name],), _own(later, passages), query),
        )
        known = groups if all(groups) else ()
        yield Pair(f"{Path(earlier.file).stem}-both-{n:02}", query, splits[earlier.org],
                   "manifest", known)  # fmt: skip


def _own(entry: _Entry, passages: Mapping[str, StoredChunk]) -> dict[str, StoredChunk]:
    return {c: s for c, s in passages.items() if (s.org, s.year) == (entry.org, entry.year)}


def _holding(
    parts: Sequence[str], passages: Mapping[str, StoredChunk], query: str
) -> frozenset[str]:
    """The passages that print one of `parts`; of several those with most of the query's words.

    The same short figure (3次) may stand in several passages, and only one of them answers.
    """
    words = {word for word in segment(query) if len(word) > 1}
    shared = {
        cid: sum(word in stored.chunk.embedding_text for word in words)
        for cid, stored in passages.items()
        if any(found(part, stored.chunk.text) for part in parts)
    }
    most = max(shared.values(), default=0)
    return frozenset(cid for cid, count in shared.items() if count == most)
