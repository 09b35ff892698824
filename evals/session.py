"""One run: its options, its library, and the answers every suite over questions shares."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from assistant.build import Services
from assistant.settings import Engine, Settings
from evals.asking import Case, ask
from evals.library import open_library
from evals.questions import load_questions
from vectorstore.types import Report

__all__ = ["Session"]

T = TypeVar("T")


@dataclass
class Session:
    """What a run was asked for; `with` closes the library.

    Args:
        scratch: an empty folder for what is built on the way.
        limit: most cases of a suite, drawn with `seed`; None for all.
        vectors: the file that keeps vectors between runs; None to go without vectors everywhere.
        rgb: a folder with the files of the RGB benchmark, if the user has them.
    """

    settings: Settings
    engine: Engine
    scratch: Path
    seed: int = 7
    limit: int | None = None
    vectors: Path | None = None
    rgb: Path | None = None
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
        questions = self.drawn(load_questions())
        return ask(self.services, self.engine, questions, self.reports)

    @property
    def model(self) -> str:
        """The model's name; empty for the engine without one."""
        return "" if self.engine == "extractive" else self.settings.llm_model

    def drawn(self, cases: Sequence[T]) -> list[T]:
        """All `cases`, or `limit` of them drawn with the seed, in their own order."""
        if self.limit is None or self.limit >= len(cases):
            return list(cases)
        chosen = random.Random(self.seed).sample(range(len(cases)), self.limit)
        return [cases[at] for at in sorted(chosen)]
