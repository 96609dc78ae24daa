"""The report's parts about questions: must-haves, answers, what is open, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolvet.domain.answering import to_confirm
from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.decision import Decision
from toolvet.domain.scope import plain_words_of
from toolvet.domain.scorecard import AnswerState, MustHave, QuestionScore, Scorecard
from toolvet.report.document import AnswerPart, CriterionPart, EvidenceRow, MustHaveRow, OpenPart, SettingRow
from toolvet.report.words import grade_words, marked_state, proof_words, state_words

_AS_WELL = re.compile(r"As (\d)\b")


def must_have_rows(scorecard: Scorecard, assessment: Assessment, decision: Decision | None) -> tuple[MustHaveRow, ...]:
    """The must-haves in the rubric's order, with those that a decision sets aside that day marked."""
    waivers = decision.waivers if decision is not None else ()
    waived = {waiver.question for waiver in waivers if waiver.expires >= scorecard.on}
    return tuple(
        MustHaveRow(
            question=must_have.question.id,
            title=must_have.question.title,
            state=marked_state(must_have),
            level=must_have.level,
            must_reach=must_have.must_reach,
            rests_on=proof_words(must_have, assessment.answer(must_have.question.id)),
            why=must_have.question.must_reach.why if must_have.question.must_reach else "",
            waived=must_have.question.id in waived,
        )
        for must_have in scorecard.must_haves
    )


def answer_parts(scorecard: Scorecard, assessment: Assessment) -> tuple[CriterionPart, ...]:
    """Every criterion with its answers."""
    must_haves = {must_have.question.id: must_have for must_have in scorecard.must_haves}
    parts = []
    for scored in scorecard.criteria:
        own = [one for one in scorecard.questions if one.criterion.id == scored.criterion.id]
        parts.append(
            CriterionPart(
                title=scored.criterion.title,
                summary=scored.criterion.summary,
                answers=tuple(
                    _answer_part(one, assessment, must_haves.get(one.question.id))
                    for one in own
                    if one.applies is not False
                ),
                not_applying=tuple(_why_not(one) for one in own if one.applies is False),
            )
        )
    return tuple(parts)


def open_parts(scorecard: Scorecard, assessment: Assessment) -> tuple[OpenPart, ...]:
    """What has no current level, in the rubric's order; what is not answered at all has tried nothing."""
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    return tuple(
        OpenPart(
            title=scored.question.title,
            state=state_words(scored.state),
            tried=assessment.answer(scored.question.id).unknown or "",
            must_have=scored.question.id in must_haves,
        )
        for scored in scorecard.questions
        if scored.counts and scored.state.is_open
    )


def setting_rows(scorecard: Scorecard, assessment: Assessment) -> tuple[SettingRow, ...]:
    """The settings of current levels, those of must-haves first."""
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    rows = []
    for scored in scorecard.questions:
        setting = assessment.answer(scored.question.id).setting
        if setting and scored.applies is not False and scored.state is AnswerState.ANSWERED:
            rows.append(SettingRow(scored.question.title, setting, scored.question.id in must_haves))
    return tuple(sorted(rows, key=lambda row: not row.must_have))


def _answer_part(scored: QuestionScore, assessment: Assessment, must_have: MustHave | None) -> AnswerPart:
    question, answer = scored.question, assessment.answer(scored.question.id)
    return AnswerPart(
        id=question.id,
        title=question.title,
        text=question.text,
        state=scored.state.value,
        answer=_answer_words(scored, answer),
        words=_words(scored, answer),
        as_well=tuple(_rungs_below(scored)),
        level=scored.level,
        top=question.top,
        must_have="" if must_have is None else f"must reach {must_have.must_reach}: {state_words(must_have.state)}",
        note=answer.note,
        setting=answer.setting,
        evidence=tuple(
            EvidenceRow(evidence.source, grade_words(evidence.grade), evidence.date, evidence.sha256)
            for evidence in answer.evidence
        ),
        answered=answer.answered,
        answered_by=assessment.reviewer.name or "" if answer.is_given else "",
    )


def _answer_words(scored: QuestionScore, answer: Answer) -> str:
    match scored.state:
        case AnswerState.ANSWERED:
            return f"Level {scored.level} of {scored.question.top}"
        case AnswerState.EXPIRED:
            return f"Expired: level {scored.level} of {scored.question.top}"
        case AnswerState.UNANSWERED:
            kept = to_confirm(answer)
            return "Not answered" if kept is None else f"To be confirmed: {kept}"
        case state:
            return state_words(state).capitalize()


def _words(scored: QuestionScore, answer: Answer) -> str:
    if scored.level is not None:
        return scored.question.levels[scored.level]
    return answer.unknown or answer.not_applicable or ""


def _rungs_below(scored: QuestionScore) -> Iterator[str]:
    """The rungs that this one names as true as well, from the highest: "As 2" brings rung 2, and so on down."""
    rung = scored.level
    while rung is not None:
        named = _AS_WELL.match(scored.question.levels[rung])
        lower = int(named[1]) if named else rung
        rung = lower if lower < rung else None
        if rung is not None:
            yield f"{rung}: {scored.question.levels[rung]}"


def _why_not(scored: QuestionScore) -> str:
    condition = scored.question.applies_when
    if condition is None:
        return scored.question.title
    return f"{scored.question.title} (asked when {plain_words_of(condition)})"
