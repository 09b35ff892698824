from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import prompts
from prompts import PromptError, load, load_file, names

LOCK = Path(prompts.__file__).parent / "prompts.lock"
GOOD = {"name": "p", "version": 1, "variables": ["a", "b"], "system": "S $a", "user": "U ${b}."}


def write(folder: Path, fields: dict[str, object], name: str = "p") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(fields, allow_unicode=True), "utf-8")
    return path


def test_a_prompt_renders_and_names_itself(tmp_path: Path) -> None:
    prompt = load_file(write(tmp_path, GOOD))
    rendered = prompt.render({"a": "甲", "b": "$a ${x} $"})
    assert (rendered.system, rendered.user) == ("S 甲", "U $a ${x} $.")
    assert prompt.ref.startswith("p@1:")
    assert len(prompt.digest) == 8


@pytest.mark.parametrize(
    "change",
    [
        {"variables": ["a"]},
        {"variables": ["a", "b", "c"]},
        {"variables": ["a", "b", "b"]},
        {"user": "no placeholder"},
        {"user": "U $b costs $ 5"},
        {"extra": 1},
        {"version": 0},
        {"version": "1"},
        {"system": ""},
        {"name": "other"},
        {"name": "Bad Name"},
    ],
)
def test_a_malformed_file_does_not_load(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(PromptError):
        load_file(write(tmp_path, {**GOOD, **change}))


def test_a_missing_or_broken_file_is_a_prompt_error(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: [", "utf-8")
    for path in (tmp_path / "x.yaml", tmp_path / "none.yaml"):
        with pytest.raises(PromptError):
            load_file(path)
    with pytest.raises(PromptError):
        load("no_such_prompt")


@pytest.mark.parametrize("values", [{"a": 1}, {"a": 1, "b": 2, "c": 3}, {}])
def test_rendering_takes_exactly_the_variables(tmp_path: Path, values: dict[str, object]) -> None:
    with pytest.raises(PromptError):
        load_file(write(tmp_path, GOOD)).render(values)


@given(a=st.text(), b=st.text())
def test_values_are_inserted_untouched(
    tmp_path_factory: pytest.TempPathFactory, a: str, b: str
) -> None:
    prompt = load_file(write(tmp_path_factory.mktemp("p"), GOOD))
    rendered = prompt.render({"a": a, "b": b})
    assert (rendered.system, rendered.user) == (f"S {a}", f"U {b}.")


def test_changing_the_text_changes_the_ref(tmp_path: Path) -> None:
    before = load_file(write(tmp_path, GOOD)).ref
    after = load_file(write(tmp_path, {**GOOD, "system": "S! $a"})).ref
    assert before != after


def locked() -> dict[str, str]:
    lines = LOCK.read_text("utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    keyed = dict(entry.rsplit(":", 1) for entry in entries)
    assert len(keyed) == len(entries), "a version was locked twice with different texts"
    return keyed


@pytest.mark.parametrize("name", names())
def test_a_changed_prompt_has_a_new_version(name: str) -> None:
    prompt = load(name)
    key = f"{prompt.name}@{prompt.version}"
    message = f"raise the version of {name} and add a line for it to prompts.lock: {prompt.ref}"
    assert locked().get(key) == prompt.digest, message
    versions = [int(k.split("@")[1]) for k in locked() if k.split("@")[0] == name]
    assert prompt.version == max(versions), f"{name} went back to an older version"


def test_every_locked_prompt_still_ships() -> None:
    assert {key.split("@")[0] for key in locked()} == set(names())
