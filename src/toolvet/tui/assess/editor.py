"""An assessment open for change: saved at once, undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.screen import Screen
from textual.widget import Widget

from toolvet.domain.assessment import Answer, Assessment, next_in
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import NotSaved
from toolvet.services.assessments import DECIDED, OVERTAKEN, UNREAD, notices
from toolvet.services.conflicts import Keeping
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.storage.user_state import remember_place
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.tui.assess.outline import Outline
from toolvet.tui.assess.question import Ladder
from toolvet.tui.kit.frame import Notice, Status, Trouble
from toolvet.tui.kit.undo import History
from toolvet.tui.screen import Place, tells_errors
from toolvet.tui.start import Today

Result = TypeVar("Result")


class OpenAssessment(Place[AssessmentFile]):
    """What a screen needs that changes one assessment; dismissed with the file as it was saved last.

    `at` is the id of the question on the screen; `is_decided` says that a decision rests on the file, which then is
    not changed any more.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "undo", "Undo", tooltip="Take the last change back."),
        Binding("Z", "redo", "Redo", show=False, tooltip="Make it again."),
        Binding("c", "settle", "What differs", tooltip="Somebody else changed the file: choose what is kept."),
    ]

    on_day = Today()

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, at: str, read_only: bool
    ) -> None:
        super().__init__()
        self.workspace, self.rubric, self.on_day = workspace, rubric, on
        self.at = at
        self.keeping = Keeping(workspace, file)
        self.history = History(file.assessment)
        self.is_decided = read_only
        self._is_read_through: bool | None = None  # asked where the seal is broken
        self._is_overtaking_told = False

    @property
    def assessment(self) -> Assessment:
        """As it stands on the screen."""
        return self.history.now

    @property
    def question(self) -> Question:
        """The one on the screen."""
        return next(question for _, question in self.rubric.questions() if question.id == self.at)

    @property
    def answer(self) -> Answer:
        """The answer to the question on the screen."""
        return self.assessment.answer(self.at)

    def judge(self) -> None:
        """Work out what follows from the assessment, which changed."""

    def show_all(self) -> None:
        """Show the assessment and what follows from it; only what changed is drawn."""

    def go_to(self, question_id: str) -> None:
        """Show that question."""
        self.at = question_id
        self.show_all()

    def say(self, words: str) -> None:
        """Say something that needs no answer. The words are our own or made visible."""
        self.app.notify(words, markup=False, timeout=4)

    def ask(self, dialog: Screen[Result | None], then: Callable[[Result], None]) -> None:
        """Show the dialog, and do `then` with what it is dismissed with, unless the person goes back.

        It is shown at once and not by a worker: a key typed right behind must not reach this screen any more.
        """
        self.app.push_screen(dialog, lambda result: None if result is None else then(result))

    def may_change(self, then: Callable[[], object]) -> bool:
        """Whether the assessment can be changed here; where it cannot, say why.

        Where its seal is broken it is asked first, once, whether it was read through; after a yes `then` is done.
        """
        why = DECIDED if self.is_decided else None
        if why is None and self.keeping.file.seal is Seal.BROKEN and not self._is_read_through:
            if self._is_read_through is None:
                self._ask_whether_read(then)
                return False
            why = UNREAD
        if why is not None:
            self.say(why)
        return why is None

    def _ask_whether_read(self, then: Callable[[], object]) -> None:
        from toolvet.tui.kit.dialogs import Confirm  # no dialog is imported before it is needed: see AnswerKeys

        def take(is_read: bool | None) -> None:
            self._is_read_through = bool(is_read)
            if is_read:
                then()

        question = Confirm(
            CHANGED_OUTSIDE,
            READ_THROUGH,
            yes="Yes: change it, and keep it as it was beside it",
            no="No: leave it as it is, and only read it",
            careful=True,
        )
        self.app.push_screen(question, take)

    def change_answer(self, answer: Answer) -> None:
        """Give the question on the screen that answer."""
        self.change(self.assessment.with_answer(self.at, answer))

    def change(self, assessment: Assessment) -> None:
        """Go on to that assessment: judge it, show it, save it."""
        self._go_on(self.history.change(assessment, self.at))

    def action_undo(self) -> None:
        """Take the last change back, and show where that was."""
        self._travel(self.history.undo(), "There is nothing to undo.")

    def action_redo(self) -> None:
        """Make the change again that was undone last."""
        self._travel(self.history.redo(), "There is nothing to redo.")

    def _travel(self, history: History[Assessment], nothing: str) -> None:
        if not self.may_change(partial(self._travel, history, nothing)):
            return
        if history is self.history:
            self.say(nothing)
            return
        forward = len(history.past) > len(self.history.past)
        question_id = (history.past if forward else history.undone)[-1].question_id
        self._go_on(history)
        if question_id != self.at:
            self.go_to(question_id)

    def _go_on(self, history: History[Assessment]) -> None:
        is_changed = history.now != self.history.now
        self.history = history
        if is_changed:
            self.judge()
        self.show_all()
        # after the picture: the file is written and read back, and nobody is to wait for that
        self.call_after_refresh(self._save)

    def go_back_to(self, history: History[Assessment]) -> None:
        """Take that history in place of this one, and save at once, even while a dialog stands before the screen."""
        self._go_on(history)
        self._save()

    def _save(self) -> None:
        was_put_aside = self.keeping.file.kept_original
        with suppress(NotSaved):  # the line of trouble says so until it is mended
            self.keeping.keep(self.assessment)
        if self.keeping.is_overtaken:
            self._tell_of_overtaking()
        put_aside = self.keeping.file.kept_original
        if put_aside is not None and put_aside != was_put_aside:
            self.say(f"The file as it was before is kept as {visible(put_aside.name)}.")
        self.show_saving()

    def on_screen_resume(self) -> None:
        """Tell of a conflict that came about while a dialog stood before the screen."""
        if self.keeping.is_overtaken:
            self._tell_of_overtaking()

    def _tell_of_overtaking(self) -> None:
        """Once, and not in the midst of typing: the dialog says that what is typed is kept."""
        if self._is_overtaking_told or self.app.screen is not self:
            return
        from toolvet.tui.kit.dialogs import Confirm  # no dialog is imported before it is needed: see AnswerKeys

        self._is_overtaking_told = True
        self.refresh_bindings()
        name = "" if self.keeping.copy is None else self.keeping.copy.path.name
        words = f"Yours is kept beside it, as {name}.\n\nNothing is lost, and you can go on: what you do is kept there."
        question = Confirm(OVERTAKEN, words, yes="Show what differs", no="Go on for now")

        def go_on(shows: bool | None) -> None:
            if shows:
                self.action_settle()

        self.app.push_screen(question, go_on)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """There is something to settle after a conflict only."""
        return action != "settle" or self.keeping.is_overtaken

    @work(exclusive=True)
    @tells_errors
    async def action_settle(self) -> None:
        """Show what differs between the file and the copy beside it, and make one of the two."""
        from toolvet.tui.conflict import settle_conflict  # seldom needed

        copy = self.keeping.copy
        if copy is None:
            return
        file = await settle_conflict(self.app, self.workspace, copy, self.on_day)
        if file is not None:
            self.keeping.settle(file)
            self._is_overtaking_told = False
            self.change(file.assessment)
            self.show_saving()
            self.refresh_bindings()

    def show_saving(self) -> None:
        """Show how saving went."""

    # What the app asks before it ends

    def keep_work(self) -> None:
        """Save what is not saved yet; raises NotSaved where that fails."""
        self.keeping.keep(self.assessment)

    def would_be_lost(self) -> str | None:
        """The change that could not be saved, in words."""
        with suppress(NotSaved):
            self.keeping.keep(self.assessment)
        if self.keeping.is_saved(self.assessment):
            return None
        return f"The last changes to {self.assessment.subject.label} are not saved.\n{self.keeping.trouble or ''}"

    def saved_words(self) -> str | None:
        """Where the assessment lies."""
        path = self.workspace.relative((self.keeping.copy or self.keeping.file).path)
        beside = " (somebody else changed the file; Home shows what differs)" if self.keeping.is_overtaken else ""
        return f"Saved: {self.assessment.subject.label}, {path}{beside}"

    def action_back(self) -> None:
        """Leave with the file as it is saved; stay where the last change is not."""
        lost = self.would_be_lost()
        self.show_saving()
        if lost is None:
            self.dismiss(self.keeping.file)
            return
        self._ask_to_leave(lost)

    def _ask_to_leave(self, lost: str) -> None:
        from toolvet.tui.kit.dialogs import Confirm  # no dialog is imported before it is needed: see AnswerKeys

        def leave(leaves: bool | None) -> None:
            if leaves:
                self.dismiss(self.keeping.file)

        question = Confirm("Leave without saving?", lost, yes="Leave, and lose them", no="Stay", careful=True)
        self.app.push_screen(question, leave)


class Edit:
    """What is being typed over an open assessment: saved as it stands, and in the end kept or taken back as one."""

    def __init__(self, screen: OpenAssessment) -> None:
        self._screen = screen
        self._before = screen.history
        self._at = screen.at

    def save(self, assessment: Assessment) -> str | None:
        """Save it as far as it is; gives what stood in the way, or None."""
        self._screen.go_back_to(self._before.change(assessment, self._at))
        return self._screen.keeping.trouble

    def take_back(self) -> None:
        """All as it was before."""
        self._screen.go_back_to(self._before)


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
        said = notices(self.keeping.file, self.rubric, is_decided=self.is_decided, newer=self._newer)
        self.query_one(Notice).show(said)

    def go_to(self, question_id: str) -> None:
        """Show that question, and remember it for the next time."""
        super().go_to(question_id)
        self.call_after_refresh(remember_place, self.keeping.file.path, question_id)

    def action_step(self, by: int) -> None:
        """The next question, or the one before."""
        target = next_in(self.rubric, self.passed(), self.at, by)
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
        from toolvet.tui.kit.dialogs import Tell  # no dialog is imported before it is asked for: see AnswerKeys

        self.app.push_screen(Tell("How to read the ladder", self.rubric.how_to_answer or "The rubric gives no rule."))

    def action_migrate(self) -> None:
        """What would become of the answers under another version of the rubric."""
        from toolvet.services.assessments import plan_migration  # seldom asked for
        from toolvet.tui.migrate import MigratingScreen

        lost = OVERTAKEN if self.keeping.is_overtaken else self.would_be_lost()
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
        from toolvet.tui.kit.text_dialogs import AskText  # see AnswerKeys

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
