"""Home: the subjects of the workspace, where each stands, and what is due."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.worker import get_current_worker

from toolvet.errors import Problem, ToolvetError
from toolvet.services.assessments import Session, is_survey
from toolvet.services.overview import SubjectView, broken, uncounted, view_of
from toolvet.tui import screens
from toolvet.tui.home.rows import SubjectList, subject_details, subject_row, welcome
from toolvet.tui.kit.content import Keys, TitleBar, on_one_line
from toolvet.tui.screen import Place, tells_errors

if TYPE_CHECKING:
    from toolvet.services.survey_counts import SurveyCounts
    from toolvet.storage.subjects import SubjectFolder


class HomeScreen(Place[None]):
    """The list of subjects; the files that cannot be read stand below it."""

    CSS_PATH = "home.tcss"
    HELP = (
        "The tools being vetted here, each with today's verdict, how much is answered, and its range: from the floor "
        "(open questions count nothing) to the ceiling (they count fully). Surveys follow, with how many people "
        "answered and how many areas are in balance."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New", tooltip="Vet another tool."),
        Binding("v", "review", "Review", tooltip="The scorecard and what would change the verdict."),
        Binding("r", "report", "Report", tooltip="Preview and write the approval report."),
        Binding("c", "compare", "Compare", tooltip="The marked tools; with none marked, all of the same rubric."),
        Binding("d", "decide", "Decide", tooltip="Record a decision."),
        Binding("D", "decision", "Decision", show=False, tooltip="Conditions, withdrawal, and the next review."),
        Binding("space", "mark", "Mark", tooltip="Mark a tool, to compare it with others."),
        Binding("s", "readiness", "Readiness", show=False, tooltip="What people expect against what they get."),
        Binding("b", "rubrics", "Rubrics", tooltip="See the rubrics; walk through one as a reviewer would."),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Move its answers to another version of the rubric."),
        Binding("f5", "reload", "Read again", show=False, tooltip="Read the workspace's files again."),
    ]

    subjects = query_one("#subjects", SubjectList)
    details = query_one("#details-text", Static)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._workspace = session, session.workspace
        self._views: tuple[SubjectView, ...] = ()
        self._broken: tuple[Problem, ...] = ()
        self._marked: frozenset[str] = frozenset()
        self._counts: SurveyCounts | None = None
        self._counted_on = session.on

    def compose(self) -> ComposeResult:
        yield TitleBar("Home", f"{self._workspace.root} · {self._session.on.isoformat()}")
        with Horizontal(id="home"):
            yield SubjectList(id="subjects")
            with VerticalScroll(id="details", can_focus=False):
                yield Static(id="details-text")
        with VerticalScroll(id="welcome"):
            yield Static(welcome(self._workspace), id="welcome-text")
        yield Keys()

    def on_screen_resume(self) -> None:
        """Read the workspace, at first and when another screen may have changed it."""
        self.action_reload()

    @on(Resize)
    def _fit(self) -> None:
        # the list has its new width only once it is laid out with or without the pane beside it
        self.call_after_refresh(self._fill)

    def action_reload(self) -> None:
        folders = self._workspace.subjects()
        views = [self._view_of(folder) for folder in folders if folder.assessments or folder.decisions]
        self._views = tuple(sorted(views, key=lambda view: view.survey is not None))  # tools before surveys
        self._broken = broken(folders)
        self._fill()
        # every rubric is read for this, used or not, and what counts surveys is loaded; the list does not wait for it
        self.set_timer(0.05, self._look_further)

    def _look_further(self) -> None:
        self._add_broken_rubrics()
        if any(_is_uncounted(view) for view in self._views):
            self._surveys()
            self._take_counts(self._views)
        if any(_is_uncounted(view) for view in self._views):
            self._count_surveys(self._views)

    def _view_of(self, folder: SubjectFolder) -> SubjectView:
        if not is_survey(folder, self._workspace):
            return view_of(self._workspace, folder, self._session.on)
        if self._counts is None:
            return uncounted(folder)
        return self._counts.view(folder)

    def _surveys(self) -> SurveyCounts:
        if self._counts is None or self._counted_on != self._session.on:
            from toolvet.services.survey_counts import (
                SurveyCounts,  # what counts surveys is not needed to draw the list
            )

            self._counts, self._counted_on = SurveyCounts(self._session), self._session.on
        return self._counts

    @work(thread=True, exclusive=True, group="counting")
    def _count_surveys(self, views: tuple[SubjectView, ...]) -> None:
        for view in views:
            if _is_uncounted(view):
                with suppress(ToolvetError):  # told in its row
                    self._surveys().count(view.folder)
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take_counts, views)

    def _take_counts(self, views: tuple[SubjectView, ...]) -> None:
        if views is self._views:
            self._views = tuple(self._view_of(view.folder) if _is_uncounted(view) else view for view in views)
            self._fill()

    def _add_broken_rubrics(self) -> None:
        problems = tuple(problem for problem in self._workspace.rubric_problems if not problem.warning)
        new = tuple(problem for problem in problems if problem not in self._broken)
        if new:
            self._broken += new
            self._fill()

    def _fill(self) -> None:
        if not self.is_mounted or self.size.width == 0:
            return
        self.set_class(not self._views and not self._broken, "-empty")
        width = max(40, self.subjects.scrollable_content_region.width or self.size.width) - 2
        on = self._session.on
        rows = [subject_row(view, on, width, is_marked=view.folder.name in self._marked) for view in self._views]
        self.subjects.show(rows, self._broken, self._workspace.root)
        self.refresh_bindings()

    def _chosen(self) -> SubjectView | None:
        at = self.subjects.highlighted
        return self._views[at] if at is not None and at < len(self._views) else None

    def _chosen_problem(self) -> Problem | None:
        at = self.subjects.highlighted
        behind = -1 if at is None else at - len(self._views) - 1
        return self._broken[behind] if 0 <= behind < len(self._broken) else None

    @on(OptionList.OptionHighlighted)
    def _show_details(self) -> None:
        view, problem = self._chosen(), self._chosen_problem()
        if view is not None:
            self.details.update(subject_details(view, self._session.on))
        elif problem is not None:
            self.details.update(on_one_line(str(problem)))

    @on(OptionList.OptionSelected)
    def _open_selected(self) -> None:
        self.action_open()

    @work(exclusive=True)
    @tells_errors
    async def action_open(self) -> None:
        """Open the highlighted subject, or say what is wrong with the highlighted file."""
        view, problem = self._chosen(), self._chosen_problem()
        if view is not None and view.survey is not None:
            await self._show_readiness(view.folder)
        elif view is not None:
            await screens.navigation.open_subject(self.app, self._session, view.folder)
        elif problem is not None:
            await screens.navigation.look_into(self.app, self._session, problem)
            self.action_reload()

    @work(exclusive=True)
    @tells_errors
    async def action_new(self) -> None:
        await screens.navigation.start_new(self.app, self._session)
        self.action_reload()

    @work(exclusive=True)
    @tells_errors
    async def action_review(self) -> None:
        if (view := self._chosen()) is not None and view.survey is not None:
            await self._show_readiness(view.folder)
        elif view is not None:
            await screens.navigation.review_subject(self.app, self._session, view.folder)

    @work(exclusive=True)
    @tells_errors
    async def action_decide(self) -> None:
        if (view := self._tool_chosen("decided on")) is not None:
            await screens.navigation.decide_subject(self.app, self._session, view.folder)

    @work(exclusive=True)
    @tells_errors
    async def action_report(self) -> None:
        if (view := self._chosen()) is not None and view.survey is not None:
            await screens.report_survey(self.app, self._session, view.folder, self._surveys())
        elif view is not None:
            await screens.navigation.report_subject(self.app, self._session, view.folder)

    @work(exclusive=True)
    @tells_errors
    async def action_readiness(self) -> None:
        """The result of the highlighted survey, else of the one that there is."""

        surveys = [view for view in self._views if view.survey is not None]
        view = self._chosen()
        if view is not None and view in surveys:
            await self._show_readiness(view.folder)
        elif (folder := await screens.choose_survey(self.app, surveys)) is not None:
            await self._show_readiness(folder)

    async def _show_readiness(self, folder: SubjectFolder) -> None:
        await screens.show_readiness(self.app, self._session, folder, self._surveys())

    def _tool_chosen(self, done: str) -> SubjectView | None:
        """The highlighted tool; for a survey, None and a message."""
        view = self._chosen()
        if view is not None and view.survey is not None:
            self.app.notify(f"Surveys cannot be {done}; press enter to see the result.", markup=False)
            return None
        return view

    @work(exclusive=True)
    @tells_errors
    async def action_decision(self) -> None:
        """Show the decision on the highlighted tool, with what happened since."""
        if (view := self._tool_chosen("decided on")) is not None:
            await screens.navigation.show_decision(self.app, self._session, view.folder)

    def action_mark(self) -> None:
        if (view := self._tool_chosen("compared")) is not None:
            self._marked ^= {view.folder.name}
            self._fill()

    @work(exclusive=True)
    @tells_errors
    async def action_compare(self) -> None:
        """Compare the marked tools; with none marked, all of the same rubric as the highlighted one."""
        folders = [view.folder for view in self._views if view.survey is None]
        marked = [folder for folder in folders if folder.name in self._marked]
        if marked:
            await screens.compare_subjects(self.app, self._session, marked)
        elif (view := self._tool_chosen("compared")) is not None:
            await screens.compare_all(self.app, self._session, folders, view.folder)

    @work(exclusive=True)
    @tells_errors
    async def action_migrate(self) -> None:
        if (view := self._chosen()) is not None:
            await screens.navigation.migrate_subject(self.app, self._session, view.folder)

    def action_rubrics(self) -> None:
        self.app.push_screen(screens.RubricsScreen(self._session))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Nothing can be done without subjects, and Home has no way back."""
        if action == "back":
            return False
        if action in ("review", "decide", "decision", "report", "compare", "mark", "migrate"):
            return True if self._views else None
        return True if action != "open" or self._views or self._broken else None


def _is_uncounted(view: SubjectView) -> bool:
    return view.survey is not None and view.survey.gathered is None and view.fault is None
