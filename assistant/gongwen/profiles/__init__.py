"""Page profiles as YAML; `gb9704.yaml` is the built-in one."""

__all__: list[str] = []
