"""The reduce with a language model: one paragraph that joins cited sentences, checked by code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer.claims import Claims, supported_by_citation
from assistant.answer.types import Citation
from assistant.brief.budget import BriefModel, Cost, Meter
from assistant.brief.tally import Tally
from assistant.brief.types import Cited, Source
from assistant.evidence import Evidence, pack
from assistant.gongwen import Paragraph, Span, Text
from assistant.sanitise import Sentences, marks_of, unmarked
from vectorstore.quantities import extract_text
from vectorstore.scope.kinds import kind_of
from vectorstore.tokens import count_tokens
from vectorstore.types import Chunk, Hit

__all__ = ["section_cost", "summarise"]

_THEMES = 8
_QUOTES = 2
_LEAST = 2  # sentences that must hold for the paragraph to be worth printing
_STEM = re.compile("[^省市县区州旗盟]{2,}(?=[省市县区州旗盟])")
_COUNTS = re.compile(r"[一二两三四五六七八九十百\d]+(?:个|家)单位|全部单位|各单位均|所有单位")


def section_cost(model: BriefModel, sections: int) -> Cost:
    """At most what the paragraphs of that many sections cost; the number of reports is no part."""
    prompt = count_tokens(model.section.system + model.section.user)
    return Cost(sections, sections * (model.room(model.section) + prompt), sections * model.reply)


def summarise(
    topic: str, made: Sequence[Tally], model: BriefModel, meter: Meter
) -> Paragraph | None:
    """A paragraph on the most widespread themes; None where too little of it can be bound.

    Raises LLMError.
    """
    evidence = pack(_hits(made), model.room(model.section))
    if not evidence.passages:
        return None
    values = {"topic": topic, "evidence": evidence.block, "nonce": evidence.nonce}
    reply = meter.ask(model, model.section.render(values), model.reply)
    said = _checked(reply, evidence, model, topic)
    if len(said) < _LEAST:
        return None
    spans: list[Span] = [Text("据各报告所写，")]
    for text, citations in said:
        sources = tuple(map(_source, citations))
        spans.append(Cited(text, "\n".join(source.comment for source in sources), sources))
    return Paragraph(tuple(spans))


def _checked(
    reply: str, evidence: Evidence, model: BriefModel, topic: str
) -> list[tuple[str, list[Citation]]]:
    """The sentences that hold, each with what it cites."""
    claims = Claims(
        evidence.by_number,
        extract_text,
        supported_by_citation(extract_text),
        familiar=topic,
        secrets=(evidence.nonce, model.section.system, model.themes.system),
    )
    sentences = Sentences()
    orgs = sorted({hit.org for hit in evidence.hits})
    kept = []
    for sentence in (*sentences.push(reply), *sentences.flush()):
        shown = claims.add(sentence)
        numbers = marks_of(shown)
        plain = unmarked(shown).strip()
        cited = [c for c in claims.citations if c.n in numbers]
        # How many bureaus say something is for code to count.
        if plain and cited and not _COUNTS.search(plain) and _own(plain, cited, orgs):
            kept.append((plain, cited))
    return kept


def _own(said: str, cited: Sequence[Citation], orgs: Sequence[str]) -> bool:
    """Whether every bureau and place that a sentence names is one it quotes, or in the quote."""
    told = "".join(citation.org + citation.quote for citation in cited)
    return all(place in told for org in orgs if (place := _place(org)) in said)


def _place(org: str) -> str:
    """The proper name of its place (湟中 of 西宁市湟中区水利局), or the whole name."""
    stems = _STEM.findall(kind_of(org)[0])
    return stems[-1] if stems else org


def _hits(made: Sequence[Tally]) -> list[Hit]:
    """The best quotes of the most widespread themes as passages of their own."""
    hits: list[Hit] = []
    for tally in made[:_THEMES]:
        for said in tally.examples(_QUOTES):
            report, note = said.reading.report, said.note
            chunk = Chunk(
                id=f"{report.id}:{note.start}:{note.end}:{tally.key}",
                report_id=report.id,
                ordinal=len(hits),
                section=report.section_at(note.start).ordinal,
                heading_path=(tally.name,),
                part=report.section_at(note.start).part,
                start=note.start,
                end=note.end,
                text=said.quote,
                tokens=count_tokens(said.quote),
            )
            hits.append(Hit(chunk, said.reading.name, said.reading.row.year, report.title, 1.0))
    return hits


def _source(citation: Citation) -> Source:
    return Source(
        citation.report_id,
        citation.org,
        citation.year,
        citation.heading,
        citation.quote,
        citation.start,
        citation.end,
        citation.quote,
    )
