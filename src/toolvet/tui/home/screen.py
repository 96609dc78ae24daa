"""Home: the subjects of the workspace, how each one stands, and what is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize, ScreenResume
from textual.geometry import Size
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.worker import get_current_worker

from toolvet.errors import Problem, ToolvetError
from toolvet.services.assessments import Session
from toolvet.services.overview import Order, Overview, Row, SubjectView, ToolRow, sorted_rows, view_of
from toolvet.storage.atomic import newest_report
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.user_state import prefer, preferred
from toolvet.text.escape import plural
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.home.details import DueList, details_edges, subject_details
from toolvet.tui.home.rows import (
    Columns,
    FirstSteps,
    LazyRow,
    SubjectList,
    Welcome,
    has_proofs,
    headline,
    heads_row,
    is_uncounted,
    subject_row,
)
from toolvet.tui.kit.content import Keys, SidePane, TitleBar, entitle, shown
from toolvet.tui.kit.find import FIND, FindLine, matching
from toolvet.tui.kit.score_panel import RANGE_LEGEND
from toolvet.tui.screen import Place, copy_words, notify_error, tells_errors

if TYPE_CHECKING:
    from toolvet.services.survey_counts import SurveyCounts

_OF_TOOLS = frozenset(("go", "compare", "mark"))
NEEDS_SUBJECTS = _OF_TOOLS | {"review", "report", "register", "sort", "find", "copy", "open_outside"}
"""The actions that need something in the list."""

_AT_ONCE, _FEW = 0.005, 12
"""Seconds of looking that the first drawing waits for; so many subjects it waits for anyhow, so that keys meet all."""
_STEP = 0.02
"""Seconds of looking at a time, so that no key waits longer."""
_PAUSE, _DRAWN_AGAIN = 0.005, 0.5
_Opens = Callable[[App[None], Session, SubjectFolder], Awaitable[None]]


class HomeScreen(Place[None]):
    """The list of subjects; the files that cannot be read stand below it."""

    CSS_PATH = "home.tcss"
    HELP = (
        "The tools being vetted here, each with today's verdict, how much is answered, and its range: from the floor "
        "(open questions count nothing) to the ceiling (they count fully). ◔ marks a decided tool that is under review "
        "again. Surveys follow, with how many people answered and how many areas are in balance."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "new", "Add", tooltip="Vet or tolerate another tool, or answer a survey.", id="add"),
        Binding("r", "review", "Review", tooltip="The scorecard and what would change the verdict.", id="review"),
        Binding("d", "go('decide')", "Decide", tooltip="Record a decision.", id="decide"),
        Binding(
            "D", "go('decision')", "Decision", tooltip="See or withdraw it; conditions, next review.", id="decision"
        ),
        Binding("w", "report", "Write report", tooltip="Preview and write it: HTML, PDF, Word …", id="report"),
        Binding("c", "compare", "Compare", tooltip="The marked tools, or all of the same rubric.", id="compare"),
        Binding("E", "go('edit')", "Edit", show=False, tooltip="Change what is known of it, or archive it.", id="edit"),
        Binding("L", "register", "Write register", show=False, tooltip="The list of all tools.", id="register"),
        Binding("space", "mark", "Mark", tooltip="Mark a tool to compare it.", id="mark"),
        Binding(
            "v",
            "readiness",
            "Readiness",
            show=False,
            tooltip="See the result of a survey, or close its round.",
            id="readiness",
        ),
        Binding("t", "sort", "Sort", show=False, tooltip="By name, verdict, due, change.", id="sort"),
        FIND,
        Binding("y", "copy", "Copy", show=False, tooltip="Copy the path of its file.", id="copy"),
        Binding("o", "open_outside", "Open report", show=False, tooltip="Open its newest.", id="open-report"),
        Binding(
            "b", "rubrics", "Rubrics", tooltip="See the rubrics; walk through one as a reviewer would.", id="rubrics"
        ),
        Binding("I", "go('import')", "Import", show=False, tooltip="Import a filled-in sheet.", id="import"),
        Binding("M", "go('migrate')", "Migrate", show=False, tooltip="To another version of the rubric.", id="migrate"),
        Binding(
            "R,f5",
            "reload",
            "Read again",
            key_display="R",
            show=False,
            tooltip="Read the files again.",
            id="read-again",
        ),
    ]

    subjects = query_one("#subjects", SubjectList)
    details = query_one("#details-text", Static)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._workspace = session, session.workspace
        self._overview = Overview(session)
        self._all: tuple[Row, ...] = ()
        self._views: tuple[Row, ...] = ()  # those of them that are found
        self._filled = 0.0  # when the list was drawn last
        self._words = ""
        self._begun: str | None = None
        """The subject that was added last, until its row is there to be highlighted."""
        self._are_rows_drawn = self._is_followed = False
        chosen = preferred("home-order")
        self._order = Order(chosen) if chosen in tuple(Order) else Order.NAME
        self._broken: tuple[Problem, ...] = ()
        self._broken_rubrics: tuple[Problem, ...] = ()
        self._marked: frozenset[str] = frozenset()
        self._counts: SurveyCounts | None = None
        self._counted_on = session.on

    def compose(self) -> ComposeResult:
        yield TitleBar("Home", state=_state_of(self._session))
        yield Static(id="headline")
        with Vertical(id="home"):
            with Vertical(id="list", classes="pane"):
                with Vertical(id="list-head"):
                    yield FindLine()
                    yield Static(id="heads")
                yield SubjectList(id="subjects")
            with Horizontal(id="lower"):
                with SidePane(id="details", classes="pane"):
                    yield Static(id="details-text")
                yield DueList()
        yield Keys()

    @on(Resize)
    def _fit(self) -> None:
        # the list has its new width only once it is laid out with or without the pane beside it
        self.call_after_refresh(self._fill)

    def take_new_day(self) -> None:
        self.query_one(TitleBar).show_state(_state_of(self._session))
        self.action_reload()

    @on(ScreenResume)
    def action_reload(self) -> None:
        """Look at everything again: what is highlighted first, as much as takes no time now, the rest between keys.

        Another screen may have changed it, too.
        """
        if not self.query(SubjectList):
            return  # the app ends before there was anything on it
        chosen = self._chosen()
        try:
            self._overview.begin([] if chosen is None else [chosen.folder_name])
        except ToolvetError as error:
            notify_error(self, error)
            return
        self._filled, self._is_followed = -_DRAWN_AGAIN, chosen is not None
        self._look_on(_AT_ONCE if self._overview.left > _FEW else 1.0)

    def _look_on(self, seconds: float = _STEP) -> None:
        """Look at some more subjects, and draw the list now and then; at the end, look at what it did not wait for."""
        if not self.is_mounted:
            return
        is_done = self._overview.step(seconds)
        has_room = len(self._all) < self.size.height
        if is_done or has_room or monotonic() - self._filled > _DRAWN_AGAIN:
            self._take(self._overview.rows)
        if not is_done:
            # what was found first is drawn before more is looked at
            self.call_after_refresh(self.set_timer, _PAUSE, self._look_on)
            return
        if not self._all and not self._broken:
            if self.query(Welcome):
                self.query_one(FirstSteps).focus()
            else:
                self.mount(Welcome(self._workspace), before="Keys")
        # every rubric is read for this, used or not, and what counts surveys is loaded; the list does not wait for it
        self.set_timer(0.05, self._look_further)

    def _take(self, rows: tuple[Row, ...]) -> None:
        self._all = sorted_rows(rows, self._order, self._workspace.root)
        self._broken = (*self._overview.problems, *self._broken_rubrics)
        self._fill()

    def _look_further(self) -> None:
        problems = (problem for problem in self._workspace.rubric_problems if not problem.warning)
        found = tuple(problem for problem in problems if problem not in self._overview.problems)
        if found != self._broken_rubrics:
            self._broken_rubrics = found
            self._take(self._all)
        if any(is_uncounted(row) for row in self._all):
            self._surveys()
            self._take_counts(self._all)
        if any(is_uncounted(row) or has_proofs(row) for row in self._all):
            self._look_behind(self._all)

    def _surveys(self) -> SurveyCounts:
        if self._counts is None or self._counted_on != self._session.on:
            from toolvet.services.survey_counts import SurveyCounts  # the list is drawn without it

            self._counts, self._counted_on = SurveyCounts(self._session), self._session.on
            self._overview.view_survey = self._counts.view
        return self._counts

    @work(thread=True, exclusive=True, group="counting")
    def _look_behind(self, rows: tuple[Row, ...]) -> None:
        """Count surveys and compare evidence, which may take a second."""
        worker = get_current_worker()
        for row in rows:
            if isinstance(row, SubjectView) and is_uncounted(row):
                with suppress(ToolvetError):  # told in its row
                    self._surveys().count(row.folder)
        unproven = self._overview.look_at_evidence(rows, lambda: worker.is_cancelled)
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take_counts, rows, unproven)

    def _take_counts(self, rows: tuple[Row, ...], unproven: Mapping[str, tuple[str, ...]] | None = None) -> None:
        if unproven is not None:
            self._overview.unproven = unproven
        if rows is self._all:
            for row in rows:
                if is_uncounted(row):
                    self._overview.look_again(row.folder_name)
            self._take(self._overview.rows)

    def _fill(self) -> None:
        if not self.is_mounted or self.size.width == 0 or not self.query(SubjectList):
            return  # it may be closing already
        chosen, self._filled = self._chosen(), monotonic()
        self._views = tuple(matching(self._words, self._all, lambda row: row.name))
        self.set_class(not self._all and not self._broken and not self._overview.left, "-empty")
        self.set_class(bool(self._broken), "-trouble")
        columns = Columns.within(max(40, self.size.width - 4), self._all)
        rows = [
            LazyRow(partial(subject_row, row, columns, is_marked=row.folder_name in self._marked))
            for row in self._views
        ]
        self.query_one("#heads", Static).update(heads_row(columns))
        self.query_one("#headline", Static).update(headline(self._all, self.size.width - 4))
        names = [row.folder_name for row in self._views]
        name = self._begun if self._begun in names else None if chosen is None else chosen.folder_name
        at = names.index(name) if name in names else None
        if not self._is_followed and not self.subjects.highlighted and name != self._begun:
            at = 0  # rows that are found later may stand before the first that was
        self._is_followed = self._is_followed or not self._overview.left
        self._begun = None if name == self._begun else self._begun
        self.subjects.show(rows, self._broken, self._workspace.root, at)
        surveys = sum(view.survey is not None for view in self._views)
        counts = [plural(len(self._views) - surveys, "tool"), *([plural(surveys, "survey")] if surveys else [])]
        marked = f" · {len(self._marked)} marked" if self._marked else ""
        left = f" · {self._overview.left:,} to look at" if self._overview.left else ""
        title = f"{', '.join(counts)} · sorted by {self._order.value}{marked}{left}"
        entitle(self.query_one("#list"), title, RANGE_LEGEND if columns.bar else "")
        self.query_one(DueList).take(self._all, self._session.on)
        if not self._views:
            self.details.update(Content.styled("No name has these letters.", "$text-muted") if self._words else "")
        self.refresh_bindings()

    def _chosen(self) -> Row | None:
        at = self.subjects.highlighted
        return self._views[at] if at is not None and at < len(self._views) else None

    @property
    def tool(self) -> str:
        return "" if (row := self._chosen()) is None or row.survey is not None else row.folder_name

    @property
    def _chosen_problem(self) -> Problem | None:
        at = self.subjects.highlighted
        behind = -1 if at is None else at - len(self._views) - 1
        return self._broken[behind] if 0 <= behind < len(self._broken) else None

    @on(OptionList.OptionHighlighted, "#subjects")
    def _show_details(self) -> None:
        if not self._are_rows_drawn:  # nobody waits for the details of the first to see the list
            self._are_rows_drawn = True
            self.call_after_refresh(self._show_details)
            return
        row, problem = self._chosen(), self._chosen_problem
        self.refresh_bindings()  # other keys work on a survey
        pane = self.query_one("#details", SidePane)
        width = max(30, pane.scrollable_content_region.width or self.size.width - 6)
        if row is not None:
            on = self._session.on
            view = row if isinstance(row, SubjectView) else view_of(self._workspace, self._overview.folder_of(row), on)
            unproven = self._overview.unproven.get(row.folder_name, ())
            view = replace(view, name=row.name, doubts=(*view.doubts, *unproven))
            pane.name_after(*details_edges(view))
            is_alone = self.app.size.width < 120
            room = Size(width - 1, pane.size.height)
            self.details.update(subject_details(view, self._workspace, on, room, is_alone=is_alone))
        elif problem is not None:
            pane.name_after("A file to look at", "enter: what to do")
            self.details.update(shown(str(problem).replace(f"{self._workspace.root}/", "", 1)))
        pane.scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _open_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list is self.subjects:
            self.action_open()
        else:
            self.action_new(event.option_index)

    @on(DueList.Picked)
    @work(exclusive=True)
    @tells_errors
    async def _open_due(self, event: DueList.Picked) -> None:
        row = next(each for each in self._all if each.folder_name == event.question_id)
        is_decided = isinstance(row, ToolRow) and row.decision is not None
        await _see(self, row, screens.navigation.show_decision if is_decided else screens.navigation.open_subject)
        self.action_reload()

    def action_find(self) -> None:
        self.query_one(FindLine).open()

    @on(FindLine.Asked)
    def _find(self, event: FindLine.Asked) -> None:
        event.stop()
        if event.words != self._words:
            self._words = event.words
            self._fill()
        if event.is_over:
            self.subjects.focus()

    def action_sort(self) -> None:
        """Sort by the next of name, verdict, due and last change; the choice is kept."""
        orders = tuple(Order)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        prefer("home-order", self._order.value)
        self._take(self._all)

    def action_copy(self) -> None:
        """Copy the path of the assessment, or of the file with a problem."""
        view, problem = self._chosen(), self._chosen_problem
        if view is not None and (files := self._workspace.latest(self._overview.folder_of(view), self._session.on)):
            copy_words(self, str(files[0].path), "path")
        elif problem is not None:
            copy_words(self, str(problem.path), "path")

    def action_open_outside(self) -> None:
        """Open the newest report on the highlighted tool."""
        view = self._chosen()
        if view is None:
            return
        found = newest_report(self._workspace.root / "reports", view.folder_name)
        if found is None:
            raise ToolvetError(f"There is no report on {view.name} as toolvet wrote it; w writes one.")
        screens.open_file_outside(self.app, found)

    @work(exclusive=True)
    @tells_errors
    async def action_open(self) -> None:
        """Open the highlighted subject, or say what is wrong with the highlighted file."""
        view, problem = self._chosen(), self._chosen_problem
        if view is not None:
            await _see(self, view, screens.navigation.open_subject)
        elif problem is not None:
            await screens.navigation.look_into(self.app, self._session, problem)
            self.action_reload()

    @work(exclusive=True)
    @tells_errors
    async def action_new(self, step: int = 0) -> None:
        """Take that of the first steps: vet a tool, answer a survey, or look at the worked examples."""
        before = self._workspace.subject_names()
        if step == 2:
            screens.look_at_examples(self.app)
        else:
            begin = (screens.navigation.start_new, screens.navigation.open_new_answers)[step]
            await begin(self.app, self._session)
        self._begun = next((name for name in self._workspace.subject_names() if name not in before), None)
        self.action_reload()

    @work(exclusive=True)
    @tells_errors
    async def action_review(self) -> None:
        if (view := self._chosen()) is not None:
            await _see(self, view, screens.navigation.review_subject)

    @work(exclusive=True)
    @tells_errors
    async def action_go(self, way: str) -> None:
        """Go where a key leads for the highlighted tool; only some of them lead anywhere for a survey."""
        done = {"decide": "decided on", "decision": "decided on", "edit": "edited here"}.get(way)
        view = self._chosen() if done is None else self._tool_chosen(done)
        if view is not None:
            others = self._marked - {view.folder_name}
            marked = [self._overview.folder_of(row).label for row in self._all if row.folder_name in others]
            await screens.navigation.go(self.app, self._session, self._overview.folder_of(view), way, marked)
            self.action_reload()

    @work(exclusive=True)
    @tells_errors
    async def action_report(self) -> None:
        if (view := self._chosen()) is not None and view.survey is not None:
            await screens.report_survey(self.app, self._session, self._overview.folder_of(view), self._surveys())
        elif view is not None:
            await screens.navigation.report_subject(self.app, self._session, self._overview.folder_of(view))

    @work(exclusive=True)
    @tells_errors
    async def action_readiness(self) -> None:
        """The result of the highlighted survey, else of the one that there is."""
        surveys = [view for view in self._views if isinstance(view, SubjectView)]
        view = self._chosen()
        if view is not None and view in surveys:
            await screens.show_readiness(self.app, self._session, self._overview.folder_of(view), self._surveys())
        elif (folder := await screens.choose_survey(self.app, surveys)) is not None:
            await screens.show_readiness(self.app, self._session, folder, self._surveys())

    def _tool_chosen(self, done: str) -> Row | None:
        """The highlighted tool; for a survey, None and a message."""
        view = self._chosen()
        if view is not None and view.survey is not None:
            self.app.notify(f"Surveys cannot be {done}; press enter to see the result.", markup=False)
            return None
        return view

    @work(exclusive=True)
    @tells_errors
    async def action_register(self) -> None:
        await screens.keep_register(self.app, self._session)

    def action_mark(self) -> None:
        if (view := self._tool_chosen("compared")) is not None:
            self._marked ^= {view.folder_name}
            self._fill()

    @work(exclusive=True)
    @tells_errors
    async def action_compare(self) -> None:
        """Compare the marked tools; with none marked, all of the same rubric as the highlighted one."""
        tools = [row for row in self._views if row.survey is None]
        marked = [row for row in tools if row.folder_name in self._marked]
        if marked:
            await screens.compare_subjects(self.app, self._session, [self._overview.folder_of(row) for row in marked])
        elif (row := self._tool_chosen("compared")) is not None:
            folders = [self._overview.folder_of(each) for each in tools]
            await screens.compare_all(self.app, self._session, folders, self._overview.folder_of(row))

    def action_rubrics(self) -> None:
        self.app.push_screen(screens.RubricsScreen(self._session))

    @property
    def idle_actions(self) -> frozenset[str]:
        """On a survey, what is done with tools alone; and the report, until there is a result. On a file, all that."""
        row, of_tools = self._chosen(), _OF_TOOLS - ({"compare"} if self._marked else set())
        if row is None and self._chosen_problem is not None:
            return of_tools | {"review", "report", "open_outside"}
        if not isinstance(row, SubjectView) or row.survey is None:
            return frozenset()
        has_result = row.survey.gathered is not None and row.survey.gathered.survey is not None
        return of_tools if has_result else of_tools | {"report"}

    @property
    def quiet_actions(self) -> frozenset[str]:
        """The key of the decision is named where there is one."""
        is_decided = isinstance(row := self._chosen(), ToolRow) and row.decision is not None
        return frozenset() if is_decided else frozenset({"go('decision')"})

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Nothing can be done without subjects, and Home has no way back."""
        if action == "back":
            return False
        if action in NEEDS_SUBJECTS:
            return True if self._all else None
        return True if action != "open" or self._views or self._broken else None


def _state_of(session: Session) -> str:
    root = session.workspace.root
    return f"{root.name or root} · {day(session.on)}"


async def _see(
    home: HomeScreen, row: Row, opens: Callable[[App[None], Session, SubjectFolder], Awaitable[None]]
) -> None:
    """Open the tool in that way; a survey always with its result."""
    folder = home._overview.folder_of(row)
    if row.survey is not None:
        await screens.show_readiness(home.app, home._session, folder, home._surveys())
    else:
        await opens(home.app, home._session, folder)
