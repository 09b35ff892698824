"""The refusal suite: does the engine answer what the reports say, and only that?"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from evals.answers.suite import worst_cases
from evals.asking import Case, prompts_of, unscored
from evals.results import SPLITS, Curve, Row, SuiteResult, Table, errors_json
from evals.session import Session
from evals.stats import Balanced, Rate
from vectorstore.clean import fold
from vectorstore.tokens import segment

__all__ = ["area", "balanced", "confidence", "risk_coverage", "run"]


def balanced(cases: Iterable[Case]) -> Balanced:
    """Balanced accuracy: ½ (answered ÷ answerable + declined ÷ unanswerable).

    Declined: refused, or a false premise corrected with its citation. Whether an answer is right
    is not asked here. Source: K. H. Brodersen et al., ICPR 2010.
    """
    answerable = Rate(0, 0)
    unanswerable = Rate(0, 0)
    for case in cases:
        if case.question.refused:
            unanswerable += Rate(int(case.verdict.ok), 1)
        else:
            answerable += Rate(int(not case.answer.refused), 1)
    return Balanced(answerable, unanswerable)


def confidence(case: Case) -> float:
    """How much of the question stands in what the answer cites, 0 to 1; 0 for a refusal.

    The share of the question's words of two letters or more that a quote, its heading,
    organisation or year holds. The engines give no confidence of their own; this one can be read
    off any answer.
    """
    if case.answer.refused:
        return 0.0
    cited = case.answer.citations
    said = fold("\n".join(f"{c.org} {c.year}年 {c.heading} {c.quote}" for c in cited)).lower()
    words = {word for word in segment(case.question.q) if len(word) > 1}
    return sum(word in said for word in words) / len(words) if words else 0.0


def risk_coverage(cases: Sequence[Case]) -> list[tuple[float, float]]:
    """(coverage, risk) as answers are admitted from the most confident down.

    Coverage: answers admitted ÷ all questions. Risk: wrong ones among them. Refusals are never
    admitted, answers of equal confidence together. Source: Y. Geifman and R. El-Yaniv, Selective
    classification for deep neural networks, NIPS 2017.
    """
    told = sorted((-confidence(c), not c.verdict.ok) for c in cases if not c.answer.refused)
    points: list[tuple[float, float]] = []
    wrong = 0
    for at, (level, failed) in enumerate(told, start=1):
        wrong += failed
        if at == len(told) or told[at][0] != level:
            points.append((at / len(cases), wrong / at))
    return points


def area(points: Sequence[tuple[float, float]]) -> float:
    """Mean risk over the coverage reached (area under the curve ÷ its width), by trapezoids."""
    if not points:
        return 0.0
    first = [(0.0, points[0][1]), *points]
    steps = zip(first, points, strict=False)
    return sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in steps) / points[-1][0]


def run(session: Session) -> SuiteResult:
    """The same answers as the answer suite's."""
    started = time.perf_counter()
    cases = [case for case in session.cases if not case.problem]
    by_split = {s: balanced(c for c in cases if c.question.split == s) for s in SPLITS}
    whole, points = balanced(cases), risk_coverage(cases)
    answered = [case for case in cases if not case.answer.refused]
    risk = Rate(sum(not case.verdict.ok for case in answered), len(answered))
    coverage = Rate(len(answered), len(cases))
    metrics = {
        "balanced": whole.to_json(),
        "answered": whole.first.to_json(),
        "declined": whole.second.to_json(),
        "splits": {split: found.to_json() for split, found in by_split.items()},
        "coverage": {**coverage.to_json(), "better": ""},
        "risk": errors_json(risk),
        "risk_coverage_area": round(area(points), 4),
        "curve": [[round(x, 4), round(y, 4)] for x, y in points],
        "seconds": round(time.perf_counter() - started, 1),
    }
    failed = [c for c in cases if c.answer.refused != c.question.refused and not c.verdict.ok]
    return SuiteResult(
        name="refusal",
        title="拒答",
        metrics=metrics,
        tables=(_table(whole, by_split, coverage, risk, _half(points, len(cases))),),
        galleries=(worst_cases("答与不答弄错的题（可调半）", failed),),
        curves=(Curve("作答比例与其中答错的比例", "作答比例", "答错比例", points),),
        unscored=unscored(session.cases),
        prompts=prompts_of(session.cases),
    )


def _table(
    whole: Balanced, by_split: Mapping[str, Balanced], coverage: Rate, risk: Rate, half: Rate
) -> Table:
    rows = [
        Row("两类平均", "", whole, 0.8),
        *(Row("两类平均", SPLITS[split], found) for split, found in by_split.items()),
        Row("该答的答了", "", whole.first),
        Row("该拒的拒了", "", whole.second),
        Row("作答的题", "", coverage),
        Row("作答中答错", "", risk, lower=True),
        Row("最有把握的一半中答错", "", half, lower=True),
    ]
    return Table("该答的答、该拒的拒", rows)


def _half(points: Sequence[tuple[float, float]], total: int) -> Rate:
    """Wrong answers among the most confident ones, at the first point that covers half."""
    x, y = next(((x, y) for x, y in points if x >= 0.5), (0.0, 0.0))
    return Rate(round(x * y * total), round(x * total))
