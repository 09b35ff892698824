"""问答: the conversation, its sources and what is kept of it."""

__all__: list[str] = []
