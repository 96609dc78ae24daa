"""Decision: what was decided, meeting or moving a condition, withdrawal, and the next review."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from shlex import quote
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.getters import query_one

from toolvet.domain.assessment import Subject
from toolvet.domain.records import Record, RecordKind, named_conditions
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import add_months
from toolvet.errors import NotSaved, PassphraseNeeded, ToolvetError, UsageError
from toolvet.services.assessments import Session, needed_proofs, open_tool, proof_error, read_corrected, unusable_in
from toolvet.services.decisions import decided_in
from toolvet.services.recording import (
    decision_to_record_on,
    policy_for,
    proof_of,
    save_record,
    tolerate,
)
from toolvet.services.signing import behind_decision, default_key, sign_decision, signature_words, signatures_of
from toolvet.storage.names import from_home
from toolvet.storage.reader import AssessmentFile, DecisionFile, RecordFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import is_file
from toolvet.storage.user_state import Unfinished
from toolvet.text.escape import visible
from toolvet.text.labels import day
from toolvet.tui import screens
from toolvet.tui.decision.pages import decision_rows, tell_history
from toolvet.tui.kit.content import Keys, TitleBar, titled
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Confirm
from toolvet.tui.kit.link_list import JumpList
from toolvet.tui.kit.outside import in_terminal
from toolvet.tui.kit.text_dialogs import Asked, AskFields, AskLine, day_fault
from toolvet.tui.screen import AGAIN, Place, notify, tells_errors


class ConditionList(JumpList):
    """The page, with its conditions as the rows that enter acts on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "pick",
            "Update condition",
            tooltip="Record that the condition is met, or move its due date.",
            id="met-or-moved",
        )
    ]


class DecisionScreen(Place[AssessmentFile | None]):
    """Dismissed with the assessment of a new review, or None."""

    CSS_PATH = "decision.tcss"
    HELP = (
        "What was decided, and what happened since. Enter on a condition records that it is met, or a new due date. "
        "Nothing here changes the decision itself: each record is a file of its own."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W", "withdraw", "Withdraw", tooltip="From today on nothing is approved.", id="withdraw"),
        Binding("P", "sign", "Sign", tooltip="Sign it with your ssh key: others can check who signed.", id="sign"),
        Binding("h", "history", "History", tooltip="What happened to this tool, in order.", id="history"),
        AGAIN,
    ]

    rows = query_one(JumpList)

    def __init__(self, session: Session, folder: SubjectFolder) -> None:
        super().__init__()
        self._session = session
        self._folder_name = folder.name
        self._label = folder.label
        self.file: DecisionFile = decision_to_record_on(session, folder)
        self._drafts: list[Unfinished] = []

    def compose(self) -> ComposeResult:
        yield TitleBar("Decision", self._label, day(self._session.on))
        yield titled(ConditionList(), "Decision")
        yield Keys()

    def on_mount(self) -> None:
        self.rows.focus()

    @on(Resize)
    def _show(self) -> None:
        workspace, on_day = self._session.workspace, self._session.on
        folder = workspace.folder_named(self._folder_name)
        decided = decided_in(workspace, folder, on_day)
        if decided.file is None or decided.standing is None:
            self.dismiss()
            return
        self.file = decided.file
        signatures = [signature_words(found) for found in signatures_of(workspace, folder, self.file, on_day)]
        scorecard = self._scorecard()
        titles = {} if scorecard is None else {q.id: q.heading for _, q in scorecard.rubric.questions()}
        width = self.size.width - 5
        self.rows.show(tuple(decision_rows(self.file, decided.standing, signatures, titles, scorecard, width)))

    def take_new_day(self) -> None:
        self.query_one(TitleBar).show_state(day(self._session.on))
        self._show()

    def _scorecard(self) -> Scorecard | None:
        """What the assessment behind the decision says today; None where it cannot be read."""
        workspace = self._session.workspace
        with suppress(ToolvetError):
            path = workspace.assessment_behind(self.file.decision)
            if path is not None:
                return open_tool(workspace, read_corrected(workspace, path)).score(self._session.on)
        return None

    @on(JumpList.Picked)
    @work(exclusive=True)
    @tells_errors
    async def change_condition(self, event: JumpList.Picked) -> None:
        """Ask what happened to the condition, and record it."""
        condition = named_conditions(self.file.decision)[event.question_id]
        proved = [one for one in needed_proofs(self.file) if one.record.condition == event.question_id]
        is_met = any(one.record.record is RecordKind.CONDITION_MET for one in proved)
        lost = [error for one in proved if (error := proof_error(self._session.workspace, one)) is not None]
        if is_met and not lost:
            notify(self, "It is met, and its proof is as it was recorded.")
            return
        how = "Its proof was lost or changed: name another." if is_met else "Say who checked it, and how."
        met, moved = Choice("met", "It is met", how), Choice("moved", "It is due on another day", "Say why.")
        choices = (met,) if is_met else (met, moved)
        match await self.app.push_screen_wait(ChooseOne(condition.text, choices)):
            case "met":
                await self._meet(event.question_id)
            case "moved":
                await self._move(event.question_id)

    async def _meet(self, name: str) -> None:
        hint = "evidence/report.pdf, a link, or a text"
        proof = await self._line("What shows that it is met?", hint, self._proof_fault, about=name)
        by = None if proof is None else await self._name_of_recorder()
        if proof is not None and by is not None:
            evidence = (proof_of(self._session.workspace, proof),)
            self._save(Record(RecordKind.CONDITION_MET, "", by, self._session.on, condition=name, evidence=evidence))

    async def _move(self, name: str) -> None:
        due = await self._line("When is it due now?", "2027-06-30", self._move_fault, about=name)
        why = None if due is None else await self._line("Why is it moved?", about=name)
        by = None if why is None else await self._name_of_recorder()
        if due is not None and why is not None and by is not None:
            moved = date.fromisoformat(due)
            self._save(Record(RecordKind.CONDITION_MOVED, "", by, self._session.on, condition=name, due=moved, why=why))

    @work(exclusive=True)
    @tells_errors
    async def action_withdraw(self) -> None:
        """Ask why, and record the withdrawal."""
        if not self.file.decision.is_approval:
            raise UsageError(f"{self.file.path.name} approves nothing, so there is nothing to withdraw.")
        text = "From today the tool may not be used. The decision stays in the history."
        why = await self._line("Why is the approval withdrawn?", text=text, enter="Next: who records it")
        by = None if why is None else await self._name_of_recorder("Next")
        if why is None or by is None:
            return
        on_day = self._session.on
        words = f"From {day(on_day)} on nothing is approved, and every page says why:\n\n{why}"
        sure = Confirm(
            "Withdraw the approval?", words, yes="Withdraw the approval", no="Leave it as it is", careful=True
        )
        if await self.app.push_screen_wait(sure):
            self._save(Record(RecordKind.WITHDRAWN, "", by, on_day, why=why))

    @work(exclusive=True)
    @tells_errors
    async def action_sign(self) -> None:
        """Ask with which key, and sign the decision; a passphrase is typed in the terminal."""
        if self.app.is_web:  # the key is not the visitor's
            self._tell_command()
            return
        fields = (
            Asked("key", "Key", str(default_key()), "~/.ssh/id_ed25519", required=True, check=_key_fault),
            Asked("by", "Signed by", self._session.reviewer or "", required=True),
            Asked("note", "Note", example="Decided in the meeting of 3 May"),
        )
        text = "It covers the decision, its assessment, rubric, policy and evidence, and the records so far."
        workspace = self._session.workspace
        path = workspace.relative(self.file.path)
        draft = Unfinished(workspace.root, "signature", path=path, sha256=self.file.sha256)
        half = screens.half_typed(draft)
        ask = AskFields("Sign the decision", fields, text=text, drafted=half.keep, taken_up=half.texts)
        typed = await self.app.push_screen_wait(ask)
        if typed is None:
            draft.forget()
            return
        folder, decided = self._as_shown("Not signed")
        for error in unusable_in(workspace, folder, behind_decision(workspace, folder, decided), decided):
            raise error
        key, by, note = from_home(typed["key"]), typed["by"], typed["note"] or None
        sign = partial(sign_decision, self._session, folder, decided, key, by=by, note=note)
        try:
            saved = sign(has_terminal=False)
        except PassphraseNeeded:

            def sign_there() -> RecordFile:
                print(f"\n{visible(typed['key'])} has a passphrase. ctrl+c goes back, unsigned.", file=sys.stderr)
                return sign(has_terminal=True)

            try:
                saved = in_terminal(self.app, sign_there)
            except SuspendNotSupported:
                self._tell_command("--key", str(key))
                return
        draft.forget()
        notify(self, f"✓ Signed: {workspace.relative(saved.path)}")
        self._show()

    def _tell_command(self, *options: str) -> None:
        command = " ".join(map(quote, ("toolvet", "sign", self._folder_name, *options)))
        self.app.copy_to_clipboard(command)
        self.app.push_screen(
            screens.Tell("Sign the decision", f"In a shell:\n\n    {visible(command)}\n\nIt is copied.")
        )

    @work(exclusive=True)
    @tells_errors
    async def action_again(self) -> None:
        """Begin the next review from the assessment that the decision rests on."""
        workspace = self._session.workspace
        path = workspace.assessment_behind(self.file.decision)
        if path is None:
            raise UsageError("It rests on no assessment of this workspace; press a on Home to begin one.")
        opened = open_tool(workspace, read_corrected(workspace, path))
        if (file := await screens.navigation.begin_again(self.app, self._session, opened)) is not None:
            self.dismiss(file)

    def action_history(self) -> None:
        workspace = self._session.workspace
        tell_history(self.app, self._session, workspace.folder_named(self._folder_name))

    def _proof_fault(self, text: str) -> str | None:
        try:
            proof_of(self._session.workspace, text)
        except ToolvetError as error:
            return str(error)
        return None

    def _move_fault(self, text: str) -> str | None:
        is_past = day_fault(text) is None and date.fromisoformat(text) < self._session.on
        return f"that is before {self._session.on}; give a later day." if is_past else day_fault(text)

    async def _line(
        self,
        title: str,
        hint: str = "",
        check: Callable[[str], str | None] | None = None,
        *,
        text: str = "",
        enter: str = "Next",
        about: str = "",
    ) -> str | None:
        """Ask for a line, which is kept as a draft until all is recorded or it is discarded."""
        workspace = self._session.workspace
        path = workspace.relative(self.file.path)
        draft = Unfinished(workspace.root, f"{title} {about}", path=path, sha256=self.file.sha256)
        ask = AskLine(
            title,
            text=text,
            hint=hint,
            required=True,
            check=check,
            enter=enter,
            drafted=lambda typed: draft.keep({"texts": {"line": typed}}),
            taken_up=draft.left().texts("texts").get("line"),
        )
        typed: str | None = await self.app.push_screen_wait(ask)
        if typed is None:
            draft.forget()
        else:
            self._drafts.append(draft)
        return typed

    async def _name_of_recorder(self, enter: str = "Record") -> str | None:
        name = self._session.reviewer or ""
        return await self.app.push_screen_wait(AskLine("Who records it?", name, required=True, enter=enter))

    def _save(self, record: Record) -> None:
        workspace = self._session.workspace
        saved = save_record(workspace, *self._as_shown("NOT SAVED"), record)
        while self._drafts:
            self._drafts.pop().forget()
        notify(self, f"Recorded in {workspace.relative(saved.path)}")
        self._show()

    def _as_shown(self, refused: str) -> tuple[SubjectFolder, DecisionFile]:
        """The decision, unless something was recorded since the screen was drawn: that is then shown, and NotSaved."""
        folder = self._session.workspace.folder_named(self._folder_name)
        there = decision_to_record_on(self._session, folder)
        if there != self.file:
            self._show()
            raise NotSaved(f"{refused}: something was recorded meanwhile; look at it and do this again")
        return folder, there


def _key_fault(text: str) -> str | None:
    try:
        is_there = is_file(from_home(text))
    except ToolvetError as error:
        return str(error)
    return None if is_there else "there is no such file; ssh-keygen -t ed25519 makes a key."


async def ask_to_tolerate(app: App[Any], session: Session, tool: SubjectFolder | Subject, by: str = "") -> bool:
    """Ask who answers for a tool in use that nobody assessed, until when and why, and record it. False for esc."""
    last = add_months(session.on, policy_for(session, tool).valid_months)
    text = f"It may stay in use without an assessment until that day, {day(last)} at the latest. It is not approved."
    draft = Unfinished(session.workspace.root, f"toleration of {tool.name}")
    half = screens.half_typed(draft)
    typed: Mapping[str, str] | None = half.texts
    while True:
        fields = (
            Asked("owner", "Who answers for it", example="Head of Sales", required=True),
            Asked("until", "Last day", last.isoformat(), "2027-06-30", required=True, check=day_fault),
            Asked("why", "Why", example="In use since 2019.", required=True),
            Asked("by", "Decided by", by or session.reviewer or "", "CIO", required=True),
        )
        ask = AskFields("Tolerate it for a time", fields, text=text, drafted=half.keep, taken_up=typed)
        typed = await app.push_screen_wait(ask)
        if typed is None:
            draft.forget()
            return False
        until = date.fromisoformat(typed["until"])
        try:
            saved = tolerate(session, tool, by=typed["by"], owner=typed["owner"], why=typed["why"], until=until)
        except UsageError as error:
            text = str(error)
            continue
        draft.forget()
        app.notify(
            f"Tolerated until {day(until)}, not approved: {session.workspace.relative(saved.path)}", markup=False
        )
        return True
