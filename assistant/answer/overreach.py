"""What a bound sentence may still not say: a ranking of its own, or an actual figure as a plan."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.citations import Figures, Span
from vectorstore.types import Modality, Part, QuantityKind

__all__ = ["overreach"]

# Who is first or more than another is computed by code; a model may repeat it, not find it.
_RANKED = re.compile(
    "最[多少高低大小]|更[多少高低大小]|高于|低于|多于|少于|居首|首位|第一名|排名|名列"
)


def overreach(claim: str, spans: Sequence[Span], figures: Figures) -> str:
    """Why `claim` says more than the quotes it is bound to (Chinese); "" if it does not."""
    quotes = "\n".join(span.quote for span in spans)
    own = [word for word in _RANKED.findall(claim) if word not in quotes]
    if own:
        return f"资料没有说“{own[0]}”，不要自行比较"
    planned = [
        quantity
        for quantity in figures(claim)
        if quantity.kind is QuantityKind.QUANTITY and quantity.modality is Modality.TARGET
    ]
    if planned and not any(span.hit.chunk.part is Part.NEXT_YEAR for span in spans):
        said = {(q.value, q.modality) for q in figures(quotes)}
        for quantity in planned:
            reached = (quantity.value, Modality.ACTUAL) in said
            if reached and (quantity.value, Modality.TARGET) not in said:
                return f"“{quantity.text}”在资料里是已经做到的数，不是计划或目标"
    return ""
