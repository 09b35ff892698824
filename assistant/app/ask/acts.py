"""HTML of what can be done with an answer: its scope widened, copied, asked again, rated.

`ask.js` carries the presses out; buttons hold an exchange's id, never a session's.
"""

from __future__ import annotations

from assistant.app.ask.transcript import plain_text
from assistant.app.escaping import escape
from assistant.conversations import Exchange, Focus

__all__ = ["acts_html", "chips_html", "retry_html"]

_SHOWN = 6  # organisations shown each on a chip of its own
_UP = "M7 21H4a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1h3m0 10V11m0 10h9.3a2 2 0 0 0 2-1.6l1.6-7A2 2 0 0 0 18 10h-4.5l.7-4a2 2 0 0 0-3.6-1.4L7 11"  # noqa: E501 - one drawing
_DOWN = "M17 3h3a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-3m0-10v10m0-10H7.7a2 2 0 0 0-2 1.6l-1.6 7A2 2 0 0 0 6 14h4.5l-.7 4a2 2 0 0 0 3.6 1.4L17 13"  # noqa: E501 - one drawing


def chips_html(focus: Focus, exchange_id: str = "") -> str:
    """What the question was restricted to; with an id, each restriction can be taken away."""
    chips = [_chip(exchange_id, "org", org, org) for org in focus.orgs]
    if len(chips) > _SHOWN:
        chips = [_chip(exchange_id, "org", "", f"{len(focus.orgs)} 个单位")]
    chips += [_chip(exchange_id, "year", str(year), f"{year}年") for year in focus.years]
    return f'<ul class="chips" aria-label="回答范围">{"".join(chips)}</ul>' if chips else ""


def _chip(exchange_id: str, kind: str, value: str, name: str) -> str:
    shown = escape(name)
    if not exchange_id:
        return f"<li>{shown}</li>"
    told = f"不限{shown}，重新提问"
    return (
        f'<li>{shown}<button type="button" data-act="widen" data-id="{escape(exchange_id)}" '
        f'data-kind="{kind}" data-value="{escape(value)}" aria-label="{told}" title="{told}">×'
        "</button></li>"
    )


def acts_html(exchange: Exchange, *, newest: bool) -> str:
    """Buttons under an answer; only the newest can be asked again, since others build on it."""
    key = escape(exchange.id)
    copied = escape(plain_text(exchange))
    again = _button("retry", key, "重试", "再问一次，替换这个回答") if newest else ""
    return (
        f'<div class="acts" role="group" aria-label="对这个回答">'
        f'<button type="button" data-act="copy" data-copy="{copied}" title="复制回答和出处">复制'
        f"</button>{again}{_thumb('up', exchange, '有帮助', _UP)}"
        f"{_thumb('down', exchange, '没有帮助', _DOWN)}</div>"
        f'<div class="comment" id="c-{key}" hidden><input type="text" maxlength="500" '
        'aria-label="意见" placeholder="哪里好、哪里不对？可不填">'
        f"{_button('comment', key, '提交', '提交意见')}</div>"
    )


def retry_html(question: str) -> str:
    """A button that asks a failed question again."""
    return (
        '<div class="acts"><button type="button" data-act="retry" data-id="" '
        f'data-question="{escape(question)}">重试</button></div>'
    )


def _button(act: str, key: str, name: str, title: str) -> str:
    return f'<button type="button" data-act="{act}" data-id="{key}" title="{title}">{name}</button>'


def _thumb(rating: str, exchange: Exchange, name: str, path: str) -> str:
    pressed = "true" if exchange.rating == rating else "false"
    return (
        f'<button type="button" class="thumb" data-act="{rating}" data-id="{escape(exchange.id)}" '
        f'aria-label="{name}" title="{name}" aria-pressed="{pressed}">'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg></button>'
    )
