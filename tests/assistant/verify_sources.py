"""Three short reports of fictional bureaus that texts are verified against; written for this."""

from __future__ import annotations

from functools import cache

from assistant.verify import SourceLedger
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Report

HEALTH = "青禾县卫生健康局"
JUSTICE = "青禾县司法局"

HEALTH_2025 = """青禾县卫生健康局2025年法治政府建设年度报告
2025年，县卫生健康局扎实推进法治建设，现将有关情况报告如下。
一、主要举措和成效
（一）严格规范执法。落实行政执法三项制度和“双随机、一公开”监管，全年监督检查1312户次，监督覆盖率97.4%。\
全年行政处罚立案36件，其中简易程序14件、普通程序22件；结案35件，结案率97.2%；罚没款135195.8元，其中罚款12万元、没收违法所得15195.8元。
（二）优化政务服务。办理行政许可1860件，群众满意度99.5%。受理投诉举报79件，办结78件。
（三）加强普法宣传。举办法治培训11场，参训690人次；开展普法活动28场次，发放宣传资料1060余份，接受群众咨询4100余人次。
（四）化解矛盾纠纷。受理医疗纠纷18起，调解成功17起。领导干部开展“三重一大”合法性审查26件。
二、存在的不足和原因
执法力量薄弱，持证执法人员仅21名。
三、2026年度工作安排
举办法治培训不少于15场，培育法治宣传骨干60名，监督覆盖率达到98%以上。
青禾县卫生健康局
2026年1月12日"""

HEALTH_2024 = """青禾县卫生健康局2024年法治政府建设年度报告
2024年，县卫生健康局扎实推进法治建设，现将有关情况报告如下。
一、主要举措和成效
（一）严格规范执法。落实行政执法三项制度，全年监督检查1208户次，监督覆盖率96.1%。\
全年行政处罚立案32件，其中简易程序12件、普通程序20件；结案31件，结案率96.9%；罚没款108000元。
（二）优化政务服务。办理行政许可1755件，群众满意度99.2%。
（三）加强普法宣传。举办法治培训9场，参训540人次；开展普法活动25场次。
二、2025年度工作安排
举办法治培训不少于10场，新增执法记录仪45台。
青禾县卫生健康局
2025年1月15日"""

JUSTICE_2025 = """青禾县司法局2025年法治政府建设年度报告
2025年，县司法局认真履行职责，现将有关情况报告如下。
一、主要举措和成效
全年行政处罚立案8件，罚没款2.4万元。办理行政复议案件53件，审查规范性文件17件。
开展普法活动64场次，举办法治培训19场。
二、2026年度工作安排
办理法律援助案件不少于300件。
青禾县司法局
2026年1月8日"""


def parsed(text: str, path: str) -> Report:
    """A report of plain paragraphs."""
    return outline(Document(tuple(Block(line) for line in text.split("\n")), "txt"), path)


@cache
def reports() -> tuple[Report, Report, Report]:
    """The bureau of health in 2025 and in 2024, the bureau of justice in 2025."""
    texts = (HEALTH_2025, HEALTH_2024, JUSTICE_2025)
    first, second, third = (parsed(t, f"{n}.txt") for n, t in enumerate(texts))
    return first, second, third


@cache
def ledger(*which: int) -> SourceLedger:
    """Sources of the reports with these indices, of all by default."""
    return SourceLedger.of_reports(reports()[n] for n in which or (0, 1, 2))
