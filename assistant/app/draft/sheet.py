"""The figures of a draft as an editable grid: what was typed, what is wrong with it, its HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.app.escaping import escape
from assistant.ledger import (
    Entry,
    FillIn,
    Problem,
    SheetItem,
    Template,
    printed,
    read_fill_in,
    save_template,
)
from vectorstore.indicators import Lexicon

__all__ = ["Sheet", "SheetRow", "grid_html", "said_of"]

_LONGEST = {"value": 40, "unit": 20, "indicator": 80}  # characters of one box
_MOST_ADDED = 200  # rows
_NONE: Mapping[str, Entry] = {}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the grid: its id, what is typed, last year's item unless it was added.

    `number` is its row in the file, `problem` the gravest thing wrong with what is typed.
    """

    id: str
    entry: Entry
    item: SheetItem | None = None
    number: int = 0
    problem: Problem | None = None

    @property
    def wrong(self) -> bool:
        """Whether what is typed cannot be used."""
        return self.problem is not None and self.problem.level == "error"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The fill-in sheet of one draft; `typed` by the key of an item, `added` by an id of ours."""

    template: Template
    typed: Mapping[str, Entry] = field(default_factory=dict)
    added: Mapping[str, Entry] = field(default_factory=dict)

    def rows(self) -> list[SheetRow]:
        """Every row, in the order of the sheet."""
        asked = [SheetRow(i.key, self.typed.get(i.key, _blank(i)), i) for i in self.template.items]
        return asked + [SheetRow(id_, entry) for id_, entry in self.added.items()]

    def edited(self, row: str, name: str, text: str) -> Sheet:
        """With `text` in the box `name` of `row`; unchanged for a row or box there is not."""
        if name not in _LONGEST:
            return self
        change = {name: _one_line(text)[: _LONGEST[name]]}
        if row in self.added:
            return replace(self, added={**self.added, row: replace(self.added[row], **change)})
        item = next((item for item in self.template.items if item.key == row), None)
        if item is None or name == "indicator":
            return self
        entry = replace(self.typed.get(row, _blank(item)), **change)
        return replace(self, typed={**self.typed, row: entry})

    def with_row(self, entry: Entry | None = None) -> Sheet:
        """With one more row at the end."""
        if len(self.added) >= _MOST_ADDED:
            return self
        last = max((int(id_[1:]) for id_ in self.added), default=0)
        return replace(self, added={**self.added, f"+{last + 1}": entry or Entry("", "", "", "")})

    def without_row(self, row: str) -> Sheet:
        """Without an added row."""
        return replace(self, added={k: v for k, v in self.added.items() if k != row})

    def loaded(self, entries: Sequence[Entry]) -> Sheet:
        """With the rows of a file in place of what was typed."""
        items = {item.key: item for item in self.template.items}
        names: dict[str, list[str]] = {}
        for item in self.template.items:
            names.setdefault(item.indicator, []).append(item.key)
        typed: dict[str, Entry] = {}
        sheet = Sheet(self.template)
        for entry in entries:
            named = names.get(entry.indicator, [])
            key = entry.key or (named[0] if len(named) == 1 else "")
            if key in items and key not in typed:
                typed[key] = replace(entry, key=key)
            elif entry.value:
                sheet = sheet.with_row(replace(entry, key="" if key in items else entry.key))
        return replace(sheet, typed=typed)

    def filled(self) -> int:
        """How many rows have a value."""
        return sum(bool(row.entry.value) for row in self.rows())

    def file(self) -> bytes:
        """The sheet as .xlsx with what was typed."""
        with TemporaryDirectory(prefix="fazhi-") as folder:
            path = Path(folder) / "sheet.xlsx"
            self.save(path)
            return path.read_bytes()

    def save(self, path: Path) -> None:
        """Write the sheet to `path`."""
        save_template(path, self.template, [*self.typed.values(), *self.added.values()])

    def read(self, lexicon: Lexicon) -> FillIn:
        """The sheet as a draft would read it, every fault named."""
        with TemporaryDirectory(prefix="fazhi-") as folder:
            path = Path(folder) / "填报表.csv"
            self.save(path)
            return read_fill_in(path, lexicon, self.template.year, self.template.items)

    def judged(self, read: FillIn) -> list[SheetRow]:
        """Every row with its number and the gravest problem `read` has found in it."""
        found: dict[int, Problem] = {}
        for problem in read.problems:
            worse = problem.row not in found or problem.level == "error"
            if problem.level != "blank" and worse:
                found[problem.row] = problem
        rows = enumerate(self.rows(), 2)  # the first row is the header
        return [replace(row, number=n, problem=found.get(n)) for n, row in rows]

    def waiting(self, read: FillIn) -> dict[str, SheetRow]:
        """The rows without a value that can be used, by id."""
        return {row.id: row for row in self.judged(read) if row.wrong or not row.entry.value}

    def sound(self, read: FillIn) -> Sheet:
        """Without the rows in which something is wrong: their figures stay open in the draft."""
        wrong = {row.id for row in self.judged(read) if row.wrong}
        if not wrong:
            return self
        typed = {key: entry for key, entry in self.typed.items() if key not in wrong}
        added = {id_: entry for id_, entry in self.added.items() if id_ not in wrong}
        return replace(self, typed=typed, added=added)


def _blank(item: SheetItem) -> Entry:
    return Entry(item.key, item.indicator, "", item.unit)


def _one_line(text: str) -> str:
    """Without line breaks and tabs; a ; would be taken for a delimiter of the file."""
    return " ".join(text.split()).replace(";", "；")


def grid_html(sheet: Sheet, read: FillIn) -> str:
    """The table of boxes; what is wrong with a row stands below its value."""
    last, year = sheet.template.base.year, sheet.template.year
    heads = (
        ("n", "行"),
        ("name", "指标"),
        ("last", f"{last}年"),
        ("value", f"{year}年"),
        ("unit", "单位"),
    )
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for kind, name in heads)
    body = "".join(map(_row, sheet.judged(read)))
    return (
        f'<table class="sheet"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        '<p class="more"><button type="button" data-act="add">加一行其他指标</button></p>'
    )


def _row(row: SheetRow) -> str:
    level = row.problem.level if row.problem else "done" if row.entry.value else ""
    return (
        f'<tr class="{level}" id="sheet-{row.number}"><td class="n">{row.number}</td>'
        f"{_about(row)}{_boxes(row)}</tr>"
    )


def _about(row: SheetRow) -> str:
    """The indicator and last year's figure; of an added row a box and a way to be rid of it."""
    if row.item is None:
        return (
            f'<td class="name">{_box(row, "indicator", "指标名称", row.entry.indicator)}</td>'
            f'<td class="last"><button type="button" data-act="drop" data-row="{escape(row.id)}">'
            "删去此行</button></td>"
        )
    item = row.item
    section = item.source.quantity.heading.rpartition(" > ")[2]
    lines = [printed(item.mentions[0].quantity)] if item.mentions else []
    if item.target is not None:
        lines.append(f"目标{printed(item.target.quantity)}")
    shown = "".join(f"<span>{escape(line)}</span>" for line in lines)
    return (
        f'<td class="name"><span title="{escape(item.source.sentence)}">{escape(item.indicator)}'
        f'</span><span class="section">{escape(section)}</span></td><td class="last">{shown}</td>'
    )


def _boxes(row: SheetRow) -> str:
    name = row.entry.indicator or "新指标"
    value = _box(row, "value", f"{name}本年数值", row.entry.value)
    said = f'<span class="said" role="alert">{escape(said_of(row))}</span>' if row.problem else ""
    unit = _box(row, "unit", f"{name}单位", row.entry.unit)
    return f'<td class="value">{value}{said}</td><td class="unit">{unit}</td>'


def said_of(row: SheetRow) -> str:
    """What is wrong with a row, "" where nothing is."""
    if row.problem is None:
        return ""
    shown = f"“{row.problem.cell}”" if row.problem.cell else ""
    return f"{shown}{row.problem.reason}。"


def _box(row: SheetRow, name: str, label: str, value: str) -> str:
    return (
        f'<input type="text" data-act="edit" data-row="{escape(row.id)}" data-name="{name}" '
        f'data-focus="{escape(f"g {row.id} {name}")}" maxlength="{_LONGEST[name]}" '
        f'autocomplete="off" aria-label="{escape(label)}" value="{escape(value)}">'
    )
