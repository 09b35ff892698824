"""A library of the sample reports, read once for all tests that only ask it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from assistant.answer.types import Answerer
from assistant.build import Services, open_services
from assistant.settings import Settings
from tests.assistant.app_visit import launched
from tests.conftest import SAMPLES
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a module: a session's would leave its event loop running for other tests."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def sample_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services over `samples/`; searched by words only, so that nothing waits for embeddings."""
    home = tmp_path_factory.mktemp("samples")
    with Store.open(home) as store:
        ingest([SAMPLES], store, reader=parse, lexicon=load_lexicon())
    with open_services(Settings(home=home)) as opened:
        yield opened


@pytest.fixture(scope="session")
def extractive(sample_services: Services) -> Answerer:
    """The engine without a model over `samples/`."""
    return sample_services.answerer("extractive")
