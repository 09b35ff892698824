"""Which reader a file goes to: decided by its content, whatever its name says."""

from __future__ import annotations

import re
from pathlib import Path

from vectorstore.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitExceededError,
    ReadError,
    UnsupportedFormatError,
    reason,
)
from vectorstore.types import Document

__all__ = ["read"]

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_CHARACTERS = 1_000_000  # a hundred times a long report; figures of so many take ten seconds

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_REFUSED = (
    (b"{\\rtf", "这是 RTF 格式的文档，暂不支持。"),
    (b"Rar!", "这是 RAR 压缩包，暂不支持。"),
    (b"7z\xbc\xaf", "这是 7z 压缩包，暂不支持。"),
    (b"\x1f\x8b", "这是 gzip 压缩包，暂不支持。"),
    (b"\x89PNG", "这是图片，没有可读取的文字。"),
    (b"\xff\xd8\xff", "这是图片，没有可读取的文字。"),
    (b"GIF8", "这是图片，没有可读取的文字。"),
    (b"BM", "这是图片，没有可读取的文字。"),
    (b"II*\x00", "这是图片，没有可读取的文字。"),
    (b"MM\x00*", "这是图片，没有可读取的文字。"),
)
_UNPACK = "请先解压，再导入其中的文件。"
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|span"
    rb"|script|style|link|h[1-6]|center|font|article|section|main)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEAD = 4096


def read(path: Path) -> Document:
    """Read one file into blocks of text, in this process.

    Raises a ReadError subclass, whose text is one Chinese sentence: empty, unsupported, damaged,
    encrypted, scanned, or too large. Files from others belong in `SafeParser`.
    """
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise LimitExceededError(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB，未读取。")
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise ReadError("找不到这个文件。", "请检查路径是否正确。") from exc
    except OSError as exc:
        raise ReadError(f"文件打不开（{reason(exc)}）。", "请检查文件权限后再试。") from exc
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise EmptyFileError("文件是空的，没有任何文字。")
    document = _read(path, data)
    characters = sum(len(block.text) for block in document.blocks)
    if characters > MAX_CHARACTERS:
        raise LimitExceededError(f"文件文字超过 {MAX_CHARACTERS // 10_000} 万字，未读取。")
    if not any(block.text.strip() for block in document.blocks):
        raise EmptyFileError("文件里没有可读取的文字。")
    return document


def _read(path: Path, data: bytes) -> Document:
    if b"%PDF-" in data[:1024]:
        from vectorstore.read.pdf import read_pdf

        return read_pdf(data)
    if data.startswith(_ZIP):
        return _read_zip(path, data)
    if data.startswith(_OLE):
        raise _ole_error(data)
    for magic, message in _REFUSED:
        if data.startswith(magic):
            hint = _UNPACK if "压缩包" in message else ""
            raise UnsupportedFormatError(message, hint)
    return _read_text(path, data)


def _read_zip(path: Path, data: bytes) -> Document:
    from vectorstore.read.archive import archive_error
    from vectorstore.read.docx import read_docx
    from vectorstore.read.package import open_package

    with open_package(data) as package:
        if package.main_part:
            return read_docx(package)
        names = package.names
    if "OFD.xml" in names:
        raise UnsupportedFormatError(
            "这是 OFD 版式文件，暂不支持。", "请用版式阅读软件另存为 .docx 或文字版 .pdf 后再导入。"
        )
    if any(name.startswith(("xl/", "ppt/")) for name in names) or "mimetype" in names:
        raise UnsupportedFormatError("这不是文字处理文档（可能是表格、演示文稿或其他办公文件）。")
    if path.suffix.lower() in {".docx", ".docm", ".dotx"}:
        raise BrokenFileError("Word 文档不完整，缺少正文部分。")
    raise archive_error(path)


def _ole_error(data: bytes) -> ReadError:
    """Old binary Office files and encrypted new ones share this container ([MS-CFB])."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return EncryptedFileError("文档设有打开密码，无法读取。")
    if holds("WordDocument"):
        return UnsupportedFormatError(
            "这是旧版 Word 文档（.doc 格式），无法直接读取。",
            "请用 Word 或 WPS 打开，另存为 .docx 后再导入。",
        )
    return UnsupportedFormatError("这是旧版办公软件的文件，不是 Word 文档，无法读取。")


def _read_text(path: Path, data: bytes) -> Document:
    from vectorstore.read.txt import decode, read_txt

    head = data[:_HEAD]
    if b"\x00" in head:
        head = decode(data[:_HEAD])[0].encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:13].lower() == b"mime-version:":
        raise UnsupportedFormatError("这是单个文件网页（MHT 格式），暂不支持。")
    if b"schemas.microsoft.com/office/word/2003" in head or b"/xmlPackage" in head:
        raise UnsupportedFormatError("这是 XML 格式的 Word 文档，暂不支持。")
    if _MARKUP.match(head) or path.suffix.lower() in {".html", ".htm"}:
        from vectorstore.read.html import read_html

        return read_html(data)
    return read_txt(data)
