"""What a score was measured with: engine, model, data, code and machine."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Provenance", "commit", "dataset_hash"]

_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Provenance:
    """The facts a run is recorded with.

    `dataset` gives each suite's hash, `prompts` the `name@version:hash` of every prompt used;
    `commit` is empty outside a checkout and ends in “+” when tracked files were changed.
    """

    engine: str
    model: str
    seed: int
    limit: int | None
    commit: str
    machine: str
    dataset: dict[str, str]
    prompts: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As recorded beside the metrics."""
        return asdict(self)

    def lines(self) -> list[tuple[str, str]]:
        """Name and value, as shown in the report."""
        return [
            ("引擎", f"{self.engine} {self.model}".strip()),
            ("随机种子", str(self.seed)),
            ("用例上限", "全部" if self.limit is None else str(self.limit)),
            ("代码版本", self.commit or "未知"),
            ("数据", "；".join(f"{name} {digest}" for name, digest in self.dataset.items())),
            ("提示词", "；".join(self.prompts) or "未使用"),
            ("机器", self.machine),
        ]


def dataset_hash(paths: Iterable[Path]) -> str:
    """The first 16 hex digits of the SHA-256 of names and bytes of `paths`, folders opened."""
    digest = hashlib.sha256()
    files = {
        file
        for path in paths
        for file in (path.rglob("*") if path.is_dir() else [path])
        if file.is_file() and "__pycache__" not in file.parts
    }
    for file in sorted(files):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def commit() -> str:
    """The short commit of this checkout, “+” after it when tracked files differ; "" elsewhere."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return head + "+" if head and _git("status", "--porcelain", "--untracked-files=no") else head


def _git(*args: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(_ROOT), *args], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
