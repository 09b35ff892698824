"""What stands around the body: number, title, addressee, sign-off, attachments.

Rules: GB/T 9704—2012, 7.2.5 (number), 7.3.1 (title), 7.3.2 (addressee), 7.3.4 (attachment note),
7.3.5 (sign-off and date), 7.3.7 (attachments).
"""

from __future__ import annotations

from assistant.gongwen.model import PLACEHOLDER, Attachment, OfficialDocument
from assistant.gongwen.numbering import bare_heading
from assistant.gongwen.paragraphs import Layout, run_properties
from assistant.gongwen.story import Story
from assistant.gongwen.tidy import tidy
from assistant.gongwen.title import title_lines, width
from assistant.gongwen.xml import Element, el
from vectorstore.tokens import segment

__all__ = ["attachments", "closing", "opening"]

_NOTE = "附件："


def opening(story: Story, document: OfficialDocument) -> None:
    """Document number, title, blank line, addressee."""
    if document.document_number:
        story.line("DocumentNumber", document.document_number)
        story.line("Normal")
    _title(story, document.title)
    if document.addressee:
        story.line("Addressee", tidy(document.addressee).rstrip("：: ") + "：")


def closing(story: Story, document: OfficialDocument) -> None:
    """The note of attachments, then organisation over date, kept with the last lines of text."""
    names = [bare_heading(tidy(a.title)) for a in document.attachments]
    if names:
        story.hold_last()
        _blank_lines(story, 1)
    for i, name in enumerate(names):
        _attachment_note(story, i, name, alone=len(names) == 1)
    if not (document.signoff_org or document.date_text):
        return
    signoff = story.profile.signoff
    story.hold_last()
    _blank_lines(story, signoff.blank_lines)
    org, day = tidy(document.signoff_org), tidy(document.date_text)
    org_right, date_right = _right_blanks(story, width(org), width(day))
    layout = story.kinds["Signoff"].layout
    if org:
        at = _right(story, layout, org_right).but(keep_next=bool(day))
        story.line("Signoff", org, layout=at)
    if day:
        story.line("Signoff", day, layout=_right(story, layout, date_right))


def attachments(story: Story, document: OfficialDocument) -> None:
    """Each attachment that has a body, on a page of its own, turned if it has a wide table."""
    alone = len(document.attachments) == 1
    for number, attachment in enumerate(document.attachments, start=1):
        if attachment.body:
            _attachment(story, attachment, "附件" if alone else f"附件{number}")


def _title(story: Story, title: str) -> None:
    kind = story.kinds["Title"]
    text = tidy(title)
    # One character to spare: fonts differ in the width of their digits.
    most = story.page.text_width / 20 / kind.face.size_pt - 1
    lines = title_lines(text, most, tuple(segment(text)))
    if PLACEHOLDER.findall(text) != [
        blank for line in lines for blank in PLACEHOLDER.findall(line)
    ]:
        lines = [text]  # a blank longer than a line: left to Word, so that it is marked whole
    runs: list[Element] = []
    for i, line in enumerate(lines):
        if i:
            runs.append(el("w:r", None, run_properties(kind.face), el("w:br")))
        runs += story.words("Title", line)
    # A large title would be cut off by the line height of the body.
    height = max(story.page.line_pitch, round(kind.face.size_pt * 20 * 1.25))
    story.add("Title", runs, layout=kind.layout.but(line=height))
    _blank_lines(story, story.profile.title.blank_lines_after)


def _blank_lines(story: Story, count: int) -> None:
    layout = story.kinds["Normal"].layout.but(keep_next=True)
    for _ in range(count):
        story.line("Normal", layout=layout)


def _attachment_note(story: Story, i: int, name: str, *, alone: bool) -> None:
    """`附件：1.…` two characters in; further lines of a name start under its first character."""
    number = "" if alone else f"{i + 1}."
    words = (_NOTE if i == 0 else "") + number + name
    hanging = (width(_NOTE) if i == 0 else 0.0) + width(number)
    left = 2 + width(_NOTE) + width(number)
    layout = story.kinds["Normal"].layout.but(
        left=_length(story, left),
        left_chars=round(left * 100),
        hanging=_length(story, hanging),
        hanging_chars=round(hanging * 100),
        keep_next=True,
    )
    story.line("Normal", words, layout=layout)


def _right_blanks(story: Story, org: float, day: float) -> tuple[float, float]:
    """Characters right of organisation and date, from their widths.

    Sealed: the organisation is centred over the date. Unsealed: the date starts two characters to
    the right of the organisation, which moves left where the date is the longer of the two.
    """
    right = story.profile.signoff.date_right_chars
    if story.profile.signoff.sealed:
        return max(right + (day - org) / 2, 0.0), right
    return max(right + day + 2 - org, right), right


def _right(story: Story, layout: Layout, chars: float) -> Layout:
    return layout.but(right=_length(story, chars), right_chars=round(chars * 100))


def _length(story: Story, chars: float) -> int:
    return round(chars * story.page.char_pitch)


def _attachment(story: Story, attachment: Attachment, label: str) -> None:
    fresh = story.turn(landscape=story.has_wide(attachment.body))
    layout = story.kinds["AttachmentLabel"].layout.but(page_break=not fresh, keep_next=True)
    story.line("AttachmentLabel", label, layout=layout)
    _blank_lines(story, 1)
    _title(story, bare_heading(attachment.title))
    story.blocks(attachment.body)
