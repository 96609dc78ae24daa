"""Making the report's document from the values it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.advice import Advice
from toolvet.domain.assessment import Answer, Assessment, to_confirm
from toolvet.domain.decision import ApprovedFor, Computed, Condition, Decision
from toolvet.domain.decision_rules import Standing, is_approved, second_opinions, standing_of
from toolvet.domain.findings import Finding
from toolvet.domain.rubric import Policy, Rubric
from toolvet.domain.scorecard import AnswerState, MustHave, QuestionScore, Scorecard, ScoreRange
from toolvet.domain.sweetspot import place
from toolvet.report.approval.arithmetic import rules, sums
from toolvet.report.approval.document import (
    AnswerPart,
    ConditionRow,
    CriterionPart,
    DecisionPart,
    Document,
    EvidenceRow,
    Fact,
    Figures,
    FileDigest,
    MapPart,
    MustHaveRow,
    NewerDecision,
    OpenPart,
    Opinion,
    RubricPart,
    ScopeRow,
    SettingRow,
    SurveyPart,
    WaiverRow,
    Way,
)
from toolvet.report.approval.front_page import front_page, question_title, standing_words
from toolvet.report.approval.requester import requester_part
from toolvet.text.escape import ended, listed, plural
from toolvet.text.labels import (
    day,
    figure,
    grade_words,
    house_policy_words,
    map_leans,
    marked_state,
    number,
    observed_over,
    plain_condition_words,
    proof_words,
    reviewer_words,
    state_words,
)
from toolvet.text.next_steps import further_words, note_words, step_words
from toolvet.text.reasons import finding_words, reason_words


def changed_words(before: Decision, now: Decision, rubric: Rubric) -> tuple[str, ...]:
    """A sentence for each thing that is not as it was; empty where only day and rationale are new."""
    return tuple(_changes(before, now, rubric))


def _changes(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    if before.decision is not now.decision:
        yield f"The decision was {before.decision.words} and is {now.decision.words}."
    if before.decided_by != now.decided_by:
        yield f"It was decided by {before.decided_by}, and now by {now.decided_by}."
    if is_approved(now):
        yield from _limits(before, now, rubric)
        yield from _lists("Left off", before.approved_for.left_off, now.approved_for.left_off)
        yield from _conditions(before.conditions, now.conditions)
        yield from _waivers(before, now, rubric)
    yield from _lists("Consulted", before.consulted, now.consulted)
    yield from _lists("Considered", before.considered, now.considered)
    yield from _lists("Links", before.links, now.links)
    if is_approved(now) and before.valid_until != now.valid_until and now.valid_until is not None:
        was = "without an end" if before.valid_until is None else f"until {day(before.valid_until)}"
        yield f"It was valid {was}, and is valid until {day(now.valid_until)}."


def _limits(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    was, is_now = before.approved_for, now.approved_for
    for name, old, new in (("Users", was.users, is_now.users), ("Plan", was.plan, is_now.plan)):
        if old != new:
            yield f"{name}: {_said(old)} before, {_said(new)} now."
    for fact_id in dict.fromkeys((*was.scope, *is_now.scope)):
        old_option, new_option = was.scope.get(fact_id), is_now.scope.get(fact_id)
        if old_option != new_option:
            fact = rubric.scope_fact(fact_id)
            name = fact_id if fact is None else fact.text
            yield f"{name} {_said(old_option)} before, {_said(new_option)} now."


def _conditions(before: Sequence[Condition], now: Sequence[Condition]) -> Iterator[str]:
    old, new = ({one.id or one.text: one for one in conditions} for conditions in (before, now))
    for key, condition in old.items():
        later = new.get(key)
        if later is None:
            yield f"Condition dropped: {ended(condition.text)}"
        elif later.due != condition.due:
            yield f"Condition moved from {_day(condition)} to {_day(later)}: {ended(condition.text)}"
    yield from (f"Condition added: {ended(condition.text)}" for key, condition in new.items() if key not in old)


def _day(condition: Condition) -> str:
    return "no day" if condition.due is None else day(condition.due)


def _waivers(before: Decision, now: Decision, rubric: Rubric) -> Iterator[str]:
    old, new = ({waiver.question: waiver for waiver in decision.waivers} for decision in (before, now))
    for question, waiver in old.items():
        title = question_title(rubric, question)
        later = new.get(question)
        if later is None:
            yield f"Waiver dropped: {ended(title)}"
        elif later.expires != waiver.expires:
            yield f"Waiver until {day(later.expires)} instead of {day(waiver.expires)}: {ended(title)}"
    yield from (f"Waiver added: {ended(question_title(rubric, name))}" for name in new if name not in old)


def _lists(what: str, before: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    gone = [text for text in before if text not in now]
    new = [text for text in now if text not in before]
    if gone:
        yield f"{what}, dropped: {ended(listed(gone))}"
    if new:
        yield f"{what}, added: {ended(listed(new))}"


def _said(value: object) -> str:
    return "not stated" if value is None else str(value)


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
    return f"{scored.question.title} (asked when {plain_condition_words(condition)})"


def decision_part(
    decision: Decision, scorecard: Scorecard, standing: Standing, earlier: Sequence[Decision] = ()
) -> DecisionPart:
    """The decision with question ids put in words; `earlier` are those that it supersedes."""
    rubric = scorecard.rubric
    return DecisionPart(
        decision=decision.decision,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        valid_until=decision.valid_until,
        rationale=decision.rationale,
        departs=_departs(decision),
        standing=standing_words(standing, rubric),
        approves=is_approved(decision) and not standing.doubts,
        approved_for=_approved_for(decision.approved_for, rubric),
        left_off=decision.approved_for.left_off,
        conditions=tuple(
            ConditionRow(one.text, one.owner, one.due, one in standing.overdue) for one in decision.conditions
        ),
        waivers=tuple(
            WaiverRow(
                title=question_title(rubric, one.question),
                reason=one.reason,
                compensating_control=one.compensating_control,
                owner=one.owner,
                expires=one.expires,
                run_out=one.expires < standing.on,
            )
            for one in decision.waivers
        ),
        considered=decision.considered,
        consulted=decision.consulted,
        links=decision.links,
        supersedes=listed(decision.replaces) or None,
        computed=(*computed_words(decision.computed), *_other_policy(decision.computed, rubric)),
        changed=tuple(dict.fromkeys(words for before in earlier for words in changed_words(before, decision, rubric))),
    )


def computed_words(computed: Computed) -> tuple[str, ...]:
    """What the scorecard said on the day of the decision, as the decision recorded it."""
    return (
        f"Computed on {day(computed.on)}: {computed.verdict.words}.",
        f"Floor {figure(computed.floor)}, observed {figure(computed.observed)}, "
        f"ceiling {figure(computed.ceiling)}, coverage {figure(computed.coverage)}.",
    )


def policy_facts(policy: Policy) -> tuple[Fact, ...]:
    """The policy in words."""
    approve, conditional = policy.approve, policy.conditional
    return (
        Fact("To approve", f"every criterion {number(approve.criterion)}, overall {number(approve.overall)}"),
        Fact(
            "To approve with conditions",
            f"every criterion {number(conditional.criterion)}, overall {number(conditional.overall)}",
        ),
        Fact("Coverage needed", f"{number(policy.coverage)} percent of the weight"),
        Fact("Proven, to approve", f"{number(policy.proven)} percent of the weight, and every must-have"),
        Fact("Not applicable", f"at most {number(policy.not_applicable_limit)} percent of a criterion"),
        Fact("An approval is valid", f"at most {plural(policy.valid_months, 'month')}"),
        Fact("A waiver runs", f"at most {plural(policy.waiver_months, 'month')}"),
    )


def _other_policy(computed: Computed, rubric: Rubric) -> Iterator[str]:
    """What was different on the day of the decision, where the policy has changed since."""
    then, now = policy_facts(computed.policy), policy_facts(rubric.policy)
    changed = [old for old, new in zip(then, now, strict=True) if old != new]
    if changed:
        yield "The policy has changed since. On that day:"
        yield from (f"{fact.what}: {fact.value}." for fact in changed)


def _departs(decision: Decision) -> str:
    verdict = decision.computed.verdict
    if decision.decision is verdict:
        return "The decision follows the verdict as computed."
    side = "better" if decision.decision.rank < verdict.rank else "stricter"
    return f"The decision is {side} than the verdict as computed, which was {verdict.words}."


def _approved_for(approved_for: ApprovedFor, rubric: Rubric) -> tuple[Fact, ...]:
    """What is approved besides the rubric's scope facts, which have a table of their own."""
    facts = tuple(Fact(id_, option) for id_, option in approved_for.scope.items() if rubric.scope_fact(id_) is None)
    if approved_for.users is not None:
        facts += (Fact("Users", f"up to {approved_for.users}"),)
    if approved_for.plan is not None:
        facts += (Fact("Plan", approved_for.plan),)
    return facts


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
    surveys: Sequence[SurveyPart] = (),
    newer: NewerDecision | None = None,
    earlier: Sequence[Decision] = (),
    doubts: Sequence[str] = (),
    unusable: Sequence[str] = (),
) -> Document:
    """The document of one assessment and, where there is one, the decision that rests on it.

    `earlier` are the decisions that it supersedes. `doubts` say why nothing counts as approved, `unusable` which other
    files of the subject cannot be used; both stand on the first page.
    """
    rubric = scorecard.rubric
    standing = Standing(scorecard.on, approves=False, doubts=tuple(doubts)) if doubts else None
    if decision is not None:
        standing = standing_of(decision, scorecard.on, tuple(doubts))
    first_page = front_page(scorecard, assessment, decision, standing, findings, surveys, newer, unusable)
    return Document(
        subject=assessment.subject.label,
        on=scorecard.on,
        complete=scorecard.complete,
        front=first_page,
        requester=requester_part(scorecard, assessment, decision, standing, newer),
        tool=_tool(assessment),
        scope=_scope(scorecard, assessment, decision if standing is not None and standing.approves else None),
        reviewer=reviewer_words(assessment.reviewer),
        verdict=scorecard.verdict,
        reasons=tuple(reason_words(reason, scorecard) for reason in scorecard.reasons),
        decision=decision_part(decision, scorecard, standing, earlier) if decision and standing else None,
        newer_decision=newer,
        criteria=tuple(
            figures(scored.criterion.title, scored.range, rubric.policy.approve.criterion, scored.criterion.weight)
            for scored in scorecard.criteria
        ),
        overall=figures("Overall", scorecard.overall, rubric.policy.approve.overall),
        observed_over=observed_over(scorecard.observed_over, scorecard.criteria),
        must_haves=must_have_rows(scorecard, assessment, decision),
        answers=answer_parts(scorecard, assessment),
        open=open_parts(scorecard, assessment),
        settings=setting_rows(scorecard, assessment),
        findings=tuple(finding_words(finding, scorecard) for finding in findings),
        ways=tuple(_way(way) for way in advice),
        map=_map(scorecard),
        surveys=tuple(surveys),
        opinions=tuple(_opinion(other, scorecard, assessment) for other in others),
        sums=sums(scorecard),
        rules=rules(scorecard),
        policy=policy_facts(rubric.policy),
        house_policy=house_policy_words(scorecard.rubric),
        rubric=RubricPart(rubric.id, rubric.version, rubric.title, rubric.digest),
        files=tuple(files),
    )


def figures(title: str, score_range: ScoreRange | None, needed: Fraction, weight: Fraction | None = None) -> Figures:
    """The range under its title."""
    if score_range is None:
        return Figures(title, weight, None, None, None, None, None, needed)
    return Figures(
        title,
        weight,
        score_range.floor,
        score_range.observed,
        score_range.ceiling,
        score_range.coverage,
        score_range.proven,
        needed,
    )


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


def _way(advice: Advice) -> Way:
    return Way(
        target=advice.target,
        needed=tuple(step_words(step) for step in advice.needed),
        then=further_words(advice),
        further=tuple(step_words(step) for step in advice.further or ()),
        notes=note_words(advice),
    )


def _map(scorecard: Scorecard) -> MapPart | None:
    placement = place(scorecard)
    if placement is None or placement.field is None:
        return None
    split = scorecard.rubric.policy.approve.criterion
    return MapPart(
        experience=placement.experience,
        control=placement.control,
        split=split,
        field=placement.field.value,
        leans=map_leans(scorecard.rubric),
    )


def _opinion(other: OtherAssessment, scorecard: Scorecard, assessment: Assessment) -> Opinion:
    apart = second_opinions(scorecard, assessment, (other.assessment,))
    return Opinion(
        reviewer=reviewer_words(other.assessment.reviewer),
        verdict=other.scorecard.verdict,
        figures=figures("Overall", other.scorecard.overall, other.scorecard.rubric.policy.approve.overall),
        differences=tuple(f"{one.question.title}: {one.theirs} there, {one.ours} here" for one in apart),
    )
