from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

from evals.quantities.extraction import same_indicator, score_passage
from evals.quantities.labelled import Passage, load, report_of
from vectorstore.types import Dimension, Hedge, Quantity, QuantityKind


def _as_labelled(passage: Passage) -> list[Quantity]:
    """What a perfect extractor reads."""
    return [
        Quantity(
            text=label.text,
            start=label.start,
            end=label.end,
            kind=QuantityKind(label.kind),
            value=label.value,
            value_max=label.value_max,
            unit=label.unit,
            dimension=label.dimension or Dimension.OTHER,
            hedge=label.hedge,
            indicator=label.indicators[0] if label.indicators else "",
            org=label.org or passage.org,
            year=label.year,
            modality=label.modality,
        )
        for label in passage.spans
        if label.kind in {"quantity", "date", "phrase"}
    ]


def _figures(passage: Passage) -> list[Quantity]:
    return [q for q in _as_labelled(passage) if q.kind is QuantityKind.QUANTITY]


def test_the_set_is_as_large_and_varied_as_promised() -> None:
    passages = load()
    kinds = Counter(label.kind for passage in passages for label in passage.spans)
    assert len(passages) >= 60
    assert kinds["quantity"] >= 320
    assert len({passage.style for passage in passages}) >= 8
    halves = Counter(p.split for p in passages for x in p.spans if x.kind == "quantity")
    assert min(halves["dev"], halves["held_out"]) >= 200
    assert len({passage.id for passage in passages}) == len(passages)


def test_nothing_is_taken_from_the_real_reports(real_reports: list[Path]) -> None:
    real = "".join(path.read_text("utf-8", errors="ignore") for path in real_reports)
    runs = {real[i : i + 12] for i in range(len(real) - 11)}
    for passage in load():
        text = passage.text
        assert not [i for i in range(len(text) - 11) if text[i : i + 12] in runs], passage.id


@pytest.mark.parametrize("passage", load(), ids=lambda passage: passage.id)
def test_a_perfect_reading_is_perfect(passage: Passage) -> None:
    rates, misses = score_passage(passage, _as_labelled(passage))
    assert misses == []
    assert all(rate.hits == rate.total for rate in rates.values())


@pytest.mark.parametrize(
    ("planted", "cause"),
    [
        ({"value": Decimal(99999)}, "value"),
        ({"value_max": Decimal(99999)}, "value"),
        ({"unit": "斤"}, "unit"),
        ({"dimension": Dimension.AREA}, "dimension"),
        ({"hedge": Hedge.NEARLY}, "hedge"),
    ],
)
def test_a_planted_error_is_found(planted: dict[str, object], cause: str) -> None:
    passage = load()[0]
    first, *rest = _figures(passage)
    rates, misses = score_passage(passage, [replace(first, **planted), *rest])  # type: ignore[arg-type]
    wanted = len(rest) + 1
    assert (rates["precision"].hits, rates["recall"].hits) == (wanted - 1, wanted - 1)
    assert rates["span_recall"].hits == wanted
    assert [miss.cause for miss in misses] == [cause]


def test_reading_nothing_is_not_perfect() -> None:
    rates, misses = score_passage(load()[0], [])
    assert rates["precision"].value is None
    assert rates["recall"].value == 0.0
    assert {miss.cause for miss in misses} == {"not read"}


def test_an_invented_figure_costs_precision_only() -> None:
    passage = load()[0]
    ghost = replace(_figures(passage)[0], text="（一", start=0, end=2)
    rates, misses = score_passage(passage, [*_figures(passage), ghost])
    assert rates["precision"].total == rates["precision"].hits + 1
    assert rates["recall"].value == 1.0
    assert [miss.cause for miss in misses] == ["no figure"]


def test_indicators_agree_by_words_not_by_luck() -> None:
    label = load()[0].spans[1]
    assert same_indicator(label, "全年检查各类单位")
    assert same_indicator(label, label.indicators[0])
    assert not same_indicator(label, "罚没款")
    assert not same_indicator(label, "")


def test_a_label_off_its_text_is_refused() -> None:
    record = load()[0].model_dump()
    record["spans"][0]["start"] += 1
    with pytest.raises(ValidationError, match="is not at"):
        Passage.model_validate(record)


def test_passages_of_one_report_keep_their_parts() -> None:
    chosen = [p for p in load() if p.org == load()[0].org and p.year == load()[0].year]
    report = report_of(chosen)
    for passage in chosen:
        at = report.text.index(passage.text)
        assert report.section_at(at).part is passage.part
