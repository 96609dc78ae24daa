"""Preview: walk through a rubric as a reviewer would see it. Nothing is answered or saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.assessment import Answer
from toolvet.domain.migration import difference_words, question_changes
from toolvet.domain.preview import Preview, PreviewChange, Switch, difference, preview, switches_of
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scorecard import QuestionScore
from toolvet.errors import Problem, UnusableFile
from toolvet.services.assessments import Session
from toolvet.services.editing import Navigator, Route
from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_library import RubricFile
from toolvet.text.escape import plural
from toolvet.text.labels import MUST_HAVE
from toolvet.tui import screens
from toolvet.tui.assess.outline import CriterionLine, Outline, QuestionLine, Row, toggle_outline
from toolvet.tui.assess.question import Ladder, QuestionPane
from toolvet.tui.kit.content import (
    Choices,
    Keys,
    TitleBar,
    Trouble,
    below_each_other,
    entitle,
    in_a_row,
    on_one_line,
    shown,
)
from toolvet.tui.kit.score_panel import minutes_words
from toolvet.tui.screen import Place, notify

CAME, WENT, NOT_ASKED, MAY_BE_ASKED, ASKED = "+", "-", "×", "?", "·"
MARKS = (
    f"{ASKED} asked   {MAY_BE_ASKED} depends on a fact not given   {CAME} now asked   {WENT} no longer asked   "
    f"{NOT_ASKED} not asked   {MUST_HAVE} must-have"
)


def preview_rows(now: Preview, changed: PreviewChange | None) -> Iterator[Row]:
    """A heading for each criterion and a row for each question, those that are not asked too."""
    questions = iter(now.scorecard.questions)
    must_haves = frozenset(now.must_haves)
    came, went = frozenset(changed.came if changed else ()), frozenset(changed.went if changed else ())
    for criterion in now.scorecard.rubric.criteria:
        yield CriterionLine(criterion)
        for _ in criterion.questions:
            scored = next(questions)
            mark, style = _mark(scored, came, went)
            question = scored.question
            yield QuestionLine(question, f"{mark} ", style, question.id in must_haves, scored.applies is not False)


def _mark(scored: QuestionScore, came: frozenset[str], went: frozenset[str]) -> tuple[str, str]:
    if scored.question.id in came:
        return CAME, "bold $text-success"
    if scored.question.id in went:
        return WENT, "bold $text-warning"
    match scored.applies:
        case None:
            return MAY_BE_ASKED, "$text-warning"
        case True:
            return ASKED, "$text-muted"
        case _:
            return NOT_ASKED, "$text-muted"


NOT_GIVEN = "not given"
NAME_WIDTH = 19


class Switches(Choices):
    """One row for each switch, with what is given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right", "turn(1)", "Change", key_display="→", tooltip="The fact's next option; enter too.", id="change"
        ),
        Binding(
            "left", "turn(-1)", "Previous option", show=False, tooltip="The fact's option before.", id="previous-option"
        ),
        Binding("delete,backspace", "clear_one", "Clear", show=False, tooltip="As if nobody had said.", id="clear"),
        *(
            Binding(str(digit), f"choose({digit - 1})", f"Option {digit}", show=False, id=f"option-{digit}")
            for digit in range(1, 10)
        ),
    ]

    class Turned(Message):
        """A switch was set to that option; None where it is not given any more."""

        def __init__(self, switch: Switch, option: str | None) -> None:
            super().__init__()
            self.switch = switch
            self.option = option

    def __init__(self) -> None:
        super().__init__(id="switches")
        self._switches: tuple[Switch, ...] = ()
        self._given: Mapping[Switch, str] = {}

    @property
    def chosen(self) -> Switch | None:
        """The switch under the cursor."""
        at = self.highlighted
        return None if at is None or at >= len(self._switches) else self._switches[at]

    def show(self, switches: Sequence[Switch], given: Mapping[Switch, str]) -> None:
        """Show these switches with what is given; the cursor stays where it is."""
        at = self.highlighted or 0
        self._switches, self._given = tuple(switches), dict(given)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(_row(switch, given.get(switch))) for switch in self._switches])
            self.highlighted = min(at, len(self._switches) - 1) if self._switches else None

    def action_turn(self, by: int) -> None:
        if (switch := self.chosen) is not None:
            states = (None, *switch.options)
            at = states.index(self._given.get(switch))
            self.post_message(self.Turned(switch, states[(at + by) % len(states)]))

    def action_clear_one(self) -> None:
        if (switch := self.chosen) is not None:
            self.post_message(self.Turned(switch, None))

    def action_choose(self, option: int) -> None:
        if (switch := self.chosen) is not None and option < len(switch.options):
            self.post_message(self.Turned(switch, switch.options[option]))

    @on(OptionList.OptionSelected)
    def _turn_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_turn(1)


def _row(switch: Switch, given: str | None) -> Content:
    name = on_one_line(switch.id.replace("-", " ")).truncate(NAME_WIDTH, ellipsis=True, pad=True)
    value = Content.styled(f"· {NOT_GIVEN}", "$text-muted") if given is None else on_one_line(f"● {given}", "bold")
    return in_a_row(name, " ", value)


MOST_NAMED = 4


class PreviewSide(Vertical):
    """Sums above, switches in the middle, below them the fact under the cursor in full."""

    switches = query_one(Switches)

    def __init__(self) -> None:
        super().__init__(id="preview-side", classes="pane")
        entitle(self, "Facts")
        self._given: Mapping[Switch, str] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="preview-sums")
        yield Static(id="preview-change")
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


def switched_words(rubric: Rubric, switch: Switch, option: str | None, change: PreviewChange) -> Content:
    """What that switch did: which questions came and which went."""
    rows = [on_one_line(f"{switch.id.replace('-', ' ')}: {option or 'not given'}", "bold")]
    named = (
        (CAME, "more asked", change.came),
        (WENT, "no longer asked", change.went),
        (MUST_HAVE, "now must-have", change.became),
        (MUST_HAVE, "no longer must-have", tuple(each for each in change.ceased if each not in change.went)),
    )
    rows += [_names(rubric, sign, words, ids) for sign, words, ids in named if ids]
    if len(rows) == 1:
        rows.append(Content.styled("The same questions are asked.", "$text-muted"))
    return below_each_other(*rows)


def _names(rubric: Rubric, sign: str, words: str, ids: Sequence[str]) -> Content:
    titles = [question.heading for _, question in rubric.questions() if question.id in ids]
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


def preview_route(now: Preview) -> Route:
    """Stop at every question that is asked with these facts. Nothing is answered, so none is open."""
    return Route(tuple(scored.question.id for scored in now.scorecard.questions), now.asked, lambda _: None)


NOTHING_SAVED = "This is a preview: nothing is answered, and nothing is saved."


class PreviewScreen(Place[None]):
    """One question at a time, with switches for what decides which of them are asked."""

    CSS_PATH = ["../assess/assess.tcss", "preview.tcss"]  # noqa: RUF012 - Textual declares it on the instance
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        f"{NOTHING_SAVED} f goes to the facts: each key press moves one on, and the outline shows what changed.\n"
        f"{MARKS}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right", "step(1)", "Next", key_display="n", tooltip="The next question that is asked.", id="next"),
        Binding(
            "f", "facts", "Scope facts", tooltip="Switch the facts that decide which questions are asked.", id="facts"
        ),
        Binding(
            "R,f5",
            "read_again",
            "Read again",
            key_display="R",
            tooltip="Read the file again, to see what you changed in an editor.",
            id="read-again",
        ),
        Binding("k", "check", "Check", tooltip="All that toolvet check says about the file.", id="check"),
        Binding(
            "i",
            "details",
            "More",
            tooltip="How to check, why it is asked, the whole reading rule; and back.",
            id="more",
        ),
        Binding("p,left", "step(-1)", "Previous", key_display="p", tooltip="The one before.", id="previous"),
        Binding("g", "outline", "Go to", show=False, tooltip="All questions; enter goes to one.", id="go-to"),
    ]

    outline = query_one(Outline)
    pane = query_one(QuestionPane)
    side = query_one(PreviewSide)

    def __init__(self, session: Session, file: RubricFile) -> None:
        super().__init__()
        self._session, self._workspace, self._file = session, session.workspace, file
        self.rubric = file.rubric
        self.given: dict[Switch, str] = {}
        self.now: Preview = preview(self.rubric, self.given, session.on)
        self.navigator = Navigator(self.rubric, preview_route(self.now))
        self.problems: tuple[Problem, ...] = ()
        self._changed: PreviewChange | None = None
        self._change: Content | str = ""

    def compose(self) -> ComposeResult:
        yield TitleBar("Preview", self._about())
        yield Static(id="preview-line")
        with Horizontal(id="panes"):
            yield Outline()
            yield QuestionPane(self.rubric)
            yield PreviewSide()
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        self._show_all()
        self.pane.ladder.focus(scroll_visible=False)

    def _about(self) -> str:
        path = "shipped" if self._file.shipped else self._workspace.relative(self._file.path)
        return f"{self.rubric.id} {self.rubric.version} · {path}"

    def _show_all(self) -> None:
        self.navigator.follow(preview_route(self.now))
        at = self.navigator.at
        self.outline.show_rows(tuple(preview_rows(self.now, self._changed)), at)
        ways = _how_to_answer(self.navigator.question)
        self.side.show(self.now, switches_of(self.rubric), self.given, self._change)
        self.query_one("#preview-line", Static).update(on_one_line(sums_words(self.now)))
        place = f"{self.navigator.place} of {len(self.now.asked)} · nothing is saved"
        entitle(self.outline, "All questions", place)
        self.pane.show(self.now.scorecard, at, Answer(), instead=[("Answer", ways)])

    @on(Switches.Turned)
    def _try_fact(self, event: Switches.Turned) -> None:
        event.stop()
        if event.option is None:
            self.given.pop(event.switch, None)
        else:
            self.given[event.switch] = event.option
        before, self.now = self.now, preview(self.rubric, self.given, self._session.on)
        self._changed = difference(before, self.now)
        self._change = switched_words(self.rubric, event.switch, event.option, self._changed)
        self._show_all()
        self.outline.bring_into_sight({*self._changed.came, *self._changed.went})

    def _go_to(self, question_id: str) -> None:
        self.navigator.at = question_id
        self._show_all()

    def action_step(self, by: int) -> None:
        target = self.navigator.step(by)
        if target is None:
            notify(self, "That was the last question." if by > 0 else "That is the first question.")
        else:
            self._go_to(target)

    def action_facts(self) -> None:
        opens = not self.has_class("-facts")
        self.remove_class("-outline")
        self.set_class(opens, "-facts")
        (self.side.switches if opens else self.pane.ladder).focus(scroll_visible=False)

    def action_outline(self) -> None:
        self.remove_class("-facts")
        toggle_outline(self, self.pane.ladder)

    def action_back(self) -> None:
        if self.has_class("-facts"):
            self.action_facts()
        elif self.has_class("-outline"):
            self.action_outline()
        else:
            self.dismiss()

    @on(Outline.Moved)
    def _follow_outline(self, event: Outline.Moved) -> None:
        self._go_to(event.question_id)

    @on(Outline.Picked)
    def _take_from_outline(self, event: Outline.Picked) -> None:
        self.remove_class("-outline", "-facts")
        self._go_to(event.question_id)
        self.pane.ladder.focus(scroll_visible=False)

    @on(Ladder.Chosen)
    def _answer_nothing(self, event: Ladder.Chosen) -> None:
        event.stop()
        notify(self, NOTHING_SAVED)

    def action_details(self) -> None:
        self.pane.turn_to_details()

    def action_check(self) -> None:
        from toolvet.services.file_check import check_paths  # only who asks waits for the linter

        problems = check_paths([self._file.path], self._workspace)
        lines = [f"{'warning: ' if each.warning else ''}{self._said(each)}" for each in problems]
        self._tell("What toolvet check says", "\n\n".join(lines) or "No errors and no warnings.")

    def action_read_again(self) -> None:
        """Read the file; where it has become faulty the text read before stays, and what is wrong is said."""
        try:
            rubric = read_rubric(self._file.path)
        except UnusableFile as error:
            self.problems = error.problems
            self._show_trouble()
            return
        self.problems = ()
        self._show_trouble()
        notify(self, _what_changed(self.rubric, rubric))
        self._take(rubric)

    def _take(self, rubric: Rubric) -> None:
        self.rubric = rubric
        known = switches_of(rubric)
        kept = ((switch, self._given_to(switch)) for switch in known)
        self.given = {switch: option for switch, option in kept if option in switch.options}
        self.now = preview(rubric, self.given, self._session.on)
        self.navigator = Navigator(rubric, preview_route(self.now), self.navigator.at)
        self._changed, self._change = None, ""
        self.query_one(TitleBar).show("Preview", self._about())
        self.pane.take(rubric)
        self._show_all()

    def _given_to(self, switch: Switch) -> str | None:
        """What was given to the switch of that name before the file was read again."""
        names = ((before.id, before.is_group, option) for before, option in self.given.items())
        return next(
            (option for name, is_group, option in names if (name, is_group) == (switch.id, switch.is_group)), None
        )

    def _show_trouble(self) -> None:
        if not self.problems:
            self.query_one(Trouble).show(None)
            return
        count = len(self.problems)
        more = " (c tells all)" if count > 1 else ""
        words = f"Shown as last read; the file now has {plural(count, 'problem')}{more}"
        self.query_one(Trouble).show(f"{words}\n{self._said(self.problems[0])}")

    def _said(self, problem: Problem) -> str:
        return str(problem).replace(f"{self._workspace.root}/", "", 1)

    def _tell(self, title: str, text: str) -> None:
        self.app.push_screen(screens.Tell(title, text))


def _how_to_answer(question: Question) -> Content:
    ways = f"a reviewer picks 0–{question.top}, u unknown, x not applicable"
    if question.expected is not None:
        ways = f"0–{question.top} twice: expected, and delivered; either may be skipped"
    return Content.styled(f"{ways}. Here nothing is answered.", "$text-muted")


def _what_changed(old: Rubric, new: Rubric) -> str:
    if old == new:
        return "Read again: nothing has changed."
    return f"Read again. {difference_words(question_changes(old, new))}"
