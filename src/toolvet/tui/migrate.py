"""Migrating: an assessment under another version of its rubric, question by question, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.assessment import Answer
from toolvet.domain.migration import ChangeKind, Fate, MigrationStep, reworded
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import ToolvetError
from toolvet.report.listing import counted_words, fate_words, step_change_words
from toolvet.services.assessments import MigrationPlan, Session, write_migration
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.text.escape import visible
from toolvet.text.labels import TO_CONFIRM
from toolvet.tui import screens
from toolvet.tui.kit.content import (
    Choices,
    Entry,
    Hanging,
    Keys,
    SidePane,
    TitleBar,
    below_each_other,
    in_a_row,
    on_one_line,
    shown,
    titled,
)
from toolvet.tui.screen import Place, notify_error
from toolvet.values import dataclass

SIGNS = {
    Fate.CONFIRM: (TO_CONFIRM, "$text-warning"),
    Fate.TAKEN_UP: (TO_CONFIRM, "$text-warning"),
    Fate.OPEN: ("·", "$text-muted"),
    Fate.RETIRED: ("»", "$text-warning"),
    Fate.NOTHING: ("–", "$text-muted"),
    Fate.KEPT: ("=", "$text-success"),
}
_LABELS = {
    "text": "Question",
    "check": "Check",
    "expected": "Expected",
    "delivered": "Delivered",
    "think_of": "Think of",
}


class Heading(StrEnum):
    """What the steps below it have in common; what has to be looked at first, and what stays the same last."""

    CONFIRM = "To be confirmed: kept, but open until then"
    TAKEN_UP = "Back from retired, to be confirmed"
    ASKED_AGAIN = "Asked again, the answer kept aside"
    NEW = "New, open"
    RETIRED = "Gone, the answer kept aside"
    NOTHING = "Gone without an answer"
    OPEN = "Open, as before"
    KEPT = "Kept as they are"


@dataclass(frozen=True, slots=True)
class Group:
    """Steps under a heading; those of scope facts come before those of questions."""

    heading: Heading
    facts: tuple[MigrationStep, ...]
    questions: tuple[MigrationStep, ...]


def groups_of(plan: MigrationPlan) -> tuple[Group, ...]:
    """Every step under its heading; a heading without steps is left out."""
    facts, questions = plan.migration.facts, plan.migration.questions
    groups = (Group(heading, _under(heading, facts), _under(heading, questions)) for heading in Heading)
    return tuple(group for group in groups if group.facts or group.questions)


def heading_row(group: Group) -> Content:
    """The heading with the number of its rows."""
    return Content.styled(f"{group.heading} ({len(group.facts) + len(group.questions)})", "bold")


def step_row(plan: MigrationPlan, step: MigrationStep, *, is_fact: bool) -> Content:
    """The sign, the title and what changed."""
    sign, style = SIGNS[step.fate]
    name = f"Scope: {step.id.replace('-', ' ')}" if is_fact else _title(plan, step.id)
    return in_a_row(
        Content.styled(f" {sign}  ", style),
        on_one_line(name),
        Content.styled(f"  {_change_words(step)}", "$text-muted"),
    )


def _change_words(step: MigrationStep) -> str:
    """What changed about the question itself; its answer is another thing."""
    words = step_change_words(step)
    return "unchanged" if words == ChangeKind.SAME else words


def fact_entries(plan: MigrationPlan, step: MigrationStep) -> Iterator[Entry]:
    """A scope fact: what was given, and its old and new words."""
    given = plan.file.assessment.scope.get(step.id)
    old = None if plan.old is None else plan.old.scope_fact(step.id)
    new = plan.new.scope_fact(step.id)
    yield "Scope", on_one_line(step.id, "bold")
    yield "Given", Content("nothing") if given is None else on_one_line(given)
    yield "Becomes", Content.styled(_fact_fate(step), "bold")
    if old is not None:
        yield ("Was" if new is not None else "Asked"), shown(f"{old.text}\n{' / '.join(old.options)}")
    if new is not None and (old is None or step.change is not ChangeKind.SAME or old.options != new.options):
        yield "Is now", shown(f"{new.text}\n{' / '.join(new.options)}")


def question_entries(plan: MigrationPlan, step: MigrationStep) -> Iterator[Entry]:
    """A question: the answer it had, what becomes of it, and the old words beside the new ones."""
    old, new = _in(plan.old, step.called_before or step.id), _in(plan.new, step.id)
    answer = plan.file.assessment.answer(step.called_before or step.id)
    yield "Title", on_one_line(_title(plan, step.id), "bold")
    yield "Change", Content(_change_words(step))
    yield "Answer", _answer_words(answer, old)
    yield "Becomes", Content.styled(_fate_in_full(step), "bold")
    if old is not None and new is not None:
        yield from _changed_words(old, new, step)
    elif (only := new or old) is not None:
        yield "", Content("")
        yield "Question" if new is not None else "Asked", shown(only.text)
        yield from _ladder("Ladder", only, answer.level if new is None else step.becomes)


def _changed_words(old: Question, new: Question, step: MigrationStep) -> Iterator[Entry]:
    names = reworded(old, new)
    for name in names:
        yield "", Content("")
        yield f"{_LABELS[name]}:", Content("")
        yield "  was", shown(getattr(old, name) or "–", "$text-muted")
        yield "  is now", shown(getattr(new, name) or "–")
    if step.change is ChangeKind.RELADDERED or "levels" in step.besides:
        yield "", Content("")
        yield from _ladder("Was", old, step.was, "$text-muted")
        yield "", Content("")
        yield from _ladder("Is now", new, step.becomes)
    elif not names:
        yield "", Content("")
        yield "Question", shown(new.text, "$text-muted")


def _ladder(label: str, question: Question, at: int | None, style: str = "") -> Iterator[Entry]:
    for level, rung in enumerate(question.levels):
        sign = "●" if level == at else "○"
        yield (label if level == 0 else ""), shown(f"{sign} {level}  {rung}", style)


def _answer_words(answer: Answer, old: Question | None) -> Content:
    levels = {"level": answer.level, "expected": answer.expected, "delivered": answer.delivered}
    given = [(name, level) for name, level in levels.items() if level is not None]
    words = [f"{name} {level}{_rung_words(old, level)}" for name, level in given]
    if answer.unknown is not None:
        words.append(f"unknown {answer.unknown}".strip())
    if answer.not_applicable is not None:
        words.append(f"not applicable: {answer.not_applicable}")
    if answer.note:
        words.append(f"Note: {answer.note}")
    if answer.evidence:
        words.append(f"Evidence: {'; '.join(evidence.source for evidence in answer.evidence)}")
    return shown("\n".join(words)) if words else Content.styled("none yet", "$text-muted")


def _rung_words(old: Question | None, level: int) -> str:
    return f": {old.levels[level]}" if old is not None and level <= old.top else ""


def _fate_in_full(step: MigrationStep) -> str:
    match step.fate:
        case Fate.CONFIRM:
            return f"{fate_words(step)}; it counts as unanswered until then"
        case Fate.RETIRED:
            return f"{fate_words(step)}; it stays in the file, under retired"
        case _:
            return fate_words(step)


def _fact_fate(step: MigrationStep) -> str:
    if step.fate is Fate.RETIRED and step.change is not ChangeKind.GONE:
        return "asked again; what was given is kept aside, under retired"
    return fate_words(step)


def _title(plan: MigrationPlan, question_id: str) -> str:
    old, new = _questions(plan, question_id)
    question = new or old
    return question_id if question is None else question.heading


def _questions(plan: MigrationPlan, question_id: str) -> tuple[Question | None, Question | None]:
    return _in(plan.old, question_id), _in(plan.new, question_id)


def _in(rubric: Rubric | None, question_id: str) -> Question | None:
    return None if rubric is None else rubric.question(question_id)


def _under(heading: Heading, steps: tuple[MigrationStep, ...]) -> tuple[MigrationStep, ...]:
    return tuple(step for step in steps if _heading(step) is heading)


def _heading(step: MigrationStep) -> Heading:
    match step.fate:
        case Fate.CONFIRM:
            return Heading.CONFIRM
        case Fate.TAKEN_UP:
            return Heading.TAKEN_UP
        case Fate.OPEN:
            return Heading.NEW if step.change is ChangeKind.NEW else Heading.OPEN
        case Fate.RETIRED:
            return Heading.RETIRED if step.change is ChangeKind.GONE else Heading.ASKED_AGAIN
        case Fate.NOTHING:
            return Heading.NOTHING
        case Fate.KEPT:
            return Heading.KEPT
        case _:
            assert_never(step.fate)


def _counted(plan: MigrationPlan) -> str:
    """How many questions and scope facts have which fate, as many as there are rows."""
    facts = plan.migration.facts
    return " ".join([counted_words(plan.migration.questions), *([counted_words(facts, "scope fact")] if facts else [])])


NOT_COMPARED = "The text that was answered is not here, so nothing can be compared: everything is to be confirmed."


class MigratingScreen(Place[AssessmentFile | None]):
    """Dismissed with the file as it was written, or with None where nothing was."""

    CSS_PATH = "migrate.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        "What becomes of each answer under the other version of the rubric. Nothing is dropped, and nothing is written "
        "before you say so; esc leaves all as it was.\n"
        "! to be confirmed   · open   » kept aside   – gone   = kept"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Leave as it is", tooltip="Nothing is written.", id="leave-as-it-is"),
    ]

    rows = query_one("#migration-rows", OptionList)

    def __init__(self, session: Session, plan: MigrationPlan) -> None:
        super().__init__()
        self._session, self._plan = session, plan
        self._steps: list[tuple[MigrationStep, bool] | None] = []

    def compose(self) -> ComposeResult:
        plan = self._plan
        yield TitleBar("Migrate", f"{plan.file.assessment.subject.label} · {plan.file.path.name}")
        yield Static(below_each_other(*self._sums()), id="migration-sums")
        with Horizontal(id="migration-panes"):
            yield titled(StepList(id="migration-rows"), "What becomes of each answer")
            with SidePane(id="migration-words", classes="pane"):
                yield Hanging(id="migration-step")
        yield Keys()

    def on_mount(self) -> None:
        options = []
        for group in groups_of(self._plan):
            options.append(Option(heading_row(group), disabled=True))
            self._steps.append(None)
            for step, is_fact in [
                *((step, True) for step in group.facts),
                *((step, False) for step in group.questions),
            ]:
                options.append(Option(step_row(self._plan, step, is_fact=is_fact)))
                self._steps.append((step, is_fact))
        self.rows.set_options(options)
        self.rows.highlighted = 1 if len(options) > 1 else None
        self.rows.focus()

    def _sums(self) -> list[Content]:
        old, new = self._plan.migration.old, self._plan.migration.new
        sums = [on_one_line(f"{old.id} {old.version} → {new.version}", "bold")]
        if old.version == new.version:
            sums = [on_one_line(f"{old.id} {old.version}, whose words were changed under the same version", "bold")]
        if self._plan.old is None:
            sums.append(Content.styled(NOT_COMPARED, "$text-warning"))
        return [*sums, Content(_counted(self._plan)), self._what_is_written()]

    def _what_is_written(self) -> Content:
        where = visible(self._session.workspace.relative(self._plan.file.path))
        if self._plan.read_only is None:
            return Content.styled(f"Nothing is written yet: enter asks once more, then changes {where}.", "$text-muted")
        why = visible(self._plan.read_only)
        words = f"{where} stays as it is, because {why}: enter asks, and then begins a new assessment."
        return Content.styled(words, "$text-warning")

    @on(OptionList.OptionHighlighted)
    def _show_words(self, event: OptionList.OptionHighlighted) -> None:
        found = self._steps[event.option_index]
        if found is None:
            return
        step, is_fact = found
        entries = fact_entries(self._plan, step) if is_fact else question_entries(self._plan, step)
        self.query_one("#migration-step", Hanging).show(tuple(entries))
        words = self.query_one("#migration-words", SidePane)
        words.name_after("Details")
        words.scroll_home(animate=False, immediate=True)

    @on(OptionList.OptionSelected)
    def _ask(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        is_unread = self._plan.file.seal is Seal.BROKEN
        new = self._plan.migration.new
        question = screens.Confirm(
            f"Take the answers over to {new.id} {new.version}?",
            "\n\n".join(self._account()),
            yes="Write it: I have read it through" if is_unread else "Write it",
            no="Leave it as it is",
            careful=True,
        )
        self.app.push_screen(question, self._write)

    def _account(self) -> list[str]:
        """What would happen, a paragraph for each thing."""
        plan, where = self._plan, self._session.workspace.relative(self._plan.file.path)
        kept = f"Nothing is dropped. {_counted(plan)}"
        said = [f"{CHANGED_OUTSIDE}. {READ_THROUGH}"] if plan.file.seal is Seal.BROKEN else []
        if plan.read_only is None:
            orig = "" if plan.file.seal is Seal.INTACT else " As it was before it is kept beside it."
            return [*said, f"The file {where} itself is changed.{orig}", kept]
        return [*said, f"{where} stays as it is, because {plan.read_only}. The answers go into a new file.", kept]

    def _write(self, is_wanted: bool | None) -> None:
        if not is_wanted:
            return
        try:
            written = write_migration(self._session, self._plan)
        except ToolvetError as error:
            notify_error(self, error)
        else:
            self.dismiss(written)

    def action_back(self) -> None:
        self.dismiss(None)


class StepList(Choices):
    """The questions, among which enter takes all of them over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Migrate …", tooltip="Asks once more, and then writes.", id="take-over"),
    ]
