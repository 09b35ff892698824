"""The injection suite: reports that give orders, and a model that obeys them."""

__all__: list[str] = []
