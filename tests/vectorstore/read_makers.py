"""Small files of every format, written byte by byte so that a test says what is in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    f"{W} "
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def t(text: str, properties: str = "") -> str:
    """A run."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    """A paragraph of runs; plain text is made a run."""
    runs = "".join(c if c.startswith("<") else t(c) for c in content)
    look = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{look}{runs}</w:p>"


def tc(content: str, properties: str = "") -> str:
    """A table cell."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tbl(*rows: Sequence[str], properties: str = "") -> str:
    """A table of cells made with `tc`, or of plain texts."""
    lines = ""
    for row in rows:
        cells = "".join(c if c.startswith("<w:tc>") else tc(c) for c in row)
        lines += f"<w:tr>{cells}</w:tr>"
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{lines}</w:tbl>"


def make_docx(path: Path, *body: str, main: str = "", **parts: str) -> Path:
    """A Word file of the given body; `parts` are inner XML of styles, numbering, footnotes."""
    main = main or f"<w:document {NAMESPACES}><w:body>{''.join(body)}</w:body></w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", main)
        for name, inner in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{inner}</w:{name}>")
    return path


@dataclass(frozen=True)
class Text:
    """A line of a PDF page: place and size in points; `colour` is a PDF operator."""

    text: str
    x: float = 90
    y: float = 700
    size: float = 16
    colour: str = "0 g"
    mode: int = 0


def make_pdf(path: Path, *pages: Sequence[Text], under: str = "", image: bool = False) -> Path:
    """A PDF whose Chinese text is not embedded, only mapped to Unicode; 595 × 842 points a page.

    `under` is drawn below the text; `image` puts a picture over the whole of every page.
    """
    letters = sorted({c for page in pages for line in page for c in line.text})
    code = {letter: i + 1 for i, letter in enumerate(letters)}
    rows = "".join(f"<{code[c]:04x}> <{c.encode('utf-16-be').hex()}>\n" for c in letters)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{rows}endbfchar endcmap end end"
    )
    widths = " ".join(f"{code[c]} [{500 if c.isascii() else 1000}]" for c in letters)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/FangSong/Encoding/Identity-H"
        b"/DescendantFonts[4 0 R]/ToUnicode 6 0 R>>",
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/FangSong/CIDSystemInfo<</Registry(Adobe)"
        f"/Ordering(Identity)/Supplement 0>>/DW 1000/W[{widths}]/FontDescriptor 5 0 R>>".encode(),
        b"<</Type/FontDescriptor/FontName/FangSong/Flags 4/FontBBox[0 -200 1000 800]/Ascent 800"
        b"/Descent -200/ItalicAngle 0/CapHeight 700/StemV 80>>",
        _stream(to_unicode.encode()),
        _stream(b"\x80", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
                "/BitsPerComponent 8"),
    ]  # fmt: skip
    kids = []
    for page in pages:
        drawn = under + (" q 595 0 0 842 0 0 cm /I Do Q " if image else "")
        for line in page:
            codes = "".join(f"{code[c]:04x}" for c in line.text)
            drawn += (
                f" BT {line.colour} {line.mode} Tr /F {line.size} Tf"
                f" {line.x} {line.y} Td <{codes}> Tj ET\n"
            )
        objects.append(_stream(drawn.encode()))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 7 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    path.write_bytes(_pdf(objects))
    return path


def _stream(data: bytes, entries: str = "") -> bytes:
    packed = zlib.compress(data)
    head = f"<<{entries}/Length {len(packed)}/Filter/FlateDecode>>stream\n".encode()
    return head + packed + b"\nendstream"


def _pdf(objects: Sequence[bytes], trailer: str = "") -> bytes:
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj".encode() + body + b"endobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010d} 00000 n \n".encode() for place in places))
    out.write(f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>".encode())
    out.write(f"startxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def make_locked_pdf(path: Path) -> Path:
    """A PDF that asks for a password (its keys fit none)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<"
        + b"41" * 32
        + b">/U<"
        + b"42" * 32
        + b">>>",
    ]
    path.write_bytes(_pdf(objects, f"/Encrypt 3 0 R/ID[<{'00' * 16}><{'00' * 16}>]"))
    return path


def make_zip(path: Path, members: dict[str, bytes], mode: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip archive."""
    with zipfile.ZipFile(path, "w", mode) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path
