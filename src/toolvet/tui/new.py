"""New: the tool and the job, the rubric, the scope facts; then the assessment begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef
from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.files.reading import AssessmentFile
from toolvet.files.unfinished import Unfinished
from toolvet.files.workspace import Workspace
from toolvet.tui.clock import Today
from toolvet.tui.dialogs import Choice, ChooseOne
from toolvet.tui.facts import FactsScreen
from toolvet.tui.leaving import Leaving, ask_to_leave, not_kept, when_words
from toolvet.tui.place import Place, tells_errors
from toolvet.tui.preferences import prefer
from toolvet.tui.text_dialogs import SOON
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.tool_form import ToolForm, subject_of


class Instead(Enum):
    """What is begun instead of vetting a tool."""

    SURVEY = "survey"


class NewScreen(Place[AssessmentFile | Instead | None]):
    """The form; what follows comes as screens and dialogs over it, so that going back loses nothing."""

    CSS_PATH = "new.tcss"
    HELP = (
        "Only the name is needed. Say the job first: the tool is judged by whether people can do it. "
        "What you leave out can be added to the file later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "go_on", "Go on to the scope facts", tooltip="Go on to the scope facts, from any field."),
        Binding("f3", "answer_survey", "Answer a survey", tooltip="Answer a survey about an organisation instead."),
        Binding("tab", "app.focus_next", "Next field", show=False),
    ]

    form = query_one(ToolForm)
    _is_over = False

    _on = Today()

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
        self._draft = Unfinished(workspace.root, "new tool")
        self._left = self._draft.left()
        self._scope = self._left.texts("scope")
        self._rubric = next((each for each in self._rubrics if _name(each) == self._left.work.get("rubric")), None)
        self._has_draft = bool(self._left.work)
        self._trouble: str | None = None

    def compose(self) -> ComposeResult:
        yield TitleBar("New tool", str(self._workspace.root))
        yield ToolForm(self._left.texts("fields") or self._given)
        yield Keys()

    def on_mount(self) -> None:
        """Keep what is typed from the first key on; say so where it was there before."""
        self.set_interval(SOON, self.keep_work)
        if self._left.work:
            when = when_words(self._left.at)
            self.app.notify(
                f"What you typed is here again, from {when}; esc and then 2 throws it away.", timeout=8, markup=False
            )

    def keep_work(self) -> None:
        """Keep what is typed and given, to be offered again where no assessment begins."""
        if self._is_over:
            return
        if self._is_untouched:
            if self._has_draft:
                self._draft.forget()
            self._trouble = None
        else:
            rubric = None if self._rubric is None else _name(self._rubric)
            self._trouble = self._draft.keep({"fields": self.form.typed, "rubric": rubric, "scope": self._scope})
        self._has_draft = not self._is_untouched

    @property
    def _is_untouched(self) -> bool:
        return self.form.typed == self._given and not self._scope

    def _keep_facts(self, scope: Mapping[str, str]) -> None:
        self._scope = dict(scope)
        self.keep_work()

    def _leave(self, file: AssessmentFile | None) -> None:
        self._is_over = True
        self._draft.forget()
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
            ending = "Behind the last one the questions begin."
            facts = FactsScreen(rubric, self._scope, subject=subject.label, ending=ending, given_now=self._keep_facts)
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

    def action_answer_survey(self) -> None:
        """Answer a survey instead; what was typed about a tool is kept for the next time."""
        self.keep_work()
        self._is_over = True
        self.dismiss(Instead.SURVEY)

    def would_be_lost(self) -> str | None:
        """Everything typed here, where not even a draft of it could be kept."""
        return None if self._trouble is None else f"The new tool is not saved yet. {not_kept(self._trouble)}"

    def saved_words(self) -> str | None:
        """That the draft is kept."""
        return "Kept as a draft: what you typed about the new tool; New takes it up again." if self._has_draft else None

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; where something was typed, ask what is to become of it."""
        self.keep_work()
        if self._has_draft:
            again = "New offers it again the next time."
            asking = ask_to_leave("Leave the new tool?", again=again, trouble=self._trouble)
            match await self.app.push_screen_wait(asking):
                case Leaving.KEEP:
                    self._is_over = True
                    self.dismiss(None)
                    return
                case Leaving.STAY | None:
                    return
        self._leave(None)


def _name(rubric: Rubric) -> str:
    return f"{rubric.id} {rubric.version}"
