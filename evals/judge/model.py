"""A language model as judge: supported, contradicted, not stated, or no usable reply."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.answer.types import Citation
from assistant.errors import LLMError
from assistant.evidence import neutralise
from prompts import Prompt

__all__ = ["Judge", "Label", "Opinion", "read_reply"]

Label = Literal["supported", "contradicted", "not_stated"]

_WORDS: dict[str, Label] = {"支持": "supported", "矛盾": "contradicted", "未说明": "not_stated"}
_THINK = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_DENIED = re.compile("[不非未没无](?:能|被|会|得到|有)?(?:支持|矛盾)")
_LONGEST = 40  # characters of a reply that is a verdict and no essay


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge said; without a `label` there is nothing to count, and `problem` says why."""

    label: Label | None
    problem: str = ""


@dataclass(frozen=True)
class Judge:
    """Asks `model`; `name` is the model's."""

    model: BaseChatModel
    prompt: Prompt
    name: str

    def judge(self, statement: str, quotes: Sequence[Citation], nonce: str = "") -> Opinion:
        """Whether `quotes` support `statement`.

        Whatever in them could pass for the delimiter, a role or a number is taken apart. A reply
        that is none of the three words, or an endpoint that fails, is no opinion.
        """
        nonce = nonce or secrets.token_hex(8)
        told = [neutralise(f"{c.org}{c.year or ''}年“{c.heading}”：{c.quote}") for c in quotes]
        values = {
            "statement": " ".join(neutralise(statement).split()),
            "evidence": "\n".join([f"资料 {nonce}", *told, f"资料 {nonce}"]),
            "nonce": nonce,
        }
        rendered = self.prompt.render(values)
        messages = [SystemMessage(rendered.system), HumanMessage(rendered.user)]
        try:
            reply = self.model.invoke(messages)
        except LLMError as error:
            return Opinion(None, f"{type(error).__name__}: {error}")
        label = read_reply(str(reply.text))
        return Opinion(label, "" if label else "评判的回答不是三个词之一")


def read_reply(reply: str) -> Label | None:
    """The one verdict a short reply gives; None for several, a denied one, none, or an essay."""
    said = _THINK.sub("", reply).strip()
    if not said or len(said) > _LONGEST or _DENIED.search(said):
        return None
    found = {label for word, label in _WORDS.items() if word in said}
    return found.pop() if len(found) == 1 else None
