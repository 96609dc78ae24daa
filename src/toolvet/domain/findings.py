"""What a careful colleague would say about an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from sys import intern

from toolvet.domain.assessment import Answer, Assessment, Grade
from toolvet.domain.months import add_months
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scorecard import MustHave, MustHaveState, QuestionScore, Scorecard
from toolvet.domain.scoring import is_proven, score

HIGH_LEVEL = 3
"""From this level on an answer should have evidence."""


class FindingCode(StrEnum):
    """What was found."""

    NO_EVIDENCE = "no-evidence"
    CLAIM_ONLY = "claim-only"
    EVIDENCE_OLD = "evidence-old"
    EVIDENCE_IN_FUTURE = "evidence-in-future"
    ANSWER_IN_FUTURE = "answer-in-future"
    NOT_TESTED = "not-tested"
    DOES_NOT_APPLY = "does-not-apply"
    RUBRIC_CHANGED = "rubric-changed"
    SEAL_BROKEN = "seal-broken"
    NO_SETTING = "no-setting"
    TO_CONFIRM = "to-confirm"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `question` is an id, None where it is about the file as a whole."""

    code: FindingCode
    text: str
    question: str | None = None


def find(
    rubric: Rubric, assessment: Assessment, on: date, *, seal_broken: bool, scorecard: Scorecard | None = None
) -> tuple[Finding, ...]:
    """All findings of that day: those about the file first, then in the rubric's order.

    `scorecard` saves scoring again where the caller has it already.
    """
    scored = scorecard or score(rubric, assessment, on)
    must_haves = {must_have.question.id: must_have for must_have in scored.must_haves}
    found = list(_about_file(rubric, assessment, seal_broken=seal_broken))
    for question_score in scored.questions:
        question = question_score.question
        answer = assessment.answers.get(question.id)
        if answer is not None:
            found.extend(_about_answer(question_score, answer, must_haves.get(question.id), on))
    return tuple(found)


def is_rubric_changed(rubric: Rubric, assessment: Assessment) -> bool:
    """Whether the assessment was made with other words than this rubric's, though id and version agree."""
    return bool(rubric.digest) and assessment.rubric.digest not in (None, rubric.digest)


def _about_file(rubric: Rubric, assessment: Assessment, *, seal_broken: bool) -> Iterator[Finding]:
    if seal_broken:
        yield Finding(
            FindingCode.SEAL_BROKEN,
            "The file was changed outside toolvet, or cut short: its seal does not match.",
        )
    if is_rubric_changed(rubric, assessment):
        yield Finding(
            FindingCode.RUBRIC_CHANGED,
            f"The rubric {rubric.id} {rubric.version} reads differently now than when this was answered.",
        )


def _about_answer(scored: QuestionScore, answer: Answer, must_have: MustHave | None, on: date) -> Iterator[Finding]:
    question = scored.question
    if scored.applies is False:
        if answer.is_given:
            yield _finding(FindingCode.DOES_NOT_APPLY, question, "is answered but does not apply; it is left out")
        return
    if answer.confirm is not None:
        yield _finding(FindingCode.TO_CONFIRM, question, f"is to be confirmed ({answer.confirm}); answer it again")
    if answer.answered is not None and answer.answered > on:
        yield _finding(FindingCode.ANSWER_IN_FUTURE, question, f"is dated {answer.answered}, after {on}")
    yield from _about_dates(question, answer, on)
    if answer.level is None or answer.confirm is not None:
        return
    if answer.level >= HIGH_LEVEL and not answer.evidence:
        yield _finding(FindingCode.NO_EVIDENCE, question, f"is at {answer.level} without evidence")
    if question.needs_hands_on and not any(evidence.grade is Grade.TESTED for evidence in answer.evidence):
        yield _finding(FindingCode.NOT_TESTED, question, "should be tried by hand, and no evidence says it was")
    if must_have is not None:
        yield from _about_must_have(must_have, answer)


def _about_dates(question: Question, answer: Answer, on: date) -> Iterator[Finding]:
    for evidence in answer.evidence:
        if evidence.date is None:
            continue
        if evidence.date > on:
            yield _finding(FindingCode.EVIDENCE_IN_FUTURE, question, f"has evidence dated {evidence.date}, after {on}")
        elif question.shelf_months is not None and on > add_months(evidence.date, question.shelf_months):
            yield _finding(
                FindingCode.EVIDENCE_OLD,
                question,
                f"has evidence of {evidence.date}, older than the {question.shelf_months} months it is good for",
            )


def _about_must_have(must_have: MustHave, answer: Answer) -> Iterator[Finding]:
    if answer.evidence and not is_proven(answer):
        yield _finding(FindingCode.CLAIM_ONLY, must_have.question, "is a must-have that rests on a claim alone")
    if must_have.state is MustHaveState.MET and not answer.setting:
        what = "is a must-have that passes, but no setting says with which configuration"
        yield _finding(FindingCode.NO_SETTING, must_have.question, what)


def _finding(code: FindingCode, question: Question, what: str) -> Finding:
    # The same is said of many assessments: where thousands are compared, it is kept once.
    return Finding(code, intern(f"{question.title} {what}."), question.id)
