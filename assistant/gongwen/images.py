"""Pictures: PNG and JPEG, as wide as they are or as the type area."""

from __future__ import annotations

import io
from dataclasses import dataclass

from assistant.gongwen.errors import ImageError
from assistant.gongwen.model import ImageBlock
from assistant.gongwen.page import Page
from assistant.gongwen.tidy import printable
from assistant.gongwen.xml import NS, Element, el

__all__ = ["Media", "Picture", "read_picture"]

_EMU_PER_TWIP = 635
_EMU_PER_INCH = 914400


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file: bytes, `png` or `jpeg`, natural width and height in EMU (1/914400 inch)."""

    data: bytes
    suffix: str
    width: int
    height: int


class Media:
    """Collects the pictures of one document; names and ids count from 1 in document order."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bytes]] = []

    def drawing(self, block: ImageBlock, page: Page) -> Element:
        """A run that shows the picture in the line. ImageError where it cannot be used."""
        picture = read_picture(block)
        scale = min(
            1.0,
            page.text_width * _EMU_PER_TWIP / picture.width,
            0.8 * page.text_height * _EMU_PER_TWIP / picture.height,
        )
        number = len(self.parts) + 1
        self.parts.append((f"image{number}.{picture.suffix}", picture.data))
        extent = {"cx": round(picture.width * scale), "cy": round(picture.height * scale)}
        about = {"id": number, "name": f"图片 {number}", "descr": printable(block.caption)}
        inline = el(
            "wp:inline",
            {"distT": 0, "distB": 0, "distL": 0, "distR": 0},
            el("wp:extent", extent),
            el("wp:docPr", about),
            el(
                "a:graphic",
                None,
                el("a:graphicData", {"uri": NS["pic"]}, _picture(number, extent)),
            ),
        )
        return el("w:r", None, el("w:drawing", None, inline))


def _picture(number: int, extent: dict[str, int]) -> Element:
    frame = el("a:xfrm", None, el("a:off", {"x": 0, "y": 0}), el("a:ext", extent))
    return el(
        "pic:pic",
        None,
        el(
            "pic:nvPicPr",
            None,
            el("pic:cNvPr", {"id": number, "name": f"图片 {number}"}),
            el("pic:cNvPicPr"),
        ),
        el(
            "pic:blipFill",
            None,
            el("a:blip", {"r:embed": f"rIdImage{number}"}),
            el("a:stretch", None, el("a:fillRect")),
        ),
        el("pic:spPr", None, frame, el("a:prstGeom", {"prst": "rect"}, el("a:avLst"))),
    )


def read_picture(block: ImageBlock) -> Picture:
    """The picture, measured. ImageError where it is missing, damaged, or no PNG or JPEG."""
    from docx.image.exceptions import (  # noqa: TID251 - python-docx measures pictures
        InvalidImageStreamError,
        UnexpectedEndOfFileError,
        UnrecognizedImageError,
    )
    from docx.image.image import Image  # noqa: TID251 - see above

    broken = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
    try:
        data = block.read()
        image = Image.from_file(io.BytesIO(data))
        sizes = (
            image.px_width * _EMU_PER_INCH // image.horz_dpi,
            image.px_height * _EMU_PER_INCH // image.vert_dpi,
        )
    except OSError as exc:
        raise ImageError(f"图片“{block.caption}”无法读取") from exc
    except (*broken, KeyError, ZeroDivisionError) as exc:
        raise ImageError(f"图片“{block.caption}”已损坏或不是图片") from exc
    suffix = {"image/png": "png", "image/jpeg": "jpeg"}.get(image.content_type, "")
    if not suffix or not all(sizes):
        raise ImageError(f"图片“{block.caption}”不是 PNG 或 JPEG 格式")
    return Picture(data, suffix, *sizes)
