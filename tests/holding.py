"""Reports put straight into a store: with their figures, without a child process or vectors."""

from __future__ import annotations

from pathlib import Path

from vectorstore.chunk import chunk
from vectorstore.indicators import load_lexicon
from vectorstore.parse import parse
from vectorstore.quantities import extract
from vectorstore.store import Store
from vectorstore.types import Report


def hold(store: Store, *reports: Path | Report) -> None:
    """Store `reports`, files of them being read first."""
    lexicon = load_lexicon()
    for given in reports:
        report = parse(given) if isinstance(given, Path) else given
        store.add(report, chunk(report), extract(report, lexicon))


def hold_texts(store: Store, folder: Path, texts: dict[str, str]) -> None:
    """Store `texts` under their names, each as a file of `folder`."""
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        hold(store, path)
