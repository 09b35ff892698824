"""The Chinese files of the RGB benchmark as a pool of passages.

J. Chen et al., Benchmarking large language models in retrieval-augmented generation, AAAI 2024;
https://github.com/chen700564/RGB. Its licence is for non-commercial use, so the user brings the
files (zh.json, zh_refine.json, zh_int.json) and nothing of them is kept in this project.

JSON lines, each with `id`, `query`, `answer`, `positive` and `negative` (lists of texts); in
zh_int.json `positive` is a list of such lists, one for each fact that the query needs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from assistant.errors import AssistantError
from vectorstore.store import Store
from vectorstore.tokens import count_tokens
from vectorstore.types import Chunk, Report, Section

__all__ = ["RgbCase", "RgbError", "load", "put", "rgb_files"]

_FILES = ("zh.json", "zh_refine.json", "zh_int.json")


class RgbError(AssistantError):
    """The folder named holds no file of the benchmark, or not in its format."""

    default_hint = "请指定含 zh.json、zh_refine.json 或 zh_int.json 的目录（每行一个 JSON）。"


@dataclass(frozen=True, slots=True)
class RgbCase:
    """A query, its groups of relevant texts, and the texts that only look relevant."""

    query: str
    groups: tuple[tuple[str, ...], ...]
    negative: tuple[str, ...]


class _Line(BaseModel):
    query: str
    positive: list[str | list[str]]
    negative: list[str] = []


def rgb_files(folder: Path) -> list[Path]:
    """The benchmark's Chinese files in `folder`. Raises RgbError when there is none."""
    files = [folder / name for name in _FILES if (folder / name).is_file()]
    if not files:
        raise RgbError(f"{folder} 里没有 RGB 测试集的中文文件。")
    return files


def load(path: Path) -> list[RgbCase]:
    """The cases of one file. Raises RgbError."""
    try:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [_case(_Line.model_validate_json(line)) for line in lines]
    except (OSError, UnicodeDecodeError, ValidationError) as exc:
        raise RgbError(f"{path} 不是 RGB 测试集的格式。") from exc


def put(cases: Sequence[RgbCase], store: Store) -> dict[str, str]:
    """Store every text of `cases` once, as passages of one report; gives text → chunk id."""
    texts = list(dict.fromkeys(text for case in cases for text in _texts(case)))
    whole = "\n".join(texts)
    report_id = hashlib.sha256(whole.encode()).hexdigest()[:16]
    lead = Section(0, 0, "", "", None, None, 0, 0, 0, 0, len(whole))
    report = Report(report_id, "rgb", "", None, "", whole, (lead,), is_annual=False)
    chunks: list[Chunk] = []
    at = 0
    for n, text in enumerate(texts):
        cid = hashlib.sha256(f"{report_id}:{at}".encode()).hexdigest()[:16]
        end = at + len(text)
        chunks.append(
            Chunk(cid, report_id, n, 0, (), None, at, end, text, count_tokens(text)),
        )
        at = end + 1
    store.add(report, chunks, ())
    return {chunk.text: chunk.id for chunk in chunks}


def _case(line: _Line) -> RgbCase:
    nested = [p if isinstance(p, list) else None for p in line.positive]
    flat = [_one_line(p) for p in line.positive if isinstance(p, str)]
    groups = [tuple(map(_one_line, group)) for group in nested if group]
    return RgbCase(
        line.query,
        tuple(filter(None, [*groups, tuple(filter(None, flat))])),
        tuple(filter(None, map(_one_line, line.negative))),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _texts(case: RgbCase) -> Iterable[str]:
    for group in case.groups:
        yield from group
    yield from case.negative
