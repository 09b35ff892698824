"""What a language model adds to a brief, with everything falling back on the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.brief.budget import BriefModel, Meter, Plan
from assistant.brief.cache import NoteCache
from assistant.brief.label import label_cost, label_reading, left_over, model_version
from assistant.brief.notes import Note
from assistant.brief.reading import Progress
from assistant.brief.summary import section_cost, summarise
from assistant.brief.tally import Reading, Tally
from assistant.brief.themes import Themes
from assistant.errors import LLMError
from assistant.gongwen import Paragraph

__all__ = ["Engine", "Say"]

Say = Callable[[str], None]
"""Told a sentence for the user: the plan before the first call, the cost after the last."""
_SECTIONS = 3


@dataclass
class Engine:
    """One run with a model. After a failure it is asked no more and the rules do the rest."""

    model: BriefModel
    themes: Themes
    say: Say
    meter: Meter = field(default_factory=Meter)
    notes: list[str] = field(default_factory=list)
    _failed: bool = False

    def name_themes(
        self, readings: Sequence[Reading], home: Path, rules: str, progress: Progress | None
    ) -> list[Reading]:
        """Names for what no rule fits; what earlier runs kept is not asked again."""
        cache = NoteCache(home, model_version(self.model, rules))
        kept = {r.row.id: notes for r in readings if (notes := cache.get(r.row.id)) is not None}
        todo = [r for r in readings if r.row.id not in kept and left_over(r)]
        cost = label_cost(todo, self.model, self.themes) + section_cost(self.model, _SECTIONS)
        self.say(str(Plan(len(readings), len(kept), cost)))
        done: dict[str, Reading] = {}
        for n, reading in enumerate(todo, start=1):
            if (labelled := self._label(reading, cache)) is None:
                break
            done[reading.row.id] = labelled
            if progress:
                progress(n, len(todo))
        return [done.get(r.row.id, _with(r, kept.get(r.row.id))) for r in readings]

    def _label(self, reading: Reading, cache: NoteCache) -> Reading | None:
        try:
            return label_reading(reading, self.model, self.themes, self.meter, cache)
        except LLMError as error:
            self._give_up(error)
            return None

    def lead(self, topic: str, made: Sequence[Tally]) -> Paragraph | None:
        """The opening paragraph of a section; None leaves the section to its table and quotes."""
        if self._failed or not made:
            return None
        try:
            paragraph = summarise(topic, made, self.model, self.meter)
        except LLMError as error:
            self._give_up(error)
            return None
        if paragraph is None:
            self.notes.append(f"“{topic}”的概述没有足够的句子能与原文对上，改为只列表和摘录。")
        return paragraph

    def finish(self) -> None:
        """Say what it cost."""
        self.say(f"大模型实际用量：{self.meter.spent}。")

    def _give_up(self, error: LLMError) -> None:
        self._failed = True
        self.notes.append(
            f"{error}{error.hint}其余部分不用模型，按规则归类、摘录；再次运行会接着做。"
        )


def _with(reading: Reading, notes: tuple[Note, ...] | None) -> Reading:
    return reading if notes is None else replace(reading, notes=notes)
