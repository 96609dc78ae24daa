"""One reviewer's answers on one subject under one rubric version."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


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
