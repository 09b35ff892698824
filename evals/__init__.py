"""Cases, metrics, runs and reports that score the assistant against its sources."""

__all__: list[str] = []
