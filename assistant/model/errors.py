"""What can go wrong with the model file of the `local` engine."""

from __future__ import annotations

from assistant.errors import AssistantError

__all__ = ["ModelBusyError", "ModelError", "ModelMissingError", "PullError", "WrongFileError"]


class ModelError(AssistantError):
    """The local model cannot be used or fetched."""


class ModelMissingError(ModelError):
    """No model file has been fetched yet, or the software that runs it is not installed."""

    default_hint = "运行 fazhi model pull 下载（约 1.1 GB）；已有文件可用 --from 指定。"


class WrongFileError(ModelError):
    """A file is not byte for byte the pinned one; a copy of ours was deleted."""

    default_hint = "请换一个来源重新运行 fazhi model pull。"


class PullError(ModelError):
    """A download broke off or could not begin; what has arrived is kept."""

    default_hint = "已收到的部分会保留，再次运行 fazhi model pull 接着下载。"
    retryable = True


class ModelBusyError(ModelError):
    """Another process is fetching the same model."""

    default_hint = "请等它结束，或先停止它。"
