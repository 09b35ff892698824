"""Which rules a report's figures were read with, so that they can be read anew under others."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from vectorstore.indicators import Lexicon

__all__ = ["rules_version"]


def rules_version(lexicon: Lexicon) -> str:
    """16 hexadecimal digits that differ when this package's code or the indicators do."""
    digest = hashlib.sha256(_code())
    for indicator in lexicon.indicators.values():
        digest.update(indicator.model_dump_json().encode())
    return digest.hexdigest()[:16]


@cache
def _code() -> bytes:
    digest = hashlib.sha256()
    package = files("vectorstore")
    modules = [*package.joinpath("quantities").iterdir(), package.joinpath("sentences.py")]
    modules.append(package.joinpath("indicators.py"))
    for module in sorted(modules, key=lambda module: module.name):
        if module.name.endswith((".py", ".yaml")):
            digest.update(module.read_bytes())
    return digest.digest()
