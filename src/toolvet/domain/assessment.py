"""One reviewer's answers on one subject under one rubric version, and how far they have got."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import field, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from toolvet.domain.decision import AssessmentRef
from toolvet.domain.rubric import Rubric, Sitting
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard, quickest
from toolvet.values import dataclass


class Grade(StrEnum):
    """How strong evidence is, the strongest first."""

    TESTED = "tested"
    INDEPENDENT = "independent"
    DOCUMENT = "document"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen. `date` is that of the source; `sha256` is set for a file in `evidence/`."""

    source: str
    grade: Grade | None = None
    date: datetime.date | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A level, or unknown with what was tried (may be empty), or not applicable with a reason.

    At most one of `level`, `unknown` and `not_applicable` is set; with none the question is unanswered, though it may
    have a note. With `ask = "gap"`, `expected` and `delivered` are set instead, or one of them. `confirm` says what
    changed in the question since: the answer is kept, but does not count until it is given again.
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
    """The tool or organisation under review, and who asked for it and why."""

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
        """Name and plan, since two plans of one tool are two subjects."""
        return f"{self.name} {self.plan}" if self.plan else self.name


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who answers. A survey's respondent needs no name and may have a group."""

    name: str | None = None
    role: str | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class RubricRef:
    """Which rubric was answered; a file written by hand has no digest."""

    id: str
    version: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Retired:
    """An answer, or a scope fact (`option`), whose question a later rubric does not have.

    `version` is the rubric's version at the time, `text` the question's words, where known.
    """

    version: str
    text: str | None = None
    option: str | None = None
    answer: Answer = field(default_factory=Answer)


FactValue = str | int | datetime.date
"""A fact about the subject, as it is typed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact by its key in `known_facts`, as it stood and as it is now; None where nothing was given."""

    fact: str
    was: FactValue | None
    now: FactValue | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What was corrected in an assessment itself, before anybody decided on it: by whom, when and why."""

    on: datetime.date
    by: str
    corrections: tuple[Correction, ...]
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """Answers by question id and scope facts by fact id. Never change the mappings in place.

    `retired` holds what migrations set aside, by its id, with a number appended where that is taken. `panel` names the
    reviewers' assessments that this one was settled from, if it was.
    """

    rubric: RubricRef
    subject: Subject
    reviewer: Reviewer
    started: datetime.date | None = None
    scope: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)
    amended: tuple[Amendment, ...] = ()
    panel: tuple[AssessmentRef, ...] = ()

    def answer(self, question_id: str) -> Answer:
        return self.answers.get(question_id, _NO_ANSWER)

    def with_answer(self, question_id: str, answer: Answer) -> Assessment:
        """A copy with that answer; an empty answer is removed."""
        answers = dict(self.answers)
        if answer == _NO_ANSWER:
            answers.pop(question_id, None)
        else:
            answers[question_id] = answer
        return replace(self, answers=answers)

    def with_scope(self, fact_id: str, option: str | None) -> Assessment:
        """A copy with that scope fact, or without it for None."""
        scope = {fact: given for fact, given in self.scope.items() if fact != fact_id}
        if option is not None:
            scope[fact_id] = option
        return replace(self, scope=scope)


_NO_ANSWER = Answer()


def known_facts(assessment: Assessment) -> dict[str, FactValue | None]:
    """What was typed beside the answers: the facts of the subject by their keys, and the reviewer's name."""
    subject = assessment.subject
    facts = {each.name: getattr(subject, each.name) for each in fields(subject)}
    return {**facts, "reviewer": assessment.reviewer.name}


def with_facts(assessment: Assessment, facts: Mapping[str, FactValue | None]) -> Assessment:
    """A copy with those facts, by the keys of `known_facts`."""
    given: dict[str, Any] = dict(facts)
    reviewer = replace(assessment.reviewer, name=given.pop("reviewer", assessment.reviewer.name))
    return replace(assessment, subject=replace(assessment.subject, **given), reviewer=reviewer)


def at_level(answer: Answer, level: int, on: date) -> Answer:
    """The answer at that level, given that day; its evidence stays as old as it was."""
    return replace(_given(answer, on), level=level, unknown=None, not_applicable=None)


def as_unknown(answer: Answer, tried: str, on: date) -> Answer:
    """The answer as unknown, with what was tried (may be empty)."""
    return replace(_given(answer, on), level=None, unknown=tried, not_applicable=None)


def as_not_applicable(answer: Answer, reason: str, on: date) -> Answer:
    return replace(_given(answer, on), level=None, unknown=None, not_applicable=reason)


def cleared(answer: Answer) -> Answer:
    return replace(_given(answer, None), level=None, unknown=None, not_applicable=None)


def confirmed(answer: Answer, on: date) -> Answer:
    """The answer that was to be confirmed, as it is, given that day; its evidence stays as old as it was."""
    return _given(answer, on)


def _given(answer: Answer, on: date | None) -> Answer:
    """The answer with that day, which renews no evidence: what has no day of its own is as old as the answer was."""
    return replace(answer, answered=on, confirm=None, evidence=dated_evidence(answer, on))


def dated_evidence(answer: Answer, on: date | None) -> tuple[Evidence, ...]:
    """The answer's evidence as old as it is, for an answer of that day."""
    if on == answer.answered:
        return answer.evidence
    return tuple(replace(one, date=one.date or answer.answered) for one in answer.evidence)


def to_confirm(answer: Answer) -> str | None:
    """What to confirm and why: "level 2, reworded in 1.1.0"; None if nothing."""
    return None if answer.confirm is None else f"{given_words(answer)}, {answer.confirm}"


def given_words(answer: Answer) -> str:
    """The answer without its texts: "level 2", "expected 3, delivered 1", "unknown"."""
    levels = [f"{name} {level}" for name in _LEVELS if (level := getattr(answer, name)) is not None]
    if levels:
        return ", ".join(levels)
    return "unknown" if answer.unknown is not None else "not applicable"


_LEVELS = ("level", "expected", "delivered")


def sources_used(assessment: Assessment, recent: Sequence[str]) -> tuple[Evidence, ...]:
    """One evidence for each source of the assessment, the latest first.

    `recent` are the sources of this sitting, the latest last. They come first; the others follow by day of answer.
    """
    sources: dict[str, Evidence] = {}
    for answer in sorted(assessment.answers.values(), key=lambda answer: answer.answered or date.min, reverse=True):
        for evidence in reversed(answer.evidence):
            sources.setdefault(evidence.source, evidence)
    first = {source: sources[source] for source in reversed(recent) if source in sources}
    return tuple((first | sources).values())


def first_question(rubric: Rubric, wanted: str | None) -> str:
    """The wanted question's id where the rubric has it, else the first one's."""
    ids = [question.id for _, question in rubric.questions()]
    return wanted if wanted in ids else ids[0]


def next_in(rubric: Rubric, wanted: Sequence[str], at: str, by: int) -> str | None:
    """The nearest wanted question after `at`, or before it with `by` -1; None at the end."""
    place = {question.id: index for index, (_, question) in enumerate(rubric.questions())}
    ahead = [question_id for question_id in wanted if (place[question_id] - place[at]) * by > 0]
    return min(ahead, key=lambda question_id: abs(place[question_id] - place[at]), default=None)


class Pass(StrEnum):
    """Which questions to work on: all, some, those that settle the verdict, or one sitting."""

    ALL = "all"
    MUST_HAVES = "must-haves"
    OPEN = "open"
    QUICKEST = "quickest"
    TRIAL = "trial"
    CONSOLE = "console"
    READING = "reading"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions that apply, or may, are answered.

    `unknown` and `expired` are parts of `answered`; the rest of it is known. `to_confirm` are not among them.
    """

    answered: int
    total: int
    unknown: int = 0
    expired: int = 0
    to_confirm: int = 0

    @property
    def is_started(self) -> bool:
        """Whether any has an answer, as that of the scorecard."""
        return self.answered + self.to_confirm > 0

    @property
    def known(self) -> int:
        return self.answered - self.unknown - self.expired

    @property
    def open(self) -> int:
        """Not answered yet, unknown or expired."""
        return self.total - self.known


def questions_in(chosen: Pass, scorecard: Scorecard) -> tuple[QuestionScore, ...]:
    """The questions of that pass that apply, or may, in the rubric's order; QUICKEST has its own."""
    applying = tuple(scored for scored in scorecard.questions if scored.applies is not False)
    match chosen:
        case Pass.ALL:
            return applying
        case Pass.MUST_HAVES:
            must_haves = {must_have.question.id for must_have in scorecard.must_haves}
            return tuple(scored for scored in applying if scored.question.id in must_haves)
        case Pass.OPEN:
            return tuple(scored for scored in applying if scored.state.is_open)
        case Pass.QUICKEST:
            return quickest(scorecard)
        case _:
            sitting = Sitting(chosen.value)
            return tuple(scored for scored in applying if scored.question.where is sitting)


def minutes_left(chosen: Pass, scorecard: Scorecard) -> int:
    """The rubric's estimate for the questions of that pass without a current answer, the unknown among what is open."""
    has_unknown = chosen in (Pass.OPEN, Pass.QUICKEST)
    counted = [each for each in questions_in(chosen, scorecard) if has_unknown or _is_to_do(each)]
    return sum(scored.question.minutes or 0 for scored in counted)


def progress(scorecard: Scorecard, chosen: Pass = Pass.ALL) -> Progress:
    found = questions_in(chosen, scorecard)
    states = [scored.state for scored in found]
    return Progress(
        answered=len(states) - states.count(AnswerState.UNANSWERED),
        total=len(states),
        unknown=states.count(AnswerState.UNKNOWN),
        expired=states.count(AnswerState.EXPIRED),
        to_confirm=sum(scored.to_confirm for scored in found),
    )


def next_open(scorecard: Scorecard, after: str | None, chosen: Pass = Pass.ALL) -> str | None:
    """The id of the next open question of that pass, going round; None if no other is open.

    Questions without a current answer come before unknown ones, which somebody has already tried.
    """
    if chosen is Pass.QUICKEST:
        return next((scored.question.id for scored in quickest(scorecard) if scored.question.id != after), None)
    wanted = {scored.question.id for scored in questions_in(chosen, scorecard)} - {after}
    questions = questions_in(Pass.ALL, scorecard)
    at = next((index for index, scored in enumerate(questions) if scored.question.id == after), -1)
    onwards = questions[at + 1 :] + questions[: at + 1]
    still_open = [scored for scored in onwards if scored.question.id in wanted and scored.state.is_open]
    to_do = filter(_is_to_do, still_open)
    return next((scored.question.id for scored in (*to_do, *still_open)), None)


def _is_to_do(scored: QuestionScore) -> bool:
    return scored.state in (AnswerState.UNANSWERED, AnswerState.EXPIRED)
