"""Lines of a web page or a page margin that are not the report: menus, widgets, counters."""

from __future__ import annotations

import re

from vectorstore.clean.characters import fold

__all__ = [
    "heads_links",
    "is_chrome",
    "is_label_value",
    "is_link_title",
    "is_page_counter",
]

_COUNTER = re.compile(
    r"[-·~_]{1,3} ?\d{1,4} ?[-·~_]{1,3}"
    r"|第 ?\d{1,4} ?页(?: ?[,/]? ?[(]?共 ?\d{1,4} ?页[)]?)?"
    r"|共 ?\d{1,4} ?页,? ?第 ?\d{1,4} ?页"
    r"|\d{1,4} ?/ ?\d{1,4}(?: ?页)?"
    r"|[Pp]age ?\d{1,4}(?: ?of ?\d{1,4})?"
)
_LABEL = (
    r"(?:信息|文章|文件|内容|稿件)?(?:来源|作者|编辑|责编|责任编辑|审核|审核人|校对|初审|复审|终审|编审|供稿|录入|录入人)"
    r"|(?:发布|发文|更新|成文|公开|生成|发稿|印发)?(?:时间|日期)|发布(?:机构|单位|者)?|公开(?:方式|范围|形式|时限)"
    r"|(?:浏览|点击|阅读|访问|查看)(?:次数|数|量|率)?|字(?:体|号)(?:大小)?|文字大小|索引号|主题(?:分类|词)|信息(?:分类|索引号|名称)"
    r"|发文(?:机关|机构|字号|单位)|公文种类|体裁分类|有效性|关键词|分享(?:到|至)?|效力状态|文\s?号|标\s?题|名\s?称|组配分类|服务对象"
)
# A line made of labels and their values only: “发布时间：… 来源：… 浏览：…次 【字体：大 中 小】”.
_STAMP = r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?"
_META_START = re.compile(rf"(?:{_STAMP}(?: {_TIME})? )?[\[(]? ?(?:{_LABEL}) ?[:\]]")
_META_LABEL = re.compile(rf"(?:{_LABEL}) ?:")
_LABEL_CELL = re.compile(rf"(?:{_LABEL}) ?:?")
_ONE_LABEL = re.compile(
    rf"(?!时间|日期)\[?\D{{2,10}}[:\]] ?(?:{_STAMP}(?: ?{_TIME})?|\d{{0,9}} ?次?)\]?"
    r"|\[? ?(?:来源|信息来源|文章来源|责任编辑|编辑|作者|供稿|索引号) ?[:\]].{0,40}"
)
# A moment by itself, or with the page's title after it as browsers print it above a page.
_PRINTED = re.compile(rf"{_STAMP} {_TIME}(?: [^,。]{{0,80}})?")
# The clock of a page: 今天是2025年3月3日 星期一 农历二月初四, the site's name before it or not.
_CLOCK = re.compile(
    rf"(?:[^,。;]{{2,20}} )?(?:今天是?|现在是?)? ?:? ?{_STAMP} ?,? ?(?:{_TIME} ?)?"
    rf"星期[一二三四五六日天](?: ?,?{_TIME}| ?农历.{{2,12}})?"
)
_WIDGET = re.compile(
    r"[\[(]? ?(?:打印(?:本页|此页|文章)?|关闭(?:窗口|本页)?|收藏(?:本页|本站)?|复制链接"
    r"|返回(?:顶部|首页|上页|列表)?|(?:我要)?纠错|大|中|小|A[+-]|T[|]?|默认|微信|微博|新浪微博|QQ空间"
    r"|QQ|朋友圈|分享|下载|字体|字号|[|]|x|无障碍(?:浏览|阅读)?|长者(?:模式|版)|繁體|简体"
    r"|扫码|朗读|语音播报|保护视力色|English) ?[\])]?"
)
_EXACT = re.compile(
    r"您?(?:现在|当前|所在)的?(?:所在)?的?(?:位置|栏目) ?[:是].{0,100}|(?:当前页面|位置) ?:.{0,100}"
    r"|(?:网站)?首页(?: ?(?:>>?|»|›|/|-|→|\|) ?[^。;]{1,40}){0,8}"
    r"|(?:上|下|前|后)一?(?:篇|条|页) ?[:>].{0,100}|(?:上|下)一(?:篇|条)"
    r"|(?:微信|手机)?扫一扫[^,。]{0,8}(?:打开|分享|关注|浏览|当前页|本页).{0,16}"
    r"|(?:一键)?分享(?:到|至)(?:[: ].{0,40})?"
    r"|友情链接.{0,200}|https?://[!-~]+(?: \d+/\d+)?"
    r"|.{0,20}您访问的链接即将离开.{0,60}"
    r"|用?(?:手机|微信)(?:端|扫码)?(?:打开|浏览|查看)(?:本页|当前页|网页)?"
    r"|字体(?:大小)? ?: ?(?:\[?[大中小]\]? ?){1,3}|智能(?:问答|机器人|客服)"
    r"|加入收藏|设为首页|网站地图|联系我们|关于我们"
)
_LINKS_HEAD = re.compile("(?:相关|热点|推荐|最新)(?:文章|链接|信息|新闻|文档|阅读|稿件) ?:?")
_FOOTER = re.compile(
    r"ICP备 ?\d|ICP证|公网安备|网站标识码|版权所有|Copyright|©|All Rights Reserved"
    r"|^(?:主办|承办|维护|运维|建设|技术支持)(?:单位|方)? ?:|技术支持 ?:|政府网站找错|网站支持IPV?6"
    r"|建议使用.{0,30}浏览器",
    re.IGNORECASE,
)


def is_page_counter(text: str) -> bool:
    """Whether the line is a page number in its usual dress: - 3 -, — 3 —, 第 3 页 共 9 页, 3/9."""
    return len(text) <= 24 and bool(_COUNTER.fullmatch(_squeeze(text)))


def _is_footer(text: str) -> bool:
    """Whether the line is a web site's own footer (filing numbers, copyright, sponsor)."""
    return len(text) <= 300 and "。" not in text and bool(_FOOTER.search(fold(text)))


def is_chrome(text: str) -> bool:
    """Whether the whole line is furniture of a web page, not prose."""
    if len(text) > 300:
        return False
    line = _squeeze(text)
    if _is_footer(text) or _EXACT.fullmatch(line):
        return True
    return _is_meta(line) or _is_widgets(line) or _is_index_table(text)


def heads_links(text: str) -> bool:
    """Whether a line announces a list of other articles (相关文章)."""
    return bool(_LINKS_HEAD.fullmatch(_squeeze(text)))


def is_link_title(text: str) -> bool:
    """Whether a line below such an announcement is one more title, not the report going on."""
    line = _squeeze(text)
    return len(line) <= 60 and not re.search("[。;:]|^[(一二三四五六七八九十]+[)、]|日$", line)


def is_label_value(text: str) -> bool:
    """Whether a line is the date or count that belongs to the label printed on the line before."""
    return bool(re.fullmatch(r"[\d ./:年月日时分次-]{1,24}", _squeeze(text)))


def _is_meta(line: str) -> bool:
    if _PRINTED.fullmatch(line) or _CLOCK.fullmatch(line):
        return True
    if not _META_START.match(line) or "。" in line:
        return False
    if len(_META_LABEL.findall(line)) >= 2 or line[0].isdigit():
        return True
    # One label is chrome only with the kind of value such a label has: a time, a name, a count.
    return bool(_ONE_LABEL.fullmatch(line))


def _is_index_table(text: str) -> bool:
    """Whether a table is the catalogue entry that disclosure pages print above a document."""
    cells = [_squeeze(cell) for cell in re.split("[\t\n]", text)]
    return "\t" in text and sum(bool(_LABEL_CELL.fullmatch(cell)) for cell in cells) >= 3


def _is_widgets(line: str) -> bool:
    return (
        len(line) <= 60 and all(_WIDGET.fullmatch(word) for word in line.split()) and len(line) > 1
    )


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text)).strip()
