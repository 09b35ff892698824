"""The child process that makes a brief, as seen by the server."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, cast

from assistant.app.brief.worker import Message, Order
from assistant.errors import AssistantError
from assistant.model import Address
from vectorstore.sandbox.frames import receive, send

__all__ = ["Child"]

# -P: never import from the working folder.
_COMMAND = (sys.executable, "-P", "-c", "from assistant.app.brief.worker import main; main()")


class Child:
    """Works off the one `Order` it is told. OSError when it cannot be started."""

    def __init__(self) -> None:
        # Ctrl-C is for the server, which ends the child. A group of its own, not a session: Linux
        # may weigh priorities within a session only.
        self._process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0
        )
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._stdout = cast(BinaryIO, self._process.stdout)
        self._lock = threading.Lock()

    def tell(self, record: Order | Address | AssistantError) -> None:
        """Send the order, or the answer to `AddressWanted`; one that has ended hears nothing."""
        with self._lock, suppress(OSError, ValueError):
            send(self._stdin, pickle.dumps(record))

    def messages(self) -> Iterator[Message]:
        """What it says until it ends, however that comes about."""
        while True:
            try:
                content = receive(self._stdout)
            except (EOFError, OSError):
                return
            yield pickle.loads(content)

    def kill(self) -> None:
        """End it at once; `messages` then ends too."""
        self._process.kill()

    def close(self) -> None:
        """End it, and wait until nothing is left of it."""
        self.kill()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):  # what it never read cannot be sent any more
                stream.close()
        self._process.wait()
