"""Compare: several tools side by side, by criterion, by question, on the map, and under other weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.reactive import reactive
from textual.widgets import Static
from textual.worker import get_current_worker

from toolvet.domain.comparison import Ranked
from toolvet.domain.robustness import Robustness, robustness
from toolvet.domain.scorecard import QuestionScore
from toolvet.report.comparison.ranking import Comparison, Entry
from toolvet.text.escape import plural
from toolvet.tui.assess.question import evidence_words, head
from toolvet.tui.compare.pages import (
    AnswersAsked,
    AtTool,
    CriteriaPage,
    MapPage,
    Page,
    QuestionsPage,
    View,
    WhyAsked,
    WhyPage,
)
from toolvet.tui.compare.tables import QUESTIONS_LEGEND, answer_words, in_sentences, level_mark, must_have_states
from toolvet.tui.compare.weights import WeightsPage, given_up
from toolvet.tui.kit.content import Entry as Labelled
from toolvet.tui.kit.content import Hanging, in_a_row, on_one_line, shown
from toolvet.tui.kit.frame import Keys, TitleBar
from toolvet.tui.kit.link_list import PageTabs
from toolvet.tui.screen import Place


class BothAnswersScreen(Place[int]):
    """Dismissed with the place, in the rubric, of the question that was last shown."""

    CSS_PATH = "compare.tcss"
    HELP = "One question and how two tools stand on it. The letters beside the ladder say who stands on which rung."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right,tab", "turn(1)", "Next question", key_display="n"),
        Binding("p,left,shift+tab", "turn(-1)", "Question before", key_display="p"),
    ]

    body = query_one("#both", VerticalScroll)

    def __init__(self, first: Entry, second: Entry, places: Sequence[int], at: int) -> None:
        """`places` are the questions to turn through, by their place in the rubric; `at` is the one to begin with."""
        super().__init__()
        self.pair = (first, second)
        self._places = tuple(places)
        self._at = self._places.index(at)

    @property
    def place(self) -> int:
        """The place of the question that is shown."""
        return self._places[self._at]

    def compose(self) -> ComposeResult:
        yield TitleBar("Compare", self._names())
        with VerticalScroll(id="both"):
            yield Static(id="both-question")
            yield Hanging(id="both-ladder")
            with Horizontal(id="both-sides"):
                for side in ("first", "second"):
                    with Vertical(classes="side"):
                        yield Static(id=f"{side}-name")
                        yield Hanging(id=f"{side}-answer")
        yield Keys()

    def on_mount(self) -> None:
        """Begin with the question that was chosen."""
        self.body.focus()
        self._show()

    def action_turn(self, by: int) -> None:
        """The next question, or the one before, going round."""
        self._at = (self._at + by) % len(self._places)
        self._show()
        self.body.scroll_home(animate=False)

    def action_back(self) -> object:
        """Leave, and say which question was shown last."""
        return self.dismiss(self.place)

    def _names(self) -> str:
        return " · ".join(entry.name for entry in self.pair)

    def _show(self) -> None:
        first = self.pair[0].scorecard
        scored = first.questions[self.place]
        must_have = next((each for each in first.must_haves if each.question.id == scored.question.id), None)
        self.query_one("#both-question", Static).update(
            head(scored, None if must_have is None else must_have.must_reach)
        )
        self.query_one("#both-ladder", Hanging).show(self._ladder(scored))
        for side, entry in zip(("first", "second"), self.pair, strict=True):
            own = entry.scorecard.questions[self.place]
            self.query_one(f"#{side}-name", Static).update(_name(entry, own))
            self.query_one(f"#{side}-answer", Hanging).show(tuple(_answer(entry, own)))

    def _ladder(self, scored: QuestionScore) -> tuple[Labelled, ...]:
        """The rungs, the highest first, with the letters of those that stand there."""
        levels = [(entry.letter, entry.scorecard.questions[self.place]) for entry in self.pair]
        rungs = []
        for level in range(scored.question.top, -1, -1):
            here = [letter for letter, own in levels if own.level == level and own.applies is not False]
            label = f"{' '.join(here):>5} {'▸' if here else ' '}{level}"
            rungs.append((label, shown(scored.question.levels[level], "bold" if here else "$text-muted")))
        return tuple(rungs)


def _name(entry: Entry, scored: QuestionScore) -> Content:
    state = must_have_states(entry.scorecard).get(scored.question.id)
    name = in_a_row(Content.styled(f"{entry.letter} ", "$text-primary"), on_one_line(entry.name, "bold"))
    return in_a_row(name, "\n", level_mark(scored, state))


def _answer(entry: Entry, scored: QuestionScore) -> Iterator[Labelled]:
    answer = entry.tool.assessment.answer(scored.question.id)
    yield "Answer", answer_words(scored, answer)
    if answer.answered is not None:
        yield "On", Content(answer.answered.isoformat())
    if answer.note:
        yield "Note", shown(answer.note)
    if answer.setting:
        yield "Setting", shown(answer.setting)
    for index, evidence in enumerate(answer.evidence):
        yield "Evidence" if index == 0 else "", evidence_words(evidence)
    if not answer.evidence:
        yield "Evidence", Content.styled("none", "$text-muted")


NAMES = ("Criteria", "Questions", "Map", "Weights", "Why")
CRITERIA, QUESTIONS, MAP, WEIGHTS, WHY = range(len(NAMES))
IDS = tuple(f"page-{name.lower()}" for name in NAMES)


class CompareScreen(Place[None]):
    """At least two tools of one rubric, on five pages that share the tool at hand."""

    CSS_PATH = "compare.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (36, "-high")]  # noqa: RUF012 as Textual declares it
    HELP = (
        "Tools side by side, ranked by verdict, then by floor. Digits and tab turn the pages. Two tools are compared "
        "in Why and with enter: the one at the cursor and the leader, or the two that you marked with space. "
        "Bars reach from floor to ceiling, the dot is what was observed, the line is what approval needs. "
        f"{QUESTIONS_LEGEND}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"turn_to({number - 1})", name, show=False, tooltip="Go to that page.")
            for number, name in enumerate(NAMES, 1)
        ),
        Binding("n", "go_to_tool(1)", "Next tool", show=False, tooltip="On every page; in Why it is the second one."),
        Binding("p", "go_to_tool(-1)", "Tool before", show=False),
        Binding("equals_sign,d", "only_differences", "Differences", key_display="=", tooltip="Only where they differ."),
        Binding("w", "why", "Why", tooltip="What makes the difference between two tools."),
        Binding("space", "mark", "Mark", tooltip="Mark a tool, to compare it with another one; two at most."),
        Binding("tab", "turn(1)", "Next page", key_display="tab", tooltip="Digits go to a page as well."),
        Binding("shift+tab", "turn(-1)", "Page before", show=False),
    ]

    tabs = query_one(PageTabs)

    page: reactive[int] = reactive(CRITERIA, init=False, repaint=False)

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self.view = View(comparison)

    def compose(self) -> ComposeResult:
        comparison = self.view.comparison
        rubric, tools = comparison.rubric, plural(len(comparison.entries), "tool")
        yield TitleBar("Compare", f"{tools} · {rubric.title} {rubric.version} · {comparison.on.isoformat()}")
        yield PageTabs(NAMES)
        with Container(id="pages"):
            yield CriteriaPage(id=IDS[CRITERIA])
            yield QuestionsPage(id=IDS[QUESTIONS])
            yield MapPage(comparison, id=IDS[MAP])
            yield WeightsPage(comparison, id=IDS[WEIGHTS])
            yield WhyPage(id=IDS[WHY])
        yield Keys()

    def on_mount(self) -> None:
        """Begin with the table by criterion, and draw the weightings meanwhile."""
        self._turn_over()
        self._draw_weightings()

    @on(Resize)
    def _fill(self) -> None:
        """Fill all pages, so that turning to one has nothing more to lay out."""
        for page in self.query(Page):
            page.show(self.view)
        self.tabs.show(self.page)

    def _show(self) -> None:
        """Show on the page that is open what is at hand."""
        self.tabs.show(self.page)
        self._open_page().show(self.view)

    def _open_page(self) -> Page:
        return self.query_one(f"#{IDS[self.page]}", Page)

    def _look_at(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self._open_page().show(view)

    @work(thread=True)
    def _draw_weightings(self) -> None:
        # Some tenths of a second for many tools, while keys go on being answered
        worker = get_current_worker()
        ranked = [Ranked(entry.rank, entry.candidate) for entry in self.view.comparison.entries]
        found = robustness(ranked, is_stopped=given_up(worker))
        words = in_sentences(self.view.comparison, found)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take_robustness, found, words)

    def _take_robustness(self, found: Robustness | None, words: tuple[str, ...]) -> None:
        self._look_at(replace(self.view, robustness=found, words=words))

    def watch_page(self) -> None:
        """Turn to it."""
        self._turn_over()
        self._show()
        self.refresh_bindings()

    def _turn_over(self) -> None:
        open_page = self._open_page()
        for page in self.query(Page):
            page.stand(in_view=page is open_page)
        open_page.take_focus()

    def action_turn(self, by: int) -> None:
        """The next page, or the one before, going round."""
        self.page = (self.page + by) % len(NAMES)

    def action_turn_to(self, page: int) -> None:
        """That page."""
        self.page = page

    @on(PageTabs.Chosen)
    def _turn_to_clicked(self, event: PageTabs.Chosen) -> None:
        self.page = event.page

    @on(WhyAsked)
    def action_why(self) -> None:
        """Why one of two tools stands before the other."""
        self.page = WHY

    @on(AtTool)
    def _follow(self, event: AtTool) -> None:
        place = self.view.place if event.place is None else event.place
        self._look_at(replace(self.view, at=event.at, place=place))

    def action_go_to_tool(self, by: int) -> None:
        """The tool ranked after that at hand, or before it; where two are marked, it is compared with the first."""
        at = (self.view.at + by) % len(self.view.comparison.entries)
        self._look_at(replace(self.view, at=at, marked=self.view.marked[:1]))

    def action_only_differences(self) -> None:
        """Only the questions on which they differ, or all again."""
        self._look_at(replace(self.view, only_differences=not self.view.only_differences))

    def action_mark(self) -> None:
        """Mark the tool at hand, or take its mark away. A third one takes the place of the first."""
        at, marked = self.view.at, self.view.marked
        kept = tuple(one for one in marked if one != at) if at in marked else (*marked, at)[-2:]
        self._look_at(replace(self.view, marked=kept))

    @on(AnswersAsked)
    def _show_both_answers(self, event: AnswersAsked) -> None:
        first, second = self.view.pair
        screen = BothAnswersScreen(first, second, event.places, event.place)
        self.app.push_screen(screen, self._come_back)

    def _come_back(self, place: int | None) -> None:
        if place is not None:
            self._look_at(replace(self.view, place=place))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Differences are of questions; marks are set where there is a tool under the cursor."""
        match action:
            case "only_differences":
                return self.page == QUESTIONS
            case "mark":
                return self.page in (CRITERIA, QUESTIONS, MAP)
            case "why":
                return self.page != WHY
            case _:
                return True
