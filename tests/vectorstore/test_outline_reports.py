"""Whole reports in many styles, written for this test: who, which year, and the whole tree."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from vectorstore.clean import clean
from vectorstore.outline import outline
from vectorstore.types import Block, Document, Part, Report

BODY = "各项任务按月推进并逐条销号，台账资料齐全，群众评价较好，基层反映的事情件件有回音。"

M, S, F, N, X = (
    Part.MEASURES,
    Part.SHORTCOMINGS,
    Part.FIRST_RESPONSIBLE,
    Part.NEXT_YEAR,
    Part.OTHER,
)


def report_of(text: str, path: str = "scan-0001.txt") -> Report:
    """Outline a text whose lines are blocks; @ stands for a paragraph of body text."""
    lines = (line.strip() for line in text.replace("@", BODY).strip().split("\n"))
    blocks = tuple(Block(line) for line in lines if line)
    return outline(clean(Document(blocks, "txt")), path)


def tree(report: Report) -> list[str]:
    """Headings with their numbers, indented by level."""
    return ["  " * (s.level - 1) + s.number + s.heading for s in report.sections[1:]]


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    org: str
    year: int | None
    tree: str
    parts: tuple[Part, ...] = ()
    title: str = ""
    annual: bool = True
    addressee: str = ""
    signed: tuple[str, str] = ("", "")
    path: str = "scan-0001.txt"


CASES = [
    Case(
        "county government, counts that run on across parents",
        """
        信息来源：云岭县司法局
        云岭县2025年法治政府建设年度报告
        （2026年1月15日）
        2025年，云岭县坚持依法治县，现将有关情况报告如下：
        一、2025年法治政府建设主要举措和成效
        （一）党的领导坚强有力
        1.理论武装抓在经常。@
        2.各级责任层层压实。@
        （二）职能转变走深走实
        3.营商环境更优。@
        4.审批流程更短。@
        二、存在的不足和原因
        @
        三、县政府主要负责同志履行推进法治建设第一责任人职责情况
        @
        四、下一年度推进法治政府建设的主要安排
        @
        五、其他需要报告的情况
        无。
        云岭县人民政府
        2026年1月10日
        """,
        org="云岭县人民政府",
        year=2025,
        title="云岭县2025年法治政府建设年度报告",
        signed=("云岭县人民政府", "2026年1月10日"),
        parts=(M, S, F, N, X),
        tree="""
        一、2025年法治政府建设主要举措和成效
          （一）党的领导坚强有力
            1.理论武装抓在经常
            2.各级责任层层压实
          （二）职能转变走深走实
            3.营商环境更优
            4.审批流程更短
        二、存在的不足和原因
        三、县政府主要负责同志履行推进法治建设第一责任人职责情况
        四、下一年度推进法治政府建设的主要安排
        五、其他需要报告的情况
        """,
    ),
    Case(
        "street office, no organisation in a broken title, Chinese date, list of attachments",
        """
        关于2025年度法治政府建设
        情况的报告
        区委全面依法治区委员会办公室：
        2025年，街道上下一心抓法治。现将本年度法治政府建设情况报告如下：
        一 、工作开展情况
        (一) 抓学习，筑牢思想根基。一是办讲堂。@
        (二) 抓规范，守牢安全底线。@
        二 、存在问题及原因
        1.人手偏少。@
        2.形式偏旧。@
        三 、下步打算
        一是把队伍建强。@
        二是把普法做活。@
        特此报告。
        附件：1.行政执法统计表
        2.普法活动清单
        临江区青桥街道办事处
        二〇二六年一月八日
        （此件公开发布）
        """,
        org="临江区青桥街道办事处",
        year=2025,
        title="关于2025年度法治政府建设情况的报告",
        addressee="区委全面依法治区委员会办公室",
        signed=("临江区青桥街道办事处", "2026年1月8日"),
        parts=(M, S, N),
        tree="""
        一 、工作开展情况
          (一)抓学习，筑牢思想根基
          (二)抓规范，守牢安全底线
        二 、存在问题及原因
          1.人手偏少
          2.形式偏旧
        三 、下步打算
        """,
    ),
    Case(
        "market regulation bureau, measures without a wrapper",
        """
        石门市市场监督管理局关于2025年法治政府建设工作情况的汇报
        市委依法治市办：
        2025年，市局以案件质量为抓手，现汇报如下。
        一、提高政治站位，压实第一责任人责任
        @
        二、聚焦突出问题，强化行政执法
        （一）食品安全监管。全年检查经营主体3200户次。@
        （二）特种设备监管。@
        三、优化营商环境
        @
        四、存在的主要问题
        @
        五、2026年工作思路
        @
        石门市市场监督管理局  2026年2月3日
        """,
        org="石门市市场监督管理局",
        year=2025,
        addressee="市委依法治市办",
        signed=("石门市市场监督管理局", "2026年2月3日"),
        parts=(M, S, N),
        tree="""
        一、提高政治站位，压实第一责任人责任
        二、聚焦突出问题，强化行政执法
          （一）食品安全监管
          （二）特种设备监管
        三、优化营商环境
        四、存在的主要问题
        五、2026年工作思路
        """,
    ),
    Case(
        "housing bureau, 一． with full stops, full-width digits, colons after headings",
        """
        平川区住房和城乡建设局
        2025年度法治政府建设工作总结
        今年以来，我局抓工地、抓物业、抓燃气，具体情况如下：
        一．主要做法。
        １．明确分工：成立由局长任组长的专班，@
        ２．规范审批：@
        ３．从严执法：@
        二．短板弱项
        @
        三．下一步工作计划
        （1）完善制度。@
        （2）强化培训。@
        """,
        org="平川区住房和城乡建设局",
        year=2025,
        title="平川区住房和城乡建设局2025年度法治政府建设工作总结",
        parts=(M, S, N),
        tree="""
        一．主要做法
          １．明确分工
          ２．规范审批
          ３．从严执法
        二．短板弱项
        三．下一步工作计划
          （1）完善制度
          （2）强化培训
        """,
    ),
    Case(
        "college, parts and decimals",
        """
        东海职业技术学院2024年度依法治校工作报告
        第一部分 2024年工作情况
        1.1 章程与制度
        @
        1.2 师生普法
        @
        第二部分 存在问题
        @
        第三部分 2025年工作计划
        2.1 完善章程
        @
        """,
        org="东海职业技术学院",
        year=2024,
        parts=(M, S, N),
        tree="""
        第一部分2024年工作情况
          1.1章程与制度
          1.2师生普法
        第二部分存在问题
        第三部分2025年工作计划
          2.1完善章程
        """,
    ),
    Case(
        "a plan is not a report",
        """
        河口县教育局2026年推进法治政府建设工作安排
        为做好2026年的工作，制定本安排。
        一、总体要求
        @
        二、重点任务
        （一）学法先行。@
        （二）执法有据。@
        """,
        org="河口县教育局",
        year=2026,
        annual=False,
        tree="""
        一、总体要求
        二、重点任务
          （一）学法先行
          （二）执法有据
        """,
    ),
    Case(
        "a notice that carries a plan",
        """
        河口县人民政府办公室
        关于印发河口县2025年法治政府建设
        工作要点的通知
        河政办〔2025〕12号
        各乡镇人民政府，县直有关部门：
        现将《河口县2025年法治政府建设工作要点》印发给你们，请抓好落实。
        一、总体要求
        @
        二、任务分工
        @
        河口县人民政府办公室
        2025年3月5日
        """,
        org="河口县人民政府办公室",
        year=2025,
        annual=False,
        addressee="各乡镇人民政府，县直有关部门",
        signed=("河口县人民政府办公室", "2025年3月5日"),
        tree="""
        一、总体要求
        二、任务分工
        """,
    ),
    Case(
        "work report of a government",
        """
        政府工作报告
        ——2026年1月8日在云岭县第十八届人民代表大会第五次会议上
        云岭县人民政府县长  张平
        各位代表：
        现在，我代表县人民政府，向大会报告工作，请予审议。
        一、2025年工作回顾
        @
        二、2026年重点工作
        （一）产业抓升级。@
        """,
        org="云岭县人民政府",
        year=2025,
        annual=False,
        parts=(N,),
        addressee="各位代表",
        tree="""
        一、2025年工作回顾
        二、2026年重点工作
          （一）产业抓升级
        """,
    ),
    Case(
        "a budget note with a table of contents",
        """
        2025年云岭县档案馆单位预算说明
        目 录
        第一部分 单位概况
        一、主要职能
        二、机构设置
        第二部分 预算情况
        第一部分 单位概况
        一、主要职能
        @
        二、机构设置
        @
        第二部分 预算情况
        @
        """,
        org="云岭县档案馆",
        year=2025,
        annual=False,
        tree="""
        第一部分单位概况
          一、主要职能
          二、机构设置
        第二部分预算情况
        """,
    ),
    Case(
        "table of contents with leaders and page numbers",
        """
        云岭县水利局2025年法治政府建设报告
        目录
        一、主要工作……………………1
        （一）河湖管护..........2
        二、存在问题	5
        三、下一步安排 ...... 6
        2025年，我局依法管水护水，情况如下：
        一、主要工作
        （一）河湖管护
        @
        （二）水资源管理
        @
        二、存在问题
        @
        三、下一步安排
        @
        """,
        org="云岭县水利局",
        year=2025,
        parts=(M, S, N),
        tree="""
        一、主要工作
          （一）河湖管护
          （二）水资源管理
        二、存在问题
        三、下一步安排
        """,
    ),
    Case(
        "level-1 numbers lost at both ends",
        """
        云岭县交通运输局2025年度法治政府建设情况报告
        2025年，我局管路管车管船，情况如下：
        主要举措和成效
        （一）源头治超
        @
        （二）水上巡查
        @
        二、存在问题
        @
        下一步工作打算
        @
        """,
        org="云岭县交通运输局",
        year=2025,
        parts=(M, S, N),
        tree="""
        主要举措和成效
          （一）源头治超
          （二）水上巡查
        二、存在问题
        下一步工作打算
        """,
    ),
    Case(
        "no numbers anywhere",
        """
        云岭县林业局2025年法治政府建设工作报告
        2025年，我局护林防火两不误，现将有关情况报告如下：
        主要做法和成效
        森林防火
        @
        林地审批
        @
        存在的主要问题
        @
        2026年工作打算
        @
        云岭县林业局
        2026年1月5日
        """,
        org="云岭县林业局",
        year=2025,
        signed=("云岭县林业局", "2026年1月5日"),
        parts=(M, S, N),
        tree="""
        主要做法和成效
          森林防火
          林地审批
        存在的主要问题
        2026年工作打算
        """,
    ),
    Case(
        "problems and next steps in one section, told apart below it",
        """
        关于云岭县财政局2025年法治政府建设情况的报告
        一、主要做法
        @
        二、存在问题及下一步打算
        （一）存在的问题
        @
        （二）下一步工作打算
        @
        三、其他需要报告的情况
        无。
        """,
        org="云岭县财政局",
        year=2025,
        parts=(M, S, N, X),
        tree="""
        一、主要做法
        二、存在问题及下一步打算
          （一）存在的问题
          （二）下一步工作打算
        三、其他需要报告的情况
        """,
    ),
    Case(
        "party committee and government jointly, with an attachment",
        """
        中共云岭县委
        云岭县人民政府
        关于2025年度法治政府建设情况的报告
        市委、市政府：
        2025年，全县上下依法办事。@
        一、2025年工作总结
        （一）主要做法
        1.带头学法
        @
        2.依法决策
        @
        （二）存在的问题
        @
        二、2026年工作打算
        @
        附件1
        云岭县行政执法数据
        一、总体情况
        @
        """,
        org="云岭县人民政府",
        year=2025,
        title="中共云岭县委云岭县人民政府关于2025年度法治政府建设情况的报告",
        addressee="市委、市政府",
        parts=(M, S, N),
        tree="""
        一、2025年工作总结
          （一）主要做法
            1.带头学法
            2.依法决策
          （二）存在的问题
        二、2026年工作打算
        附件1
          一、总体情况
        """,
    ),
    Case(
        "no title at all: the file name speaks",
        """
        2025年，我镇把矛盾化解在村组。@
        一、工作成效
        @
        二、困难和问题
        @
        三、努力方向
        @
        """,
        path="/in/云岭县河湾镇人民政府2025年法治政府建设报告.docx",
        org="云岭县河湾镇人民政府",
        year=2025,
        title="云岭县河湾镇人民政府2025年法治政府建设报告",
        parts=(M, S, N),
        tree="""
        一、工作成效
        二、困难和问题
        三、努力方向
        """,
    ),
    Case(
        "half a year is on the subject but not annual",
        """
        云岭县城市管理局2025年上半年法治政府建设工作总结
        一、工作情况
        @
        二、问题
        @
        """,
        org="云岭县城市管理局",
        year=2025,
        annual=False,
        parts=(M, S),
        tree="""
        一、工作情况
        二、问题
        """,
    ),
    Case(
        "two styles number one group; figures, dates and list entries are no headings",
        """
        云岭县综合行政执法局2025年法治政府建设情况报告
        一、主要举措
        （1）队伍换新貌。@
        （2）制度补漏洞。@
        （三）监督有回音。@
        （四）普法进村组。@
        二、问题和不足
        @
        2025.1月以来，@
        12.4国家宪法日期间，@
        1.2亿元资金到位，@
        三、下年度安排
        全年计划：
        1.组织培训12场次；
        2.发放资料300份；
        3.开展检查。
        （一）强化学习。
        @
        （二）强化监督。
        @
        """,
        org="云岭县综合行政执法局",
        year=2025,
        parts=(M, S, N),
        tree="""
        一、主要举措
          （1）队伍换新貌
          （2）制度补漏洞
          （三）监督有回音
          （四）普法进村组
        二、问题和不足
        三、下年度安排
          （一）强化学习
          （二）强化监督
        """,
    ),
    Case(
        "letterhead, document number, year of a report in Chinese digits, duty first",
        """
        河口镇人民政府文件
        河政发〔2026〕3号
        签发人：李明
        二〇二五年度法治政府建设工作报告
        县委全面依法治县委员会办公室:
        现将我镇二〇二五年度法治政府建设情况报告如下:
        一、党政主要负责人履行推进法治建设第一责任人职责情况
        @
        二、加强组织领导
        @
        三、规范执法
        @
        四、存在的主要问题及原因分析
        @
        五、下一年度工作计划
        @
        """,
        org="河口镇人民政府",
        year=2025,
        addressee="县委全面依法治县委员会办公室",
        parts=(F, M, S, N),
        tree="""
        一、党政主要负责人履行推进法治建设第一责任人职责情况
        二、加强组织领导
        三、规范执法
        四、存在的主要问题及原因分析
        五、下一年度工作计划
        """,
    ),
    Case(
        "single-sentence items and an over-long first sentence",
        """
        云岭县民政局关于2025年法治政府建设的报告
        一、主要做法
        （一）以党建引领养老服务，以法治护航社会救助，把依法行政的要求贯穿到低保审核、福利机构监管和社会组织登记的每一个环节，成效明显。
        （二）守住主业。@
        （三）管好队伍。@
        二、存在问题
        （一）少数干部依法办事的本领还不够强，案卷制作还比较粗。
        （二）普法形式单一。
        三、下一步打算
        1、抓学习，一是办班，二是比武。
        2、抓执法。@
        """,
        org="云岭县民政局",
        year=2025,
        parts=(M, S, N),
        tree="""
        一、主要做法
          （一）以党建引领养老服务，以法治护航社会救助
          （二）守住主业
          （三）管好队伍
        二、存在问题
          （一）少数干部依法办事的本领还不够强，案卷制作还比较粗
          （二）普法形式单一
        三、下一步打算
          1、抓学习
          2、抓执法
        """,
    ),
    Case(
        "letters spread apart with spaces",
        """
        云 岭 县 粮 食 局
        2025 年 度 法 治 政 府 建 设 工 作 报 告
        2025 年，@
        一、 主 要 工 作
        @
        二、 问 题
        @
        """,
        org="云岭县粮食局",
        year=2025,
        title="云岭县粮食局2025年度法治政府建设工作报告",
        parts=(M, S),
        tree="""
        一、主 要 工 作
        二、问 题
        """,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_report_in_this_style(case: Case) -> None:
    report = report_of(case.text, case.path)
    lines = case.tree.strip("\n").split("\n")
    expected = [line.removeprefix("        ") for line in lines if line.strip()]
    assert tree(report) == expected
    assert (report.org, report.year) == (case.org, case.year)
    assert report.parts == case.parts
    assert report.is_annual is case.annual
    assert report.addressee == case.addressee
    assert (report.signoff_org, report.signoff_date) == case.signed
    if case.title:
        assert report.title == case.title


WHOLE = "云岭县民政局2025年法治政府建设报告"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (
            "云岭县民政局\n关于2025年法治政府\n建设的报告",
            "云岭县民政局关于2025年法治政府建设的报告",
        ),
        ("云岭县民\n政局2025年法治政府建设报\n告", WHOLE),
        (f"{WHOLE}\n{WHOLE}", WHOLE),
        ("云岭县民政局法治政府建设报告\n（2025年度）", "云岭县民政局法治政府建设报告（2025年度）"),
        (f"法治政府建设年度报告\n{WHOLE}", WHOLE),
        (f"{WHOLE}\n云岭县民政局\n（2026年1月9日）", WHOLE),
    ],
)
def test_titles_over_lines_doubled_or_under_a_column_name(head: str, title: str) -> None:
    report = report_of(f"{head}\n@\n一、主要工作\n@")
    assert (report.title, report.org, report.year) == (title, "云岭县民政局", 2025)


def test_a_report_on_another_subject_says_so() -> None:
    report = report_of(
        "Meeting note\nWe met on Monday.\n1. Introduction\nIt was short.\n2. Costs\nx."
    )
    assert [note.code for note in report.notes] == ["generic", "no_org", "no_year"]
    assert tree(report) == ["1.Introduction", "2.Costs"]
    assert all(section.part is None for section in report.sections)


def test_sections_below_level_one_inherit_their_part() -> None:
    report = report_of(
        """云岭县司法局2025年法治政府建设情况报告
        一、主要举措
        （一）党政主要负责人履行第一责任人职责
        @
        （二）存在的主要问题
        @
        二、下一步打算
        @"""
    )
    assert [s.part for s in report.sections[1:]] == [M, M, S, N]
