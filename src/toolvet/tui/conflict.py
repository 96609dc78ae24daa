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
from textual.containers import Horizontal, Vertical, VerticalScroll
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
from toolvet.services.recording import change_subject, changeable, unsettled_in
from toolvet.storage.reader import AssessmentFile, RecordFile, assessment_of
from toolvet.storage.subjects import SubjectFolder, original_of
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, visible
from toolvet.text.labels import day, short_day
from toolvet.text.record_words import fact_words
from toolvet.tui import screens
from toolvet.tui.assess.new import FIELDS, tell_saved_facts
from toolvet.tui.assess.question import evidence_words
from toolvet.tui.kit.content import Choices, Entry, Hanging, Keys, TitleBar, in_a_row, on_one_line, shown, titled
from toolvet.tui.kit.text_dialogs import AskLine
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
    """What the two versions are called, and when each was saved where the names do not say whose it is."""

    ours: str
    theirs: str
    ours_at: str = ""
    theirs_at: str = ""

    def words(self, keep: Keep) -> str:
        """What is kept, as a word or two."""
        return {Keep.OURS: self.ours, Keep.THEIRS: self.theirs, Keep.BOTH: "Both"}[keep]


class PointList(Choices):
    """The points, in which enter goes from one choice to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", show=False, tooltip="Go through the choices for this one.", id="change"),
        Binding(
            "pagedown",
            "screen.scroll_sides(1)",
            "Scroll",
            key_display="pgdn",
            show=False,
            tooltip="Scroll down in long versions.",
            id="more-words",
        ),
        Binding(
            "pageup",
            "screen.scroll_sides(-1)",
            "Scroll up",
            show=False,
            tooltip="Scroll up in long versions.",
            id="words-up",
        ),
    ]


class Versions(VerticalScroll):
    """Two versions side by side, and below them what becomes of them."""

    def __init__(self) -> None:
        super().__init__(id="versions", can_focus=False)

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
        for side, number, entries in (("ours", 1, ours), ("theirs", 2, theirs)):
            name = Content.styled(
                f"{number}  {getattr(sides, side)}{getattr(sides, f'{side}_at')}", "bold $text-primary"
            )
            self.query_one(f"#{side}-name", Static).update(name)
            self.query_one(f"#{side}-version", Hanging).show(entries)

    def tell(self, words: str, entries: Sequence[Entry], *, is_alone: bool = False) -> None:
        """Show under these words what becomes of them; or that alone, where there are no two versions."""
        if is_alone:
            self.query_one("#version-sides").display = False
        self.query_one("#kept-name", Static).update(Content.styled(words, "bold $text-success"))
        self.query_one("#kept-version", Hanging).show(entries)
        self.scroll_home(animate=False)

    def scroll_pages(self, pages: int) -> None:
        self.scroll_relative(y=pages * max(1, self.size.height - 1), animate=False)


class ConflictScreen(Place[Mapping[Key, Keep] | None]):
    """Dismissed with what is kept of each point, or None where the person went back and nothing is to change."""

    CSS_PATH = "conflict.tcss"
    HELP = (
        "The file was changed by somebody else while it was changed here; what was typed here is the copy. Each row "
        "is one thing in which the two versions differ, with what is kept of it. Where an answer is kept of both, "
        "notes and evidence are put together, and two different levels are to be confirmed: they count once the "
        "question is answered again. Whatever you choose, a version that is not kept whole is put aside beside the "
        "file as .settled."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("S", "save", "Save", tooltip="Save the file as it is put together here.", id="save"),
        Binding("1", "keep('ours')", "Keep left", tooltip="Keep the version at the left of this one.", id="left"),
        Binding("2", "keep('theirs')", "Keep right", tooltip="Keep the version at the right of this one.", id="right"),
        Binding("3", "keep('both')", "Keep both", tooltip="Keep what stands in either.", id="both"),
        Binding("A", "keep_all", "All", tooltip="The same choice for all of them.", id="all"),
    ]

    list = query_one("#points", PointList)

    def __init__(self, rubric: Rubric, found: tuple[Point, ...], subject: str, sides: Sides) -> None:
        super().__init__()
        self._rubric, self._points, self._subject, self._sides = rubric, found, subject, sides
        self.kept = {point.key: point.offered for point in found}

    def compose(self) -> ComposeResult:
        yield TitleBar("What differs", self._subject)
        yield Static(on_one_line(self._summary()), classes="summary")
        yield titled(PointList(id="points"), "What differs")
        yield titled(Versions(), "The two versions", "pgdn: scroll")
        yield Keys()

    def _summary(self) -> str:
        disputed, all_of_them = sum(point.is_disputed for point in self._points), len(self._points)
        if not disputed:
            return f"{plural(all_of_them, 'difference')}, changed on one side only. The change is kept."
        rest = "; the rest is chosen" if disputed < all_of_them else ""
        return f"≠ Changed on both sides: {disputed} of {all_of_them}. Choose what to keep{rest}."

    @on(Resize)
    def _fit(self) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        at = self.list.highlighted or 0
        self.list.set_options(Option(self._row(point)) for point in self._points)
        self.list.highlighted = at

    def _row(self, point: Point) -> Content:
        word = self._sides.words(self.kept[point.key])
        sign = Content.styled("≠ " if point.is_disputed else "  ", "$text-warning")
        return in_a_row(Content.styled(f"{word:<10}", "bold"), sign, on_one_line(title_of(point, self._rubric)))

    @property
    def _point(self) -> Point:
        return self._points[self.list.highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _show_versions(self) -> None:
        point, keep = self._point, self.kept[self._point.key]
        ours, theirs = (side_entries(point, value, self._rubric) for value in (point.ours, point.theirs))
        versions = self.query_one(Versions)
        versions.show(self._sides, ours, theirs)
        versions.tell(f"Kept: {self._sides.words(keep)}", kept_entries(point, keep, self._rubric))

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
        choices[-1] = screens.Choice(Keep.BOTH, "Both", "Where only one can stand, the first is kept.")
        self.app.push_screen(screens.ChooseOne("What is kept of all of them?", choices), self._keep_all)

    def _keep_all(self, keep: Keep | None) -> None:
        if keep is not None:
            for point in self._points:
                possible = keep is not Keep.BOTH or point.can_be_both
                self.kept[point.key] = keep if possible else Keep.OURS
            self._fill()
            self._show_versions()

    def action_scroll_sides(self, pages: int) -> None:
        self.query_one(Versions).scroll_pages(pages)

    def action_save(self) -> None:
        self.dismiss(dict(self.kept))


OPEN_HERE = Sides("Yours", "Theirs")


async def settle_copy(app: App[Any], session: Session, copy: AssessmentFile) -> AssessmentFile | None:
    """What differs between that conflict copy and its file, from the list; None where the person went back."""
    sides = Sides("The copy", "The file", _saved_at(copy.path), _saved_at(original_of(copy.path)))
    return await settle_conflict(app, session, copy, sides)


def _saved_at(path: Path) -> str:
    """When the file was saved, in words to go behind its name; nothing where that is not known."""
    try:
        at = datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        return ""
    return f" of {short_day(at.date())}, {at:%H:%M}"


async def settle_conflict(
    app: App[Any], session: Session, copy: AssessmentFile, sides: Sides = OPEN_HERE
) -> AssessmentFile | None:
    """The file as it is once what differs was chosen from; None where the person went back. May raise ToolvetError."""
    workspace, path = session.workspace, original_of(copy.path)
    found = content_of(path)
    try:
        theirs = None if found is None else assessment_of(path, found)
    except UnusableFile as error:
        return await _put_in_place(app, workspace, copy, found, str(error))
    if theirs is None:
        return await _put_in_place(app, workspace, copy, None, f"{workspace.relative(path)} was removed.")
    file = await _choose(app, session, copy, theirs, sides)
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
    by = await app.push_screen_wait(AskLine("Who records it?", session.reviewer or "", required=True, enter="Record"))
    if by is not None:
        tell_saved_facts(app, session, change_subject(session, folder, right, by=by))
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
    app: App[Any], session: Session, copy: AssessmentFile, theirs: AssessmentFile, sides: Sides
) -> AssessmentFile | None:
    workspace, ours = session.workspace, copy.assessment
    rubric = workspace.rubric(ours.rubric.id, ours.rubric.version)
    found = points(ours, theirs.assessment, _before(workspace, copy), rubric)
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


def _before(workspace: Workspace, copy: AssessmentFile) -> Assessment | None:
    """The version that both began with, where this computer still knows it."""
    text = version_before(workspace, copy).left().work.get("text")
    if not isinstance(text, str):
        return None
    try:
        return assessment_of(copy.path, text.encode()).assessment
    except ToolvetError:
        return None
