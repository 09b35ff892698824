"""What the page's controls do, without a word of Gradio: plain values in, HTML and choices out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from assistant.app.ask.conversation import AskDesk
from assistant.app.downloads import Downloads
from assistant.app.library import shelf
from assistant.app.library.desk import LibraryDesk
from assistant.app.library.intake import Intake
from assistant.build import Services
from assistant.conversations import Histories

__all__ = ["Desk"]


@dataclass
class Desk:
    """The page's functions over one set of services; a session is its cookie's id."""

    services: Services
    histories: Histories
    intake: Intake
    downloads: Downloads = field(default_factory=Downloads)
    ending: list[Callable[[], None]] = field(default_factory=list)
    """What else `close` calls: how other tabs end the work they have under way."""

    @cached_property
    def talk(self) -> AskDesk:
        """Questions and conversations."""
        return AskDesk(self.services, self.histories, self.downloads)

    @cached_property
    def library(self) -> LibraryDesk:
        """The reports held."""
        return LibraryDesk(self.services, self.histories, self.intake, self.downloads)

    def close(self) -> None:
        """Stop what is under way; an answer is kept and shown as far as it came."""
        self.talk.close()
        for end in self.ending:
            end()

    def headline(self) -> str:
        """What the library holds and which engine answers."""
        settings = self.services.settings
        model = settings.model_name(settings.default_engine)
        engine = f"大模型 {model}" if model else "摘引原文作答，不用大模型"
        return shelf.headline_html(self.services.store.reports(), engine)
