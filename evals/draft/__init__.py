"""Drafts: official parts, blanks, supplied figures, commitments, and the finished file's format."""

__all__: list[str] = []
