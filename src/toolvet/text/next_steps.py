"""What to do next, in sentences: the way to a better verdict, conditions that follow from it, and due dates."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.advice import Advice, Step, StepKind, advise
from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import Condition
from toolvet.domain.due import DueItem, DueKind
from toolvet.domain.fewest_steps import MOST_STEPS
from toolvet.domain.scorecard import Scorecard, Verdict


def step_words(step: Step) -> str:
    """The step in one line, its rung in the rubric's words."""
    if step.fact is not None:
        ending = " Whatever the answer, the verdict stays the same." if step.is_idle else ""
        return f"Give the scope: {step.fact.text}{ending}"
    if step.question is None:
        raise ValueError("a step is about a question or a scope fact")
    named = step.question.quoted
    match step.kind:
        case StepKind.SUPPORT:
            return f"Record the evidence for {named}: it has none."
        case StepKind.PROVE if step.question.needs_hands_on:
            return f"Try {named} by hand, and record what you saw."
        case StepKind.PROVE:
            return f"Provide evidence (a test, an audit, a document) for {named}."
        case StepKind.NOT_YET_CURRENT:
            done = f"Answer {named} again on its date, which lies in the future"
        case StepKind.RAISE:
            done = f"Raise {named} to level {step.rung}"
        case _:
            done = f"Find out whether {named} reaches level {step.rung}"
    evidence = "" if step.evidence is None else ", with evidence"
    if step.evidence is StepKind.PROVE:
        evidence += " that you tried it by hand" if step.question.needs_hands_on else " (a test, an audit, a document)"
    return f"{done}{evidence}: {step.question.levels[step.rung or 0]}"


def further_words(advice: Advice) -> str:
    """How many further steps it takes, as a line above them."""
    match advice.further_steps:
        case None:
            return f"Then at least {MOST_STEPS + 1} further steps."
        case 0:
            return "No further step." if advice.needed else "Nothing more."
        case 1:
            return "Then one further step:" if advice.needed else "One step:"
        case steps:
            return f"Then {steps} further steps:" if advice.needed else f"{steps} steps:"


def note_words(advice: Advice) -> tuple[str, ...]:
    """What the advice assumes, and where each option of an open scope fact leads."""
    return tuple(_notes(advice))


def _notes(advice: Advice) -> Iterator[str]:
    if any(step.kind is StepKind.FIND_OUT for step in advice.needed):
        yield "Open must-haves are assumed to be at exactly the level they must reach."
    for outcome in advice.outcomes:
        verdicts = " or ".join(verdict.words for verdict in outcome.verdicts)
        yield f"If the answer to “{outcome.fact.text}” is “{outcome.option}”: {verdicts}."
    if not advice.is_sure:
        yield "Questions that depend on open scope facts are assumed to apply; with the facts the result may differ."


def offered_conditions(scorecard: Scorecard, assessment: Assessment) -> tuple[Condition, ...]:
    """A condition for each thing between the answers and approve."""
    ways = advise(scorecard.rubric, assessment, scorecard.on)
    if not ways:
        return ()
    steps = (*ways[-1].needed, *(ways[-1].further or ()))
    return tuple(Condition(step_words(step), id=step.question.id) for step in steps if step.question is not None)


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
            decided = Verdict(item.about)
            is_approval = decided in (Verdict.APPROVE, Verdict.APPROVE_WITH_CONDITIONS)
            return f"{'Approval runs out' if is_approval else 'Review again'}: {decided.words}"
        case DueKind.SURVEY:
            return "Ask the survey again"
        case kind:
            return f"{_DUE[kind]}: {due_about(item)}"


_DUE = {
    DueKind.WAIVER: "Waiver expires",
    DueKind.CONDITION: "Condition due",
    DueKind.MUST_HAVE: "Must-have expires",
    DueKind.ANSWER: "Answer expires",
}
