"""What a question wants (one figure, a ranking, reasons …) and which official part holds it."""

from __future__ import annotations

import re
from enum import StrEnum

from vectorstore.types import Part

__all__ = [
    "Intent",
    "asks_next_year",
    "read_intent",
    "read_parts",
    "subject_text",
    "topic_words",
    "wants_figure",
]


class Intent(StrEnum):
    """The form of the answer. COMPARE gives one line an organisation; TEXT is anything else."""

    FIGURE = "figure"
    COMPARE = "compare"
    RANK = "rank"
    TOTAL = "total"
    AVERAGE = "average"
    DIFFERENCE = "difference"
    SHARE = "share"
    LIST = "list"
    REASON = "reason"
    TEXT = "text"


_SHORTCOMINGS = re.compile(
    r"不足(?!\d|百|千|万)|短板|弱项|薄弱|差距|困难和问题|困难有|有[哪什]\w{0,2}困难"
    r"|(?:存在|面临|有)(?:的|着|哪些|什么|了)?(?:主要|突出|具体)?问题|(?:主要|自身|哪些|什么)问题(?!线索)"
    r"|问题(?:和|与|及|、)(?:不足|原因|困难|短板)|问题(?:是什么|有哪些|在哪)"
)
# Problems that were found or settled are results, not shortcomings.
_PROBLEMS_SOLVED = re.compile(
    r"(?:解决|发现|整改|查处|化解|办理|处理|排查|反映|受理)(?:了|的|出)?[^,。、]{0,6}问题|问题(?:线索|整改|\d)"
)
_CAUSE = re.compile(r"原因|根源|症结")
_CHANGE = re.compile(r"下降|上升|增长|减少|增加|变化|提高|降低")
_NEXT = re.compile(
    r"明年|来年|下一?年度?(?!级)|下一?步|下一?阶段|今后|新一年|未来(?:一年)?"
    r"|(?:工作|重点)(?:计划|打算|安排|思路|谋划)|打算|(?:有|哪些|什么|何)(?:的)?(?:计划|安排|打算)"
    r"|(?<!组织)(?<!检查)(?<!抽查)(?<!立法)(?<!学法)(?<!培训)计划(?:是|有|怎|如何|什么|开展|举办|组织|新建|完成|做)"
    r"|安排(?:是什么|有哪些|了什么|怎)|(?:怎么|怎样|如何)(?:安排|打算|谋划|部署)|将(?:要)?(?:开展|采取|如何|怎[么样]|推进|从哪)|准备(?:做|干|怎|如何|开展)"
    r"|20\d\d年(?:度)?(?:的)?(?:拟|计划(?!完成|落实|执行|任务|的?完成))|20\d\d年[^,。?没未完]{2,20}(?:目标|计划)(?:值)?(?:是|为|定|多少|几|[?]?$)"
    r"|(?<![需主重必只])要(?=新增|达到|开展|举办|办几|办多少|完成|建成?|处置|招录?|培训|提[升高]|降|增加到)"
)
_DELIVERED = re.compile(r"(?:计划|安排|打算|承诺).{0,12}(?:落实|完成|兑现|实现|做到|执行)")
_FIRST = re.compile(
    r"第一责任人|主要负责人|一把手|党政主要|主要领导|党组书记|述法|(?<!副)[局厅校院镇乡县区市州]长(?!热线|信箱|质量|江|春|沙|治|安|葛|乐)"
)
_MEASURES = re.compile(
    r"主要(?:做法|举措|措施|成效|工作|成绩)|工作(?:成效|成果|亮点|举措)|(?<!检查)(?<!制裁)成效|亮点|成绩"
    r"|(?:做了|开展了|完成了)(?:哪些|什么|些什么)工作|工作(?:总体)?开展(?:情况|得)|哪些(?:举措|措施|做法)"
)
_OTHER = re.compile(r"其他需要报告|其它需要报告|其他事项")

_RANK = re.compile(
    r"最(?:多|少|高|低|大|小|快|慢|好|差|强|弱|频繁|薄弱)|排名|排序|排行|排[在前第]|排个|前[一二三四五六七八九十\d]+名"
    r"|从[高多大]到[低少小]|从[低少小]到[高多大]|第[一二三四五1-5](?:名|位|多|高)|居首|倒数|垫底|冠军"
    r"|(?:谁|哪(?:一?个|家|些)?(?:单位|局|县)?)[^,。?]{0,12}?(?:多|少|高|低|大)(?:一些|一点|些)?"
    r"(?:[,。?!]|$)"
)
_TOTAL = re.compile(
    r"合计|总共|总计|一共|总数|总额|总量|总和|加起来|加总|累计|总的|共(?=[^同享建治])"
)
# 平均用时多少 asks for a printed figure, no mean of several.
_AVERAGE = re.compile(
    r"平均(?!用时|耗时|时间|时长|时限|年龄|办案|成绩|得分|分数|审核|审批|办理|办结|受理|处理|浓度|水平)|均值"
    r"|(?:人均|户均)(?!办|审|处理|承办|调解|接待|面积|经费|收入)"
)
_DIFFERENCE = re.compile(
    r"增长|增加了?(?:多少|几|吗)|减少了?(?:多少|几|吗)|下降|上升|变化|增幅|降幅|涨幅|同比|相差|差多少|差距多大"
    r"|多了?(?:多少|几)|少了?(?:多少|几)|翻番|增减|(?:比|较)(?:去|上一?|前一?)年"
    r"|20\d\d年?(?:比|较|相比|对比)|比20\d\d"
)
_SHARE = re.compile(r"占比|比重|比例|百分比|份额|占[^,。?]{0,12}(?:多少|几成|百分之几)|几成")
_REASON = re.compile(r"为什么|为何|为啥|缘由|怎么会|原因")
_COMPARE = re.compile(r"分别|对比|比较|相比|区别|差异|异同|不同(?:之处|点)|各(?:有|是|为)多少")
_FIGURE = re.compile(
    r"(?<!不)多少|(?<!哪)几(?=[件起场次个名人项户家份条批宗部册万元千亿所天小处期年])|百分之几|多高|多大|数量"
    r"|(?:金额|总额|总数|数额|次数|人数|件数|起数|场次|户次|人次|案件数|立案数|案数|罚没款|罚款|[^效频]率|数)"
    r"(?:是|为|有|达|情况)?(?:什么|几)?[?？。!]?$"
)
_LIST = re.compile(r"哪些|哪几|列出|列举|有什么|什么(?:问题|不足|举措|措施|困难)|有何|清单|罗列")

# Words of the question itself, not of its subject.
_FRAME = re.compile(
    r"请问|(?<![申邀聘提恳])请(?![示求进教])|问一下|查询|查一下|看一下|告诉我|帮我|介绍一下|介绍|列出|列举|说说|讲讲|有没有|是否|多少|哪些|哪个|哪家|哪几"
    r"|什么|怎么样|怎么|怎样|如何|为什么|为何|分别|一共|总共|合计|总计|总数|平均|最多|最少|最高|最低|排名|排序|同比|增长"
    r"|变化|对比|比较|占比|比重|比例|主要|情况|工作|报告|提到|说明|表述|写了|开展|存在|不足|问题|原因|短板|弱项|打算|计划"
    r"|安排|下一步|下一年度?|明年|今后|做法|举措|成效|其他需要报告|第一责任人|主要负责人|法治政府建设|[几吗呢的了]"
)


# A measure word after 多少 or 几 is the question's own: 多少家双随机 asks for 双随机.
_COUNTED = re.compile(
    r"(?:多少|几)(?:万|亿)?(?:户次|家次|人次|场次|批次|个单位|个百分点|元|件|起|宗|例|户|家|所|处|人|名|位"
    r"|次|场|期|轮|份|册|本|篇|条|幅|块|项|个|类|支|张|辆|台|套|部|小时|学时|天|钱)?"
)


def wants_figure(text: str) -> bool:
    """Whether the question asks for a number (多少, 几起, …率)."""
    return bool(_FIGURE.search(text))


def asks_next_year(text: str) -> bool:
    """Whether the plan asked about follows the report's own year whatever it is (明年, 下一步)."""
    return bool(re.search(r"明年|来年|下一?年|下一?步|下一?阶段|今后|新一年|未来", text))


def read_parts(text: str) -> tuple[Part, ...]:
    """The official parts a folded question is about; empty when it does not say."""
    found: set[Part] = set()
    problems = _PROBLEMS_SOLVED.sub("", text)
    if _SHORTCOMINGS.search(problems) or (_CAUSE.search(text) and not _CHANGE.search(text)):
        found.add(Part.SHORTCOMINGS)
    if _NEXT.search(text) and not _DELIVERED.search(text):
        found.add(Part.NEXT_YEAR)
    if _FIRST.search(text):
        found.add(Part.FIRST_RESPONSIBLE)
    if _OTHER.search(text):
        found.add(Part.OTHER)
    if _MEASURES.search(text) and not found:
        found.add(Part.MEASURES)
    return tuple(part for part in Part if part in found)


def read_intent(text: str, orgs: int, years: int, everywhere: bool) -> Intent:
    """What a folded question wants, knowing how many organisations and years it spans."""
    spread = everywhere or orgs != 1 or years > 1
    ordered = (
        (Intent.REASON, bool(_REASON.search(text))),
        (Intent.RANK, bool(_RANK.search(text.replace("第一责任人", "").replace("第一时间", "")))),
        (Intent.AVERAGE, bool(_AVERAGE.search(text))),
        (Intent.TOTAL, spread and wants_figure(text) and bool(_TOTAL.search(text))),
        (Intent.DIFFERENCE, bool(_DIFFERENCE.search(text))),
        (Intent.SHARE, bool(_SHARE.search(text))),
        (Intent.COMPARE, everywhere or orgs > 1 or bool(_COMPARE.search(text))),
        (Intent.FIGURE, wants_figure(text)),
        (Intent.LIST, bool(_LIST.search(text))),
    )
    return next((intent for intent, found in ordered if found), Intent.TEXT)


def subject_text(text: str) -> str:
    """What a folded question is about: the question's own words taken out, a space for each."""
    return " ".join(_FRAME.sub(" ", _COUNTED.sub(" ", text)).split())


def topic_words(subject: str) -> tuple[str, ...]:
    """The words of a subject of two characters or more."""
    from vectorstore.tokens import segment

    return tuple(dict.fromkeys(word for word in segment(subject) if len(word) > 1))
