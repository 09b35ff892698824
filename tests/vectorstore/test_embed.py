from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.embedding_server import EmbeddingServer
from tests.openai_server import FakeEndpoint, Play, fails
from vectorstore.embed import E5Embedder, EndpointEmbedder, check_model, normalise
from vectorstore.errors import EmbeddingError

KEY = "sk-secret-0123456789"


def reply(*vectors: list[float]) -> Play:
    rows = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    body = {"object": "list", "model": "m", "data": rows, "usage": {}}
    return Play([json.dumps(body)], kind="application/json")


def test_the_bundled_model_costs_nothing_until_used() -> None:
    embedder = E5Embedder()
    assert (embedder.name, embedder.dim) == ("multilingual-e5-small-q4", 384)
    assert embedder._engine is None


def test_a_question_and_a_passage_get_their_own_prefix() -> None:
    embedder = E5Embedder()
    question, passage = embedder.query("立案多少起"), embedder.passages(["立案多少起"])[0]
    assert 0.5 < float(question @ passage) < 0.9999


def test_a_question_asked_again_has_the_same_vector_and_nobody_can_change_it() -> None:
    embedder = E5Embedder()
    first = embedder.query("立案多少起")
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0
    assert embedder.query("立案多少起") is first
    assert not np.array_equal(embedder.query("不足之处"), first)


def test_an_endpoint_gets_batches_and_prefixes_only_for_e5() -> None:
    with EmbeddingServer() as server:
        EndpointEmbedder(server.url, "intfloat/multilingual-E5-large").passages(["甲"] * 40)
        EndpointEmbedder(server.url, "bge-m3").query("乙")
    assert [len(batch) for batch in server.inputs] == [32, 8, 1]
    assert server.inputs[0][0] == "passage: 甲"
    assert server.inputs[2] == ["乙"]


def test_rows_follow_the_texts_when_the_reply_is_out_of_order() -> None:
    with EmbeddingServer() as server:  # which answers last text first
        embedder = EndpointEmbedder(server.url, "m")
        matrix = embedder.passages(["立案", "普法"])
        assert np.allclose(matrix[0], embedder.query("立案"))


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_is_one_request_and_one_error_without_the_key(status: int) -> None:
    with FakeEndpoint(fails(status, f"bad key {KEY}")) as server:
        with pytest.raises(EmbeddingError) as caught:
            EndpointEmbedder(server.url, "m", KEY).query("问")
        assert len(server.requests) == 1
    assert str(status) in str(caught.value)
    assert KEY not in str(caught.value) + caught.value.hint


def test_a_passing_failure_is_retried_and_a_lasting_one_gives_up() -> None:
    soon = {"Retry-After-Ms": "1"}
    with FakeEndpoint(fails(503, **soon), reply([3.0, 4.0])) as server:
        assert np.allclose(EndpointEmbedder(server.url, "m").query("问"), [0.6, 0.8])
    with FakeEndpoint(fails(503, **soon)) as server:
        with pytest.raises(EmbeddingError, match="503"):
            EndpointEmbedder(server.url, "m").query("问")
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    "play",
    [
        reply(),
        reply([0.0, 0.0]),
        reply([1.0, float("nan")]),
        reply(["x", "y"]),  # type: ignore[list-item]
        Play(['{"data": null}'], kind="application/json"),
        Play(["{not json"], kind="application/json"),
        Play(["<html>sign in</html>"], kind="text/html"),
    ],
    ids=["no rows", "zero", "nan", "words", "null", "bad json", "html"],
)
def test_a_reply_that_is_no_vector_is_one_typed_error(play: Play) -> None:
    with FakeEndpoint(play) as server, pytest.raises(EmbeddingError):
        EndpointEmbedder(server.url, "m").query("问")


def test_vectors_whose_length_changes_are_refused() -> None:
    with FakeEndpoint(reply([1.0, 2.0]), reply([1.0, 2.0, 3.0])) as server:
        embedder = EndpointEmbedder(server.url, "m")
        embedder.query("问")
        with pytest.raises(EmbeddingError, match="维数"):
            embedder.query("问")


def test_an_absent_endpoint_says_so() -> None:
    with FakeEndpoint(reply()) as server:
        url = server.url
    with pytest.raises(EmbeddingError, match="无法连接"):
        EndpointEmbedder(url, "m").query("问")


def test_another_models_vectors_are_refused_unless_all_are_made_again() -> None:
    embedder = E5Embedder()
    check_model([], embedder)
    check_model([embedder.name], embedder)
    with pytest.raises(EmbeddingError) as caught:
        check_model([embedder.name, "bge-m3"], embedder)
    assert "bge-m3" in str(caught.value)
    assert "--reembed" in caught.value.hint
    check_model(["bge-m3"], embedder, reembed=True)


@given(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=3, max_size=3))
def test_normalising_gives_length_one_or_an_error(row: list[float]) -> None:
    matrix = np.array([row], dtype=np.float32)
    if not any(row):
        with pytest.raises(EmbeddingError):
            normalise(matrix)
    else:
        assert np.linalg.norm(normalise(matrix)) == pytest.approx(1, abs=1e-5)
