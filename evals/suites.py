"""The suites by name."""

from __future__ import annotations

from evals.results import SuiteResult

__all__ = ["run_suite"]


def run_suite(name: str, seed: int) -> SuiteResult:
    """Run one suite with `seed`. Raises `ValueError` on a name that is no suite."""
    if name == "quantities":
        from evals.quantities.suite import run

        return run(seed)
    raise ValueError(name)
