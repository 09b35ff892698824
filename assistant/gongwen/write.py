"""The official .docx: model in, file out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assistant.gongwen.comments import Comments
from assistant.gongwen.errors import UnfinishedError
from assistant.gongwen.frame import attachments, closing, opening
from assistant.gongwen.images import Media
from assistant.gongwen.model import PLACEHOLDER, OfficialDocument, Placeholder, Suggestion, walk
from assistant.gongwen.package import Content, docx_bytes
from assistant.gongwen.paragraphs import Face
from assistant.gongwen.profile import Profile, load_profile
from assistant.gongwen.runs import Runs
from assistant.gongwen.save import save
from assistant.gongwen.story import Story
from assistant.gongwen.tidy import tidy

__all__ = ["STAMP", "docx_of", "unfinished", "write_docx"]

STAMP = datetime(2000, 1, 1, tzinfo=UTC)
"""Date of comments and properties where the caller gives none: same input, same bytes."""


def unfinished(document: OfficialDocument) -> tuple[str, ...]:
    """Every placeholder and every suggestion not yet taken or dropped, in document order."""
    found: list[str] = []
    for span in walk(document):
        if isinstance(span, Suggestion):
            found.append(f"【建议：{span.text}】")
        elif isinstance(span, Placeholder):
            found.append(span.text)
        else:
            found += PLACEHOLDER.findall(span.text)
    return tuple(found)


def write_docx(
    document: OfficialDocument,
    path: Path,
    *,
    profile: Profile | None = None,
    clean: bool = False,
    force: bool = False,
    stamp: datetime = STAMP,
) -> None:
    """Write `docx_of` the same arguments to `path`, atomically, and raise what that raises.

    SaveError where the file cannot be written.
    """
    content = docx_of(document, profile=profile, clean=clean, force=force, stamp=stamp)
    save(path, content)


def docx_of(
    document: OfficialDocument,
    *,
    profile: Profile | None = None,
    clean: bool = False,
    force: bool = False,
    stamp: datetime = STAMP,
) -> bytes:
    """The .docx of `document`; the same arguments give the same bytes.

    `clean` leaves out comments and highlights and raises UnfinishedError, naming them, while blanks
    are left, unless `force`. `stamp` (UTC) dates comments and properties. ImageError for a picture
    that cannot be used.
    """
    blanks = unfinished(document) if clean and not force else ()
    if blanks:
        raise UnfinishedError(blanks)
    profile = profile or load_profile()
    comments = Comments(Face.of(profile.styles.comment), stamp)
    media = Media()
    story = Story(profile, Runs(comments, clean=clean), media)
    opening(story, document)
    story.blocks(document.body)
    closing(story, document)
    attachments(story, document)
    content = Content(story.document(), comments, media)
    title = tidy(document.title)
    return docx_bytes(content, profile, title=title, stamp=stamp)
