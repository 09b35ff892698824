"""Words typed into the page and words said on it that differ from the command line's."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["by_name", "engine_name", "on_page", "without_commands", "years"]

_LOGGER = logging.getLogger(__name__)
_PAGE_WORDS = (
    ("用 fazhi reports 查看", "在“资料库”中查看"),
    ("用 fazhi ingest 导入", "在“资料库”中导入"),
    ("使用 fazhi ledger --template 生成的填报表", "使用“下载空白填报表”得到的表"),
    ("用 --year 指定", "可在上面选"),
    ("重新导入", "重新上传"),
    ("后再导入", "后再上传"),
)
_COMMAND = re.compile(r"fazhi [a-z]|FAZHI_|(?<![-\w])--[a-z]")
_COMMANDING = re.compile(rf"[，；]?[^，；。（）]*(?:{_COMMAND.pattern})[^，；。（）]*")
_ASK = "请联系管理员。"


@lru_cache(maxsize=256)  # a page asks at every look, and the log is told once
def on_page(hint: str) -> str:
    """A hint with the page's tabs in place of the commands that do the same.

    What only the command line or a setting can do is for the administrator, and goes to the log.
    """
    for command, tab in _PAGE_WORDS:
        hint = hint.replace(command, tab)
    if _COMMAND.search(hint) is None:
        return hint
    _LOGGER.warning("on the page without its commands: %s", hint)
    return "".join(dict.fromkeys(map(_without_commands, re.findall("[^。]+。?", hint))))


def _without_commands(sentence: str) -> str:
    clauses = re.split("，或|；", sentence.rstrip("。"))
    kept = [clause for clause in clauses if not _COMMAND.search(clause)]
    if len(kept) == len(clauses):
        return sentence
    return f"{'；'.join(kept)}。" if kept else _ASK


def without_commands(state: str) -> str:
    """A state told for those who cannot run commands: the clauses that name one are left out."""
    return _COMMANDING.sub("", state).replace("（）", "")


def engine_name(engine: str) -> str:
    """Who wrote an answer."""
    if engine == "extractive":
        return "摘引原文作答，未使用大模型"
    return "由大模型撰写，引文已逐条核对" if engine else ""


def by_name(name: str) -> bytes:
    """The place of a Chinese name in a list, by sound as people look names up.

    GB 18030 keeps the order of GB 2312, whose 3,755 common characters stand by pinyin; the rarer
    ones follow, by radical.
    """
    return name.encode("gb18030", "replace")


def years(picked: Sequence[str]) -> list[int]:
    """Years as picked or typed (2025年, 2025); what is no year is left out."""
    digits = [year.strip().removesuffix("年") for year in picked]
    return [int(year) for year in digits if year.isascii() and year.isdigit() and len(year) == 4]
