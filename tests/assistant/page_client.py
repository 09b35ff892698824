"""The page without a browser: signs in, presses its controls by their ids, hears its events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from assistant.users import Role, Users

WORD = "长安街-37号-下雨"


def add_users(home: Path, **roles: Role) -> None:
    """Accounts of these roles, all with the password `WORD`."""
    users = Users(home)
    for name, role in roles.items():
        users.add(name, role, WORD)


@dataclass
class Visitor:
    """One browser; `page` is the number its page makes up."""

    url: str
    http: httpx2.Client = field(init=False)
    page: str = field(default_factory=lambda: uuid4().hex[:11])

    def __post_init__(self) -> None:
        self.http = httpx2.Client(
            base_url=self.url, timeout=120, trust_env=False, headers={"origin": self.url}
        )

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def sign_in(self, name: str, word: str = WORD) -> httpx2.Response:
        return self.http.post("/login", data={"name": name, "password": word})

    def open(self) -> str:
        """Load the page: its text; the cookie of a visitor without login is set here."""
        return self.http.get("/").text

    def upload(self, name: str, content: bytes) -> list[str]:
        reply = self.http.post("/gradio_api/upload", files={"files": (name, content)})
        reply.raise_for_status()
        paths: list[str] = reply.json()
        return paths

    def join(self, control: str, event: str, *values: Any, said: Any = None) -> httpx2.Response:
        """Press a control; `values` of its inputs in order, those missing are None."""
        index, inputs = self._event(control, event)
        data = [*values, *[None] * (inputs - len(values))]
        body = {"fn_index": index, "data": data, "event_data": said, "session_hash": self.page}
        return self.http.post("/gradio_api/queue/join", json=body)

    def press(self, control: str, event: str, *values: Any, said: Any = None) -> dict[str, Any]:
        """Press a control and hear it out; the message that it is done."""
        joined = self.join(control, event, *values, said=said)
        joined.raise_for_status()
        wanted = joined.json()["event_id"]
        for message in self.messages():
            if message["msg"] == "process_completed" and message["event_id"] == wanted:
                return message
        raise AssertionError("the events ended without an answer")

    def messages(self) -> Iterator[dict[str, Any]]:
        address = f"/gradio_api/queue/data?session_hash={self.page}"
        with self.http.stream("GET", address) as stream:
            stream.raise_for_status()
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    yield json.loads(line.removeprefix("data: "))

    def _event(self, control: str, event: str) -> tuple[int, int]:
        if not hasattr(self, "_config"):
            self._config = self.http.get("/config").raise_for_status().json()
        config = self._config
        ids = {c["props"].get("elem_id") or c["props"].get("id"): c["id"]
               for c in config["components"]}  # fmt: skip
        for dependency in config["dependencies"]:
            if [ids[control], event] in [list(target) for target in dependency["targets"]]:
                return dependency["id"], len(dependency["inputs"])
        raise AssertionError(f"no event {event} of {control}")


def text_of(message: dict[str, Any]) -> str:
    """Everything a message shows, as one text."""
    return json.dumps(message, ensure_ascii=False)
