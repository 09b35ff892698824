"""The composition root: the only place that constructs stores, indexes, models and answerers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.settings import Engine, Settings, check_engine

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_core.language_models import BaseChatModel

    from assistant.answer.rewrite import ReadQuestion
    from assistant.answer.types import Answerer
    from assistant.audit import Audit
    from assistant.brief import BriefModel
    from assistant.draft.llm import Polisher
    from assistant.model import LocalServer, Size
    from vectorstore.chroma import ChromaIndex
    from vectorstore.dense import DenseIndex
    from vectorstore.embed import Embedder
    from vectorstore.indicators import Lexicon
    from vectorstore.retrieve import Retriever
    from vectorstore.store import Store

# Tokens (as cl100k_base counts Chinese, 1.6 times what the local model does) of an answer's prompt
# and reply together: a desktop reads 30 to 50 a second, and nobody waits a minute.
_LOCAL_READS = 2048
_LOCAL_REPLY = 400
_SERVERS: dict[tuple[Path, Size], LocalServer] = {}  # loaded once a process, whoever asks

__all__ = ["Services", "open_services", "own_services"]


@dataclass(frozen=True)
class Services:
    """Everything built from one `Settings`; each part is made when first asked for."""

    settings: Settings
    store: Store
    owned_index: ChromaIndex | None = None  # set by the process that owns the data folder

    @cached_property
    def embedder(self) -> Embedder:
        """The built-in model, or the endpoint the settings name."""
        return make_embedder(self.settings)

    @cached_property
    def audit(self) -> Audit:
        """The log of who did what."""
        from assistant.audit import FOLDER, Audit

        return Audit(self.settings.folder / FOLDER)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Canonical indicators, the user's own included."""
        from vectorstore.indicators import load_lexicon

        return load_lexicon(self.settings.indicators)

    @cached_property
    def index(self) -> DenseIndex:
        """Chroma for the owner of the folder, otherwise exact search over the store's vectors."""
        if self.owned_index is not None:
            return self.owned_index
        from vectorstore.dense import ExactIndex

        return ExactIndex(self.store, self.embedder.name)

    def sync_index(self) -> None:
        """Bring Chroma up to the store, if this process owns it."""
        if self.owned_index is not None:
            self.owned_index.sync()

    @cached_property
    def retriever(self) -> Retriever:
        """Lexical and dense search over the store."""
        from vectorstore.retrieve import Retriever

        return Retriever(self.store, self.index, self.embedder)

    def answerer(self, engine: Engine | None = None) -> Answerer:
        """The engine asked for, or the one the settings imply. Raises EngineError, ModelError."""
        from assistant.answer.extractive import ExtractiveAnswerer
        from assistant.answer.reading import reader

        read = reader(self.store, datetime.now().astimezone().year)
        extractive = ExtractiveAnswerer(self.store, self.retriever, self.lexicon, read)
        chosen = check_engine(engine, self.settings)
        if chosen == "extractive":
            return extractive
        return self._llm_answerer(chosen, read, extractive)

    def polisher(self, engine: Engine | None = None) -> Polisher | None:
        """What says a draft's sections better; None for the engine without a model."""
        chosen = check_engine(engine, self.settings)
        if chosen == "extractive":
            return None
        from assistant.draft.llm import Polisher
        from prompts import load

        return Polisher(
            model=make_chat_model(self.settings, chosen),
            prompt=load("draft_section"),
            lexicon=self.lexicon,
            name=self.settings.model_name(chosen),
            engine=chosen,
            context=_context(self.settings, chosen),
        )

    def _llm_answerer(self, engine: Engine, read: ReadQuestion, fallback: Answerer) -> Answerer:
        from assistant.answer.chain import AnswerPrompts, LLMAnswerer
        from assistant.verify.answers import answer_verifier
        from prompts import load
        from vectorstore.quantities import extract_text

        local = engine == "local"
        reply = _LOCAL_REPLY if local else 1024
        return LLMAnswerer(
            model=make_chat_model(self.settings, engine, max_tokens=reply),
            retriever=self.retriever,
            read=read,
            fallback=fallback,
            prompts=AnswerPrompts(load("answer"), load("repair"), load("rewrite")),
            figures=extract_text,
            verify=answer_verifier(self.store, self.lexicon),
            context=min(_LOCAL_READS, _context(self.settings, engine))
            if local
            else self.settings.llm_context,
            reply=reply,
            engine=engine,
        )


def make_chat_model(
    settings: Settings,
    engine: Engine = "openai",
    max_tokens: int = 1024,
    server: LocalServer | None = None,
) -> BaseChatModel:
    """The chat model of `engine`, which has one.

    Raises LLMRequestError for a bad address. A local model is loaded when first asked, by `server`
    or the one of this process.
    """
    if engine == "local":
        from assistant.llm.local import LocalChat
        from assistant.llm.openai import Limits

        limits = Limits(total=settings.local_timeout, tries=1)
        server = server or local_server(settings)
        return LocalChat(server=server, limits=limits, max_tokens=max_tokens)
    from assistant.llm.openai import Limits, endpoint_chat

    return endpoint_chat(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_api_key.get_secret_value(),
        max_tokens=max_tokens,
        limits=Limits(total=settings.llm_timeout),
    )


def local_server(settings: Settings) -> LocalServer:
    """The server of the local model: one a process, whoever asks; it ends with the process."""
    from assistant.model import LocalServer, Shelf, Size

    shelf = Shelf.of(settings.folder, settings.model_file)
    size = Size(settings.local_context, settings.local_threads)
    return _SERVERS.setdefault((shelf.path, size), LocalServer(shelf, size))


def _context(settings: Settings, engine: Engine) -> int:
    return settings.local_context if engine == "local" else settings.llm_context


def make_brief_model(
    settings: Settings, engine: Engine = "openai", server: LocalServer | None = None
) -> BriefModel:
    """`make_chat_model` with the prompts of a brief. Raises LLMRequestError."""
    from assistant.brief import BriefModel
    from prompts import load

    return BriefModel(
        make_chat_model(settings, engine, server=server),
        settings.model_name(engine),
        load("brief_themes"),
        load("brief_section"),
        _context(settings, engine),
    )


def make_embedder(settings: Settings) -> Embedder:
    """The embedder of `settings`; nothing is loaded until it is used."""
    from vectorstore.embed import E5Embedder, EndpointEmbedder

    if settings.embed_base_url:
        key = settings.embed_api_key.get_secret_value()
        return EndpointEmbedder(settings.embed_base_url, settings.embed_model, key)
    return E5Embedder()


@contextmanager
def open_services(settings: Settings | None = None) -> Iterator[Services]:
    """Services for reading: works beside a running owner, never opens Chroma."""
    from vectorstore.store import Store

    settings = settings or Settings()
    store = Store.open(settings.folder)
    try:
        yield Services(settings, store)
    finally:
        store.close()


@contextmanager
def own_services(settings: Settings | None = None, command: str = "") -> Iterator[Services]:
    """Services for writing: takes the owner lock and opens the Chroma index.

    Raises `LockedError` naming the process that holds the folder.
    """
    from vectorstore.chroma import ChromaIndex
    from vectorstore.lock import OwnerLock
    from vectorstore.store import Store

    settings = settings or Settings()
    with OwnerLock(settings.folder, command):
        store = Store.open(settings.folder)
        try:
            index = ChromaIndex.open(settings.folder, store, make_embedder(settings).name)
            try:
                yield Services(settings, store, owned_index=index)
            finally:
                index.close()
        finally:
            store.close()
