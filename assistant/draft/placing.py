"""Where each note of the writer goes: the section it is most about, or nowhere in particular."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.draft.edits import Edit, apply, verify_mark
from assistant.draft.figures import Supplied
from assistant.draft.layout import body_end
from assistant.draft.notes import Note
from assistant.draft.rewrite import Rewriter
from assistant.draft.types import Basis
from assistant.draft.words import Topics
from assistant.gongwen import Figure, Paragraph, Span, Text
from assistant.ledger import printed
from vectorstore.types import Modality, Part, Section

__all__ = ["Placed", "note_spans", "part_notes", "place"]

_FITS = 0.12  # below it a note belongs to no section; chosen on `samples/` with notes
_SAID = 0.6  # share of a note's words its filled sentences must hold to make it superfluous
_HEADING = 0.4  # weight of the heading against the section's text


@dataclass(slots=True)
class Placed:
    """Notes by section ordinal and by part; `rest` fit no section, `skipped` are already said."""

    sections: dict[int, list[Note]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[Part, list[Note]] = field(default_factory=lambda: defaultdict(list))
    rest: list[Note] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    extra: tuple[Supplied, ...] = ()
    clashes: Mapping[int, Mapping[int, Supplied]] = field(default_factory=dict)

    def of(self, ordinal: int) -> Sequence[Note]:
        """The notes of a section, in their own order."""
        return self.sections.get(ordinal, ())

    def paragraph(self, note: Note) -> Paragraph:
        """A note as a paragraph of the report."""
        return Paragraph(note_spans(note, self.clashes.get(note.n, {})))

    def extra_paragraph(self) -> Paragraph | None:
        """The figures of the sheet that last year's report did not have."""
        if not self.extra:
            return None
        spans: list[Span] = []
        for n, supplied in enumerate(self.extra):
            spans.append(Text(("，" if n else "") + supplied.quantity.indicator))
            spans.append(Figure(supplied.quantity.text, supplied.comment))
        return Paragraph((*spans, Text("。")))


def note_spans(note: Note, clashes: Mapping[int, Supplied]) -> tuple[Span, ...]:
    """A note's words, its figures marked as its own; one the sheet contradicts is a blank."""
    edits = []
    for at, supplied in enumerate(note.figures):
        q = supplied.quantity
        span: Span = Figure(q.text, supplied.comment)
        if at in clashes:
            other = printed(clashes[at].quantity)
            span = verify_mark(f"{q.text}（工作素材第{note.n}段）或{other}（填报表）")
        edits.append(Edit(q.start, q.end, (span,)))
    return apply(note.text, 0, len(note.text), edits)


def place(basis: Basis, rewriter: Rewriter) -> Placed:
    """Give every note its place; plans wait in `parts[NEXT_YEAR]`."""
    placed = Placed(clashes=_clashes(basis), extra=_extra(basis))
    report = basis.report
    candidates = [s for s in report.sections if s.level > 0 and s.part is Part.MEASURES]
    texts = [report.text[s.heading_start : body_end(report, s)] for s in candidates]
    topics = Topics([*texts, *(note.text for note in basis.notes)])
    for note in basis.notes:
        if _is_said(note, basis, rewriter, topics):
            placed.skipped.append(note.n)
        elif note.part in (None, Part.MEASURES):
            at = _fitting(note, candidates, texts, report.text, topics)
            if at is None:
                placed.rest.append(note)
            else:
                placed.sections[candidates[at].ordinal].append(note)
        else:
            placed.parts[note.part].append(note)
    return placed


def _fitting(
    note: Note, candidates: Sequence[Section], texts: Sequence[str], text: str, topics: Topics
) -> int | None:
    best, at = _FITS, None
    said = f"{note.heading}。{note.text}"
    for n, section in enumerate(candidates):
        heading = text[section.heading_start : section.heading_end]
        score = (1 - _HEADING) * topics.coverage(note.text, texts[n])
        score += _HEADING * topics.coverage(heading, said)
        if score > best:
            best, at = score, n
    return at


def _is_said(note: Note, basis: Basis, rewriter: Rewriter, topics: Topics) -> bool:
    """Whether sentences whose blanks the note fills say all it says."""
    if not note.figures:
        return False
    filled = [
        (row, new)
        for row in rewriter.rows
        if (new := basis.supply.of(row)) is not None and new.comment == note.comment
    ]
    values = {new.quantity.start for _, new in filled}
    if any(f.quantity.start not in values for f in note.figures):
        return False
    sentences = "".join(dict.fromkeys(row.sentence for row, _ in filled))
    return topics.coverage(note.text, sentences) >= _SAID


def _clashes(basis: Basis) -> dict[int, dict[int, Supplied]]:
    """Figures of notes that the sheet gives otherwise, by note and place in it."""
    found: dict[int, dict[int, Supplied]] = {}
    for note in basis.notes:
        for at, said in enumerate(note.figures):
            other = basis.supply.clash(said) if said.quantity.modality is Modality.ACTUAL else None
            if other is not None:
                found.setdefault(note.n, {})[at] = other
    return found


def _extra(basis: Basis) -> tuple[Supplied, ...]:
    return tuple(s for s in basis.supply.sheet if not basis.supply.knows(s.key))


def part_notes(placed: Placed, part: Part) -> list[Paragraph]:
    """The notes of a part as paragraphs."""
    return [placed.paragraph(note) for note in placed.parts.get(part, ())]
