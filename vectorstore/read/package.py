"""An Office file as a zip of XML parts, opened with limits and without following anything."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from types import TracebackType
from typing import Any

from lxml import etree

from vectorstore.errors import BrokenFileError, EncryptedFileError, LimitExceededError

__all__ = ["Package", "open_package"]

MAX_PART_BYTES = 32 * 1024 * 1024  # XML of one part, unpacked; a book has about 5 MB
MAX_MEMBERS = 5_000

_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# "Strict" documents use their own namespaces for the same elements (ISO/IEC 29500-1, Annex A).
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
)


class Package:
    """The parts of an Office file. Use as a context manager."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise LimitExceededError(f"文件内部多达 {len(infos)} 个部件，未读取。")
        if any(info.flag_bits & 0x1 for info in infos):
            raise EncryptedFileError("文件设有密码，无法读取。")
        self.names = frozenset(info.filename for info in infos)
        self.main_part = self._main_part()

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._archive.close()

    def xml(self, name: str) -> Any | None:
        """Root element of a part, or None where the file has no such part.

        Raises BrokenFileError, LimitExceededError.
        """
        if name not in self.names:
            return None
        return _parse(self._bytes(name))

    def beside_main(self, name: str) -> str:
        """Name of a part that lies in the same folder as the main one."""
        return posixpath.join(posixpath.dirname(self.main_part), name)

    def _main_part(self) -> str:
        root = self.xml("_rels/.rels")
        for relation in root.iter(_RELS) if root is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                target = str(relation.get("Target", "")).lstrip("/")
                name = posixpath.normpath(target)
                if name in self.names and not name.startswith(("xl/", "ppt/")):
                    return name
        return "word/document.xml" if "word/document.xml" in self.names else ""

    def _bytes(self, name: str) -> bytes:
        try:
            with self._archive.open(name) as part:
                data = part.read(MAX_PART_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as exc:
            raise BrokenFileError("文件已损坏，内部数据读不出来。") from exc
        if len(data) > MAX_PART_BYTES:
            raise LimitExceededError("文件展开后过大，未读取。")
        return data


def open_package(data: bytes) -> Package:
    """Open the bytes of a zip container. Raises BrokenFileError when it is truncated."""
    try:
        return Package(zipfile.ZipFile(io.BytesIO(data)))
    except (zipfile.BadZipFile, ValueError, OverflowError) as exc:
        raise BrokenFileError("文件不完整或已损坏，打不开。") from exc


def _parse(data: bytes) -> Any:
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    root: Any
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        raise BrokenFileError("文件已损坏，内部的 XML 不完整。") from exc
    if root.getroottree().docinfo.doctype:
        # No Office program writes one; it is how entities that expand or fetch come in.
        raise BrokenFileError("文件内部含有不应出现的实体定义，未读取。")
    return root
