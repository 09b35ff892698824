"""Rows of reports and sections: insert, find, list, delete."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vectorstore.errors import NotFoundError
from vectorstore.originals import Kept
from vectorstore.outline.organisation import is_bare
from vectorstore.store.database import Connection
from vectorstore.store.records import ReportRow
from vectorstore.types import Note, Part, Report, Scope, Section

__all__ = ["delete", "find", "insert", "listing", "load", "remember_path", "same_place"]

_SECTION = (
    "ordinal, level, number, heading, part, parent, start, heading_start, heading_end,"
    " body_start, end"
)


def find(connection: Connection, report_id: str) -> int | None:
    """The row number of a report, None when there is none."""
    row = connection.execute("SELECT rid FROM reports WHERE id = ?", (report_id,)).fetchone()
    return row[0] if row else None


def require(connection: Connection, report_id: str) -> int:
    """The row number of a report. Raises NotFoundError."""
    rid = find(connection, report_id)
    if rid is None:
        raise NotFoundError(f"没有编号为 {report_id} 的报告。")
    return rid


def same_place(
    connection: Connection, report: Report, instead_of: str = ""
) -> list[tuple[int, str]]:
    """(row number, path) of the reports that `report` supersedes.

    Same organisation, year and kind; for reports that are not the annual one the title too. An
    unknown organisation or year supersedes nothing; a name without its place (县教育局), which
    many bureaus bear, only what came from the same file. And the report with the id `instead_of`.
    """
    condition = "id = ?"
    values: list[Any] = [instead_of]
    if report.org and report.year is not None:
        same = "org = ? AND year = ? AND is_annual = ? AND id <> ?"
        values += [report.org, report.year, report.is_annual, report.id]
        if not report.is_annual:
            same += " AND title = ?"
            values.append(report.title)
        if is_bare(report.org):
            same += " AND path = ?"
            values.append(report.path)
        condition = f"{condition} OR ({same})"
    return connection.execute(f"SELECT rid, path FROM reports WHERE {condition}", values).fetchall()


def insert(connection: Connection, report: Report, n_chunks: int) -> int:
    """Store the report and its sections, without figures; returns the row number."""
    notes = [[note.code, note.message, note.quote] for note in report.notes]
    rid = connection.execute(
        "INSERT INTO reports (id, org, year, is_annual, title, path, format, addressee,"
        " signoff_org, signoff_date, parts, notes, n_chunks, n_quantities, ingested_at, text)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            report.id,
            report.org,
            report.year,
            report.is_annual,
            report.title,
            report.path,
            report.format,
            report.addressee,
            report.signoff_org,
            report.signoff_date,
            json.dumps(report.parts),
            json.dumps(notes, ensure_ascii=False),
            n_chunks,
            0,
            datetime.now().astimezone().isoformat(timespec="seconds"),
            report.text,
        ),
    ).lastrowid
    assert rid is not None
    _insert_sections(connection, rid, report.sections)
    return rid


def _insert_sections(connection: Connection, rid: int, sections: Sequence[Section]) -> None:
    connection.executemany(
        f"INSERT INTO sections (rid, {_SECTION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                rid,
                s.ordinal,
                s.level,
                s.number,
                s.heading,
                s.part,
                s.parent,
                s.start,
                s.heading_start,
                s.heading_end,
                s.body_start,
                s.end,
            )
            for s in sections
        ],
    )


def remember_path(connection: Connection, rid: int, path: str) -> bool:
    """Note a further file with the content of report `rid`; whether it is new."""
    done = connection.execute(
        "INSERT OR IGNORE INTO paths SELECT rid, ? FROM reports WHERE rid = ? AND path <> ?",
        (path, rid, path),
    )
    return done.rowcount > 0


def delete(connection: Connection, rids: Sequence[int]) -> None:
    """Delete reports; sections, paths, chunks and quantities go with them."""
    connection.executemany("DELETE FROM reports WHERE rid = ?", [(rid,) for rid in rids])


def where(scope: Scope) -> tuple[str, list[str | int]]:
    """A condition on `reports r` for the organisations and years of `scope`."""
    conditions = ["1"]
    values: list[str | int] = []
    if scope.orgs:
        conditions.append("r.org IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(scope.orgs))
    if scope.years:
        conditions.append("r.year IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(scope.years))
    return " AND ".join(conditions), values


def listing(connection: Connection) -> list[ReportRow]:
    """Every report, by organisation and year."""
    rows = connection.execute(
        "SELECT r.id, r.path, r.org, r.year, r.title, r.parts, r.is_annual, r.n_chunks,"
        " r.n_quantities, r.notes, r.format, r.ingested_at,"
        " (SELECT json_group_array(path) FROM paths p WHERE p.rid = r.rid),"
        " (SELECT name FROM originals o WHERE o.rid = r.rid)"
        " FROM reports r ORDER BY r.org, r.year, r.rid"
    )
    return [
        ReportRow(
            id=row[0],
            path=row[1],
            org=row[2],
            year=row[3],
            title=row[4],
            parts=tuple(Part(part) for part in json.loads(row[5])),
            is_annual=bool(row[6]),
            n_chunks=row[7],
            n_quantities=row[8],
            notes=tuple(Note(*note) for note in json.loads(row[9])),
            format=row[10],
            ingested_at=row[11],
            other_paths=tuple(json.loads(row[12])),
            original=row[13] or "",
        )
        for row in rows
    ]


def load(connection: Connection, report_id: str) -> Report:
    """The whole report. Raises NotFoundError."""
    rid = require(connection, report_id)
    row = connection.execute(
        "SELECT id, path, org, year, title, text, format, addressee, signoff_org, signoff_date,"
        " is_annual, notes FROM reports WHERE rid = ?",
        (rid,),
    ).fetchone()
    sections = connection.execute(
        f"SELECT {_SECTION} FROM sections WHERE rid = ? ORDER BY ordinal", (rid,)
    )
    return Report(
        id=row[0],
        path=row[1],
        org=row[2],
        year=row[3],
        title=row[4],
        text=row[5],
        sections=tuple(_section(s) for s in sections),
        format=row[6],
        addressee=row[7],
        signoff_org=row[8],
        signoff_date=row[9],
        is_annual=bool(row[10]),
        notes=tuple(Note(*note) for note in json.loads(row[11])),
    )


def _section(row: Sequence[Any]) -> Section:
    ordinal, level, number, heading, part, *spans = row
    return Section(ordinal, level, number, heading, Part(part) if part else None, *spans)


def move(connection: Connection, rid: int, org: str, year: int | None) -> None:
    """Give report `rid` another organisation and year."""
    connection.execute("UPDATE reports SET org = ?, year = ? WHERE rid = ?", (org, year, rid))


def stamp(connection: Connection, rid: int, n_quantities: int, rules: str) -> None:
    """Note how many figures report `rid` has and the rules they were read with."""
    connection.execute(
        "UPDATE reports SET n_quantities = ?, rules = ? WHERE rid = ?", (n_quantities, rules, rid)
    )


def read_by_other_rules(connection: Connection, rules: str) -> list[str]:
    """Ids of the reports whose figures were not read with `rules`."""
    rows = connection.execute("SELECT id FROM reports WHERE rules <> ? ORDER BY rid", (rules,))
    return [row[0] for row in rows]


def attach(connection: Connection, rid: int, name: str, kept: Kept) -> None:
    """Note the file that is kept of report `rid`."""
    connection.execute(
        "INSERT OR REPLACE INTO originals (rid, digest, name, size) VALUES (?, ?, ?, ?)",
        (rid, kept.digest, name, kept.size),
    )


def attached(connection: Connection, rid: int) -> tuple[str, str, int] | None:
    """(hash, name, size in bytes) of the file kept of report `rid`."""
    row: tuple[str, str, int] | None = connection.execute(
        "SELECT digest, name, size FROM originals WHERE rid = ?", (rid,)
    ).fetchone()
    return row


def all_attached(connection: Connection) -> list[str]:
    """The hashes of all kept files."""
    return [row[0] for row in connection.execute("SELECT digest FROM originals")]
