"""Load, check and render prompts: one YAML a prompt, `string.Template` placeholders (`$name`)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Template

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

__all__ = ["Prompt", "PromptError", "Rendered", "load", "load_file", "names"]


class PromptError(ValueError):
    """A prompt file is malformed, or was rendered without exactly its variables."""


class _File(BaseModel):
    """What one YAML may say."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    version: int = Field(ge=1)
    variables: list[str]
    system: str = Field(min_length=1)
    user: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The two messages to send."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt: the placeholders of `system` and `user` are exactly `variables`."""

    name: str
    version: int
    variables: frozenset[str]
    system: str
    user: str

    @property
    def digest(self) -> str:
        """First 8 hex digits of the SHA-256 of the two texts."""
        return hashlib.sha256(f"{self.system}\0{self.user}".encode()).hexdigest()[:8]

    @property
    def ref(self) -> str:
        """`name@version:digest`, recorded with every output this prompt helped to write."""
        return f"{self.name}@{self.version}:{self.digest}"

    def render(self, values: Mapping[str, object]) -> Rendered:
        """Fill in the variables; a `$` inside a value stays as it is.

        Raises:
            PromptError: `values` lacks a variable or has one the prompt does not know.
        """
        if values.keys() != self.variables:
            odd = sorted(values.keys() ^ self.variables)
            raise PromptError(f"prompt {self.name}: variables do not match: {', '.join(odd)}")
        return Rendered(
            Template(self.system).substitute(values), Template(self.user).substitute(values)
        )


def load_file(path: Path) -> Prompt:
    """Read and check one prompt file.

    Raises:
        PromptError: not the expected fields, a stray `$`, a file not named after its prompt, or
            placeholders that are not exactly the declared variables.
    """
    try:
        raw = _File.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, OSError) as exc:
        raise PromptError(f"prompt {path.name}: {exc}") from exc
    if raw.name != path.stem:
        raise PromptError(f"prompt {path.name}: is named {raw.name}")
    texts = (Template(raw.system), Template(raw.user))
    if not all(text.is_valid() for text in texts):
        raise PromptError(f"prompt {raw.name}: a stray $ (write $$ for a dollar sign)")
    used = {name for text in texts for name in text.get_identifiers()}
    if used != set(raw.variables) or len(raw.variables) != len(used):
        odd = ", ".join(sorted(used ^ set(raw.variables)) or raw.variables)
        raise PromptError(f"prompt {raw.name}: placeholders differ from variables: {odd}")
    return Prompt(raw.name, raw.version, frozenset(used), raw.system, raw.user)


def _folder() -> Path:
    return Path(str(resources.files("prompts")))


def names() -> list[str]:
    """Names of the prompts that ship with the package."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


@cache
def load(name: str) -> Prompt:
    """A prompt of this package by name; PromptError if there is none or it is malformed."""
    return load_file(_folder() / f"{name}.yaml")
