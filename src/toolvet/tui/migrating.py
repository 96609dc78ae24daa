"""Migrating: an assessment under another version of its rubric, question by question, before anything is written."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.migration import Step
from toolvet.errors import ToolvetError
from toolvet.files.migrating import Plan, write_migration
from toolvet.files.reading import AssessmentFile
from toolvet.files.reviewer import reviewer_name
from toolvet.files.seal import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.files.workspace import Workspace
from toolvet.report.migration import counted_words
from toolvet.report.text import visible
from toolvet.tui.clock import Today
from toolvet.tui.place import Place, tell
from toolvet.tui.preferences import preferred
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.hanging import Hanging
from toolvet.tui.widgets.migration_rows import fact_entries, groups_of, heading_row, question_entries, step_row
from toolvet.tui.widgets.plain_text import below_each_other, on_one_line

NOT_COMPARED = "The text that was answered is not here, so nothing can be compared: everything is to be confirmed."


class MigratingScreen(Place[AssessmentFile | None]):
    """Dismissed with the file as it was written, or with None where nothing was."""

    CSS_PATH = "migrating.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - Textual declares it on the instance
    HELP = (
        "What becomes of each answer under the other version of the rubric. Nothing is dropped, and nothing is written "
        "before you say so; esc leaves all as it was.\n"
        "! to be confirmed   · open   » kept aside   – gone   = kept"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Leave as it is", tooltip="Nothing is written."),
    ]

    rows = query_one("#migration-rows", OptionList)

    _on_day = Today()

    def __init__(self, workspace: Workspace, plan: Plan, on: date) -> None:
        super().__init__()
        self._workspace, self._plan, self._on_day = workspace, plan, on
        self._steps: list[tuple[Step, bool] | None] = []

    def compose(self) -> ComposeResult:
        plan = self._plan
        yield TitleBar("Migrate", f"{plan.file.assessment.subject.label} · {plan.file.path.name}")
        yield Static(below_each_other(*self._sums()), id="migration-sums")
        with Horizontal(id="migration-panes"):
            yield StepList(id="migration-rows")
            with VerticalScroll(id="migration-words", can_focus=False):
                yield Hanging(id="migration-step")
        yield Keys()

    def on_mount(self) -> None:
        """Begin with what is most to be looked at."""
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
        return [*sums, Content(counted_words(self._plan.migration.questions)), self._what_is_written()]

    def _what_is_written(self) -> Content:
        where = visible(self._workspace.relative(self._plan.file.path))
        if self._plan.read_only is None:
            return Content.styled(f"Nothing is written yet. enter asks, and then changes {where}.", "$text-muted")
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
        self.query_one("#migration-words").scroll_home(animate=False, immediate=True)

    def action_scroll_words(self, pages: int) -> None:
        """More of the words of that question."""
        words = self.query_one("#migration-words")
        words.scroll_relative(y=pages * max(1, words.size.height - 1), animate=False)

    @on(OptionList.OptionSelected)
    def _ask(self, event: OptionList.OptionSelected) -> None:
        from toolvet.tui.dialogs import Confirm  # no dialog before it is asked for

        event.stop()
        is_unread = self._plan.file.seal is Seal.BROKEN
        new = self._plan.migration.new
        question = Confirm(
            f"Take the answers over to {new.id} {new.version}?",
            "\n\n".join(self._account()),
            yes="Yes, I have read it through: write it" if is_unread else "Yes: write it",
            no="No: leave it as it is",
            careful=True,
        )
        self.app.push_screen(question, self._write)

    def _account(self) -> list[str]:
        """What would happen, a paragraph for each thing."""
        plan, where = self._plan, self._workspace.relative(self._plan.file.path)
        kept = f"Nothing is dropped. {counted_words(plan.migration.questions)}"
        said = [f"{CHANGED_OUTSIDE}. {READ_THROUGH}"] if plan.file.seal is Seal.BROKEN else []
        if plan.read_only is None:
            orig = "" if plan.file.seal is Seal.INTACT else " As it was before it is kept beside it."
            return [*said, f"The file {where} itself is changed.{orig}", kept]
        return [*said, f"{where} stays as it is, because {plan.read_only}. The answers go into a new file.", kept]

    def _write(self, is_wanted: bool | None) -> None:
        if not is_wanted:
            return
        try:
            written = write_migration(
                self._workspace, self._plan, reviewer_name() or preferred("reviewer"), self._on_day
            )
        except ToolvetError as error:
            tell(self, error)
        else:
            self.dismiss(written)

    def action_back(self) -> None:
        """Leave all as it was."""
        self.dismiss(None)


class StepList(OptionList):
    """The questions, among which enter takes all of them over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Take over …", tooltip="Asks once more, and then writes."),
        Binding("w", "screen.scroll_words(1)", "More words", tooltip="Further down in the words."),
        Binding("pagedown", "screen.scroll_words(1)", "More words", show=False),
        Binding("pageup", "screen.scroll_words(-1)", "Words up", show=False, tooltip="Less far down in them."),
    ]
