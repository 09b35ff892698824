"""Sentences with a figure computed from others behind a cue, right or wrong."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from assistant.verify import Verdict
from evals.quantities.cases import Case, put
from evals.quantities.edits import printed
from evals.quantities.facts import FIGURE, Fact, Library

__all__ = ["false_sums", "true_sums"]


def true_sums(library: Library, rng: random.Random) -> Iterator[Case]:
    """Correct sums, differences, growth and shares."""
    for fact, head, value, unit, places, scale in _computed(library):
        yield _case("sums", fact, head, printed(value, unit, scale, places), Verdict.DERIVED)


def false_sums(library: Library, rng: random.Random) -> Iterator[Case]:
    """The same with a result 3 to 30 % off, and never less than two of its last place."""
    for fact, head, value, unit, places, scale in _computed(library):
        last = Decimal(1).scaleb(-places) * (10000 if scale else 1)
        off = max(value * rng.randint(3, 30) / 100, 2 * last).quantize(last, ROUND_HALF_UP)
        wrong = value + off if rng.random() < 0.5 or off >= value else value - off
        group = fact.group if unit == fact.unit else "percent"
        if library.states(wrong, group, fact.org):
            continue
        figure = printed(wrong, unit, scale, places)
        yield _case("derived_wrong", fact, head, figure, Verdict.DERIVED_WRONG)


_Computed = tuple[Fact, str, Decimal, str, int, str]  # fact, lead, result, unit, places, scale


def _computed(library: Library) -> Iterator[_Computed]:
    yield from _totals(library)
    yield from _changes(library)
    yield from _shares(library)


def _totals(library: Library) -> Iterator[_Computed]:
    """“A 3件，B 4件，合计7件”: two figures of one sentence and unit, neither part of the other."""
    by_unit: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in library.standalone:
        if fact.unit not in "%％" and fact.unit != "个百分点":
            by_unit[fact.report, fact.sentence, fact.unit].append(fact)
    for facts in by_unit.values():
        for a, b in combinations(sorted(facts, key=lambda fact: fact.at), 2):
            between = a.sentence[a.at : b.at]
            if "其中" in between or a.clause == b.clause:
                continue
            places, scale = max(_form(a), _form(b))
            head = f"{a.year}年，{a.clause}，{b.clause}，合计"
            yield a, head, a.value + b.value, a.unit, places, scale


def _changes(library: Library) -> Iterator[_Computed]:
    """“A 27件，比上年增加4件” and “…增长17.4%”, from the two years' reports."""
    for old, new in library.years_in_turn:
        words = new.clause.replace(new.text, "", 1)
        if len(words) < 3 or re.search(r"\d", words) or new.unit in "%％" or not old.value:
            continue
        change = new.value - old.value
        more, grown = ("增加", "增长") if change > 0 else ("减少", "下降")
        places, scale = max(_form(old), _form(new))
        lead = f"{new.year}年，{new.clause}，比上年"
        yield new, lead + more, abs(change), new.unit, places, scale
        yield new, lead + grown, _percent(abs(change), old.value), "%", 1, ""


def _shares(library: Library) -> Iterator[_Computed]:
    """“A 587件，其中B 92件，占15.7%”."""
    by_sentence: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in library.plain:
        by_sentence[fact.report, fact.sentence].append(fact)
    for (_, sentence), facts in by_sentence.items():
        at = sentence.find("其中")
        wholes = [fact for fact in facts if fact.at < at]
        parts = [fact for fact in facts if fact.at > at]
        if at < 0 or not wholes or not parts:
            continue
        whole = max(wholes, key=lambda fact: fact.at)
        for part in parts[:2]:
            if part.unit == whole.unit and part.value < whole.value:
                head = f"{whole.year}年，{whole.clause}，其中{part.clause}，占"
                yield part, head, _percent(part.value, whole.value), "%", 1, ""


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _form(fact: Fact) -> tuple[int, str]:
    """Decimals and scale a figure is printed with; 亿 counts as 万 with four more decimals."""
    match = FIGURE.fullmatch(fact.text)
    assert match is not None
    places = len(match["number"].partition(".")[2])
    if match["scale"] == "亿":
        return max(0, places - 4), "万"
    return places, match["scale"]


def _case(family: str, fact: Fact, head: str, figure: str, verdict: Verdict) -> Case:
    return put(family, fact, f"{head}{figure}。", len(head), figure, verdict)
