"""Page numbers: `— 1 —`, odd pages right, even pages left, one character from the edge."""

from __future__ import annotations

from assistant.gongwen.paragraphs import Face, Layout, paragraph, run, run_properties
from assistant.gongwen.profile import Profile
from assistant.gongwen.xml import Element, el

__all__ = ["footer"]


def footer(profile: Profile, *, even: bool) -> Element:
    """`w:ftr` of odd or even pages."""
    number, style = profile.page_number, Face.of(profile.styles.page_number)
    side = number.even if even else number.odd
    blank = round(number.indent_chars * style.size_pt * 20)
    hundredths = round(number.indent_chars * 100)
    layout = Layout("Footer", align=side, line=round(style.size_pt * 20))
    if side == "right":
        layout = layout.but(right=blank, right_chars=hundredths)
    elif side == "left":
        layout = layout.but(left=blank, left_chars=hundredths)
    words = el("w:instrText", {"xml:space": "preserve"})
    words.text = " PAGE "
    shown = el("w:t")
    shown.text = "1"
    field = [
        el("w:fldChar", {"w:fldCharType": "begin"}),
        words,
        el("w:fldChar", {"w:fldCharType": "separate"}),
        shown,
        el("w:fldChar", {"w:fldCharType": "end"}),
    ]
    runs = [el("w:r", None, run_properties(style), part) for part in field]
    around = [run(text, style) if text else None for text in (number.prefix, number.suffix)]
    parts = [part for part in (around[0], *runs, around[1]) if part is not None]
    return el("w:ftr", None, paragraph(layout, style, *parts))
