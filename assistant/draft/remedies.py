"""Measures that usually answer a shortcoming, offered as suggestions in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Remedy", "remedy_for"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A measure and the words of the shortcomings it answers; none for the general one."""

    measure: str
    words: tuple[str, ...] = ()

    def is_in(self, text: str) -> bool:
        """Whether a plan is about the same: its first words name the topic."""
        return any(word in text[:_OPENING] for word in self.words)


_GENERAL = Remedy("明确改进措施，列入年度重点任务，定期检查落实情况，")
_OPENING = 30  # characters: the heading and what follows at once


def remedy_for(shortcoming: str) -> Remedy:
    """The measure whose words the shortcoming names most; a general one when none is named."""
    best, found = 0, _GENERAL
    for remedy in _table():
        named = sum(word in shortcoming for word in remedy.words)
        if named > best:
            best, found = named, remedy
    return found


@cache
def _table() -> tuple[Remedy, ...]:
    import yaml

    table = yaml.safe_load(files(__package__).joinpath("remedies.yaml").read_text("utf-8"))
    return tuple(Remedy(row["measure"], tuple(row["words"])) for row in table["remedies"])
