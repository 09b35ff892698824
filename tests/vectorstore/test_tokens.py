from __future__ import annotations

import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from vectorstore.tokens import count_tokens, segment


def test_counts_known_tokens() -> None:
    assert count_tokens("") == 0
    assert count_tokens("hello world") == 2  # published example of cl100k_base


def test_special_tokens_are_ordinary_text() -> None:
    assert count_tokens("<|endoftext|>") > 1


def test_words_keep_figures_and_units() -> None:
    words = segment("罚没款24.162万元，覆盖率98.5％，接待1,060人次。")
    assert [w for w in words if w in {"24.162", "万元", "98.5%", "1060", "人次"}] == [
        "24.162",
        "万元",
        "98.5%",
        "1060",
        "人次",
    ]


def test_words_drop_punctuation_and_stop_words() -> None:
    assert segment("，。、；：“”（）—…的和以及") == []


def test_full_width_and_case_fold_together() -> None:
    assert segment("ＡＢＣ２０２５年") == segment("abc2025年")


def test_long_words_also_give_their_parts() -> None:
    assert {"委员", "委员会"} <= set(segment("卫生健康委员会"))


def test_negation_is_kept() -> None:
    assert "不" in segment("不 属实") or "不属实" in segment("不 属实")


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_words_that_full_text_search_can_hold(text: str) -> None:
    words = segment(text)
    assert words == segment(text)
    for word in words:
        assert word
        assert " ".join(word.split()) == word
        assert '"' not in word
        assert "\0" not in word


def test_import_costs_nothing_and_reads_no_cache_folder() -> None:
    code = (
        "import sys, vectorstore.tokens as t;"
        "assert not {'tiktoken', 'rjieba'} & set(sys.modules);"
        "print(t.count_tokens('法治'))"
    )
    environment = {**os.environ, "TIKTOKEN_CACHE_DIR": "/nonexistent", "HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) > 0
