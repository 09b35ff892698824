"""Notes kept in the data folder, so that a new report costs one reading and a stop loses nothing.

A file a report, named after the report's content hash and the version of whatever read it. It
holds spans and theme names only; `forget` removes those of reports that are gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import astuple
from pathlib import Path

from assistant.brief.notes import Note
from vectorstore.private import make_private

__all__ = ["FOLDER", "NoteCache"]

FOLDER = "brief"


class NoteCache:
    """Notes by report id, as `version` (rules, or prompt and model) read them."""

    def __init__(self, home: Path, version: str) -> None:
        self._folder = home / FOLDER
        self._version = version

    def get(self, report_id: str) -> tuple[Note, ...] | None:
        """The notes kept of a report; None where there are none or they cannot be read."""
        try:
            kept = json.loads(self._path(report_id).read_text("utf-8"))
            return tuple(Note(k, tuple(keys), *rest) for k, keys, *rest in kept)
        except (OSError, ValueError, TypeError):
            return None

    def put(self, report_id: str, notes: Collection[Note]) -> None:
        """Keep notes, atomically; a full disk or read-only folder costs the next run a reading."""
        path = self._path(report_id)
        part = path.with_suffix(".part")
        try:
            make_private(self._folder)
            part.write_text(json.dumps([astuple(n) for n in notes], ensure_ascii=False), "utf-8")
            os.replace(part, path)
        except OSError:
            return

    def forget(self, living: Collection[str]) -> None:
        """Remove what was kept of reports that the library no longer holds."""
        alive = set(living)
        for path in self._folder.glob("*.*") if self._folder.is_dir() else ():
            if path.name.partition(".")[0] not in alive:
                path.unlink(missing_ok=True)

    def _path(self, report_id: str) -> Path:
        return self._folder / f"{report_id}.{self._version}.json"
