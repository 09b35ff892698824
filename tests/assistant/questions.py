"""Question sets: what an answer must hold, cite and refuse, and how it is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from assistant.answer.types import Answer

__all__ = ["Question", "load", "problem"]


@dataclass(frozen=True)
class Question:
    """`answer`: all of these strings; `any`: one of them; `orgs`: starts of organisations cited."""

    q: str
    answer: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    year: int | None = None
    refused: bool = False
    loose: bool = False  # further organisations may be cited


def load(path: Path) -> list[Question]:
    """The questions of a YAML file."""
    rows = yaml.safe_load(path.read_text("utf-8"))
    return [
        Question(**{k: tuple(v) if isinstance(v, list) else v for k, v in r.items()}) for r in rows
    ]


def problem(question: Question, answer: Answer) -> str:
    """What is wrong with `answer`, or "" when it is right."""
    if answer.refused != question.refused:
        return f"refused={answer.refused}: {answer.text[:120]}"
    if question.refused:
        return ""
    text = answer.text.replace(",", "")
    missing = [part for part in question.answer if part not in text]
    if missing or (question.any and not any(part in text for part in question.any)):
        return f"lacks {missing or question.any}: {answer.text[:200]}"
    cited = {c.org for c in answer.citations}
    unseen = [org for org in question.orgs if not any(c.startswith(org) for c in cited)]
    extra = [c for c in cited if question.orgs and not c.startswith(question.orgs)]
    if unseen or (extra and not question.loose):
        return f"cites {sorted(cited)}"
    wrong_year = question.year and any(c.year != question.year for c in answer.citations)
    return "cites another year" if wrong_year else ""
