"""Preview: a rubric walked through as a reviewer would see it. Nothing is answered and nothing is saved."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain import answering
from toolvet.domain.assessment import Answer
from toolvet.domain.preview import Difference, Preview, Switch, difference, preview, switches_of
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.versions import difference_words, question_changes
from toolvet.errors import Problem, UnusableFile
from toolvet.files.reading import read_rubric
from toolvet.files.rubric_shelf import RubricFile
from toolvet.files.workspace import Workspace
from toolvet.report.text import plural
from toolvet.tui.clock import Today
from toolvet.tui.place import Place
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.ladder import Ladder
from toolvet.tui.widgets.outline import Outline
from toolvet.tui.widgets.plain_text import on_one_line
from toolvet.tui.widgets.preview_rows import MARKS, outline_rows
from toolvet.tui.widgets.preview_side import PreviewSide, change_words, sums_words
from toolvet.tui.widgets.question_pane import QuestionPane
from toolvet.tui.widgets.switches import Switches

NOTHING_SAVED = "This is a preview: nothing is answered, and nothing is saved."


class PreviewScreen(Place[None]):
    """One question at a time, with switches for what decides which of them are asked."""

    CSS_PATH = ["assess.tcss", "preview.tcss"]  # noqa: RUF012 - Textual declares it on the instance
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        f"{NOTHING_SAVED} f goes to the facts: each key press moves one on, and the outline shows what came and went.\n"
        f"{MARKS}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right", "step(1)", "Next", key_display="n", tooltip="The next question that is asked."),
        Binding("f", "facts", "Facts", tooltip="Switch the facts that decide which questions are asked."),
        Binding("f5", "read_again", "Read again", tooltip="Read the file again, to see what you changed in an editor."),
        Binding("c", "check", "Check", tooltip="All that toolvet check says about the file."),
        Binding("w", "details", "Details", tooltip="Scroll to how to check and why it is asked, and back."),
        Binding("p,left", "step(-1)", "Previous", key_display="p", tooltip="The one before."),
        Binding("o", "outline", "Outline", show=False, tooltip="All questions; enter goes to one."),
        Binding("h", "rule", "Reading rule", show=False, tooltip="How to read the ladder."),
    ]

    outline = query_one(Outline)
    pane = query_one(QuestionPane)
    side = query_one(PreviewSide)

    _on_day = Today()

    def __init__(self, workspace: Workspace, file: RubricFile, on: date) -> None:
        super().__init__()
        self._workspace, self._file, self._on_day = workspace, file, on
        self.rubric = file.rubric
        self.given: dict[Switch, str] = {}
        self.now: Preview = preview(self.rubric, self.given, on)
        self.at = answering.first_question(self.rubric, None)
        self.problems: tuple[Problem, ...] = ()
        self._changed: Difference | None = None
        self._change: Content | str = ""

    def compose(self) -> ComposeResult:
        yield TitleBar("Preview", self._about())
        yield Static(id="preview-line")
        with Horizontal(id="panes"):
            yield Outline()
            yield QuestionPane(self.rubric)
            yield PreviewSide()
        yield Static(id="preview-status")
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        """Show the first question."""
        self._show_all()
        self.pane.ladder.focus(scroll_visible=False)

    def _about(self) -> str:
        path = "shipped" if self._file.shipped else self._workspace.relative(self._file.path)
        return f"{self.rubric.id} {self.rubric.version} · {path}"

    def _show_all(self) -> None:
        self.outline.show_rows(tuple(outline_rows(self.now, self._changed)), self.at)
        self.pane.show(self.now.scorecard, self.at, Answer(), instead=[("Answer", _how_to_answer(self._question))])
        self.side.show(self.now, switches_of(self.rubric), self.given, self._change)
        self.query_one("#preview-line", Static).update(on_one_line(sums_words(self.now)))
        self.query_one("#preview-status", Static).update(on_one_line(self._place()), layout=False)

    @property
    def _question(self) -> Question:
        return self.now.scorecard.question(self.at).question

    def _place(self) -> str:
        asked = self.now.asked
        place = str(asked.index(self.at) + 1) if self.at in asked else "–"
        return f"{place} of {len(asked)} · preview: nothing is answered or saved   o outline  ? keys"

    @on(Switches.Turned)
    def _try_fact(self, event: Switches.Turned) -> None:
        event.stop()
        if event.option is None:
            self.given.pop(event.switch, None)
        else:
            self.given[event.switch] = event.option
        before, self.now = self.now, preview(self.rubric, self.given, self._on_day)
        self._changed = difference(before, self.now)
        self._change = change_words(self.rubric, event.switch, event.option, self._changed)
        self._show_all()
        self.outline.bring_into_sight({*self._changed.came, *self._changed.went})

    def _go_to(self, question_id: str) -> None:
        self.at = question_id
        self._show_all()

    def action_step(self, by: int) -> None:
        """The next question that is asked, or the one before."""
        target = answering.next_in(self.rubric, self.now.asked, self.at, by)
        if target is None:
            self._say("That was the last question." if by > 0 else "That is the first question.")
        else:
            self._go_to(target)

    def action_facts(self) -> None:
        """To the switches, and back."""
        opens = not self.has_class("-facts")
        self.remove_class("-outline")
        self.set_class(opens, "-facts")
        (self.side.switches if opens else self.pane.ladder).focus(scroll_visible=False)

    def action_outline(self) -> None:
        """Into the outline, and back to the question."""
        opens = not self.has_class("-outline")
        self.remove_class("-facts")
        self.set_class(opens, "-outline")
        (self.outline if opens else self.pane.ladder).focus(scroll_visible=False)

    def action_back(self) -> None:
        """Out of the facts or the outline first, then off the screen."""
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
        self._say(NOTHING_SAVED)

    def action_details(self) -> None:
        """To how to check and why, and back."""
        self.pane.turn_to_details()

    def action_rule(self) -> None:
        """The whole reading rule."""
        self._tell("How to read the ladder", self.rubric.how_to_answer or "The rubric gives no rule.")

    def action_check(self) -> None:
        """All problems of the file, as `toolvet check` tells them."""
        from toolvet.files.checking import check_paths  # only who asks waits for the linter

        problems = check_paths([self._file.path], self._workspace)
        lines = [f"{'warning: ' if each.warning else ''}{self._said(each)}" for each in problems]
        self._tell("What toolvet check says", "\n\n".join(lines) or "Nothing is wrong, and nothing is odd.")

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
        self._say(_what_changed(self.rubric, rubric))
        self._take(rubric)

    def _take(self, rubric: Rubric) -> None:
        self.rubric = rubric
        known = switches_of(rubric)
        kept = ((switch, self._given_to(switch)) for switch in known)
        self.given = {switch: option for switch, option in kept if option in switch.options}
        self.now = preview(rubric, self.given, self._on_day)
        self.at = answering.first_question(rubric, self.at)
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
        words = f"Still as it was before: the file has {plural(count, 'problem')} now{more}"
        self.query_one(Trouble).show(f"{words}\n{self._said(self.problems[0])}")

    def _said(self, problem: Problem) -> str:
        return str(problem).replace(f"{self._workspace.root}/", "", 1)

    def _say(self, words: str) -> None:
        self.app.notify(words, markup=False, timeout=4)

    def _tell(self, title: str, text: str) -> None:
        from toolvet.tui.dialogs import Tell  # as in the other screens: no dialog before it is asked for

        self.app.push_screen(Tell(title, text))


def _how_to_answer(question: Question) -> Content:
    ways = f"a reviewer picks 0–{question.top}, u unknown, x not applicable"
    if question.expected is not None:
        ways = f"0–{question.top} twice: expected, and delivered; either may be skipped"
    return Content.styled(f"{ways}. Here nothing is answered.", "$text-muted")


def _what_changed(old: Rubric, new: Rubric) -> str:
    if old == new:
        return "Read again: nothing has changed."
    return f"Read again. {difference_words(question_changes(old, new))}"
