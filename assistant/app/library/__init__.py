"""资料库: what is held, what arrives, corrections and originals."""

__all__: list[str] = []
