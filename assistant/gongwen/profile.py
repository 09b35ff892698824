"""Page profiles: every length, font and habit of the page as data.

A user's YAML overrides single values of the built-in GB/T 9704 profile.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.gongwen import profiles
from assistant.gongwen.errors import ProfileError

__all__ = ["PageProfile", "Profile", "SignoffProfile", "TextStyle", "load_profile"]

DEFAULT = "gb9704.yaml"

Side = Literal["left", "center", "right"]
Millimetres = Field(ge=0, le=2000)
Points = Field(ge=5, le=72)
Count = Field(ge=0, le=20)


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextStyle(_Settings):
    """One kind of text: East Asian font, font of digits and letters, size in points."""

    font: str = Field(min_length=1)
    latin: str = ""
    size_pt: float = Points
    bold: bool = False

    @property
    def western(self) -> str:
        """The font of digits and letters."""
        return self.latin or self.font

    def sized(self, size_pt: float) -> TextStyle:
        """The same style at another size in points."""
        return self.model_copy(update={"size_pt": size_pt})


class PageProfile(_Settings):
    """Paper, margins and grid. ValueError where the margins leave no room."""

    width_mm: float = Millimetres
    height_mm: float = Millimetres
    top_mm: float = Millimetres
    left_mm: float = Millimetres
    right_mm: float = Millimetres
    bottom_mm: float = Millimetres
    lines: int = Field(ge=1, le=100)
    chars: int = Field(ge=1, le=100)

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if (
            self.width_mm - self.left_mm - self.right_mm < 50
            or self.height_mm - self.top_mm - self.bottom_mm < 50
        ):
            raise ValueError("页边距过大，版心不足 50 毫米")
        return self


class Styles(_Settings):
    """The text style of each part of the document."""

    title: TextStyle
    document_number: TextStyle
    addressee: TextStyle
    body: TextStyle
    level1: TextStyle
    level2: TextStyle
    level3: TextStyle
    level4: TextStyle
    level5: TextStyle
    signoff: TextStyle
    attachment_label: TextStyle
    page_number: TextStyle
    table_caption: TextStyle
    table_unit: TextStyle
    table_head: TextStyle
    table_body: TextStyle
    table_note: TextStyle
    comment: TextStyle

    def level(self, depth: int) -> TextStyle:
        """The style of headings at `depth` 1–5."""
        return (self.level1, self.level2, self.level3, self.level4, self.level5)[depth - 1]


class TitleProfile(_Settings):
    """Blank lines between title and text."""

    blank_lines_after: int = Count


class BodyProfile(_Settings):
    """First-line indent in characters."""

    first_line_chars: int = Count


class SignoffProfile(_Settings):
    """Where organisation and date stand; with and without a seal."""

    sealed: bool
    blank_lines_sealed: int = Count
    blank_lines_unsealed: int = Count
    date_right_chars_sealed: float = Count
    date_right_chars_unsealed: float = Count

    @property
    def blank_lines(self) -> int:
        """Blank lines between text and organisation."""
        return self.blank_lines_sealed if self.sealed else self.blank_lines_unsealed

    @property
    def date_right_chars(self) -> float:
        """Characters between the date and the right edge of the type area."""
        return self.date_right_chars_sealed if self.sealed else self.date_right_chars_unsealed


class PageNumberProfile(_Settings):
    """What surrounds the page number and where it stands."""

    prefix: str
    suffix: str
    odd: Side
    even: Side
    indent_chars: float = Count
    below_text_mm: float = Millimetres


class TableProfile(_Settings):
    """When a table shrinks, turns or may be split."""

    small_pt: float = Points
    max_portrait_columns: int = Field(ge=1, le=63)
    keep_whole_rows: int = Field(ge=0, le=40)


class Profile(_Settings):
    """A whole page format."""

    name: str
    page: PageProfile
    styles: Styles
    title: TitleProfile
    body: BodyProfile
    signoff: SignoffProfile
    page_number: PageNumberProfile
    table: TableProfile


def load_profile(path: Path | None = None) -> Profile:
    """The GB/T 9704 profile, with the values of the YAML at `path` in their place.

    ProfileError names the file and every key that is unknown or has an unusable value.
    """
    base = yaml.safe_load(files(profiles).joinpath(DEFAULT).read_text("utf-8"))
    if path is not None:
        base = _merge(base, _read(path))
    try:
        return Profile.model_validate(base)
    except ValidationError as exc:
        reasons = "；".join(_reason(error) for error in exc.errors())
        raise ProfileError(f"版式文件 {path.name if path else DEFAULT} 有误：{reasons}") from exc


def _read(path: Path) -> dict[str, Any]:
    try:
        given = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise ProfileError(f"版式文件 {path.name} 无法读取") from exc
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ProfileError(f"版式文件 {path.name} 应由“名称: 值”组成")
    return given


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            merged[key] = _merge(below, value)
        else:
            merged[key] = value
    return merged


def _reason(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"没有“{where}”这一项"
    if error["type"] == "value_error":
        return f"{where}：{error['ctx']['error']}"
    return f"“{where}”的值不能用（{error['input']!r}）"
