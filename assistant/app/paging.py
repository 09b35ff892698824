"""HTML of the buttons that turn the pages of a table."""

from __future__ import annotations

__all__ = ["pager_html"]


def pager_html(page: int, last: int, size: int, total: int, what: str = "个") -> str:
    """Which rows are shown, and buttons to the pages beside; nothing when there is one page.

    Pages count from 0; `size` rows a page, `total` rows, each counted as `what`.
    """
    if not last:
        return ""
    first = page * size + 1
    before = "" if page else " disabled"
    after = "" if page < last else " disabled"
    return (
        '<nav class="pager" aria-label="翻页">'
        f'<button type="button" data-page="{page - 1}" data-way="back"{before}>上一页</button>'
        f"<span>第 {first:,}–{min(first + size - 1, total):,} {what}，共 {total:,} {what}</span>"
        f'<button type="button" data-page="{page + 1}" data-way="on"{after}>下一页</button></nav>'
    )
