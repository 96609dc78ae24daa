"""What would change the verdict, in words: each step, how many there are, and what they assume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.advice import Advice, Step, StepKind
from toolvet.domain.step_search import MOST_STEPS
from toolvet.text.escape import plural


def step_words(step: Step, *, is_task: bool = False) -> str:
    """The step in one line, its rung in the rubric's words; as a task for people who know no levels, without them."""
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
            done = f"Meet {named}" if is_task else f"Raise {named} to level {step.rung}"
        case _ if not step.rung:
            return f"Find out about {named}." if is_task else f"Answer {named}, whatever the level."
        case _:
            whether = f"it meets {named}" if is_task else f"{named} reaches level {step.rung}"
            done = f"Find out whether {whether}"
    evidence = "" if step.evidence is None else ", with evidence"
    if step.evidence is StepKind.PROVE:
        evidence += " that you tried it by hand" if step.question.needs_hands_on else " (a test, an audit, a document)"
    return f"{done}{evidence}: {step.question.levels[step.rung or 0]}"


def brief_step_words(step: Step) -> str:
    """The step within a sentence: 'raise "Sign in" to level 3 and prove it'."""
    if step.question is None:
        raise ValueError("a brief step is about a question")
    named = step.question.quoted
    match step.kind:
        case StepKind.SUPPORT:
            return f"give evidence for {named}"
        case StepKind.PROVE:
            return f"prove {named}"
        case StepKind.NOT_YET_CURRENT:
            done = f"answer {named} again"
        case StepKind.RAISE:
            done = f"raise {named} to level {step.rung}"
        case _ if not step.rung:
            return f"answer {named}"
        case _:
            done = f"find {named} at level {step.rung}"
    if step.evidence is None:
        return done
    return f"{done} and prove it" if step.evidence is StepKind.PROVE else f"{done} with evidence"


def least_steps(way: Advice) -> int:
    """How many steps it takes, at the least where not all were worked out."""
    return len(way.needed) + (way.steps_at_least if way.further_steps is None else way.further_steps)


def ways_words(ways: Sequence[Advice]) -> str:
    """How many steps it takes to each verdict: "1 step to hold, 33 to approve with conditions"."""
    counted = []
    for at, way in enumerate(ways):
        steps = least_steps(way)
        least = "at least " if way.further_steps is None else ""
        counted.append(f"{least}{steps if at else plural(steps, 'step')} to {way.target.words}")
    words = ", ".join(counted)
    return words[:1].upper() + words[1:]


def further_words(advice: Advice) -> str:
    """How many further steps it takes, as a line above them."""
    match advice.further_steps:
        case None:
            least = f"Then at least {plural(advice.steps_at_least, 'further step')}"
            if advice.steps_at_least > MOST_STEPS:
                return f"{least}."
            return f"{least}; too many combinations of weights to work out which ones."
        case 0:
            return "Then nothing further." if advice.needed else "Nothing more."
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
        yield f'If the answer to "{outcome.fact.text}" is "{outcome.option}": {verdicts}.'
    if not advice.is_sure:
        yield "Questions that depend on open scope facts are assumed to apply; with the facts the result may differ."
