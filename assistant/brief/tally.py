"""The reduce: which bureaus say what, counted once a bureau, each with its best quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.brief.notes import Note, NoteKind, coined
from assistant.brief.themes import Kind, Themes
from assistant.brief.types import Source
from vectorstore.sentences import sentences
from vectorstore.store import ReportRow
from vectorstore.types import Report

__all__ = ["Reading", "Said", "Tally", "practices", "tallies"]

_FEW = 3  # reports at most that use a coined name, for it to be somebody's own
_PER_BUREAU = 2
_PRACTICES = 15
_SENTENCE = 400  # characters after a note in which its sentence is looked for


@dataclass(frozen=True, slots=True)
class Reading:
    """A report that was read, with the name its bureau has in the brief."""

    name: str
    row: ReportRow
    report: Report
    notes: tuple[Note, ...]

    def source(self, note: Note) -> Source:
        """Where a note stands, with its exact words."""
        text = self.report.text
        line = text.rfind("\n", 0, note.start) + 1
        around = sentences(text, line, note.end + _SENTENCE)
        whole = next((s for s in around if s.start <= note.start < s.end), None)
        end = max(whole.end, note.end) if whole else note.end
        start = whole.start if whole else note.start
        path = self.report.heading_path(self.report.section_at(note.start).ordinal)
        return Source(
            self.row.id,
            self.name,
            self.row.year,
            " > ".join(path),
            text[start:end],
            note.start,
            note.end,
            text[note.start : note.end],
        )


@dataclass(frozen=True, slots=True)
class Said:
    """One bureau's statement."""

    reading: Reading
    note: Note

    @property
    def source(self) -> Source:
        """Where it stands."""
        return self.reading.source(self.note)

    @property
    def quote(self) -> str:
        """Its exact words."""
        return self.reading.report.text[self.note.start : self.note.end]


@dataclass(frozen=True, slots=True)
class Tally:
    """A theme and the bureaus that speak of it, each once; the best quotes come first."""

    key: str
    name: str
    said: tuple[Said, ...]

    @property
    def orgs(self) -> list[str]:
        """The bureaus, in the order of the tables."""
        return sorted(said.reading.name for said in self.said)

    def examples(self, count: int = 2) -> list[Said]:
        """The best quotes, no two with the same words."""
        distinct: dict[str, Said] = {}
        for said in self.said:
            distinct.setdefault(said.quote, said)
        return list(distinct.values())[:count]


def tallies(readings: Sequence[Reading], kind: Kind, themes: Themes) -> list[Tally]:
    """Every theme somebody speaks of, the most widespread first."""
    by_key: dict[str, list[Said]] = {}
    for reading in readings:
        for key, note in _best(reading.notes, kind).items():
            by_key.setdefault(key, []).append(Said(reading, note))
    order = {theme.key: n for n, theme in enumerate(themes.of(kind))}
    made = [
        Tally(key, themes.name(kind, key), tuple(sorted(said, key=_telling)))
        for key, said in by_key.items()
    ]
    return sorted(made, key=lambda t: (-len(t.said), order.get(t.key, len(order)), t.key))


def _best(notes: Iterable[Note], kind: NoteKind) -> dict[str, Note]:
    """The best note of one report for each theme."""
    best: dict[str, Note] = {}
    for note in notes:
        for key in note.keys if note.kind == kind else ():
            if key not in best or note.score > best[key].score:
                best[key] = note
    return best


def _telling(said: Said) -> tuple[int, str]:
    return -said.note.score, said.reading.name


def practices(readings: Sequence[Reading], themes: Themes) -> list[Said]:
    """What few bureaus say and in concrete words: coined names, figures, that it is new."""
    stock = themes.stock
    found = [Said(r, note) for r in readings for note in r.notes if note.kind == "practice"]
    spread: Counter[str] = Counter()
    for reading in readings:
        mine = (s.quote for s in found if s.reading is reading)
        spread.update({name for quote in mine for name in coined(quote, stock)})
    kept = []
    for said in found:
        names = coined(said.quote, stock)
        rare = [name for name in names if spread[name] <= _FEW]
        if names and not rare:
            continue
        kept.append((said.note.score + 3 * bool(rare), said))
    kept.sort(key=lambda scored: (-scored[0], _telling(scored[1])))
    return _spread_out([said for _, said in kept])


def _spread_out(found: Sequence[Said]) -> list[Said]:
    """At most two a bureau, every bureau's first before any second; no words twice."""
    chosen: list[Said] = []
    for most in range(1, _PER_BUREAU + 1):
        for said in found:
            mine = [s for s in chosen if s.reading is said.reading]
            same = any(said.quote == s.quote for s in chosen)
            if len(mine) < most and not same and said not in chosen and len(chosen) < _PRACTICES:
                chosen.append(said)
    return chosen
