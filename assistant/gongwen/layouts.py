"""The paragraph layout of each part of the document, from the profile and the page's grid."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.gongwen.page import Page
from assistant.gongwen.paragraphs import Face, Layout
from assistant.gongwen.profile import Profile, TextStyle

__all__ = ["Kind", "kinds"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paragraph: Word's name of its style, layout and face."""

    name: str
    layout: Layout
    face: Face


def kinds(profile: Profile, page: Page) -> dict[str, Kind]:
    """Every kind of paragraph by the id of its Word style."""
    styles, line = profile.styles, page.line_pitch

    def face(style: TextStyle) -> Face:
        on_grid = style.size_pt == styles.body.size_pt
        return Face.of(style, page.spacing if on_grid else 0)

    indent = profile.body.first_line_chars
    flush = Layout("Normal", line=line)
    body = flush.but(first_line=round(indent * page.char_pitch), first_line_chars=indent * 100)
    found = {
        "Normal": Kind("Normal", flush, face(styles.body)),
        "Title": Kind("Title", flush.but(align="center", keep_next=True), face(styles.title)),
        "DocumentNumber": Kind("发文字号", flush.but(align="center"), face(styles.document_number)),
        "Addressee": Kind("主送机关", flush.but(align="left"), face(styles.addressee)),
        "OfficialBody": Kind("公文正文", body, face(styles.body)),
        "Signoff": Kind("落款", flush.but(align="right", keep_lines=True), face(styles.signoff)),
        "AttachmentLabel": Kind("附件标识", flush.but(align="left"), face(styles.attachment_label)),
        "Picture": Kind("图片", flush.but(align="center", line=0), face(styles.body)),
        "Caption": Kind("caption", flush.but(align="center"), face(styles.table_caption)),
        "TableUnit": Kind("表格单位", flush.but(align="right"), face(styles.table_unit)),
        "TableText": Kind("表格文字", flush.but(align="left", line=0), face(styles.table_body)),
        "TableNote": Kind("表注", flush.but(line=0), face(styles.table_note)),
        "Footer": Kind("footer", flush.but(line=0), face(styles.page_number)),
        "CommentText": Kind(
            "annotation text", flush.but(align="left", line=0), face(styles.comment)
        ),
    }
    for depth in range(1, 6):
        layout = body.but(keep_next=True, keep_lines=True, outline=depth - 1)
        found[f"Heading{depth}"] = Kind(f"heading {depth}", layout, face(styles.level(depth)))
    return {
        style: Kind(kind.name, kind.layout.but(style=style), kind.face)
        for style, kind in found.items()
    }
