"""What a careful colleague would say about an assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from toolvet.domain.assessment import Answer, Assessment, Grade
from toolvet.domain.rubric import Axis, Question, Rubric
from toolvet.domain.scorecard import AnswerState, MustHave, MustHaveState, QuestionScore, Scorecard
from toolvet.domain.scoring import is_current, score


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
    CONTROL_ZERO = "control-zero"
    NOT_APPLICABLE_HELPS = "not-applicable-helps"
    TO_CONFIRM = "to-confirm"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `questions` are the ids of those that it is about, none where it is about the file as a whole."""

    code: FindingCode
    text: str
    questions: tuple[str, ...] = ()

    @property
    def question(self) -> str | None:
        """The first of the questions."""
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
    """All findings of that day: those about the file first, then one line for each kind with its questions.

    `scorecard` saves scoring again where the caller has it already; `before` is the assessment before this one, where
    there is one under the same rubric.
    """
    scored = scorecard or score(rubric, assessment, on)
    must_haves = {must_have.question.id: must_have for must_have in scored.must_haves}
    noted: dict[FindingCode, dict[str, str]] = {code: {} for code in FindingCode}
    for each in scored.questions:
        answer = assessment.answers.get(each.question.id)
        if answer is not None:
            for code, detail in _about_answer(each, answer, must_haves.get(each.question.id), on):
                ending = f" ({detail})" if detail else ""
                noted[code].setdefault(each.question.id, f"{each.question.quoted}{ending}")
    if before is not None:
        for question in _helped_by_not_applicable(scored, assessment, before):
            noted[FindingCode.NOT_APPLICABLE_HELPS][question.id] = question.quoted
    together = (
        Finding(code, f"{_SAID[code].format(on=on)}: {', '.join(about.values())}.", tuple(about))
        for code, about in noted.items()
        if about
    )
    return (*_about_file(rubric, assessment, seal_broken=seal_broken), *together)


_SAID = {
    FindingCode.NO_EVIDENCE: "Rated high without evidence",
    FindingCode.CLAIM_ONLY: "Must-haves that rest on a claim alone",
    FindingCode.EVIDENCE_OLD: "Evidence older than it is good for",
    FindingCode.EVIDENCE_IN_FUTURE: "Evidence dated after {on}, which proves nothing yet",
    FindingCode.ANSWER_IN_FUTURE: "Answers dated after {on}, which do not count yet",
    FindingCode.NOT_TESTED: "To be tried by hand, with no evidence that it was",
    FindingCode.DOES_NOT_APPLY: "Answered but not applying, so kept and ignored",
    FindingCode.NO_SETTING: "Must-haves that pass without a recorded configuration",
    FindingCode.TO_CONFIRM: "Kept from an earlier version and to be confirmed by answering again",
    FindingCode.CONTROL_ZERO: "Questions of control at level 0",
    FindingCode.NOT_APPLICABLE_HELPS: "Changed to not applicable, where the answer before would give a worse verdict",
}


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


def _about_answer(
    scored: QuestionScore, answer: Answer, must_have: MustHave | None, on: date
) -> Iterator[tuple[FindingCode, str]]:
    """What there is to say of one answer, each with a detail, which may be empty."""
    if scored.applies is False:
        if answer.is_given:
            yield FindingCode.DOES_NOT_APPLY, ""
        return
    if answer.confirm is not None:
        yield FindingCode.TO_CONFIRM, answer.confirm
    if answer.answered is not None and answer.answered > on:
        yield FindingCode.ANSWER_IN_FUTURE, str(answer.answered)
    yield from _about_dates(scored.question, answer, on)
    if answer.level is None or answer.confirm is not None:
        return
    if is_high(scored.question, answer.level) and not answer.evidence:
        yield FindingCode.NO_EVIDENCE, f"level {answer.level}"
    if scored.question.needs_hands_on and not any(evidence.grade is Grade.TESTED for evidence in answer.evidence):
        yield FindingCode.NOT_TESTED, ""
    if scored.is_control_zero:
        yield FindingCode.CONTROL_ZERO, ""
    if must_have is not None:
        yield from _about_must_have(must_have, scored, answer)


def is_high(question: Question, level: int) -> bool:
    """Whether a level lies in the top quarter of its ladder; of two or three rungs that is the top one."""
    return 4 * level >= 3 * question.top


def _about_dates(question: Question, answer: Answer, on: date) -> Iterator[tuple[FindingCode, str]]:
    for evidence in answer.evidence:
        if evidence.date is None or is_current(question, evidence.date, on):
            continue
        if evidence.date > on:
            yield FindingCode.EVIDENCE_IN_FUTURE, str(evidence.date)
        else:
            yield FindingCode.EVIDENCE_OLD, f"of {evidence.date}, good for {question.shelf_months} months"


def _about_must_have(must_have: MustHave, scored: QuestionScore, answer: Answer) -> Iterator[tuple[FindingCode, str]]:
    if answer.evidence and all(evidence.grade in (None, Grade.CLAIM) for evidence in answer.evidence):
        yield FindingCode.CLAIM_ONLY, ""
    if must_have.state is MustHaveState.MET and scored.axis is Axis.CONTROL and not answer.setting:
        yield FindingCode.NO_SETTING, ""


def _helped_by_not_applicable(scorecard: Scorecard, assessment: Assessment, before: Assessment) -> Iterator[Question]:
    """The questions answered "not applicable" whose answer before would give a worse verdict."""
    for scored in scorecard.questions:
        earlier = before.answer(scored.question.id)
        if scored.state is not AnswerState.NOT_APPLICABLE or scored.applies is False or earlier.level is None:
            continue
        with_earlier = assessment.with_answer(scored.question.id, earlier)
        if score(scorecard.rubric, with_earlier, scorecard.on).verdict.rank > scorecard.verdict.rank:
            yield scored.question
