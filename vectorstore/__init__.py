"""Source reports: read, outline, quantities, chunks, store, retrieve. Imports nothing of ours."""

__all__: list[str] = []
