"""Official documents: the content as a model, written as GB/T 9704 .docx or as Markdown."""

from __future__ import annotations

from assistant.gongwen.errors import (
    GongwenError,
    ImageError,
    ProfileError,
    SaveError,
    UnfinishedError,
)
from assistant.gongwen.markdown import markdown_text, write_markdown
from assistant.gongwen.model import (
    Attachment,
    Figure,
    Heading,
    ImageBlock,
    OfficialDocument,
    Paragraph,
    Placeholder,
    Span,
    Suggestion,
    TableBlock,
    Text,
)
from assistant.gongwen.profile import Profile, load_profile
from assistant.gongwen.tidy import tidy
from assistant.gongwen.write import docx_of, unfinished, write_docx

__all__ = [
    "Attachment",
    "Figure",
    "GongwenError",
    "Heading",
    "ImageBlock",
    "ImageError",
    "OfficialDocument",
    "Paragraph",
    "Placeholder",
    "Profile",
    "ProfileError",
    "SaveError",
    "Span",
    "Suggestion",
    "TableBlock",
    "Text",
    "UnfinishedError",
    "docx_of",
    "load_profile",
    "markdown_text",
    "tidy",
    "unfinished",
    "write_docx",
    "write_markdown",
]
