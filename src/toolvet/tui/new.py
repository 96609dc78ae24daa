"""New: the tool and the job, the rubric, the scope facts; then the assessment begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef
from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.files.reading import AssessmentFile
from toolvet.files.unfinished import keep_unfinished, unfinished
from toolvet.files.workspace import Workspace
from toolvet.tui.dialogs import Choice, ChooseOne, Confirm
from toolvet.tui.facts import FactsScreen
from toolvet.tui.place import Place, tells_errors
from toolvet.tui.preferences import prefer
from toolvet.tui.text_dialogs import SOON
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.tool_form import ToolForm, subject_of


class NewScreen(Place[AssessmentFile | None]):
    """The form; what follows comes as screens and dialogs over it, so that going back loses nothing."""

    CSS_PATH = "new.tcss"
    HELP = (
        "Only the name is needed. Say the job first: the tool is judged by whether people can do it. "
        "What you leave out can be added to the file later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "go_on", "Go on to the scope facts", tooltip="Go on to the scope facts, from any field."),
        Binding("tab", "app.focus_next", "Next field", show=False),
    ]

    form = query_one(ToolForm)
    _is_over = False

    def __init__(
        self, workspace: Workspace, rubrics: Sequence[Rubric], on: date, reviewer: str | None, *, name: str = ""
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._rubrics = tuple(rubrics)
        self._on = on
        self._reviewer = reviewer
        given = {"requested_on": on.isoformat(), "name": name, "reviewer": reviewer or ""}
        self._given = {name: value for name, value in given.items() if value}
        self._taken_up = unfinished(workspace.root)
        self._scope: dict[str, str] = {}
        self._rubric: Rubric | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar("New tool", str(self._workspace.root))
        yield ToolForm({**self._given, **self._taken_up})
        yield Keys()

    def on_mount(self) -> None:
        """Keep what is typed from the first key on; say so where it was there before."""
        self.set_interval(SOON, self.keep_work)
        if self._taken_up:
            self.app.notify("What you typed the last time is here again; esc throws it away.", timeout=8, markup=False)

    def keep_work(self) -> None:
        """Keep what is typed, to be offered again where no assessment begins."""
        if not self._is_over:
            keep_unfinished(self._workspace.root, {} if self._is_untouched() else self.form.typed)

    def _is_untouched(self) -> bool:
        return self.form.typed == self._given

    def _leave(self, file: AssessmentFile | None) -> None:
        self._is_over = True
        keep_unfinished(self._workspace.root, {})
        self.dismiss(file)

    @on(ToolForm.Done)
    def _form_done(self) -> None:
        self.action_go_on()

    @work(exclusive=True)
    @tells_errors
    async def action_go_on(self) -> None:
        """The rubric, the facts, and then the assessment."""
        if self.form.fault():
            return
        rubric = await self._choose_rubric()
        if rubric is None:
            return
        if rubric != self._rubric:
            self._rubric, self._scope = rubric, {}
        subject = subject_of(self.form.typed)
        if rubric.scope:
            facts = FactsScreen(
                rubric, self._scope, subject=subject.label, ending="Behind the last one the questions begin."
            )
            given = await self.app.push_screen_wait(facts)
            self._scope = dict(given.scope)
            if not given.finished:
                return
        self._start(rubric)

    async def _choose_rubric(self) -> Rubric | None:
        if not self._rubrics:
            raise ToolvetError("There is no rubric to ask with: neither in the workspace's rubrics/ nor shipped.")
        if len(self._rubrics) == 1:
            return self._rubrics[0]
        choices = [Choice(rubric, f"{rubric.title} {rubric.version}", rubric.summary or "") for rubric in self._rubrics]
        return await self.app.push_screen_wait(ChooseOne("Which rubric?", choices, chosen=self._rubric))

    def _start(self, rubric: Rubric) -> None:
        typed = self.form.typed
        reviewer = typed["reviewer"]
        assessment = Assessment(
            rubric=RubricRef(rubric.id, rubric.version, rubric.digest or None),
            subject=subject_of(typed),
            reviewer=Reviewer(reviewer),
            started=self._on,
            scope=self._scope,
        )
        file = self._workspace.start(assessment, self._on)
        if reviewer != self._reviewer:
            prefer("reviewer", reviewer)
        self._leave(file)

    def would_be_lost(self) -> str | None:
        """Everything typed here, until the assessment begins."""
        if self._is_untouched() and not self._scope:
            return None
        return "The new tool is not saved yet; what you typed about it would be lost."

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; ask first where something was typed."""
        lost = self.would_be_lost()
        if lost is not None:
            leave = Confirm("Leave the new tool?", lost, yes="Leave and lose it", no="Stay here", careful=True)
            if not await self.app.push_screen_wait(leave):
                return
        self._leave(None)
