"""The sums behind the figures, term by term, so that anybody can redo them with a pocket calculator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.rubric import Axis, Thresholds
from toolvet.domain.scorecard import (
    AnswerState,
    MustHaveState,
    QuestionScore,
    ReasonCode,
    Scorecard,
    ScoreRange,
    Verdict,
)
from toolvet.text.escape import listed, plural, visible, wrapped
from toolvet.text.labels import figure, house_policy_words, number, observed_over, percent, share, state_words
from toolvet.text.sentences import reason_words
from toolvet.text.tables import TableFormat, table
from toolvet.values import dataclass


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
                left_out=tuple(f"{one.question.heading} ({_why_left_out(one)})" for one in questions if not one.counts),
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
        title=scored.question.heading,
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


class RuleOutcome(StrEnum):
    """What came of a rule."""

    DECIDES = "this rule decides"
    DOES_NOT_APPLY = "does not apply"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its place in the order, the verdict it gives, when it holds, what was compared, and what came of it."""

    place: int
    verdict: Verdict
    text: str
    compared: tuple[str, ...]
    outcome: RuleOutcome


_DECIDING = {
    ReasonCode.MUST_HAVE_FAILED: 1,
    ReasonCode.CANNOT_REACH: 2,
    ReasonCode.NOTHING_TO_SCORE: 3,
    ReasonCode.SCOPE_OPEN: 3,
    ReasonCode.MUST_HAVE_MISSED: 3,
    ReasonCode.MUST_HAVE_UNKNOWN: 3,
    ReasonCode.MUST_HAVE_UNSUPPORTED: 3,
    ReasonCode.COVERAGE_LOW: 3,
    ReasonCode.NOT_APPLICABLE_HIGH: 3,
    ReasonCode.CRITERION_LOW: 5,
    ReasonCode.OVERALL_LOW: 5,
    ReasonCode.MUST_HAVE_UNPROVEN: 5,
    ReasonCode.PROVEN_LOW: 5,
    ReasonCode.CONTROL_ZERO: 5,
    ReasonCode.UNDECIDED: 6,
}


def rules(scorecard: Scorecard) -> tuple[Rule, ...]:
    """The rules in their order; those after the deciding one are not needed and compare nothing."""
    policy = scorecard.rubric.policy
    approve, conditional = _reached(policy.approve), _reached(policy.conditional)
    texts = (
        (Verdict.REJECT, "A must-have that rejects when missed is below its required level."),
        (Verdict.REJECT, _cannot_reach(policy.conditional)),
        (
            Verdict.HOLD,
            "Nothing counts; a scope fact is not given; a must-have is missed (and only holds when missed), not known, "
            f'or met without any evidence; coverage is below {number(policy.coverage)}%; or "not applicable" takes '
            f"more than {number(policy.not_applicable_limit)}% of a criterion.",
        ),
        (Verdict.APPROVE, _approves(approve, scorecard)),
        (Verdict.APPROVE_WITH_CONDITIONS, f"{conditional}."),
        (Verdict.HOLD, "Open answers could still decide it."),
    )
    deciding = _DECIDING[scorecard.reasons[0].code] if scorecard.reasons else 4
    comparisons = (_failed, _ceilings, _holding, _approve, _conditional, _undecided)
    return tuple(
        Rule(
            place=place,
            verdict=verdict,
            text=text,
            compared=tuple(compare(scorecard)) if place <= deciding else (),
            outcome=_outcome(place, deciding),
        )
        for place, ((verdict, text), compare) in enumerate(zip(texts, comparisons, strict=True), 1)
    )


def _approves(reached: str, scorecard: Scorecard) -> str:
    has_control = any(scored.axis is Axis.CONTROL for scored in scorecard.questions)
    needed = number(scorecard.rubric.policy.proven)
    parts = [reached, "every must-have is proven", f"proven reaches {needed}% overall"]
    return f"{listed([*parts, *(['no control question is at level 0'] if has_control else [])])}."


def _outcome(place: int, deciding: int) -> RuleOutcome:
    if place == deciding:
        return RuleOutcome.DECIDES
    return RuleOutcome.DOES_NOT_APPLY if place < deciding else RuleOutcome.NOT_NEEDED


def _reached(needed: Thresholds) -> str:
    return f"Every criterion's floor reaches {number(needed.criterion)}, the overall floor {number(needed.overall)}"


def _cannot_reach(needed: Thresholds) -> str:
    return (
        f"Every scope fact is given, and a criterion's ceiling is below {number(needed.criterion)} "
        f"or the overall ceiling below {number(needed.overall)}."
    )


def _failed(scorecard: Scorecard) -> Iterator[str]:
    counts = Counter(must_have.state for must_have in scorecard.must_haves)
    states = [f"{counts[state]} {state_words(state)}" for state in MustHaveState if counts[state]]
    ending = f": {listed(states)}" if states else ""
    yield f"{plural(len(scorecard.must_haves), 'must-have')}{ending}."
    for must_have in scorecard.must_haves:
        if must_have.state is MustHaveState.FAILED:
            ending = "" if must_have.rejects else ", which only puts it on hold"
            yield f"{must_have.question.heading}: level {must_have.level}, must reach {must_have.must_reach}{ending}."


def _ceilings(scorecard: Scorecard) -> Iterator[str]:
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact')} not given, so this rule waits."
        return
    needed = scorecard.rubric.policy.conditional
    for title, criterion_range in _titled(scorecard):
        yield _compared(f"{title}: ceiling", criterion_range.ceiling, needed.criterion)
    if scorecard.overall is not None:
        yield _compared("Overall: ceiling", scorecard.overall.ceiling, needed.overall)


def _holding(scorecard: Scorecard) -> Iterator[str]:
    policy = scorecard.rubric.policy
    if scorecard.overall is None:
        yield "No question counts."
    yield f"Scope facts not given: {len(scorecard.scope_open)}."
    unknown = [
        f"{must_have.question.heading} ({state_words(must_have.state)})"
        for must_have in scorecard.must_haves
        if must_have.state not in (MustHaveState.MET, MustHaveState.FAILED)
    ]
    missed = [each.question.heading for each in scorecard.must_haves if each.state is MustHaveState.FAILED]
    yield f"Must-haves missed: {listed(missed) or 'none'}."
    yield f"Must-haves not known: {listed(unknown) or 'none'}."
    unsupported = [
        each.question.heading for each in scorecard.must_haves if each.state is MustHaveState.MET and not each.supported
    ]
    yield f"Must-haves met with no evidence at all: {listed(unsupported) or 'none'}."
    if scorecard.overall is not None:
        yield _compared("Coverage", scorecard.overall.coverage, policy.coverage, "%")
    for scored in scorecard.criteria:
        limit = policy.not_applicable_limit
        verdict = "too much" if scored.not_applicable > limit else "within the limit"
        if scored.not_applicable:
            yield (
                f"{scored.criterion.title}: not applicable {share(scored.not_applicable)}, "
                f"{number(limit)}% allowed: {verdict}."
            )


def _approve(scorecard: Scorecard) -> Iterator[str]:
    yield from _floors(scorecard, scorecard.rubric.policy.approve)
    unproven = [must_have.question.heading for must_have in scorecard.must_haves if not must_have.proven]
    yield f"Must-haves not proven: {listed(unproven) or 'none'}."
    if scorecard.overall is not None:
        yield _compared("Proven", scorecard.overall.proven, scorecard.rubric.policy.proven, "%")
    if any(scored.axis is Axis.CONTROL for scored in scorecard.questions):
        zeros = [scored.question.heading for scored in scorecard.questions if scored.is_control_zero]
        yield f"Control questions at level 0: {listed(zeros) or 'none'}."


def _conditional(scorecard: Scorecard) -> Iterator[str]:
    yield from _floors(scorecard, scorecard.rubric.policy.conditional)


def _undecided(scorecard: Scorecard) -> Iterator[str]:
    for reason in scorecard.reasons:
        yield reason_words(reason, scorecard)


def _floors(scorecard: Scorecard, needed: Thresholds) -> Iterator[str]:
    for title, criterion_range in _titled(scorecard):
        yield _compared(f"{title}: floor", criterion_range.floor, needed.criterion)
    if scorecard.overall is not None:
        yield _compared("Overall: floor", scorecard.overall.floor, needed.overall)


def _titled(scorecard: Scorecard) -> Iterator[tuple[str, ScoreRange]]:
    for scored in scorecard.criteria:
        if scored.range is not None:
            yield scored.criterion.title, scored.range


def _compared(what: str, value: Fraction, needed: Fraction, sign: str = "") -> str:
    enough = "enough" if value >= needed else "too low"
    return f"{what} {percent(value)}{sign}, {number(needed)}{sign} needed: {enough}."


SUM_HEADERS = ("question", "weight", "level", "value", "open", "observed", "of")
FIGURES_WIDTH = 49
"""Columns that the figures of a row take, at most, as a rule."""
_ALIGN = ("left", "right", "left", *["right"] * 4)

OVERALL_TITLE = "Overall: the mean over the criteria by weight, times 100"
RULES_TITLE = "Verdict: the first rule that applies"
HOW_IT_ADDS_UP = (
    "Value is weight × level / steps, for a level that is current. A question that is unknown, unanswered or expired "
    "is open: it adds 0 to the floor and its whole weight to the ceiling. An expired level still counts as observed, "
    'which is divided by the weight of those with a level ("of"). All figures are percentages.'
)


def explain(scorecard: Scorecard, width: int = 80) -> str:
    """The sums of every criterion, the overall means, and the rules with what each compared."""
    arithmetic = sums(scorecard)
    parts = [wrapped(HOW_IT_ADDS_UP, width)]
    parts += [_criterion(criterion, width) for criterion in arithmetic.criteria]
    parts.append(_overall(arithmetic, scorecard, width))
    parts.append(RULES_TITLE)
    parts += [_rule(rule, width) for rule in rules(scorecard)]
    parts.append(wrapped(house_policy_words(scorecard.rubric), width))
    return "\n\n".join(parts)


def term_cells(term: Term) -> tuple[str, ...]:
    """The cells of one term's row, under `SUM_HEADERS`."""
    return (
        term.title,
        number(term.weight),
        term.level,
        number(term.value),
        number(term.open),
        number(term.observed),
        number(term.observed_weight),
    )


def _criterion(criterion: CriterionSum, width: int) -> str:
    lines = [f"{visible(criterion.title)} (weight {number(criterion.weight)})"]
    if criterion.terms:
        lines += [term_table(criterion, width), *criterion.formulas]
    lines += [wrapped(words, width) for words in dropped_words(criterion)]
    return "\n".join(lines)


def term_table(criterion: CriterionSum, width: int) -> str:
    """The terms under a head and a line, the sum last."""
    rows = [_narrowed(term_cells(term), width) for term in (*criterion.terms, criterion.total)]
    return table(rows, SUM_HEADERS, TableFormat.SIMPLE, _ALIGN)


def dropped_words(criterion: CriterionSum) -> Iterator[str]:
    """That nothing counts, and what was left out."""
    if not criterion.terms:
        yield "No question counts, so this criterion drops out."
    if criterion.left_out:
        yield f"Left out: {', '.join(criterion.left_out)}."


def _narrowed(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The cells with a title that leaves room for the figures."""
    longest = max(16, width - FIGURES_WIDTH)
    title = cells[0] if len(cells[0]) <= longest else f"{cells[0][: longest - 1]}…"
    return (title, *cells[1:])


def _overall(arithmetic: Sums, scorecard: Scorecard, width: int) -> str:
    lines = [OVERALL_TITLE]
    lines += [wrapped(formula, width, hanging=4) for formula in arithmetic.formulas] or ["No question counts."]
    over = observed_over(scorecard.observed_over, scorecard.criteria)
    return "\n".join([*lines, over] if over else lines)


def _rule(rule: Rule, width: int) -> str:
    lines = [wrapped(f"{rule.place}. {rule.verdict.words}: {rule.text}", width, hanging=3)]
    lines += [wrapped(f"   - {compared}", width, hanging=5) for compared in rule.compared]
    lines.append(f"   → {rule.outcome}")
    return "\n".join(lines)
