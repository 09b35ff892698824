"""What is said of each figure of a text: its verdict, the source it is bound to, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vectorstore.store import LedgerRow
from vectorstore.types import Quantity

__all__ = ["GOOD", "Checked", "Verdict"]


class Verdict(StrEnum):
    """Verdicts of design/verify.md; those in `GOOD` are no errors."""

    SUPPORTED = "supported"
    ROUNDED = "rounded"
    DERIVED = "derived"
    PLACEHOLDER = "placeholder"
    FABRICATED = "fabricated"
    WRONG_SCALE_OR_UNIT = "wrong_scale_or_unit"
    WRONG_INDICATOR = "wrong_indicator"
    WRONG_ORG = "wrong_org"
    WRONG_YEAR = "wrong_year"
    STALE = "stale"
    TARGET_AS_ACTUAL = "target_as_actual"
    DERIVED_WRONG = "derived_wrong"
    HEDGE_LOST = "hedge_lost"
    PHRASE_ALTERED = "phrase_altered"


GOOD = frozenset({Verdict.SUPPORTED, Verdict.ROUNDED, Verdict.DERIVED, Verdict.PLACEHOLDER})


@dataclass(frozen=True, slots=True)
class Checked:
    """One figure, date, fixed phrase or placeholder of a text.

    `quantity.start`/`end` are offsets into the text verified. `source` is the figure it is bound
    to or, with an error, the figure it should have been; `operands` are what a derived figure was
    computed from. `detail` is one plain Chinese clause, empty when there is nothing to add.
    """

    quantity: Quantity
    verdict: Verdict
    source: LedgerRow | None = None
    detail: str = ""
    operands: tuple[LedgerRow, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the figure may stand as it is."""
        return self.verdict in GOOD
