"""One run: its options, its library, and the answers every suite over questions shares."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pydantic import TypeAdapter

from assistant.brief import BriefModel
from assistant.build import Services, make_brief_model
from assistant.draft.llm import Polisher
from assistant.settings import Engine, Settings
from evals.asking import ASKED, Case, ask, recorded
from evals.journal import Journal
from evals.library import open_library
from evals.progress import Tell, silent, watched
from evals.questions import judge, load_questions
from vectorstore.store import Store
from vectorstore.types import Report

__all__ = ["Session"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Session:
    """What a run was asked for; `with` closes the library.

    Args:
        scratch: an empty folder for what is built on the way.
        limit: most cases of a suite, drawn with `seed`; None for all.
        vectors: the file that keeps vectors between runs; None to go without vectors everywhere.
        rgb: a folder with the files of the RGB benchmark, if the user has them.
        judge: the engine that judges citations besides the rule; None for the rule alone.
        journal: where each case is kept as it ends, and taken from when a run goes on.
        tell: told how far the run is.
    """

    settings: Settings
    engine: Engine
    scratch: Path
    seed: int = 7
    limit: int | None = None
    vectors: Path | None = None
    rgb: Path | None = None
    judge: Engine | None = None
    journal: Journal = field(default_factory=Journal)
    tell: Tell = silent
    _stack: ExitStack = field(default_factory=ExitStack, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @cached_property
    def services(self) -> Services:
        """Services over the samples, to answer with.

        The engine without a model reads every sentence in scope whatever was retrieved, so it
        goes without vectors, which cost minutes; a model reads only what was retrieved.
        """
        if self.engine != "extractive":
            return self.indexed
        return self._stack.enter_context(open_library(self.settings, self.scratch / "words"))

    @cached_property
    def indexed(self) -> Services:
        """Services over the samples with a vector for every passage, if there are vectors."""
        library = open_library(self.settings, self.scratch / "indexed", vectors=self.vectors)
        return self._stack.enter_context(library)

    @cached_property
    def reports(self) -> dict[str, Report]:
        """The samples as stored, by id."""
        store = self.services.store
        return {row.id: store.report(row.id) for row in store.reports()}

    @cached_property
    def cases(self) -> list[Case]:
        """Every question (up to the limit) with the engine's answer to it; asked once."""
        questions = self.drawn(load_questions(), lambda q: (q.split, q.kind))
        answerer, recorder = recorded(self.services.answerer(self.engine))
        told = self.each(
            ("answer", "提问"),
            questions,
            lambda q: q.id,
            ASKED,
            lambda q: ask(answerer, recorder, q.q, q.turns),
            keep=lambda asked: not asked.problem,
        )
        return [
            Case(q, a.answer, judge(q, a.answer, self.reports), a.problem, a.replies, a.seconds)
            for q, a in zip(questions, told, strict=True)
        ]

    @property
    def model(self) -> str:
        """The model's name; empty for the engine without one."""
        return "" if self.engine == "extractive" else self.settings.model_name(self.engine)

    @cached_property
    def polisher(self) -> Polisher | None:
        """What says the drafts' sections better, loaded once; None without a model."""
        store = self._stack.enter_context(Store.open(self.scratch / "none"))
        return Services(self.settings, store).polisher(self.engine)

    @cached_property
    def brief_model(self) -> BriefModel | None:
        """What names themes and joins sentences of the briefs; None without a model."""
        return None if self.engine == "extractive" else make_brief_model(self.settings, self.engine)

    def each(
        self,
        named: tuple[str, str],
        items: Sequence[T],
        key: Callable[[T], str],
        kind: TypeAdapter[R],
        make: Callable[[T], R],
        *,
        keep: Callable[[R], bool] = lambda _: True,
    ) -> Iterator[R]:
        """`make` of every item, from the journal where an earlier run got that far.

        `named` is what the journal and what the progress line call the work. What is not worth
        keeping (`keep`), such as an endpoint's failure, is made again when the run goes on.
        """
        suite, title = named
        for item in watched(title, items, self.tell, done=lambda x: self._has(suite, key(x))):
            record = self.journal.get(suite, key(item))
            if record is None:
                made = make(item)
                if keep(made):
                    self.journal.put(suite, key(item), kind.dump_python(made, mode="json"))
            else:
                made = kind.validate_python(record)
            yield made

    def _has(self, suite: str, key: str) -> bool:
        return self.journal.get(suite, key) is not None

    def drawn(self, cases: Sequence[T], stratum: Callable[[T], Hashable]) -> list[T]:
        """All `cases`, or `limit` of them drawn with the seed, in their own order.

        Each stratum (kind and half) gives its share, rounded by largest remainder; none is left
        out while the limit allows.
        """
        if self.limit is None or self.limit >= len(cases):
            return list(cases)
        strata: dict[Hashable, list[int]] = {}
        for at, case in enumerate(cases):
            strata.setdefault(stratum(case), []).append(at)
        sizes = [len(members) for members in strata.values()]
        rng = random.Random(self.seed)
        shares = zip(strata.values(), _shares(sizes, self.limit, rng), strict=True)
        return [cases[at] for at in sorted(at for m, n in shares for at in rng.sample(m, n))]


def _shares(sizes: Sequence[int], limit: int, rng: random.Random) -> list[int]:
    """How many of each stratum, `limit` in all; ties and a limit below their number by chance."""
    total = sum(sizes)
    exact = [size * limit / total for size in sizes]
    least = int(limit >= len(sizes))
    shares = [max(least, int(part)) for part in exact]
    order = sorted(range(len(sizes)), key=lambda n: (exact[n] - shares[n], rng.random()))
    while sum(shares) > limit:
        shares[next(n for n in order if shares[n] > least)] -= 1
        order.sort(key=lambda n: exact[n] - shares[n])
    for n in reversed(order):
        if sum(shares) < limit and shares[n] < sizes[n]:
            shares[n] += 1
    return shares
