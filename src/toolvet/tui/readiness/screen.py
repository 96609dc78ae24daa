"""Readiness: what people expect and what they get, for everybody, by group, and against the previous round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import Static
from textual.worker import get_current_worker

from toolvet.errors import ToolvetError, UsageError
from toolvet.report.survey.result import in_language
from toolvet.report.survey.sentences import open_words, who_may_words
from toolvet.services.assessments import Session
from toolvet.services.overview import SubjectView
from toolvet.services.survey_counts import SurveyCounts
from toolvet.services.survey_rounds import Gathered, close_round, ends_on
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import plural
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.kit.content import Keys, TitleBar, below_each_other, entitle, shown
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.link_list import PageTabs, page_bindings
from toolvet.tui.kit.report_screen import ReadinessReportScreen
from toolvet.tui.readiness.pages import (
    BEFORE,
    GROUPS,
    NAMES,
    OVERVIEW,
    OVERVIEW_LEGEND,
    QUESTIONS,
    GapGrid,
    GapPage,
    GapRows,
    ResultView,
    Tabled,
    page_content,
)
from toolvet.tui.readiness.question import OneGapScreen
from toolvet.tui.screen import Place, notify, tells_errors

ROUND_OPEN = (
    "The round is open, so no result is shown: single answers could be worked out from results published one after "
    "the other."
)
NO_GROUP_SHOWN = "No group can be shown: too few people answered in each."
ONE_GROUP_SHOWN = "Only one group can be shown: too few people answered in each of the others."


async def ask_for_group(app: App[object], view: ResultView) -> tuple[str, ...] | None:
    """The group that the person picks, () for everybody; None where they went back."""
    if not view.groups:
        raise UsageError(NO_GROUP_SHOWN)
    everybody: Choice[tuple[str, ...]] = Choice((), f"everybody ({view.survey.now.readiness.people})")
    choices = [everybody]
    choices += [Choice((group,), view.with_people(group)) for group in view.groups]
    chosen: tuple[str, ...] = () if view.group is None else (view.group,)
    return await app.push_screen_wait(ChooseOne("Whose answers?", choices, chosen=chosen))


async def ask_for_two(app: App[object], view: ResultView) -> tuple[str, str] | None:
    """The two groups that the person picks; None where they went back."""
    two = view.two
    if two is None:
        raise UsageError(ONE_GROUP_SHOWN if view.groups else NO_GROUP_SHOWN)
    if len(view.groups) == 2:
        return two[1], two[0]  # there is nothing to pick: they change sides
    first = await _one_of(app, view, "Which group on the left?", view.groups, two[0])
    if first is None:
        return None
    others = [group for group in view.groups if group != first]
    second = await _one_of(app, view, "Which group on the right?", others, two[1])
    return None if second is None else (first, second)


async def _one_of(app: App[object], view: ResultView, title: str, groups: Sequence[str], chosen: str) -> str | None:
    choices = [Choice(group, view.with_people(group)) for group in groups]
    return await app.push_screen_wait(ChooseOne(title, choices, chosen=chosen))


class ReadinessScreen(Place[None]):
    """The result of one organisation's survey."""

    CSS_PATH = "readiness.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (36, "-high")]  # noqa: RUF012 as Textual declares it
    HELP = (
        "What people expect and what is delivered, on the same ladder. A gap is delivered minus expected: below zero "
        "people get less than they expect, far above zero more than they ask for. Read both means before the gap. "
        "Digits and tab turn the pages; enter opens a question. Where too few people answered, figures are withheld."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *page_bindings(NAMES),
        Binding(
            "l",
            "choose_group",
            "Filter",
            tooltip="Choose whose answers are shown; on Two groups, which two.",
            id="which",
        ),
        Binding("w", "report", "Write report", tooltip="Preview and write the report on the survey.", id="report"),
        Binding("a", "answer", "Add", tooltip="Answer the survey as a new person.", id="add"),
        Binding(
            "C",
            "close",
            "Close round",
            tooltip="End the round and show its result; it is not reopened.",
            id="close-round",
        ),
        Binding(
            "R,f5",
            "reload",
            "Read again",
            key_display="R",
            show=False,
            tooltip="Read the answer files again.",
            id="read-again",
        ),
    ]

    tabs = query_one(PageTabs)
    rows = query_one(GapRows)
    table = query_one(GapPage)

    def __init__(self, session: Session, folder: SubjectFolder, counts: SurveyCounts | None = None) -> None:
        super().__init__()
        self._session, self._folder = session, folder
        self._counts = counts or SurveyCounts(session)
        self._gathered: Gathered | None = None
        self._can_close = False
        """Whether enough people answered for the open round to be closed."""
        self.view: ResultView | None = None
        self.page = OVERVIEW
        self._at: str | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar("Readiness", self._folder.label, day(self._session.on))
        yield PageTabs(NAMES)
        with Container(id="pages"):
            yield Static(id="counting", classes="pane")
            yield GapRows()
            yield GapPage()
        yield Keys()

    def take_new_day(self) -> None:
        self.query_one(TitleBar).show_state(day(self._session.on))
        self.action_reload()

    def on_screen_resume(self) -> None:
        """Count at the beginning, and again when answers may have been added."""
        self.action_reload()

    def action_reload(self) -> None:
        """Read the answer files again. Many of them are counted in a thread, so that keys still work."""
        try:
            self._folder = self._session.workspace.subject(self._folder.name)
            gathered = self._counts.known(self._folder)
        except ToolvetError as error:
            self._tell_instead(str(error))
            return
        if gathered is not None:
            self._take(gathered)
        else:
            self._tell_instead(f"Counting {plural(len(self._folder.assessments), 'answer file')} …")
            self._count()

    @work(thread=True, exclusive=True)
    def _count(self) -> None:
        # checking that nobody's answers can be derived takes some tenths of a second for hundreds of people
        try:
            gathered = self._counts.count(self._folder)
        except ToolvetError as error:
            self.app.call_from_thread(self._tell_instead, str(error))
            return
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._take, gathered)

    def _take(self, gathered: Gathered) -> None:
        if gathered is self._gathered:
            return
        self._can_close = gathered.open.people >= gathered.open.least
        if gathered.survey is None:
            keys = "C closes the round, a answers as a new person." if self._can_close else "a answers as a new person."
            form = f'To ask people by a form, run: toolvet readiness --form "{gathered.organisation}" -o survey.html'
            words = (who_may_words(gathered.open), "", ROUND_OPEN, "", keys, form)
            self._tell_instead("\n".join(words), first=open_words(gathered.open, is_first=True))
            return
        self._gathered = gathered
        said = (*gathered.notes, *gathered.left_out, *map(str, self._folder.problems))
        notes = tuple(words.replace(f"{self._session.workspace.root}/", "") for words in said)
        survey = in_language(gathered.survey, self._session.language)
        self.view = ResultView(survey, notes) if self.view is None else self.view.of(survey, notes)
        self._show()

    def _tell_instead(self, words: str, *, first: str = "") -> None:
        """Show these words in place of the pages, with the first line as what a person came to know."""
        self.view = self._gathered = None
        head = [shown(first, "bold")] if first else []
        pane = self.query_one("#counting", Static)
        entitle(pane, "The round is open" if first else "Survey")
        pane.update(below_each_other(*head, shown(words)))
        self._show()

    @on(Resize)
    def _show(self) -> None:
        """Show the page at the present width, with the cursor on the same question."""
        if self.table.visible and self.table.question is not None:
            self._at = self.table.question.question.id
        self._show_at()

    def _show_at(self) -> None:
        self.tabs.show(self.page)
        content = None if self.view is None else page_content(self.view, self.page, self.app.size.width - 2)
        is_table = isinstance(content, Tabled)
        self.query_one("#counting").visible = content is None
        self.tabs.visible = content is not None
        self.rows.visible = content is not None and not is_table
        self.table.visible = is_table
        if isinstance(content, Tabled):
            self.table.show(NAMES[self.page], content, self._at)
            self.table.grid.focus()
        elif content is not None:
            entitle(self.rows, NAMES[self.page], OVERVIEW_LEGEND if self.page == OVERVIEW else "")
            self.rows.show(content)
            self.rows.focus()
        self.refresh_bindings()

    def action_turn(self, by: int) -> None:
        self.action_turn_to((self.page + by) % len(NAMES))

    def action_turn_to(self, page: int) -> None:
        self.page = page
        self._show()

    @on(PageTabs.Chosen)
    def _turn_to_clicked(self, event: PageTabs.Chosen) -> None:
        self.action_turn_to(event.page)

    @on(GapGrid.Picked)
    def _open_at_cursor(self) -> None:
        if self.table.question is not None:
            self._open(self.table.question.question.id)

    @on(GapRows.Picked)
    def _open_picked(self, event: GapRows.Picked) -> None:
        self._open(event.question_id)

    def _open(self, question_id: str) -> None:
        if self.view is not None:
            self.app.push_screen(OneGapScreen(self.view, question_id), self._come_back)

    def _come_back(self, question_id: str | None) -> None:
        self._at = question_id
        if self.table.visible:
            self._show_at()

    @work(exclusive=True, group="asking")
    @tells_errors
    async def action_choose_group(self) -> None:
        view = self.view
        if view is None:
            return
        if self.page == GROUPS:
            two = await ask_for_two(self.app, view)
            if two is not None:
                self._look_at(replace(view, pair=two), GROUPS)
        else:
            group = await ask_for_group(self.app, view)
            if group is not None:
                self._look_at(replace(view, group=group[0] if group else None), QUESTIONS)

    def _look_at(self, view: ResultView, page: int) -> None:
        self.view = view
        self.action_turn_to(page)

    def action_report(self) -> None:
        if self.view is not None:
            self.app.push_screen(screens.ReadinessReportScreen(self._session, self._folder.name, self.view.survey))

    @work(exclusive=True, group="asking")
    @tells_errors
    async def action_answer(self) -> None:
        await screens.navigation.answer_survey(self.app, self._session, self._folder)
        self.action_reload()

    @work(exclusive=True, group="asking")
    @tells_errors
    async def action_close(self) -> None:
        """Ask once, close the round, and show its result."""
        ends = ends_on(self._folder)
        until = f"People were told that answers up to {day(ends)} count. " if ends and ends > self._session.on else ""
        withheld = "; nothing is shown yet" if self.view is None else ""
        choices = (
            Choice(False, "Keep it open", f"People can still answer{withheld}."),
            Choice(True, "Close the round", f"{until}Later answers go to the next round. It cannot be reopened."),
        )
        if await self.app.push_screen_wait(ChooseOne("Close this round for good?", choices)):
            closed = close_round(self._session, self._folder.name)
            people = plural(closed.round.people, "person", "people")
            notify(self, f"Closed, with {people}: {closed.path.parent.name}/{closed.path.name}")
            self.action_reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Without a result there is nothing to choose or report, and the rounds are always of everybody."""
        if action == "choose_group":
            return None if self.view is None or self.page == BEFORE else True
        return None if action == "report" and self.view is None else True

    @property
    def idle_actions(self) -> frozenset[str]:
        """A round that too few answered cannot be closed."""
        return frozenset() if self._can_close else frozenset({"close"})


NO_SURVEY = (
    "There is no survey here yet. To answer one on screen, press a, then f3. To send it to people, write the form in a "
    "shell: toolvet readiness --form NAME -o survey.html"
)


async def show_readiness(app: App[None], session: Session, folder: SubjectFolder, counts: SurveyCounts) -> None:
    """Show the result of that survey."""
    await app.push_screen_wait(ReadinessScreen(session, folder, counts))


async def choose_survey(app: App[None], views: Sequence[SubjectView]) -> SubjectFolder | None:
    """The only survey of these, or the one that the person picks; None where they went back."""
    if not views:
        raise UsageError(NO_SURVEY)
    if len(views) == 1:
        return views[0].folder
    return await app.push_screen_wait(ChooseOne("Which survey?", [Choice(view.folder, view.name) for view in views]))


async def report_survey(app: App[None], session: Session, folder: SubjectFolder, counts: SurveyCounts) -> None:
    """Preview the report on that survey."""
    gathered = counts.known(folder) or counts.count(folder)
    survey = gathered.survey
    if survey is None:
        raise UsageError(f"There is no result to report yet. {open_words(gathered.open, is_first=True)}")
    survey = in_language(survey, session.language)
    await app.push_screen_wait(ReadinessReportScreen(session, folder.name, survey))
