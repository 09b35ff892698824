"""Figures: a hand-labelled extraction set and a generated mutation set, with their scores."""

__all__: list[str] = []
