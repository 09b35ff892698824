"""HTML around a brief: the plan before it is begun, its progress, and what heads it when done."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.addresses import host_of
from assistant.app import words
from assistant.app.brief.job import Status
from assistant.app.brief.view import Sheet
from assistant.app.escaping import escape
from assistant.app.notices import doing_html, problem_html
from assistant.brief import Plan
from assistant.settings import Engine, Settings

__all__ = [
    "EMPTY_LIBRARY",
    "WELCOME",
    "done_html",
    "ended_html",
    "engine_name",
    "lasting",
    "plan_html",
    "running_html",
]

_NAMES = 12  # bureaus named in the plan
_FILES = {"docx": "Word", "md": "Markdown"}  # in the order they are offered
_DOTS = '<span class="dots" aria-hidden="true"></span>'
EMPTY_LIBRARY = (
    '<div class="empty"><p class="big">还没有可以汇总的报告</p>'
    "<p>打开“资料库”导入各单位的年度报告，再回到这里汇总成一份简报。</p></div>"
)
WELCOME = (
    '<div class="empty brief-welcome"><p class="big">把各单位的报告汇总成一份简报</p>'
    "<p>对比主要指标，归纳共性做法和不足，列出需要复核的报告。每个数字、每句摘录都能点开看原文。</p>"
    "<p>选好年度和单位，点“开始汇总”。</p></div>"
)


def engine_name(engine: Engine, settings: Settings) -> str:
    """An engine in words."""
    if engine == "extractive":
        return "不用大模型（按规则归类、摘录）"
    if engine == "local":
        return f"本机大模型 {settings.model_name(engine)}"
    host = host_of(settings.llm_base_url)
    return f"大模型 {settings.llm_model}（{host}）"


def lasting(seconds: float) -> str:
    """A time in words: 8 秒, 3 分钟, 1 小时 20 分钟."""
    if seconds < 90:
        return f"{max(round(seconds), 1)} 秒"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时 {minutes % 60} 分钟"


def plan_html(plan: Plan, cap: float | None, nameless: int = 0) -> str:
    """What will be taken in, what a model will cost at most, how long it will take.

    `nameless` reports of the year have no organisation yet.
    """
    year = f"{plan.year}年度" if plan.year else ""
    lines = [f"将汇总 {plan.bureaus} 个单位的{year}报告 <b>{plan.reports} 份</b>。"]
    if plan.absent:
        more = " 等" if len(plan.absent) > _NAMES else ""
        named = "、".join(map(escape, plan.absent[:_NAMES]))
        lines.append(f"未报送 {len(plan.absent)} 个：{named}{more}。")
    if nameless:
        lines.append(f"有 {nameless} 份报告单位不明，请先在“资料库”更正单位，再汇总。")
    least, most = map(lasting, plan.seconds)
    if plan.outlay is None:
        lines.append(f"不用大模型，不消耗词元，内容不离开本机。预计 <b>{most}</b>。")
    else:
        lines.append(escape(str(plan.outlay)))
        if cap and cap < plan.outlay.cost.tokens:
            lines.append(f"词元上限 {int(cap)} 低于预计，到上限后其余按规则归类、摘录。")
        lines.append(f"预计 <b>{least} 到 {most}</b>，取决于大模型的速度；期间可以做别的事。")
    return f'<div class="plan">{"".join(f"<p>{line}</p>" for line in lines)}</div>'


def running_html(status: Status) -> str:
    """Stage, bar and time of a brief on its way."""
    counted = f"（{status.done} / {status.total} 份）" if status.total else ""
    value = f' value="{status.done}" max="{status.total}"' if status.total else ""
    doing = "正在停止" if status.stopping else status.stage
    said = "".join(f"<p>{escape(text)}</p>" for text in status.said)
    return (
        f'<div class="brief-run">{doing_html(doing + counted)}'
        f'<progress aria-label="进度"{value}></progress>{said}'
        f'<p class="hint">已用 {lasting(status.seconds)}。'
        "可以离开本页做别的事，也可以刷新，回来接着看。</p></div>"
    )


def ended_html(status: Status) -> str:
    """Why there is no brief."""
    if status.problem:
        return problem_html(status.problem, words.on_page(status.hint))
    return (
        '<div class="brief-run"><p>已停止。</p>'
        '<p class="hint">已经读过的报告不会重读，再点“开始汇总”即可接着做。</p></div>'
    )


def done_html(sheet: Sheet, links: Mapping[str, str], status: Status) -> str:
    """What was taken in, what to know, and the files: address by suffix, or what is under way."""
    offered = "".join(
        f'<a class="download" href="{escape(links[suffix])}">下载 {name}</a>'
        for suffix, name in _FILES.items()
        if suffix in links
    )
    missing = "、".join(name for suffix, name in _FILES.items() if suffix not in links)
    notes = [*map(words.on_page, sheet.notes), *status.said[1:]]
    if missing and status.writing:
        doing = "正在停止" if status.stopping else f"正在写 {missing} 文件"
        offered += f'<span class="brief-running" role="status">{_DOTS}{doing}</span>'
    elif missing:
        stopped = "已停止。需要文件时请重新汇总。"
        why = stopped if status.stopped else f"{status.problem}{words.on_page(status.hint)}"
        notes.append(f"没有写成 {missing} 文件：{why}")
    told = "".join(f"<li>{escape(note)}</li>" for note in notes)
    coverage = sheet.coverage
    listed = "全部" if coverage.covered == coverage.reports else f"其中 {coverage.covered} 份"
    return (
        '<div class="brief-head"><div class="line"><p>'
        f"共 {coverage.reports} 份报告，{listed}列入“报告来源”并写明是否计入汇总，"
        f"用时 {lasting(status.seconds)}。点任何数字或引文可看原文。</p>"
        f'<p class="links">{offered}</p></div>'
        f"{f'<ul>{told}</ul>' if told else ''}</div>"
    )
