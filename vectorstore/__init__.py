"""Source reports: read, clean, outline, quantities, chunks, store, retrieve. Imports nothing of ours."""

__all__: list[str] = []
