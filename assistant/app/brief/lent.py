"""The local model of another process, used by this one."""

from __future__ import annotations

from collections.abc import Callable

from assistant.model import Address, LocalServer, Shelf
from assistant.settings import Settings

__all__ = ["LentServer"]


class LentServer(LocalServer):
    """The model that the parent runs: a second one would take its gigabyte again.

    `ask` gives the parent's `Address`, or the error that prevents it.
    """

    def __init__(self, settings: Settings, ask: Callable[[], object]) -> None:
        super().__init__(Shelf.of(settings.folder, settings.model_file))
        self._ask = ask

    def address(self) -> Address:
        """Where it listens; as of `LocalServer`."""
        answer = self._ask()
        if isinstance(answer, Address):
            return answer
        raise answer if isinstance(answer, Exception) else RuntimeError("no address")
