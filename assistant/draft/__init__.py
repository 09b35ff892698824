"""Drafts of the new year's report and plan, by rule or with a language model."""

from __future__ import annotations

from assistant.draft.make import DraftFileError, Written, check_output, draft, write
from assistant.draft.types import Draft, Request

__all__ = ["Draft", "DraftFileError", "Request", "Written", "check_output", "draft", "write"]
