"""Statements that no theme fits, brought together where several bureaus say much the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.brief.notes import Note
from assistant.brief.tally import Reading
from vectorstore.clean import fold
from vectorstore.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["group_alike"]

# Half words, half vectors: e5 puts all of this genre within a few hundredths of cosine, so the
# batch's mean is taken off first, and a vector of a passage says less than the statement's words.
_ALIKE = 0.42
_NAME = 18  # characters of a group's name


@dataclass(frozen=True, slots=True, eq=False)
class _Loose:
    """A statement without a theme: whose, its pairs of characters, its passage's vector."""

    reading: int
    note: Note
    said: str
    pairs: frozenset[str]
    vector: NDArray[np.float32]


def group_alike(store: Store, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, with a common name as theme for what two bureaus or more say alike.

    Needs vectors in the store; without them the readings come back as they are. The same store
    gives the same groups.
    """
    loose = _loose(store, readings)
    named: dict[tuple[int, Note], str] = {}
    for kind in ("shortcoming", "plan"):
        for group in _groups([one for one in loose if one.note.kind == kind]):
            if len({one.reading for one in group}) > 1:
                name = _name(group)
                named |= {(one.reading, one.note): name for one in group}
    return [
        replace(
            reading,
            notes=tuple(
                replace(note, keys=(named[n, note],)) if (n, note) in named else note
                for note in reading.notes
            ),
        )
        for n, reading in enumerate(readings)
    ]


def _loose(store: Store, readings: Sequence[Reading]) -> list[_Loose]:
    import numpy as np

    models = store.models()
    if not models:
        return []
    batch = store.vectors(models[0])
    if not len(batch.matrix):
        return []
    centred = batch.matrix - batch.matrix.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=1, keepdims=True)
    centred = (centred / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    row = {chunk_id: n for n, chunk_id in enumerate(batch.chunk_ids)}
    found = []
    for n, reading in enumerate(readings):
        notes = [x for x in reading.notes if x.kind in ("shortcoming", "plan") and not x.keys]
        chunks = store.chunks_of(reading.row.id) if notes else []
        for note in notes:
            chunk = next((c for c in chunks if c.start <= note.start < c.end), None)
            if chunk is not None and chunk.id in row:
                said = reading.report.text[note.start : note.end]
                found.append(_Loose(n, note, said, _pairs(said), centred[row[chunk.id]]))
    return found


def _pairs(text: str) -> frozenset[str]:
    plain = re.sub(r"[^\u4e00-\u9fff]", "", fold(text))
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _groups(loose: Sequence[_Loose]) -> list[list[_Loose]]:
    """Each statement joins the first group whose first member it is like, or opens one."""
    groups: list[list[_Loose]] = []
    for one in loose:
        home = next((g for g in groups if _alike(g[0], one) >= _ALIKE), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return groups


def _alike(a: _Loose, b: _Loose) -> float:
    common = 2 * len(a.pairs & b.pairs) / max(len(a.pairs) + len(b.pairs), 1)
    return 0.5 * common + 0.5 * max(float(a.vector @ b.vector), 0.0)


def _name(group: Sequence[_Loose]) -> str:
    """The first clause of the shortest statement."""
    shortest = min(group, key=lambda one: (len(one.said), one.said)).said
    return re.split(r"[，,；;。：:]", shortest)[0][:_NAME]
