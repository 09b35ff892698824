"""Libraries for tests of the brief: the samples, and reports written for one purpose."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.brief import Brief, BriefModel, Request, Watch, make_brief
from vectorstore.indicators import load_lexicon
from vectorstore.ingest import ingest
from vectorstore.parse import parse
from vectorstore.store import Store

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "reports"


def library(folder: Path, paths: Iterable[Path]) -> Store:
    """A store without vectors."""
    store = Store.open(folder)
    ingest(paths, store, reader=parse, lexicon=load_lexicon())
    return store


def write_reports(folder: Path, texts: dict[str, str]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
        paths.append(folder / name)
    return paths


def report_text(
    org: str,
    year: int = 2025,
    *,
    measures: str = "全年行政处罚立案14件，罚没款3.5万元。",
    shortcomings: str | None = "一是执法力量薄弱；二是普法宣传形式单一。",
    plans: str = "举办法治培训不少于9场。",
) -> str:
    parts = [("主要举措和成效", measures)]
    if shortcomings is not None:
        parts.append(("存在的不足和原因", shortcomings))
    parts.append(("主要负责人履行推进法治建设第一责任人职责情况", "主要负责人按要求履职。"))
    parts.append((f"{year + 1}年工作安排", plans))
    lead = f"{year}年，本局推进依法行政，报告如下："
    lines = [f"{org}关于{year}年法治政府建设工作情况报告", lead]
    for number, (heading, body) in zip("一二三四五", parts, strict=False):
        lines += [f"{number}、{heading}", body]
    return "\n".join(lines) + "\n"


def brief_of(
    store: Store,
    home: Path,
    *,
    orgs: tuple[str, ...] = (),
    year: int | None = None,
    model: BriefModel | None = None,
    watch: Watch | None = None,
) -> Brief:
    return make_brief(store, load_lexicon(), Request(orgs, year), home, model=model, watch=watch)


def words_of(brief: Brief) -> str:
    """Every word of the document, comments left out."""
    from assistant.gongwen.model import walk

    return "\n".join(span.text for span in walk(brief.document))
