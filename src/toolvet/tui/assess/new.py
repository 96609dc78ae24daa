"""New: asks for the tool, the job, the rubric and the scope facts, and then starts the assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from shlex import quote
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus, Key
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input, Label, Static

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject, known_facts
from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.services.assessments import Session
from toolvet.services.recording import SubjectChange, change_subject, changeable, newest_subject, unsettled_in
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.user_state import Unfinished, prefer
from toolvet.text.escape import plural
from toolvet.tui import screens
from toolvet.tui.assess.facts import FactsScreen
from toolvet.tui.kit.content import Keys, LineField, TitleBar, entitle, shown, titled
from toolvet.tui.kit.dialogs import SOON, Choice, ChooseOne, Confirm
from toolvet.tui.kit.text_dialogs import (
    Asked,
    AskFields,
    Leaving,
    ask_to_leave,
    damaged_words,
    day_fault,
    half_typed,
    not_kept,
    read_day,
    when_words,
)
from toolvet.tui.screen import Place, tells_errors
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class FormField:
    """One line of the form: its name in `[subject]`, its label, what to type, and the heading above it, if any."""

    name: str
    label: str
    hint: str
    example: str = ""
    heading: str = ""


FIELDS = (
    FormField("job", "Job to be done", "What people want to do, before any product.", "Weekly client calls", "The job"),
    FormField("requested_by", "Requested by", "Who asked: a person, a team.", "Sales"),
    FormField("users", "Users", "How many people would use it.", "400"),
    FormField("name", "Name", "The tool, as people call it.", "Zoom Workplace", "The tool"),
    FormField("plan", "Plan", "Two plans of one tool are vetted as two tools.", "Business"),
    FormField("vendor", "Vendor", "Who makes it.", "Zoom"),
    FormField("deployment", "Deployment", "Where it runs.", "vendor cloud"),
    FormField("yearly_cost", "Yearly cost", "With its currency, as on the offer.", "EUR 60,000"),
    FormField("requested_on", "Requested on", "The day of the request: year-month-day.", "2026-11-02", "The dates"),
    FormField("answer_by", "Answer due", "When you promised an answer: year-month-day.", "2027-06-30"),
    FormField(
        "reviewer", "Reviewer", "Your name; it signs the answers. Once changed it is remembered.", "Pat Doe", "You"
    ),
)

MOST_DIGITS = 9
DAYS = ("requested_on", "answer_by")
NEEDED = ("name", "reviewer")


class ToolForm(VerticalScroll):
    """The fields, one line each. Enter goes on to the next; behind the last the form is done."""

    class Done(Message):
        """The person is through with the form."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(id="tool-form", can_focus=False)
        self._given = dict(given)
        self._fault: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        for field in FIELDS:
            if field.heading:
                yield Static(field.heading, classes="heading", markup=False)
            with Horizontal(classes="form-row"):
                yield Label(field.label, classes="form-label", markup=False)
                yield LineField(self._given.get(field.name, ""), placeholder=_example(field), id=f"field-{field.name}")
                if field.name in NEEDED:
                    yield Label("required", classes="form-required", markup=False)
        yield Static("", id="form-hint", markup=False)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name, trimmed; empty ones are left out."""
        values = {field.name: self._input(field.name).value.strip() for field in FIELDS}
        return {name: value for name, value in values.items() if value}

    def fault(self) -> bool:
        """Whether something is wrong; then it is said, and the field has the focus."""
        typed = self.typed
        return any(self._is_refused(field, typed.get(field.name, "")) for field in FIELDS)

    def _is_refused(self, field: FormField, value: str) -> bool:
        """Whether that is wrong there; then it is said, and the field has the focus."""
        wrong = fault_of(field.name, value)
        if wrong is None:
            return False
        self._fault = field.name, f"✗ {field.label}: {wrong}"
        self._input(field.name).focus()
        self._explain(field.name)
        return True

    def _input(self, name: str) -> LineField:
        return self.query_one(f"#field-{name}", LineField)

    def _say(self, words: str, *, is_fault: bool = False) -> None:
        hint = self.query_one("#form-hint", Static)
        hint.set_class(is_fault, "-fault")
        hint.update(shown(words))

    @on(DescendantFocus)
    def _explain_focused(self, event: DescendantFocus) -> None:
        for row in self.query(".form-row"):
            row.set_class(row is event.widget.parent, "-focused")
            if row is event.widget.parent:
                self.move_child(self.query_one("#form-hint"), after=row)
        self._explain((event.widget.id or "").removeprefix("field-"))

    @on(Input.Changed)
    def _forget_fault(self, event: Input.Changed) -> None:
        if self._fault is not None and event.input.has_focus:
            self._fault = None
            self._explain((event.input.id or "").removeprefix("field-"))

    def _explain(self, name: str) -> None:
        if self._fault is not None and self._fault[0] == name:
            self._say(self._fault[1], is_fault=True)
            return
        for field in FIELDS:
            if field.name == name:
                self._say(field.hint)

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        at = next(field for field in FIELDS if event.input.id == f"field-{field.name}")
        if typed and self._is_refused(at, typed):
            return
        if at is FIELDS[-1]:
            self.post_message(self.Done())
        else:
            self.screen.focus_next()

    def on_key(self, event: Key) -> None:
        """Up and down go from field to field."""
        if event.key in ("up", "down"):
            event.stop()
            if event.key == "up":
                self.screen.focus_previous()
            else:
                self.screen.focus_next()


def _example(field: FormField) -> str:
    return f"e.g. {field.example}" if field.example else ""


def fault_of(name: str, value: str) -> str | None:
    """What is wrong with that field; None where nothing is."""
    if name in NEEDED and not value:
        return "this is required."
    if name == "users" and value and not (value.isdecimal() and value.isascii()):
        return "type a whole number, such as 40, or nothing."
    if name == "users" and len(value) > MOST_DIGITS:
        return f"that is too large; type at most {MOST_DIGITS} digits."
    return day_fault(value) if name in DAYS else None


def subject_of(typed: Mapping[str, str]) -> Subject:
    """The subject as it was typed, without faults."""
    return Subject(
        name=typed["name"],
        vendor=typed.get("vendor"),
        plan=typed.get("plan"),
        deployment=typed.get("deployment"),
        job=typed.get("job"),
        requested_by=typed.get("requested_by"),
        requested_on=read_day(typed.get("requested_on", "")),
        answer_by=read_day(typed.get("answer_by", "")),
        users=int(typed["users"]) if "users" in typed else None,
        yearly_cost=typed.get("yearly_cost"),
    )


async def ask_about_subject(app: App[Any], session: Session, folder: SubjectFolder) -> None:
    """Ask what is known of the tool and save it, or take the tool off the lists."""
    choices = [
        Choice("change", "Change what is known about it", "Name, plan, users, cost, who asked, dates, reviewer."),
        Choice("archive", "Archive it", "It is no longer used. toolvet subject --restore brings it back."),
    ]
    if unsettled_in(session, folder):
        choices.insert(0, Choice("settle", "Say which correction is right", "Two people corrected the same."))
    match await app.push_screen_wait(ChooseOne(newest_subject(folder).label, choices)):
        case "settle":
            await screens.settle_corrections(app, session, folder)
        case "change":
            await _change_subject(app, session, folder)
        case "archive":
            text = "Home, list and register leave it out from now on. Nothing is deleted."
            if await app.push_screen_wait(Confirm("Archive it?", text, yes="Archive it", no="Keep it", careful=True)):
                session.workspace.archive(folder.name, on=session.on)
                app.notify(f"Archived: toolvet subject {quote(folder.name)} --restore brings it back", markup=False)


async def _change_subject(app: App[Any], session: Session, folder: SubjectFolder) -> None:
    found = changeable(session, folder)
    before = _typed_of(found.newest)
    fields = [
        Asked(
            *(each.name, each.label, before.get(each.name, ""), each.example),
            required=each.name in NEEDED,
            check=partial(fault_of, each.name),
        )
        for each in FIELDS
    ]
    text = ""
    disputed = {one.fact for file in found.unsettled for one in file.record.corrections}
    if found.decided is not None:
        text = "Past decisions keep the old words. This applies from today on, in a record beside the decision."
        fields.append(Asked("why", "Why", example="Sales joined"))
    fields.append(Asked("by", "Recorded by", session.reviewer or "", required=True))
    draft = Unfinished(session.workspace.root, f"facts of {folder.name}")
    half, known = half_typed(draft), {field.name: field.value for field in fields}

    def keep(texts: Mapping[str, str]) -> str | None:
        return half.keep({name: text for name, text in texts.items() if text != known[name]})

    left = {name: text for name, text in half.texts.items() if name in known}
    ask = AskFields("What is known about the tool", fields, text=text, drafted=keep, taken_up=left)
    typed = await app.push_screen_wait(ask)
    if typed is None:
        draft.forget()
        return
    why, by = typed.pop("why", ""), typed.pop("by")
    subject = subject_of({name: value for name, value in typed.items() if value})
    facts = known_facts(replace(found.newest, subject=subject))
    facts["reviewer"] = typed["reviewer"]
    changed = {name: facts[name] for name, value in typed.items() if value != before.get(name, "") or name in disputed}
    saved = change_subject(session, folder, changed, by=by, why=why)
    draft.forget()
    tell_saved_facts(app, session, saved)


def tell_saved_facts(app: App[Any], session: Session, saved: SubjectChange) -> None:
    """Say which files have the new facts."""
    paths = [*(file.path for file in saved.records), *(file.path for file in saved.saved)]
    names = ", ".join(map(session.workspace.relative, paths))
    app.notify(f"Saved: {names}" if names else "Nothing was changed.", markup=False)


def _typed_of(assessment: Assessment) -> dict[str, str]:
    """What is known of the tool, as it would be typed."""
    values = {each.name: getattr(assessment.subject, each.name, None) for each in FIELDS}
    values["reviewer"] = assessment.reviewer.name
    return {name: str(value) for name, value in values.items() if value is not None}


class Instead(Enum):
    """What is begun instead of vetting a tool."""

    SURVEY = "survey"


class NewScreen(Place[AssessmentFile | Instead | None]):
    """The form; what follows comes as screens and dialogs over it, so that going back loses nothing."""

    CSS_PATH = "new.tcss"
    HELP = (
        "Only the name and your own are needed. Say the job first: the tool is judged by whether people can do it. "
        "What you leave out can be added to the file later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+g,f2",
            "go_on",
            "Continue",
            key_display="f2",
            tooltip="Go on to the scope facts, from any field.",
            id="continue",
        ),
        Binding(
            "ctrl+t,f3",
            "answer_survey",
            "Survey instead",
            key_display="f3",
            tooltip="Answer a survey about an organisation instead.",
            id="answer-a-survey",
        ),
        Binding(
            "ctrl+r,f4",
            "tolerate",
            "Tolerate for now",
            key_display="f4",
            tooltip="Let a tool that is in use stay until a day, not approved and without an assessment.",
            id="tolerate",
        ),
        Binding("tab", "app.focus_next", "Next field", show=False, id="next-field"),
    ]

    form = query_one(ToolForm)
    _is_over = False

    def __init__(self, session: Session, rubrics: Sequence[Rubric], *, name: str = "") -> None:
        super().__init__()
        self._session, self._rubrics = session, tuple(rubrics)
        self._reviewer = session.reviewer
        given = {"requested_on": session.on.isoformat(), "name": name, "reviewer": self._reviewer or ""}
        self._given = {name: value for name, value in given.items() if value}
        self._draft = Unfinished(session.workspace.root, "new tool")
        self._left = self._draft.left()
        self._scope = self._left.texts("scope")
        self._rubric = next((each for each in self._rubrics if _name(each) == self._left.work.get("rubric")), None)
        self._has_draft = bool(self._left.work)
        self._trouble: str | None = None

    def compose(self) -> ComposeResult:
        root = self._session.workspace.root
        yield TitleBar("Add", state=root.name or str(root))
        form = ToolForm(self._left.texts("fields") or self._given)
        yield titled(form, "Add a tool", "enter: next field")
        yield Keys()

    def on_mount(self) -> None:
        """Keep what is typed from the first key on; say so where it was there before."""
        self.set_interval(SOON, self.keep_work)
        if self._left.damaged is not None:
            self.app.notify(damaged_words(self._left.damaged), timeout=8, markup=False)
        if self._left.work:
            title = f"Add a tool · draft restored, from {when_words(self._left.at)}"
            entitle(self.query_one(ToolForm), title, "esc, then 2: discard it")

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
        if self.form.fault():
            return
        known = self._known_tool()
        if known is not None and not await self.app.push_screen_wait(_known_dialog(known)):
            return
        rubric = await self._choose_rubric()
        if rubric is None:
            return
        if rubric != self._rubric:
            self._rubric, self._scope = rubric, {}
        subject = subject_of(self.form.typed)
        if rubric.scope:
            ending = "The questions follow."
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
            started=self._session.on,
            scope=self._scope,
        )
        file = self._session.workspace.start(assessment, self._session.on)
        if reviewer != self._reviewer:
            prefer("reviewer", reviewer)
        self._leave(file)

    def action_answer_survey(self) -> None:
        """Answer a survey instead; what was typed about a tool is kept for the next time."""
        self.keep_work()
        self._is_over = True
        self.dismiss(Instead.SURVEY)

    @work(exclusive=True)
    @tells_errors
    async def action_tolerate(self) -> None:
        """Record that the tool, new or known here, may stay in use for a time though nobody has assessed it."""
        if self.form.fault():
            return
        tool = self._known_tool() or subject_of(self.form.typed)
        if await screens.ask_to_tolerate(self.app, self._session, tool, self.form.typed["reviewer"]):
            self._leave(None)

    def _known_tool(self) -> SubjectFolder | None:
        """The tool of that name, plan and deployment that is here already."""
        workspace = self._session.workspace
        name = workspace.folder_for(subject_of(self.form.typed))
        return workspace.folder_named(name) if name in workspace.subject_names(with_archived=True) else None

    def would_be_lost(self) -> str | None:
        """Everything typed here, where not even a draft of it could be kept."""
        return None if self._trouble is None else f"The new tool is not saved yet. {not_kept(self._trouble)}"

    def saved_words(self) -> str | None:
        """That the draft is kept."""
        return "Kept as a draft: what you typed about the new tool; Add restores it." if self._has_draft else None

    @work(exclusive=True)
    async def action_back(self) -> None:
        """Leave; where something was typed, ask what is to become of it."""
        self.keep_work()
        if self._has_draft:
            again = "Add offers it again next time."
            asking = ask_to_leave("Leave the new tool?", again=again, trouble=self._trouble)
            match await self.app.push_screen_wait(asking):
                case Leaving.KEEP:
                    self._is_over = True
                    self.dismiss(None)
                    return
                case Leaving.STAY | None:
                    return
        self._leave(None)


def _known_dialog(known: SubjectFolder) -> Confirm:
    there = plural(len(known.assessments), "assessment")
    return Confirm(
        "This tool is here already",
        f"assessments/{known.name} has {there} of it. A new one would start without those answers. To go on with them, "
        "press esc, then enter on Home.",
        yes="Begin another",
        no="Go back",
    )


def _name(rubric: Rubric) -> str:
    return f"{rubric.id} {rubric.version}"
