"""`make bench`: speed and memory on this machine, each figure beside its target."""

__all__: list[str] = []
