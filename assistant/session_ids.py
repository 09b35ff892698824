"""Ids nobody can guess: what keys a browser's or a user's own things, never shown to anyone."""

from __future__ import annotations

import re
import secrets

__all__ = ["is_session_id", "new_session_id"]

_SESSION_ID = re.compile(r"[A-Za-z0-9_-]{43}")


def new_session_id() -> str:
    """32 random bytes in URL-safe base64, 43 characters."""
    return secrets.token_urlsafe(32)


def is_session_id(text: str) -> bool:
    """Whether `text` has the form of a session id."""
    return _SESSION_ID.fullmatch(text) is not None
