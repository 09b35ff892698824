"""A progress bar for ingest with rate and time left, on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from vectorstore.ingest import FileRecord, Progress

__all__ = ["ingest_progress"]


@contextmanager
def ingest_progress(quiet: bool) -> Iterator[Progress | None]:
    """A receiver for `ingest` that draws two bars: files read, texts embedded."""
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from assistant.cli.output import console

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console(stderr=True), transient=True) as bar:
        yield _Bars(bar)


class _Bars:
    """Two tasks on one `rich` display."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._reading = bar.add_task("读取报告", total=None, note="")
        self._embedding = bar.add_task("语义索引", total=None, note="", visible=False)

    def file_done(self, record: FileRecord, done: int, total: int) -> None:
        """See `vectorstore.ingest.Progress`."""
        name = Path(record.path).name
        self._bar.update(self._reading, completed=done, total=total, note=name)

    def embedded(self, done: int, total: int) -> None:
        """See `vectorstore.ingest.Progress`."""
        speed = self._bar.tasks[self._embedding].speed
        note = f"{speed:.1f} 段/秒" if speed else ""
        self._bar.update(self._embedding, completed=done, total=total, note=note, visible=True)
