"""What is asked: scope facts, criteria, questions, must-haves and policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.scope import ScopeCondition


class Ask(StrEnum):
    """How a rubric is answered: one level, or expected against delivered."""

    LEVEL = "level"
    GAP = "gap"


class Axis(StrEnum):
    """The two directions of the sweet-spot map."""

    EXPERIENCE = "experience"
    CONTROL = "control"


class Sitting(StrEnum):
    """Where questions are answered together: with the tool, in its console, from documents, from the contract."""

    TRIAL = "trial"
    CONSOLE = "console"
    READING = "reading"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ScopeFact:
    """A fact about the tool or its setting, asked once; `options` are ordered."""

    id: str
    text: str
    options: tuple[str, ...]
    about: str | None = None
    help: str | None = None


class IfMissed(StrEnum):
    """What a must-have that is missed comes to."""

    REJECT = "reject"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Raise:
    """A higher level that a must-have has to reach where the condition holds, and why."""

    to: int
    when: ScopeCondition
    why: str


@dataclass(frozen=True, slots=True)
class MustReach:
    """The level a must-have has to reach, why, and under which condition it is one (None: always).

    `if_missed` is about that level alone: where only one of the `raises` is missed, it holds.
    """

    level: int
    why: str
    when: ScopeCondition | None = None
    if_missed: IfMissed = IfMissed.REJECT
    raises: tuple[Raise, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to judge. `levels` describes each rung, 0 the lowest.

    `title` is the id in words where none is given: "strong-sign-in" is "Strong sign in". `revision` is None where
    the file has none.

    With `ask = "gap"` `expected` and `delivered` hold the two questions about the one ladder, and `text` is a
    short form of them for lists.
    """

    id: str
    text: str
    levels: tuple[str, ...]
    why: str | None = None
    check: str | None = None
    where: Sitting | None = None
    minutes: int | None = None
    weight: Fraction = Fraction(1)
    axis: Axis | None = None
    applies_when: ScopeCondition | None = None
    must_reach: MustReach | None = None
    evidence: str | None = None
    shelf_months: int | None = None
    closes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    expected: str | None = None
    delivered: str | None = None
    think_of: str | None = None
    asked_of: tuple[str, ...] = ()
    title: str = ""
    ref: str | None = None
    revision: int | None = None

    def __post_init__(self) -> None:
        if not self.title:
            object.__setattr__(self, "title", _in_words(self.id))

    @property
    def quoted(self) -> str:
        """The title as it stands within a sentence."""
        return f'"{self.title}"'

    @property
    def heading(self) -> str:
        """The title with the control number before it, where there is one: "AAAI-09 Strong sign-in"."""
        return f"{self.ref} {self.title}" if self.ref else self.title

    @property
    def top(self) -> int:
        """The highest level of the ladder."""
        return len(self.levels) - 1

    @property
    def needs_hands_on(self) -> bool:
        """Whether the rubric wants it tried by hand."""
        return self.evidence == "tested"


_ACRONYMS = frozenset({"ai", "api", "mfa", "sso", "vpn"})


def _in_words(id_: str) -> str:
    words = " ".join(word.upper() if word in _ACRONYMS else word for word in id_.split("-"))
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A group of questions with a weight and, on the map, an axis."""

    id: str
    title: str
    questions: tuple[Question, ...]
    summary: str | None = None
    axis: Axis | None = None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What every criterion's floor and the overall floor have to reach, in percent."""

    criterion: Fraction
    overall: Fraction


@dataclass(frozen=True, slots=True)
class Policy:
    """House policy: thresholds in percent, spans in months, readings of gaps in levels.

    The values given here are the defaults, those of the shipped rubrics.
    """

    approve: Thresholds = Thresholds(Fraction(60), Fraction(70))
    conditional: Thresholds = Thresholds(Fraction(40), Fraction(50))
    coverage: Fraction = Fraction(80)
    proven: Fraction = Fraction(50)
    valid_months: int = 12
    not_applicable_limit: Fraction = Fraction(30)
    waiver_months: int = 12
    over_built: Fraction = Fraction(2)
    slipping: Fraction = Fraction(-1, 2)
    short: Fraction = Fraction(-1)
    smallest_group: int = 5


@dataclass(frozen=True, slots=True)
class Rubric:
    """What is asked and by which policy it is judged.

    `digest` is "sha256:" and 64 hex digits over the parsed file without its policy; empty for a rubric that was
    not read from a file. `policy_from` names the file of the workspace whose policy took the place of the rubric's.
    """

    id: str
    version: str
    title: str
    subject: str
    ask: Ask
    criteria: tuple[Criterion, ...]
    summary: str | None = None
    how_to_answer: str | None = None
    groups: tuple[str, ...] = ()
    scope: tuple[ScopeFact, ...] = ()
    policy: Policy = field(default_factory=Policy)
    digest: str = ""
    policy_from: str | None = None

    def questions(self) -> Iterator[tuple[Criterion, Question]]:
        """Every question with its criterion, in the rubric's order."""
        for criterion in self.criteria:
            for question in criterion.questions:
                yield criterion, question

    def question(self, question_id: str) -> Question | None:
        """The question of that id, None where there is none."""
        return next((question for _, question in self.questions() if question.id == question_id), None)

    def scope_fact(self, fact_id: str) -> ScopeFact | None:
        """The scope fact of that id, None where there is none."""
        return next((fact for fact in self.scope if fact.id == fact_id), None)
