"""One YAML a prompt, and `template` to load, check and render them. Imports nothing of ours."""

__all__: list[str] = []
