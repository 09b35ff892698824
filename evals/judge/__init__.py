"""Judging whether quotes support a statement: by rule, or by a model that is measured first."""

__all__: list[str] = []
