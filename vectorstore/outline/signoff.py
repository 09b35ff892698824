"""The sign-off: organisation and day at the end of the main text, before any attachment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.outline.dates import last_date
from vectorstore.outline.lines import Line
from vectorstore.outline.numbering import Style, read_marker
from vectorstore.outline.organisation import clean_name, is_organisation

__all__ = ["SignOff", "read_signoff"]

_TAIL = 12  # lines looked at before the end of the main text
_MAX_LINE = 70  # characters of a line that signs
_DAY_AT_END = re.compile(
    r"(?P<org>.*?)\s*(?P<day>(?:20\d\d|二[〇零○OＯ0][〇零○一二三四五六七八九]{2})\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日"
    r"|20\d\d[-./]\d{1,2}[-./]\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed and when; "" and None where the text does not say. `lines` are its lines."""

    org: str
    day: date | None
    lines: range


def read_signoff(lines: Sequence[Line], body: int) -> SignOff:
    """Read the sign-off of a document whose body begins at line `body`."""
    end = _main_end(lines, body)
    for i in range(end - 1, max(body - 1, end - 1 - _TAIL), -1):
        text = lines[i].text.strip("（）() ")
        match = _DAY_AT_END.fullmatch(text) if len(text) <= _MAX_LINE else None
        if match is None or (day := last_date(match["day"])) is None:
            continue
        org = match["org"].strip(" 　，,：:")
        if org and not is_organisation(org):
            continue
        if org:
            return SignOff(clean_name(org), day, range(i, i + 1))
        names = [lines[k].text for k in range(i - 1, max(body - 1, i - 3), -1)]
        if names and is_organisation(names[0]):
            return SignOff(clean_name(names[0]), day, range(i - 1, i + 1))
        return SignOff("", day, range(i, i + 1))
    last = end - 1
    if last > body and is_organisation(lines[last].text):
        return SignOff(clean_name(lines[last].text), None, range(last, end))
    return SignOff("", None, range(0))


def _main_end(lines: Sequence[Line], body: int) -> int:
    """Index after the main text: where the first attachment begins, else the end."""
    for i in range(body, len(lines)):
        marker = read_marker(lines[i].text)
        if marker and marker.style is Style.ATTACHMENT and not lines[i].text.endswith(("：", ":")):
            return i
    return len(lines)
