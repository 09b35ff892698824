"""简报: the plan, the running brief, and the finished one with its sources."""

__all__: list[str] = []
