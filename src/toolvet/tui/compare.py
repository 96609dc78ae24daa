"""Compare: several tools side by side, by criterion, by question, on the map, and under other weights."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Resize
from textual.getters import query_one
from textual.reactive import reactive
from textual.worker import get_current_worker

from toolvet.domain.comparison import Ranked
from toolvet.domain.robustness import Robustness, robustness
from toolvet.report.comparison import Comparison
from toolvet.report.text import plural
from toolvet.tui.compare_answers import BothAnswersScreen
from toolvet.tui.place import Place
from toolvet.tui.widgets.compare_details import in_sentences
from toolvet.tui.widgets.compare_map import MapPage
from toolvet.tui.widgets.compare_matrix import QUESTIONS_LEGEND
from toolvet.tui.widgets.compare_pages import CriteriaPage, QuestionsPage, WhyPage
from toolvet.tui.widgets.compare_view import AnswersAsked, AtTool, Page, View, WhyAsked
from toolvet.tui.widgets.compare_weights import WeightsPage, given_up
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.page_tabs import PageTabs

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
