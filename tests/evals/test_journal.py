"""A run that was stopped goes on where it was, under the same conditions and no others."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from typer.testing import CliRunner

from assistant.cli.main import app
from assistant.settings import Settings
from evals.journal import Journal, ResumeError
from evals.progress import told, watched
from evals.questions import load_questions
from evals.session import Session
from evals.suites import facts

FACTS = {"engine": "openai", "dataset": {"answer": "1"}, "prompts": ["answer@1:a"]}
INT = TypeAdapter(int)


def start(path: Path, resume: bool = False, **changes: object) -> Journal:
    return Journal.start(path, {**FACTS, **changes}, "abc", resume=resume)


def test_what_was_put_is_there_after_a_stop(tmp_path: Path) -> None:
    path = tmp_path / "run.journal.jsonl"
    journal = start(path)
    journal.put("answer", "q1", {"text": "甲"})
    with path.open("a", encoding="utf-8") as file:
        file.write('{"suite": "answer", "case": "q2", "rec')  # killed while writing
    again = start(path, resume=True)
    assert again.get("answer", "q1") == {"text": "甲"}
    assert again.get("answer", "q2") is None
    again.put("answer", "q2", 2)
    third = start(path, resume=True)
    assert (third.get("answer", "q1"), third.get("answer", "q2")) == ({"text": "甲"}, 2)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"engine": "local"}, "引擎"),
        ({"dataset": {"answer": "2"}}, "数据"),
        ({"prompts": ["answer@2:b"]}, "提示词"),
    ],
)
def test_other_conditions_are_refused_by_name(
    tmp_path: Path, changes: dict[str, object], name: str
) -> None:
    path = tmp_path / "run.journal.jsonl"
    start(path)
    with pytest.raises(ResumeError, match=name):
        start(path, resume=True, **changes)


@pytest.mark.parametrize("text", [None, "", "[]\n", "{}\n", "什么\n"])
def test_nothing_to_resume_is_a_user_error(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "run.journal.jsonl"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(ResumeError):
        start(path, resume=True)


def test_a_new_run_keeps_the_old_file_aside(tmp_path: Path) -> None:
    path = tmp_path / "run.journal.jsonl"
    start(path).put("answer", "q1", 1)
    assert start(path).get("answer", "q1") is None
    assert '"q1"' in path.with_suffix(".old").read_text("utf-8")


def test_every_commit_that_had_a_part_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run.journal.jsonl"
    Journal.start(path, FACTS, "one", resume=False)
    assert Journal.start(path, FACTS, "two", resume=True).commits == ("one", "two")


def test_a_case_is_made_once_and_a_failed_one_again(tmp_path: Path) -> None:
    path = tmp_path / "run.journal.jsonl"
    made: list[int] = []

    def run(journal: Journal) -> list[int]:
        session = Session(Settings(), "extractive", tmp_path, journal=journal)

        def make(n: int) -> int:
            made.append(n)
            if n == 3 and len(made) == 4:
                raise KeyboardInterrupt
            return n * n

        return list(
            session.each(("x", "题"), range(5), str, INT, make, keep=lambda found: found != 1)
        )

    with pytest.raises(KeyboardInterrupt):
        run(start(path))
    assert run(start(path, resume=True)) == [0, 1, 4, 9, 16]
    assert made == [0, 1, 2, 3, 1, 3, 4]


def test_the_command_resumes_and_gives_the_same_scores(tmp_path: Path) -> None:
    command = ["eval", "--suite", "refusal", "--limit", "12", "-o", str(tmp_path), "--json"]
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    path = tmp_path / "refusal.journal.jsonl"
    lines = path.read_text("utf-8").splitlines()
    assert len(lines) == 13
    path.write_text("\n".join(lines[:6]) + "\n", "utf-8")  # stopped after five questions
    again = CliRunner().invoke(app, [*command, "--resume"])
    assert again.exit_code == 0, again.output
    told = [json.loads(run.stdout)["metrics"]["refusal"] for run in (first, again)]
    assert [x.pop("seconds") for x in told]
    assert told[0] == told[1]
    other = CliRunner().invoke(app, [*command, "--resume", "--seed", "8"])
    assert isinstance(other.exception, ResumeError)
    assert "种子" in str(other.exception)


def test_the_facts_name_all_that_decides_a_score(tmp_path: Path) -> None:
    session = Session(Settings(), "extractive", tmp_path, limit=3)
    told = facts("answer", session)
    assert told["engine"] == "extractive"
    assert set(told["dataset"]) == {"answer"}
    assert any(ref.startswith("answer@") for ref in told["prompts"])
    assert told != facts("answer", replace(session, limit=4))


# progress


def clock(*times: float) -> Callable[[], float]:
    left = list(times)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_progress_tells_the_time_left_at_the_pace_of_what_was_done_anew() -> None:
    lines: list[str] = []
    ticking = clock(0.0, *[n * 40.0 for n in range(1, 30)])
    items = list(watched("提问", range(10), lines.append, done=lambda n: n < 6, clock=ticking))
    assert items == list(range(10))
    assert lines, "a long run tells"
    assert all(line.startswith("提问 ") for line in lines)
    assert "7/10" in lines[0]
    assert "还要约" in lines[0]
    assert lines[-1].startswith("提问 10/10，用时")


def test_a_short_run_tells_nothing() -> None:
    lines: list[str] = []
    list(watched("提问", range(5), lines.append, clock=clock(0.0, 0.0, 0.1, 0.2)))
    assert lines == []


def test_lines_go_to_a_file_whole() -> None:
    out = io.StringIO()
    told(out)("提问 1/2")
    assert out.getvalue() == "提问 1/2\n"


# drawing


@given(st.integers(1, 400), st.integers(0, 50))
def test_a_limit_gives_every_kind_its_share(limit: int, seed: int) -> None:
    questions = load_questions()
    session = Session(Settings(), "extractive", Path(), seed=seed, limit=limit)
    drawn = session.drawn(questions, lambda q: (q.split, q.kind))
    assert len(drawn) == min(limit, len(questions))
    assert drawn == [q for q in questions if q in drawn], "each once, in their own order"
    strata = {(q.split, q.kind) for q in questions}
    if limit >= len(strata):
        assert {(q.split, q.kind) for q in drawn} == strata
    for stratum in strata if limit >= 100 else ():  # below, the smallest kinds get more
        members = [q for q in questions if (q.split, q.kind) == stratum]
        share = len(members) * len(drawn) / len(questions)
        taken = sum((q.split, q.kind) == stratum for q in drawn)
        assert share - 1 < taken < share + 2


def test_the_seed_decides_the_draw() -> None:
    questions = load_questions()
    one = Session(Settings(), "extractive", Path(), seed=1, limit=40)
    ids = [q.id for q in one.drawn(questions, lambda q: q.kind)]
    assert ids == [q.id for q in one.drawn(questions, lambda q: q.kind)]
    assert ids != [q.id for q in replace(one, seed=2).drawn(questions, lambda q: q.kind)]
