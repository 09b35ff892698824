"""The front door: hosts, headers, limits, login and who asks."""

__all__: list[str] = []
