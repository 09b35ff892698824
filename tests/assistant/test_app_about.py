"""What the page says of its own installation: scores, configuration, health, versions, leaks."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from assistant.app.about.desk import AboutDesk
from assistant.build import Services, open_services, own_services
from assistant.settings import Settings
from tests.conftest import SAMPLES
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """As a running server has them: it owns the folder."""
    with own_services(Settings(home=tmp_path / "home"), "fazhi serve") as services:
        ingest(
            [SAMPLES / "lanbo-health-2024.txt"],
            services.store,
            reader=parse,
            lexicon=load_lexicon(),
        )
        yield services


def with_endpoints(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", address)
    monkeypatch.setenv("FAZHI_LLM_MODEL", "gov-7b")
    monkeypatch.setenv("FAZHI_LLM_API_KEY", "geheim")
    monkeypatch.setenv("FAZHI_EMBED_BASE_URL", address)
    monkeypatch.setenv("FAZHI_EMBED_MODEL", "e")
    monkeypatch.setenv("FAZHI_EMBED_API_KEY", "geheim")


def everything(desk: AboutDesk, *, admin: bool = True) -> str:
    *_, health = desk.health(admin=admin)
    told = desk.facts(admin=admin, login=not admin)
    return health + told + desk.scores(admin=admin) + desk.versions()


def test_by_default_nothing_leaves_and_everything_works(services: Services) -> None:
    desk = AboutDesk(services)
    looking, health = desk.health(admin=True)
    assert "正在检查" in looking
    assert "一切正常" in health
    assert "由本服务使用" in health  # its own lock is no problem
    facts = desk.facts(admin=True, login=False)
    assert "没有。读报告、检索、问答" in facts
    assert "1 份报告，1 个单位" in facts
    assert str(services.settings.folder) in facts
    assert "没有启用，只有本机能打开" in facts
    assert len(list(desk.health(admin=True))) == 1  # kept
    assert len(list(desk.health(admin=True, again=True))) == 2


def test_a_stranger_is_told_no_path(services: Services) -> None:
    told = everything(AboutDesk(services), admin=False)
    assert str(services.settings.folder) not in told
    assert "（数据目录）" in told
    assert "已启用" in told


def test_engines_are_told_in_the_words_of_the_page(services: Services) -> None:
    told = everything(AboutDesk(services))
    assert "<span>摘引原文作答，不用大模型</span>" in told
    assert not re.search(r">extractive\b", told)


def test_commands_are_told_to_who_can_run_them(services: Services) -> None:
    desk = AboutDesk(services)
    at_the_machine, visiting = everything(desk), everything(desk, admin=False)
    assert "没有下载（可选；fazhi model pull 下载" in at_the_machine
    assert "待建语义索引（运行 fazhi ingest 继续）" in at_the_machine
    assert "没有下载（可选）" in visiting
    assert "待建语义索引</span>" in visiting
    assert "fazhi model" not in visiting
    assert "fazhi ingest" not in visiting


def test_a_visitor_is_sent_to_who_administers_when_an_engine_fails(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("FAZHI_LLM_MODEL", "gov-7b")
    with open_services(Settings(home=services.settings.home)) as configured:
        told = everything(AboutDesk(configured), admin=False)
    assert "1 项有问题" in told
    assert "请联系管理员" in told
    assert "FAZHI_" not in told


def test_with_endpoints_the_hosts_and_the_texts_are_told_and_never_a_key(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is asked here: the names are only told.
    with_endpoints(monkeypatch, "http://user:passwort@model.example:8000/v1")
    with open_services(Settings(home=services.settings.home)) as configured:
        facts = AboutDesk(configured).facts(admin=True, login=False)
    assert "<code>model.example</code>" in facts
    assert "gov-7b（model.example）" in facts
    assert "提问、同一对话中较早的问答、检索到的报告段落" in facts
    assert "全部报告的文字（分段发送）和每次提问" in facts
    assert "没有。" not in facts
    assert "geheim" not in facts
    assert "passwort" not in facts


def test_a_failing_engine_is_marked_with_the_next_step_and_without_credentials(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_LLM_BASE_URL", "http://user:passwort@127.0.0.1:9/v1")
    monkeypatch.setenv("FAZHI_LLM_MODEL", "gov-7b")
    monkeypatch.setenv("FAZHI_LLM_API_KEY", "geheim")
    with open_services(Settings(home=services.settings.home)) as configured:
        desk = AboutDesk(configured)
        told = everything(desk)
        assert "没有。读报告" in told  # a model on this machine is not elsewhere
    assert "1 项有问题" in told
    assert "✗" in told
    assert "FAZHI_LLM_BASE_URL" in told
    assert "geheim" not in told
    assert "passwort" not in told


def test_the_scores_shipped_have_counts_intervals_targets_and_marks(services: Services) -> None:
    scores = AboutDesk(services).scores(admin=True)
    assert "随产品提供；摘引原文作答，不用大模型" in scores
    for head in ("得分", "计数", "95% 区间", "目标", "达标"):
        assert f">{head}</th>" in scores
    baseline = json.loads(
        (Path(__file__).parents[2] / "evals/baselines/extractive.json").read_text("utf-8")
    )
    hits = baseline["metrics"]["answer"]["accuracy"]["test"]["all"]
    assert f"<td>{hits['hits']}/{hits['total']}</td>" in scores
    assert baseline["provenance"]["commit"] in scores


def test_a_newer_run_of_this_installation_comes_first_and_broken_files_are_passed_over(
    services: Services,
) -> None:
    folder = services.settings.folder / "eval"
    folder.mkdir()
    table = {"title": HOSTILE, "head": ["项目", "目标", "达标"], "rows": [["甲", "≥ 90%", "✗"]]}
    run = {
        "provenance": {"engine": "openai", "model": "gov-7b", "commit": "abc", "machine": ""},
        "metrics": {},
        "shown": [{"title": "问答", "tables": [table]}],
    }
    uneven = {**run, "shown": [{"title": "问答", "tables": [{**table, "rows": [["甲"]]}]}]}
    old = dict(run, provenance=dict(run["provenance"], commit="older"))
    for n, (name, text) in enumerate(
        [
            ("old.json", json.dumps(old)),
            ("new.json", json.dumps(run)),
            ("cut.json", json.dumps(run)[:-9]),
            ("other.json", "[]"),
            ("uneven.json", json.dumps(uneven)),
        ]
    ):
        (folder / name).write_text(text, "utf-8")
        os.utime(folder / name, (1_800_000_000 + n, 1_800_000_000 + n))
    scores = AboutDesk(services).scores(admin=True)
    assert "代码版本 abc" in scores
    assert "大模型服务 gov-7b" in scores
    assert "有目标的 1 项，达标 0 项" in scores
    assert HOSTILE not in scores
    assert '<tr class="missed">' in scores


def test_versions_and_licences_of_what_is_installed(services: Services) -> None:
    told = AboutDesk(services).versions()
    assert f"法治报告助手 {version('fazhi-assistant')}" in told
    assert f"<td>gradio</td><td>{version('gradio')}</td><td>Apache-2.0</td>" in told
    assert "pytest" not in told
    assert "SIL OFL 1.1" in told
