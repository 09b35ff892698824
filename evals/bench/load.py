"""Many people at once on the real page: `python -m evals.bench.load [people] [turns] [pause]`.

Starts `fazhi serve` over a synthetic library, opens the page as often as there are people, lets
each ask his turns, `pause` seconds of reading between them (0 by default: the hardest case), over
the page's own HTTP interface while one more visitor has briefs written, and
prints errors, words of another's conversation, times and the peak memory of the server with the
processes it starts. The first text is the first message with words of the answer in it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx2

from evals.bench.library import fill, variants
from evals.bench.measure import machine, percentile
from vectorstore.chunk import chunk
from vectorstore.indicators import load_lexicon
from vectorstore.parse import parse
from vectorstore.quantities import extract
from vectorstore.quantities.version import rules_version
from vectorstore.store import Store

__all__ = ["main"]

_SAMPLES = Path(__file__).resolve().parents[2] / "samples"
_TOPICS = (
    *("执法培训", "普法宣传", "行政复议", "合法性审查", "营商环境", "政务公开", "法律顾问"),
    *("矛盾纠纷化解", "重大行政决策", "信息化"),
)
_SHOWN = re.compile("提问：</span>([^<]*)</div>")
_REPORTS = 300
_TEXT = r"class=\"text\""  # stands around the words of an answer, in the JSON of a message
_TARGET = {"first text": " (target 5)", "whole answer": ""}
_QUESTIONS = (
    "{org}2025年行政处罚立案多少件？",
    "{org}有哪些不足？",
    "{org}在{topic}方面做了什么？",
    "{org}下一步打算是什么？",
    "2025年哪个单位行政处罚立案最多？",
)


@dataclass
class _Page:
    """One browser on the page, which has been filled."""

    url: str
    http: httpx2.Client = field(init=False)
    number: str = field(default_factory=lambda: uuid4().hex[:11])
    text_at: float = 0.0
    """When the first text of the answer asked for last came."""

    def __post_init__(self) -> None:
        self.http = httpx2.Client(base_url=self.url, timeout=300, trust_env=False)
        self.http.get("/").raise_for_status()
        self._config: dict[str, Any] = self.http.get("/config").raise_for_status().json()
        for event in self._config["dependencies"]:
            if any(kind == "load" for _, kind in event["targets"]):
                self._run(event, ())

    def press(self, control: str, event: str, *values: Any, nth: int = 0) -> dict[str, Any]:
        """Press a control of this element id (or `tab` and its id) and hear it out.

        Of several handlers of the event the `nth` is run. Returns the last message.
        """
        ids = {c["props"].get("elem_id") or f"tab {c['props'].get('id')}": c["id"]
               for c in self._config["components"]}  # fmt: skip
        named = [d for d in self._config["dependencies"]
                 if [ids[control], event] in [list(target) for target in d["targets"]]]  # fmt: skip
        return self._run(named[nth], values)

    def _run(self, event: Mapping[str, Any], values: Sequence[Any]) -> dict[str, Any]:
        self.text_at = 0.0
        data = [*values, *[None] * (len(event["inputs"]) - len(values))]
        body = {"fn_index": event["id"], "data": data, "session_hash": self.number}
        joined = self.http.post("/gradio_api/queue/join", json=body).raise_for_status().json()
        address = f"/gradio_api/queue/data?session_hash={self.number}"
        with self.http.stream("GET", address) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    message: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    if message.get("event_id") != joined["event_id"]:
                        continue
                    if _TEXT in line and not self.text_at:
                        self.text_at = time.monotonic()
                    if message["msg"] == "process_completed":
                        return message
        raise RuntimeError("the events ended without an answer")


@dataclass
class _Heard:
    """What one person went through."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strangers: int = 0


def main(arguments: Sequence[str]) -> int:
    """Measure; exit 1 after an error, another's words, or a missed target."""
    people, turns, pause = [int(n) for n in (*arguments, *("50", "5", "0")[len(arguments) :])][:3]
    print(f"machine: {machine()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="fazhi-load-") as scratch:
        orgs = _fill(Path(scratch))
        with _served(Path(scratch)) as (url, process), _watched(process.pid) as peak:
            heard, briefs, seconds = _crowd(url, orgs, people, turns, pause)
    memory = max(peak)
    first = [second for one in heard for second in one.first]
    whole = [second for one in heard for second in one.whole]
    errors = [error for one in heard for error in one.errors]
    strangers = sum(one.strangers for one in heard)
    print(
        f"{people} people x {turns} questions, {pause} s between, {_REPORTS} reports: "
        f"{seconds:.0f} s"
    )
    print(f"answers {len(whole)}, errors {len(errors)}, another's words {strangers}")
    for name, times in (("first text", first), ("whole answer", whole)):
        middle, p95 = percentile(times, 0.5), percentile(times, 0.95)
        print(f"{name}: median {middle:.2f} s, p95 {p95:.2f} s{_TARGET[name]}")
    print(f"briefs written {briefs}; peak memory {memory:.0f} MB (target 1024)")
    print("\n".join(errors[:5]))
    missed = percentile(first, 0.95) > 5 or memory > 1024 or not (whole and briefs)
    return int(bool(errors or strangers or missed))


def _fill(home: Path) -> list[str]:
    """A library with figures and random vectors; its organisations."""
    sources = [parse(path) for path in sorted(_SAMPLES.glob("*.txt"))]
    lexicon = load_lexicon()
    reports = list(islice(variants(sources), _REPORTS))
    with Store.open(home) as store:
        for report in reports:
            figures = extract(report, lexicon)
            store.add(report, chunk(report), figures, rules=rules_version(lexicon))
        fill(store, sources, 0)  # nothing more; the vectors of what is there
    return [report.org for report in reports]


@contextmanager
def _served(home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A server over `home` that has made its vectors and is at rest."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", "from assistant.cli import main; main()", "serve",
         "--port", str(port)],
        env={**os.environ, "FAZHI_HOME": str(home)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                state = httpx2.get(f"{url}/healthz", trust_env=False, timeout=30).json()
                if not state["busy"]:
                    break
            except httpx2.TransportError:
                if process.poll() is not None:
                    raise
            time.sleep(0.5)
        yield url, process
    finally:
        process.terminate()
        process.wait(60)


def _crowd(
    url: str, orgs: Sequence[str], people: int, turns: int, pause: float
) -> tuple[list[_Heard], int, float]:
    """What each person heard, how many briefs were written meanwhile, and the seconds in all."""
    start, over = threading.Barrier(people), threading.Event()
    mine = list(dict.fromkeys(orgs))
    assert len(mine) >= people, "each person needs a bureau of his own"
    asks = [_questions(n, mine[n], turns) for n in range(people)]
    written: list[int] = []
    writer = threading.Thread(target=_write_briefs, args=(url, orgs, over, written))
    writer.start()
    begun = time.monotonic()
    with ThreadPoolExecutor(people) as pool:
        heard = list(pool.map(lambda n: _person(url, n, asks[n], pause, start), range(people)))
    seconds = time.monotonic() - begun
    over.set()
    writer.join()
    return heard, sum(written), seconds


def _questions(n: int, org: str, turns: int) -> list[str]:
    """What person `n` asks, in turn and about `org`, which is his alone."""
    asked = [_QUESTIONS[(n + turn) % len(_QUESTIONS)] for turn in range(turns)]
    topic = _TOPICS[n % len(_TOPICS)]
    return [question.format(org=org, topic=topic) for question in asked]


def _person(
    url: str, n: int, questions: Sequence[str], pause: float, start: threading.Barrier
) -> _Heard:
    heard = _Heard()
    page = _Page(url)
    reads = Random(n)
    start.wait()
    for question in questions:
        time.sleep(reads.uniform(0, 2 * pause))
        begun = time.monotonic()
        try:
            done = page.press("box", "submit", question, [], [])
            if not done["success"]:
                heard.errors.append(json.dumps(done["output"], ensure_ascii=False)[:200])
        except (httpx2.HTTPError, RuntimeError) as error:
            heard.errors.append(repr(error))
        ended = time.monotonic()
        heard.first.append((page.text_at or ended) - begun)
        heard.whole.append(ended - begun)
    shown = "".join(map(str, page.press("tab ask", "select")["output"]["data"]))
    seen = _SHOWN.findall(shown)
    if len(seen) != len(questions):
        heard.errors.append(f"{len(seen)} questions of {len(questions)} in the conversation")
    heard.strangers = len(set(seen) - set(questions))
    return heard


def _write_briefs(url: str, orgs: Sequence[str], over: threading.Event, written: list[int]) -> None:
    """Have one brief of the whole library after the other written until `over`."""
    page = _Page(url)
    page.press("tab brief", "select", None, [])  # offers the organisations
    while not over.is_set():
        begun = page.press("brief-start", "click", "", orgs, "", "", "extractive", None)
        if not begun["success"]:
            return  # none written is an error
        while "brief-run" in json.dumps(page.press("tab brief", "select", nth=1)):
            time.sleep(1)
        written.append(1)


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """Megabytes the process and those it started hold, looked at twice a second."""
    seen: list[float] = [_tree_mb(pid)]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            seen.append(_tree_mb(pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _tree_mb(pid: int) -> float:
    """Proportional set size: pages that several processes share count once in all."""
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        below = Path(f"/proc/{pid}/task").glob("*/children")
        started = [int(n) for file in below for n in file.read_text("ascii").split()]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = re.search(r"Pss:\s+(\d+) kB", status)
    return (int(found[1]) / 1024 if found else 0.0) + sum(map(_tree_mb, started))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
