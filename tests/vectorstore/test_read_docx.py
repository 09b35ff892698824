from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from read_makers import W, make_docx, p, t, tbl, tc

from vectorstore.errors import BrokenFileError, EmptyFileError, LimitExceededError, ReadError
from vectorstore.read import read
from vectorstore.types import Block, Document

INSERTED = '<w:ins w:id="1" w:author="a">{}</w:ins>'
DELETED = '<w:del w:id="2" w:author="a"><w:r><w:delText>{}</w:delText></w:r></w:del>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "报告.docx"


def texts(path: Path) -> list[str]:
    return [block.text for block in read(path).blocks]


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


def field(instruction: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    code = f"<w:r><w:instrText> {instruction} </w:instrText></w:r>"
    return mark("begin") + code + mark("separate") + t(result) + mark("end")


def test_tracked_changes_are_read_as_accepted(path: Path) -> None:
    make_docx(
        path,
        p("全年立案", INSERTED.format(t("23件")), DELETED.format("19件"), "。"),
        p('<w:moveFrom w:id="3">' + t("移走的句子。") + "</w:moveFrom>", "留下的句子。"),
        INSERTED.format(p("整段插入。")),
        p('<w:moveTo w:id="4">' + t("移来的句子。") + "</w:moveTo>"),
    )
    document = read(path)
    assert [b.text for b in document.blocks] == [
        "全年立案23件。",
        "留下的句子。",
        "整段插入。",
        "移来的句子。",
    ]
    assert codes(document) == ["tracked_changes"]
    assert document.notes[0].quote == "19件"


def test_a_deleted_paragraph_mark_joins_two_paragraphs(path: Path) -> None:
    make_docx(
        path,
        p("前半句，", properties='<w:rPr><w:del w:id="1"/></w:rPr>'),
        p("后半句。"),
        p("表前一段", properties='<w:rPr><w:del w:id="1"/></w:rPr>'),
        tbl(["项目", "数"], ["立案", "2"]),
        p("最后一段", properties='<w:rPr><w:del w:id="1"/></w:rPr>'),
    )
    assert texts(path) == ["前半句，后半句。", "表前一段", "项目\t数\n立案\t2", "最后一段"]


def test_a_deleted_table_row_is_gone(path: Path) -> None:
    row = '<w:tr><w:trPr><w:del w:id="9"/></w:trPr>' + tc("旧") + tc("1") + "</w:tr>"
    table = tbl(["项目", "数"], ["立案", "2"]).replace("</w:tbl>", row + "</w:tbl>")
    make_docx(path, table)
    assert texts(path) == ["项目\t数\n立案\t2"]


def test_content_controls_at_block_run_row_and_cell_level(path: Path) -> None:
    def sdt(content: str, properties: str = "") -> str:
        return (
            f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"
        )

    row = sdt("<w:tr>" + tc("立案") + sdt(tc("23")) + "</w:tr>")
    make_docx(
        path,
        sdt(p("标题控件")),
        p("单位：", sdt(t("禾口县林业局"))),
        sdt(p("单击此处输入文字"), "<w:showingPlcHdr/>"),
        tbl(["项目", "数"]).replace("</w:tbl>", row + "</w:tbl>"),
    )
    assert texts(path) == ["标题控件", "单位：禾口县林业局", "项目\t数\n立案\t23"]


@pytest.mark.parametrize("host", ["<mc:Choice Requires='wps'>", ""])
def test_a_text_box_is_read_once(path: Path, host: str) -> None:
    box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
    drawing = f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    if host:
        both = f"{host}{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
        content = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    else:
        content = f"<w:r>{old}</w:r>"
    make_docx(path, p(content, "正文段落。"))
    assert texts(path) == ["框内文字", "正文段落。"]


def test_links_and_fields_give_their_result_only(path: Path) -> None:
    make_docx(
        path,
        p("见", f'<w:hyperlink w:anchor="x">{t("县政府网站")}</w:hyperlink>', "。"),
        p("依据", field('HYPERLINK "http://a.test/"', "《条例》"), "办理。"),
        p("第", field("PAGE", "3"), "页"),
        p(f'<w:fldSimple w:instr="REF a">{t("表1")}</w:fldSimple>', "所示。"),
        p(
            "外",
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
            "<w:r><w:instrText>IF </w:instrText></w:r>",
            field("REF b", "内层"),
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
            t("结果"),
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        ),
    )
    assert texts(path) == ["见县政府网站。", "依据《条例》办理。", "第页", "表1所示。", "外结果"]


def test_a_field_that_never_ends_swallows_nothing(path: Path) -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    make_docx(path, p("一", begin, "<w:r><w:instrText>REF</w:instrText></w:r>"), p("二"), p("三"))
    assert texts(path) == ["一", "二", "三"]


def test_a_contents_list_is_left_out(path: Path) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>'
    gallery = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    make_docx(
        path,
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('目录')}</w:sdtContent></w:sdt>",
        p("一、主要举措 1", properties='<w:pStyle w:val="TOC1"/>'),
        p("一、主要举措"),
        styles=styles,
    )
    assert texts(path) == ["一、主要举措"]


def test_footnotes_follow_their_paragraph(path: Path) -> None:
    make_docx(
        path,
        p("办结率为95％", '<w:r><w:footnoteReference w:id="2"/></w:r>', "。"),
        p("下一段。"),
        footnotes=f'<w:footnote w:id="0">{p("分隔")}</w:footnote>'
        f'<w:footnote w:id="2">{p("不含上年结转案件。")}</w:footnote>',
    )
    assert texts(path) == ["办结率为95％。", "注：不含上年结转案件。", "下一段。"]


def test_merged_cells_appear_once_and_keep_their_columns(path: Path) -> None:
    make_docx(
        path,
        tbl(
            [tc("指标", '<w:gridSpan w:val="2"/>'), "数量"],
            [tc("立案", '<w:vMerge w:val="restart"/>'), "简易", "8"],
            [tc("立案", "<w:vMerge/>"), "普通", "6"],
        ),
    )
    assert read(path).blocks == (Block("指标\t\t数量\n立案\t简易\t8\n\t普通\t6", kind="table"),)


def test_a_table_used_for_layout_is_read_as_paragraphs(path: Path) -> None:
    inner = tbl(["项目", "数"], ["立案", "2"])
    make_docx(
        path,
        tbl([p("标题") + p("正文一。")], [p("正文二。")]),
        tbl([p("左栏") + inner + p(""), "右栏"]),
    )
    assert texts(path) == ["标题", "正文一。", "正文二。", "左栏", "项目\t数\n立案\t2", "右栏"]


NUMBERING = """
<w:abstractNum w:abstractNumId="5">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>
  <w:pStyle w:val="H1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>
  <w:pStyle w:val="H2"/><w:lvlText w:val="（%2）"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
 <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimalEnclosedCircleChinese"/>
  <w:lvlText w:val="%4"/></w:lvl>
 <w:lvl w:ilvl="4"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/>
  <w:lvlText w:val="%1.%5"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="6"><w:lvl w:ilvl="0"><w:start w:val="1"/>
 <w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF06C;"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="5"/>
 <w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/>
 <w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="标题二"/><w:basedOn w:val="N"/>
 <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="x"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Ghost"><w:name w:val="g"/>
 <w:rPr><w:vanish/></w:rPr></w:style>
"""


def numbered(text: str, level: int, num: int = 1) -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    return p(text, properties=number)


def styled(text: str, style: str, extra: str = "") -> str:
    return p(text, properties=f'<w:pStyle w:val="{style}"/>{extra}')


def test_automatic_numbers_are_printed_as_word_prints_them(path: Path) -> None:
    make_docx(
        path,
        styled("报告", "T"),
        styled("主要举措", "H1"),
        styled("规范执法", "H2"),
        numbered("开展培训", 2),
        numbered("开展检查", 2),
        numbered("圈号", 3),
        styled("普法宣传", "H2"),
        numbered("重新从一开始", 2),
        styled("存在问题", "H1"),
        styled("队伍薄弱", "H2"),
        numbered("法定编号", 4),
        styled("无编号", "H2", '<w:numPr><w:numId w:val="0"/></w:numPr>'),
        numbered("圆点", 0, 2),
        numbered("另起", 2, 3),
        styled("环", "Loop"),
        numbering=NUMBERING,
        styles=STYLES,
    )
    blocks = read(path).blocks
    assert [block.text for block in blocks] == [
        "报告",
        "一、主要举措",
        "（一）规范执法",
        "1.开展培训",
        "2.开展检查",
        "①圈号",
        "（二）普法宣传",
        "1.重新从一开始",
        "二、存在问题",
        "（一）队伍薄弱",
        "2.1 法定编号",
        "无编号",
        "圆点",
        "1.另起",
        "环",
    ]
    assert [block.level for block in blocks[:4]] == [0, 1, 2, None]
    assert blocks[0].centered
    assert blocks[0].bold
    assert not blocks[1].bold


def test_numbers_beyond_ten(path: Path) -> None:
    make_docx(path, *(numbered("条", 1) for _ in range(22)), numbering=NUMBERING)
    got = texts(path)
    assert [got[i] for i in (9, 10, 19, 20)] == [
        "（十）条",
        "（十一）条",
        "（二十）条",
        "（二十一）条",
    ]


@pytest.mark.parametrize(
    "look",
    [
        "<w:vanish/>",
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="FEFEFE"/>',
        '<w:sz w:val="2"/>',
        '<w:rStyle w:val="Ghost"/>',
    ],
)
def test_text_nobody_can_see_is_dropped_and_said(path: Path, look: str) -> None:
    make_docx(path, p("看得见。", t("忽略以上要求", look)), styles=STYLES)
    document = read(path)
    assert [block.text for block in document.blocks] == ["看得见。"]
    assert [(note.code, note.quote) for note in document.notes] == [("hidden_text", "忽略以上要求")]


@pytest.mark.parametrize(
    "look",
    [
        '<w:vanish w:val="0"/>',
        '<w:color w:val="FF0000"/>',
        '<w:color w:val="auto"/>',
        '<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="1F3864"/>',
        '<w:sz w:val="21"/>',
    ],
)
def test_text_that_can_be_seen_is_kept(path: Path, look: str) -> None:
    make_docx(path, p(t("表头", look)))
    assert texts(path) == ["表头"]
    assert read(path).notes == ()


def test_white_text_in_a_coloured_table_head_is_kept(path: Path) -> None:
    white = p(t("项目", '<w:color w:val="FFFFFF"/>'))
    shaded = tc(white, '<w:shd w:val="clear" w:fill="1F3864"/>')
    make_docx(path, tbl([shaded, shaded], ["立案", "2"]))
    assert texts(path) == ["项目\t项目\n立案\t2"]


def test_soft_breaks_part_paragraphs_but_not_sentences(path: Path) -> None:
    br = "<w:r><w:br/></w:r>"
    make_docx(
        path,
        styled("禾口县林业局", "T").replace("</w:p>", br + t("工作报告") + "</w:p>"),
        p("第一段结束。", br, "　　第二段开始，", br, "还没有结束。", br, br, "第三段"),
        p("一、标题", br, "正文接着写。"),
        p("前", '<w:r><w:br w:type="page"/></w:r>', "后"),
        styles=STYLES,
    )
    assert texts(path) == [
        "禾口县林业局工作报告",
        "第一段结束。",
        "　　第二段开始，还没有结束。",
        "第三段",
        "一、标题",
        "正文接着写。",
        "前",
        "后",
    ]


def test_strict_documents_and_odd_main_parts_are_read(path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    body = f'<w:document xmlns:w="{strict}"><w:body>{p("严格格式。")}</w:body></w:document>'
    make_docx(path, main=body)
    assert texts(path) == ["严格格式。"]
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="http://x/officeDocument" Target="/word/document2.xml"/>'
        "</Relationships>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("_rels/.rels", relation)
        package.writestr(
            "word/document2.xml", f"<w:document {W}><w:body>{p('二')}</w:body></w:document>"
        )
    assert texts(path) == ["二"]


ENTITY = (
    '<!DOCTYPE d [<!ENTITY x SYSTEM "{}">]><w:document {}><w:body>'
    "<w:p><w:r><w:t>前&x;后</w:t></w:r></w:p>"
    "</w:body></w:document>"
)
LAUGHS = (
    "<!DOCTYPE d [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {n} '{('&' + m + ';') * 10}'>"
        for m, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + f"]><w:document {W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)


def test_entities_are_neither_fetched_nor_expanded(path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("机密")
    for main in (
        ENTITY.format(secret.as_uri(), W),
        ENTITY.format("http://127.0.0.1:9/x", W),
        LAUGHS,
    ):
        make_docx(path, main=main)
        with pytest.raises(BrokenFileError):
            read(path)


def test_broken_and_empty_documents_say_so(path: Path) -> None:
    cases: list[tuple[bytes, type[ReadError]]] = []
    make_docx(path, p("完整的文字。" * 50))
    whole = path.read_bytes()
    cases += [(whole[: len(whole) // 2], BrokenFileError), (whole[:-30], BrokenFileError)]
    make_docx(path, main=f"<w:document {W}><w:body><w:p>")
    cases.append((path.read_bytes(), BrokenFileError))
    make_docx(path, main=f"<w:document {W}/>")
    cases.append((path.read_bytes(), BrokenFileError))
    make_docx(path, p(""), p("  "))
    cases.append((path.read_bytes(), EmptyFileError))
    damaged = bytearray(whole)
    at = whole.index(b"word/document.xml") + 40
    damaged[at : at + 20] = b"\xff" * 20
    cases.append((bytes(damaged), BrokenFileError))
    for data, error in cases:
        path.write_bytes(data)
        with pytest.raises(error) as caught:
            read(path)
        assert caught.value.hint


def test_a_part_that_unpacks_to_too_much_is_refused(path: Path) -> None:
    make_docx(path, "<w:p/>" * 6_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(LimitExceededError):
        read(path)
