"""台账: the grid of figures and its plots."""

__all__: list[str] = []
