"""A setting that cannot be used is named, with what it may be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.settings import Settings, SettingsError
from tests.conftest import SAMPLES

SAMPLE = SAMPLES / "lanbo-health-2024.txt"

BAD = [
    ("FAZHI_ENGINE", "foo", "extractive、openai、local"),
    ("FAZHI_ENGINE", "", "extractive、openai、local"),
    ("FAZHI_LLM_TIMEOUT", "abc", "一个数"),
    ("FAZHI_LLM_TIMEOUT", "0", "大于 0"),
    ("FAZHI_LOCAL_TIMEOUT", "inf", "一个数"),
    ("FAZHI_LLM_CONTEXT", "100", "不能小于 2048"),
    ("FAZHI_LOCAL_THREADS", "1.5", "整数"),
    ("FAZHI_HOME", "~no-such-user/data", "完整路径"),
]


@pytest.mark.parametrize(("name", "value", "wanted"), BAD)
def test_a_bad_setting_is_named(
    name: str, value: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        Settings()
    assert str(raised.value) == f"设置 {name} 的值“{value}”不对。"
    assert wanted in raised.value.hint


@pytest.mark.parametrize("name", ["FAZHI_LLM_BASE_URL", "FAZHI_EMBED_BASE_URL"])
@pytest.mark.parametrize("value", ["http://me:hush@[::1", "http://me:hush@host:eighty/v1"])
def test_a_bad_address_is_named_without_its_password(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        Settings()
    assert str(raised.value) == f"设置 {name} 的值不对。"
    assert "http://" in raised.value.hint


def test_good_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_ENGINE", "extractive")
    monkeypatch.setenv("FAZHI_LLM_TIMEOUT", "1.5")
    monkeypatch.setenv("FAZHI_HOME", "~/data")
    settings = Settings()
    assert (settings.engine, settings.llm_timeout) == ("extractive", 1.5)
    assert settings.folder == Path.home() / "data"


COMMANDS = [
    ["ingest", "一.txt"], ["reports"], ["delete", "ab12"], ["ask", "问"], ["search", "问"],
    ["check", str(SAMPLE)], ["ledger"], ["brief", "-o", "简报.docx"], ["verify", str(SAMPLE)],
    ["audit"], ["serve"], ["doctor"], ["mcp"], ["eval", "--suite", "quantities"],
    ["draft", "report", "--org", "甲局", "--year", "2026", "-o", "草稿.docx"],
    ["model", "list"], ["model", "pull"], ["model", "serve"], ["model", "rm"],
    ["users", "list"], ["users", "add", "王芳"],
]  # fmt: skip
EACH = """
import sys
from assistant.cli import main
for line in sys.argv.pop().splitlines():
    sys.argv[1:] = line.split("\\t")
    try:
        main()
    except SystemExit as end:
        print(sys.argv[1], end.code)
"""


def test_every_command_tells_a_bad_setting_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "一.txt").write_text("甲局2024年法治政府建设情况报告", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", EACH, "\n".join("\t".join(command) for command in COMMANDS)],
        cwd=tmp_path,
        env={**os.environ, "FAZHI_HOME": str(tmp_path / "home"), "FAZHI_ENGINE": "foo"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [f"{command[0]} 1" for command in COMMANDS], done.stderr
    told = ["错误：设置 FAZHI_ENGINE 的值“foo”不对。", "建议：可用：extractive、openai、local。"]
    assert done.stderr.splitlines() == told * len(COMMANDS)
