"""No advice for the command line reaches those who only have the page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.words import by_name, on_page, without_commands

ROOT = Path(__file__).parents[2]
COMMAND = re.compile("fazhi |FAZHI_|--")


def hints() -> Iterator[str]:
    """Every default hint, and every hint given to an error where it is raised."""
    for package in ("assistant", "vectorstore"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "default_hint":
                    yield from text(node.value)
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error"):
                    yield from [said for argument in node.args[1:2] for said in text(argument)]


def text(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        return [node.value]
    return []


def test_no_hint_tells_the_page_of_a_command() -> None:
    found = {hint for hint in hints() if COMMAND.search(hint)}
    assert len(found) > 15
    for hint in found:
        told = on_page(hint)
        assert COMMAND.search(told) is None, told
        assert told.endswith("。"), told


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("没有下载（可选；fazhi model pull 下载 1.1 GB）", "没有下载（可选）"),
        ("7 段待建语义索引（运行 fazhi ingest 继续）", "7 段待建语义索引"),
        (
            "甲.gguf，已校验，用 --engine local 试用；缺组件（可选）",
            "甲.gguf，已校验；缺组件（可选）",
        ),
        ("fazhi 0.1.0，Python 3.11", "fazhi 0.1.0，Python 3.11"),
    ],
)
def test_a_state_is_told_without_its_commands(state: str, told: str) -> None:
    assert without_commands(state) == told


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("请重试。", "请重试。"),
        ("", ""),
        ("用 fazhi reports 查看已入库的报告。", "在“资料库”中查看已入库的报告。"),
        ("请检查 FAZHI_LLM_API_KEY 是否正确、是否有权使用该模型。", "请联系管理员。"),
        ("可能繁忙，请稍后再试，或调大 FAZHI_LLM_TIMEOUT。", "可能繁忙，请稍后再试。"),
        ("请补齐后再导出；确需照原样导出，请加 --force。", "请补齐后再导出。"),
        ("向量对不上。运行 fazhi ingest --reembed；检查 FAZHI_X。", "向量对不上。请联系管理员。"),
        ("请确认文件内容已保存，再重新导入。", "请确认文件内容已保存，再重新上传。"),
        ("其他年度用 --year 指定。", "其他年度可在上面选。"),
    ],
)  # fmt: skip
def test_what_a_clerk_can_do_stays(hint: str, told: str) -> None:
    assert on_page(hint) == told


def test_names_stand_by_their_sound() -> None:
    names = ["许昌市", "岚泊县", "丰湾县", "安化县", "广塘县", "西宁市", "德岭县", "🜁"]
    sorted_ = ["安化县", "德岭县", "丰湾县", "广塘县", "西宁市", "许昌市"]  # by pinyin
    assert [name for name in sorted(names, key=by_name) if name in sorted_] == sorted_
