"""Plain text: encoding, lines, tab-separated tables."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import groupby

from vectorstore.errors import UnsupportedFormatError
from vectorstore.read.lines import table_text
from vectorstore.types import Block, Document, Note

__all__ = ["decode", "read_txt"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark is its first half
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_GUESSES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
# Text of the kind we read: ideographs, Latin, and the punctuation of both.
_EXPECTED = re.compile(
    "[\u4e00-\u9fff\u3000-\u303f\uff01-\uff5e\t\n\r\x20-\x7e“”‘’—–…·①-⑳\u00a0℃％〇]"
)
# The commonest characters of modern written Chinese and of this subject; a wrong decoding yields
# ideographs too, but never these.
_COMMON = re.compile("[的是了在和有为不一人法治政府工作行执建设推进，。、：“”（）0-9\n]")
_WIDE = re.compile("[^\x00-\x7f]")
_BROKEN = re.compile("[\ufffd\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_TEXT = 0.6  # of the characters must be expected ones, or the bytes are no text
_SAMPLE = 200_000  # characters looked at when scoring a decoding
_LINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def read_txt(data: bytes) -> Document:
    """Read plain text in any of the encodings in use: UTF-8, UTF-16, GB18030."""
    text, notes = decode(data)
    return Document(tuple(_blocks(_LINE.split(text))), "txt", notes)


def decode(data: bytes, declared: str = "") -> tuple[str, tuple[Note, ...]]:
    """Text of `data`, its encoding read from the byte order mark, `declared`, or the text itself.

    Bytes that fit no encoding become U+FFFD, with a note. Raises UnsupportedFormatError when it is
    not text at all.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    if declared:
        try:
            return data.decode(declared), ()
        except (UnicodeDecodeError, LookupError):
            pass  # the page lies about itself, as many do
    encoding = max(_GUESSES, key=lambda guess: sum(_likeness(data, guess)))
    if _likeness(data, encoding)[0] < _TEXT:
        raise UnsupportedFormatError("文件内容不是文字，无法按文本读取。")
    return _lenient(data, encoding)


def _likeness(data: bytes, encoding: str) -> tuple[float, float]:
    """How much the bytes look like text in that encoding (up to 1), and like Chinese (up to .5)."""
    text = data[: 2 * _SAMPLE].decode(encoding, "replace")[:_SAMPLE] or "\0"
    expected = len(_EXPECTED.findall(text)) / len(text)
    broken = len(_BROKEN.findall(text)) / len(text)
    wide = len(_WIDE.findall(text))
    common = min(len(_COMMON.findall(text)) / wide, 0.5) if wide else 0.5
    return expected - 5 * broken, common


def _lenient(data: bytes, encoding: str) -> tuple[str, tuple[Note, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    message = f"文件中有 {text.count(chr(0xFFFD))} 处字节无法识别，已用 \ufffd 代替。"
    return text, (Note("encoding", message),)


def _blocks(lines: list[str]) -> Iterator[Block]:
    filled = (line.strip(" ") for line in lines if line.strip())
    for tabs, group in groupby(filled, key=lambda line: line.strip("\t").count("\t")):
        rows = list(group)
        if tabs and len(rows) > 1:
            if all(row.startswith("\t") for row in rows):  # the table as a whole is indented
                rows = [row.lstrip("\t") for row in rows]
            yield Block(table_text(row.split("\t") for row in rows), kind="table")
        else:
            yield from (Block(" ".join(row.split("\t")).strip(" ")) for row in rows)
