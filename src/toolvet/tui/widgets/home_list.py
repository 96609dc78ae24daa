"""The list of Home, and what stands where it is empty."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.errors import Problem
from toolvet.files.workspace import Workspace
from toolvet.report.text import plural
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line


class SubjectList(OptionList):
    """The list, in which enter opens."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", tooltip="Answer its questions, where you left off."),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 Textual's own
        """Without lines there is nothing to open."""
        return None if action == "select" and self.option_count == 0 else True

    def show(self, rows: Sequence[Content], problems: Sequence[Problem], root: Path) -> None:
        """Show these rows and below them the files to be looked at, with the highlight on the line where it was."""
        at = self.highlighted or 0
        options = [Option(row) for row in rows]
        if problems:
            options.append(Option(_heading(problems), disabled=True))
            options += [Option(_problem(problem, root)) for problem in problems]
        self.set_options(options)
        if options:
            self.highlighted = min(at, len(options) - 1)


def _problem(problem: Problem, root: Path) -> Content:
    sign, style = ("!", "$text-warning") if problem.warning else ("✗", "$text-error")
    return on_one_line(f"{sign} {str(problem).replace(f'{root}/', '', 1)}", style)


def _heading(problems: Sequence[Problem]) -> Content:
    what = "to be looked at" if all(problem.warning for problem in problems) else "that cannot be used"
    return below_each_other("", Content.styled(f"{plural(len(problems), 'file')} {what} (enter says more)", "bold"))


def welcome(workspace: Workspace) -> Content:
    key = Content.styled("n", "bold $footer-key-foreground")
    survey = Content.styled("f3", "bold $footer-key-foreground")
    demo = Content.styled("toolvet demo", "bold")
    return below_each_other(
        Content.styled("No tool is being vetted here yet.", "bold"),
        "",
        in_a_row("Press ", key, " to begin: say what the tool is and what people want to do with it."),
        "Then answer question by question; nothing has to be known at once.",
        in_a_row("To answer a survey about an organisation instead, press ", key, " and then ", survey, "."),
        "",
        in_a_row("The first save makes a folder ", Content.styled("assessments", "bold"), " here:"),
        on_one_line(f"  {workspace.root}", "$text-muted"),
        "",
        in_a_row("To look around first, quit with q and run ", demo, "."),
        "It opens a copy of worked examples that you can change as you like.",
    )
