"""What every Embedder promises, run against the bundled model and against an endpoint."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from tests.embedding_server import EmbeddingServer
from vectorstore.embed import E5Embedder, Embedder, EndpointEmbedder

TEXTS = [
    "全年对医疗机构立案查处十四起，罚没款二十四万元。",
    "组织学法用法培训，覆盖全体干部职工。",
    "今晚的足球比赛在下雨前就结束了。",
]


@pytest.fixture(scope="module", params=["e5", "endpoint"])
def embedder(request: pytest.FixtureRequest) -> Iterator[Embedder]:
    if request.param == "e5":
        yield E5Embedder()
        return
    with EmbeddingServer() as server:
        yield EndpointEmbedder(server.url, "test-e5", "key")


def test_vectors_are_float32_of_the_stated_length_and_norm_one(embedder: Embedder) -> None:
    matrix = embedder.passages(TEXTS)
    query = embedder.query(TEXTS[0])
    assert matrix.shape == (3, embedder.dim)
    assert query.shape == (embedder.dim,)
    assert matrix.dtype == query.dtype == np.float32
    assert np.allclose(np.linalg.norm(np.vstack([matrix, query]), axis=1), 1, atol=1e-5)


def test_no_text_gives_no_rows(embedder: Embedder) -> None:
    assert embedder.passages([]).shape == (0, embedder.dim)


def test_each_text_has_its_own_vector_whatever_the_batch(embedder: Embedder) -> None:
    together = embedder.passages(TEXTS)
    apart = np.vstack([embedder.passages([text]) for text in TEXTS])
    assert np.allclose(together, apart, atol=1e-5)


def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: Embedder) -> None:
    scores = embedder.passages(TEXTS) @ embedder.query("立案查处多少起？罚没款多少万元？")
    assert int(np.argmax(scores)) == 0


def test_text_that_is_not_clean_still_embeds(embedder: Embedder) -> None:
    rows = embedder.passages(["立案\0" + "罚没款" * 20, "立案", "残缺\ud800字符", ""])
    assert np.isfinite(rows).all()
    assert not np.allclose(rows[0], rows[1])  # NUL must not end the text


def test_threads_get_the_vectors_of_their_own_texts(embedder: Embedder) -> None:
    expected = {text: embedder.query(text) for text in TEXTS}
    wrong: list[str] = []

    def ask(text: str) -> None:
        for _ in range(3):
            if not np.allclose(embedder.query(text), expected[text], atol=1e-5):
                wrong.append(text)

    threads = [threading.Thread(target=ask, args=(text,)) for text in TEXTS * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
