"""What the Assess screen asks in dialogs; each gives the new value, or None where the person went back."""

from __future__ import annotations

from toolvet.domain.passes import Pass, questions_in
from toolvet.domain.scorecard import Scorecard
from toolvet.report.text import plural
from toolvet.tui.dialogs import Choice, ChooseOne
from toolvet.tui.widgets.score_panel import left_words

PASS_WORDS = {
    Pass.ALL: "all questions",
    Pass.MUST_HAVES: "must-haves",
    Pass.OPEN: "open questions",
    Pass.TRIAL: "trial: with the tool in hand",
    Pass.CONSOLE: "console: in its settings",
    Pass.READING: "reading: from documents",
    Pass.CONTRACT: "contract: from what was signed",
}


def choose_pass(scorecard: Scorecard, chosen: Pass) -> ChooseOne[Pass]:
    """Which questions to pass through, with how many there are and the minutes each still takes."""
    choices = [Choice(each, PASS_WORDS[each], _size(each, scorecard)) for each in Pass]
    return ChooseOne("Which questions to pass through?", choices, chosen=chosen)


def _size(each: Pass, scorecard: Scorecard) -> str:
    count = len(questions_in(each, scorecard))
    return f"{plural(count, 'question')}, {left_words(each, scorecard)}" if count else "no questions"
