"""Messages between two processes: a four-byte big-endian length and that many bytes."""

from __future__ import annotations

import struct
from typing import BinaryIO

__all__ = ["LENGTH", "receive", "send"]

LENGTH = struct.Struct(">I")
MAX_MESSAGE = 64 * 1024 * 1024  # bytes; a report of a million characters takes about 2 MB


def send(stream: BinaryIO, message: bytes) -> None:
    """Write one message."""
    stream.write(LENGTH.pack(len(message)) + message)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """Read one message. Raises EOFError when the other side is gone or sends too much."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    message = stream.read(size) if size <= MAX_MESSAGE else b""
    if len(message) < size:
        raise EOFError
    return message
