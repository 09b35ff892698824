"""Fetch a model: from where it broke off, checked before it is used."""

from __future__ import annotations

import errno
import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from assistant.model.errors import ModelBusyError, ModelError, PullError, WrongFileError
from assistant.model.shelf import Progress, Shelf, hash_file
from assistant.model.sources import Source
from vectorstore.errors import reason

__all__ = ["pull"]

_SPARE = 64 * 1024 * 1024  # bytes of disk left over for everyone else


def pull(shelf: Shelf, sources: Sequence[Source], progress: Progress | None = None) -> Path:
    """Fetch the model of `shelf` from the first source that works; the checked file.

    Raises:
        PullError: every source broke off; what has arrived is kept.
        WrongFileError: the bytes are not the model's; they were deleted.
        ModelError: too little disk, or the source cannot be read.
        ModelBusyError: another process is at it.
    """
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with _opened(shelf.partial) as part:
        for at, source in enumerate(sources, start=1):
            try:
                _fetch(shelf, source, part, progress)
                break
            except PullError:
                if at == len(sources):
                    raise
    shelf.partial.replace(shelf.path)
    shelf.remember()
    return shelf.path


@contextmanager
def _opened(partial: Path) -> Iterator[IO[bytes]]:
    with partial.open("ab") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ModelBusyError("另一个程序正在下载这个模型。") from error
        yield part


def _fetch(shelf: Shelf, source: Source, part: IO[bytes], progress: Progress | None) -> None:
    model = shelf.model
    have = shelf.partial.stat().st_size
    _check_space(shelf.folder, model.size - have)
    digest = hash_file(shelf.partial)
    try:
        for piece in source.pieces(have) if have < model.size else ():
            part.write(piece)
            digest.update(piece)
            have += len(piece)
            if progress:
                progress(min(have, model.size), model.size)
            if have > model.size:
                break
        part.flush()
    except OSError as error:
        raise _disk(error) from error
    if have < model.size:
        raise PullError(f"从 {source.label} 只收到 {have:,} 字节，应有 {model.size:,} 字节。")
    if have != model.size or digest.hexdigest() != model.sha256:
        shelf.partial.unlink()
        raise WrongFileError(f"从 {source.label} 得到的文件校验值不符，已删除。")


def _check_space(folder: Path, need: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < need + _SPARE:
        raise _full(f"还需要约 {need / 1e9:.1f} GB，只剩 {free / 1e9:.1f} GB")


def _disk(error: OSError) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full("写到一半时已满")
    return ModelError(f"写不了模型文件：{reason(error)}。")


def _full(how: str) -> ModelError:
    return ModelError(f"磁盘空间不够：{how}。", "请腾出空间，或用 FAZHI_HOME 换一个数据目录。")
