"""The retrieval suite: our own pool with hard negatives, and RGB where the user has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from assistant.answer.reading import reader
from assistant.searching import find
from evals.library import NoVectors
from evals.results import SPLITS, Row, SuiteResult, Table, errors_json
from evals.retrieval import rgb, score
from evals.retrieval.pairs import Pair, derive, pool
from evals.retrieval.score import Ranked
from evals.session import Session
from evals.stats import Rate
from vectorstore.dense import ExactIndex
from vectorstore.ingest import embed_pending
from vectorstore.retrieve import Retriever
from vectorstore.store import Store, StoredChunk
from vectorstore.types import Hit, Scope

__all__ = ["run"]

Search = Callable[[str], list[Hit]]
_WAYS = {
    "search": "如 fazhi search",
    "scoped": "按问句限定",
    "words": "按问句限定，只用字词",
}
_WORST = 40


@dataclass(frozen=True, slots=True)
class _Found:
    """One pair and what one way of searching gave for it."""

    pair: Pair
    hits: tuple[Hit, ...]

    @property
    def ranked(self) -> Ranked:
        return Ranked(tuple(hit.chunk.id for hit in self.hits), self.pair.groups)


def run(session: Session) -> SuiteResult:
    """Every way over every pair; RGB's files as well when the session names their folder."""
    started = time.perf_counter()
    passages = pool(session.indexed.store)
    derived = session.drawn(derive(passages), lambda p: (p.split, p.source))
    pairs = [pair for pair in derived if pair.groups]
    ways = {way: _search(pairs, search) for way, search in _ways(session).items()}
    metrics: dict[str, Any] = {
        "vectors": session.vectors is not None,
        "passages": len(passages),
        "ways": {way: _metrics(found, passages) for way, found in ways.items()},
    }
    tables = [_table(way, found) for way, found in ways.items()]
    tables.append(_confusions(ways, passages))
    if session.rgb is not None:
        outside = {path.stem: _rgb(path, session) for path in rgb.rgb_files(session.rgb)}
        metrics["rgb"] = {name: _scores(ranked) for name, ranked in outside.items()}
        tables.append(_rgb_table(outside))
    metrics["seconds"] = round(time.perf_counter() - started, 1)
    return SuiteResult(
        name="retrieval",
        title="检索" if session.vectors else "检索（只按字词）",
        metrics=metrics,
        tables=tuple(tables),
        worst=(_worst(ways.get("scoped", ways["words"]), passages),),
        unscored=_missing(derived),
    )


def _ways(session: Session) -> dict[str, Search]:
    """As `fazhi search` without options, as an answer does, and as an answer without vectors."""
    store = session.indexed.store
    read = reader(store, datetime.now().astimezone().year)
    full = session.indexed.retriever
    plain = Retriever(store, ExactIndex(store, NoVectors.name), NoVectors())

    def scoped(retriever: Retriever, query: str) -> list[Hit]:
        scope = read(query).scope
        found = retriever.search(query, scope, score.DEPTH)
        return found or retriever.search(query, Scope(scope.orgs, scope.years), score.DEPTH)

    words: dict[str, Search] = {"words": partial(scoped, plain)}
    if session.vectors is None:
        return words
    shown = partial(find, full, read, scope=Scope(), k=score.DEPTH)
    return {"search": shown, "scoped": partial(scoped, full), **words}


def _search(pairs: Iterable[Pair], search: Search) -> list[_Found]:
    return [_Found(pair, tuple(search(pair.query))) for pair in pairs]


def _metrics(found: Sequence[_Found], passages: Mapping[str, StoredChunk]) -> dict[str, Any]:
    split = {s: _scores([f.ranked for f in found if f.pair.split == s]) for s in SPLITS}
    wrong = {kind: errors_json(rate) for kind, rate in _confused(found, passages).items()}
    return {"all": _scores([f.ranked for f in found]), **split, "first_is": wrong}


def _scores(ranked: Sequence[Ranked]) -> dict[str, Any]:
    return {
        "hit_1": score.hit(ranked, 1).to_json(),
        "hit_5": score.hit(ranked, 5).to_json(),
        "mrr_10": score.reciprocal_rank(ranked).to_json(),
        "all_groups_10": score.all_groups(ranked).to_json(),
    }


def _confused(found: Sequence[_Found], passages: Mapping[str, StoredChunk]) -> dict[str, Rate]:
    """Queries whose first passage is a hard negative ÷ queries, by kind of negative."""
    twins = {"other_year": 0, "other_bureau": 0}
    for one in found:
        own = {(passages[c].org, passages[c].year) for c in one.pair.relevant}
        if one.hits and (one.hits[0].org, one.hits[0].year) not in own:
            same_org = any(one.hits[0].org == org for org, _ in own)
            same_year = any(one.hits[0].year == year for _, year in own)
            twins["other_year"] += same_org
            twins["other_bureau"] += same_year and not same_org
    return {kind: Rate(count, len(found)) for kind, count in twins.items()}


def _table(way: str, found: Sequence[_Found]) -> Table:
    groups = {"全部": [f.ranked for f in found]}
    for split, name in SPLITS.items():
        groups[name] = [f.ranked for f in found if f.pair.split == split]
    rows = [row for name, ranked in groups.items() for row in _rows(name, ranked)]
    return Table(f"问句找到该找的段落：{_WAYS[way]}", rows)


def _rows(label: str, ranked: Sequence[Ranked]) -> list[Row]:
    return [
        Row("首位命中", label, score.hit(ranked, 1)),
        Row("前五命中", label, score.hit(ranked, 5)),
        Row("倒数名次（前十）", label, score.reciprocal_rank(ranked)),
        Row("各项找全（前十）", label, score.all_groups(ranked)),
    ]


def _confusions(ways: Mapping[str, Sequence[_Found]], passages: Mapping[str, StoredChunk]) -> Table:
    names = {"other_year": "同单位别的年度", "other_bureau": "同年度别的单位"}
    rows = [
        Row(names[kind], _WAYS[way], rate, lower=True)
        for way, found in ways.items()
        for kind, rate in _confused(found, passages).items()
    ]
    return Table("首位是相像而不该找的段落", rows)


def _rgb(path: Path, session: Session) -> list[Ranked]:
    cases = session.drawn(rgb.load(path), lambda _: None)
    embedder = session.indexed.embedder
    with Store.open(session.scratch / path.stem) as store:
        ids = rgb.put(cases, store)
        if session.vectors is not None:
            embed_pending(store, embedder)
        retriever = Retriever(store, ExactIndex(store, embedder.name), embedder)
        return [
            Ranked(
                tuple(hit.chunk.id for hit in retriever.search(case.query, k=score.DEPTH)),
                tuple(frozenset(ids[text] for text in group) for group in case.groups),
            )
            for case in cases
        ]


def _rgb_table(outside: Mapping[str, Sequence[Ranked]]) -> Table:
    rows = [row for name, ranked in outside.items() for row in _rows(name, ranked)]
    return Table("RGB 测试集（中文，全部段落为候选）", rows)


def _worst(found: Sequence[_Found], passages: Mapping[str, StoredChunk]) -> Table:
    missed = sorted(
        (f for f in found if f.pair.split == "dev" and f.ranked.rank != 1),
        key=lambda f: -(f.ranked.rank or score.DEPTH + 1),
    )
    rows = []
    for one in missed[:_WORST]:
        wanted = passages[min(one.pair.relevant)].chunk.text
        first = one.hits[0].chunk.text if one.hits else "没有找到"
        place = str(one.ranked.rank or f"{score.DEPTH} 名以外")
        rows.append([one.pair.id, one.pair.query, place, wanted, first])
    head = ("编号", "问句", "名次", "该找的段落", "排在首位的段落")
    return Table("没有排在首位的（可调半，按问句限定）", [], rows, head)


def _missing(derived: Iterable[Pair]) -> dict[str, int]:
    none = sum(not pair.groups for pair in derived)
    return {"没有一个段落写着应有的内容": none} if none else {}
