"""校核: the marked text and the list to work through."""

__all__: list[str] = []
