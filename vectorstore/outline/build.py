"""A document's outline: who reports on which year, and the tree of sections."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import PurePath

from vectorstore.outline.dates import report_year_of_day, years
from vectorstore.outline.headings import contents, find_candidates
from vectorstore.outline.kind import Kind, kind_of
from vectorstore.outline.lines import Line, lay_out, squeeze
from vectorstore.outline.numbering import Style
from vectorstore.outline.organisation import (
    bare_organisation_in_lead,
    is_bare,
    organisation_in_lead,
    organisation_in_own_titles,
    organisation_in_title,
    prefer,
    with_cited_place,
)
from vectorstore.outline.parts import assign_parts, part_within, told_by_any
from vectorstore.outline.signoff import SignOff, read_signoff
from vectorstore.outline.title import Head, read_head
from vectorstore.outline.tree import Node, grow
from vectorstore.types import Document, Note, Part, Report, Section

__all__ = ["outline"]

# 2025年以来，我局…; 自2021年以来 looks further back than the year.
_SINCE = re.compile(r"(?<![自从])(20\d\d) ?年以来")
_ANNOUNCED = re.compile(r"现将[^。；;]{0,40}")
_LEAD_LINES = 3  # paragraphs after the head in which organisation and year are looked for


def outline(document: Document, path: str) -> Report:
    """Build the report of a cleaned document. `path` gives a title, name or year as a last resort.

    The stored text is the blocks joined by newline. Section 0, the lead, runs from the start of
    the text (title included) to the first heading.
    """
    text, lines = lay_out(document)
    head = read_head(lines)
    signoff = read_signoff(lines, head.body)
    stem = PurePath(path).stem
    lead = _lead(lines, head.body)
    title = head.title or stem
    main = [line for i, line in enumerate(lines) if i not in signoff.lines]
    nodes = grow(find_candidates(main, head.body, len(text)), text)
    headings = [_heading(node, text) for node in nodes if node.level == 1]
    year = _year(title, lead, signoff.day or head.day, headings, stem)
    kind = kind_of(title, lead, headings, titled=bool(head.title))
    org = _organisation(head, lead, signoff, stem)
    guess = _guess(org, lead, text) if not org or is_bare(org) else ""
    return Report(
        id=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        path=path,
        org=guess or org,
        year=year,
        title=title,
        text=text,
        sections=_sections(nodes, text, year, kind),
        format=document.format,
        addressee=head.addressee,
        signoff_org=signoff.org,
        signoff_date=_printed(signoff.day),
        is_annual=kind is Kind.ANNUAL,
        notes=document.notes + _notes(kind, org, guess, year, in_title=bool(head.title)),
    )


def _lead(lines: Sequence[Line], body: int) -> list[str]:
    """The first paragraphs after the head, a table of contents left out."""
    skipped = contents(lines)
    kept = (line.text for i, line in enumerate(lines) if i >= body and i not in skipped)
    return list(islice(kept, _LEAD_LINES))


def _organisation(head: Head, lead: Sequence[str], signoff: SignOff, stem: str) -> str:
    in_lead = next((name for p in lead if (name := organisation_in_lead(p))), "")
    return prefer(
        organisation_in_title(head.title),
        signoff.org,
        *head.bylines,
        in_lead,
        organisation_in_title(stem),
        next((name for p in lead if (name := bare_organisation_in_lead(p))), ""),
    )


def _guess(org: str, lead: Sequence[str], text: str) -> str:
    """The full name that papers cited in the text suggest for one that is missing or bare."""
    for guess in (organisation_in_own_titles(text), with_cited_place(org, lead, text)):
        if prefer(org, guess) != org:
            return guess
    return ""


def _year(
    title: str, lead: Sequence[str], day: date | None, headings: Sequence[str], stem: str
) -> int | None:
    if named := years(title):
        return named[0]
    # 2024—2025年: a title that names a span reports up to its last year.
    if spans := re.findall(r"20\d\d(?=年?度)", title):
        return int(spans[-1])
    if in_lead := _year_in_lead(lead):
        return in_lead
    if day:
        return report_year_of_day(day)
    if named := [year for heading in headings for year in years(heading)]:
        return min(named)
    found = re.search(r"(?<!\d)20\d\d(?!\d)", stem)
    return int(found[0]) if found else None


def _year_in_lead(lead: Sequence[str]) -> int | None:
    for announced in (found[0] for p in lead if (found := _ANNOUNCED.search(p))):
        if named := years(announced):
            return named[0]
    for paragraph in lead:
        since = _SINCE.search(paragraph[:60])
        before = paragraph[: since.start()] if since else paragraph[:200]
        if named := years(before):
            return named[0]
        if since:
            return int(since[1])
    return None


def _printed(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _notes(
    kind: Kind, org: str, guess: str, year: int | None, *, in_title: bool
) -> tuple[Note, ...]:
    notes = []
    if kind is Kind.OTHER:
        notes.append(
            Note("generic", "不是法治政府建设情况报告，按一般文稿整理章节，不划分五个部分。")
        )
    if guess:
        message = f"没有写明报告单位全称，按文中引用的本单位文件推定为“{guess}”，请核对。"
        notes.append(Note("no_org", message))
    elif not org:
        notes.append(Note("no_org", "没有找到报告单位名称，请核对。"))
    elif is_bare(org) and not in_title:
        message = f"单位名称没有写明所在地，记为“{org}”，请核对补全。"
        notes.append(Note("no_org", message))
    if year is None:
        notes.append(Note("no_year", "没有找到报告年度，请核对。"))
    return tuple(notes)


def _sections(
    nodes: Sequence[Node], text: str, year: int | None, kind: Kind
) -> tuple[Section, ...]:
    parts = _parts(nodes, text, year, kind)
    ordinals = {id(node): i for i, node in enumerate(nodes, start=1)}
    first = nodes[0].candidate.start if nodes else len(text)
    sections = [Section(0, 0, "", "", None, None, 0, 0, 0, 0, first)]
    ends = _ends(nodes, len(text))
    for i, node in enumerate(nodes):
        found = node.candidate
        sections.append(
            Section(
                ordinal=i + 1,
                level=node.level,
                number=text[found.start : found.heading_start].strip(),
                heading=text[found.heading_start : found.heading_end],
                part=parts[i],
                parent=ordinals[id(node.parent)] if node.parent else None,
                start=found.start,
                heading_start=found.heading_start,
                heading_end=found.heading_end,
                body_start=found.body_start,
                end=ends[i],
            )
        )
    return tuple(sections)


def _ends(nodes: Sequence[Node], size: int) -> list[int]:
    """Where each section ends: at the next of its own or a higher level."""
    ends = [size] * len(nodes)
    open_nodes: list[int] = []
    for i, node in enumerate(nodes):
        while open_nodes and nodes[open_nodes[-1]].level >= node.level:
            ends[open_nodes.pop()] = node.candidate.start
        open_nodes.append(i)
    return ends


def _parts(nodes: Sequence[Node], text: str, year: int | None, kind: Kind) -> list[Part | None]:
    """Parts of all sections: level 1 by heading, the others from their parent."""
    top = [n for n in nodes if n.level == 1]
    headings = [_heading(n, text) for n in top]
    other = kind is Kind.OTHER
    own = [told_by_any(h, year) for h in headings] if other else assign_parts(headings, year)
    by_node = {id(n): p for n, p in zip(top, own, strict=True)}
    by_node |= {id(n): None for n in top if n.key[0] is Style.ATTACHMENT}
    parts: list[Part | None] = []
    for node in nodes:
        if node.parent is not None:
            by_node[id(node)] = part_within(by_node[id(node.parent)], _heading(node, text))
        parts.append(by_node[id(node)])
    return parts


def _heading(node: Node, text: str) -> str:
    return squeeze(text[node.candidate.heading_start : node.candidate.heading_end])
