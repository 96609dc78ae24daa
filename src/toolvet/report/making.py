"""Making the report's document from the values it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.advice import Advice, further_words, note_words, step_words
from toolvet.domain.assessment import Assessment
from toolvet.domain.deciding import second_opinions
from toolvet.domain.decision import Decision
from toolvet.domain.findings import Finding
from toolvet.domain.scorecard import Scorecard, ScoreRange
from toolvet.domain.standing import Standing, standing_of
from toolvet.domain.sweetspot import place
from toolvet.report.answers import answer_parts, must_have_rows, open_parts, setting_rows
from toolvet.report.arithmetic import sums
from toolvet.report.decided import decision_part, policy_facts
from toolvet.report.document import Document, Fact, Figures, FileDigest, MapPart, Opinion, RubricPart, ScopeRow, Way
from toolvet.report.front import front_page
from toolvet.report.newer_decision import NewerDecision
from toolvet.report.plain_words import requester_part
from toolvet.report.rules import rules
from toolvet.report.shortfalls import SurveyPart
from toolvet.report.words import day, house_policy_words, map_leans, observed_over, reviewer_words


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
        reasons=tuple(reason.text for reason in scorecard.reasons),
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
        findings=tuple(finding.text for finding in findings),
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
