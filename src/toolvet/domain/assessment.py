"""One reviewer's answers on one subject under one rubric version."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from toolvet.domain.rubric import Rubric


class Grade(StrEnum):
    """How far evidence carries, the strongest first."""

    TESTED = "tested"
    INDEPENDENT = "independent"
    DOCUMENT = "document"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen. `date` is that of what was seen; `sha256` is given for a file in `evidence/`."""

    source: str
    grade: Grade | None = None
    date: datetime.date | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A level, or unknown with what was tried (which may be empty), or not applicable with a reason.

    At most one of `level`, `unknown` and `not_applicable` is set; with none of them the question is unanswered,
    though a note may stand. With `ask = "gap"` `expected` and `delivered` are set instead, either alone too.
    `confirm` says what changed in the question since: the answer is kept, and counts again once it was given anew.
    """

    level: int | None = None
    unknown: str | None = None
    not_applicable: str | None = None
    expected: int | None = None
    delivered: int | None = None
    answered: datetime.date | None = None
    note: str | None = None
    setting: str | None = None
    confirm: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_given(self) -> bool:
        """Whether the question counts as answered, unknown included."""
        return any(
            value is not None
            for value in (self.level, self.unknown, self.not_applicable, self.expected, self.delivered)
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """The tool or organisation that is judged, and who asked for it and why."""

    name: str
    vendor: str | None = None
    plan: str | None = None
    deployment: str | None = None
    job: str | None = None
    requested_by: str | None = None
    requested_on: datetime.date | None = None
    answer_by: datetime.date | None = None
    users: int | None = None
    yearly_cost: str | None = None

    @property
    def label(self) -> str:
        """Name and plan, as they stand in lists: two plans of one tool are two subjects."""
        return f"{self.name} {self.plan}" if self.plan else self.name


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who answers; for a survey a respondent, who needs no name and may have a group."""

    name: str | None = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class RubricRef:
    """Which rubric was answered; the digest is None in a file written by hand."""

    id: str
    version: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """What was answered to a question, or given as a scope fact (`option`), that a later rubric does not have.

    `version` is that of the rubric it was answered under, `text` what was asked, where that is known.
    """

    version: str
    text: str | None = None
    option: str | None = None
    answer: Answer = field(default_factory=Answer)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers, by question id, and the scope facts, by fact id. The mappings are never changed in place.

    `retired` holds what migrations kept aside, by the id it had; where that is taken, with a number behind it.
    """

    rubric: RubricRef
    subject: Subject
    reviewer: Reviewer
    started: datetime.date | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)

    def answer(self, question_id: str) -> Answer:
        """The answer to that question; an empty one where there is none."""
        return self.answers.get(question_id, _NO_ANSWER)

    def with_answer(self, question_id: str, answer: Answer) -> Assessment:
        """The same with that answer; an empty answer is left out."""
        answers = dict(self.answers)
        if answer == _NO_ANSWER:
            answers.pop(question_id, None)
        else:
            answers[question_id] = answer
        return replace(self, answers=answers)

    def with_scope(self, fact_id: str, option: str | None) -> Assessment:
        """The same with that scope fact given, or, with None, no longer given."""
        scope = {fact: given for fact, given in self.scope.items() if fact != fact_id}
        if option is not None:
            scope[fact_id] = option
        return replace(self, scope=scope)


_NO_ANSWER = Answer()


def at_level(answer: Answer, level: int, on: date) -> Answer:
    """The answer at that level, given that day."""
    return replace(answer, level=level, unknown=None, not_applicable=None, answered=on, confirm=None)


def as_unknown(answer: Answer, tried: str, on: date) -> Answer:
    """The answer as unknown, with what was tried, which may be empty."""
    return replace(answer, level=None, unknown=tried, not_applicable=None, answered=on, confirm=None)


def as_not_applicable(answer: Answer, reason: str, on: date) -> Answer:
    """The answer as not applicable, for that reason."""
    return replace(answer, level=None, unknown=None, not_applicable=reason, answered=on, confirm=None)


def cleared(answer: Answer) -> Answer:
    """The question unanswered again."""
    return replace(answer, level=None, unknown=None, not_applicable=None, answered=None, confirm=None)


def to_confirm(answer: Answer) -> str | None:
    """What has to be confirmed and why: "level 2, reworded in 1.1.0"; None where nothing has."""
    return None if answer.confirm is None else f"{given_words(answer)}, {answer.confirm}"


def given_words(answer: Answer) -> str:
    """What was given, without its texts: "level 2", "expected 3, delivered 1", "unknown"."""
    levels = [f"{name} {level}" for name in _LEVELS if (level := getattr(answer, name)) is not None]
    if levels:
        return ", ".join(levels)
    return "unknown" if answer.unknown is not None else "not applicable"


_LEVELS = ("level", "expected", "delivered")


def sources_used(assessment: Assessment, recent: Sequence[str]) -> tuple[Evidence, ...]:
    """One evidence for each source in the assessment, the one used last first.

    `recent` are the sources of this sitting, the latest last; they go before the others, which go by the day of the
    answer.
    """
    sources: dict[str, Evidence] = {}
    for answer in sorted(assessment.answers.values(), key=lambda answer: answer.answered or date.min, reverse=True):
        for evidence in reversed(answer.evidence):
            sources.setdefault(evidence.source, evidence)
    first = {source: sources[source] for source in reversed(recent) if source in sources}
    return tuple((first | sources).values())


def first_question(rubric: Rubric, wanted: str | None) -> str:
    """The id of the question to begin with: the one wanted, where the rubric has it, else the first."""
    ids = [question.id for _, question in rubric.questions()]
    return wanted if wanted in ids else ids[0]


def next_in(rubric: Rubric, wanted: Sequence[str], at: str, by: int) -> str | None:
    """The nearest of the questions wanted behind the one it is at, or with `by` -1 before it; None at the end."""
    place = {question.id: index for index, (_, question) in enumerate(rubric.questions())}
    ahead = [question_id for question_id in wanted if (place[question_id] - place[at]) * by > 0]
    return min(ahead, key=lambda question_id: abs(place[question_id] - place[at]), default=None)
