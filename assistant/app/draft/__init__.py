"""起草: the figures sheet, the preview as it is written, and the files."""

__all__: list[str] = []
