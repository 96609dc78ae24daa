"""The side of a preview: how much would be asked, what the last switch changed, and the switches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static

from toolvet.domain.preview import Difference, Preview, Switch
from toolvet.domain.rubric import Rubric
from toolvet.report.text import plural
from toolvet.tui.widgets.marks import MUST_HAVE
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line, shown
from toolvet.tui.widgets.preview_rows import CAME, MAY_BE_ASKED, WENT
from toolvet.tui.widgets.score_panel import minutes_words
from toolvet.tui.widgets.switches import Switches

MOST_NAMED = 4


class PreviewSide(Vertical):
    """Sums above, switches in the middle, below them the fact under the cursor in full."""

    switches = query_one(Switches)

    def __init__(self) -> None:
        super().__init__(id="preview-side")
        self._given: Mapping[Switch, str] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="preview-sums")
        yield Static(id="preview-change")
        yield Static("Facts", classes="heading", id="preview-facts")
        yield Switches()
        with VerticalScroll(id="preview-fact", can_focus=False):
            yield Static(id="preview-fact-text")

    def show(
        self, shown_now: Preview, switches: Sequence[Switch], given: Mapping[Switch, str], change: Content | str
    ) -> None:
        """Show these sums, what changed, and the switches as they stand."""
        self._given = given
        self.query_one("#preview-sums", Static).update(below_each_other(*_sums(shown_now)))
        self.query_one("#preview-change", Static).update(change)
        self.switches.show(switches, given)
        self._show_fact()

    @on(OptionList.OptionHighlighted)
    def _show_fact(self) -> None:
        switch = self.switches.chosen
        text = self.query_one("#preview-fact-text", Static)
        if switch is None:
            text.update("This rubric asks for no facts: every question is always asked.")
        else:
            text.update(below_each_other(shown(switch.text), *_options(switch, self._given.get(switch))))


def sums_words(now: Preview) -> str:
    """The sums on one line: "38 of 44 questions asked · 20 must-haves · 3 h 40"."""
    parts = [f"{len(now.asked)} of {plural(len(now.scorecard.questions), 'question')} asked"]
    if now.may_be_asked:
        parts.append(f"{_depend(now.may_be_asked)} on a fact")
    if now.must_haves:
        parts.append(plural(len(now.must_haves), "must-have"))
    if now.minutes:
        parts.append(minutes_words(now.minutes))
    return " · ".join(parts)


def change_words(rubric: Rubric, switch: Switch, option: str | None, change: Difference) -> Content:
    """What that switch did: which questions came and which went."""
    rows = [on_one_line(f"{switch.id.replace('-', ' ')}: {option or 'not given'}", "bold")]
    named = (
        (CAME, "came", change.came),
        (WENT, "went", change.went),
        (MUST_HAVE, "now a must-have", change.became),
        (MUST_HAVE, "no longer a must-have", tuple(each for each in change.ceased if each not in change.went)),
    )
    rows += [_names(rubric, sign, words, ids) for sign, words, ids in named if ids]
    if len(rows) == 1:
        rows.append(Content.styled("No question came or went.", "$text-muted"))
    return below_each_other(*rows)


def _names(rubric: Rubric, sign: str, words: str, ids: Sequence[str]) -> Content:
    titles = [question.title for _, question in rubric.questions() if question.id in ids]
    more = f" and {len(titles) - MOST_NAMED} more" if len(titles) > MOST_NAMED else ""
    return on_one_line(f"{sign} {len(titles)} {words}: {', '.join(titles[:MOST_NAMED])}{more}")


def _sums(now: Preview) -> Iterator[Content]:
    all_questions = plural(len(now.scorecard.questions), "question")
    yield Content.styled(f"{len(now.asked)} of {all_questions} asked", "bold")
    if now.may_be_asked:
        yield Content.styled(f"{MAY_BE_ASKED} {_depend(now.may_be_asked)} on a fact not given", "$text-muted")
    if now.must_haves:
        yield Content(f"{MUST_HAVE} {plural(len(now.must_haves), 'must-have')}")
    if now.may_be_must_haves:
        yield Content.styled(f"  {_depend(now.may_be_must_haves)} on a fact not given", "$text-muted")
    if now.minutes:
        yield Content(f"about {minutes_words(now.minutes)} for a reviewer")


def _depend(count: int) -> str:
    return f"{count} depends" if count == 1 else f"{count} depend"


def _options(switch: Switch, given: str | None) -> Iterator[Content]:
    for number, option in enumerate(switch.options, 1):
        digit = Content.styled(f"{number}  ", "bold $footer-key-foreground")
        yield in_a_row(digit, "● " if option == given else "○ ", on_one_line(option))
