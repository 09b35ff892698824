"""Settings from the environment (`FAZHI_*`).

Nothing leaves the machine unless an endpoint is named here: an API key alone switches nothing on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import AssistantError

__all__ = ["Engine", "EngineError", "Settings", "SettingsError", "check_engine"]

Engine = Literal["extractive", "openai", "local"]
_PREFIX = "FAZHI_"
# What a value must be, by the type of pydantic's complaint; the rest is told without.
_WANTED = {
    "literal_error": "可用：" + "、".join(get_args(Engine)) + "。",
    "float_parsing": "要填一个数。",
    "int_parsing": "要填一个整数。",
    "finite_number": "要填一个数。",
    "greater_than": "要大于 {gt:g}。",
    "greater_than_equal": "不能小于 {ge}。",
    "folder": "要填一个存在的用户目录，或完整路径。",
    "address": "要填完整的网址，如 http://主机:8000/v1。",
}


class SettingsError(AssistantError):
    """A variable `FAZHI_*` has a value that cannot be used."""

    default_hint = "请改正或去掉这个环境变量。"


class Settings(BaseSettings):
    """Everything a deployment may set. Field → variable: `FAZHI_` + upper-case name.

    Raises SettingsError naming the first variable that cannot be used.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, extra="forbid", frozen=True, allow_inf_nan=False
    )

    home: Path = Field(default=Path("~/.local/share/fazhi"), description="data folder")

    engine: Engine | None = Field(default=None, description="the engine to use unless one is named")

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

    model_file: Path | None = Field(default=None, description="the local model, if elsewhere")
    model_hub: str = Field(
        default="https://huggingface.co",
        validation_alias=AliasChoices("FAZHI_MODEL_HUB", "HF_ENDPOINT"),
    )
    local_context: int = Field(default=4096, ge=2048, description="tokens the local model can read")
    local_threads: int = Field(default=2, ge=1)
    local_timeout: float = Field(default=300.0, gt=0, description="seconds for one whole reply")

    embed_base_url: str = ""
    embed_model: str = ""
    embed_api_key: SecretStr = SecretStr("")

    indicators: Path | None = Field(default=None, description="a YAML of the user's own indicators")

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise _refusal(error) from error

    @field_validator("home")
    @classmethod
    def _has_a_place(cls, home: Path) -> Path:
        try:
            home.expanduser()
        except RuntimeError as error:
            raise PydanticCustomError("folder", "no such user") from error
        return home

    @field_validator("llm_base_url", "embed_base_url", "model_hub")
    @classmethod
    def _has_parts(cls, address: str) -> str:
        try:
            _ = urlsplit(address).port
        except ValueError as error:
            raise PydanticCustomError("address", "not an address") from error
        return address

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
        """The engine set; else `openai` when an endpoint is configured, else `extractive`.

        Never `local` unless asked for: a small model is for trials.
        """
        return self.engine or ("openai" if self.has_llm else "extractive")

    def model_name(self, engine: Engine) -> str:
        """The language model behind `engine`; empty for the one without."""
        if engine == "local":
            from assistant.model.record import PINNED

            return PINNED.name
        return self.llm_model if engine == "openai" else ""


def _refusal(error: ValidationError) -> SettingsError:
    first = error.errors(include_url=False)[0]
    name = _PREFIX + str(first["loc"][0]).upper().removeprefix(_PREFIX)
    wanted = _WANTED.get(first["type"], "").format(**first.get("ctx", {}))
    # an address may hold a password
    value = "" if first["type"] == "address" else f"“{first['input']}”"
    return SettingsError(f"设置 {name} 的值{value}不对。", wanted)


class EngineError(AssistantError):
    """The engine asked for does not exist or is not configured."""

    default_hint = "设置 FAZHI_LLM_BASE_URL 和 FAZHI_LLM_MODEL，或使用 --engine extractive。"


def check_engine(name: str | None, settings: Settings) -> Engine:
    """The engine to use: the one named, else the settings' own.

    Raises EngineError for one that does not exist or is not configured, ModelMissingError for
    `local` before its model was pulled.
    """
    engine = name or settings.default_engine
    if engine not in get_args(Engine):
        known = "、".join(get_args(Engine))
        raise EngineError(f"没有名为“{engine}”的引擎，可用：{known}。")
    if engine == "openai" and not settings.has_llm:
        raise EngineError("还没有配置大模型服务。")
    if engine == "local":
        from assistant.model import Shelf, require_runtime

        require_runtime()
        Shelf.of(settings.folder, settings.model_file).require()
    return cast(Engine, engine)
