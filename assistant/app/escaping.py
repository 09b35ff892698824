"""The one way text from outside enters HTML of this page."""

from __future__ import annotations

import html
import re

__all__ = ["escape"]

# Control characters but tab and newline, and the marks that reverse the reading direction.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def escape(text: str) -> str:
    """`text` as it is safe between tags and inside a quoted attribute."""
    safe = html.escape(_UNSEEN.sub("", text), quote=True)
    # Gradio's page translates strings that carry this mark of its own.
    return safe.replace("__i18n__", "&#95;_i18n__")
