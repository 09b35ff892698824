"""评测 / 关于: scores, health, versions and what would leave this machine."""

__all__: list[str] = []
