"""The map with a language model: it names the theme of what the rules left without one.

A name is all it may give: which report, which part and which words stay what the rules found.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.brief.budget import BriefModel, Cost, Meter
from assistant.brief.cache import NoteCache
from assistant.brief.notes import Note
from assistant.brief.tally import Reading
from assistant.brief.themes import Themes
from assistant.evidence import is_order, neutralise
from prompts import Rendered
from vectorstore.tokens import count_tokens

__all__ = ["label_cost", "label_reading", "left_over", "model_version"]

_WHAT = {"shortcoming": "不足", "plan": "安排"}
_LINE = re.compile(
    r"^\s*[\[【(（]?\s*(\d{1,3})\s*[\]】)）]?\s*[:：.、,，\s]\s*(.+?)\s*[。；;]?\s*$"
)
_NAME = re.compile(r"[\u4e00-\u9fff、“”]{2,14}")
_NOTHING = "无"
_REPLY = 14  # tokens of one line of the reply


def model_version(model: BriefModel, rules: str) -> str:
    """Changes with the rules, the prompt and the model."""
    name = re.sub(r"[^\w-]+", "_", model.name)
    return f"{rules}-{model.themes.ref.replace('@', '_').replace(':', '_')}-{name}"


def left_over(reading: Reading) -> list[Note]:
    """The notes without a theme."""
    return [note for note in reading.notes if note.kind in _WHAT and not note.keys]


def label_cost(readings: Sequence[Reading], model: BriefModel, themes: Themes) -> Cost:
    """At most what naming will cost, counted on the very prompts that will be sent."""
    cost = Cost()
    for reading in readings:
        for group in _groups(reading, model):
            rendered = _rendered(reading, group, model, themes)
            read = count_tokens(rendered.system + rendered.user)
            cost += Cost(1, read, _REPLY * len(group))
    return cost


def label_reading(
    reading: Reading, model: BriefModel, themes: Themes, meter: Meter, cache: NoteCache
) -> Reading:
    """The report with names for what had none, kept at once. Raises LLMError."""
    named: dict[Note, str] = {}
    for group in _groups(reading, model):
        reply = meter.ask(model, _rendered(reading, group, model, themes), _REPLY * len(group))
        named |= dict(_read(reply, group, themes))
    notes = tuple(replace(n, keys=(named[n],)) if n in named else n for n in reading.notes)
    cache.put(reading.row.id, notes)
    return replace(reading, notes=notes)


def _groups(reading: Reading, model: BriefModel) -> Iterator[list[Note]]:
    """What one call can take; a report's notes almost always fit one."""
    room = model.room(model.themes) - 600  # the names of the themes
    group: list[Note] = []
    used = 0
    for note in left_over(reading):
        cost = count_tokens(_line(reading, note, 99)) + 2
        full = used + cost > room or (len(group) + 1) * _REPLY > model.reply
        if group and full:
            yield group
            group, used = [], 0
        group.append(note)
        used += cost
    if group:
        yield group


def _line(reading: Reading, note: Note, n: int) -> str:
    quote = " ".join(reading.report.text[note.start : note.end].split())
    said = "（略）" if is_order(quote) else neutralise(quote)
    return f"[{n}] {_WHAT[note.kind]}：{said}"


def _rendered(
    reading: Reading, group: Sequence[Note], model: BriefModel, themes: Themes
) -> Rendered:
    nonce = secrets.token_hex(8)
    lines = [_line(reading, note, n) for n, note in enumerate(group, start=1)]
    fence = f"资料 {nonce}"
    return model.themes.render({
        "statements": "\n".join([fence, *lines, fence]),
        "nonce": nonce,
        "shortcomings": "；".join(t.name for t in themes.shortcomings),
        "plans": "；".join(t.name for t in themes.measures),
    })  # fmt: skip


def _read(reply: str, group: Sequence[Note], themes: Themes) -> Iterator[tuple[Note, str]]:
    """Lines that name a theme of the list, or a short new one without figures."""
    for line in reply.splitlines():
        match = _LINE.match(line)
        if match is None or not 1 <= int(match[1]) <= len(group):
            continue
        note, name = group[int(match[1]) - 1], match[2].strip("“”\"'《》")
        if name == _NOTHING or note.kind == "practice":
            continue
        known = next((t.key for t in themes.of(note.kind) if t.name == name), "")
        if known or (_NAME.fullmatch(name) and not is_order(name)):
            yield note, known or name
