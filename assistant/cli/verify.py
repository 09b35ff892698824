"""The command that verifies a file's figures against the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.output import JsonFlag, emit

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.verify.files import Verified
    from assistant.verify.verdicts import Checked

__all__ = ["register"]

# What each verdict is called and what to do about it.
VERDICTS = {
    "supported": ("有出处", ""),
    "rounded": ("四舍五入", ""),
    "derived": ("可算得", ""),
    "placeholder": ("待填", "填写或核实后删去【】"),
    "fabricated": ("无出处", "补充依据，或改回原文的数"),
    "wrong_scale_or_unit": ("数量级或单位", "对照原文改正单位、小数点或“万”"),
    "wrong_indicator": ("张冠李戴", "改为该指标自己的数"),
    "wrong_org": ("单位不符", "改为该单位自己的数，或改正单位名称"),
    "wrong_year": ("年度不符", "改为该年度的数，或改正年份"),
    "stale": ("沿用旧数", "换成本年度的数"),
    "target_as_actual": ("目标当实绩", "改为实际完成数，或写明是目标"),
    "derived_wrong": ("算错", "按原文的数重新计算"),
    "hedge_lost": ("限定词变了", "恢复“余”“不少于”等字"),
    "phrase_altered": ("提法变了", "恢复原提法"),
}
_AROUND = 12


def register(app: typer.Typer) -> None:
    """Add this module's command to `app`."""
    app.command()(verify)


def verify(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="要核对的文件：docx、txt、md、html、pdf。"),
    ],
    org: Annotated[str, typer.Option(help="文件所写的单位，可写简称；不写则从文件识别。")] = "",
    year: Annotated[int | None, typer.Option(help="文件所写的年度；不写则从文件识别。")] = None,
    as_json: JsonFlag = False,
) -> None:
    """把文件里的每个数字与资料库的报告核对，逐个给出结论和出处。

    文件旁有起草时写下的依据文件（.evidence.json）的，按依据文件核对，不需要资料库。
    """
    from assistant.build import open_services
    from assistant.draft.evidence import verify_draft
    from assistant.verify.files import verify_file

    found = None if org or year else verify_draft(path)
    if found is None:
        with open_services() as services:
            found = verify_file(path, services.store, services.lexicon, org=org, year=year)
    emit(found.to_json(), as_json, lambda out: _print(out, found))


def _print(out: Console, found: Verified) -> None:
    from rich.markup import escape
    from rich.table import Table

    errors = [c for c in found.checked if not c.good]
    waiting = [c for c in found.checked if c.verdict == "placeholder"]
    if errors or waiting:
        table = Table(box=None, pad_edge=False)
        for title in ("结论", "文中", "说明", "怎么办"):
            table.add_column(title, overflow="fold")
        for c in (*errors, *waiting):
            name, advice = VERDICTS[c.verdict]
            style = "yellow" if c.good else "red"
            table.add_row(name, escape(_place(found, c)), escape(c.detail), advice, style=style)
        out.print(table)
    out.print(escape(_summary(found, len(errors), len(waiting))), soft_wrap=True)


def _place(found: Verified, checked: Checked) -> str:
    """The figure with a few characters on either side."""
    quantity = checked.quantity
    left = found.text[max(quantity.start - _AROUND, 0) : quantity.start].rpartition("\n")[2]
    right = found.text[quantity.end : quantity.end + 4].partition("\n")[0]
    return f"{left}「{quantity.text}」{right}".replace("\t", " ")


def _summary(found: Verified, errors: int, waiting: int) -> str:
    kept = len(found.checked) - errors - waiting
    against = "、".join(f"{r.org}{r.year or ''}年" for r in found.against[:4])
    more = f"等 {len(found.against)} 份报告" if len(found.against) > 4 else found.evidence
    if not found.checked:
        return f"文中没有需要核对的数字（对照：{against}{more}）。"
    said = f"共 {len(found.checked)} 处：{errors} 处有问题，{waiting} 处待填，{kept} 处有依据"
    return f"{said}（对照：{against}{more}）。"
