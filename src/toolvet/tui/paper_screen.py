"""A report as it will read, and one key for each form in which it is written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.getters import query_one
from textual.widgets import Static

from toolvet.errors import NotSaved
from toolvet.files.workspace import Workspace
from toolvet.report.render import ReportFormat
from toolvet.tui.place import Place
from toolvet.tui.widgets.frame import Keys, TitleBar, Trouble
from toolvet.tui.widgets.paper import Paper
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line

OPENERS = {"darwin": "open"}


class Preview(VerticalScroll):
    """The text of the report, scrolled with the keys for moving about and the usual letters."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "page_down", "Further down", show=False),
        Binding("b", "page_up", "Further up", show=False),
    ]


class PaperScreen(Place[None]):
    """A report that is shown in Markdown and written under `stem` in the workspace's reports folder."""

    CSS_PATH = "report.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "write('html')", "HTML", tooltip="Write one file that opens in any browser and prints well."),
        Binding("m", "write('md')", "Markdown", tooltip="Write it for a wiki, a ticket or git."),
        Binding("j", "write('json')", "JSON", tooltip="Write every figure, for other programs."),
    ]

    preview = query_one("#report-text", Static)

    def __init__(self, workspace: Workspace, about: str, stem: str) -> None:
        """`about` is what the report is on, as the title bar says it."""
        super().__init__()
        self._workspace, self._about, self._stem = workspace, about, stem

    def compose(self) -> ComposeResult:
        yield TitleBar("Report", self._about)
        with Preview(id="report"):
            yield Static(id="report-text")
        yield Static(id="written")
        yield Trouble()
        yield Keys()

    def on_mount(self) -> None:
        """Show the frame first; the report takes a moment to make."""
        self.query_one(Preview).focus()
        self.call_after_refresh(self._show)

    def report_in(self, form: ReportFormat) -> str:
        """The whole report in that form."""
        raise NotImplementedError

    def shown_text(self) -> str:
        """What is shown, in Markdown."""
        return self.report_in(ReportFormat.MARKDOWN)

    def _show(self) -> None:
        self.preview.update(Paper(self.shown_text()))
        self.query_one(Preview).scroll_home(animate=False)

    def action_write(self, ending: str) -> None:
        """Write the report in that form."""
        form = ReportFormat(ending)
        self._write(f"{self._stem}.{form.value}", self.report_in(form))

    def _write(self, name: str, content: str | bytes) -> None:
        trouble = self.query_one(Trouble)
        try:
            path = self._workspace.save_report(name, content)
        except NotSaved as error:
            trouble.show(str(error))
            return
        trouble.show(None)
        self.query_one("#written", Static).update(
            below_each_other(
                in_a_row("✓ Written: ", on_one_line(self._workspace.relative(path), "bold")),
                in_a_row("  Open it with  ", on_one_line(how_to_open(path, sys.platform), "$text-primary")),
            )
        )
        self.set_class(True, "-written")


def how_to_open(path: Path, platform: str) -> str:
    """The command that opens the file there."""
    quoted = f'"{path.absolute()}"'
    return f'start "" {quoted}' if platform == "win32" else f"{OPENERS.get(platform, 'xdg-open')} {quoted}"
