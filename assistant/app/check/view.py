"""What the tab 校核 shows."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CheckView"]


@dataclass(frozen=True, slots=True)
class CheckView:
    """HTML of where the check stands, of what it found, of the verdicts, and of the text."""

    state: str = ""
    findings: str = ""
    verdicts: str = ""
    text: str = ""
