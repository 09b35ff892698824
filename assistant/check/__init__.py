"""Checks of one report that need no language model: findings with place, quote and what to do."""

from assistant.check.finding import Finding, Severity
from assistant.check.library import Inspected, check_library
from assistant.check.run import (
    Checked,
    Comparison,
    check_parsed,
    check_report,
    consistency,
)

__all__ = [
    "Checked",
    "Comparison",
    "Finding",
    "Inspected",
    "Severity",
    "check_library",
    "check_parsed",
    "check_report",
    "consistency",
]
