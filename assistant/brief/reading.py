"""Read every report of a batch once, from the cache where it was read before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.brief.batch import Batch
from assistant.brief.cache import NoteCache
from assistant.brief.copies import Copy, near_copies
from assistant.brief.notes import RULES, read_notes
from assistant.brief.tally import Reading
from assistant.brief.themes import Themes
from assistant.brief.watch import Watch
from vectorstore.scope.kinds import kind_of
from vectorstore.store import ReportRow, Store

__all__ = ["read_all", "rule_version", "without_twins"]


def rule_version(themes: Themes) -> str:
    """Changes with the rules, so that notes read by older ones are read anew."""
    return f"rules{RULES}-{themes.version}"


def read_all(
    store: Store, batch: Batch, themes: Themes, cache: NoteCache, watch: Watch
) -> list[Reading]:
    """The notes of every report that counts, in the order of the tables."""
    readings = []
    wanted = [(b.name, b.report) for b in batch.bureaus if b.report]
    for done, (name, row) in enumerate(wanted, start=1):
        report = store.report(row.id)
        notes = cache.get(row.id)
        if notes is None:
            notes = read_notes(report, themes)
            cache.put(row.id, notes)
        readings.append(Reading(name, row, report, notes))
        watch.progress(done, len(wanted))
    return readings


def without_twins(
    batch: Batch, readings: Sequence[Reading]
) -> tuple[Batch, list[Reading], list[Copy]]:
    """The batch without second versions of one report, and the copies that remain.

    Two nearly equal reports of one bureau under two names (卫健局, 卫生健康局) are versions of one
    report: the one that names its bureau counts, of two that do the one with more figures.
    """
    copies = near_copies(readings)
    dropped: dict[str, ReportRow] = {}
    for copy in copies:
        if _same_bureau(copy):
            less = min(copy.one, copy.other, key=_standing)
            dropped[less.row.id] = less.row
    if not dropped:
        return batch, list(readings), copies
    kept = tuple(b for b in batch.bureaus if not (b.report and b.report.id in dropped))
    batch = replace(batch, bureaus=kept, extra=(*batch.extra, *dropped.values()))
    left = [r for r in readings if r.row.id not in dropped]
    return batch, left, [c for c in copies if not {c.one.row.id, c.other.row.id} & dropped.keys()]


def _standing(reading: Reading) -> tuple[bool, int, str]:
    row = reading.row
    return bool(row.org), row.n_quantities, row.ingested_at


def _same_bureau(copy: Copy) -> bool:
    """One place and kind; where one of the two does not say whose report it is, the figures tell:

    bureaus that fill in one template print much the same words, but not the same figures.
    """
    if not copy.one.row.org or not copy.other.row.org:
        return copy.figures_too
    mine, theirs = kind_of(copy.one.row.org), kind_of(copy.other.row.org)
    return mine == theirs and all(mine)
