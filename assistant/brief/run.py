"""A brief over many reports: choose, count, compare, tell, account for every one."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.brief.batch import Batch, select_batch
from assistant.brief.layout import (
    main_block,
    main_table,
    overview,
    summary_block,
    summary_table,
)
from assistant.brief.tables import columns, grouped
from assistant.brief.types import Brief, Coverage, Table
from assistant.gongwen import Attachment, Heading, OfficialDocument, Paragraph, Text
from assistant.gongwen.model import Block
from vectorstore.indicators import Lexicon
from vectorstore.store import Store

__all__ = ["Request", "make_brief"]

_IN_BODY = 20  # bureaus; longer tables are attachments


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; empty fields leave the choice to the library."""

    orgs: tuple[str, ...] = ()
    year: int | None = None
    title: str = ""


def make_brief(store: Store, lexicon: Lexicon, request: Request) -> Brief:
    """The brief over the reports of `request`. Raises NothingToTellError."""
    batch = select_batch(store, request.orgs, request.year)
    made = columns(store, batch, lexicon)
    tables: list[Table] = []
    main: list[Block] = []
    for title, group in grouped(made):
        tables.append(main_table(title, group, batch))
        main.append(main_block(title, group, batch))
    body: list[Block] = [_lead(batch), Heading(1, "总体情况"), *overview(batch, made)]
    attachments = []
    if made:
        tables.append(summary_table(made, batch))
        body.append(Heading(1, "主要指标"))
        if len(batch.bureaus) > _IN_BODY:
            body.append(summary_block(made, batch))
            attachments.append(Attachment("分单位主要指标表", tuple(main)))
        else:
            body += main
    document = OfficialDocument(_title(request, batch), tuple(body), attachments=tuple(attachments))
    return Brief(document, Coverage(len(batch.asked), len(batch.asked)), tuple(tables))


def _title(request: Request, batch: Batch) -> str:
    year = f"{batch.year}年度" if batch.year else ""
    return request.title or f"{year}法治政府建设情况报告汇总简报"


def _lead(batch: Batch) -> Paragraph:
    year = f"{batch.year}年度" if batch.year else ""
    return Paragraph((Text(f"现将各单位{year}法治政府建设情况报告综合如下。"),))
