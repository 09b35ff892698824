"""What `fazhi check` does with a file: read it, look into the library if there is one, check it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.check import Checked, check_parsed
from assistant.settings import Settings

if TYPE_CHECKING:
    from vectorstore.store import Store

__all__ = ["check_file"]


def check_file(
    path: Path, against: Path | None = None, settings: Settings | None = None
) -> Checked:
    """Check a file. `against` is last year's report; without it the library's own is used.

    The library is read when it exists and never created. Raises ReadError for a file that cannot
    be read.
    """
    from vectorstore.indicators import load_lexicon
    from vectorstore.sandbox import SafeParser

    settings = settings or Settings()
    lexicon = load_lexicon(settings.indicators)
    with SafeParser() as parser:
        report = parser.parse(path)
        named = parser.parse(against) if against else None
    with _library(settings) as store:
        return check_parsed(report, named, store, lexicon)


@contextmanager
def _library(settings: Settings) -> Iterator[Store | None]:
    from vectorstore.store import FILE_NAME

    if not (settings.folder / FILE_NAME).exists():
        yield None
        return
    from assistant.build import open_services

    with open_services(settings) as services:
        yield services.store
