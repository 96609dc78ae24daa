"""What a decision rests on and what is open, in sentences for the report's first page."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from toolvet.domain.assessment import Assessment, Grade
from toolvet.domain.decision import Decision
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard
from toolvet.domain.standing import is_approved
from toolvet.report.text import listed, plural, shortened
from toolvet.report.words import day, figure, reviewer_words, state_words


def ground(scorecard: Scorecard, assessment: Assessment) -> Iterator[str]:
    """Whose assessment it is, how much of it is answered, how well that is proven, and the score."""
    started = f", started {day(assessment.started)}" if assessment.started else ""
    yield f"One assessment by {reviewer_words(assessment.reviewer)}{started}."
    counting = [scored for scored in scorecard.questions if scored.counts]
    current = [scored for scored in counting if scored.state is AnswerState.ANSWERED]
    answers = [assessment.answer(scored.question.id) for scored in current]
    proven = sum(scored.proven for scored in current)
    tested = sum(any(evidence.grade is Grade.TESTED for evidence in answer.evidence) for answer in answers)
    if not current:
        yield f"None of {plural(len(counting), 'question')} has a current answer."
        return
    yield f"{len(current)} of {plural(len(counting), 'question')} that count {_have(len(current))} a current answer."
    yield (
        f"{proven} of these {_rest(proven)} on current evidence better than a claim; "
        f"{tested} {_was(tested)} tried by hand."
    )
    overall = scorecard.overall
    if overall is not None:
        yield (
            f"Of 100, the score is at least {figure(overall.floor)} and at most {figure(overall.ceiling)}"
            f"{'' if overall.observed is None else f'; what was seen stands at {figure(overall.observed)}'}."
        )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _rest(count: int) -> str:
    return "rests" if count == 1 else "rest"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def still_open(scorecard: Scorecard, decision: Decision | None) -> Iterator[str]:
    """Scope facts not given, must-haves that are not met or not proven, and other questions without an answer."""
    if scorecard.scope_open:
        yield f"{plural(len(scorecard.scope_open), 'scope fact')} not given."
    gates = {must_have.question.id for must_have in scorecard.must_haves}
    waivers = decision.waivers if decision is not None and is_approved(decision) else ()
    waived = {waiver.question for waiver in waivers if waiver.expires >= scorecard.on}
    for state in MustHaveState:
        if state is not MustHaveState.MET:
            yield from _must_haves_in(state, scorecard, waived)
    unproven = [one.question.title for one in scorecard.must_haves if one.state is MustHaveState.MET and not one.proven]
    if unproven:
        yield f"{_must_haves(len(unproven))} without current evidence better than a claim: {listed(unproven)}."
    others = [
        scored.question.title
        for scored in scorecard.questions
        if scored.counts and scored.state.is_open and scored.question.id not in gates
    ]
    if others:
        yield f"{plural(len(others), 'other question')} without a current answer: {shortened(others)}."
    elif not gates or all(one.state is MustHaveState.MET and one.proven for one in scorecard.must_haves):
        yield "Nothing: every question that counts has a current answer." if not scorecard.scope_open else ""


def _must_haves_in(state: MustHaveState, scorecard: Scorecard, waived: Collection[str]) -> Iterator[str]:
    """Those in that state; those set aside are named where it is said who accepts them."""
    found = [one.question for one in scorecard.must_haves if one.state is state]
    titles = [question.title for question in found if question.id not in waived]
    if titles:
        yield f"{_must_haves(len(titles))} {state_words(state)}: {listed(titles)}."
    if len(found) > len(titles):
        yield f"{_must_haves(len(found) - len(titles))} {state_words(state)} and set aside, named below."


def _must_haves(count: int) -> str:
    return plural(count, "must-have")
