"""The `fazhi` command: thin commands over the same functions the web page uses."""

from __future__ import annotations

from assistant.cli.main import app, main

__all__ = ["app", "main"]
