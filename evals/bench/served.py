"""What `fazhi serve` holds in memory, without its socket: run as a process of its own.

Opens the data folder as its owner (Chroma included), builds the web application, asks questions
over everything and within one bureau, and prints the peak resident memory in MB.
"""

from __future__ import annotations

import os
import sys

from assistant.app.server import create_app, open_desk
from assistant.build import own_services
from evals.bench.measure import resident_mb
from vectorstore.types import Scope

__all__ = ["main"]

_ASKED = (
    "哪些单位提到执法力量薄弱？",
    "普法宣传有哪些特色做法",
    "应急演练开展情况",
    "下一步打算是什么",
)


def main() -> int:
    """Serve in memory, ask, measure."""
    with own_services(command="bench") as services, open_desk(services) as desk:
        create_app(desk)
        answerer = services.answerer("extractive")
        first = services.store.reports()[0]
        for question in _ASKED:
            answerer.answer(question, scope=Scope((first.org,)))
            services.retriever.search(question)
            services.retriever.search(question, Scope(years=(2025,)))
        print(resident_mb(os.getpid()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
