"""Word comments: where each figure and suggestion comes from."""

from __future__ import annotations

from datetime import datetime

from assistant.gongwen.paragraphs import Face, Layout, paragraph, run, run_properties
from assistant.gongwen.tidy import printable
from assistant.gongwen.xml import Element, el, folded

__all__ = ["AUTHOR", "INITIALS", "Comments"]

AUTHOR = "法治报告助手"
INITIALS = "法"
_LAYOUT = Layout("CommentText", align="left")


class Comments:
    """Collects the comments of one document; ids count from 0 in document order."""

    def __init__(self, style: Face, stamp: datetime) -> None:
        self._style = style
        self._stamp = f"{stamp:%Y-%m-%dT%H:%M:%SZ}"
        self._comments: list[Element] = []

    def __len__(self) -> int:
        return len(self._comments)

    def anchored(self, text: str, runs: list[Element], face: Face) -> list[Element]:
        """`runs` between the marks of a new comment of `text` (one paragraph a line).

        The reference mark, which does not show, takes the `face` of the text around it.
        """
        ref: dict[str, object] = {"w:id": len(self._comments)}
        lines = [
            paragraph(_LAYOUT, self._style, run(printable(line), self._style))
            for line in text.splitlines() or [""]
        ]
        lines[0].insert(1, _reference("w:annotationRef", self._style))
        about = {"w:author": AUTHOR, "w:date": self._stamp, "w:initials": INITIALS}
        self._comments.append(folded(el("w:comment", {**ref, **about}, *lines)))
        reference = _reference("w:commentReference", face, ref)
        start, end = el("w:commentRangeStart", ref), el("w:commentRangeEnd", ref)
        return [start, *runs, end, reference]

    def part(self) -> Element:
        """`w:comments`."""
        return el("w:comments", None, *self._comments)


def _reference(name: str, face: Face, ref: dict[str, object] | None = None) -> Element:
    properties = run_properties(face, run_style="CommentReference")
    return el("w:r", None, properties, el(name, ref))
