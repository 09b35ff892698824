"""Folders and zip archives opened into files; nothing is written outside the scratch folder."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from vectorstore.errors import (
    BrokenFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitExceededError,
    ReadError,
    UnsupportedFormatError,
)

__all__ = ["SUFFIXES", "archive_error", "expand"]

# Formats that hold reports; the unreadable ones are named so that reading them says what to do.
READABLE = frozenset({".txt", ".docx", ".docm", ".pdf", ".html", ".htm"})
SUFFIXES = READABLE | {".zip", ".doc", ".wps", ".rtf", ".ofd", ".rar", ".7z"}

MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 100 * 1024 * 1024
MAX_TOTAL_BYTES = 500 * 1024 * 1024
# Deflate cannot shrink text of real documents by more; bombs reach a thousand times.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 10 * 1024 * 1024
_MAX_NAME_BYTES = 180
_COPY_BYTES = 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)
_UNREADABLE = (zipfile.BadZipFile, OSError, ValueError)
_REPACK = "请重新下载或重新打包后再导入。"


def expand(paths: Iterable[Path], scratch: Path) -> Iterator[Path]:
    """Files to read: folders walked in name order, archives unpacked below `scratch`.

    A path named by the user is passed on whatever it is, and an archive that holds anything not
    taken (too large, unsafe, encrypted, broken, empty) is itself passed on after its good members:
    reading it raises the error that says why. Nothing here raises for bad content.
    """
    for path in paths:
        if path.is_dir():
            files = (p for p in sorted(path.rglob("*")) if _is_report(p.relative_to(path)))
            for file in files:
                if file.is_file():
                    yield from _expand_file(file, scratch)
        else:
            yield from _expand_file(path, scratch)


def archive_error(path: Path) -> ReadError:
    """Why an archive, or some of it, was not read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return (
                _problem(archive)
                or _damage(archive)
                or UnsupportedFormatError(
                    "这是压缩包，压缩包里套的压缩包不会再展开。", "请先解压，再导入其中的文件。"
                )
            )
    except _UNREADABLE:
        return BrokenFileError("压缩包不完整或已损坏，打不开。", _REPACK)


def _is_report(relative: Path) -> bool:
    """Whether a file found in a folder is one to read; hidden and lock files are not."""
    parts = relative.parts
    if any(part.startswith((".", "__MACOSX")) for part in parts) or parts[-1].startswith("~$"):
        return False
    return relative.suffix.lower() in SUFFIXES


def _expand_file(path: Path, scratch: Path) -> Iterator[Path]:
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        yield path
        return
    whole = False
    try:
        with zipfile.ZipFile(path) as archive:
            problem = _problem(archive)
            whole = problem is None
            if not isinstance(problem, LimitExceededError | EncryptedFileError):
                folder = scratch / f"{_short(path.stem)}-{_fingerprint(path)}"
                for member, target in _members(archive, folder):
                    if _unpack(archive, member, target):
                        yield target
                    else:
                        whole = False
    except _UNREADABLE:
        whole = False
    if not whole:
        yield path


def _problem(archive: zipfile.ZipFile) -> ReadError | None:
    """What keeps the archive from being read whole."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MAX_MEMBERS:
        return LimitExceededError(
            f"压缩包里有 {len(infos)} 个文件，超过 {MAX_MEMBERS} 个，未展开。"
        )
    if any(_is_bomb(info) for info in infos) or sum(i.file_size for i in infos) > MAX_TOTAL_BYTES:
        return LimitExceededError("压缩包展开后过大，未展开。")
    if any(info.flag_bits & 0x1 for info in infos):
        return EncryptedFileError("压缩包设有密码，无法读取。")
    if unsafe := [info for info in infos if _is_unsafe(info)]:
        name = _member_name(unsafe[0])[-60:]
        return UnsupportedFormatError(
            f"压缩包内“{name}”指向压缩包以外的位置，该项未读取。", "请重新打包后再导入该文件。"
        )
    if not any(_is_report(Path(_member_name(info))) for info in infos):
        return EmptyFileError("压缩包里没有可导入的报告。", "支持 .docx、.pdf、.html、.txt 文件。")
    return None


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    # zipfile never yields more than the declared size, so the declared sizes are the true bound.
    ratio = info.file_size / max(info.compress_size, 1)
    large = info.file_size > _RATIO_FROM_BYTES
    return info.file_size > MAX_MEMBER_BYTES or (large and ratio > MAX_RATIO)


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    name = _member_name(info)
    climbs = ".." in PurePosixPath(name).parts
    absolute = name.startswith("/") or bool(re.match("[A-Za-z]:", name))
    return climbs or absolute or stat.S_ISLNK(info.external_attr >> 16)


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name with `/` between folders; without the UTF-8 flag it is GBK in practice."""
    name = info.filename
    if not info.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _members(archive: zipfile.ZipFile, folder: Path) -> Iterator[tuple[zipfile.ZipInfo, Path]]:
    """Reports in the archive and where each goes."""
    used: set[Path] = set()
    for info in archive.infolist():
        relative = Path(_member_name(info))
        if not info.is_dir() and not _is_unsafe(info) and _is_report(relative):
            yield info, _free(folder.joinpath(*(_short(part) for part in relative.parts)), used)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> bool:
    """Write one member; False, and no file, when its data are damaged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(info) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, _COPY_BYTES)
    except _DAMAGED:
        target.unlink(missing_ok=True)
        return False
    return True


def _damage(archive: zipfile.ZipFile) -> ReadError | None:
    """The first report in the archive whose data are damaged."""
    for info, target in _members(archive, Path()):
        try:
            with archive.open(info) as source:
                while source.read(_COPY_BYTES):
                    pass
        except _DAMAGED:
            return BrokenFileError(f"压缩包内“{target.name}”已损坏，该项未读取。", _REPACK)
    return None


def _free(target: Path, used: set[Path]) -> Path:
    """`target`, numbered when two members of one archive share a name."""
    candidate, n = target, 1
    while candidate in used:
        n += 1
        candidate = target.with_stem(f"{target.stem}-{n}")
    used.add(candidate)
    return candidate


def _short(name: str) -> str:
    """A file name that any file system takes: no control characters, at most 180 bytes."""
    name = re.sub(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]', "_", name)
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if stem and len(suffix) <= 5 else (name, "")
    while len(stem.encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return stem + suffix


def _fingerprint(path: Path) -> str:
    """Eight hex digits that tell archives of the same name apart."""
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
