"""Answering, drafting, briefing and checking over the stored reports."""

__all__: list[str] = []
