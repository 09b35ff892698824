"""A synthetic library of any size: the samples under other names, with other figures."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vectorstore.chunk import chunk
from vectorstore.embed import E5Embedder
from vectorstore.outline import outline
from vectorstore.store import Store
from vectorstore.types import Block, Document, Report

__all__ = ["MODEL", "fill", "variants"]

# Under the built-in model's name, so that the server takes the vectors for its own.
MODEL = E5Embedder.name
_DIM = 384
_SYLLABLES = "安宁和顺昌平永泰兴隆清源德化明远嘉禾广丰长青云岭石桥东湾南屏北岗"


def variants(sources: list[Report], seed: int = 7) -> Iterator[Report]:
    """Endless reports: a sample's text with another place name and shuffled figures."""
    rng = random.Random(seed)
    number = 0
    while True:
        for source in sources:
            number += 1
            place = "".join(rng.sample(_SYLLABLES, 2)) + f"{number}县"
            org = place + source.org[-5:]
            text = source.text.replace(source.org, org)
            text = re.sub(r"(?<!\d)[1-9]\d(?!\d)", lambda _: str(rng.randint(10, 99)), text)
            blocks = tuple(Block(line) for line in text.split("\n") if line)
            made = outline(Document(blocks, "txt"), f"{org}.txt")
            yield replace(made, org=org, year=source.year)


def fill(store: Store, sources: list[Report], chunks: int, seed: int = 7) -> int:
    """Add reports without figures until `store` holds `chunks` chunks, with random vectors."""
    rng = np.random.default_rng(seed)
    have = store.chunk_count()
    for report in variants(sources, seed):
        if have >= chunks:
            break
        pieces = chunk(report)
        store.add(report, pieces, ())
        have += len(pieces)
    while pending := store.pending_embeddings(MODEL, 2000):
        matrix = rng.standard_normal((len(pending), _DIM)).astype(np.float32)
        matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
        store.put_vectors(
            MODEL, [(key, row) for (key, _), row in zip(pending, matrix, strict=True)]
        )
    return have
