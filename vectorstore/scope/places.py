"""Place names: cutting an organisation's place into levels, and finding places in a question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vectorstore.tokens import tagged

__all__ = ["PlaceMention", "forms", "is_wordlike", "level_of", "levels", "unknown_places"]

_LONG_SUFFIXES = (
    "特别行政区|高新技术产业开发区|高新技术开发区|经济技术开发区|经济开发区|工业园区|示范区"
    "|高新区|经开区|开发区|自治区|自治州|自治县|自治旗|新区|地区|林区|矿区|街道"
)
_LEVEL = re.compile(
    rf".{{1,}}?(?:{_LONG_SUFFIXES}|省|市(?![市县区旗中])|(?<=.)市(?=[市县区旗])|县|区|旗|盟|镇|乡)|.+"
)
_SUFFIX = re.compile(rf"(?:{_LONG_SUFFIXES}|省|市|县|区|旗|盟|州|镇|乡)$")
_PEOPLES = re.compile(
    "(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡"
    "|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|鄂温克|德昂"
    "|保安|裕固|京|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各)族|(?<=.)(?:蒙古|哈萨克|柯尔克孜|锡伯|达斡尔|鄂温克"
    "|鄂伦春))+(?=自治)"
)
# Stems that are everyday words: they are the place only before 区, 县 … or a bureau's name.
_WORDLIKE = frozenset(
    re.findall(
        r"\S+",
        "和平 新城 城关 城中 城东 城西 城南 城北 江北 江南 河东 河西"
        " 解放 人民 建设 新华 文化 向阳 红旗"
        " 东方 友好 安定 民主 高新 开发 经开 中山"
        " 长安 平安 海港 建华 公园 工业 市中 城区 郊区 新兴 兴隆"
        " 广场 青年 五一 安全 永定 丰满 龙湖 文明 团结 法治 普法 交通 教育",
    )
)
# Provinces and the cities people name without 市.
_BARE = re.findall(
    r"\S+",
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西"
    " 山东 河南 湖北 湖南 广东"
    " 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏"
    " 宁夏 新疆 香港 澳门 台湾 广州 深圳 杭州 南京"
    " 武汉 成都 西安 郑州 长沙 济南 青岛 合肥 福州 厦门 南昌 沈阳"
    " 大连 长春 哈尔滨 石家庄 太原 呼和浩特"
    " 南宁 海口 贵阳 昆明 拉萨 兰州 西宁 银川 乌鲁木齐 苏州 宁波 无锡",
)

# Before 县, 区, 市 …: what makes the two a common word (社区, 城市, 全县), not a name.
_DETERMINERS = "全本我该各某哪每外邻两几多个此其他它类到"
_NOT_STEM = re.compile(
    rf"[{_DETERMINERS}][县区市省州旗镇乡街]"
    r"|(?<![\u4e00-\u9fff])[城上门都股夜早菜楼黑入休开大小贫强][市县]"
    r"|[超县级辖菜农]市|[社辖园校景地片城郊小厂街病库灾牧矿时误禁院战军湾展考县市][区]|[城乡集古示]镇|[城家下]乡|[红锦彩]旗|联盟"
    r"|(?:功能|直辖|地级|兄弟|试点|示范|农贸|风景|保护|特色|重点|周边|相邻|有关|不同)[县区市镇]"
)
_NOT_NAME = re.compile(
    r"法治|法制|依法|行政|执法|政府|建设|工作|卫生|检查|监督|立案|多少|哪|什么|单位|报告|处罚|市场|开展|组织"
    r"|服务|医疗|群众|安全|食品|宣传|最[多少高低大小]|情况|培训|比较|对比|存在|问题|案件|复议|规范|部门|覆盖"
    r"|请|吗|呢|了|的|是|在|有|被|把|给|我|你|您|不|这|那|这|去年|今年|前年|明年|年度|几|个|全|各|所|说|查|看"
    r"|县|区|市场|辖|乡镇|街道|社"
)
_NOT_AFTER = re.compile(
    r"[级域场民别间块委直情容值面政价售况长乡村区内外里]|(?<=镇)街|(?<=乡)村|(?<=省)[略去钱时]|(?<=州)[市县区]"
)
_LEAD = re.compile(
    r"^(?:请问|请|问一下|问|想知道|想问|我想|查询|查一下|查查|查|看一下|看看|看|告诉我|帮我|介绍一下|介绍|说说|讲讲"
    r"|列出|比较一下|比较|对比|关于|根据|按照|有关|以及|还有|或者|还是|那么|那|年度|年|年的|的|了|是|在|把|由|对|向"
    r"|为什么|为何|如何|怎么|什么|属于|位于|来自|报送|其中|包括|所有|全部|全|各|和|与|跟|同|及|或|比|从|到)+"
)
_PARTNER = re.compile(
    r"会同|联合|移送|移交|协同|配合|对接|抄送|报送|邀请|协调|通报|其他|其它|等|及|或"
)
_CONJUNCTION = re.compile(r"^(?:和|与|跟|同|及|或|比|对|从|到|在|由|对)")
_CANDIDATE = re.compile(rf"({_LONG_SUFFIXES}|省|市|县|区|旗|盟|州|镇|乡)")
# These suffixes are common in ordinary words; the name must stand before a bureau or a boundary.
_STRICT = frozenset(
    {"省", "旗", "盟", "州", "镇", "乡", "街道", "区", "地区", "示范区", "新区", "林区"}
)
_STEM = 6  # longest stem of a place name looked for, characters


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named at `start:end` of a text."""

    text: str
    start: int
    end: int


def levels(place: str) -> tuple[str, ...]:
    """Cut a place into its levels, largest first: 岚江市云岭区 → (岚江市, 云岭区)."""
    found: list[str] = []
    for match in _LEVEL.finditer(place):
        piece = match.group()
        if found and _SUFFIX.fullmatch(piece):  # 津市市: the second 市 belongs to the first piece
            found[-1] += piece
        else:
            found.append(piece)
    return tuple(found)


def level_of(place: str) -> str:
    """The last character of a place's level: 县, 区, 市 …; “” for a name without one."""
    match = _SUFFIX.search(place)
    return match.group()[-1] if match else ""


def forms(level: str) -> set[str]:
    """How one level may be written: 云岭区, 云岭; 长阳土家族自治县 also 长阳县, 长阳."""
    suffix = _SUFFIX.search(level)
    if suffix is None:
        return {level}
    plain = _PEOPLES.sub("", level).removesuffix(suffix.group())
    found = {level}
    if suffix.group().startswith("自治"):
        found.add(plain + suffix.group()[-1])
    if suffix.group() in {"县", "区"}:  # counties become districts; people go on saying 县
        found |= {plain + "县", plain + "区"}
    if len(plain) >= 2:
        found.add(plain)
    return found


def is_wordlike(stem: str) -> bool:
    """Whether a place's stem is an everyday word (和平, 新城)."""
    return stem in _WORDLIKE


def unknown_places(
    text: str, ends: set[int], bureaus: Sequence[tuple[int, int]]
) -> list[PlaceMention]:
    """Places named in `text`, known ones having been blanked out with NUL.

    `bureaus` are the spans of bureaus' names: what stands before one may be a place without 县 or
    区. `ends` are where known places end: 和 there is a conjunction.
    """
    found: list[PlaceMention] = []
    inside = {k for start, end in bureaus for k in range(start, end)}
    stops = {start for start, _ in bureaus}
    ends = ends | {end for _, end in bureaus}
    at = 0
    for match in _CANDIDATE.finditer(text):
        if match.start() < at or match.start() in inside:
            continue
        mention = _with_suffix(text, match, max(at, match.start() - _STEM), ends, stops)
        if mention:
            found.append(mention)
            at = mention.end
    taken = {i for m in found for i in range(m.start, m.end)}
    for stop in sorted(stops):
        if stop - 1 not in taken:
            found += _before_bureau(text, stop, ends, taken)
    for name in _BARE:
        for match in re.finditer(name, text):
            if match.start() not in taken:
                found.append(PlaceMention(name, match.start(), match.end()))
                taken |= set(range(match.start(), match.end()))
    return sorted(found, key=lambda m: m.start)


def _with_suffix(
    text: str, match: re.Match[str], floor: int, ends: set[int], stops: set[int]
) -> PlaceMention | None:
    suffix, end = match.group(), match.end()
    if _NOT_AFTER.match(text, end) and end not in stops and not text.startswith("政府", end):
        return None
    start = _stem_start(text, floor, match.start(), ends)
    stem = text[start : match.start()]
    if not stem or _common(text, start, match.start() + 1) or _NOT_NAME.search(stem):
        return None
    if len(stem) == 1 and suffix != "县":
        return None
    if suffix in _STRICT and not _bounded(text, end, stops):
        return None
    if end in stops and _is_verb(stem):  # 召开区政府常务会议
        return None
    return PlaceMention(text[start:end], start, end)


def _common(text: str, start: int, end: int) -> bool:
    """Whether the name `start:end` ends as a common word does; it may open one (城市)."""
    return any(
        m.end() == end and m.start() >= start for m in _NOT_STEM.finditer(text, max(0, start - 1))
    )


def _bounded(text: str, end: int, stops: set[int]) -> bool:
    """Whether a name may end at `end`: before a bureau, a boundary, a figure or 的, 各, 和 …"""
    after = text[end : end + 1]
    return (
        end in stops
        or not ("\u4e00" <= after <= "\u9fff")
        or after in "的各和与跟同比今去前本所立有"
    )


def _stem_start(text: str, floor: int, end: int, ends: set[int]) -> int:
    """Where the name that runs up to `end` begins."""
    start = end
    while start > floor and "\u4e00" <= text[start - 1] <= "\u9fff" and start not in ends:
        start -= 1
    stem = text[start:end]
    lead = _LEAD.match(stem)
    cut = lead.end() if lead else 0
    # 和平县, 从江县: a conjunction opens a name unless something was named just before it.
    if lead and start not in ends and _CONJUNCTION.match(stem) and cut == 1:
        cut = 0
    return start + cut


def _is_verb(stem: str) -> bool:
    """Whether what stands where a place's name may stand is a verb or preposition: 召开, 通过."""
    words = tagged(stem)
    return len(words) == 1 and words[0][1] in {"v", "p"}


def _before_bureau(text: str, stop: int, ends: set[int], taken: set[int]) -> list[PlaceMention]:
    """桃源卫健局: two to four characters before a bureau's name that are no ordinary word."""
    start = _stem_start(text, max(0, stop - _STEM), stop, ends)
    stem = text[start:stop]
    if not 2 <= len(stem) <= 4 or _NOT_NAME.search(stem) or _PARTNER.search(stem):
        return []
    if any(i in taken for i in range(start, stop)) or _CANDIDATE.search(stem[-1]):
        return []
    if _is_verb(stem):
        return []
    return [PlaceMention(stem, start, stop)]
