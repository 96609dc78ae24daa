"""The reasons for a verdict, and the findings, in sentences."""

from __future__ import annotations

from fractions import Fraction

from toolvet.domain.findings import Detail, Finding, FindingCode
from toolvet.domain.rubric import Question
from toolvet.domain.scorecard import CriterionScore, MustHave, MustHaveState, Reason, ReasonCode, Scorecard, ScoreRange
from toolvet.text.labels import number, percent


def reason_words(reason: Reason, scorecard: Scorecard) -> str:
    if reason.question is not None:
        return _about_question(reason.code, reason.question, scorecard)
    if reason.code is ReasonCode.SCOPE_OPEN:
        return "".join(f"Scope not given: {fact.text}" for fact in scorecard.scope_open if fact.id == reason.fact)
    if reason.criterion is not None:
        scored = next(each for each in scorecard.criteria if each.criterion.id == reason.criterion)
        return _about_criterion(reason.code, scored, scorecard)
    return _about_overall(reason.code, scorecard)


def _about_question(code: ReasonCode, question_id: str, scorecard: Scorecard) -> str:
    if code is ReasonCode.CONTROL_ZERO:
        return f"The control question {scorecard.question(question_id).question.quoted} is at level 0."
    must_have = next(each for each in scorecard.must_haves if each.question.id == question_id)
    named = must_have.question.quoted
    match code:
        case ReasonCode.MUST_HAVE_UNKNOWN:
            return _why_unknown(must_have)
        case ReasonCode.MUST_HAVE_UNSUPPORTED:
            return f"The must-have {named} has no evidence at all."
        case ReasonCode.MUST_HAVE_UNPROVEN:
            return f"{named} has no current evidence better than a claim."
        case _:
            return f"{named} is at level {must_have.level}; level {must_have.must_reach} is required."


def _why_unknown(must_have: MustHave) -> str:
    named, required = must_have.question.quoted, f"level {must_have.may_reach} is required"
    match must_have.state:
        case MustHaveState.EXPIRED if must_have.not_yet_current:
            return f"The answer to {named} is dated in the future and does not count yet; {required}."
        case MustHaveState.EXPIRED:
            return f"The answer to {named} has expired; {required}."
        case MustHaveState.NOT_APPLICABLE:
            return f"The must-have {named} is answered not applicable; {required}."
        case _ if must_have.level is not None:
            return f"Whether {named} must reach level {must_have.may_reach} depends on scope facts that are not given."
        case _:
            return f"The level of {named} is not known; {required}."


def _about_criterion(code: ReasonCode, scored: CriterionScore, scorecard: Scorecard) -> str:
    title = scored.criterion.title
    if code is ReasonCode.NOT_APPLICABLE_HIGH or scored.range is None:
        limit = number(scorecard.rubric.policy.not_applicable_limit)
        share = percent(scored.not_applicable)
        return f'{share} percent of "{title}" is answered not applicable; the limit is {limit}.'
    policy = scorecard.rubric.policy
    needed = policy.approve if code is ReasonCode.CRITERION_LOW else policy.conditional
    return _too_low(code, title, scored.range, needed.criterion)


def _about_overall(code: ReasonCode, scorecard: Scorecard) -> str:
    policy, overall = scorecard.rubric.policy, scorecard.overall
    if overall is None:
        return "No question counts: none applies, or all are not applicable."
    match code:
        case ReasonCode.COVERAGE_LOW:
            needed, answered = number(policy.coverage), percent(overall.coverage)
            return f"{answered} percent of the weight is answered with a level; {needed} is needed."
        case ReasonCode.PROVEN_LOW:
            needed, proven = number(policy.proven), percent(overall.proven)
            return (
                f"{proven} percent of the weight rests on current evidence better than a claim; "
                f"{needed} is needed to approve."
            )
        case ReasonCode.OVERALL_LOW:
            return _too_low(code, "Overall", overall, policy.approve.overall)
        case _:
            return _too_low(code, "Overall", overall, policy.conditional.overall)


def _too_low(code: ReasonCode, what: str, score_range: ScoreRange, needed: Fraction) -> str:
    if code is ReasonCode.CANNOT_REACH:
        return f"{what}: {percent(score_range.ceiling)} can be reached at most; {number(needed)} is needed."
    floor = f"{what}: the floor {percent(score_range.floor)} is below {number(needed)}"
    return f"{floor}; open answers could still decide it." if code is ReasonCode.UNDECIDED else f"{floor} to approve."


_FOUND = {
    FindingCode.NO_EVIDENCE: "Rated high without evidence",
    FindingCode.CLAIM_ONLY: "Must-haves that rest on a claim alone",
    FindingCode.EVIDENCE_OLD: "Evidence past its shelf life",
    FindingCode.EVIDENCE_IN_FUTURE: "Evidence dated after {on}, which proves nothing yet",
    FindingCode.ANSWER_IN_FUTURE: "Answers dated after {on}, which do not count yet",
    FindingCode.NOT_TESTED: "Must be tried by hand, and no evidence says that it was",
    FindingCode.DOES_NOT_APPLY: "Answered although the question does not apply; kept and ignored",
    FindingCode.NO_SETTING: "Must-haves that pass without a recorded configuration",
    FindingCode.TO_CONFIRM: "Kept from an earlier version; answer again to confirm",
    FindingCode.CONTROL_ZERO: "Control questions at level 0",
    FindingCode.NOT_APPLICABLE_HELPS: "Changed to not applicable; the answer before would give a worse verdict",
}


def finding_words(finding: Finding, scorecard: Scorecard) -> str:
    """A finding as one sentence that names all its questions."""
    rubric = scorecard.rubric
    match finding.code:
        case FindingCode.SEAL_BROKEN:
            return "The file was changed outside toolvet, or cut short: its seal does not match."
        case FindingCode.RUBRIC_CHANGED:
            return f"The rubric {rubric.id} {rubric.version} has changed since this was answered."
    about = [
        _with_detail(scorecard.question(question_id).question, finding.code, detail)
        for question_id, detail in zip(finding.questions, finding.details, strict=True)
    ]
    return f"{_FOUND[finding.code].format(on=scorecard.on)}: {', '.join(about)}."


def _with_detail(question: Question, code: FindingCode, detail: Detail) -> str:
    if detail is None:
        return question.quoted
    match code:
        case FindingCode.NO_EVIDENCE:
            return f"{question.quoted} (level {detail})"
        case FindingCode.EVIDENCE_OLD:
            return f"{question.quoted} ({detail}; good for {question.shelf_months} months)"
        case _:
            return f"{question.quoted} ({detail})"
