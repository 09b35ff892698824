"""The library questions are asked of: a store built from `samples/`, new for each run.

The store is never kept: reports are not read again when their text is unchanged, so a kept one
would hold the figures of older code. Only vectors, which depend on text and model alone, are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.build import Services, make_embedder
from assistant.errors import AssistantError
from assistant.model import Shelf
from assistant.settings import Settings
from vectorstore.embed import Embedder
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

__all__ = ["SAMPLES", "LibraryError", "LibraryServices", "NoVectors", "VectorCache", "open_library"]

SAMPLES = Path(__file__).resolve().parents[1] / "samples"


class LibraryError(AssistantError):
    """The reports the suites are about are not there or cannot be read: no score means anything."""

    default_hint = "请在项目的源代码目录里运行，并确认 samples/ 完整。"


class VectorCache:
    """An embedder that keeps its vectors in a file, by the hash of their text; `save` writes it."""

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self._path = path
        self._known: dict[str, NDArray[np.float32]] = {}
        if path.exists():
            with np.load(path) as kept:
                self._known = {key: kept[key] for key in kept.files}

    @property
    def name(self) -> str:
        """The model's own name: its vectors are what is kept."""
        return self._inner.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._inner.dim

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Kept vectors where there are any, the model's for the rest, which are kept at once."""
        keys = [self._key("passage", text) for text in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        if new:
            rows = self._inner.passages(list(new.values()))
            self._known.update(zip(new, rows, strict=True))
            self.save()
        return np.stack([self._known[key] for key in keys])

    def query(self, text: str) -> NDArray[np.float32]:
        """The same for a question."""
        key = self._key("query", text)
        if key not in self._known:
            self._known[key] = self._inner.query(text)
        return self._known[key]

    def save(self) -> None:
        """Write the file anew."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part.npz")
        np.savez(part, **self._known)  # type: ignore[arg-type] # none is a keyword option's name
        part.replace(self._path)

    def _key(self, role: str, text: str) -> str:
        return hashlib.sha256(f"{self.name}\0{role}\0{text}".encode()).hexdigest()


class NoVectors:
    """Stands in for the model where no passage has a vector, and a question's would find none."""

    name = "none"
    dim = 1

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Never asked for: nothing is embedded."""
        raise NotImplementedError(f"{len(texts)} texts")

    def query(self, text: str) -> NDArray[np.float32]:
        """One and the same direction."""
        return np.ones(1, dtype=np.float32)


@dataclass(frozen=True)
class LibraryServices(Services):
    """Services whose embedder is given."""

    given: Embedder = field(default_factory=NoVectors)

    @cached_property
    def embedder(self) -> Embedder:
        """The one given."""
        return self.given


@contextmanager
def open_library(
    settings: Settings,
    folder: Path,
    *,
    sources: Sequence[Path] = (SAMPLES,),
    vectors: Path | None = None,
) -> Iterator[Services]:
    """Services over a new store of `sources` in `folder`, with the engine `settings` name.

    `vectors` is the file of kept vectors; without it no passage has a vector. Raises LibraryError
    when a source is missing or cannot be read.
    """
    model = Shelf.of(settings.folder, settings.model_file).path  # stays where it is
    settings = settings.model_copy(update={"home": folder, "model_file": model})
    cache = VectorCache(make_embedder(settings), vectors) if vectors else None
    with Store.open(folder) as store:
        done = ingest(sources, store, reader=parse, lexicon=load_lexicon(), embedder=cache)
        failed = [record for record in done.reports if record.status == "failed"]
        if failed or not done.reports:
            raise LibraryError(f"读不了 {failed[0].path}。" if failed else "找不到示例报告。")
        if done.pending:
            raise LibraryError(f"向量没有算完：{done.problem or '被中断'}")
        try:
            yield LibraryServices(settings, store, given=cache or NoVectors())
        finally:
            if cache:
                cache.save()
