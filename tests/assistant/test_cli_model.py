"""`fazhi model` and `--engine local` on the command line, with a tiny model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant import model
from assistant.answer.chain import LLMAnswerer
from assistant.build import Services
from assistant.cli import app
from assistant.doctor import examine
from assistant.llm.local import LocalChat
from assistant.model import Shelf
from assistant.settings import EngineError, Settings, check_engine
from tests.assistant.model_parts import BYTES, TINY, FileServer


@pytest.fixture(autouse=True)
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, and `TINY` in the place of the real model."""
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))
    for name in ("FAZHI_MODEL_FILE", "FAZHI_ENGINE", "FAZHI_LLM_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(model, "PINNED", TINY)
    monkeypatch.setattr(
        Shelf,
        "of",
        classmethod(lambda cls, home, elsewhere=None: cls(home / "models", TINY, elsewhere)),
    )
    file = tmp_path / "tiny.gguf"
    file.write_bytes(BYTES)
    return file


def _run(*words: str) -> Any:
    done = CliRunner().invoke(app, ["model", *words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_pull_list_rm(tiny: Path) -> None:
    assert _run("list")["models"][0]["state"] == "missing"
    pulled = _run("pull", "--from", str(tiny))
    assert pulled["status"] == "added"
    assert Path(pulled["path"]).read_bytes() == BYTES
    assert (pulled["bytes"], pulled["sha256"]) == (TINY.size, TINY.sha256)
    assert _run("pull")["status"] == "unchanged"  # and asks nobody
    row = _run("list")["models"][0]
    assert (row["state"], row["have"], row["license"]) == ("ready", TINY.size, "MIT")
    assert _run("rm")["removed"] == [pulled["path"]]
    assert _run("rm") == {"model": "tiny", "removed": [], "bytes": 0}


def test_pull_from_the_hub_the_user_names(monkeypatch: pytest.MonkeyPatch) -> None:
    with FileServer() as server:
        monkeypatch.setenv("FAZHI_MODEL_HUB", server.url)
        assert _run("pull", "--from", "hub")["status"] == "added"
        assert len(server.asked) == 1


def test_a_cut_pull_says_how_to_go_on() -> None:
    with FileServer(cut=100) as server, pytest.raises(model.PullError) as caught:
        CliRunner().invoke(app, ["model", "pull", "--from", server.url], catch_exceptions=False)
    assert "接着下载" in caught.value.hint
    row = _run("list")["models"][0]
    assert (row["state"], row["have"]) == ("partial", 100)


def test_text_for_people(tiny: Path) -> None:
    done = CliRunner().invoke(app, ["model", "pull", "--from", str(tiny)])
    assert "已下载并校验" in done.stdout
    assert "可用（已校验）" in CliRunner().invoke(app, ["model", "list"]).stdout
    assert "已删除" in CliRunner().invoke(app, ["model", "rm"]).stdout
    assert "没有可删除" in CliRunner().invoke(app, ["model", "rm"]).stdout


def test_the_users_own_file(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_MODEL_FILE", str(tiny))
    assert _run("pull")["path"] == str(tiny)
    assert _run("rm")["removed"] == []
    assert tiny.exists()


def test_one_clear_line_when_there_is_no_model(tmp_path: Path) -> None:
    """The whole program, so that exit code and streams are the user's."""
    program = "from assistant.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "ask", "立案多少", "--engine", "local"],
        env={**os.environ, "FAZHI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    first, hint = done.stderr.strip().splitlines()
    assert first.startswith("错误：")
    assert hint.startswith("建议：")


class TestEngine:
    def test_never_local_by_itself(self, tiny: Path) -> None:
        _run("pull", "--from", str(tiny))
        assert check_engine(None, Settings()) == "extractive"

    def test_by_name_or_setting(self, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("xllamacpp")
        with pytest.raises(model.ModelMissingError):
            check_engine("local", Settings())
        _run("pull", "--from", str(tiny))
        assert check_engine("local", Settings()) == "local"
        monkeypatch.setenv("FAZHI_ENGINE", "local")
        assert check_engine(None, Settings()) == "local"
        assert Settings().model_name("local").startswith("qwen")

    def test_its_answers_are_the_chains_and_nothing_is_loaded_yet(
        self, tiny: Path, sample_services: Services
    ) -> None:
        pytest.importorskip("xllamacpp")
        _run("pull", "--from", str(tiny))
        services = replace(sample_services, settings=Settings())
        chain = services.answerer("local")
        assert isinstance(chain, LLMAnswerer)
        assert isinstance(chain.model, LocalChat)
        assert chain.engine == "local"
        assert chain.context <= Settings().local_context
        again = services.answerer("local")
        assert isinstance(again, LLMAnswerer)
        assert again.model.server is chain.model.server  # one model a process
        assert not chain.model.server.running

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.model.server.find_spec", lambda _: None)
        with pytest.raises(model.ModelMissingError, match="组件") as caught:
            check_engine("local", Settings())
        assert "[local]" in caught.value.hint

    def test_unknown(self) -> None:
        with pytest.raises(EngineError, match="extractive、openai、local"):
            check_engine("gpt", Settings())

    def test_doctor_tells_its_state(self, tiny: Path) -> None:
        def said() -> str:
            return {c.name: c.detail for c in examine(Settings()).checks}["本机模型"]

        assert "没有下载" in said()
        _run("pull", "--from", str(tiny))
        assert "已校验" in said()
