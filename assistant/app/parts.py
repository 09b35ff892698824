"""What the tabs share: the shape of a tab, and components."""

from __future__ import annotations

from typing import Any

import gradio as gr  # noqa: TID251 - the page's components

from assistant.app.door import COOKIE

__all__ = ["Tab", "html", "picker", "session_of"]


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
