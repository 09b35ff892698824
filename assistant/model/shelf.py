"""The folder of model files: what is there, what of it was checked, and its removal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.model.errors import ModelMissingError, WrongFileError
from assistant.model.record import PINNED, Pinned

__all__ = ["Progress", "Shelf", "State", "hash_file"]

State = Literal["ready", "unverified", "partial", "missing"]
Progress = Callable[[int, int], None]  # bytes so far, bytes in all
_BLOCK = 4 * 1024 * 1024


def hash_file(path: Path, progress: Progress | None = None) -> hashlib._Hash:
    """SHA-256 of a file, still open for more bytes."""
    digest = hashlib.sha256()
    size = path.stat().st_size
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            if progress:
                progress(file.tell(), size)
    return digest


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where one model lies.

    Args:
        folder: our own files: the model, a part of it, and the list of what was checked.
        elsewhere: a file of the user's own to use instead; it is read, never changed.
    """

    folder: Path
    model: Pinned = PINNED
    elsewhere: Path | None = None

    @classmethod
    def of(cls, home: Path, elsewhere: Path | None = None) -> Shelf:
        """The shelf of the data folder `home`."""
        return cls(home / "models", elsewhere=elsewhere.expanduser() if elsewhere else None)

    @property
    def path(self) -> Path:
        """The file the engine runs."""
        return self.elsewhere or self.folder / self.model.file

    @property
    def partial(self) -> Path:
        """The part of a download that has arrived."""
        return self.folder / f"{self.model.file}.part"

    @property
    def state(self) -> State:
        """`unverified`: there, but not checked since it was last changed."""
        if self.path.is_file():
            return "ready" if self._stamp() == self._known() else "unverified"
        return "partial" if self.have else "missing"

    @property
    def have(self) -> int:
        """Bytes of the model that are here."""
        held = self.path if self.path.is_file() else self.partial
        return held.stat().st_size if held.is_file() else 0

    def require(self) -> None:
        """Raise ModelMissingError unless the file is there."""
        if self.path.is_file():
            return
        if self.elsewhere:
            raise ModelMissingError(
                f"FAZHI_MODEL_FILE 指向的文件不存在：{self.elsewhere}",
                "请改正路径，或去掉该设置后运行 fazhi model pull。",
            )
        raise ModelMissingError("还没有下载本机模型。")

    def verified(self) -> Path:
        """The model file, its hash checked unless it was before and is unchanged since.

        Raises:
            ModelMissingError: it was not fetched.
            WrongFileError: it is another file; our own copy is deleted.
        """
        self.require()
        if self.state != "ready":
            same_size = self.path.stat().st_size == self.model.size
            if not same_size or hash_file(self.path).hexdigest() != self.model.sha256:
                raise self._wrong()
            self.remember()
        return self.path

    def remember(self) -> None:
        """Note that the file as it is now was checked."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._ledger.write_text(json.dumps(self._stamp()), "utf-8")

    def remove(self) -> tuple[Path, ...]:
        """Delete our own files of this model, not the user's; what was deleted."""
        own = (self.folder / self.model.file, self.partial)
        gone = tuple(path for path in own if path.is_file())
        for path in gone:
            path.unlink()
        self._ledger.unlink(missing_ok=True)
        return gone

    def _wrong(self) -> WrongFileError:
        if self.elsewhere:
            return WrongFileError(
                f"{self.elsewhere} 不是所需的模型文件（大小或校验值不符）。",
                "请改正 FAZHI_MODEL_FILE，或去掉该设置后运行 fazhi model pull。",
            )
        self.remove()
        return WrongFileError("模型文件已损坏（大小或校验值不符），已删除。")

    @property
    def _ledger(self) -> Path:
        return self.folder / f"{self.model.file}.checked.json"

    def _stamp(self) -> dict[str, str | int]:
        """What changes when the file does: its hash is only taken anew when this differs."""
        stat = self.path.stat()
        return {
            "path": str(self.path.resolve()),
            "size": stat.st_size,
            "mtime_ns": stat.st_mtime_ns,
            "sha256": self.model.sha256,
        }

    def _known(self) -> object:
        try:
            return json.loads(self._ledger.read_text("utf-8"))
        except (OSError, ValueError):
            return None
