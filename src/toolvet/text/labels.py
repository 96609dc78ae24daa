"""The one table of signs, words, numbers, grades and states, as used in a sentence or a cell."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from toolvet.domain.assessment import Answer, Grade, Progress, Reviewer
from toolvet.domain.decision import DecisionKind, Toleration
from toolvet.domain.rubric import IfMissed, Reading, Rubric
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition
from toolvet.domain.scorecard import AnswerState, MustHave, MustHaveState, QuestionScore, Verdict
from toolvet.domain.scoring import Placement, experience_criteria
from toolvet.text.escape import listed

if TYPE_CHECKING:
    from toolvet.domain.gaps import SurveyProgress

NO_FIGURE = "–"

HOUSE_POLICY = (
    "The thresholds are house policy: none of the authorities consulted (NSA, HECVAT, CISA SCuBA, MVSP, NCSC, OpenSSF, "
    "SAMM) sets a universal pass mark."
)


def house_policy_words(rubric: Rubric, policy: str = HOUSE_POLICY) -> str:
    """That these are house policy, and which file they come from if not the rubric."""
    if rubric.policy_from is None:
        return policy
    return f"{policy} They come from {rubric.policy_from} of this workspace, in place of the rubric's own."


_GRADE_WORDS = {
    Grade.TESTED: "tested by hand",
    Grade.INDEPENDENT: "independent source",
    Grade.DOCUMENT: "vendor's document",
    Grade.CLAIM: "claim",
}

# strftime would follow the locale
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def day(date: datetime.date) -> str:
    """The date in words: "21 November 2026"."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def iso(date: datetime.date | None) -> str | None:
    """The date for programs: "2026-11-21"."""
    return None if date is None else date.isoformat()


def short_day(date: datetime.date) -> str:
    """The same where a column is narrow: "21 Nov 2026"."""
    return short_months(day(date))


def short_months(words: str) -> str:
    """Our own words with each month in three letters."""
    for month in _MONTHS:
        words = words.replace(month, month[:3])
    return words


def percent(value: Fraction) -> str:
    """A percentage to one decimal, half away from zero as by hand: Fraction(1, 4) is "0.3"."""
    above, below = abs(value.numerator), value.denominator
    tenths = (20 * above + below) // (2 * below)
    sign = "-" if value.numerator < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def figure(percentage: Fraction | float | None) -> str:
    """A percentage to one decimal, or a dash."""
    if percentage is None:
        return NO_FIGURE
    return percent(percentage if isinstance(percentage, Fraction) else Fraction(percentage))


def share(percentage: Fraction | float | None) -> str:
    """A share of the whole, such as coverage, with its sign: "95.2%"; a dash without one."""
    return NO_FIGURE if percentage is None else f"{percent(Fraction(percentage))}%"


def share_needed(percentage: Fraction, needed: Fraction) -> str:
    """A share beside what is needed: "95.2%, needs 80%"."""
    return f"{share(percentage)}, needs {number(needed)}%"


def number(value: Fraction) -> str:
    """The exact number as written by hand: "2", "1.25", and "4/3" where decimals never end."""
    if value.denominator == 1:
        return str(value.numerator)
    for places in range(1, 5):
        if (value * 10**places).denominator == 1:
            return f"{float(value):.{places}f}"
    return f"{value.numerator}/{value.denominator}"


def plain_number(value: Fraction) -> int | float:
    """The number for JSON: an int if it is whole."""
    return value.numerator if value.denominator == 1 else float(value)


def count_words(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def state_words(state: AnswerState | MustHaveState) -> str:
    """The state in words: "not applicable"."""
    return "not answered yet" if state is AnswerState.UNANSWERED else state.value.replace("-", " ")


def marked_state(must_have: MustHave) -> str:
    """A must-have's state as sign and word: "✓ met"."""
    return f"{MUST_HAVE_SIGNS[must_have.state]} {state_words(must_have.state)}"


def proof_words(must_have: MustHave, answer: Answer) -> str:
    """What a must-have's answer rests on: "proven", "claim only"; empty without a level."""
    if must_have.level is None:
        return ""
    if must_have.proven:
        return "proven"
    if not answer.evidence:
        return "no evidence"
    is_claim = all(evidence.grade in (None, Grade.CLAIM) for evidence in answer.evidence)
    return "claim only" if is_claim else "not proven"


def required_words(must_have: MustHave) -> str:
    """What the must-have must reach and what missing it does: "must reach 2, else rejected; 3, else on hold"."""
    must_reach = must_have.question.must_reach
    if must_reach is None or must_have.if_missed is IfMissed.HOLD or must_have.must_reach == must_reach.level:
        missed = "rejected" if must_have.if_missed is IfMissed.REJECT else "on hold"
        words = f"must reach {must_have.must_reach}, else {missed}"
    else:
        words = f"must reach {must_reach.level}, else rejected; {must_have.must_reach}, else on hold"
    return words if must_have.may_reach == must_have.must_reach else f"{words}; perhaps {must_have.may_reach}"


def grade_words(grade: Grade | None) -> str:
    return "no grade given" if grade is None else _GRADE_WORDS[grade]


def observed_over(count: int, criteria: Iterable[object]) -> str:
    """How many criteria the overall observed figure is a mean of; empty if all."""
    total = len(list(criteria))
    if count == 0:
        return "No question has a level yet, so nothing is observed."
    return "" if count == total else f"The overall observed figure is a mean over {count} of {total} criteria."


def map_leans(rubric: Rubric) -> str:
    """Which way the sweet-spot map leans by its criteria; empty if none is on the experience axis."""
    experience, total = experience_criteria(rubric)
    if experience == 0:
        return ""
    verb = "lies" if experience == 1 else "lie"
    lies = f"{count_words(experience).capitalize()} of {count_words(total)} criteria {verb} on the experience axis"
    if 2 * experience <= total:
        return f"{lies}."
    return f"{lies}, so the map leans towards the people, and the must-haves protect control."


def field_words(placement: Placement) -> str:
    """The fields of the map that the tool may lie in: "sweet spot", "locked down or neither"."""
    if not placement.fields:
        return "not placed: too little is observed"
    return listed([field.value for field in placement.fields], last="or")


def reviewer_words(reviewer: Reviewer) -> str:
    name = reviewer.name or "an unnamed reviewer"
    return f"{name} ({reviewer.role})" if reviewer.role else name


MUST_HAVE = "◆"
TO_CONFIRM = "!"
"""An answer to give again, because the question changed."""
MARKED = "*"
"""A tool marked for comparison."""
AGAIN_SIGN = "◔"
"""A decided tool that is under review again."""

ANSWER_SIGNS = {
    AnswerState.ANSWERED: "●",
    AnswerState.EXPIRED: "↻",
    AnswerState.UNKNOWN: "?",
    AnswerState.NOT_APPLICABLE: "–",
    AnswerState.UNANSWERED: "·",
}
ANSWER_STYLES = {
    AnswerState.ANSWERED: "$foreground",
    AnswerState.EXPIRED: "$text-warning",
    AnswerState.UNKNOWN: "$text-warning",
    AnswerState.NOT_APPLICABLE: "$text-muted",
    AnswerState.UNANSWERED: "$text-muted",
}
MUST_HAVE_SIGNS = {
    MustHaveState.MET: "✓",
    MustHaveState.FAILED: "✗",
    MustHaveState.UNKNOWN: "?",
    MustHaveState.EXPIRED: "↻",
    MustHaveState.NOT_APPLICABLE: "–",
}
MUST_HAVE_STYLES = {
    MustHaveState.MET: "$text-success",
    MustHaveState.FAILED: "$text-error",
    MustHaveState.UNKNOWN: "$text-warning",
    MustHaveState.EXPIRED: "$text-warning",
    MustHaveState.NOT_APPLICABLE: "$text-warning",
}
VERDICT_SIGNS = {
    Verdict.APPROVE: "✓",
    Verdict.APPROVE_WITH_CONDITIONS: "◐",
    Verdict.HOLD: "‖",
    Verdict.REJECT: "✗",
}
VERDICT_STYLES = {
    Verdict.APPROVE: "$text-success",
    Verdict.APPROVE_WITH_CONDITIONS: "$text-conditions",
    Verdict.HOLD: "$text-warning",
    Verdict.REJECT: "$text-error",
}
DECISION_SIGNS: dict[DecisionKind, str] = {
    Toleration.TOLERATE: "~",
    **dict(VERDICT_SIGNS.items()),
}
DECISION_STYLES: dict[DecisionKind, str] = {
    Toleration.TOLERATE: "$text-warning",
    **dict(VERDICT_STYLES.items()),
}


def answer_mark(scored: QuestionScore) -> str:
    """Two cells: the sign of the answer and its level, or a blank."""
    if scored.to_confirm:
        return f"{TO_CONFIRM} "
    level = "" if scored.level is None else str(scored.level)
    return f"{ANSWER_SIGNS[scored.state]}{level or ' '}"


def answer_style(scored: QuestionScore) -> str:
    return "$text-warning" if scored.to_confirm else ANSWER_STYLES[scored.state]


def verdict_mark(verdict: DecisionKind) -> str:
    """The sign and the word of a verdict or decision: "✓ APPROVE"."""
    return f"{DECISION_SIGNS[verdict]} {verdict.words.upper()}"


NOT_STARTED = "not started"
"""What is said instead of the verdict, which is hold, where no question has an answer."""
NOT_STARTED_SIGN = "○"


READING_STYLES = {
    Reading.OVER_BUILT: "$text-conditions",
    Reading.SWEET_SPOT: "$text-success",
    Reading.NEAR: "$foreground",
    Reading.SLIPPING: "$text-warning",
    Reading.SHORT: "$text-error",
    None: "$text-muted",
}
BALANCE_STYLES = {True: "$text-success", False: "$text-error", None: "$text-muted"}


def progress_words(done: Progress) -> str:
    """For example "30 known, 13 open of 43": open are the unknown, the expired, and those without an answer yet."""
    still_open = f", {done.open} open" if done.open else ""
    return f"{done.known} known{still_open} of {done.total}"


def survey_progress_words(done: SurveyProgress) -> str:
    """For example "7 of 23 answered on both sides, 2 on one side only"."""
    words = f"{done.both} of {done.total} answered on both sides"
    return f"{words}, {done.one_side} on one side only" if done.one_side else words


_COMPARED = ("at least ", "at most ", "one of ")


def condition_words(condition: ScopeCondition) -> str:
    """The condition in the rubric's words."""
    return _joined_condition(condition, lambda one: one.text)


def plain_condition_words(condition: ScopeCondition) -> str:
    """The condition for people who do not know the rubric: "keeps content: yes", "data at least internal"."""
    return _joined_condition(condition, _plainly)


def _joined_condition(condition: ScopeCondition, said: Callable[[OneOf], str]) -> str:
    match condition:
        case OneOf():
            return said(condition)
        case AllOf(parts=parts):
            return " and ".join(_grouped(part, said) for part in parts)
        case AnyOf(parts=parts):
            return " or ".join(_grouped(part, said) for part in parts)
        case Not(part=part):
            return f"not {_grouped(part, said)}"
        case _:
            assert_never(condition)


def _grouped(part: ScopeCondition, said: Callable[[OneOf], str]) -> str:
    words = _joined_condition(part, said)
    return words if isinstance(part, OneOf | Not) else f"({words})"


def _plainly(condition: OneOf) -> str:
    start = f"{condition.fact} is "
    if not condition.text.startswith(start):
        return condition.text
    name, rest = condition.fact.replace("-", " "), condition.text.removeprefix(start)
    return f"{name} {rest}" if rest.startswith(_COMPARED) else f"{name}: {rest}"
