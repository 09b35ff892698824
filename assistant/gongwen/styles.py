"""Word's styles, settings and font table: no theme, every font by name."""

from __future__ import annotations

from assistant.gongwen.layouts import Kind, kinds
from assistant.gongwen.page import Page
from assistant.gongwen.paragraphs import Face, run_properties
from assistant.gongwen.profile import Profile
from assistant.gongwen.xml import Element, el

__all__ = ["font_table", "settings", "styles"]

# What may stand in where a font is not installed, nearest first.
_STAND_IN = {
    "方正小标宋简体": "方正小标宋_GBK",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "仿宋": "FangSong",
    "楷体": "KaiTi",
    "黑体": "SimHei",
    "宋体": "SimSun",
}
_GB2312 = "86"  # the character set number in Word's font table


def styles(profile: Profile) -> Element:
    """`w:styles`; they repeat what paragraphs and runs say themselves."""
    page = Page.of(profile)
    defaults = el(
        "w:docDefaults",
        None,
        el("w:rPrDefault", None, run_properties(Face.of(profile.styles.body))),
        el("w:pPrDefault"),
    )
    made = [_paragraph_style(style, kind) for style, kind in kinds(profile, page).items()]
    made += [_comment_mark(profile), _plain_table()]
    return el("w:styles", None, defaults, *made)


def _paragraph_style(style: str, kind: Kind) -> Element:
    about = {"w:type": "paragraph", "w:styleId": style}
    layout = kind.layout.but(style="")
    if style == "Normal":
        about["w:default"] = "1"
    elif not kind.name.isascii():
        about["w:customStyle"] = "1"
    following = "OfficialBody" if kind.layout.keep_next else ""
    return el(
        "w:style",
        about,
        el("w:name", {"w:val": kind.name}),
        None if style == "Normal" else el("w:basedOn", {"w:val": "Normal"}),
        el("w:next", {"w:val": following}) if following else None,
        el("w:qFormat"),
        layout.properties(),
        run_properties(kind.face),
    )


def _comment_mark(profile: Profile) -> Element:
    return el(
        "w:style",
        {"w:type": "character", "w:styleId": "CommentReference"},
        el("w:name", {"w:val": "annotation reference"}),
        run_properties(Face.of(profile.styles.comment)),
    )


def _plain_table() -> Element:
    return el(
        "w:style",
        {"w:type": "table", "w:default": 1, "w:styleId": "TableNormal"},
        el("w:name", {"w:val": "Normal Table"}),
        el("w:uiPriority", {"w:val": 99}),
    )


def settings() -> Element:
    """`w:settings`: odd and even footers differ, layout as Chinese Word 2013 and later."""
    modern = {
        "compatibilityMode": 15,
        "overrideTableStyleFontSizeAndJustification": 1,
        "enableOpenTypeFeatures": 1,
        "doNotFlipMirrorIndents": 1,
        "differentiateMultirowTableHeaders": 1,
    }
    uri = "http://schemas.microsoft.com/office/word"
    old = (
        "spaceForUL",
        "balanceSingleByteDoubleByteWidth",
        "doNotLeaveBackslashAlone",
        "ulTrailSpace",
        "doNotExpandShiftReturn",
        "useFELayout",
    )
    return el(
        "w:settings",
        None,
        el("w:zoom", {"w:percent": 100}),
        el("w:defaultTabStop", {"w:val": 420}),
        el("w:evenAndOddHeaders"),
        el("w:characterSpacingControl", {"w:val": "compressPunctuation"}),
        el(
            "w:compat",
            None,
            *(el(f"w:{name}") for name in old),
            *(
                el("w:compatSetting", {"w:name": name, "w:uri": uri, "w:val": value})
                for name, value in modern.items()
            ),
        ),
        el("w:decimalSymbol", {"w:val": "."}),
        el("w:listSeparator", {"w:val": ","}),
    )


def font_table(profile: Profile) -> Element:
    """`w:fonts`, each with the font that may stand in for it."""
    used = [getattr(profile.styles, name) for name in type(profile.styles).model_fields]
    names = dict.fromkeys(name for style in used for name in (style.font, style.western))
    return el("w:fonts", None, *(_font(name) for name in names))


def _font(name: str) -> Element:
    stand_in = _STAND_IN.get(name)
    return el(
        "w:font",
        {"w:name": name},
        el("w:altName", {"w:val": stand_in}) if stand_in else None,
        None if name.isascii() else el("w:charset", {"w:val": _GB2312}),
    )
