"""Chroma is a cache: whatever happens to its folder, answers are right and nothing crashes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.embedding_server import CharacterEmbedder
from tests.small_library import HEALTH, add, embed_all, fill
from tests.vectorstore.made import PLAIN, Outline, make_report
from vectorstore.chroma import ChromaIndex
from vectorstore.dense import ExactIndex
from vectorstore.store import Store
from vectorstore.store.chunks import text_hash
from vectorstore.types import Scope

EMBEDDER = CharacterEmbedder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with fill(tmp_path) as opened:
        yield opened


def ids(index: ChromaIndex) -> set[str]:
    """The chunk ids Chroma itself holds."""
    assert index._collection is not None
    return {key.partition(":")[0] for key in index._collection.get(include=[])["ids"]}


def built(folder: Path, store: Store) -> Path:
    ChromaIndex.open(folder, store, EMBEDDER.name).close()
    return folder / "chroma"


def segment_files(chroma: Path) -> list[Path]:
    return [path for path in chroma.rglob("*") if path.is_file() and path.parent != chroma]


def test_it_holds_ids_and_vectors_but_no_text(tmp_path: Path, store: Store) -> None:
    chroma = built(tmp_path, store)
    kept = b"".join(path.read_bytes() for path in chroma.rglob("*") if path.is_file())
    for row in store.reports():
        for chunk in store.chunks_of(row.id):
            assert chunk.text[:6].encode() not in kept
    assert HEALTH.encode() not in kept


def test_only_what_changed_is_written(tmp_path: Path, store: Store) -> None:
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    everything = len(ids(index))
    assert index.sync() == 0
    gone = store.reports()[0]
    store.delete(gone.id)
    assert index.sync() == gone.n_chunks
    added = add(store, make_report("白石县卫生健康局", 2025, PLAIN))
    embed_all(store)
    assert index.sync() == len(store.chunks_of(added))
    assert ids(index) == set(store.vectors(EMBEDDER.name).chunk_ids)
    assert everything > 0
    index.close()


def test_a_vector_that_changed_is_replaced(tmp_path: Path, store: Store) -> None:
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    chunk = store.chunks_of(store.reports()[0].id)[0]
    other = EMBEDDER.query("完全不同的文字")
    store.put_vectors(EMBEDDER.name, [(text_hash(chunk.embedding_text), other)])
    assert index.sync() >= 1
    assert index.search(other, 1, Scope())[0][0] == chunk.id
    index.close()


def test_reopening_an_intact_folder_writes_nothing(tmp_path: Path, store: Store) -> None:
    chroma = built(tmp_path, store)
    before = {path: path.stat().st_ino for path in segment_files(chroma)}
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    assert ids(index) == set(store.vectors(EMBEDDER.name).chunk_ids)
    assert {path: path.stat().st_ino for path in segment_files(chroma)} == before
    index.close()


def test_changes_made_while_it_was_closed_are_caught_up(tmp_path: Path, store: Store) -> None:
    built(tmp_path, store)
    store.delete(store.reports()[0].id)
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    assert ids(index) == set(store.vectors(EMBEDDER.name).chunk_ids)
    index.close()


def test_until_it_has_caught_up_answers_are_exact(tmp_path: Path, store: Store) -> None:
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    store.delete(store.reports()[0].id)  # and no sync
    question = EMBEDDER.query("执法力量薄弱")
    assert index.search(question, 50, Scope()) == ExactIndex(store, EMBEDDER.name).search(
        question, 50, Scope()
    )
    index.close()


def test_after_closing_answers_are_exact(tmp_path: Path, store: Store) -> None:
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    index.close()
    assert len(index.search(EMBEDDER.query("立案"), 3, Scope())) == 3


def truncate_all(chroma: Path) -> None:
    for path in chroma.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def truncate_database(chroma: Path) -> None:
    path = chroma / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:5000])


def garbage_database(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").write_bytes(b"not a database" * 1000)


def garbage_everywhere(chroma: Path) -> None:
    for path in chroma.rglob("*"):
        if path.is_file() and path.name != "state.json":
            path.write_bytes(b"\xff\x00garbage" * 3000)


def no_state(chroma: Path) -> None:
    (chroma / "state.json").unlink()


def bad_state(chroma: Path) -> None:
    (chroma / "state.json").write_text('{"model": 3', "utf-8")


def lying_state(chroma: Path) -> None:
    state = json.loads((chroma / "state.json").read_text("utf-8"))
    (chroma / "state.json").write_text(json.dumps(state | {"count": 999}), "utf-8")


def missing(chroma: Path) -> None:
    shutil.rmtree(chroma)


def a_file(chroma: Path) -> None:
    shutil.rmtree(chroma)
    chroma.write_text("not a folder", "utf-8")


def emptied(chroma: Path) -> None:
    (chroma / "chroma.sqlite3").unlink()


@pytest.mark.parametrize(
    "damage",
    [
        truncate_all,
        truncate_database,
        garbage_database,
        garbage_everywhere,
        no_state,
        bad_state,
        lying_state,
        missing,
        a_file,
        emptied,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_folder_is_rebuilt(
    tmp_path: Path, store: Store, damage: Callable[[Path], None]
) -> None:
    damage(built(tmp_path, store))
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    assert ids(index) == set(store.vectors(EMBEDDER.name).chunk_ids)
    assert index.search(EMBEDDER.query("立案"), 1, Scope())
    index.close()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with enough vectors for Chroma to write its HNSW files (1,000)."""
    folder = tmp_path_factory.mktemp("large")
    with Store.open(folder) as store:
        for i in range(6):
            paragraphs = [f"第{i}县第{j}次检查，发现隐患{i * 7 + j}处。" for j in range(230)]
            outline: Outline = [(1, f"{j}.", f"第{j}项", None, t) for j, t in enumerate(paragraphs)]
            add(store, make_report(f"第{i}县卫生健康局", 2025, outline))
        embed_all(store)
        assert store.chunk_count() > 1200
        assert segment_files(built(folder, store))
    return folder


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("data_level0.bin", "cut"),
        ("data_level0.bin", "garbage"),
        ("header.bin", "garbage"),
        ("link_lists.bin", "cut"),
        ("length.bin", "garbage"),
        ("index_metadata.pickle", "gone"),
    ],
)
def test_damaged_hnsw_files_never_give_wrong_answers(
    tmp_path: Path, large: Path, name: str, how: str
) -> None:
    folder = shutil.copytree(large, tmp_path / "copy")
    (path,) = (folder / "chroma").rglob(name)
    whole = path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 3])
    else:
        path.write_bytes(b"\xa5\x17" * (len(whole) // 2))
    with Store.open(folder) as store:
        index = ChromaIndex.open(folder, store, EMBEDDER.name)
        for question in ("第3县第77次检查", "发现隐患40处"):
            vector = EMBEDDER.query(question)
            best = index.search(vector, 1, Scope())[0][1]
            exact = ExactIndex(store, EMBEDDER.name).search(vector, 1, Scope())[0][1]
            assert best == pytest.approx(exact, abs=0.02)
        index.close()


def test_vectors_that_are_wrong_but_readable_are_noticed(tmp_path: Path, store: Store) -> None:
    index = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    assert index._collection is not None
    held = index._collection.get(include=[])["ids"]
    index._collection.update(ids=held, embeddings=[EMBEDDER.query("错")] * len(held))
    index.close()
    again = ChromaIndex.open(tmp_path, store, EMBEDDER.name)
    vector = EMBEDDER.query("执法力量薄弱")
    exact = ExactIndex(store, EMBEDDER.name).search(vector, 1, Scope())
    assert again.search(vector, 1, Scope())[0][1] == pytest.approx(exact[0][1], abs=1e-4)
    again.close()


def test_another_model_starts_the_folder_afresh(tmp_path: Path, store: Store) -> None:
    built(tmp_path, store)
    index = ChromaIndex.open(tmp_path, store, "another")
    assert ids(index) == set()
    index.close()
