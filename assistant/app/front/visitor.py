"""Who asks: the hook by which handlers and routes learn the signed-in user and what he may do.

The door (`door.py`) puts a `Visitor` into every request it lets through. Routes take it with
`Depends(visitor)`; the page's handlers are wrapped in `parts.only`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request

from assistant.users import ROLE_NAMES, Role, allows

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["SCOPE_KEY", "Visitor", "refusal", "visitor", "visitor_of"]

SCOPE_KEY = "fazhi.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """One who was let in.

    `session` keys what belongs to him alone: conversation, downloads, uploads. With login it is the
    account's, the same in every browser; without, the browser's. `name` is "" without login, where
    whoever sits at this machine may do everything.
    """

    session: str
    role: Role = "admin"
    name: str = ""

    def may(self, needed: Role) -> bool:
        """Whether this visitor may do what asks for `needed`."""
        return allows(self.role, needed)


def visitor_of(scope: Scope) -> Visitor:
    """The visitor of a request that came through the door."""
    found: Visitor = scope[SCOPE_KEY]
    return found


def visitor(request: Request) -> Visitor:
    """FastAPI dependency: the visitor."""
    return visitor_of(request.scope)


def refusal(needed: Role) -> str:
    """What one is told whose role is not enough."""
    return f"此操作需要“{ROLE_NAMES[needed]}”角色，请联系管理员。"
