"""One question at a time: moving among them, the outline, the note, and how saving went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import on
from textual.getters import query_one
from textual.widget import Widget

from toolvet.domain import answering
from toolvet.domain.assessment import Answer
from toolvet.domain.rubric import Rubric
from toolvet.files.reading import AssessmentFile
from toolvet.files.state import remember_place
from toolvet.files.workspace import Workspace
from toolvet.report.text import visible
from toolvet.tui import notices
from toolvet.tui.open_assessment import Edit, OpenAssessment
from toolvet.tui.widgets.frame import Trouble
from toolvet.tui.widgets.ladder import Ladder
from toolvet.tui.widgets.notice import Notice
from toolvet.tui.widgets.outline import Outline
from toolvet.tui.widgets.status import Status


class QuestionScreen(OpenAssessment):
    """What the screens have in common in which questions are answered; each says what its keys are."""

    BEHIND_LAST: ClassVar[str] = "That was the last question of this pass."
    BEFORE_FIRST: ClassVar[str] = "That is the first of this pass."

    outline = query_one(Outline)
    ladder = query_one(Ladder)

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, at: str, read_only: bool
    ) -> None:
        super().__init__(workspace, rubric, file, on, at=at, read_only=read_only)
        self._trouble: str | None = None
        self._newer: str | None = None

    def on_mount(self) -> None:
        """Show the question to begin with."""
        self.show_all()
        self.show_saving()
        self.ladder.focus(scroll_visible=False)
        # every rubric of the workspace is looked into; the first question does not wait for it
        self.call_after_refresh(self._look_for_newer)

    def _look_for_newer(self) -> None:
        self._newer = self.workspace.newer_version(self.assessment.rubric)
        if self._newer is not None and self.is_attached:
            self.show_saving()

    def passed(self) -> list[str]:
        """The ids of the questions that next and previous go through, in the rubric's order."""
        raise NotImplementedError

    def help_words(self) -> str:
        """With the digits of the longest ladder, all of them in one line."""
        highest = max(question.top for _, question in self.rubric.questions())
        return f"{self.HELP}\n0–{highest} picks that rung"

    def tells_of(self, action: str) -> bool:
        """The digits stand above the keys."""
        return not action.startswith("pick_rung(")

    @on(Ladder.Chosen)
    def _take_from_ladder(self, event: Ladder.Chosen) -> None:
        event.stop()
        self.action_pick_rung(event.level)

    def action_pick_rung(self, level: int) -> None:
        """Answer with that rung."""
        raise NotImplementedError

    def show_saving(self) -> None:
        """Say when it was saved, or that it was not."""
        self.query_one(Status).show_saving(self.keeping.status)
        if self.keeping.trouble != self._trouble:
            self._trouble = self.keeping.trouble
            self.query_one(Trouble).show(self._trouble)
        said = notices.about(self.keeping.file, self.rubric, is_decided=self.is_decided, newer=self._newer)
        self.query_one(Notice).show(said)

    def go_to(self, question_id: str) -> None:
        """Show that question, and remember it for the next time."""
        super().go_to(question_id)
        self.call_after_refresh(remember_place, self.keeping.file.path, question_id)

    def action_step(self, by: int) -> None:
        """The next question, or the one before."""
        target = answering.next_in(self.rubric, self.passed(), self.at, by)
        if target is None:
            self.say(self.BEHIND_LAST if by > 0 else self.BEFORE_FIRST)
        else:
            self.go_to(target)

    def hides_question(self) -> bool:
        """Whether the outline stands where the question was."""
        return self.has_class("-outline") and not self.has_class("-wide")

    def action_outline(self) -> None:
        """Go into the outline, and back to the question."""
        opens = not self.has_class("-outline")
        self.set_class(opens, "-outline")
        target: Widget = self.outline if opens else self.ladder
        target.focus(scroll_visible=False)

    def action_back(self) -> None:
        """Out of the outline first, then off the screen."""
        if self.has_class("-outline"):
            self.action_outline()
        else:
            super().action_back()

    @on(Outline.Moved)
    def _follow_outline(self, event: Outline.Moved) -> None:
        self.go_to(event.question_id)

    @on(Outline.Picked)
    def _take_from_outline(self, event: Outline.Picked) -> None:
        self.remove_class("-outline")
        self.go_to(event.question_id)
        self.ladder.focus(scroll_visible=False)

    def action_rule(self) -> None:
        """The whole reading rule."""
        from toolvet.tui.dialogs import Tell  # no dialog is imported before it is asked for: see AnswerKeys

        self.app.push_screen(Tell("How to read the ladder", self.rubric.how_to_answer or "The rubric gives no rule."))

    def action_migrate(self) -> None:
        """What would become of the answers under another version of the rubric."""
        from toolvet.files.migrating import plan_migration  # seldom asked for
        from toolvet.tui.migrating import MigratingScreen

        lost = notices.OVERTAKEN if self.keeping.is_overtaken else self.would_be_lost()
        plan = None if lost is not None else plan_migration(self.workspace, self.keeping.file)
        if plan is not None:
            self.app.push_screen(MigratingScreen(self.workspace, plan, self.on_day), self._leave_migrated)
        else:
            asked = self.assessment.rubric
            what = f"{asked.id} {asked.version} is what was answered, and there is no newer version."
            self.say(what if lost is None else visible(lost, keep_line_breaks=True))

    def _leave_migrated(self, file: AssessmentFile | None) -> None:
        """Off the screen with the file as it is now; it is opened again under its other rubric."""
        if file is not None:
            self.dismiss(file)

    def write_note(self, text: str, hint: str = "") -> None:
        """Ask for the note to the answer; what it is a note to, or what to mind, stands above the field."""
        answer = self.answer
        self.write("Note", answer.note or "", lambda note: replace(answer, note=note or None), text=text, hint=hint)

    def write(
        self,
        title: str,
        value: str,
        answer_of: Callable[[str], Answer],
        *,
        text: str,
        hint: str = "",
        required: bool = False,
    ) -> None:
        """Ask for a text, which is saved while it is typed; thrown away, all is as it was."""
        from toolvet.tui.text_dialogs import AskText  # see AnswerKeys

        edit = Edit(self)

        def save(typed: str) -> str | None:
            return edit.save(self.assessment.with_answer(self.at, answer_of(typed)))

        def leave(typed: str | None) -> None:
            if typed is None:
                edit.take_back()
            else:
                save(typed)

        dialog = AskText(title, value, text=text, hint=hint, required=required, drafted=save)
        self.app.push_screen(dialog, leave)
