"""Sentences about what the domain found: reasons, findings, what is due, and what a decision lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from toolvet.domain.assessment import Answer, Assessment, given_words
from toolvet.domain.decision import APPROVALS, Condition, Decision, Toleration
from toolvet.domain.decision_rules import (
    Breach,
    DecisionRule,
    DueItem,
    DueKind,
    cautions,
    refusals,
    toleration_refusals,
)
from toolvet.domain.findings import Detail, Finding, FindingCode
from toolvet.domain.rubric import Policy, Question, Rubric
from toolvet.domain.scorecard import (
    CriterionScore,
    MustHave,
    MustHaveState,
    Reason,
    ReasonCode,
    Scorecard,
    ScoreRange,
    Verdict,
    is_settled,
)
from toolvet.text.escape import one_line
from toolvet.text.labels import day, number, percent, share


def reason_words(reason: Reason, scorecard: Scorecard) -> str:
    if reason.question is not None:
        return _about_question(reason.code, reason.question, scorecard)
    if reason.code is ReasonCode.SCOPE_OPEN:
        return "".join(f"Scope not given: {fact.text}" for fact in scorecard.scope_open if fact.id == reason.fact)
    if reason.criterion is not None:
        scored = next(each for each in scorecard.criteria if each.criterion.id == reason.criterion)
        return _about_criterion(reason.code, scored, scorecard)
    return _about_overall(reason.code, scorecard)


def reasons_in_words(scorecard: Scorecard) -> tuple[str, ...]:
    """The reasons, with those that several questions share in one sentence."""
    shared: dict[str, list[str]] = {}
    lines: list[str] = []
    for reason in scorecard.reasons:
        words = reason_words(reason, scorecard)
        begins = _shared_words(reason, scorecard)
        if begins:
            shared.setdefault(begins, []).append(words)
        lines.append(begins or words)
    for begins, alone in shared.items():
        at = lines.index(begins)
        titles = [_titled(one, scorecard) for one in scorecard.reasons if _shared_words(one, scorecard) == begins]
        together = [f"{len(alone)} {begins}: {', '.join(titles)}."] if len(alone) >= _TOGETHER_FROM else alone
        lines = [*lines[:at], *together, *(line for line in lines[at:] if line != begins)]
    return tuple(lines)


_TOGETHER_FROM = 3
"""From so many questions on, what is the same about them is said once."""


def _shared_words(reason: Reason, scorecard: Scorecard) -> str:
    """How a sentence about several questions with that reason begins; empty where each needs its own."""
    if reason.question is None:
        return ""
    match reason.code:
        case ReasonCode.MUST_HAVE_UNKNOWN:
            must_have = next(each for each in scorecard.must_haves if each.question.id == reason.question)
            is_plain = must_have.state is MustHaveState.UNKNOWN and must_have.level is None
            return "must-haves are not known" if is_plain else ""
        case ReasonCode.MUST_HAVE_UNSUPPORTED:
            return "must-haves have no evidence at all"
        case ReasonCode.MUST_HAVE_UNPROVEN:
            return "must-haves have no current evidence better than a claim"
        case ReasonCode.CONTROL_ZERO:
            return "control questions are at level 0"
        case _:
            return ""


def _titled(reason: Reason, scorecard: Scorecard) -> str:
    return scorecard.question(reason.question or "").question.quoted


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
        return f'{share(scored.not_applicable)} of "{title}" is answered not applicable; the limit is {limit}%.'
    policy = scorecard.rubric.policy
    needed = policy.approve if code is ReasonCode.CRITERION_LOW else policy.conditional
    return _too_low(code, title, scored.range, needed.criterion)


def _about_overall(code: ReasonCode, scorecard: Scorecard) -> str:
    policy, overall = scorecard.rubric.policy, scorecard.overall
    if overall is None:
        return "No question counts: none applies, or all are not applicable."
    match code:
        case ReasonCode.COVERAGE_LOW:
            needed = number(policy.coverage)
            return f"{share(overall.coverage)} of the weight is answered with a level; {needed}% is needed."
        case ReasonCode.PROVEN_LOW:
            return (
                f"{share(overall.proven)} of the weight rests on current evidence better than a claim; "
                f"{number(policy.proven)}% is needed to approve."
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


_FOUND: Mapping[FindingCode, str | tuple[str, str]] = {
    FindingCode.NO_EVIDENCE: "Rated high without evidence",
    FindingCode.CLAIM_ONLY: ("Must-have that rests on a claim alone", "Must-haves that rest on a claim alone"),
    FindingCode.EVIDENCE_OLD: "Evidence past its shelf life",
    FindingCode.EVIDENCE_IN_FUTURE: "Evidence dated after {on}, which proves nothing yet",
    FindingCode.ANSWER_IN_FUTURE: (
        "Answer dated after {on}, which does not count yet",
        "Answers dated after {on}, which do not count yet",
    ),
    FindingCode.NOT_TESTED: "Must be tried by hand, and no evidence says that it was",
    FindingCode.DOES_NOT_APPLY: "Answered although the question does not apply; kept and ignored",
    FindingCode.NO_SETTING: ("Must-have met with no setting recorded", "Must-haves met with no setting recorded"),
    FindingCode.TO_CONFIRM: "Kept from an earlier version; answer again to confirm",
    FindingCode.CONTROL_ZERO: ("Control question at level 0", "Control questions at level 0"),
    FindingCode.NOT_APPLICABLE_HELPS: "Changed to not applicable; the answer before would give a worse verdict",
}


def finding_words(finding: Finding, scorecard: Scorecard) -> str:
    """A finding as one sentence that names all its questions."""
    words, about = finding_parts(finding, scorecard)
    return f"{words}: {', '.join(about)}." if about else words


def finding_parts(finding: Finding, scorecard: Scorecard) -> tuple[str, tuple[str, ...]]:
    """What was found, and each of its questions in quotation marks with what was found of it."""
    rubric = scorecard.rubric
    match finding.code:
        case FindingCode.SEAL_BROKEN:
            return "The file was changed outside toolvet, or cut short: its seal does not match.", ()
        case FindingCode.RUBRIC_CHANGED:
            return f"The rubric {rubric.id} {rubric.version} has changed since this was answered.", ()
    about = tuple(
        _with_detail(scorecard.question(question_id).question, finding.code, detail)
        for question_id, detail in zip(finding.questions, finding.details, strict=True)
    )
    found = _FOUND[finding.code]
    words = found if isinstance(found, str) else found[len(about) > 1]
    return words.format(on=day(scorecard.on)), about


def _with_detail(question: Question, code: FindingCode, detail: Detail) -> str:
    if detail is None:
        return question.quoted
    said = day(detail) if isinstance(detail, date) else detail
    match code:
        case FindingCode.NO_EVIDENCE:
            return f"{question.quoted} (level {said})"
        case FindingCode.EVIDENCE_OLD:
            return f"{question.quoted} ({said}; good for {question.shelf_months} months)"
        case _:
            return f"{question.quoted} ({said})"


def settled_words(scorecard: Scorecard) -> str:
    """That what is open cannot change the verdict; empty where it can."""
    if not is_settled(scorecard):
        return ""
    if scorecard.verdict is Verdict.REJECT:
        return "Rejected: nothing that is open can change it."
    if not any(scored.counts and scored.state.is_open for scored in scorecard.questions):
        return f"Settled: {scorecard.verdict.words}; nothing is open."
    return f"Settled: {scorecard.verdict.words}, whatever the open answers turn out to be."


def due_about(item: DueItem) -> str:
    """What a due item is about, a question by its title in quotation marks, with the owner."""
    about = item.about if item.question is None else f'"{item.about}"'
    return f"{about} ({item.owner})" if item.owner else about


def due_item_words(item: DueItem) -> str:
    """What is due, in a line without its day."""
    match item.kind:
        case DueKind.PROMISED:
            return f"Answer promised to {item.about}" if item.about else "Answer promised"
        case DueKind.APPROVAL:
            doubt = " (to be confirmed)" if item.is_in_doubt else ""
            if item.about == Toleration.TOLERATE:
                return f"Tolerated until then{doubt}, without an assessment{f' ({item.owner})' if item.owner else ''}"
            decided = Verdict(item.about)
            return f"{'Approval ends' if decided in APPROVALS else 'Review again'}{doubt}: {decided.words}"
        case DueKind.SURVEY:
            return "Ask the survey again"
        case kind:
            return f"{_DUE[kind]}: {due_about(item)}"


_DUE = {
    DueKind.WAIVER: "Waiver ends",
    DueKind.CONDITION: "Condition due",
    DueKind.MUST_HAVE: "Must-have to renew",
    DueKind.ANSWER: "Answer to renew",
}


def refusals_in_words(
    decision: Decision,
    scorecard: Scorecard,
    *,
    seal_broken: bool = False,
    rubric_changed: bool = False,
    carried: Sequence[Condition] = (),
    together: bool = False,
) -> tuple[str, ...]:
    """What forbids recording the decision, and what to do; arguments as for `refusals`.

    `together` counts must-haves that all need a waiver, for whoever has them before the eyes.
    """
    found = refusals(decision, scorecard, seal_broken=seal_broken, rubric_changed=rubric_changed, carried=carried)
    bare = [each.question or "" for each in found if each.rule is DecisionRule.NO_WAIVER and each.waiver is None]
    if not together or len(bare) < _TOGETHER_FROM:
        return tuple(_refusal(each, decision, scorecard) for each in found)
    words = f"{len(bare)} must-haves are not met, and an approval needs a waiver for each."
    rest = (each for each in found if each.question not in bare or each.rule is not DecisionRule.NO_WAIVER)
    return (*(_refusal(each, decision, scorecard) for each in rest), words)


def toleration_refusals_in_words(decision: Decision, policy: Policy) -> tuple[str, ...]:
    """What forbids tolerating the tool in this way, and what to do."""
    words = {
        DecisionRule.NO_RATIONALE: "Say why the tool is tolerated in the rationale.",
        DecisionRule.NO_OWNER: "Name an owner who answers for the tool.",
        DecisionRule.NO_END: "Name the last day on which it is tolerated.",
    }
    return tuple(words.get(one.rule) or _about_dates(one, decision) for one in toleration_refusals(decision, policy))


def cautions_in_words(decision: Decision) -> tuple[str, ...]:
    """What does not forbid recording the decision, but should be deliberate."""
    return (*(_caution(each) for each in cautions(decision)), *confirmed_words(decision))


def confirmed_words(decision: Decision) -> Iterator[str]:
    """Which earlier decisions this one confirms, each with all that was found in it."""
    for one in decision.confirmed:
        yield f"Confirms {one.file} as it is. What was found in it: {' '.join(one.told)}"


def _refusal(breach: Breach, decision: Decision, scorecard: Scorecard) -> str:
    if breach.waiver is not None:
        return _about_waiver(breach, scorecard)
    match breach.rule:
        case DecisionRule.SEAL_BROKEN:
            return (
                "The assessment's seal does not match: the file was changed outside toolvet, or cut short. "
                "Read it through and confirm it first."
            )
        case DecisionRule.RUBRIC_CHANGED:
            return "The rubric has changed since this was answered. Restore the old rubric, or answer the new one."
        case DecisionRule.NO_RATIONALE:
            return (
                f"The decision ({decision.decision.words}) differs from the verdict ({scorecard.verdict.words}): "
                "say why in the rationale."
            )
        case DecisionRule.NO_WAIVER:
            return _without_waiver(breach.question or "", scorecard)
        case DecisionRule.NOTHING_TO_WAIVE:
            return "A waiver belongs to an approval, and this decision approves nothing: leave it out."
        case _:
            return _about_dates(breach, decision)


def _without_waiver(question_id: str, scorecard: Scorecard) -> str:
    state = next(each.state for each in scorecard.must_haves if each.question.id == question_id)
    return f"The must-have {_called(question_id, scorecard)} is not met ({state}); an approval needs a waiver for it."


def _about_waiver(breach: Breach, scorecard: Scorecard) -> str:
    assert breach.waiver is not None
    named = f"The waiver for {_called(breach.waiver.question, scorecard)}"
    match breach.rule:
        case DecisionRule.WAIVER_TOO_LONG:
            return f"{named} runs until {breach.waiver.expires}; the policy allows {breach.latest} at most."
        case DecisionRule.WAIVER_OVER:
            return f"{named} is over on the day of the decision: give it a later day."
        case _:
            return f"{named} sets aside no must-have of this assessment: leave it out."


def _about_dates(breach: Breach, decision: Decision) -> str:
    match breach.rule:
        case DecisionRule.VALID_BEFORE:
            return f"Valid until {decision.valid_until} lies before the day of the decision, {decision.decided_on}."
        case DecisionRule.NO_END:
            return f"It names no last day; the policy allows {breach.latest} at most."
        case DecisionRule.VALID_TOO_LONG:
            return f"It is valid until {decision.valid_until}; the policy allows {breach.latest} at most."
        case _:
            assert breach.condition is not None
            return (
                f'The condition "{breach.condition.text}" is due on {breach.condition.due}, before the day of the '
                f"decision, {decision.decided_on}: give it a later day."
            )


def weak_spots(scorecard: Scorecard) -> tuple[str, ...]:
    """The control questions at 0, with what that rung says."""
    found = (scored.question for scored in scorecard.questions if scored.is_control_zero)
    return tuple(f"{question.heading}: {question.levels[0]}" for question in found)


def _called(question_id: str, scorecard: Scorecard) -> str:
    """The question's title with its id, which options use; the id alone if there is no such question."""
    question = scorecard.rubric.question(question_id)
    return question_id if question is None else f"{question.quoted} ({question_id})"


def _caution(breach: Breach) -> str:
    condition = breach.condition
    if condition is None:
        return "The decision is to approve with conditions, but it names none."
    if breach.rule is DecisionRule.CONDITION_OVERDUE:
        return f'The condition "{condition.text}" has been overdue since {condition.due}.'
    missing = [word for word, value in (("owner", condition.owner), ("due date", condition.due)) if value is None]
    return f'The condition "{condition.text}" has no {" and no ".join(missing)}.'


def why_words(why: str) -> str:
    """Why a file cannot be changed, as a sentence begins, with its day in words."""
    return _DAY.sub(lambda found: day(date.fromisoformat(found[0])), f"{why[:1].upper()}{why[1:]}")


_DAY = re.compile(r"(?<![/\w])\d{4}-\d\d-\d\d\b(?![-.])")  # that of a file's name stays


def dated_anew_words(before: date, now: date) -> str:
    """That answers to a survey were dated by a wrong clock, which was put right; empty where they were not."""
    return (
        "" if before == now else f"These answers were dated {before}, which is yet to come. They are dated {now} now."
    )


def read_only_words(why: str) -> str:
    """That an assessment cannot be changed, and what to do instead."""
    return f"{why_words(why)}, so it is read-only. V reviews it again, as a new one."


def kept_elsewhere_words(folder: str | None) -> str:
    """In which workspace a draft was kept, if that was another than where it is restored; empty if not."""
    return "" if folder is None else f" in {one_line(folder)}"


def one_change_words(before: Assessment, after: Assessment, rubric: Rubric) -> str:
    """What one change made of an assessment: "Strong sign-in, level 2", "Strong sign-in, the note"."""
    for question_id in rubric.ids():
        was, now = before.answer(question_id), after.answer(question_id)
        question = rubric.question(question_id) or rubric.text_question(question_id)
        if was != now and question is not None:
            return f"{one_line(question.heading)}, {_changed_part(was, now)}"
    return "the scope facts" if before.scope != after.scope else "nothing differs"


def _changed_part(was: Answer, now: Answer) -> str:
    if was.is_given and not now.is_given:
        return "no answer"
    if now.is_given and (not was.is_given or given_words(was) != given_words(now)):
        return given_words(now)
    parts = (
        (was.evidence, now.evidence, "evidence"),
        (was.setting, now.setting, "setting"),
        (was.note, now.note, "note"),
    )
    return f"the {next((name for one, other, name in parts if one != other), 'answer')}"
