"""The model file of the `local` engine: fetched when the user says so, checked, served on loopback.

Nothing here is imported until the engine or `fazhi model` is used.
"""

from __future__ import annotations

from assistant.model.errors import (
    ModelBusyError,
    ModelError,
    ModelMissingError,
    PullError,
    WrongFileError,
)
from assistant.model.pull import pull
from assistant.model.record import PINNED, DataWheels, Pinned
from assistant.model.server import Address, LocalServer, Size, require_runtime, runtime_installed
from assistant.model.shelf import Shelf
from assistant.model.sources import Source, downloaded, hub, source_at

__all__ = [
    "PINNED",
    "Address",
    "DataWheels",
    "LocalServer",
    "ModelBusyError",
    "ModelError",
    "ModelMissingError",
    "Pinned",
    "PullError",
    "Shelf",
    "Size",
    "Source",
    "WrongFileError",
    "downloaded",
    "hub",
    "pull",
    "require_runtime",
    "runtime_installed",
    "source_at",
]
