"""HTML of a checked text: findings and figures marked where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.app.escaping import escape
from assistant.app.verdicts import figure_kind, said_of
from assistant.check import Finding
from assistant.verify import Checked

__all__ = ["proof_html"]

_PRESS = "点文中有标记的数字，这里显示结论和出处"


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    anchor: str
    kind: str
    title: str
    figure: bool
    stop: bool


def proof_html(text: str, findings: Sequence[Finding], checked: Sequence[Checked]) -> str:
    """`text` with anchors `f-n` at findings and `q-n` at figures, n as in their lists."""
    marks = [
        _Mark(f.start, f.end, f"f-{n}", f.severity.value, f.message, figure=False, stop=True)
        for n, f in enumerate(findings)
        if f.end > f.start
    ]
    marks += [_figure_mark(n, figure) for n, figure in enumerate(checked)]
    body = "".join(_pieces(text, marks))
    return (
        '<section class="proof" tabindex="0" aria-label="报告全文"><p class="key">'
        '<mark class="good">有依据</mark><mark class="wait">待填</mark>'
        '<mark class="wrong">数字有问题</mark><span class="spot error">必须改正</span>'
        '<span class="spot warning">需要核对</span></p>'
        f'<div class="proof-text">{body}</div>{_steps(sum(mark.stop for mark in marks))}</section>'
    )


def _figure_mark(n: int, checked: Checked) -> _Mark:
    place, kind = checked.quantity, figure_kind(checked)
    said, stop = said_of(checked), kind != "good"
    return _Mark(place.start, place.end, f"q-{n}", kind, said, figure=True, stop=stop)


def _steps(count: int) -> str:
    """Buttons that go from one marked place to the next, and what is said of the place shown."""
    if not count:
        return f'<div class="steps"><p class="said" role="status">{_PRESS}</p></div>'
    return (
        '<div class="steps"><nav aria-label="逐处查看">'
        '<button type="button" data-step="-1" title="Alt+↑">上一处</button>'
        f'<span class="at">共 {count} 处</span>'
        '<button type="button" data-step="1" title="Alt+↓">下一处</button></nav>'
        f'<p class="said" role="status">按“下一处”或 Alt+↓ 逐处查看；{_PRESS}</p></div>'
    )


def _pieces(text: str, marks: Sequence[_Mark]) -> Iterator[str]:
    """The text cut wherever a mark begins or ends, so that marks may overlap."""
    edges = sorted({0, len(text), *(e for m in marks for e in (m.start, m.end))})
    waiting = sorted(marks, key=lambda mark: mark.start)
    current: list[_Mark] = []
    at = 0
    for start, end in pairwise(edges):
        current = [mark for mark in current if mark.end > start]
        while at < len(waiting) and waiting[at].start == start:
            current.append(waiting[at])
            yield _anchor(waiting[at])
            at += 1
        yield _piece(text[start:end], current)


def _anchor(mark: _Mark) -> str:
    stop = f' data-said="{escape(mark.title)}" data-kind="{mark.kind}"' if mark.stop else ""
    return f'<a class="anchor" id="{mark.anchor}"{stop}></a>'


def _piece(text: str, marks: Sequence[_Mark]) -> str:
    shown = escape(text)
    for mark in sorted(marks, key=lambda m: not m.figure):  # figures inside findings
        tag = "mark" if mark.figure else "span"
        kind = mark.kind if mark.figure else f"spot {mark.kind}"
        shown = f'<{tag} class="{kind}" title="{escape(mark.title)}">{shown}</{tag}>'
    return shown
