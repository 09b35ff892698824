"""The MCP server: ask, search, ledger and verify as tools for an assistant program.

It speaks over standard input and output only and reads the data folder beside a running server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

from pydantic import Field

from assistant import queries
from assistant.documents import AnswerDocument, LedgerDocument, SearchDocument, VerifyDocument
from assistant.errors import AssistantError
from vectorstore.errors import PlainError

if TYPE_CHECKING:
    from mcp.server import MCPServer  # noqa: TID251 - the permitted importer

    from assistant.build import Services

__all__ = ["NoMCPError", "make_server"]

_ABOUT = (
    "法治政府建设年度报告资料库。回答、检索结果和指标数字都附单位、年度和原文；"
    "引用数字时请连同出处一起给出，报告没有写的不要推断。"
)
_P = ParamSpec("_P")
_R = TypeVar("_R")
# A tool's default stands in its schema; each call gets a list of its own from pydantic.
Orgs = Annotated[list[str], Field(default_factory=list, description="单位，可写简称；空为全部")]
Years = Annotated[list[int], Field(default_factory=list, description="报告年度；空为全部")]


class NoMCPError(AssistantError):
    """The package `mcp` is not installed."""

    default_hint = "在项目目录运行 .venv/bin/pip install -e '.[mcp]'。"


@dataclass(frozen=True)
class _Tools:
    """The tools' bodies; their docstrings are what the assistant program reads."""

    services: Services

    def ask(self, question: str, orgs: Orgs, years: Years) -> AnswerDocument:
        """就已入库的报告提问，回答附逐字出处；报告没有写的会说明没有写。"""
        return queries.ask(self.services, question, orgs, years)

    def search(
        self,
        query: str,
        orgs: Orgs,
        years: Years,
        k: Annotated[int, Field(ge=1, le=queries.MOST_HITS, description="条数")] = 10,
    ) -> SearchDocument:
        """按意思和字词检索报告原文段落。"""
        return queries.search(self.services, query, orgs, years, k)

    def ledger(
        self,
        orgs: Orgs,
        years: Years,
        indicator: Annotated[str, Field(description="指标名称、别名或其中的词；空为全部")] = "",
        most: Annotated[int, Field(ge=1, le=queries.MOST_FIGURES, description="最多几条")] = 100,
    ) -> LedgerDocument:
        """查指标台账：每个数字的单位、年度、指标、数值和原文句子。"""
        return queries.ledger(self.services, orgs, years, indicator, most)

    def verify(
        self,
        text: str,
        org: Annotated[str, Field(description="文字所写的单位；空为全部单位")] = "",
        year: Annotated[int | None, Field(description="文字所写的年度")] = None,
    ) -> VerifyDocument:
        """把一段文字里的每个数字与报告核对，逐个给出结论和出处。"""
        return queries.verify(self.services, text, org, year)


def make_server(services: Services) -> MCPServer:
    """The server with its four tools over `services`. Raises NoMCPError."""
    try:
        from mcp.server import MCPServer  # noqa: TID251 - the permitted importer
        from mcp.types import ToolAnnotations  # noqa: TID251 - the permitted importer
    except ImportError as exc:
        raise NoMCPError("没有安装 MCP 组件。") from exc

    server = MCPServer(
        "fazhi",
        title="法治报告助手",
        instructions=_ABOUT,
        version=version("fazhi-assistant"),
        log_level="WARNING",
    )
    tools = _Tools(services)
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for title, tool in (
        ("提问", tools.ask),
        ("检索原文", tools.search),
        ("指标台账", tools.ledger),
        ("核对数字", tools.verify),
    ):
        server.tool(title=title, annotations=reading)(_telling(tool))
    return server


def _telling(tool: Callable[_P, _R]) -> Callable[_P, _R]:
    """`tool` with its expected errors told to the assistant program in words."""
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: TID251 - the permitted importer

    @wraps(tool)
    def told(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return tool(*args, **kwargs)
        except PlainError as error:
            raise ToolError(f"{error}{error.hint}") from error

    return told
