"""Settings from the environment (`FAZHI_*`).

Nothing leaves the machine unless an endpoint is named here: an API key alone switches nothing on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError

__all__ = ["Engine", "EngineError", "Settings", "check_engine"]

Engine = Literal["extractive", "openai"]


class Settings(BaseSettings):
    """Everything a deployment may set. Field → variable: `FAZHI_` + upper-case name."""

    model_config = SettingsConfigDict(env_prefix="FAZHI_", extra="forbid", frozen=True)

    home: Path = Field(default=Path("~/.local/share/fazhi"), description="data folder")

    llm_base_url: str = Field(
        default="", validation_alias=AliasChoices("FAZHI_LLM_BASE_URL", "OPENAI_BASE_URL")
    )
    llm_model: str = Field(
        default="", validation_alias=AliasChoices("FAZHI_LLM_MODEL", "OPENAI_MODEL")
    )
    llm_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=AliasChoices("FAZHI_LLM_API_KEY", "OPENAI_API_KEY")
    )
    llm_timeout: float = Field(default=120.0, gt=0, description="seconds for one whole reply")
    llm_context: int = Field(default=8192, ge=2048, description="tokens the model can read")

    embed_base_url: str = ""
    embed_model: str = ""
    embed_api_key: SecretStr = SecretStr("")

    indicators: Path | None = Field(default=None, description="a YAML of the user's own indicators")

    @property
    def folder(self) -> Path:
        """The data folder, with `~` expanded."""
        return self.home.expanduser()

    @property
    def has_llm(self) -> bool:
        """Whether an endpoint and a model are both named."""
        return bool(self.llm_base_url and self.llm_model)

    @property
    def default_engine(self) -> Engine:
        """`openai` when an endpoint is configured, else `extractive`."""
        return "openai" if self.has_llm else "extractive"


class EngineError(AssistantError):
    """The engine asked for does not exist or is not configured."""

    default_hint = "设置 FAZHI_LLM_BASE_URL 和 FAZHI_LLM_MODEL，或使用 --engine extractive。"


def check_engine(name: str | None, settings: Settings) -> Engine:
    """The engine to use: the one named, else the settings' own. Raises EngineError."""
    if name is None:
        return settings.default_engine
    if name == "extractive":
        return "extractive"
    if name != "openai":
        raise EngineError(f"没有名为“{name}”的引擎，可用：extractive、openai。")
    if not settings.has_llm:
        raise EngineError("还没有配置大模型服务。")
    return "openai"
