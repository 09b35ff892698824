"""The child process that parses untrusted files: its limits, its lies, its death."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from read_makers import Text, make_docx, make_pdf

from vectorstore.errors import (
    BrokenFileError,
    LimitExceededError,
    ReadError,
)
from vectorstore.parse import parse
from vectorstore.sandbox import SafeParser
from vectorstore.sandbox.frames import LENGTH, receive
from vectorstore.sandbox.parser import _Records
from vectorstore.sandbox.worker import MEMORY_BYTES, READY

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")
REPORT = (
    "禾口县林业局2025年法治政府建设工作报告\n"
    "2025年，我局围绕护林防火与行政执法开展工作。现将有关情况报告如下：\n"
    "一、主要举措和成效\n全年办理林业行政案件23件，罚款4.6万元。\n"
)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(REPORT, "utf-8")
    return path


def test_the_child_gives_the_same_report(report: Path) -> None:
    with SafeParser() as parser:
        assert parser.parse(report) == parse(report)


def test_errors_come_back_as_they_were_raised(tmp_path: Path, report: Path) -> None:
    old = tmp_path / "旧.doc"
    old.write_bytes(OLD_WORD)
    with SafeParser() as parser:
        for path in (old, tmp_path / "没有.txt"):
            with pytest.raises(ReadError) as inside:
                parse(path)
            with pytest.raises(ReadError) as caught:
                parser.parse(path)
            assert type(caught.value) is type(inside.value)
            assert str(caught.value) == str(inside.value)
            assert caught.value.hint == inside.value.hint
        assert parser.parse(report).year == 2025


def test_one_child_serves_many_files_and_threads(report: Path) -> None:
    with SafeParser(workers=2) as parser:
        parser.parse(report)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(parser.parse, [report] * 40))
        processes = [worker._process for worker in parser._workers]
    assert len({one.id for one in found}) == 1
    assert all(process is None or process.poll() is not None for process in processes)


def test_a_file_that_takes_too_long_is_stopped(tmp_path: Path, report: Path) -> None:
    slow = make_docx(tmp_path / "a.docx", "<w:p><w:r><w:t>甲</w:t></w:r></w:p>" * 600_000)
    with SafeParser(wall_seconds=1.0) as parser:
        started = time.monotonic()
        with pytest.raises(LimitExceededError, match="超过 1 秒"):
            parser.parse(slow)
        assert time.monotonic() - started < 4
        with SafeParser() as unhurried:
            assert unhurried.parse(report).year == 2025


def test_a_file_that_takes_too_much_memory_is_stopped(tmp_path: Path, report: Path) -> None:
    bomb = tmp_path / "a.txt"  # twenty-five million lines, each an object of its own
    bomb.write_bytes("甲\n".encode() * 25_000_000)
    with SafeParser() as parser:
        with pytest.raises(LimitExceededError, match="内存"):
            parser.parse(bomb)
        assert parser.parse(report).year == 2025


@pytest.mark.slow
def test_a_page_of_endless_drawing_is_stopped(tmp_path: Path, report: Path) -> None:
    bomb = make_pdf(tmp_path / "a.pdf", [Text("甲")], under="0 0 m 9 9 l S " * 10_000_000)
    assert bomb.stat().st_size < 1_000_000
    with SafeParser() as parser:
        started = time.monotonic()
        with pytest.raises((LimitExceededError, BrokenFileError)):
            parser.parse(bomb)
        assert time.monotonic() - started < 20
        assert parser.parse(report).year == 2025


def test_a_crash_of_the_child_costs_one_file(report: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "a.txt"
    os.mkfifo(pipe)  # the child waits here for a writer that never comes
    with SafeParser() as parser:
        parser.parse(report)
        process = parser._workers[0]._process
        assert process is not None
        killer = threading.Timer(0.2, process.kill)
        killer.start()
        with pytest.raises(BrokenFileError, match="意外退出"):
            parser.parse(pipe)
        killer.join()
        assert parser.parse(report).year == 2025
        assert parser._workers[0]._process is not process


def test_the_child_cannot_write_files(report: Path) -> None:
    with SafeParser() as parser:
        parser.parse(report)
        process = parser._workers[0]._process
        assert process is not None
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    rows = {line[:25].strip(): line[25:].split()[:2] for line in limits.splitlines()}
    assert rows["Max file size"] == ["0", "0"]
    assert rows["Max address space"] == [str(MEMORY_BYTES)] * 2


FORGER = """
import sys
from vectorstore.sandbox.frames import LENGTH, receive, send
from vectorstore.sandbox.worker import READY
out = sys.stdout.buffer
send(out, READY)
while True:
    receive(sys.stdin.buffer)
    out.write(bytes.fromhex(sys.argv[1]))
    out.flush()
"""


def _message(content: bytes) -> bytes:
    return LENGTH.pack(len(content)) + content


@pytest.mark.parametrize(
    "reply",
    [
        _message(b"cos\nsystem\n."),
        _message(b"no pickle"),
        _message(b""),
        _message(pickle.dumps("no pair")),
        _message(pickle.dumps(("no report", ""))),
        _message(pickle.dumps((None, None))),
        LENGTH.pack(2**32 - 1),
    ],
)
def test_a_child_that_lies_gets_no_further_file(report: Path, reply: bytes) -> None:
    with SafeParser() as parser:
        (worker,) = parser._workers
        worker._process = forger = subprocess.Popen(
            [sys.executable, "-c", FORGER, reply.hex()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert receive(cast(BinaryIO, forger.stdout)) == READY
        with pytest.raises(BrokenFileError):
            parser.parse(report)
        assert forger.poll() is not None
        assert parser.parse(report).year == 2025


def test_the_child_knows_no_secret(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAZHI_LLM_API_KEY", "OPENAI_API_KEY", "PIP_PASSWORD", "https_proxy"):
        monkeypatch.setenv(name, "hush-hush")
    monkeypatch.setenv("FAZHI_HOME", "seen")
    with SafeParser() as parser:
        parser.parse(report)
        process = parser._workers[0]._process
        assert process is not None
        known = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"seen" in known
    assert b"hush" not in known


@pytest.mark.parametrize(
    "name", ["os system", "vectorstore.types dataclass", "vectorstore.errors reason"]
)
def test_only_our_records_are_accepted_from_the_child(name: str) -> None:
    module, attribute = name.split()
    with pytest.raises(pickle.UnpicklingError):
        _Records(io.BytesIO(f"c{module}\n{attribute}\n.".encode())).load()
