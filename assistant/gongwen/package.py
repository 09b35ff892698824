"""The .docx package: styles, settings, font table, relationships, and a zip with stable bytes."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from assistant.gongwen.comments import AUTHOR, Comments
from assistant.gongwen.footer import footer
from assistant.gongwen.images import Media
from assistant.gongwen.page import FOOTER_IDS
from assistant.gongwen.profile import Profile
from assistant.gongwen.styles import font_table, settings, styles
from assistant.gongwen.xml import Element, serialise

__all__ = ["Content", "docx_bytes"]

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "document": "document.main",
    "styles": "styles",
    "settings": "settings",
    "fontTable": "fontTable",
    "comments": "comments",
    "footer1": "footer",
    "footer2": "footer",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What the story left behind: the document part, its comments and pictures."""

    document: Element
    comments: Comments
    media: Media


def docx_bytes(content: Content, profile: Profile, *, title: str, stamp: datetime) -> bytes:
    """The whole file; the same input gives the same bytes."""
    word = {
        "document": content.document,
        "styles": styles(profile),
        "settings": settings(),
        "fontTable": font_table(profile),
        "footer1": footer(profile, even=False),
        "footer2": footer(profile, even=True),
    }
    if len(content.comments):
        word["comments"] = content.comments.part()
    files = {
        "[Content_Types].xml": _content_types(list(word)).encode(),
        "_rels/.rels": _package_relations().encode(),
        "docProps/core.xml": _core(title, stamp).encode(),
        "docProps/app.xml": _app().encode(),
        "word/_rels/document.xml.rels": _word_relations(list(word), content.media).encode(),
    }
    files |= {f"word/{name}.xml": serialise(root) for name, root in word.items()}
    files |= {f"word/media/{name}": data for name, data in content.media.parts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same bytes on every platform
            archive.writestr(entry, data)
    return buffer.getvalue()


def _content_types(parts: list[str]) -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
    }
    overrides = {f"/word/{name}.xml": f"{_WORD_TYPE}.{_PARTS[name]}+xml" for name in parts}
    overrides["/docProps/core.xml"] = "application/vnd.openxmlformats-package.core-properties+xml"
    overrides["/docProps/app.xml"] = (
        "application/vnd.openxmlformats-officedocument.extended-properties+xml"
    )
    rows = [f'<Default Extension="{k}" ContentType="{v}"/>' for k, v in defaults.items()]
    rows += [f'<Override PartName="{k}" ContentType="{v}"/>' for k, v in overrides.items()]
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{"".join(rows)}</Types>'


def _relations(rows: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{ref}" Type="{kind}" Target="{target}"/>' for ref, kind, target in rows
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _package_relations() -> str:
    return _relations(
        [
            ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        ]
    )


def _word_relations(parts: list[str], media: Media) -> str:
    kinds = f"{_OFFICE}/relationships"
    rows = [
        (f"rId{name[0].upper()}{name[1:]}", f"{kinds}/{name}", f"{name}.xml")
        for name in ("styles", "settings", "fontTable", "comments")
        if name in parts
    ]
    rows += [
        (FOOTER_IDS["default"], f"{kinds}/footer", "footer1.xml"),
        (FOOTER_IDS["even"], f"{kinds}/footer", "footer2.xml"),
    ]
    rows += [
        (f"rIdImage{n}", f"{kinds}/image", f"media/{name}")
        for n, (name, _) in enumerate(media.parts, start=1)
    ]
    return _relations(rows)


def _core(title: str, stamp: datetime) -> str:
    when = f"{stamp:%Y-%m-%dT%H:%M:%SZ}"
    names = {
        "cp": f"{_PACKAGE}/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    spaces = " ".join(f"xmlns:{k}={quoteattr(v)}" for k, v in names.items())
    return (
        f"{_HEAD}<cp:coreProperties {spaces}><dc:title>{escape(title)}</dc:title>"
        f"<dc:creator>{AUTHOR}</dc:creator><cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _app() -> str:
    return (
        f'{_HEAD}<Properties xmlns="{_OFFICE}/extended-properties">'
        f"<Application>{AUTHOR}</Application></Properties>"
    )
