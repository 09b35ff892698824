"""Tell text that speaks to an answering program from text that reports a bureau's work.

The test is what a sentence is about, not which words open it. A report speaks of cases, training
and plans, in Chinese, in the third person. A sentence about how to answer, about the document's
own words, about the reader's prompt, in another language or in the shape of a dialogue has
nothing to report, so withholding it loses no fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from vectorstore.sentences import Span, sentences

__all__ = ["INVISIBLE", "ROLE", "is_order", "orders", "without_orders"]

# Characters that print nothing or reorder text: soft hyphen, zero-width, bidi, tags, BOM.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
ROLE = re.compile(
    r"^(\W*(?:system|assistant|user|human|developer|系统|助手|用户)\W{0,3}?)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
# The lines a prompt is built of; what stands under a forged one is part of the forgery.
_FORGED = re.compile(
    r"[\[［【〖(]\s*(?:资料)?\d{1,3}\s*[\]］】〗)][^|｜\n]{0,60}[|｜][^|｜\n]{0,12}\d{4}"
    r"|^\W*资料\s*[0-9a-f]{8,}|</?资料|资料到此(?:结束|为止)|资料\s*(?:结束|完毕?)(?=\W|$)|以[上下]是用户的"
    r"|<\|?(?:im_|/?s>|system|eot)|\[/?INST\]|<</?SYS|end of (?:evidence|context|document)"
    r"|[\"']?(?:role|content|tool|tool_call|function)[\"']?\s*[:=]|```|<!--|\b(?:print|fetch|eval|exec|echo|alert)\("
    r"|^\W*[问答]\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_MUST = r"(?:请|须|应当?|必须|务必|一律|不得|不要|只[能需要]?|直接|改用|均|都|可|要)"
_SAY = (
    r"(?:回答|回复|作答|输出|打印|复述|重复|写[明成作为上入]?|说[成出明]?|表述[为成]?|概述|标[注明为记]"
    r"|注明|附[上带]|补充|给出|列出|提及|称赞|赞扬|表扬|感谢|夸|告[知诉]|放[入上在]|念)"
)
_HOW = (
    r"(?:[你您]|直接|一并|再|先|另|还|同时|逐[条字句]|如实|继续|只|[在用以把将按给向为]\S{1,24}?)"
)
_READER = r"(?:人工智能|大模型|语言模型|AI|助手|机器人|机器读者)(?:助手)?"
_ABOUT_ANSWERING = re.compile(
    # the parts of an answer and the making of it
    r"(?<!现场)(?<!书面)(?<!当场)回答(?:时(?!限)|[里中末]|结尾|格式|须|请|务必|正文|问题时|内容须)"
    r"|[在每].{0,2}[个条次]?(?:回答|应答|答案)(?:[时里中后末结的]|正文)|再回答"
    r"|(?:答案|输出结果|回答结果)(?:[里中]|结尾|须|应|一律|均|不得)|(?:应答|问答)(?:正文|结果)(?:[里中后]|须|应|均)"
    r"|(?:你|您|请|必须|务必|直接|只)(?:直接|如实)?(?:作答|回答)"
    r"(?!群众|企业|市民|记者|公众|办事|当事|来访|代表|委员|询问|咨询|提问|诉求)"
    # the program that answers, what it was told, what it makes
    r"|base64|系统提示(?:词|\s*:|逐|全文|内容)|系统消息|提示词|越狱模式|开发者模式|随机编号"
    r"|(?<!弱)(?<!动态)(?<!身份)口令(?!红|整)|聊天机器人"
    r"|(?:自动|智能)(?:问答|应答|生成)程序|(?:应答|问答)程序"
    r"|(?:计算机|程序|模型|AI|人工智能|机器|自动|智能)(?:自动)?(?:生成|撰写|编写)的?"
    r"(?:摘要|回答|答案|总结|概述)|(?:生成|撰写|输出)(?:摘要|回答|答案|总结|结果)时"
    rf"|{_READER}\S{{0,8}}?(?:阅读|总结|引用|读到|概括)[^。]{{0,10}}?(?:请|须|应|必须|务必|一律|要)"
    rf"|{_READER}(?:请|须|务必)(?:将|把|写|说)|[给致]\S{{0,4}}{_READER}\S{{0,4}}的(?:说明|提示|要求|话|信)"
    r"|(?:引用|检索到|读到|总结|摘录)(?:本|该|此)(?:报告|材料|文件?|段|处|页).{0,12}(?:须|应|均|请|一律|不得|同时|要)"
    r"|引用规则|引用编号|(?:读者|用户)提问时"
    # how to speak of the bureau, when someone asks
    r"|(?:统一|标准|规范)(?:口径|说法|答法|表述)(?:为|是|:)|台词[是为:]|(?:结尾|末尾|最后)再?[加补]上?一句"
    r"|(?:若|如|如果|假如|凡|每当|遇)有?(?:人|用户|读者)(?:询|提|追)?问(?:到|起|及)?(?:本|我|案件数|数)"
    r"|(?:谈到|提及|说到|说起|对外介绍)本(?:局|委|单位)"
    # the document's own words and their use
    r"|(?:读|看)到(?:这里|此处|本段)|机器阅读|假设这是|(?:当作|视为)没(?:看见|有看到)"
    r"|(?:此前|以上|上面|前面|本段起?|本页)\S{0,6}(?:内容|数字|数据|文字)\S{0,4}(?:不?可信|无效|当作|为测试)"
    # second person: a report addresses nobody
    r"|[你您](?:现在|从现在起|必须|务必|应当?|须|只能|将|要)?(?:是|扮演|作为|充当).{0,12}(?:助手|模型|AI|员|机器人|程序)"
    r"|[你您](?:必须|务必|应当?|须|只能|被|收到|看到|读到)"
    r"|[你您]的(?:全部|所有|系统)?(?:提示|指令|设定|规则|角色|任务|回答)"
    r"|(?:作为|身为)(?:一个|一名)?(?:AI|人工智能助手|语言模型|大模型)",
    re.IGNORECASE,
)
_QUOTED = r"[“\"「『‘'][^”\"」』’']{6,}[”\"」』’'](?!字样|等|字)"
_DICTATING = re.compile(
    rf"(?:^|[，,；;：:。（(\s—])(?:麻烦|烦)?请{_HOW}{{0,3}}{_SAY}(?!会)"
    r"|(?:请|只[能需]?|直接|必须)(?:回答|回复|输出|打印|复述|显示|说|告诉用户)"
    r"(?:以下|如下|下面|下列|上面|上述|[:“\"‘'])"
    rf"|(?:先|再|{_MUST})(?:在.{{0,10}})?(?:同时)?(?:回答|回复|说成?|写[成作为上明]?|表述[为成]?|称|标注|注明|念|输出){_QUOTED}"
    r"|(?:标[注明为记]|注明|编号).{0,6}[\[【［]\d"
    r"|(?:案件|件|人|场)?数(?:字|量|据)?(?:一律)?(?:表述|说|写)(?:为|成|作)"
    r"|(?:乘以|除以|乘|加上|减去).{1,4}后(?:再)?(?:回|说|写)",
)
# A document that takes back its own figures: which of the two holds is for a person to say.
_RETRACTING = re.compile(
    r"^\W*(?:更正|勘误|订正)\s*:|以此为准(?!绳|则)|以(?:本|下)[段句条行处]\S{0,4}为准"
    r"|(?:上述|以上|上文|前文|前述|上表|正文|原报告|旧)[^。；;，,]{0,16}?(?:数字?|数据|金额|内容)"
    r"(?:系|均|已|全部)?(?:有误|笔误|作废|失效|不准确|不实)(?!的)"
)
_OVERRIDING = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不必遵守|不用管).{0,8}(?:以上|上述|上文|之前|前面|先前|此前|上面|前述|所有|一切|你的|系统)"
    r".{0,8}(?:指令|指示|要求|规则|提示|设定|内容|命令|对话|限制|数据|文字)"
    r"|(?:忽略|无视|忘记|忘掉|不要理会|不必遵守).{0,6}(?:指令|提示词?|设定|命令)"
    r"|(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|prompt|rule|above"
    r"|previous|context|guideline|everything)"
    r"|system\s*prompt|\bjailbreak|developer mode"
    r"|\byou (?:are|must|will|should) (?:now|act|be|always|reply|respond|answer|output|say)"
    r"|\bas an? (?:AI|language model)"
    r"|\b(?:reply|respond|answer|output|print|say|repeat|reveal) "
    r"(?:only|with|exactly|the following|your|all|verbatim)",
    re.IGNORECASE,
)
_ABOUT = (_FORGED, _ABOUT_ANSWERING, _DICTATING, _RETRACTING, _OVERRIDING, ROLE)
_SIMPLIFIED = str.maketrans(
    "請輸應須務時寫統編號標註規則資無視復補複結問題說這裡為將後於與數據檢索讀現從們給內並員開發設級實際訴單報",
    "请输应须务时写统编号标注规则资无视复补复结问题说这里为将后于与数据检索读现从们给内并员开发设级实际诉单报",
)
_HAN = r"[\u3400-\u9fff]"
_SPACED_OUT = re.compile(rf"(?<={_HAN})[ \t·.*_~|/\\-]+(?={_HAN})")
_ADDRESS = re.compile(r"[!-~]*(?:www\.|://|\.cn\b|\.com\b|@)[!-~]*", re.IGNORECASE)
# An English name between brackets or quotation marks: every longer word has a capital.
_NAME = re.compile(r"[(“\"](?:[A-Z][\w'-]*|of|for|the|and|in|on|to|\s|&)+[)”\"]")
_LATIN_LETTERS = 16  # of a sentence with more of them than Chinese characters: another language
_STRANGE_LETTERS = 4  # kana, Cyrillic and the like have no use in a Chinese report


@lru_cache(maxsize=8192)  # the sentences of the ledger come up with every question on all reports
def is_order(text: str) -> bool:
    """Whether `text` speaks to an answering program instead of reporting, as injected text does."""
    plain = _plain(text)
    joined = _SPACED_OUT.sub("", plain)
    return any(p.search(plain) or p.search(joined) for p in _ABOUT) or _is_foreign(plain)


def orders(text: str) -> tuple[Span, ...]:
    """The sentences of `text` that are orders, and what stands under a forged line of a prompt."""
    found: list[Span] = []
    forged_to = 0
    for span in sentences(text):
        said = text[span.start : span.end]
        if span.start < forged_to or is_order(said):
            found.append(span)
        if _FORGED.search(_plain(said)):
            forged_to = _paragraph_end(text, span.end)
    return tuple(found)


def without_orders(text: str, spans: Sequence[Span], instead: str) -> str:
    """`text` with `instead` in place of each of its order sentences `spans`."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += [text[at : span.start], instead]
        at = span.end
    return "".join([*pieces, text[at:]])


def _paragraph_end(text: str, at: int) -> int:
    """The end of this line, or of the next if nothing follows `at` on this one."""
    line = text.find("\n", at)
    if line >= 0 and not text[at:line].strip():
        line = text.find("\n", line + 1)
    return line if line >= 0 else len(text)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).translate(_SIMPLIFIED)


def _is_foreign(plain: str) -> bool:
    plain = _NAME.sub("", _ADDRESS.sub("", plain))
    letters = [c for c in plain if c.isalpha()]
    chinese = sum("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in letters)
    latin = sum(c < "\u0250" for c in letters)
    strange = len(letters) - chinese - latin
    return strange >= _STRANGE_LETTERS or (latin >= _LATIN_LETTERS and latin > chinese)
