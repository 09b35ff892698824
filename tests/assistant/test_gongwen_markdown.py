from __future__ import annotations

from pathlib import Path

import pytest
from gongwen_sample import DOCUMENT, SHEET

from assistant.gongwen import (
    Figure,
    ImageBlock,
    OfficialDocument,
    Paragraph,
    SaveError,
    TableBlock,
    Text,
    write_markdown,
)
from assistant.gongwen.markdown import markdown_text

TEXT = markdown_text(DOCUMENT)


def test_title_headings_and_run_in_headings() -> None:
    lines = TEXT.splitlines()
    assert f"# {DOCUMENT.title}" in lines
    assert "县委，县人民政府，市水务局：" in lines
    assert "## 一、法治政府建设主要举措和成效" in lines
    assert "### （三）优化涉水政务服务" in lines
    assert "#### 1.推行告知承诺" in lines
    assert any(line.startswith("（一）压实依法治水责任。局党组") for line in lines)
    assert lines.index("青岚县水务局") < lines.index("2027年1月15日")


def test_every_figure_has_a_footnote_with_its_source() -> None:
    assert "办理水事违法案件37件[^3]" in TEXT
    assert f"[^3]: {SHEET.format(5)}" in TEXT
    assert "| 4 | 罚没款金额 | 万元 | 35.08 | 48.62[^6] | 含没收违法所得 |" in TEXT
    assert "| :---: | :--- | :---: | ---: | ---: | :--- |" in TEXT
    assert "注：罚没款金额以实际缴入国库数为准。" in TEXT


def test_markup_in_the_text_is_inert() -> None:
    document = OfficialDocument(
        "题",
        (
            Paragraph((Text("# 甲<script>*乙*|[丙](x)"), Figure("1件", "源\n第二行<b>"))),
            TableBlock("表", ("甲|乙",), (("丙|丁",),)),
        ),
    )
    text = markdown_text(document)
    assert r"\# 甲\<script>\*乙\*\|\[丙\](x)1件[^1]" in text
    assert "| 甲\\|乙 |\n| :---: |\n| 丙\\|丁 |" in text
    assert "[^1]: 源\n    第二行\\<b>" in text


def test_a_picture_travels_in_the_file() -> None:
    from test_gongwen_write import png

    text = markdown_text(OfficialDocument("题", (ImageBlock(png(2, 2), "图"),)))
    assert "![图](data:image/png;base64,iVBORw0KGgo" in text


def test_writing_is_atomic_and_typed(tmp_path: Path) -> None:
    write_markdown(DOCUMENT, tmp_path / "a.md")
    assert (tmp_path / "a.md").read_text("utf-8") == TEXT
    assert [p.name for p in tmp_path.iterdir()] == ["a.md"]
    with pytest.raises(SaveError):
        write_markdown(DOCUMENT, tmp_path / "no" / "a.md")
