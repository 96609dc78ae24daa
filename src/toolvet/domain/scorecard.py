"""What is computed from an assessment. Never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.rubric import Criterion, Question, Rubric, ScopeFact


class Verdict(StrEnum):
    """What the rules say; a decision uses the same four words. The best first."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve-with-conditions"
    HOLD = "hold"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        """0 for the best, approve, to 3 for reject."""
        return tuple(Verdict).index(self)

    @property
    def words(self) -> str:
        """As it stands in a sentence: "approve with conditions"."""
        return self.value.replace("-", " ")


class ReasonCode(StrEnum):
    """Why a verdict is what it is."""

    MUST_HAVE_FAILED = "must-have-failed"
    CANNOT_REACH = "cannot-reach"
    NOTHING_TO_SCORE = "nothing-to-score"
    SCOPE_OPEN = "scope-open"
    MUST_HAVE_UNKNOWN = "must-have-unknown"
    COVERAGE_LOW = "coverage-low"
    NOT_APPLICABLE_HIGH = "not-applicable-high"
    CRITERION_LOW = "criterion-low"
    OVERALL_LOW = "overall-low"
    MUST_HAVE_UNPROVEN = "must-have-unproven"
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
    """Where a must-have stands. Only `met` passes, only `failed` rejects; the rest hold."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that made a verdict hold; `question`, `criterion` and `fact` are ids."""

    code: ReasonCode
    text: str
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
    """Floor, observed, ceiling and coverage in percent, exact; `observed` is None where there is no level."""

    floor: Fraction
    observed: Fraction | None
    ceiling: Fraction
    coverage: Fraction


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """How one answer counts. `applies` is None where scope leaves it open.

    `to_confirm` says that it counts as unanswered because the question was changed since.
    """

    question: Question
    criterion: Criterion
    applies: bool | None
    state: AnswerState
    level: int | None
    to_confirm: bool = False

    @property
    def value(self) -> Fraction | None:
        """level / (number of levels - 1); None where there is no level."""
        return None if self.level is None else Fraction(self.level, self.question.top)

    @property
    def counts(self) -> bool:
        """Whether its weight is in the sums: it applies, or may, and is not answered "not applicable"."""
        return self.applies is not False and self.state is not AnswerState.NOT_APPLICABLE


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """A criterion's range, None where nothing counts.

    `not_applicable` is the share of its applicable weight that is answered so, in percent.
    """

    criterion: Criterion
    range: ScoreRange | None
    not_applicable: Fraction


@dataclass(frozen=True, slots=True)
class MustHave:
    """A must-have whose condition is not false. Proven: some evidence is better than a claim."""

    question: Question
    criterion: Criterion
    must_reach: int
    level: int | None
    state: MustHaveState
    proven: bool


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything that follows from the answers on a day.

    `overall` is None where nothing counts; `observed_over` is the number of criteria that its observed figure is
    a mean of. `questions` and `must_haves` are in the rubric's order.
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

    def question(self, question_id: str) -> QuestionScore:
        """How the answer to that question counts; KeyError where the rubric has no such question."""
        for scored in self.questions:
            if scored.question.id == question_id:
                return scored
        raise KeyError(question_id)
