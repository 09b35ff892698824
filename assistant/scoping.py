"""Which organisations and years are meant by what was typed or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import AssistantError
from vectorstore.types import Scope

if TYPE_CHECKING:
    from vectorstore.store import Store

__all__ = ["UnknownScopeError", "resolve_scope"]


class UnknownScopeError(AssistantError):
    """The organisation, year or report id named is not in the library."""

    default_hint = "用 fazhi reports 查看已入库的单位和年度。"


def resolve_scope(store: Store, orgs: Sequence[str], years: Sequence[int]) -> Scope:
    """Full organisation names for short ones. Raises UnknownScopeError for an unknown one."""
    from vectorstore.scope.organisations import read_organisations

    known = sorted({row.org for row in store.reports() if row.org})
    found: list[str] = []
    for org in orgs:
        named = [org] if org in known else list(read_organisations(org, known).orgs)
        if not named:
            raise UnknownScopeError(f"资料库里没有“{org}”的报告。")
        found += named
    return Scope(tuple(dict.fromkeys(found)), tuple(years))
