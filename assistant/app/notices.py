"""Short notices that several tabs show: what went wrong, what is being done, nothing there yet."""

from __future__ import annotations

from assistant.app.escaping import escape

__all__ = ["doing_html", "empty_library", "problem_html"]


def problem_html(message: str, hint: str) -> str:
    """Why nothing can be shown, and what to do."""
    return (
        f'<div class="problem-box" role="alert"><p>{escape(message)}</p>'
        f'<p class="hint">{escape(hint)}</p></div>'
    )


def doing_html(doing: str) -> str:
    """What is being done now."""
    return (
        '<p class="doing" role="status"><span class="dots" aria-hidden="true"></span>'
        f"{escape(doing)}</p>"
    )


def empty_library(title: str, advice: str) -> str:
    """HTML of a tab while there are no reports: `advice` for those who may add some.

    A writer, who may not, is told whom to ask; signed_in.css shows each their own.
    """
    return (
        f'<div class="empty"><p class="big">{title}</p><p class="for-collectors">{advice}</p>'
        '<p class="for-writers">各单位的年度报告由收集人上传，请联系收集人；'
        "上传后即可使用。</p></div>"
    )
