"""Questions answered from the reports, by rule or by a language model, with every figure cited."""

from assistant.answer.types import (
    Answer,
    Answerer,
    CheckedQuantity,
    Citation,
    Done,
    Event,
    Sources,
    Token,
    Turn,
    Verifier,
    Waiting,
)

__all__ = [
    "Answer",
    "Answerer",
    "CheckedQuantity",
    "Citation",
    "Done",
    "Event",
    "Sources",
    "Token",
    "Turn",
    "Verifier",
    "Waiting",
]
