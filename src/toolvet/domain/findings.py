"""Findings: what a careful colleague would point out about an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Answer, Assessment, Grade
from toolvet.domain.rubric import Axis, Question, Rubric
from toolvet.domain.scorecard import AnswerState, MustHave, MustHaveState, QuestionScore, Scorecard
from toolvet.domain.scoring import is_current, score
from toolvet.values import dataclass


class FindingCode(StrEnum):
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
    CONTROL_ZERO = "control-zero"
    NOT_APPLICABLE_HELPS = "not-applicable-helps"
    TO_CONFIRM = "to-confirm"


Detail = int | date | str | None
Noted = tuple[FindingCode, Detail]


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of finding and the ids of its questions; none for a finding about the file.

    `details` has one entry for each question: its level, a date, or what there is to confirm.
    """

    code: FindingCode
    questions: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()

    @property
    def question(self) -> str | None:
        return self.questions[0] if self.questions else None


def find(
    rubric: Rubric,
    assessment: Assessment,
    on: date,
    *,
    seal_broken: bool,
    scorecard: Scorecard | None = None,
    before: Assessment | None = None,
) -> tuple[Finding, ...]:
    """All findings on that day: those about the file, then one for each kind.

    Pass `scorecard` to save scoring again, and `before`, the previous assessment under this rubric, to compare with it.
    """
    scored = scorecard or score(rubric, assessment, on)
    must_haves = {must_have.question.id: must_have for must_have in scored.must_haves}
    noted: dict[FindingCode, dict[str, Detail]] = {code: {} for code in FindingCode}
    for each in scored.questions:
        answer = assessment.answers.get(each.question.id)
        if answer is not None:
            for code, detail in _about_answer(each, answer, must_haves.get(each.question.id), on):
                noted[code].setdefault(each.question.id, detail)
    if before is not None:
        for question in _helped_by_not_applicable(scored, assessment, before):
            noted[FindingCode.NOT_APPLICABLE_HELPS][question.id] = None
    together = (Finding(code, tuple(about), tuple(about.values())) for code, about in noted.items() if about)
    return (*about_file(rubric, assessment, seal_broken=seal_broken), *together)


def is_rubric_changed(rubric: Rubric, assessment: Assessment) -> bool:
    """Whether the rubric's words changed since the assessment, although id and version agree."""
    return bool(rubric.digest) and assessment.rubric.digest not in (None, rubric.digest)


def about_file(rubric: Rubric, assessment: Assessment, *, seal_broken: bool) -> Iterator[Finding]:
    """The findings about the file as a whole, which need no look at its answers."""
    if seal_broken:
        yield Finding(FindingCode.SEAL_BROKEN)
    if is_rubric_changed(rubric, assessment):
        yield Finding(FindingCode.RUBRIC_CHANGED)


def _about_answer(scored: QuestionScore, answer: Answer, must_have: MustHave | None, on: date) -> Iterator[Noted]:
    if scored.applies is False:
        if answer.is_given:
            yield FindingCode.DOES_NOT_APPLY, None
        return
    if answer.confirm is not None:
        yield FindingCode.TO_CONFIRM, answer.confirm
    if answer.answered is not None and answer.answered > on:
        yield FindingCode.ANSWER_IN_FUTURE, answer.answered
    yield from _about_dates(scored.question, answer, on)
    if answer.level is None or answer.confirm is not None:
        return
    if is_high(scored.question, answer.level) and not answer.evidence:
        yield FindingCode.NO_EVIDENCE, answer.level
    if scored.question.needs_hands_on and not any(evidence.grade is Grade.TESTED for evidence in answer.evidence):
        yield FindingCode.NOT_TESTED, None
    if scored.is_control_zero:
        yield FindingCode.CONTROL_ZERO, None
    if must_have is not None:
        yield from _about_must_have(must_have, scored, answer)


def is_high(question: Question, level: int) -> bool:
    """Whether a level is in the top quarter of its ladder; on two or three rungs, the top one."""
    return 4 * level >= 3 * question.top


def _about_dates(question: Question, answer: Answer, on: date) -> Iterator[Noted]:
    for evidence in answer.evidence:
        if evidence.date is None or is_current(question, evidence.date, on):
            continue
        if evidence.date > on:
            yield FindingCode.EVIDENCE_IN_FUTURE, evidence.date
        else:
            yield FindingCode.EVIDENCE_OLD, evidence.date


def _about_must_have(must_have: MustHave, scored: QuestionScore, answer: Answer) -> Iterator[Noted]:
    if answer.evidence and all(evidence.grade in (None, Grade.CLAIM) for evidence in answer.evidence):
        yield FindingCode.CLAIM_ONLY, None
    if must_have.state is MustHaveState.MET and scored.axis is Axis.CONTROL and not answer.setting:
        yield FindingCode.NO_SETTING, None


def _helped_by_not_applicable(scorecard: Scorecard, assessment: Assessment, before: Assessment) -> Iterator[Question]:
    """Questions changed to "not applicable" whose previous answer would lower the verdict."""
    for scored in scorecard.questions:
        earlier = before.answer(scored.question.id)
        if scored.state is not AnswerState.NOT_APPLICABLE or scored.applies is False or earlier.level is None:
            continue
        with_earlier = assessment.with_answer(scored.question.id, earlier)
        if score(scorecard.rubric, with_earlier, scorecard.on).verdict.rank > scorecard.verdict.rank:
            yield scored.question
