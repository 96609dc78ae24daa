"""A decision open for change: kept as a draft until it is recorded or thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import score
from toolvet.errors import UnusableFile
from toolvet.files.reading import AssessmentFile, DecisionFile
from toolvet.files.reviewer import reviewer_name
from toolvet.files.standing import to_supersede
from toolvet.files.workspace import Workspace
from toolvet.tui.clock import Today
from toolvet.tui.decision_draft import KeptDecision
from toolvet.tui.dialogs import Confirm
from toolvet.tui.draft import Draft, first_draft
from toolvet.tui.leaving import Leaving, ask_to_leave, not_kept
from toolvet.tui.place import Place
from toolvet.tui.preferences import preferred
from toolvet.tui.widgets.notice import Notice


class OpenDecision(Place[DecisionFile | None]):
    """What a screen needs on which a decision is made. `left` is the draft that was taken up, None where none was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "start_afresh", "Start afresh", tooltip="Throw the draft away and begin with what is offered."),
    ]

    on_day = Today()

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        super().__init__()
        self.workspace, self.rubric, self.file, self.on_day = workspace, rubric, file, on
        self.scorecard = score(rubric, file.assessment, on)
        first = self._first_draft()
        self.kept = KeptDecision(workspace.root, first.decision.assessment.path, first)
        self.left = self.kept.left()
        self.draft = first if self.left is None else self.left.draft

    def _first_draft(self) -> Draft:
        folder = self.workspace.subject(self.file.path.parent.name)
        if folder.errors:
            raise UnusableFile(folder.errors)  # nobody can say what the decision would supersede
        return first_draft(
            self.scorecard,
            self.file,
            self.workspace.relative(self.file.path),
            by=reviewer_name() or preferred("reviewer") or "",
            earlier=to_supersede(folder),
            on=self.on_day,
        )

    def show(self) -> None:
        """Show the draft."""

    def catch_up(self) -> None:
        """Go on to the day it is, where midnight has passed since the verdict was computed."""
        if self.scorecard.on == self.on_day:
            return
        self.scorecard = score(self.rubric, self.file.assessment, self.on_day)
        first = self._first_draft()
        today = replace(self.draft.decision, decided_on=self.on_day, computed=first.decision.computed)
        self.kept.first = first
        self.change(replace(self.draft, decision=today))

    def change(self, draft: Draft) -> None:
        """Go on to that draft: keep it, show it."""
        self.draft = draft
        self.kept.keep(draft)
        if self.is_untouched:
            self.query_one(Notice).show(())  # nothing is left of what was taken up
        self.show()
        self.refresh_bindings()

    def reseal(self) -> None:
        """The decision rests on the file as it is now."""
        self.kept.first = self._resealed(self.kept.first)
        self.change(self._resealed(self.draft))

    def _resealed(self, draft: Draft) -> Draft:
        reference = replace(draft.decision.assessment, sha256=self.file.sha256)
        return replace(draft, decision=replace(draft.decision, assessment=reference))

    @property
    def is_untouched(self) -> bool:
        """Whether all is as it was offered."""
        return self.draft == self.kept.first

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """There is nothing to start afresh with before something was chosen."""
        return action != "start_afresh" or not self.is_untouched

    @work(exclusive=True)
    async def action_start_afresh(self) -> None:
        """Throw the draft away, once that is confirmed, and begin with what is offered."""
        text = "All that you chose and wrote here is thrown away, and what is offered stands here again."
        sure = Confirm("Start afresh?", text, yes="Throw it away", no="Go on with it", careful=True)
        if await self.app.push_screen_wait(sure):
            self.change(self.kept.first)

    # What the app asks before it ends

    def keep_work(self) -> None:
        """Keep the draft where that failed before."""
        self.kept.keep_again()

    def would_be_lost(self) -> str | None:
        """The decision that is not recorded yet, where not even a draft of it could be kept."""
        trouble = self.kept.trouble
        return None if trouble is None else f"The decision is not recorded yet. {not_kept(trouble)}"

    def saved_words(self) -> str | None:
        """That the draft is kept."""
        if self.kept.work is None:
            return None
        return f"Kept as a draft: the decision on {self.file.assessment.subject.label}; Decide takes it up again."

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; where something was chosen, ask what is to become of it."""
        if not self.is_untouched:
            again = "Decide offers it again for this assessment."
            asking = ask_to_leave("Leave without recording?", again=again, trouble=self.kept.keep(self.draft))
            match await self.app.push_screen_wait(asking):
                case Leaving.DROP:
                    self.kept.forget()
                case Leaving.STAY | None:
                    return
        self.dismiss(None)
