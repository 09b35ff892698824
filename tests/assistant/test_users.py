"""The users file: hashed, private, whole at any moment, and picky about names and passwords."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.users import Users, UsersError, allows

WORD = "长安街-37号-下雨"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path)


def test_a_user_is_known_by_the_right_password_only(users: Users) -> None:
    added = users.add("王敏", "collector", WORD)
    found = users.check("王敏", WORD)
    assert found == added
    assert users.check("王敏", WORD + "x") is None
    assert users.check("无此人", WORD) is None
    assert users.check("王敏", "") is None
    assert users.check("王敏", "x" * 100_000) is None


def test_the_file_is_private_and_holds_no_password(users: Users, tmp_path: Path) -> None:
    users.add("王敏", "admin", WORD)
    users.add("Li.Lei", "writer", WORD)
    path = tmp_path / "users.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert WORD not in text
    hashes = [user["password"] for user in json.loads(text)["users"]]
    assert len(set(hashes)) == 2  # salted: the same password is not seen to be the same
    assert all(kept.startswith("scrypt$32768$8$3$") for kept in hashes)
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


def test_changes_are_seen_by_another_reader_at_once(users: Users, tmp_path: Path) -> None:
    other = Users(tmp_path)
    assert other.all() == ()
    first = users.add("王敏", "writer", WORD)
    assert other.all() == (first,)
    users.set_role("王敏", "admin")
    found = other.named("王敏")
    assert found is not None
    assert found.role == "admin"
    users.set_password("王敏", "另一个-更长的-密码")
    assert other.check("王敏", WORD) is None
    assert other.check("王敏", "另一个-更长的-密码") is not None
    users.remove("王敏")
    assert other.all() == ()
    again = users.add("王敏", "writer", WORD)
    assert again.id != first.id  # what belonged to the old account is not the new one's


def test_names_are_the_same_whatever_their_case_and_width(users: Users) -> None:
    users.add("LiLei", "writer", WORD)
    assert users.named("lilei") is not None
    assert users.named("ＬｉＬｅｉ") is not None
    with pytest.raises(UsersError, match="已有"):
        users.add("LILEI", "writer", WORD)


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "<b>", "a\nb", "x" * 33, "../x"])
def test_an_unfit_name_is_refused(users: Users, name: str) -> None:
    with pytest.raises(UsersError, match="用户名"):
        users.add(name, "writer", WORD)


@pytest.mark.parametrize("word", ["", "短密码", "a" * 40, "王敏王敏1234567", "x" * 300])
def test_a_weak_password_is_refused(users: Users, word: str) -> None:
    with pytest.raises(UsersError, match="密码") as caught:
        users.add("王敏", "writer", word)
    assert "10" in caught.value.hint
    assert users.all() == ()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"users": [{"name": "x"}]}', '{"users": [3]}',
             '{"users": [{"id": "a", "name": "x", "role": "root", "password": "", "created": ""}]}']
)  # fmt: skip
def test_a_broken_file_is_an_error_not_an_empty_list(
    users: Users, tmp_path: Path, text: str
) -> None:
    (tmp_path / "users.json").write_text(text, "utf-8")
    with pytest.raises(UsersError, match="读不出来"):
        users.all()


def test_two_who_add_at_once_both_stay(tmp_path: Path) -> None:
    def add(n: int) -> None:
        Users(tmp_path).add(f"用户{n}", "writer", WORD)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Users(tmp_path).all()) == 6


def test_each_role_may_do_what_those_below_it_may() -> None:
    assert allows("admin", "writer")
    assert allows("collector", "collector")
    assert not allows("writer", "collector")
    assert not allows("collector", "admin")


def fazhi(home: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from assistant.cli import main; main()", "users", *arguments],
        env={**os.environ, "FAZHI_HOME": str(home)},
        input=typed, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_the_command_takes_the_password_from_standard_input(tmp_path: Path) -> None:
    assert "还没有用户" in fazhi(tmp_path, "list").stdout
    done = fazhi(tmp_path, "add", "王敏", "--role", "admin", "--json", typed=WORD + "\n")
    assert (done.returncode, json.loads(done.stdout)["role"]) == (0, "admin")
    assert Users(tmp_path).check("王敏", WORD)
    assert fazhi(tmp_path, "passwd", "王敏", typed="另一个-更长的-密码").returncode == 0
    assert Users(tmp_path).check("王敏", "另一个-更长的-密码")
    assert fazhi(tmp_path, "role", "王敏", "writer").returncode == 0
    listed = json.loads(fazhi(tmp_path, "list", "--json").stdout)["users"]
    assert [(user["name"], user["role"]) for user in listed] == [("王敏", "writer")]
    assert "password" not in listed[0]
    assert fazhi(tmp_path, "rm", "王敏").returncode == 0
    assert Users(tmp_path).all() == ()
    log = "".join(path.read_text("utf-8") for path in (tmp_path / "audit").glob("*.jsonl"))
    assert log.count('"users"') == 4
    assert WORD not in log


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (("add", "王敏"), "短\n", "密码应为 10–256 个字符"),
        (("add", "王敏", "--role", "root"), WORD, "没有名为“root”的角色"),
        (("rm", "王敏"), "", "没有名为“王敏”的用户"),
        (("passwd", "王敏"), WORD, "没有名为“王敏”的用户"),
    ],
)
def test_the_command_refuses_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], typed: str, told: str
) -> None:
    done = fazhi(tmp_path, *arguments, typed=typed)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
