"""The page in Word's units: paper, margins, line and character grid, sections.

Word counts twips (1/20 pt) and, for the grid's character pitch, 1/4096 pt over the size of the
Normal style (ECMA-376 part 1, 17.6.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.gongwen.profile import Profile
from assistant.gongwen.xml import Element, el

__all__ = ["FOOTER_IDS", "Page", "twips"]

FOOTER_IDS = {"default": "rIdFooterOdd", "even": "rIdFooterEven"}
_HEADER_MM = 15


def twips(mm: float) -> int:
    """Millimetres in twips."""
    return round(mm / 25.4 * 1440)


@dataclass(frozen=True, slots=True)
class Page:
    """One orientation of a profile's page; lengths in twips, `char_space` in 1/4096 pt.

    `spacing` is what each body character is moved apart (below 0: together) so that it takes
    `char_pitch`, the whole twips that `chars` characters may each have.
    """

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    footer: int
    line_pitch: int
    char_space: int
    spacing: int
    char_pitch: int
    landscape: bool = False

    @classmethod
    def of(cls, profile: Profile) -> Page:
        """The upright page.

        Pitches are rounded down: a twip too much loses the last line, the last character.
        """
        page = profile.page
        width, height = twips(page.width_mm), twips(page.height_mm)
        top, bottom = twips(page.top_mm), twips(page.bottom_mm)
        left, right = twips(page.left_mm), twips(page.right_mm)
        size = profile.styles.body.size_pt
        pitch = (width - left - right) / page.chars
        return cls(
            width,
            height,
            top,
            right,
            bottom,
            left,
            cls._footer(profile, page.bottom_mm),
            (height - top - bottom) // page.lines,
            math.floor((pitch / 20 - size) * 4096),
            # One twip to spare: programs round each character's width.
            math.floor(pitch - size * 20) - 1,
            math.floor(pitch),
        )

    @staticmethod
    def _footer(profile: Profile, margin_mm: float) -> int:
        """From the paper's edge to the foot of the page number, whose dash is at mid-height."""
        half_line = profile.styles.page_number.size_pt * 10
        return max(round(twips(margin_mm - profile.page_number.below_text_mm) - half_line), 0)

    def turned(self, profile: Profile) -> Page:
        """The same sheet turned: its binding edge is on top, the type area keeps its size."""
        return Page(
            width=self.height,
            height=self.width,
            top=self.left,
            right=self.top,
            bottom=self.right,
            left=self.bottom,
            footer=self._footer(profile, profile.page.right_mm),
            line_pitch=self.line_pitch,
            char_space=self.char_space,
            spacing=self.spacing,
            char_pitch=self.char_pitch,
            landscape=True,
        )

    @property
    def text_width(self) -> int:
        """Width of the type area."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        """Height of the type area."""
        return self.height - self.top - self.bottom

    def section(self) -> Element:
        """`w:sectPr` of this page."""
        size: dict[str, str | int] = {"w:w": self.width, "w:h": self.height}
        if self.landscape:
            size["w:orient"] = "landscape"
        margins = {
            "w:top": self.top,
            "w:right": self.right,
            "w:bottom": self.bottom,
            "w:left": self.left,
            "w:header": twips(_HEADER_MM),
            "w:footer": self.footer,
            "w:gutter": 0,
        }
        grid = {
            "w:type": "linesAndChars",
            "w:linePitch": self.line_pitch,
            "w:charSpace": self.char_space,
        }
        footers = [
            el("w:footerReference", {"w:type": kind, "r:id": ref})
            for kind, ref in FOOTER_IDS.items()
        ]
        return el(
            "w:sectPr",
            None,
            *footers,
            el("w:type", {"w:val": "nextPage"}),
            el("w:pgSz", size),
            el("w:pgMar", margins),
            el("w:cols", {"w:space": 425}),
            el("w:docGrid", grid),
        )
