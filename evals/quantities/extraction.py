"""Scores of extraction against the hand-made labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evals.quantities.labelled import Label, Passage, Split, report_of
from evals.stats import Rate
from vectorstore.indicators import Lexicon
from vectorstore.quantities import extract
from vectorstore.types import Hedge, Quantity, QuantityKind

__all__ = ["TARGETS", "Miss", "score_extraction", "score_passage"]

# QUANTITIES, “Proof”: extraction precision and recall.
TARGETS = {"precision": 0.98, "recall": 0.97}
_SIMILAR = 0.6  # share of common character pairs from which two indicator phrases are the same

Rates = dict[str, Rate]


@dataclass(frozen=True, slots=True)
class Miss:
    """A place where label and reading differ; `cause` is the first thing that is wrong."""

    passage: str
    cause: str
    expected: str
    got: str
    sentence: str


def score_extraction(
    passages: Iterable[Passage], lexicon: Lexicon
) -> tuple[dict[Split, Rates], list[Miss]]:
    """Rates for each half, and the misses of the half that may be looked at (dev)."""
    rates: dict[Split, Rates] = {"dev": {}, "held_out": {}}
    misses: list[Miss] = []
    for passage in passages:
        found, wrong = score_passage(passage, extract(report_of([passage]), lexicon))
        half = rates[passage.split]
        for name, rate in found.items():
            half[name] = half.get(name, Rate(0, 0)) + rate
        if passage.split == "dev":
            misses += wrong
    return rates, misses


def score_passage(passage: Passage, found: Sequence[Quantity]) -> tuple[Rates, list[Miss]]:
    """Counts for one passage.

    A figure is right when its span, value (both bounds), unit, dimension and hedge are. Precision
    is right ÷ read, recall right ÷ labelled; figures read where a label says `optional` do not
    count. `span_*` ask for the same characters only, `overlap_recall` for one common character.
    Indicator, year and modality are scored on the labels whose span was read.
    """
    labels: dict[str, list[Label]] = defaultdict(list)
    for label in passage.spans:
        labels[label.kind].append(label)
    free = [(label.start, label.end) for label in labels["optional"]]
    masked = [*free, *((label.start, label.end) for label in labels["no_figure"])]
    figures = _of_kind(found, QuantityKind.QUANTITY, free)
    wanted = labels["quantity"]
    pairs = [(label, next((q for q in figures if _same_span(label, q)), None)) for label in wanted]
    read = [(label, quantity) for label, quantity in pairs if quantity is not None]
    right = [(label, quantity) for label, quantity in read if not _fault(label, quantity)]
    rates = {
        "precision": Rate(len(right), len(figures)),
        "recall": Rate(len(right), len(wanted)),
        "span_precision": Rate(len(read), len(figures)),
        "span_recall": Rate(len(read), len(wanted)),
        "overlap_recall": Rate(sum(_touched(label, figures) for label in wanted), len(wanted)),
        "indicator": Rate(sum(same_indicator(x, q.indicator) for x, q in read), len(read)),
        "year": _agreement([(x.year, q.year) for x, q in read if x.year is not None]),
        "modality": _agreement([(x.modality, q.modality) for x, q in read]),
        "organisation": _agreement([(x.org or passage.org, q.org) for x, q in read]),
    }
    for kind in (QuantityKind.DATE, QuantityKind.PHRASE):
        read_of_kind = _of_kind(found, kind, masked)
        hits = sum(any(_same_span(x, q) for q in read_of_kind) for x in labels[kind])
        rates[f"{kind}_precision"] = Rate(min(hits, len(read_of_kind)), len(read_of_kind))
        rates[f"{kind}_recall"] = Rate(hits, len(labels[kind]))
    return rates, _misses(passage, pairs, figures)


def same_indicator(label: Label, indicator: str) -> bool:
    """Equal to, within, or around an accepted form, or sharing ≥ 60 % of its character pairs.

    Similarity is the Jaccard index of the sets of adjacent character pairs.
    """
    printed = _plain(indicator)
    for form in map(_plain, label.indicators):
        if printed == form or (len(printed) > 1 and (printed in form or form in printed)):
            return True
        a, b = _pairs(printed), _pairs(form)
        if len(a & b) >= _SIMILAR * len(a | b):
            return True
    return False


def _plain(phrase: str) -> str:
    return "".join(c for c in phrase if c.isalnum())


def _pairs(phrase: str) -> set[str]:
    return {phrase[i : i + 2] for i in range(len(phrase) - 1)}


def _agreement(pairs: Sequence[tuple[object, object]]) -> Rate:
    return Rate(sum(a == b for a, b in pairs), len(pairs))


def _of_kind(
    found: Sequence[Quantity], kind: QuantityKind, masked: Sequence[tuple[int, int]]
) -> list[Quantity]:
    return [
        q for q in found if q.kind is kind and not any(a < q.end and q.start < b for a, b in masked)
    ]


def _touched(label: Label, figures: Sequence[Quantity]) -> bool:
    return any(q.start < label.end and label.start < q.end for q in figures)


def _same_span(label: Label, quantity: Quantity) -> bool:
    if quantity.start == label.start and quantity.text == label.text:
        return True
    return quantity.text in label.also and _touched(label, [quantity])


def _fault(label: Label, quantity: Quantity) -> str:
    """The first of hedge, value, unit, dimension that differs; empty when all agree."""
    if quantity.hedge is not label.hedge:
        return "hedge"
    # “At most X” may be printed with no lower bound or with zero: the types leave it open.
    low = quantity.value
    if label.hedge is Hedge.AT_MOST and low in (None, label.value_max):
        low = Decimal(0)
    high = quantity.value_max
    if label.hedge is Hedge.AT_MOST and high is None:
        high = quantity.value
    if low != label.value or high != label.value_max:
        return "value"
    if quantity.unit != label.unit:
        return "unit"
    if label.dimension is not None and quantity.dimension is not label.dimension:
        return "dimension"
    return ""


def _misses(
    passage: Passage,
    pairs: Sequence[tuple[Label, Quantity | None]],
    figures: Sequence[Quantity],
) -> list[Miss]:
    misses = []
    for label, quantity in pairs:
        if quantity is None:
            near = [q.text for q in figures if _touched(label, [q])]
            cause = "span" if near else "not read"
            misses.append(_miss(passage, cause, label, "、".join(near)))
        elif cause := _fault(label, quantity) or _reading_fault(label, quantity):
            misses.append(_miss(passage, cause, label, _shown(quantity)))
    labels = [label for label, _ in pairs]
    for quantity in figures:
        if not any(_touched(label, [quantity]) for label in labels):
            sentence = _sentence(passage.text, quantity.start)
            misses.append(Miss(passage.id, "no figure", "", _shown(quantity), sentence))
    return misses


def _reading_fault(label: Label, quantity: Quantity) -> str:
    if label.year is not None and quantity.year != label.year:
        return "year"
    if quantity.modality is not label.modality:
        return "modality"
    if label.org and quantity.org != label.org:
        return "organisation"
    return "" if same_indicator(label, quantity.indicator) else "indicator"


def _miss(passage: Passage, cause: str, label: Label, got: str) -> Miss:
    high = "" if label.value_max is None else f"–{label.value_max}"
    said = f"{label.text} = {label.value}{high} {label.unit} {label.hedge} {label.dimension or ''}"
    wanted = f"{said}·{'/'.join(label.indicators)}·{label.year}·{label.modality}"
    return Miss(passage.id, cause, wanted, got, _sentence(passage.text, label.start))


def _shown(q: Quantity) -> str:
    high = "" if q.value_max is None else f"–{q.value_max}"
    said = f"{q.text} = {q.value}{high} {q.unit} {q.hedge} {q.dimension}"
    return f"{said}·{q.indicator}·{q.year}·{q.modality}"


def _sentence(text: str, at: int) -> str:
    """Up to 30 characters before and 20 after, on the same line."""
    left, right = text[max(0, at - 30) : at], text[at : at + 20]
    return left.rpartition("\n")[2] + "▸" + right.partition("\n")[0]
