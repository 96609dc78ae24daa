"""Builds the approval report's document from an assessment, its rubric and its decision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

from toolvet.domain.advice import Advice
from toolvet.domain.assessment import Amendment, Answer, Assessment, given_words, to_confirm
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import second_opinions
from toolvet.domain.findings import Finding
from toolvet.domain.panel import Member, Panel
from toolvet.domain.records import Record
from toolvet.domain.rubric import TextQuestion
from toolvet.domain.scorecard import AnswerState, MustHave, QuestionScore, Scorecard, ScoreRange
from toolvet.domain.scoring import place
from toolvet.domain.standing import Standing, standing_of
from toolvet.report.approval.arithmetic import rules, sums
from toolvet.report.approval.decision_words import decision_part, policy_facts
from toolvet.report.approval.document import (
    AnswerPart,
    CriterionPart,
    Document,
    EvidenceRow,
    Fact,
    FileDigest,
    MapPart,
    MustHaveRow,
    NewerDecision,
    OpenPart,
    Opinion,
    PanelPart,
    PartedRow,
    RangeRow,
    ReviewPart,
    RubricPart,
    ScopeRow,
    SettingRow,
    SurveyPart,
)
from toolvet.report.approval.front_page import front_page
from toolvet.report.approval.requester import requester_part
from toolvet.report.panel_table import agreement_words, level_words, opinion_lines, parted_words
from toolvet.report.scorecard import Json, advice_json, findings_json, questions_json, reasons_json
from toolvet.text.advice_words import further_words, note_words, step_words
from toolvet.text.escape import ended
from toolvet.text.labels import (
    day,
    field_words,
    figure,
    grade_words,
    house_policy_words,
    map_leans,
    marked_state,
    observed_over,
    plain_condition_words,
    proof_words,
    reviewer_words,
    state_words,
)
from toolvet.text.record_words import correction_words
from toolvet.values import dataclass

_AS_WELL = re.compile(r"As (\d)\b")


def must_have_rows(scorecard: Scorecard, assessment: Assessment, decision: Decision | None) -> tuple[MustHaveRow, ...]:
    """The must-haves in the rubric's order, with those that a decision sets aside that day marked."""
    waivers = decision.waivers if decision is not None else ()
    waived = {waiver.question for waiver in waivers if waiver.expires >= scorecard.on}
    return tuple(
        MustHaveRow(
            question=must_have.question.id,
            title=must_have.question.heading,
            must_reach=must_have.must_reach,
            if_missed=must_have.if_missed,
            level=must_have.level,
            state=must_have.state,
            proven=must_have.proven,
            supported=must_have.supported,
            state_words=marked_state(must_have),
            rests_on=proof_words(must_have, assessment.answer(must_have.question.id)),
            why=must_have.question.must_reach.why if must_have.question.must_reach else "",
            waived=must_have.question.id in waived,
        )
        for must_have in scorecard.must_haves
    )


def answer_parts(scorecard: Scorecard, assessment: Assessment) -> tuple[CriterionPart, ...]:
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
    texts: dict[str, list[AnswerPart]] = {}
    for text in scorecard.rubric.texts:
        texts.setdefault(text.criterion, []).append(_text_part(text, assessment))
    parts += [CriterionPart(f"{title}, in words", None, tuple(answers), ()) for title, answers in texts.items()]
    return tuple(parts)


def _text_part(question: TextQuestion, assessment: Assessment) -> AnswerPart:
    """A question that only informs, with what was answered."""
    answer = assessment.answer(question.id)
    return AnswerPart(
        id=question.id,
        title=question.heading,
        text=question.text,
        state="in words",
        answer="In words" if answer.note else "Not answered",
        words="",
        as_well=(),
        level=None,
        top=0,
        must_have="",
        note=answer.note,
        setting=None,
        evidence=_evidence_rows(answer),
        answered=answer.answered,
        answered_by="",
    )


def _evidence_rows(answer: Answer) -> tuple[EvidenceRow, ...]:
    return tuple(EvidenceRow(each.source, grade_words(each.grade), each.date, each.sha256) for each in answer.evidence)


def open_parts(scorecard: Scorecard, assessment: Assessment) -> tuple[OpenPart, ...]:
    """What has no current level, in the rubric's order; what is not answered at all has tried nothing."""
    must_haves = {must_have.question.id for must_have in scorecard.must_haves}
    return tuple(
        OpenPart(
            title=scored.question.heading,
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
            rows.append(SettingRow(scored.question.heading, setting, scored.question.id in must_haves))
    return tuple(sorted(rows, key=lambda row: not row.must_have))


def _answer_part(scored: QuestionScore, assessment: Assessment, must_have: MustHave | None) -> AnswerPart:
    question, answer = scored.question, assessment.answer(scored.question.id)
    return AnswerPart(
        id=question.id,
        title=question.heading,
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
        evidence=_evidence_rows(answer),
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
        return scored.question.heading
    return f"{scored.question.heading} (asked if {plain_condition_words(condition)})"


@dataclass(frozen=True, slots=True)
class OtherAssessment:
    """Another assessment of the same subject, scored on the same day."""

    assessment: Assessment
    scorecard: Scorecard


def make_document(
    scorecard: Scorecard,
    assessment: Assessment,
    *,
    decision: Decision | None,
    findings: Sequence[Finding],
    advice: Sequence[Advice],
    files: Sequence[FileDigest] = (),
    others: Sequence[OtherAssessment] = (),
    panel: Panel | None = None,
    reviewed: Assessment | None = None,
    surveys: Sequence[SurveyPart] = (),
    newer: NewerDecision | None = None,
    in_force: tuple[Decision, Standing] | None = None,
    earlier: Sequence[Decision] = (),
    records: Sequence[Record] = (),
    corrections: Sequence[Record | Amendment] = (),
    doubts: Sequence[str] = (),
    unusable: Sequence[str] = (),
    instead: Sequence[str] = (),
    signed: Sequence[str] = (),
    is_again: bool = False,
) -> Document:
    """The document of one assessment and, where there is one, the decision that rests on it.

    `panel` is what the assessment was settled from, `reviewed` that of the last review. `earlier` are decisions that
    this one supersedes, `records` what happened to it since, `corrections` those of the assessment. `doubts` say why
    nothing counts as approved, `unusable` which other files are of no use. `instead` are approved tools for the job,
    `signed` says who signed. `in_force` counts while a new review has no decision; `is_again`: there is a newer one.
    """
    standing = Standing(scorecard.on, approves=False, doubts=tuple(doubts)) if doubts else None
    if decision is not None:
        standing = replace(standing_of(decision, scorecard.on, tuple(doubts), records), is_again=is_again)
    approving = decision if standing is not None and standing.approves else None
    return _scored(scorecard, assessment)(
        tool=(*_tool(assessment), *map(_corrected, corrections)),
        front=front_page(scorecard, assessment, decision, standing, findings, surveys, newer, unusable, signed),
        requester=requester_part(scorecard, assessment, decision, standing, newer, instead, in_force),
        scope=_scope(scorecard, assessment, approving),
        decision=decision_part(decision, scorecard, standing, earlier) if decision and standing else None,
        newer_decision=newer,
        must_haves=must_have_rows(scorecard, assessment, decision),
        findings=findings_json(findings, scorecard),
        advice=[_way(way) for way in advice],
        surveys=tuple(surveys),
        panel=None if panel is None else _panel(panel, scorecard, assessment),
        opinions=tuple(_opinion(other, scorecard, assessment) for other in others),
        review=None if reviewed is None else _review(scorecard, assessment, reviewed),
        files=tuple(files),
    )


def _review(scorecard: Scorecard, assessment: Assessment, reviewed: Assessment) -> ReviewPart:
    confirmed, changed, pending = [], [], []
    for scored in scorecard.questions:
        question = scored.question
        now, before = assessment.answer(question.id), reviewed.answer(question.id)
        if scored.applies is False or not (now.is_given or before.is_given):
            continue
        was, given = (given_words(one) if one.is_given else "not answered" for one in (before, now))
        if now.confirm is not None:
            pending.append(question.heading)
        elif was == given:
            confirmed.append(question.heading)
        else:
            changed.append(f"{question.heading}: {was} → {given}")
    started = f" started {day(reviewed.started)}" if reviewed.started else ""
    since = f"the review by {reviewer_words(reviewed.reviewer)}{started}"
    return ReviewPart(since, tuple(confirmed), tuple(changed), tuple(pending))


def _panel(panel: Panel, scorecard: Scorecard, assessment: Assessment) -> PanelPart:
    rows = []
    overruled = [one for one in panel.opinions if one.is_overruled_by(scorecard.question(one.question.id))]
    for one in (*panel.parted, *overruled):
        settled, answer = scorecard.question(one.question.id), assessment.answer(one.question.id)
        rows.append(PartedRow(one.question.heading, opinion_lines(panel, one), level_words(settled), answer.note))
    parting = f"{parted_words(panel)}{f', and {len(overruled)} settled otherwise than all said' if overruled else ''}"
    return PanelPart(tuple(map(_member, panel.members)), agreement_words(panel.agreement[-1]), parting, tuple(rows))


def _member(member: Member) -> str:
    started = member.assessment.started
    begun = "" if started is None else f", begun {day(started)}"
    overall = member.scorecard.overall
    score = "" if overall is None else f", floor {figure(overall.floor)}, ceiling {figure(overall.ceiling)}"
    return f"{reviewer_words(member.assessment.reviewer)}{begun}: {member.scorecard.verdict.words}{score}"


def _scored(scorecard: Scorecard, assessment: Assessment) -> partial[Document]:
    """The document as far as it follows from the assessment alone."""
    rubric = scorecard.rubric
    return partial(
        Document,
        subject=assessment.subject.label,
        on=scorecard.on,
        complete=scorecard.complete,
        reviewer=reviewer_words(assessment.reviewer),
        verdict=scorecard.verdict,
        reasons=reasons_json(scorecard),
        criteria=criterion_rows(scorecard),
        overall=overall_row(scorecard),
        observed_over=observed_over(scorecard.observed_over, scorecard.criteria),
        questions=questions_json(scorecard),
        answers=answer_parts(scorecard, assessment),
        open=open_parts(scorecard, assessment),
        settings=setting_rows(scorecard, assessment),
        map=_map(scorecard),
        sums=sums(scorecard),
        rules=rules(scorecard),
        policy=policy_facts(rubric.policy),
        house_policy=house_policy_words(rubric),
        rubric=RubricPart(rubric.id, rubric.version, rubric.title, rubric.digest),
    )


def criterion_rows(scorecard: Scorecard) -> tuple[RangeRow, ...]:
    needed = scorecard.rubric.policy.approve.criterion
    return tuple(
        _range_row(one.criterion.id, one.criterion.title, one.criterion.weight, one.range, needed)
        for one in scorecard.criteria
    )


def overall_row(scorecard: Scorecard, title: str = "Overall") -> RangeRow:
    """The overall range under that title."""
    return _range_row(None, title, None, scorecard.overall, scorecard.rubric.policy.approve.overall)


def _range_row(
    id_: str | None, title: str, weight: Fraction | None, found: ScoreRange | None, needed: Fraction
) -> RangeRow:
    if found is None:
        return RangeRow(id_, title, weight, None, None, None, None, None, needed)
    figures = (found.floor, found.observed, found.ceiling, found.coverage, found.proven)
    return RangeRow(id_, title, weight, *figures, needed)


def _tool(assessment: Assessment) -> tuple[Fact, ...]:
    subject = assessment.subject
    given = (
        ("Tool", subject.name),
        ("Vendor", subject.vendor),
        ("Plan", subject.plan),
        ("Deployment", subject.deployment),
        ("Job to be done", subject.job),
        ("Requested by", subject.requested_by),
        ("Requested on", subject.requested_on and day(subject.requested_on)),
        ("Answer promised by", subject.answer_by and day(subject.answer_by)),
        ("Users", None if subject.users is None else str(subject.users)),
        ("Yearly cost", subject.yearly_cost),
        ("Assessed by", reviewer_words(assessment.reviewer)),
        ("Assessment started", assessment.started and day(assessment.started)),
    )
    return tuple(Fact(what, value) for what, value in given if value)


def _corrected(made: Record | Amendment) -> Fact:
    words = correction_words(made)
    why = f" {ended(made.why)}" if made.why else ""
    return Fact("Corrected", f"{words[:1].upper()}{words[1:]}. By {made.by} on {day(made.on)}.{why}")


def _scope(scorecard: Scorecard, assessment: Assessment, decision: Decision | None) -> tuple[ScopeRow, ...]:
    approved_for = None if decision is None else decision.approved_for
    return tuple(
        ScopeRow(
            what=fact.text,
            assessed=assessment.scope.get(fact.id, "not given"),
            approved=approved_for.scope.get(fact.id, "not stated") if approved_for is not None else None,
        )
        for fact in scorecard.rubric.scope
    )


def _way(advice: Advice) -> Json:
    """The way to a better verdict: as `score --json` has it, and in words what is needed, what more it takes, notes."""
    return {
        **advice_json(advice),
        "words": advice.target.words,
        "needed": [step_words(step) for step in advice.needed],
        "then": further_words(advice),
        "further": [step_words(step) for step in advice.further or ()],
        "notes": list(note_words(advice)),
    }


def _map(scorecard: Scorecard) -> MapPart | None:
    placement = place(scorecard)
    if placement is None or not placement.fields:
        return None
    split = scorecard.rubric.policy.approve.criterion
    return MapPart(
        experience=placement.experience,
        control=placement.control,
        split=split,
        field=field_words(placement),
        leans=map_leans(scorecard.rubric),
    )


def _opinion(other: OtherAssessment, scorecard: Scorecard, assessment: Assessment) -> Opinion:
    apart = second_opinions(scorecard, assessment, (other.assessment,))
    return Opinion(
        reviewer=reviewer_words(other.assessment.reviewer),
        verdict=other.scorecard.verdict,
        figures=overall_row(other.scorecard),
        differences=tuple(f"{one.question.heading}: {one.theirs} there, {one.ours} here" for one in apart),
    )
