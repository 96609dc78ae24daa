"""What a tool would do about the shortfalls that a survey found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolvet.domain.gaps import Closing, Effect, Side, closings, current_share
from toolvet.domain.scorecard import QuestionScore, Scorecard
from toolvet.report.approval.document import LinkedAnswer, Shortfall, SurveyPart
from toolvet.report.survey.result import Survey, ask_again_on
from toolvet.report.survey.sentences import ask_again_words, ladder_words, mean_words, people_words, wording_words
from toolvet.text.escape import ended, listed, plural
from toolvet.text.labels import day, share, state_words

EFFECT_WORDS = {
    Effect.CLOSES: "✓ would close it",
    Effect.NARROWS: "≈ would narrow it",
    Effect.DOES_NOT: "✗ would not help",
    Effect.NOT_KNOWN: "? not known",
    Effect.NOT_ASKED: "– not asked about",
}
HOW_TOLD = (
    "Each level or mean is compared as a percentage of its own ladder. If a linked answer is no higher than what is "
    "delivered, the tool would not help; otherwise, if one is open, the effect is not known. If all reach what is "
    "expected, the tool would close the shortfall; if not, narrow it."
)
ONLY_A_POINTER = "The tool and the survey have different ladders, so this shows where to look and measures nothing."


def survey_part(survey: Survey, scorecard: Scorecard, left_out: Sequence[str] = ()) -> SurveyPart:
    """The survey's shortfalls with what the tool's answers say of each; `left_out` says what was not counted."""
    found = closings(scorecard, survey.now.readiness)
    notes = (ask_again_words(survey), wording_words(survey.now), *(ended(one) for one in left_out))
    return SurveyPart(
        organisation=survey.organisation,
        people=people_words(survey.now),
        answer=_answer(survey, found),
        notes=tuple(note for note in notes if note),
        shortfalls=tuple(_shortfalls(found)),
        rubric=f"{survey.now.rubric.id} {survey.now.rubric.version}",
        sha256=survey.now.sha256,
    )


def _answer(survey: Survey, found: Sequence[Closing]) -> str:
    """How many of the shortfalls the tool would close, narrow, not help with; and what is not known or not asked."""
    due = ask_again_on(survey.now)
    asked = f"the survey of {survey.organisation}"
    if due is not None and due < survey.on:
        asked += f" (out of date since {day(due)})"
    if all(one.whole.gap is None for one in survey.now.readiness.questions):
        return f"In {asked}, too few people answered to show any gap."
    if not found:
        return f"In {asked}, nothing falls short, so there is nothing for a tool to close."
    counts = {effect: sum(one.effect is effect for one in found) for effect in Effect}
    verbs = {Effect.CLOSES: "close", Effect.NARROWS: "narrow", Effect.DOES_NOT: "not help with"}
    told = listed([f"{verb} {counts[effect]}" for effect, verb in verbs.items() if counts[effect]])
    counted = f"T{asked[1:]} found {plural(len(found), 'shortfall')}."
    if counts[Effect.NOT_KNOWN] == len(found):
        return f"{counted} What this tool would do about {'it' if len(found) == 1 else 'them'} is not known yet."
    unknown, unasked = counts[Effect.NOT_KNOWN], counts[Effect.NOT_ASKED]
    if unasked == len(found):
        return f"{counted} The rubric does not ask about {'it' if unasked == 1 else 'them'}."
    return " ".join(
        [
            counted,
            *([f"This tool would {told}."] if told else []),
            *([f"What it would do about {unknown} {'more ' if told else ''}is not known."] if unknown else []),
            *([f"The rubric does not ask about the other {unasked}."] if unasked else []),
        ]
    )


def _shortfalls(found: Sequence[Closing]) -> Iterator[Shortfall]:
    for one in found:
        whole, question = one.shortfall.whole, one.shortfall.question
        if whole.expected is None or whole.delivered is None or whole.gap is None:
            continue  # where a gap may be shown, both means may
        yield Shortfall(
            question=question.id,
            title=question.heading,
            reading=whole.gap.reading,
            delivered=whole.delivered.mean,
            expected=whole.expected.mean,
            top=question.top,
            people=whole.gap.people,
            delivered_words=_mean_words(whole.delivered, question.top),
            expected_words=_mean_words(whole.expected, question.top),
            ladder=ladder_words(one.shortfall),
            linked=tuple(_linked(scored) for scored in one.linked),
            effect=one.effect,
            effect_words=EFFECT_WORDS[one.effect],
        )


def _mean_words(side: Side, top: int) -> str:
    if side.mean is None:
        return mean_words(side)
    return f"{mean_words(side)} of {top} ({share(100 * side.mean / top)})"


def _linked(scored: QuestionScore) -> LinkedAnswer:
    part, top = current_share(scored), scored.question.top
    return LinkedAnswer(
        question=scored.question.id,
        title=scored.question.heading,
        words=state_words(scored.state) if part is None else f"{scored.level} of {top} ({share(100 * part)})",
        level=None if part is None else scored.level,
        top=top,
    )
