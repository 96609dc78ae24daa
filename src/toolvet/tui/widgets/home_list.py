"""The list of Home, and what stands where it is empty."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList

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


def broken_heading(problems: tuple[Problem, ...]) -> Content:
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
