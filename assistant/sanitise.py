"""What a model wrote, cut into claims and made inert: no addresses, no markup, marks as `[n]`."""

from __future__ import annotations

import re

from assistant.orders import INVISIBLE
from vectorstore.clean import fold

__all__ = ["Sentences", "has_address", "inert", "leaks", "marks_of", "unmarked"]

MARK = re.compile(r"\[(\d{1,3})\]")
# Read on folded text: full-width brackets, digits and letters look like the plain ones.
_LOOSE_MARK = re.compile(
    r"\[\s*(?:(?:资料|来源|编号|引用|注|\^)\s*:?\s*)?(\d{1,3}(?:\s*[,、;\-~]\s*\d{1,3})*)\s*\]"
)
_IMAGE = re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])?")
_LINK = re.compile(r"\[([^\]\n]*)\]\((?!\d+\))[^)\n]*\)")
_LINK_TARGET = re.compile(r"^\s*\[[^\]\n]+\]:\s*\S+.*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>\n]*>|<!--.*?-->|</?[a-zA-Z!][^<>\n]*$")
_URL = r"[a-z0-9\-._~:/?#@!$&*+=%|]"
_ADDRESS = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{1,20}}:)?//{_URL}+"
    rf"|\b(?:javascript|data|vbscript|mailto|file|tel):(?:{_URL}|[(),;](?={_URL}))+"
    rf"|\bwww\.{_URL}+"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    rf"|(?<![\w.])(?:[a-z0-9][a-z0-9-]*\.)+[a-z]{{2,12}}(?!\w)(?:[:/?#]{_URL}*)?"
    rf"|(?<![\d.])(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\d.])(?:[:/]{_URL}*)?",
    re.IGNORECASE | re.ASCII,
)
_GOVERNMENT = re.compile(r"(?:^|[/.@])[a-z0-9-]+\.gov\.cn(?=[:/?#]|$)", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|__|`+|^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+)", re.MULTILINE)
_THINK = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
# A half-width mark within an address or before an image ends nothing.
_STOP = r"(?:[。！？]|[!?](?![A-Za-z0-9_=&%#/]|\[[^\d\]]))+[”’）)」』\"]*"
_CLAIM = re.compile(rf"(?:{_STOP}|\n)(?:[ \t]*\[[^\]\n]{{1,24}}\][。；]?)*")
_LEAK_RUN = 12  # characters in a row; the longest a report shares with our prompts is 11
# A pass-phrase or a token that only a secret holds is a leak by itself, backwards too.
_TOKEN = re.compile(r"[a-z0-9]{6,}")


class Sentences:
    """Cuts streamed text into sentences, each with the marks that follow it."""

    def __init__(self) -> None:
        self._buffer = ""

    def push(self, text: str) -> list[str]:
        """The sentences that `text` completes. The last one waits: marks may follow its stop."""
        self._buffer += text
        opening = self._buffer.lower().rfind("<think")
        if opening >= 0 and not _THOUGHT.search(self._buffer, opening):
            return []  # a reasoning model is thinking aloud
        self._buffer = _THINK.sub("", self._buffer)
        found: list[str] = []
        while (match := _CLAIM.search(self._buffer)) and self._settled(match.end()):
            found.append(self._buffer[: match.end()])
            self._buffer = self._buffer[match.end() :]
        return found

    def _settled(self, end: int) -> bool:
        rest = self._buffer[end:].lstrip(" \t")
        return bool(rest) and rest[0] not in '[［【。！？!?”’）)」』"'

    def flush(self) -> list[str]:
        """What is left when the stream has ended."""
        text, self._buffer = _THINK.sub("", self._buffer), ""
        found: list[str] = []
        at = 0
        for match in _CLAIM.finditer(text):
            found.append(text[at : match.end()])
            at = match.end()
        return [*found, text[at:]] if text[at:].strip() else found


def inert(text: str) -> str:
    """`text` without addresses, images, links, tags and markup; marks in the form `[1][2]`."""
    text = INVISIBLE.sub("", text)
    while (cleaned := _inert_once(text)) != text:  # what is removed may have split an address
        text = cleaned
    return text


def _inert_once(text: str) -> str:
    for pattern in (_LINK_TARGET, _IMAGE, _TAG):
        text = _cut(pattern, text)
    text = _cut(_ADDRESS, _plain_marks(_keep_label(text)))
    return _MARKUP.sub("", text)


def has_address(text: str) -> bool:
    """Whether `text` holds an address outside gov.cn: no figure is quoted from such a sentence."""
    return any(not _GOVERNMENT.search(m.group()) for m in _ADDRESS.finditer(fold(text)))


def marks_of(text: str) -> tuple[int, ...]:
    """The numbers of the marks in `text`, in order, each once."""
    return tuple(dict.fromkeys(int(n) for n in MARK.findall(text)))


def unmarked(text: str) -> str:
    """`text` without its marks."""
    return MARK.sub("", text).strip()


def leaks(text: str, secrets: tuple[str, ...]) -> bool:
    """Whether `text` repeats a long run of a secret (a system prompt), however it is spaced."""
    said = _bare(text)
    for secret in map(_bare, secrets):
        run = min(_LEAK_RUN, len(secret))
        runs = {secret[at : at + run] for at in range(len(secret) - run + 1)} if run else set()
        runs |= {form for token in _TOKEN.findall(secret) for form in (token, token[::-1])}
        if any(found in said for found in runs):
            return True
    return False


def _bare(text: str) -> str:
    return "".join(c for c in fold(text).lower() if c.isalnum())


def _cut(pattern: re.Pattern[str], text: str) -> str:
    """Remove what `pattern` finds in the folded view, which has the same length."""
    kept: list[str] = []
    at = 0
    for match in pattern.finditer(fold(text)):
        kept.append(text[at : match.start()])
        at = match.end()
    return "".join([*kept, text[at:]])


def _keep_label(text: str) -> str:
    kept: list[str] = []
    at = 0
    for match in _LINK.finditer(fold(text)):
        label = text[slice(*match.span(1))]
        is_mark = fold(label).strip(" ^").isdecimal()  # [1](说明)
        kept += [text[at : match.start()], f"[{label}]" if is_mark else label]
        at = match.end()
    return "".join([*kept, text[at:]])


def _plain_marks(text: str) -> str:
    kept: list[str] = []
    at = 0
    for match in _LOOSE_MARK.finditer(fold(text)):
        kept += [text[at : match.start()], *(f"[{n}]" for n in _numbers(match.group(1)))]
        at = match.end()
    return "".join([*kept, text[at:]])


def _numbers(listed: str) -> list[int]:
    """`1,3-5` → 1 3 4 5; a range longer than ten is only its two ends."""
    numbers: list[int] = []
    for part in re.split(r"[,、;]", listed):
        ends = [int(n) for n in re.split(r"[-~]", part)]
        whole = len(ends) == 2 and 0 <= ends[1] - ends[0] <= 10
        numbers += range(ends[0], ends[1] + 1) if whole else ends
    return numbers
