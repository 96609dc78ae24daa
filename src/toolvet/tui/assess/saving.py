"""What a screen shows about saving: whether it worked, why nothing can change, conflicts, and what leaving loses."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from toolvet.errors import ToolvetError
from toolvet.services.assessments import OVERTAKEN, plan_migration
from toolvet.services.editing import Editor, Navigator
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH
from toolvet.text.escape import visible
from toolvet.text.sentences import one_change_words
from toolvet.tui import screens
from toolvet.tui.kit.content import Notice, TitleBar, Trouble
from toolvet.tui.screen import Place, notify, notify_error


class SavingView:
    """The dialogs and lines about saving, on the screen of an editor. The screen is dismissed with the saved file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "travel(-1)", "Undo", tooltip="Take the last change back.", id="undo"),
        Binding("Z", "travel(1)", "Redo", show=False, tooltip="Make it again.", id="redo"),
        Binding(
            "equals_sign",
            "settle",
            "Differences",
            key_display="=",
            tooltip="Somebody else changed the file: choose what is kept.",
            id="differences",
        ),
    ]

    def __init__(self, screen: Place[AssessmentFile], editor: Editor, navigator: Navigator) -> None:
        self.screen, self.editor, self.navigator = screen, editor, navigator
        self._trouble: str | None = None
        self._newer: str | None = None
        self._has_told_conflict = False
        editor.on_save = self._show_saved

    def begin(self) -> None:
        """Show where saving stands, and look for a newer rubric once the question is drawn: that reads all of them."""
        try:
            if (words := self.editor.take_up_unsaved(self.navigator.at)) is not None:
                notify(self.screen, words, seconds=60)
        except ToolvetError as error:
            notify_error(self.screen, error)
        self.show()
        self.screen.call_after_refresh(self._look_for_newer)

    def _look_for_newer(self) -> None:
        self._newer = self.editor.session.workspace.newer_version(self.editor.assessment.rubric)
        if self._newer is not None and self.screen.is_attached:
            self.show()

    def show(self) -> None:
        """Say when it was saved or that it was not, and what to know about the file."""
        keeping = self.editor.keeping
        self.screen.query_one(TitleBar).show_state(keeping.status)
        if keeping.trouble != self._trouble:
            self._trouble = keeping.trouble
            self.screen.query_one(Trouble).show(self._trouble)
        self.screen.query_one(Notice).show(self.editor.notices(self._newer))

    def _show_saved(self, words: str | None) -> None:
        if words is not None:
            notify(self.screen, words)
        self.tell_conflict()
        self.show()

    def save_soon(self) -> None:
        """Save once the change is drawn: nobody should wait for the file being written and read back."""
        self.screen.call_after_refresh(self.editor.save)

    # May it be changed?

    def may_change(self, then: Callable[[], object]) -> bool:
        """Whether the assessment can be changed; if not, say why.

        If its seal is broken, ask once whether the person read it through, and do `then` after a yes.
        """
        if self.editor.must_be_read_first:
            self._ask_whether_read(then)
            return False
        why = self.editor.refusal
        if why is not None:
            notify(self.screen, why)
        return why is None

    def confirm_seal(self) -> None:
        """Ask whether it was read through; after a yes, save it with a new seal."""
        self._ask_whether_read(self._seal_anew)

    def _seal_anew(self) -> None:
        editor = self.editor
        try:
            file = editor.session.workspace.save(editor.file, editor.assessment)
        except ToolvetError as error:
            notify_error(self.screen, error)
            return
        editor.settle(file, self.navigator.at)
        self.show()
        self.screen.refresh_bindings()

    def _ask_whether_read(self, then: Callable[[], object]) -> None:
        def take(is_read: bool | None) -> None:
            self.editor.say_read_through(bool(is_read))
            if is_read:
                then()

        question = screens.Confirm(
            CHANGED_OUTSIDE,
            READ_THROUGH,
            yes="It is right: keep the file as it was beside it",
            no="Leave it as it is, and only read it",
            careful=True,
        )
        self.screen.app.push_screen(question, take)

    # Undo and redo

    def undo(self) -> str | None:
        """Take the last change back; return the id of its question if that is another one than shown."""
        return self._travel(self.undo, self.editor.undo, "undo", "Undone")

    def redo(self) -> str | None:
        """Make the change again that was undone last; return the id of its question likewise."""
        return self._travel(self.redo, self.editor.redo, "redo", "Redone")

    def _travel(
        self, again: Callable[[], object], travel: Callable[[], str | None], verb: str, done: str
    ) -> str | None:
        if not self.may_change(again):
            return None
        before = self.editor.assessment
        question_id = travel()
        if question_id is None:
            notify(self.screen, f"There is nothing to {verb}.")
        else:
            notify(self.screen, f"{done}: {one_change_words(before, self.editor.assessment, self.editor.rubric)}.")
        return None if question_id == self.navigator.at else question_id

    # A conflict

    def tell_conflict(self) -> None:
        """Say once that somebody else changed the file, but not while a dialog is open: it says what it keeps."""
        copy = self.editor.keeping.copy
        if copy is None or self._has_told_conflict or self.screen.app.screen is not self.screen:
            return
        self._has_told_conflict = True
        self.screen.refresh_bindings()
        words = f"Yours is kept beside it, as {copy.path.name}.\n\nNothing is lost. If you go on, it is saved there."
        question = screens.Confirm(OVERTAKEN, words, yes="Show what differs", no="Go on for now")
        self.screen.app.push_screen(question, lambda shows: self.start_settling() if shows else None)

    def start_settling(self) -> None:
        """Show what differs between the file and the copy beside it, and make one of the two."""
        self.screen.run_worker(self._settle(), exclusive=True)

    async def _settle(self) -> None:
        copy = self.editor.keeping.copy
        if copy is None:
            return
        try:
            file = await screens.settle_conflict(self.screen.app, self.editor.session, copy)
        except ToolvetError as error:
            notify_error(self.screen, error)
            return
        if file is not None:
            self._has_told_conflict = False
            self.editor.settle(file, self.navigator.at)
            self.show()
            self.screen.refresh_bindings()

    # Leaving

    def leave(self) -> None:
        """Leave with the saved file; ask first if the last change is not saved."""
        lost = self.editor.lost_words()
        self.show()
        if lost is None:
            self._dismiss()
        else:
            question = screens.Confirm(
                "Leave without saving?", lost, yes="Leave without saving", no="Stay", careful=True
            )
            self.screen.app.push_screen(question, lambda leaves: self._give_up() if leaves else None)

    def _give_up(self) -> None:
        self.editor.keeping.unsaved.forget()
        self._dismiss()

    def _dismiss(self) -> None:
        self.screen.dismiss(self.editor.file)

    def migrate(self) -> None:
        """Show what becomes of the answers under another version of the rubric."""
        lost = OVERTAKEN if self.editor.keeping.is_overtaken else self.editor.lost_words()
        plan = None if lost is not None else plan_migration(self.editor.session.workspace, self.editor.file)
        if plan is None:
            asked = self.editor.assessment.rubric
            current = f"{asked.id} {asked.version} is already the newest version."
            notify(self.screen, current if lost is None else visible(lost, keep_line_breaks=True))
            return
        migrating = screens.MigratingScreen(self.editor.session, plan)
        self.screen.app.push_screen(migrating, self._leave_migrated)

    # Reviewing again what is decided

    def start_again(self) -> None:
        """Ask whether to review it again, and leave with the new file: it is opened then."""
        self.screen.run_worker(self._review_again(), exclusive=True)

    async def _review_again(self) -> None:
        try:
            file = await screens.navigation.begin_again(self.screen.app, self.editor.session, self.editor.current)
        except ToolvetError as error:
            notify_error(self.screen, error)
            return
        if file is not None:
            self.screen.dismiss(file)

    def _leave_migrated(self, file: AssessmentFile | None) -> None:
        if file is not None:  # it is opened again under the other rubric
            self.screen.dismiss(file)
