"""A store of sample reports, a filled sheet and notes to draft from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from assistant.ledger import make_template, save_template
from tests.holding import hold
from vectorstore.indicators import load_lexicon
from vectorstore.store import Store

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
REAL = ROOT.parent / "shared" / "reports"
LEXICON = load_lexicon()

HEALTH, MARKET, URBAN = "岚泊县卫生健康局", "岚泊县市场监督管理局", "砚渚县综合行政执法局"
FILES = ("lanbo-health-2025.docx", "lanbo-market-2025.docx", "yanzhu-urban-2025.html")

VALUES = {  # of `HEALTH` for 2026
    "行政处罚立案": "41",
    "行政处罚立案·简易程序": "16",
    "行政处罚立案·普通程序": "25",
    "结案": "40",
    "罚没款": "20.13",
    "法治培训": "13",
    "接受法律咨询": "4500余",
    "双随机抽查任务": "140",
    "双随机抽查任务·跨部门联合抽查": "28",
}
NOTES = """# 2026年工作素材

## 执法
- 新增执法人员2名，全部取得执法证件。
- 在12家公共场所安装在线监测设备，监测点位达到36个，医疗废物处置环节正在推进。
- 制定互联网诊疗监管指引，联合公安部门开展联合执法行动3次

## 普法
- 线上展厅已经上线。
- 举办法治培训13场。

## 问题
- 网络直播带货监管人员少，取证设备不足。

## 明年打算
- 举办法治培训不少于15场，新增执法人员2名。
- 建设非现场执法取证室1间。
"""


def fill(folder: Path, files: Iterable[Path]) -> Store:
    """A store of `files` without vectors."""
    store = Store.open(folder)
    hold(store, *files)
    return store


def sheet(store: Store, path: Path, org: str, year: int, values: Mapping[str, str]) -> Path:
    """The template of `org` and `year` with `values` by indicator, as .csv."""
    save_template(path, make_template(store, org, year))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    name, value = (
        rows[0].index("指标"),
        next(n for n, title in enumerate(rows[0]) if title.startswith("本年数值")),
    )
    known = {row[name] for row in rows[1:]}
    assert values.keys() <= known, values.keys() - known
    for row in rows[1:]:
        row[value] = values.get(row[name], "")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
