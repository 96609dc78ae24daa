"""One question of a survey's result: its ladder with both means, by group, and in the previous round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.screen import Screen
from textual.worker import get_current_worker

from toolvet.domain.gaps import QuestionGap, Side
from toolvet.report.survey.result import in_order, moved, of_group
from toolvet.report.survey.sentences import from_to, withheld_here_words
from toolvet.services.assessments import OpenedAssessment, Session
from toolvet.services.panels import opinions_beside
from toolvet.services.survey_rounds import raised_expectations
from toolvet.storage.workspace import Workspace
from toolvet.text.charts import BOTH, DELIVERED, EXPECTED
from toolvet.tui.kit.content import Keys, TitleBar, entitle, in_a_row, on_one_line, shown
from toolvet.tui.kit.link_list import JumpList, PageRow, blank, line, quiet_line, title_line
from toolvet.tui.readiness.pages import ResultView
from toolvet.tui.readiness.tables import GAP_WIDTH, about_moved, bar_of, gap_cell, gap_sentence, mean_cell, side_figures
from toolvet.tui.screen import Place, notify

LONGEST_BAR = 17
SIDE_WIDTH = len("2.75 ±0.60")


class OneGapScreen(Place[str]):
    """The questions one by one, those out of balance first. Dismissed with the id of the one last shown."""

    CSS_PATH = "readiness.tcss"
    HELP = (
        "One question of the survey. ○ marks the rung nearest to the mean of what people expect, ● the one nearest to "
        "what they get. ± is the spread: a wide one may hide two camps."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right,tab", "turn(1)", "Next", key_display="n", tooltip="The next question.", id="next"),
        Binding(
            *("p,left,shift+tab", "turn(-1)", "Previous"),
            key_display="p",
            tooltip="The question before.",
            id="previous",
        ),
    ]

    rows = query_one(JumpList)

    def __init__(self, view: ResultView, question_id: str) -> None:
        super().__init__()
        self._view = view
        self._questions = in_order(view.survey.now.readiness)
        self._at = [one.question.id for one in self._questions].index(question_id)

    @property
    def question(self) -> QuestionGap:
        return self._questions[self._at]

    def compose(self) -> ComposeResult:
        yield TitleBar("Readiness", self._view.survey.organisation)
        yield JumpList()
        yield Keys()

    def on_mount(self) -> None:
        self.rows.focus()

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._questions)
        self._show()

    def action_back(self) -> object:
        return self.dismiss(self.question.question.id)

    @on(Resize)
    def _show(self) -> None:
        width = self.rows.scrollable_content_region.width or self.size.width - 2
        place = f"{self._at + 1} of {len(self._questions)}"
        entitle(self.rows, self.question.question.title, place)
        self.rows.show(tuple(question_page(self._view, self.question, place, width)))


def question_page(view: ResultView, one: QuestionGap, place: str, width: int) -> Iterator[PageRow]:
    """The question with both means, its ladder, its groups, the previous round, and what would show it."""
    question = one.question
    yield line(
        on_one_line(question.heading, "bold"),
        on_one_line(f"  {one.criterion.title}", "$text-secondary"),
        Content.styled(f"  {place}", "$text-muted"),
    )
    if question.think_of:
        yield quiet_line(f"Think of: {question.think_of}")
    yield blank()
    yield line(gap_sentence(one, one.whole))
    for name, side, asked in (
        (f"{EXPECTED} Expected   ", one.whole.expected, question.expected),
        (f"{DELIVERED} Delivered  ", one.whole.delivered, question.delivered),
    ):
        yield PageRow(in_a_row(" ", name, side_figures(one, side)), indent=3)
        if asked:
            yield PageRow(in_a_row("   ", shown(asked, "$text-muted")), indent=3)
    yield blank()
    yield from _ladder(one)
    yield from _by_group(view, one, width)
    yield from _before(view, one)
    if question.check:
        yield blank()
        yield title_line("What would show it")
        yield line(shown(question.check))


def _ladder(one: QuestionGap) -> Iterator[PageRow]:
    at_delivered, at_expected = from_to(one) or (None, None)
    for level in range(one.question.top, -1, -1):
        here = [sign for sign, at in ((EXPECTED, at_expected), (DELIVERED, at_delivered)) if at == level]
        sign = BOTH if len(here) == 2 else here[0] if here else " "
        text = shown(one.question.levels[level], "bold" if here else "$text-muted")
        yield PageRow(in_a_row("   ", Content.styled(sign, "$text-primary"), f" {level}  ", text), indent=8)


def _by_group(view: ResultView, one: QuestionGap, width: int) -> Iterator[PageRow]:
    yield blank()
    yield title_line("By group")
    shown_groups = [group for group in view.groups if group in one.groups]
    names = {group: view.with_people(group) for group in shown_groups}
    sides = "  ".join(f"{name:>{SIDE_WIDTH}}" for name in ("expected", "delivered"))
    room = width - len(f"     {sides}    ") - GAP_WIDTH
    longest = min(max(map(len, names.values()), default=0), max(8, room - 8))
    bar_width = max(8, min(LONGEST_BAR, room - longest))
    if shown_groups:
        scale = "0 to top rung" if bar_width >= len("0 to top rung") else "0 to top"
        head = f"   {'':<{longest}}  {scale:<{bar_width}}  {sides}"
        yield PageRow(Content.styled(f"{head}    gap reading", "$text-muted"), is_drawn=True)
    for group in shown_groups:
        figures = of_group(one, group)
        row = in_a_row(
            "   ",
            on_one_line(names[group]).truncate(longest, ellipsis=True, pad=True),
            "  ",
            bar_of(one, figures, bar_width),
            *("  ", _side(one, figures.expected), "  ", _side(one, figures.delivered), "  "),
            gap_cell(one, figures),
        )
        yield PageRow(row, is_drawn=True)
    if one.withheld:
        least = view.survey.now.rubric.policy.smallest_group
        yield quiet_line(withheld_here_words(least))
    elif not shown_groups:
        yield quiet_line("Nobody answered it.")


def _side(one: QuestionGap, side: Side | None) -> Content:
    words = mean_cell(one, side)
    return words.pad_left(max(0, SIDE_WIDTH - words.cell_length))


def _before(view: ResultView, one: QuestionGap) -> Iterator[PageRow]:
    found = next((each for each in moved(view.survey) if each.question.question.id == one.question.id), None)
    if found is None:
        return
    yield blank()
    yield title_line("Against the previous round")
    for words in about_moved(found, *view.survey.round_names):
        yield PageRow(in_a_row("   ", words), indent=5)


def look_beside(
    screen: Screen[Any], session: Session, opened: OpenedAssessment, tell: Callable[[str, Mapping[str, str]], None]
) -> None:
    """In a thread: `tell` what the reviewers of a panel said where they part, and where surveys expect more by now.

    What cannot be counted is shown on the screen. The files are read in a workspace of its own.
    """
    workspace = Workspace(session.workspace.root)
    opinions = opinions_beside(workspace, opened.rubric, opened.assessment, session.on)
    raised, untold = raised_expectations(workspace, opened.file, opened.rubric, session.on)

    def take() -> None:
        if screen.is_attached:
            tell("Reviewers", opinions)
            tell("Expected", raised)
            for words in untold:
                notify(screen, words)

    if (raised or untold or opinions) and not get_current_worker().is_cancelled:
        screen.app.call_from_thread(take)
