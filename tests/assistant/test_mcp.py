"""The MCP server: the same four functions as tools."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import StdioServerParameters  # noqa: TID251 - the client's side
from mcp.client import Client  # noqa: TID251 - the client's side

from assistant import mcp_server, queries
from assistant.build import Services


def call(server: Any, name: str, **arguments: Any) -> Any:
    async def calling() -> Any:
        async with Client(server) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(calling)


def test_tools_say_in_chinese_what_they_do_and_only_read(sample_services: Services) -> None:
    async def listing() -> Any:
        async with Client(mcp_server.make_server(sample_services)) as client:
            return await client.list_tools()

    tools = anyio.run(listing).tools
    assert {tool.name for tool in tools} == {"ask", "search", "ledger", "verify"}
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert any("一" <= letter <= "鿿" for letter in tool.description)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ask", {"question": "2025年哪个单位行政处罚立案最多？"}),
        ("search", {"query": "执法监督", "k": 2}),
        ("ledger", {"indicator": "行政处罚立案", "years": [2025], "most": 3}),
        ("verify", {"text": "全年立案99999件。", "org": "霁原市卫健委", "year": 2025}),
    ],
)
def test_a_tool_sends_the_document_of_the_function(
    sample_services: Services, name: str, arguments: dict[str, Any]
) -> None:
    found = call(mcp_server.make_server(sample_services), name, **arguments)
    expected = getattr(queries, name)(sample_services, **arguments).model_dump(mode="json")
    assert not found.is_error
    assert found.structured_content == expected
    assert json.loads(found.content[0].text) == expected


def test_a_user_error_reaches_the_caller_in_words(sample_services: Services) -> None:
    found = call(mcp_server.make_server(sample_services), "ledger", orgs=["无此单位"])
    assert found.is_error
    assert "没有“无此单位”的报告" in found.content[0].text


def test_over_standard_input_and_output(sample_services: Services) -> None:
    """`fazhi mcp` in a process of its own, as a client program starts it."""
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("FAZHI_", "OPENAI_"))}
    program = StdioServerParameters(
        command=str(Path(sys.executable)),
        args=["-c", "from assistant.cli import main; main()", "mcp"],
        env={**keep, "FAZHI_HOME": str(sample_services.settings.folder)},
    )
    found = call(program, "search", query="执法监督", k=1)
    assert len(found.structured_content["hits"]) == 1


def test_without_the_package_it_says_how_to_install(
    sample_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(mcp_server.NoMCPError) as raised:
        mcp_server.make_server(sample_services)
    assert "pip install -e '.[mcp]'" in raised.value.hint
    assert (
        "fazhi-assistant" not in raised.value.hint
    )  # no index holds a package of this name of ours
