"""What a language model adds to a brief, with everything falling back on the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.brief.budget import BriefModel, Meter, Outlay
from assistant.brief.cache import NoteCache
from assistant.brief.label import label_cost, label_reading, left_over, model_version
from assistant.brief.notes import Note
from assistant.brief.summary import section_cost, summarise
from assistant.brief.tally import Reading, Tally
from assistant.brief.themes import Themes
from assistant.brief.watch import Watch
from assistant.errors import LLMError
from assistant.gongwen import Paragraph

__all__ = ["Engine", "outlay"]

_SECTIONS = 3


def outlay(
    readings: Sequence[Reading], model: BriefModel, themes: Themes, home: Path, rules: str
) -> Outlay:
    """What `model` will cost at most; what earlier runs kept costs nothing."""
    kept, todo = _divided(readings, NoteCache(home, model_version(model, rules)))
    cost = label_cost(todo, model, themes) + section_cost(model, _SECTIONS)
    return Outlay(len(readings), len(kept), cost)


def _divided(
    readings: Sequence[Reading], cache: NoteCache
) -> tuple[dict[str, tuple[Note, ...]], list[Reading]]:
    """The notes kept of earlier runs by report id, and the reports to ask about."""
    kept = {r.row.id: notes for r in readings if (notes := cache.get(r.row.id)) is not None}
    return kept, [r for r in readings if r.row.id not in kept and left_over(r)]


@dataclass
class Engine:
    """One run with a model. After a failure it is asked no more and the rules do the rest."""

    model: BriefModel
    themes: Themes
    watch: Watch
    notes: list[str] = field(default_factory=list)
    _failed: bool = False

    def __post_init__(self) -> None:
        self.meter = Meter(self.watch.pulse)

    def name_themes(self, readings: Sequence[Reading], home: Path, rules: str) -> list[Reading]:
        """Names for what no rule fits; what earlier runs kept is not asked again."""
        cache = NoteCache(home, model_version(self.model, rules))
        kept, todo = _divided(readings, cache)
        self.watch.say(str(outlay(readings, self.model, self.themes, home, rules)))
        done: dict[str, Reading] = {}
        for n, reading in enumerate(todo, start=1):
            if (labelled := self._label(reading, cache)) is None:
                break
            done[reading.row.id] = labelled
            self.watch.progress(n, len(todo))
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
        self.watch.say(f"大模型实际用量：{self.meter.spent}。")

    def _give_up(self, error: LLMError) -> None:
        self._failed = True
        self.notes.append(
            f"{error}{error.hint}其余部分不用模型，按规则归类、摘录；再次运行会接着做。"
        )


def _with(reading: Reading, notes: tuple[Note, ...] | None) -> Reading:
    return reading if notes is None else replace(reading, notes=notes)
