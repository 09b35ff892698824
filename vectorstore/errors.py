"""Everything that can go wrong with a source report or the store, and the base of all our errors.

One tree, caught once at the edges (CLI, web app) as `PlainError`, with what `assistant` adds to it:

    VectorstoreError
    ├── ReadError                the file cannot become a report
    │   ├── EmptyFileError
    │   ├── UnsupportedFormatError
    │   ├── BrokenFileError
    │   ├── EncryptedFileError
    │   ├── ScannedFileError
    │   ├── LimitExceededError   the child process hit its memory, time or size limit
    │   └── WrongReportError     not a new version of the report it was to replace
    ├── StoreError
    │   ├── LockedError          another process owns the data folder
    │   ├── SchemaError          written by a newer version
    │   ├── StorageFullError     disk full or read-only folder
    │   └── NotFoundError        no such report
    ├── IndexBrokenError         the Chroma folder cannot be used; it is rebuilt from the store
    └── EmbeddingError           the embedder failed or its vectors do not fit the store
"""

from __future__ import annotations

import errno

__all__ = [
    "BrokenFileError",
    "EmbeddingError",
    "EmptyFileError",
    "EncryptedFileError",
    "IndexBrokenError",
    "LimitExceededError",
    "LockedError",
    "NotFoundError",
    "PlainError",
    "ReadError",
    "ScannedFileError",
    "SchemaError",
    "StorageFullError",
    "StoreError",
    "UnsupportedFormatError",
    "VectorstoreError",
    "WrongReportError",
    "reason",
]

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EEXIST: "已有同名的文件",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘或文件夹只读",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件超过允许的大小",
    errno.ENAMETOOLONG: "名称过长",
    errno.ELOOP: "链接互相指向",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ETXTBSY: "文件正被其他程序使用",
    errno.EBUSY: "正被其他程序使用",
    errno.EIO: "磁盘读写出错",
    errno.ESTALE: "网络磁盘已断开",
    errno.ENOLCK: "磁盘不支持加锁",
    errno.ENOTSUP: "磁盘不支持这个操作",
}


def reason(error: OSError) -> str:
    """Why the system refused, in a few plain words for the user, without the path."""
    said = _REASONS.get(error.errno or 0)
    return said or (f"系统错误 {error.errno}" if error.errno else "系统没有说明原因")


class PlainError(Exception):
    """An error of ours, told to the user as it is.

    `str(error)` is one plain Chinese sentence for the user, `hint` says what to do next,
    `retryable` whether the same call may succeed later without a change.
    """

    default_hint = ""
    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or self.default_hint

    def __reduce__(self) -> tuple[type[PlainError], tuple[str, str]]:
        """Keep the hint when an error crosses a process boundary."""
        return type(self), (str(self), self.hint)


class VectorstoreError(PlainError):
    """Base of this package's errors."""


class ReadError(VectorstoreError):
    """The file cannot become a report."""


class EmptyFileError(ReadError):
    """No text in the file at all."""

    default_hint = "请确认文件内容已保存，再重新导入。"


class UnsupportedFormatError(ReadError):
    """Not one of txt, docx, pdf, html, zip, or its content is not what its name says."""

    default_hint = "请另存为 .docx、文字版 .pdf、.html 或 .txt 后再导入。"


class BrokenFileError(ReadError):
    """Truncated or damaged."""

    default_hint = "请用原软件打开该文件，另存一份后再导入。"


class EncryptedFileError(ReadError):
    """Password protected."""

    default_hint = "请去除密码保护后再导入。"


class ScannedFileError(ReadError):
    """A PDF of page images without a text layer."""

    default_hint = "请先用 OCR 软件转为文字版 PDF，或向报送单位索取 Word 版。"


class LimitExceededError(ReadError):
    """Parsing was stopped because it took too much memory, time or space."""

    default_hint = "文件过大或结构异常，请另存为普通文档或拆分后再导入。"


class WrongReportError(ReadError):
    """The file is not a new version of the report it was to replace; nothing was changed."""


class StoreError(VectorstoreError):
    """The store cannot do what was asked."""


class LockedError(StoreError):
    """Another process owns the data folder; the message names it."""

    default_hint = "请先关闭该程序，或等待它完成后再试。"
    retryable = True


class SchemaError(StoreError):
    """The data folder was written by a newer version of the software."""

    default_hint = "请升级到较新的版本后再打开该数据目录。"


class StorageFullError(StoreError):
    """The disk is full or the folder is read-only; nothing was half written."""

    default_hint = "请清理磁盘空间或检查目录权限后重试，已入库的报告不受影响。"
    retryable = True


class NotFoundError(StoreError):
    """No report with that id."""

    default_hint = "用 fazhi reports 查看已入库的报告。"


class IndexBrokenError(VectorstoreError):
    """The Chroma folder cannot be used; it is rebuilt from the store's vectors."""

    default_hint = "索引将自动重建，无需重新导入报告。"
    retryable = True


class EmbeddingError(VectorstoreError):
    """The embedder failed, or its vectors do not match those already stored."""

    default_hint = "请检查 FAZHI_EMBED_* 设置；更换向量模型后请运行 fazhi ingest --reembed。"
