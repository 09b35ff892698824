"""A model's answer sentence by sentence: what holds is numbered and kept, what fails is listed.

Nothing is shown before it is checked, so a figure that no report carries is never on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.answer.overreach import overreach
from assistant.answer.types import CheckedQuantity, Citation, Verifier
from assistant.citations import Binder, Figures, Numbering
from assistant.evidence import REFUSAL, Passage, is_order
from assistant.sanitise import Sentences, inert, leaks, unmarked
from vectorstore.clean import fold
from vectorstore.tokens import segment
from vectorstore.types import QuantityKind

__all__ = ["Claims", "Failure", "supported_by_citation"]

_GOOD = frozenset({"supported", "rounded", "derived", "placeholder"})
_LOOPING = 4  # repeats in a row after which the model is taken to be in a loop
_LEAD_IN = 40  # characters; a longer line is a statement
_ITEM_NUMBER = re.compile(r"^\d{1,2}[.、)）]\s*")
# A letter of a word; those that only lead up to a figure (共、约、为…) do not count.
_WORD = re.compile(r"[A-Za-z]|(?![共约有为是达近超余计总多])[\u4e00-\u9fff]")
_END = re.compile(r"[。！？!?；;，,、\s]*$")
_FRAME_WORDS = frozenset(
    "根据 资料 报告 显示 情况 如下 具体 主要 包括 分别 单位 有关 相关 年度 方面 以下 综上".split()  # noqa: SIM905 - reads better
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence that did not hold, where it stood, and why (Chinese)."""

    slot: int
    claim: str
    problem: str


def supported_by_citation(figures: Figures) -> Verifier:
    """The verdicts that follow from binding alone: each figure of a bound claim is in its quote."""

    def verify(text: str, sources: Sequence[Citation]) -> list[CheckedQuantity]:
        checked: list[CheckedQuantity] = []
        for quantity in figures(text):
            if quantity.kind is QuantityKind.QUANTITY:
                carriers = (c.n for c in sources if _carries(c, quantity.value, figures))
                n = next(carriers, sources[0].n if sources else None)
                checked.append(CheckedQuantity(quantity.text, "supported", n))
        return checked

    return verify


def _carries(citation: Citation, value: object, figures: Figures) -> bool:
    return any(quantity.value == value for quantity in figures(citation.quote))


def _advice(wrong: CheckedQuantity) -> str:
    """What is wrong with a figure, for the model that shall put it right."""
    from assistant.verify.verdicts import Verdict
    from assistant.verify.words import VERDICTS

    words = VERDICTS[Verdict(wrong.verdict)]
    return f"“{wrong.text}”{words.name}，{words.advice}"


@dataclass(slots=True)
class Claims:
    """The answer being written.

    Args:
        passages: what the model was shown, by number.
        familiar: text whose words a line that introduces others may use (the question).
        secrets: texts that must not be repeated (system prompts, the nonce).
    """

    passages: Mapping[int, Passage]
    figures: Figures
    verify: Verifier
    familiar: str = ""
    secrets: tuple[str, ...] = ()
    refused: bool = False
    failures: list[Failure] = field(default_factory=list)
    quantities: list[CheckedQuantity] = field(default_factory=list)
    _numbering: Numbering = field(default_factory=Numbering)
    _slots: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _repeats: int = 0
    _binder: Binder | None = None

    def add(self, sentence: str) -> str:
        """Check one sentence; what may be shown of it, "" if nothing."""
        tail = "\n" if sentence.endswith("\n") else ""
        text = inert(sentence).strip()
        if not unmarked(text) or self._is_repeat(text):
            return self._blank(tail)
        if REFUSAL in text or text.strip("。！ ") == REFUSAL.strip("【】"):
            self.refused = True
            return ""
        if leaks(text, self.secrets):
            return ""
        self._slots.append("")
        return self._keep(len(self._slots) - 1, text, tail)

    def amend(self, rewritten: Iterable[str]) -> None:
        """Put rewritten sentences, one for each failure in order, where the failures stood.

        Failures whose rewrite does not hold either stay listed.
        """
        listed, self.failures = self.failures, []
        lines = list(rewritten)
        for at, failure in enumerate(listed):
            line = _ITEM_NUMBER.sub("", lines[at].strip()) if at < len(lines) else ""
            said = "".join(self._amended(failure.slot, line))
            self._put(failure.slot, said)
            if not said:
                self.failures.append(failure)

    def _amended(self, slot: int, line: str) -> Iterator[str]:
        """What holds of a rewritten line; each sentence stands for itself."""
        before = len(self.failures)
        for sentence in _sentences(line):
            text = inert(sentence).strip()
            if unmarked(text) and not self._is_repeat(text) and not self._is_unsafe(text):
                yield self._keep(slot, text, "")
        del self.failures[before:]

    def _is_unsafe(self, text: str) -> bool:
        return leaks(text, self.secrets) or is_order(text)

    @property
    def looping(self) -> bool:
        """Whether the model only repeats itself."""
        return self._repeats >= _LOOPING

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the kept sentences cite, by number."""
        return self._numbering.citations

    @property
    def text(self) -> str:
        """The kept sentences in order."""
        return re.sub(r"\n{2,}", "\n", "".join(self._slots)).strip()

    def _keep(self, slot: int, text: str, tail: str) -> str:
        if self._is_lead_in(text):
            return self._put(slot, unmarked(text) + tail)
        if self._is_bare(text):
            problem = "只有数，没有写明是哪个单位、哪一年的什么"
            self.failures.append(Failure(slot, unmarked(text), problem))
            return ""
        if self._binder is None:
            self._binder = Binder(self.passages, self.figures)
        bound = self._binder.bind(text)
        problem, checked = bound.problem, list[CheckedQuantity]()
        if bound.spans:
            checked = list(self.verify(bound.claim, self._numbering.preview(bound.spans)))
            wrong = [quantity for quantity in checked if quantity.verdict not in _GOOD]
            problem = "；".join(map(_advice, wrong))
            problem = problem or overreach(bound.claim, bound.spans, self.figures)
        if problem or not bound.spans:
            self.failures.append(Failure(slot, bound.claim, problem))
            return ""
        self.quantities += checked
        marks = "".join(f"[{c.n}]" for c in self._numbering.cite(bound.spans))
        end = _END.search(bound.claim)
        at = end.start() if end else len(bound.claim)
        return self._put(slot, bound.claim[:at] + marks + bound.claim[at:] + tail)

    def _is_bare(self, text: str) -> bool:
        """Whether figures stand without a word on what they count: they could be any report's."""
        said = unmarked(text)
        rest = list(said)
        for quantity in self.figures(said):
            rest[quantity.start : quantity.end] = " " * (quantity.end - quantity.start)
        return rest != list(said) and not _WORD.search("".join(rest))

    def _put(self, slot: int, text: str) -> str:
        self._slots[slot] = text
        return text

    def _blank(self, tail: str) -> str:
        if not tail or not self._slots or self._slots[-1].endswith("\n"):
            return ""
        self._slots.append(tail)
        return tail

    def _is_repeat(self, text: str) -> bool:
        bare = "".join(unmarked(text).split())
        repeat = bare in self._seen
        self._repeats = self._repeats + 1 if repeat else 0
        self._seen.add(bare)
        return repeat

    def _is_lead_in(self, text: str) -> bool:
        """A short line ending in a colon that only repeats the question or names a source."""
        plain = unmarked(text)
        if not fold(plain).endswith(":") or len(plain) > _LEAD_IN or self.figures(plain):
            return False
        known = set(segment(self.familiar)) | _FRAME_WORDS
        for passage in self.passages.values():
            known |= set(segment(f"{passage.hit.org} {passage.hit.title}"))
            known |= set(segment(" ".join(passage.hit.chunk.heading_path)))
        return set(segment(plain)) <= known


def _sentences(line: str) -> list[str]:
    cutter = Sentences()
    return [*cutter.push(line), *cutter.flush()]
