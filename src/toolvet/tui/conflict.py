"""Settling a conflict: what differs between two versions of an assessment, and what to keep of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.assessment import Answer, Assessment, FactValue, Retired, given_words, known_facts
from toolvet.domain.merge import About, Keep, Key, Point, kept_value, points, settled
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.services.assessments import Session
from toolvet.services.editing import content_of, put_aside, settle, version_before
from toolvet.services.recording import change_subject, changeable, settle_older, unsettled_in
from toolvet.storage.reader import AssessmentFile, RecordFile, assessment_of
from toolvet.storage.subjects import SubjectFolder, original_of
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, visible
from toolvet.text.labels import day
from toolvet.text.record_words import fact_words
from toolvet.tui import screens
from toolvet.tui.assess.new import FIELDS, tell_saved_facts
from toolvet.tui.assess.question import evidence_words
from toolvet.tui.kit.content import (
    Choices,
    Entry,
    Hanging,
    Keys,
    SidePane,
    TitleBar,
    in_a_row,
    on_one_line,
    shown,
    titled,
)
from toolvet.tui.kit.text_dialogs import AskLine, when_words
from toolvet.tui.screen import Place
from toolvet.values import dataclass

OPEN_FACT = "left open, to be asked again: only one option can be given"
_LABELS = {field.name: field.label for field in FIELDS}


def title_of(point: Point, rubric: Rubric) -> str:
    """What the point is about, for a list."""
    match point.about:
        case About.RUBRIC:
            return "Everything: the two were answered under different rubrics"
        case About.ANSWER:
            question = rubric.question(point.id) or rubric.text_question(point.id)
            return question.heading if question else f"Answer {point.id}"
        case About.SCOPE:
            return next((f"Scope: {fact.text}" for fact in rubric.scope if fact.id == point.id), f"Scope: {point.id}")
        case About.SUBJECT:
            return _LABELS.get(point.id, point.id)
        case About.REVIEWER:
            return f"Reviewer: {point.id}"
        case About.STARTED:
            return "Started on"
        case About.RETIRED:
            return f"Kept from an earlier rubric: {point.id}"


def version_entries(point: Point, value: Any, rubric: Rubric) -> tuple[Entry, ...]:
    """What one version says there."""
    if value is None:
        return (("", Content.styled("nothing", "$text-muted")),)
    match value:
        case Answer():
            return tuple(_answer_entries(value, rubric.question(point.id)))
        case Retired():
            return tuple(_answer_entries(value.answer, None))
        case Assessment():
            version = f"{value.rubric.id} {value.rubric.version}, {plural(len(value.answers), 'answer')}"
            return (("Rubric", on_one_line(version)),)
    return (("", shown(str(value))),)


def side_entries(point: Point, value: Any, rubric: Rubric) -> tuple[Entry, ...]:
    """The same without what stands in both versions: of a long answer only what differs is to be compared."""
    ours, theirs = (version_entries(point, each, rubric) for each in (point.ours, point.theirs))
    return tuple(entry for entry in version_entries(point, value, rubric) if not (entry in ours and entry in theirs))


def kept_entries(point: Point, keep: Keep, rubric: Rubric) -> tuple[Entry, ...]:
    """What comes of the point where that is kept."""
    if point.about is About.SCOPE and keep is Keep.BOTH and None not in (point.ours, point.theirs):
        return (("", Content(OPEN_FACT)),)
    return version_entries(point, kept_value(point, keep), rubric)


def _answer_entries(answer: Answer, question: Question | None) -> Iterator[Entry]:
    if answer.is_given:
        yield "Answer", on_one_line(_given(answer, question), "bold")
    if answer.confirm is not None:
        yield "Confirm", shown(f"It counts once it is answered again. {answer.confirm}", "$text-warning")
    if answer.answered is not None:
        yield "On", Content(day(answer.answered))
    for label, text in (
        ("Tried", answer.unknown),
        ("Because", answer.not_applicable),
        ("Note", answer.note),
        ("Setting", answer.setting),
    ):
        if text:
            yield label, shown(text)
    for index, evidence in enumerate(answer.evidence):
        yield "Evidence" if index == 0 else "and", evidence_words(evidence)


def _given(answer: Answer, question: Question | None) -> str:
    if question is None or answer.level is None or answer.level > question.top:
        return given_words(answer)
    return f"{given_words(answer)}: {question.levels[answer.level]}"


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two versions are called, and more about each, such as from when it is."""

    ours: str
    theirs: str
    about: tuple[str, str] = ("", "")

    def words(self, keep: Keep) -> str:
        """What is kept, as a word or two."""
        return {Keep.OURS: self.ours, Keep.THEIRS: self.theirs, Keep.BOTH: "both"}[keep]


class PointList(Choices):
    """The points, in which enter goes from one choice to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", show=False, tooltip="Go through the choices for this one.", id="change"),
    ]


def offered_words(options: Sequence[tuple[str, bool]]) -> Content:
    """What can be kept of a row, the one that is with a full mark before it. A name that is empty leaves its room."""
    parts = (
        Content.styled(f"{'●' if is_kept else '○'} {name}" if name.strip() else f"  {name}", "bold" if is_kept else "")
        for name, is_kept in options
    )
    return Content("  ").join(parts)


class Versions(SidePane):
    """Two versions side by side, and below them what becomes of them."""

    def __init__(self) -> None:
        super().__init__(id="versions", classes="pane")

    def compose(self) -> ComposeResult:
        with Horizontal(id="version-sides"):
            for side in ("ours", "theirs"):
                with Vertical(classes="version"):
                    yield Static(id=f"{side}-name")
                    yield Hanging(id=f"{side}-version")
        yield Static(id="kept-name")
        yield Hanging(id="kept-version")

    def show(self, sides: Sides, ours: Sequence[Entry], theirs: Sequence[Entry]) -> None:
        """Show what each says, under its name and digit."""
        self.query_one("#version-sides").display = True
        for side, number, about, entries in zip(("ours", "theirs"), (1, 2), sides.about, (ours, theirs), strict=True):
            name = Content.styled(f"{number} {getattr(sides, side).capitalize()}", "bold $text-primary")
            self.query_one(f"#{side}-name", Static).update(in_a_row(name, on_one_line(about, "$text-muted")))
            self.query_one(f"#{side}-version", Hanging).show(entries)

    def tell(self, words: str, entries: Sequence[Entry], *, is_alone: bool = False) -> None:
        """Show under these words what becomes of them; or that alone, where there are no two versions."""
        if is_alone:
            self.query_one("#version-sides").display = False
        name = self.query_one("#kept-name", Static)
        name.display = bool(words)
        name.update(Content.styled(words, "bold $text-success"))
        self.query_one("#kept-version", Hanging).show(entries)
        self.scroll_home(animate=False)


class ConflictScreen(Place[Mapping[Key, Keep] | None]):
    """Dismissed with what is kept of each point, or None where the person went back and nothing is to change."""

    CSS_PATH = "conflict.tcss"
    HELP = (
        "Somebody else changed the file while you did. Yours lies beside it, theirs is in the file. Each row is one "
        "difference, with what is kept of it. Keep both of an answer, and its notes and evidence are put together; two "
        "different levels count once the question is answered again. A version that is not kept whole is put aside "
        "beside the file, as .settled."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "keep('ours')", "Yours", tooltip="Keep yours of this one.", id="left"),
        Binding("2", "keep('theirs')", "Theirs", tooltip="Keep theirs of this one.", id="right"),
        Binding("3", "keep('both')", "Both", tooltip="Keep what stands in either.", id="both"),
        Binding("A", "keep_all", "All rows", tooltip="The same choice for all of them.", id="all"),
        Binding("S", "save", "Save", tooltip="Save the file as it is put together here.", id="save"),
    ]

    list = query_one("#points", PointList)

    def __init__(self, rubric: Rubric, found: tuple[Point, ...], subject: str, sides: Sides) -> None:
        super().__init__()
        self._rubric, self._points, self._subject, self._sides = rubric, found, subject, sides
        self.kept = {point.key: point.offered for point in found}

    def compose(self) -> ComposeResult:
        yield TitleBar("What differs", self._subject)
        yield Static(on_one_line(self._summary()), classes="summary")
        yield titled(PointList(id="points"), plural(len(self._points), "difference"), "S saves what is chosen")
        yield Versions()
        yield Keys()

    def _summary(self) -> str:
        disputed, all_of_them = sum(point.is_disputed for point in self._points), len(self._points)
        if not disputed:
            return f"{plural(all_of_them, 'difference')}, changed on one side only. The change is kept."
        if disputed < all_of_them:
            return f"{disputed} of {all_of_them} changed on both sides (≠): choose what to keep. The rest is chosen."
        return "Changed on both sides. Choose what to keep: 1 yours, 2 theirs, 3 both."

    @on(Resize)
    def _fit(self) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        at = self.list.highlighted or 0
        self.list.set_options(Option(self._row(point)) for point in self._points)
        self.list.highlighted = at

    def _row(self, point: Point) -> Content:
        kept = self.kept[point.key]
        names = ((self._sides.words(keep), keep is kept) for keep in Keep if keep is not Keep.BOTH or point.can_be_both)
        choices = offered_words(tuple(names)).pad_right(0 if point.can_be_both else len("  ○ both"))
        sign = Content.styled("  ≠ " if point.is_disputed else "    ", "$text-warning")
        return in_a_row(choices, sign, on_one_line(title_of(point, self._rubric)))

    @property
    def _point(self) -> Point:
        return self._points[self.list.highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _show_versions(self) -> None:
        point, keep = self._point, self.kept[self._point.key]
        ours, theirs = (side_entries(point, value, self._rubric) for value in (point.ours, point.theirs))
        versions = self.query_one(Versions)
        versions.name_after(title_of(point, self._rubric))
        versions.show(self._sides, ours, theirs)
        versions.tell(f"You keep {self._sides.words(keep)}", kept_entries(point, keep, self._rubric))

    @on(OptionList.OptionSelected)
    def _go_through(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        order = [Keep.OURS, Keep.THEIRS, *([Keep.BOTH] if self._point.can_be_both else [])]
        self._choose(self._point, order[(order.index(self.kept[self._point.key]) + 1) % len(order)])

    def action_keep(self, keep: str) -> None:
        point = self._point
        if keep == Keep.BOTH and not point.can_be_both:
            self.app.notify("Only one of these can stand there: 1 or 2.", markup=False)
            return
        self._choose(point, Keep(keep))
        self.list.action_cursor_down() if point is not self._points[-1] else None

    def _choose(self, point: Point, keep: Keep) -> None:
        self.kept[point.key] = keep
        self.list.replace_option_prompt_at_index(self._points.index(point), self._row(point))
        self._show_versions()

    def action_keep_all(self) -> None:
        choices = [screens.Choice(keep, self._sides.words(keep)) for keep in Keep]
        choices[-1] = screens.Choice(Keep.BOTH, "both", "Where only one can stand, yours is kept.")
        self.app.push_screen(screens.ChooseOne("What do you keep of all of them?", choices), self._keep_all)

    def _keep_all(self, keep: Keep | None) -> None:
        if keep is not None:
            for point in self._points:
                possible = keep is not Keep.BOTH or point.can_be_both
                self.kept[point.key] = keep if possible else Keep.OURS
            self._fill()
            self._show_versions()

    def action_save(self) -> None:
        self.dismiss(dict(self.kept))


async def settle_conflict(app: App[Any], session: Session, copy: AssessmentFile) -> AssessmentFile | None:
    """The file as it is once what differs was chosen from; None where the person went back. May raise ToolvetError."""
    workspace, path = session.workspace, original_of(copy.path)
    found = content_of(path)
    try:
        theirs = None if found is None else assessment_of(path, found)
    except UnusableFile as error:
        return await _put_in_place(app, workspace, copy, found, str(error))
    if theirs is None:
        return await _put_in_place(app, workspace, copy, None, f"{workspace.relative(path)} was removed.")
    file = await _choose(app, session, copy, theirs)
    if file is not None:
        version_before(workspace, copy).forget()
        app.notify(visible(f"Saved in {workspace.relative(file.path)}"), markup=False)
    return file


async def settle_corrections(app: App[Any], session: Session, folder: SubjectFolder, about: Path | None = None) -> bool:
    """Ask of each fact that two people corrected what is right, and record it; esc leaves all as it is.

    False where that settles nothing, or not the problem of the record in the file `about`.
    """
    paths = {file.path for file in unsettled_in(session, folder)}
    if not paths or about not in (None, *paths):
        return False
    found = changeable(session, folder)
    assert found.decided is not None
    known, right = known_facts(found.decided.assessment), {}
    for fact in dict.fromkeys(one.fact for file in found.unsettled for one in file.record.corrections):
        values = _said_of(fact, found.decided, found.unsettled)
        choices = [screens.Choice(at, fact_words(value), by) for at, (value, by) in enumerate(values.items())]
        text = f"Two people corrected it. {fact_words(known[fact])} counts until you say what is right."
        chosen = await app.push_screen_wait(screens.ChooseOne(_LABELS[fact], choices, text=text))
        if chosen is None:
            return True
        right[fact] = [*values][chosen]
    stays = sorted({fact for one in found.older for fact in one.facts})
    text = f"What counts in an earlier review stays: {', '.join(_LABELS[fact] for fact in stays)}." if stays else ""
    by = await app.push_screen_wait(
        AskLine("Who records it?", session.reviewer or "", text=text, required=True, enter="Record")
    )
    if by is not None:
        older = settle_older(session, folder, found.older, set(stays) - right.keys(), by=by)
        saved = change_subject(session, folder, right, by=by)
        tell_saved_facts(app, session, replace(saved, records=(*saved.records, *older)))
    return True


def _said_of(fact: str, decided: AssessmentFile, unsettled: Sequence[RecordFile]) -> dict[FactValue | None, str]:
    """What the fact may be, the value that counts first, and who said so."""
    said = {known_facts(decided.assessment)[fact]: "It stays as it is."}
    for record in (file.record for file in unsettled):
        for one in record.corrections:
            if one.fact == fact:
                words = said.get(one.now)
                by = f"{record.by} said so on {day(record.on)}."
                said[one.now] = f"{words} {by}" if words else by
    return said


async def _choose(
    app: App[Any], session: Session, copy: AssessmentFile, theirs: AssessmentFile
) -> AssessmentFile | None:
    workspace, ours = session.workspace, copy.assessment
    rubric = workspace.rubric(ours.rubric.id, ours.rubric.version)
    found = points(ours, theirs.assessment, _before(workspace, copy), rubric)
    sides = Sides("yours", "theirs", (_from_when(copy.path), _from_when(theirs.path)))
    kept = await app.push_screen_wait(ConflictScreen(rubric, found, ours.subject.label, sides)) if found else {}
    if kept is None:
        return None
    merged = settled(ours, theirs.assessment, found, kept)
    is_closed, told = workspace.why_read_only(theirs) is not None, theirs.assessment.amended
    if (replace(merged, amended=told) if is_closed else merged) == theirs.assessment:
        put_aside(copy)
        return theirs
    if is_closed:
        more = tuple(one for one in merged.amended if one not in told)
        file = workspace.start(replace(merged, started=session.on, amended=more), session.on)
        put_aside(copy)
        return file
    drops = any(point.drops_theirs(kept.get(point.key, point.offered)) for point in found)
    return settle(workspace, copy, theirs.content, merged, drops_found=drops or theirs.seal is not Seal.INTACT)


async def _put_in_place(
    app: App[Any], workspace: Workspace, copy: AssessmentFile, found: bytes | None, why: str
) -> AssessmentFile | None:
    text = f"{why}\n\nWhat is kept beside it can take its place; what stands there now is put aside, not deleted."
    sure = screens.Confirm(
        "There is nothing to compare with", text, yes="Put the copy in its place", no="Leave both as they are"
    )
    if not await app.push_screen_wait(sure):
        return None
    return settle(workspace, copy, found, copy.assessment, drops_found=True)


def _from_when(path: Path) -> str:
    """When the file was last written; nothing where that cannot be found out."""
    try:
        return f", {when_words(datetime.fromtimestamp(path.stat().st_mtime))}"
    except OSError:
        return ""


def _before(workspace: Workspace, copy: AssessmentFile) -> Assessment | None:
    """The version that both began with, where this computer still knows it."""
    text = version_before(workspace, copy).left().work.get("text")
    if not isinstance(text, str):
        return None
    try:
        return assessment_of(copy.path, text.encode()).assessment
    except ToolvetError:
        return None
