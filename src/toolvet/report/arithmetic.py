"""The sums behind the figures, term by term, so that anybody can redo them with a pocket calculator."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard, ScoreRange
from toolvet.report.words import figure, number, state_words


@dataclass(frozen=True, slots=True)
class Term:
    """What one question adds to each sum. `level` is as written: "3/4" for level 3 of 4 steps, or its state.

    `value` is weight × level / steps where the level is current, `open` the weight where it is not, `observed` and
    `observed_weight` are of any level, expired or not; `proven` is the weight where a current level is proven.
    """

    id: str
    title: str
    level: str
    weight: Fraction
    value: Fraction
    open: Fraction
    observed: Fraction
    observed_weight: Fraction
    proven: Fraction


@dataclass(frozen=True, slots=True)
class CriterionSum:
    """A criterion's terms and what they add up to; `left_out` says which questions do not count, and why.

    `formulas` are its figures as divisions, empty where nothing counts.
    """

    title: str
    weight: Fraction
    terms: tuple[Term, ...]
    left_out: tuple[str, ...]
    total: Term
    formulas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """All criteria, and the overall figures as means over them."""

    criteria: tuple[CriterionSum, ...]
    formulas: tuple[str, ...]


def sums(scorecard: Scorecard) -> Sums:
    """The whole arithmetic of a scorecard, in exact numbers."""
    criteria = []
    for scored in scorecard.criteria:
        questions = [one for one in scorecard.questions if one.criterion.id == scored.criterion.id]
        terms = tuple(_term(one) for one in questions if one.counts)
        total = _total(terms)
        criteria.append(
            CriterionSum(
                title=scored.criterion.title,
                weight=scored.criterion.weight,
                terms=terms,
                left_out=tuple(f"{one.question.title} ({_why_left_out(one)})" for one in questions if not one.counts),
                total=total,
                formulas=_formulas(total, scored.range),
            )
        )
    return Sums(tuple(criteria), _mean_formulas(tuple(criteria), scorecard.overall))


def _term(scored: QuestionScore) -> Term:
    zero, weight = Fraction(0), scored.question.weight
    is_current = scored.state is AnswerState.ANSWERED
    product = zero if scored.value is None else weight * scored.value
    return Term(
        id=scored.question.id,
        title=scored.question.title,
        level=_level(scored),
        weight=weight,
        value=product if is_current else zero,
        open=zero if is_current else weight,
        observed=product,
        observed_weight=zero if scored.level is None else weight,
        proven=weight if is_current and scored.proven else zero,
    )


def _level(scored: QuestionScore) -> str:
    parts = [] if scored.state is AnswerState.ANSWERED else [state_words(scored.state)]
    if scored.level is not None:
        parts.append(f"{scored.level}/{scored.question.top}")
    if scored.applies is None:
        parts.append("(scope open)")
    return " ".join(parts)


def _total(terms: tuple[Term, ...]) -> Term:
    zero = Fraction(0)
    return Term(
        id="",
        title="Sum",
        level="",
        weight=sum((term.weight for term in terms), zero),
        value=sum((term.value for term in terms), zero),
        open=sum((term.open for term in terms), zero),
        observed=sum((term.observed for term in terms), zero),
        observed_weight=sum((term.observed_weight for term in terms), zero),
        proven=sum((term.proven for term in terms), zero),
    )


def _why_left_out(scored: QuestionScore) -> str:
    return "does not apply" if scored.applies is False else "not applicable"


def _formulas(total: Term, score_range: ScoreRange | None) -> tuple[str, ...]:
    if score_range is None:
        return ()
    observed = "none: no question has a level"
    if total.observed_weight:
        observed = f"{_part(total.observed)} / {_part(total.observed_weight)} = {figure(score_range.observed)}"
    value, whole, still_open = _part(total.value), _part(total.weight), _part(total.open)
    return (
        f"floor = {value} / {whole} = {figure(score_range.floor)}",
        f"observed = {observed}",
        f"ceiling = ({value} + {still_open}) / {whole} = {figure(score_range.ceiling)}",
        f"coverage = ({whole} - {still_open}) / {whole} = {figure(score_range.coverage)}",
        f"proven = {_part(total.proven)} / {whole} = {figure(score_range.proven)}",
    )


def _mean_formulas(criteria: tuple[CriterionSum, ...], overall: ScoreRange | None) -> tuple[str, ...]:
    if overall is None:
        return ()
    sums_by_weight = [(one.weight, one.total) for one in criteria if one.terms]
    floor = [(weight, total.value, total.weight) for weight, total in sums_by_weight]
    observed = [
        (weight, total.observed, total.observed_weight) for weight, total in sums_by_weight if total.observed_weight
    ]
    ceiling = [(weight, total.value + total.open, total.weight) for weight, total in sums_by_weight]
    coverage = [(weight, total.weight - total.open, total.weight) for weight, total in sums_by_weight]
    proven = [(weight, total.proven, total.weight) for weight, total in sums_by_weight]
    return (
        f"floor = {_mean(floor)} = {figure(overall.floor)}",
        f"observed = {_mean(observed)} = {figure(overall.observed)}" if observed else "observed = none",
        f"ceiling = {_mean(ceiling)} = {figure(overall.ceiling)}",
        f"coverage = {_mean(coverage)} = {figure(overall.coverage)}",
        f"proven = {_mean(proven)} = {figure(overall.proven)}",
    )


def _mean(parts: list[tuple[Fraction, Fraction, Fraction]]) -> str:
    """A mean by weight as written by hand: "(1 × 9.5/17 + 2 × 12/20) / 3"."""
    weights = sum((weight for weight, _, _ in parts), Fraction(0))
    products = " + ".join(f"{_part(weight)} × {_part(above)}/{_part(below)}" for weight, above, below in parts)
    return f"({products}) / {_part(weights)}"


def _part(value: Fraction) -> str:
    """The number inside a formula, in brackets where it is a fraction itself."""
    written = number(value)
    return f"({written})" if "/" in written else written
