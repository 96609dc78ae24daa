"""What the Assess screen asks in dialogs; each gives the new value, or None where the person went back."""

from __future__ import annotations

from textual.app import App

from toolvet.domain.assessment import Assessment
from toolvet.domain.passes import Pass, minutes_left, questions_in
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.scorecard import Scorecard
from toolvet.report.text import plural
from toolvet.tui.dialogs import Choice, ChooseOne
from toolvet.tui.widgets.score_panel import minutes_words

PASS_WORDS = {
    Pass.ALL: "all questions",
    Pass.MUST_HAVES: "must-haves",
    Pass.OPEN: "open questions",
    Pass.TRIAL: "trial: with the tool in hand",
    Pass.CONSOLE: "console: in its settings",
    Pass.READING: "reading: from documents",
    Pass.CONTRACT: "contract: from what was signed",
}
NOT_GIVEN = ""


def choose_pass(scorecard: Scorecard, chosen: Pass) -> ChooseOne[Pass]:
    """Which questions to pass through, with how many there are and the minutes each still takes."""
    choices = [Choice(each, PASS_WORDS[each], _size(each, scorecard)) for each in Pass]
    return ChooseOne("Which questions to pass through?", choices, chosen=chosen)


async def ask_scope(app: App[None], assessment: Assessment, facts: tuple[ScopeFact, ...]) -> Assessment | None:
    """The assessment with one scope fact given anew."""
    fact_id = await app.push_screen_wait(
        ChooseOne(
            "The tool and its setting",
            [Choice(fact.id, fact.text, _given(assessment, fact)) for fact in facts],
            text="These facts decide which questions apply, and which are must-haves.",
            chosen=next((fact.id for fact in facts if fact.id not in assessment.scope), None),
        )
    )
    fact = next((fact for fact in facts if fact.id == fact_id), None)
    if fact is None:
        return None
    options = [Choice(option, option) for option in fact.options]
    option = await app.push_screen_wait(
        ChooseOne(fact.text, [*options, Choice(NOT_GIVEN, "not known yet")], chosen=assessment.scope.get(fact.id))
    )
    return None if option is None else assessment.with_scope(fact.id, option or None)


def _given(assessment: Assessment, fact: ScopeFact) -> str:
    given = assessment.scope.get(fact.id)
    return "? not given yet" if given is None else f"● {given}"


def _size(each: Pass, scorecard: Scorecard) -> str:
    minutes = minutes_words(minutes_left(each, scorecard))
    return f"{plural(len(questions_in(each, scorecard)), 'question')}, {minutes} left"
