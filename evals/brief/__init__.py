"""Briefs: every cell, coverage, themes, practices, and no figure without its source."""

__all__: list[str] = []
