"""What is asked about a tool before its questions: the job first, then the tool, then the request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus, Key
from textual.message import Message
from textual.widgets import Input, Label, Static

from toolvet.domain.assessment import Subject
from toolvet.tui.dates import day_fault, read_day
from toolvet.tui.widgets.fields import LineField
from toolvet.tui.widgets.plain_text import shown


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form: its name in `[subject]`, its label, what to type, and the heading above it, if any."""

    name: str
    label: str
    hint: str
    example: str = ""
    heading: str = ""


FIELDS = (
    Field("job", "Job to be done", "What people want to do, before any product.", "Weekly client calls", "The job"),
    Field("requested_by", "Asked for by", "Who asked: a person, a team.", "Sales"),
    Field("users", "Users", "How many people would use it.", "400"),
    Field("name", "Name", "The tool, as people call it. Needed.", "Zoom Workplace", "The tool"),
    Field("plan", "Plan", "Two plans of one tool are vetted as two tools.", "Business"),
    Field("vendor", "Vendor", "Who makes it.", "Zoom"),
    Field("deployment", "Deployment", "Where it runs.", "vendor cloud"),
    Field("yearly_cost", "Yearly cost", "With its currency, as on the offer.", "EUR 60,000"),
    Field("requested_on", "Asked on", "The day of the request: year-month-day.", "2026-11-02", "The dates"),
    Field("answer_by", "Promised by", "When whoever asked is to have an answer: year-month-day.", "2026-11-27"),
    Field("reviewer", "Reviewer", "Your name; it signs the answers. Once changed it is remembered.", "Pat Doe", "You"),
)

MOST_DIGITS = 9
DAYS = ("requested_on", "answer_by")


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

    def _is_refused(self, field: Field, value: str) -> bool:
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
                self._say(f"{field.hint}  enter: next field")

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


def _example(field: Field) -> str:
    return f"e.g. {field.example}" if field.example else ""


def fault_of(name: str, value: str) -> str | None:
    """What is wrong with that field; None where nothing is."""
    if name in ("name", "reviewer") and not value:
        return "this is needed."
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
