"""What the tabs share: the shape of a tab, and components."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import gradio as gr  # noqa: TID251 - the page's components
from gradio.context import LocalContext  # noqa: TID251 - the request an event came with

from assistant.app.front.door import COOKIE
from assistant.app.front.visitor import refusal, visitor_of
from assistant.users import Role

__all__ = ["Tab", "html", "only", "picker", "session_of"]


class Tab:
    """One tab of the page. Its constructor lays it out, `with gr.Tab(…)` and all.

    A tab that shows what other tabs or other people change draws itself anew when it is selected;
    one that must show something as soon as the page opens names it in `filled_at_load`.
    """

    def wire(self, options: dict[str, Any]) -> None:
        """Connect the controls; every event takes `options`."""

    @property
    def filled_at_load(self) -> list[Any]:
        """Components whose values `on_load` returns, in this order; none unless overridden."""
        return []

    def on_load(self, request: gr.Request) -> list[Any]:
        """Values of `filled_at_load` for the page that `request` opens."""
        return []


def html(name: str, **options: Any) -> gr.HTML:
    """A place for HTML of ours; style.css alone decides how it looks."""
    return gr.HTML(elem_id=name, apply_default_css=False, **options)


def picker(label: str, name: str, everything: str = "") -> gr.Dropdown:
    """A list to pick from, or to type into; several entries unless there is one for `everything`.

    A name typed in short form is resolved by the server, as on the command line.
    """
    return gr.Dropdown(
        choices=[(everything, "")] if everything else [],
        value="" if everything else [],
        multiselect=not everything,
        allow_custom_value=True,
        label=label,
        show_label=True,
        elem_id=name,
        scale=1,
    )


def session_of(request: gr.Request) -> str:
    """The session's id, from its cookie."""
    return str(request.cookies.get(COOKIE, ""))


def only(role: Role, handler: Callable[..., Any]) -> Callable[..., Any]:
    """`handler` for visitors who may do what asks for `role`; others are told so.

    What the page hides from a role must be wrapped in this as well: any event can be sent by hand.
    """

    def admit() -> None:
        request = LocalContext.request.get(None)
        found = request.request if request else None
        if found is None or not visitor_of(found.scope).may(role):
            raise gr.Error(refusal(role), title="没有权限", print_exception=False)

    @wraps(handler)
    def at_once(*values: Any) -> Any:
        admit()
        return handler(*values)

    @wraps(handler)
    def step_by_step(*values: Any) -> Iterator[Any]:
        admit()
        yield from handler(*values)

    return step_by_step if inspect.isgeneratorfunction(handler) else at_once
