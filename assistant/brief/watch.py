"""How a brief is followed, and stopped, while it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Watch"]


def _ignore(*_: object) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Watch:
    """What is called while a brief is made. Each may raise to end the work; what was read is kept.

    `stage` is told what begins, in Chinese; `progress` how many of how many reports of that stage
    are done; `say` sentences for the user: the plan before the first call of a model, the cost
    after the last; `pulse` nothing, but often: at least once a second while a model is waited for.
    """

    stage: Callable[[str], None] = _ignore
    progress: Callable[[int, int], None] = _ignore
    say: Callable[[str], None] = _ignore
    pulse: Callable[[], None] = _ignore
