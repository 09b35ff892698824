"""Why the system refused is told in plain Chinese, everywhere."""

from __future__ import annotations

import ast
import errno
import os
import re
from pathlib import Path

import pytest

from vectorstore.errors import ReadError, reason
from vectorstore.indicators import IndicatorFileError, load_lexicon
from vectorstore.read import read

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(p for k in ("vectorstore", "assistant") for p in (ROOT / k).rglob("*.py"))
COMMON = ["ENOENT", "EACCES", "EPERM", "ENOSPC", "EROFS", "ENAMETOOLONG", "EISDIR", "EIO", "EDQUOT"]


@pytest.mark.parametrize("name", COMMON)
def test_common_reasons_are_in_words(name: str) -> None:
    number = getattr(errno, name)
    said = reason(OSError(number, os.strerror(number), "/secret/place"))
    assert re.fullmatch(r"[一-鿿，]+", said)


def test_any_other_reason_has_its_number_and_no_english() -> None:
    assert reason(OSError(errno.EXDEV, os.strerror(errno.EXDEV))) == f"系统错误 {errno.EXDEV}"
    assert re.fullmatch(r"[一-鿿]+", reason(OSError("short write")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_tells_the_systems_own_words(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "strerror" not in named


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="这是文件夹"):
        read(tmp_path)


def test_missing_and_wrongly_encoded_indicators_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(IndicatorFileError) as raised:
        load_lexicon(tmp_path / "own.yaml")
    assert str(raised.value) == "own.yaml：无法读取（没有这个文件或文件夹）。"
    (tmp_path / "own.yaml").write_bytes("indicators: 指标".encode("gbk"))
    with pytest.raises(IndicatorFileError, match="UTF-8"):
        load_lexicon(tmp_path / "own.yaml")
