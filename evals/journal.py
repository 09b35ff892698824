"""What a run has found so far, on disk as each case ends, so that hours of it survive a stop."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

__all__ = ["Journal", "ResumeError"]

_NAMES = {
    "engine": "引擎",
    "model": "模型",
    "judge": "评判模型",
    "seed": "种子",
    "limit": "用例上限",
    "dataset": "数据",
    "prompts": "提示词",
}


class ResumeError(AssistantError):
    """The run on disk was made under other conditions, or is not there."""

    default_hint = "去掉 --resume 重新测，或换一个 -o 目录。"


class Journal:
    """JSON lines: the conditions of the run, then one line a case; `path` None keeps nothing.

    The first line, written anew by every start, names the conditions (`facts`) and the commit.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._kept: dict[tuple[str, str], Any] = {}
        self.commits: tuple[str, ...] = ()

    @classmethod
    def start(cls, path: Path, facts: Mapping[str, Any], commit: str, *, resume: bool) -> Journal:
        """A new journal (an old file keeps the ending `.old`), or the one at `path` continued.

        Raises ResumeError when there is none to continue, or one with other `facts`.
        """
        journal = cls(path)
        if resume:
            journal._read(facts)
        elif path.exists():
            path.replace(path.with_suffix(".old"))
        path.parent.mkdir(parents=True, exist_ok=True)
        journal.commits = tuple(dict.fromkeys((*journal.commits, commit)))
        journal._write({"facts": _plain(facts), "commit": commit})
        return journal

    def get(self, suite: str, key: str) -> Any | None:
        """The record of a case that has ended, None for one that has not."""
        return self._kept.get((suite, key))

    def put(self, suite: str, key: str, record: Any) -> None:
        """Write the record of a case at once."""
        if self._path is not None:
            self._write({"suite": suite, "case": key, "record": record})

    def _write(self, line: Mapping[str, Any]) -> None:
        assert self._path is not None
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _read(self, facts: Mapping[str, Any]) -> None:
        assert self._path is not None
        try:
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise ResumeError(f"没有可以接着做的测评：{self._path}") from exc
        lines = [found for line in text.split("\n") if (found := _line(line)) is not None]
        heads = [line for line in lines if "facts" in line]
        if not heads:
            raise ResumeError(f"{self._path} 不是测评的记录。")
        if other := _differences(heads[0]["facts"], _plain(facts)):
            raise ResumeError(f"与上次中断的测评条件不同，不能接着做：{'、'.join(other)}。")
        self.commits = tuple(dict.fromkeys(head["commit"] for head in heads))
        self._kept = {(x["suite"], x["case"]): x["record"] for x in lines if "record" in x}
        if not text.endswith("\n"):  # the last line was cut off: the next one starts below it
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n")


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON gives them back."""
    plain: dict[str, Any] = json.loads(json.dumps(facts))
    return plain


def _line(text: str) -> dict[str, Any] | None:
    """One line; None for one that a stop cut off."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return [f"{_NAMES.get(key, key)}（{old.get(key)} → {new.get(key)}）" for key in keys]
