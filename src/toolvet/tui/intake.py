"""Importing a filled-in sheet: which file and from whom, then row by row what is here and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import unquote, urlsplit

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import WorkerFailed

from toolvet.domain.assessment import Answer
from toolvet.domain.merge import About, Keep, Point
from toolvet.domain.sheet import SCOPE_ROW, Audience, Taken
from toolvet.errors import ToolvetError
from toolvet.services.assessments import Session
from toolvet.services.exchange import (
    IntakePlan,
    ReturnedSheet,
    plan_intake,
    read_returned,
    refuse_import,
    write_intake,
)
from toolvet.storage.names import from_home
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import plural, visible
from toolvet.tui.conflict import PointList, Sides, Versions, offered_words, side_entries, title_of, version_entries
from toolvet.tui.kit.content import Entry, Keys, Notice, TitleBar, entitle, in_a_row, on_one_line, shown, titled
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Confirm, Tell
from toolvet.tui.kit.text_dialogs import AskLine
from toolvet.tui.screen import Place, notify, tells_errors
from toolvet.values import dataclass

HERE_OR_SHEET = Sides("here", "sheet")
SIGNS = {Taken.DIFFERS: ("≠", "$text-warning"), Taken.NEW: ("+", "$text-success")}
_HEADINGS = {
    Taken.DIFFERS: "Different: what is here stays, unless you choose the sheet",
    Taken.NEW: "New: fills what is open, or adds to what is here",
}
_SAYS = {"!": "Note", "✗": "Wrong", "–": "Says"}
"""What stands before the words of a row in which there is nothing to choose, by its sign."""
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Offered:
    """A row to choose: what is here and what the sheet says, what comes of it, and where in the file it stands."""

    key: str
    kind: Taken
    point: Point
    merged: Any
    place: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row in which there is nothing to choose."""

    sign: str
    title: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Above:
    """Words above the rows that follow."""

    words: str


IntakeRow = Offered | Told | Above


def intake_rows(plan: IntakePlan) -> Iterator[IntakeRow]:
    """Everything in the file under a heading: what has to be looked at first, and what stays the same as a count."""
    notes = (note for note in plan.notes if note not in (plan.refusal, plan.mismatch))  # which stand above the rows
    yield from _under("About the file", [Told("!", note, "Note", note) for note in notes])
    for kind, heading in _HEADINGS.items():
        yield from _under(heading, [row for row in _offered(plan) if row.kind is kind])
    unusable = [(str(row.place), row.message) for row in plan.unusable]
    yield from _under("Unusable", [Told("✗", f"{place}: {said}", place, said) for place, said in unusable])
    if kept := sum(each.taken is Taken.KEPT for each in plan.answers):
        yield Above(f"Kept as they are ({kept})")
    listed = [Told("–", text, place, f"{text}\n\n{why}") for place, text, why in plan.listed]
    yield from _under("Not used", listed)


def _under(heading: str, rows: list[Any]) -> Iterator[IntakeRow]:
    if rows:
        yield Above(f"{heading} ({len(rows)})")
        yield from rows


def _offered(plan: IntakePlan) -> Iterator[Offered]:
    for fact, option, kind in plan.scope:
        point = _point(About.SCOPE, fact, plan.base.scope.get(fact), option, kind)
        yield Offered(f"{SCOPE_ROW}{fact}", kind, point, option)
    for each in plan.answers:
        here = None if each.ours == Answer() else each.ours
        point = _point(About.ANSWER, each.question, here, each.theirs, each.taken)
        yield Offered(each.question, each.taken, point, each.merged, plan.places.get(each.question, ""))


def _point(about: About, name: str, here: object, sheet: object, kind: Taken) -> Point:
    offered = Keep.THEIRS if kind is Taken.NEW else Keep.OURS
    return Point(about, name, here, sheet, offered, is_disputed=kind is Taken.DIFFERS)


def counts_words(plan: IntakePlan) -> str:
    """How many rows of each kind there are."""
    new, differing = (len(plan.rows(kind)) for kind in (Taken.NEW, Taken.DIFFERS))
    kept = sum(each.taken is Taken.KEPT for each in plan.answers)
    counts = f"{new} new, {differing} different, {kept} kept, {len(plan.unusable)} unusable"
    return counts if new or differing else f"Nothing to import: {counts}"


class IntakeScreen(Place[AssessmentFile | None]):
    """Dismissed with the assessment as it was written, or with None where nothing was."""

    CSS_PATH = "conflict.tcss"
    HELP = (
        "What a filled-in sheet would change. Each row says what is chosen for it: here keeps what you have, sheet "
        "takes what the file says. At first what is new is taken and what differs is not; what is the same is only "
        "counted. S writes what is chosen, all at once; esc leaves everything as it was. A vendor's answers become "
        "claims and proposed levels, which count once a reviewer confirms them.\n"
        "≠ different   + new   ✗ unusable   ! about the file   – not used"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Leave as it is", tooltip="Nothing is written.", id="leave-as-it-is"),
        Binding("S", "save", "Save", tooltip="Write what is chosen, all at once.", id="save"),
        Binding("1", "choose(False)", "Here", tooltip="Keep what is here.", id="here"),
        Binding("2", "choose(True)", "Sheet", tooltip="Take what the sheet says.", id="sheet"),
        Binding("A", "choose_all", "All rows", tooltip="The same choice for all of them.", id="all"),
        Binding("F", "sender", "Who filled it in", tooltip="A vendor, or which colleague.", id="from"),
    ]

    list = query_one("#points", PointList)
    versions = query_one(Versions)

    def __init__(self, session: Session, folder: SubjectFolder, returned: ReturnedSheet, plan: IntakePlan) -> None:
        super().__init__()
        self._session, self._folder, self._returned = session, folder, returned
        self._take(plan)

    def _take(self, plan: IntakePlan) -> None:
        self.plan, self.chosen = plan, set(plan.offered())
        self._rows = tuple(intake_rows(plan))

    def compose(self) -> ComposeResult:
        yield TitleBar("Import", self.plan.base.subject.label, self.plan.path.name)
        yield Notice()
        yield Static(id="intake-counts", classes="summary")
        yield Static(id="intake-from", classes="summary")
        yield titled(PointList(id="points"), "Rows")
        yield Versions()
        yield Keys()

    def on_mount(self) -> None:
        self._fill()

    def _fill(self) -> None:
        plan, at = self.plan, self.list.highlighted
        into = visible(plan.goes_into(lambda path: path.name))
        root = f"{self._session.workspace.root}/"
        above = (each.replace(root, "", 1) for each in (plan.refusal, plan.mismatch) if each)
        self.query_one(Notice).show(tuple(f"! {visible(each)}" for each in above))
        self.query_one("#intake-counts", Static).update(on_one_line(counts_words(plan), "$text bold"))
        self.query_one("#intake-from", Static).update(on_one_line(f"From {plan.sender}, into {into}"))
        self.list.set_options(Option(self._words(row), disabled=isinstance(row, Above)) for row in self._rows)
        if self._row_at(at) is None:
            ways = [at for at, row in enumerate(self._rows) if not isinstance(row, Above)]
            at = next((at for at in ways if isinstance(self._rows[at], Offered)), next(iter(ways), None))
        self.list.highlighted = at
        self._show_count()
        self._show_row()

    def _row_at(self, at: int | None) -> Offered | Told | None:
        row = self._rows[at] if at is not None and at < len(self._rows) else None
        return None if isinstance(row, Above) else row

    @property
    def _row(self) -> Offered | Told | None:
        return self._row_at(self.list.highlighted)

    def _words(self, row: IntakeRow) -> Content:
        if isinstance(row, Above):
            return Content.styled(f" {row.words}", "bold")
        if isinstance(row, Told):
            return in_a_row(Content.styled(f" {row.sign} ", "$text-muted"), on_one_line(row.title))
        (sign, style), is_taken = SIGNS[row.kind], row.key in self.chosen
        offered = offered_words(((HERE_OR_SHEET.ours, not is_taken), (HERE_OR_SHEET.theirs, is_taken)))
        title = on_one_line(title_of(row.point, self.plan.rubric))
        return in_a_row("   ", offered, Content.styled(f"  {sign} ", style), title)

    def _show_count(self) -> None:
        every = sum(isinstance(row, Offered) for row in self._rows)
        counted = f"{len(self.chosen)} of {every} chosen from the sheet"
        saves = f" · S saves {'it' if len(self.chosen) == 1 else 'them'}" if self.chosen else ""
        below = f"{counted}{saves}" if every else "nothing to choose"
        entitle(self.list, "Rows", below)

    @on(OptionList.OptionHighlighted)
    def _show_row(self) -> None:
        row, rubric = self._row, self.plan.rubric
        if row is None:
            self.versions.name_after("Nothing new")
            self.versions.tell("The file says nothing that is not here already.", (), is_alone=True)
        elif isinstance(row, Told):
            self.versions.name_after(row.label[:1].upper() + row.label[1:])
            self.versions.tell("", [(_SAYS[row.sign], shown(row.words))], is_alone=True)
        else:
            here, sheet = (side_entries(row.point, side, rubric) for side in (row.point.ours, row.point.theirs))
            where: list[Entry] = [("At", on_one_line(row.place, "$text-muted"))] if row.place else []
            self.versions.name_after(title_of(row.point, rubric))
            self.versions.show(HERE_OR_SHEET, here, [*sheet, *where])
            if row.key in self.chosen:
                self.versions.tell("After the import", version_entries(row.point, row.merged, rubric))
            else:
                self.versions.tell("Stays as it is here", ())

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(row := self._row, Offered):
            self._choose(row, row.key not in self.chosen)

    def action_choose(self, is_taken: bool) -> None:
        if isinstance(row := self._row, Offered):
            self._choose(row, is_taken)
            if any(isinstance(each, Offered) for each in self._rows[self._rows.index(row) + 1 :]):
                self.list.action_cursor_down()

    def _choose(self, row: Offered, is_taken: bool) -> None:
        if is_taken != (row.key in self.chosen):
            self.chosen ^= {row.key}
            self.list.replace_option_prompt_at_index(self._rows.index(row), self._words(row))
            self._show_count()
            self._show_row()

    @work(exclusive=True)
    async def action_choose_all(self) -> None:
        plan = self.plan
        choices = (
            Choice(plan.offered(), "What is new", "As offered: what is here stays where the two differ."),
            Choice(plan.offered(all_taken=True), "What is new, and what differs"),
            Choice(frozenset[str](), "Nothing"),
        )
        chosen = await self.app.push_screen_wait(ChooseOne("What is taken from the sheet?", choices))
        if chosen is not None:
            self.chosen = set(chosen)
            self._fill()

    @work(exclusive=True)
    @tells_errors
    async def action_sender(self) -> None:
        """Ask who filled the sheet in, and show what it would change then. Choices are begun afresh."""
        given = await _ask_sender(self.app, self.plan.audience, self.plan.by)
        if given is not None:
            plan = plan_intake(self._session, self._folder, self._returned, *given)
            if plan != self.plan:
                self._take(plan)
                self._fill()

    @work(exclusive=True)
    @tells_errors
    async def action_save(self) -> None:
        """Write what is chosen; ask first where the sheet is about another subject."""
        if not self.chosen:
            notify(self, "Nothing is chosen, so there is nothing to write. esc leaves.")
            return
        if self.plan.mismatch is not None:
            title = f"Import it into {self.plan.base.subject.label} all the same?"
            sure = Confirm(title, self.plan.mismatch, yes="Import it", no="Leave it as it is", careful=True)
            if not await self.app.push_screen_wait(sure):
                return
        written = write_intake(self._session, self.plan, self.chosen)
        if written is not None:
            notify(self, self._written_words(written), seconds=8)
        self.dismiss(written)

    def _written_words(self, written: AssessmentFile) -> str:
        words = f"✓ {plural(len(self.chosen), 'row')} imported"
        if any(each.merged.confirm is not None for each in self.plan.answers if each.question in self.chosen):
            return f"{words}. Confirm the proposed levels: enter, then j."
        return f"{words} into {visible(written.path.name)}"

    def would_be_lost(self) -> str | None:
        if self.chosen == self.plan.offered():
            return None
        return f"Nothing that you chose from {visible(self.plan.path.name)} is written yet."

    def action_back(self) -> None:
        self.dismiss(None)


FILE_TEXT = (
    "A filled-in sheet (.xlsx, .csv), or what another tool saved: HECVAT, CAIQ, OpenACR, ScubaGear, VSAQ. "
    "Nothing is written yet: you see each row first."
)


async def import_sheet(app: App[Any], session: Session, folder: SubjectFolder) -> None:
    """Ask for the file, show what it would change in the assessment of that subject, and write what is chosen."""
    refuse_import(session, folder)
    typed: str | None = ""
    while True:
        title = f"Import answers about {folder.label}"
        ask = AskLine(title, typed or "", text=FILE_TEXT, hint="~/Downloads/zoom.xlsx", required=True, enter="Read it")
        typed = await app.push_screen_wait(ask)
        if typed is None:
            return
        try:
            returned = await _out_of_the_way(app, partial(read_returned, typed_path(typed).absolute()))
            given = returned.audience, returned.by
            if given[0] is not Audience.VENDOR:  # a sheet may say so itself, but a colleague's answers count at once
                asked = await _ask_sender(app, *given)
                if asked is None:
                    continue
                given = asked
            plan = plan_intake(session, folder, returned, *given)
        except ToolvetError as error:
            await app.push_screen_wait(Tell("This file cannot be imported", str(error)))
            continue
        await app.push_screen_wait(IntakeScreen(session, folder, returned, plan))
        return


async def _ask_sender(app: App[Any], audience: Audience | None, by: str | None) -> tuple[Audience, str | None] | None:
    """Who filled it in, and of a colleague the name; None where the person went back."""
    choices = (
        Choice(Audience.VENDOR, "The vendor", "Claims and proposed levels, which count once you confirm them."),
        Choice(Audience.COLLEAGUE, "A colleague", "Answers of their own, in an assessment of their name."),
    )
    chosen = await app.push_screen_wait(ChooseOne("Who filled it in?", choices, chosen=audience))
    if chosen is not Audience.COLLEAGUE:
        return None if chosen is None else (chosen, None)
    text = "Their answers go into the assessment of that name, or begin one."
    name = await app.push_screen_wait(AskLine("Who answered?", by or "", text=text, hint="Pat Doe", required=True))
    return None if name is None else (chosen, name)


def typed_path(typed: str) -> Path:
    """The file that was typed or dropped on the terminal, which may write it in quotes, escaped or as an address."""
    text = typed.strip()
    if text.startswith("file://"):
        with suppress(ValueError):  # "file://[" is no address
            text = unquote(urlsplit(text).path).replace("\0", "%00")
        return Path(text)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    path = from_home(text)
    plain = from_home(text.replace("\\ ", " "))
    return plain if "\\ " in text and not path.exists() else path


async def _out_of_the_way(app: App[Any], reading: Callable[[], Done]) -> Done:
    """Read while keys and drawing go on: a large workbook takes a second or two."""
    worker = app.run_worker(reading, thread=True, exit_on_error=False, group="importing")
    try:
        return await worker.wait()
    except WorkerFailed as failed:
        raise failed.error from None
