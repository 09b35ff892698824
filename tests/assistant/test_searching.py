"""`fazhi search` without options over the samples."""

from __future__ import annotations

from functools import partial

import pytest

from assistant.answer.reading import reader
from assistant.build import Services
from assistant.searching import find
from vectorstore.types import Hit, Scope

HEALTH, TRANSPORT = "霁原市卫生健康委员会", "霁原市交通运输局"


@pytest.fixture(scope="module")
def search(sample_services: Services) -> partial[list[Hit]]:
    return partial(find, sample_services.retriever, reader(sample_services.store, 2026))


def test_a_bureau_and_year_named_come_first(search: partial[list[Hit]]) -> None:
    hits = search("霁原市卫健委2025年执法监督", Scope(), 5)
    assert {(hit.org, hit.year) for hit in hits} == {(HEALTH, 2025)}


def test_what_the_user_picked_stands_over_what_the_words_name(search: partial[list[Hit]]) -> None:
    hits = search("霁原市卫健委2025年执法监督", Scope(orgs=(TRANSPORT,)), 5)
    assert {(hit.org, hit.year) for hit in hits} == {(TRANSPORT, 2025)}


def test_others_on_the_same_matter_follow_when_there_are_too_few(
    search: partial[list[Hit]],
) -> None:
    """One passage of the report named has the word; searched by words alone, it is the only one."""
    hits = search("霁原市卫健委2025年立案", Scope(), 5)
    assert [(hit.org, hit.year) == (HEALTH, 2025) for hit in hits] == [True] + [False] * 4
    assert all("立案" in hit.chunk.text for hit in hits)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_words_that_name_nobody_search_everywhere(search: partial[list[Hit]]) -> None:
    assert len({hit.org for hit in search("行政执法监督", Scope(), 10)}) > 1
