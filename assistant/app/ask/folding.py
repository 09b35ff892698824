"""Long lists of an answer: the first rows stand open, the rest unfolds."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.app.escaping import escape

__all__ = ["folded"]

_SHOWN = 20  # rows that stand open
_FEW = 5  # rows too few to be worth a press


def folded(key: str, rows: Sequence[str]) -> str:
    """HTML of all `rows`, themselves HTML; `key` names the fold among those of the page."""
    if len(rows) <= _SHOWN + _FEW:
        return "".join(rows)
    rest = rows[_SHOWN:]
    told = f"其余{len(rest)}条"
    return (
        f'{"".join(rows[:_SHOWN])}<details class="more" id="{escape(key)}"><summary>'
        f'<span class="unfold">展开{told}</span><span class="shut">收起{told}</span></summary>'
        f"{''.join(rest)}</details>"
    )
