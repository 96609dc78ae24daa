"""The scorecard: what is computed from an assessment, and never stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.rubric import Axis, Criterion, IfMissed, Question, Rubric, ScopeFact
from toolvet.values import dataclass


class Verdict(StrEnum):
    """What the rules say, the best first; a decision uses the same words."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve-with-conditions"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """0 for approve to 3 for reject."""
        return _RANKS[self]

    @property
    def words(self) -> str:
        """As in a sentence: "approve with conditions"."""
        return self.value.replace("-", " ")


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class ReasonCode(StrEnum):
    MUST_HAVE_FAILED = "must-have-failed"
    CANNOT_REACH = "cannot-reach"
    NOTHING_TO_SCORE = "nothing-to-score"
    SCOPE_OPEN = "scope-open"
    MUST_HAVE_MISSED = "must-have-missed"
    MUST_HAVE_UNKNOWN = "must-have-unknown"
    MUST_HAVE_UNSUPPORTED = "must-have-unsupported"
    COVERAGE_LOW = "coverage-low"
    NOT_APPLICABLE_HIGH = "not-applicable-high"
    CRITERION_LOW = "criterion-low"
    OVERALL_LOW = "overall-low"
    MUST_HAVE_UNPROVEN = "must-have-unproven"
    PROVEN_LOW = "proven-low"
    CONTROL_ZERO = "control-zero"
    UNDECIDED = "undecided"


class AnswerState(StrEnum):
    """What an answer counts as on the day."""

    ANSWERED = "answered"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    UNANSWERED = "unanswered"
    NOT_APPLICABLE = "not-applicable"

    @property
    def is_open(self) -> bool:
        """Whether it counts 0 in the floor and 1 in the ceiling."""
        return self in (AnswerState.EXPIRED, AnswerState.UNKNOWN, AnswerState.UNANSWERED)


class MustHaveState(StrEnum):
    """Only `met` passes, only `failed` may reject; the others hold."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that led to the verdict; `question`, `criterion` and `fact` are ids."""

    code: ReasonCode
    question: str | None = None
    criterion: str | None = None
    fact: str | None = None

    @property
    def brief(self) -> str:
        """As a decision records it: `must-have-unknown: accessibility-report`."""
        about = self.question or self.criterion or self.fact
        return f"{self.code}: {about}" if about else str(self.code)


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """Exact percentages; `observed` is None without any level."""

    floor: Fraction
    observed: Fraction | None
    ceiling: Fraction
    coverage: Fraction
    proven: Fraction = Fraction(0)


FIGURES = ("floor", "observed", "ceiling", "coverage", "proven")
"""What a range consists of, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """How one answer counts. `applies` is None where scope leaves it open.

    `to_confirm`: unanswered, because the question changed since. `not_yet_current`: expired, because it is dated after
    the day. `proven`: the level has current evidence better than a claim. `supported`: it has evidence at all.
    """

    question: Question
    criterion: Criterion
    applies: bool | None
    state: AnswerState
    level: int | None
    to_confirm: bool = False
    not_yet_current: bool = False
    proven: bool = False
    supported: bool = False

    @property
    def axis(self) -> Axis | None:
        """The question's own axis, else its criterion's."""
        return self.question.axis or self.criterion.axis

    @property
    def is_control_zero(self) -> bool:
        """Whether a question on the control axis that applies, or may, has a current level of 0."""
        is_zero = self.level == 0 and self.state is AnswerState.ANSWERED
        return is_zero and self.applies is not False and self.axis is Axis.CONTROL

    @property
    def value(self) -> Fraction | None:
        """level / (number of levels - 1); None without a level."""
        return None if self.level is None else Fraction(self.level, self.question.top)

    @property
    def counts(self) -> bool:
        """Whether its weight counts: it applies, or may, and is not "not applicable"."""
        return self.applies is not False and self.state is not AnswerState.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """A criterion's range, None where nothing counts.

    `not_applicable` is the share of its applicable weight answered so, in percent.
    """

    criterion: Criterion
    range: ScoreRange | None
    not_applicable: Fraction


@dataclass(frozen=True, slots=True)
class MustHave:
    """A must-have whose condition is not false.

    `must_reach` is the level after the raises that hold, `may_reach` after the open ones too. `proven` and `supported`
    are as in QuestionScore.
    """

    question: Question
    criterion: Criterion
    must_reach: int
    may_reach: int
    if_missed: IfMissed
    level: int | None
    state: MustHaveState
    proven: bool
    supported: bool
    not_yet_current: bool = False

    @property
    def rejects(self) -> bool:
        """Whether it misses the level itself, not only a raise, and missing it rejects."""
        must_reach = self.question.must_reach
        if self.state is not MustHaveState.FAILED or self.level is None or must_reach is None:
            return False
        return self.if_missed is IfMissed.REJECT and self.level < must_reach.level


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything that follows from the answers on a day, in the rubric's order.

    `overall` is None where nothing counts; its observed figure is a mean over `observed_over` criteria.
    """

    rubric: Rubric
    on: date
    complete: bool
    questions: tuple[QuestionScore, ...]
    criteria: tuple[CriterionScore, ...]
    overall: ScoreRange | None
    observed_over: int
    must_haves: tuple[MustHave, ...]
    scope_open: tuple[ScopeFact, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]

    @property
    def is_started(self) -> bool:
        """Whether any question has an answer: unknown, expired, or still to be confirmed is one too."""
        if self.overall is not None and self.overall.observed is not None:
            return True  # without a look at each question
        return any(scored.to_confirm or scored.state is not AnswerState.UNANSWERED for scored in self.questions)

    def question(self, question_id: str) -> QuestionScore:
        """KeyError where the rubric has no such question."""
        for scored in self.questions:
            if scored.question.id == question_id:
                return scored
        raise KeyError(question_id)


def counted_weights(questions: Iterable[QuestionScore]) -> dict[str, Fraction]:
    """W by criterion id: the sum of the weights that count; criteria where nothing counts are left out."""
    whole: dict[str, Fraction] = {}
    for scored in questions:
        if scored.counts:
            whole[scored.criterion.id] = whole.get(scored.criterion.id, Fraction(0)) + scored.question.weight
    return whole
