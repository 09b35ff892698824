"""What has come of one question so far: what is being done, the text shown, the answer to keep."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.answer.types import Answer, Done, Sources, Token, Waiting
from assistant.app.ask.asking import Tick
from assistant.app.ask.cards import waiting_html
from assistant.conversations import Exchange
from vectorstore.types import Hit

__all__ = ["Progress"]


@dataclass
class Progress:
    """Takes the events of one question; `started` is the exchange without its answer."""

    started: Exchange
    doing: str = "正在检索报告…"
    partial: str = ""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None

    def take(self, event: object) -> bool:
        """Note an event; whether there is something new to show."""
        match event:
            case Tick():
                return False
            case Sources():
                self.hits = event.hits
                reports = len({hit.chunk.report_id for hit in event.hits})
                self.doing = (
                    f"已找到 {len(event.hits)} 段相关内容，来自 {reports} 份报告，正在作答…"
                )
            case Token():
                self.partial += event.text
            case Waiting():
                self.doing = f"{event.reason}（{event.seconds:.0f} 秒）"
            case Done():
                self.answer = event.answer
                return False
        return True

    def html(self) -> str:
        """The question and how far its answer has come."""
        return waiting_html(self.started.question, self.doing, self.partial, self.started.focus)

    def exchange(self) -> Exchange:
        """The exchange to keep; without a `Done` it was stopped."""
        answer = self.answer or Answer(self.partial or "（尚未开始作答）", incomplete=True)
        ids = {citation.report_id for citation in answer.citations}
        if answer.refused or self.answer is None:  # the nearest passages, an unfinished text
            ids |= {hit.chunk.report_id for hit in self.hits}
        return replace(
            self.started,
            answer=answer,
            drawn_on=tuple(sorted(ids)),
            stopped=self.answer is None,
        )
