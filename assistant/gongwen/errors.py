"""What can go wrong while a document is written.

AssistantError
└── GongwenError
    ├── ProfileError        the user's page profile cannot be used
    ├── UnfinishedError     a clean copy was asked for while blanks are left
    ├── ImageError          not a PNG or JPEG picture
    └── SaveError           disk full, read-only or missing folder
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.errors import AssistantError

__all__ = ["GongwenError", "ImageError", "ProfileError", "SaveError", "UnfinishedError"]


class GongwenError(AssistantError):
    """The document was not written."""


class ProfileError(GongwenError):
    """The profile has an unknown key, a missing file or a value out of range."""

    default_hint = "请对照自带的 gb9704.yaml 修改版式设置，只写需要改动的项。"


class UnfinishedError(GongwenError):
    """A clean copy was asked for, but `blanks` (in document order) are still to be dealt with."""

    default_hint = "请补齐或删去这些内容后再导出清稿；确需照原样导出，请加 --force。"

    def __init__(self, blanks: Sequence[str]) -> None:
        self.blanks = tuple(blanks)
        super().__init__(f"文稿中还有 {len(self.blanks)} 处未处理：" + "、".join(self.blanks))


class ImageError(GongwenError):
    """The picture cannot be placed."""

    default_hint = "请改用 PNG 或 JPEG 格式的图片。"


class SaveError(GongwenError):
    """The file could not be written; what stood there before is untouched."""

    default_hint = "请检查目录是否存在、是否可写，磁盘是否已满，文件是否正被其他程序打开。"
    retryable = True
