"""The app around the screens: themes, help, the command palette, and every way of ending."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from rich.text import Text
from textual.actions import ActionParseResult
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.worker import WorkerFailed

from toolvet.errors import ToolvetError, UsageError
from toolvet.services.assessments import Clock, Session, clock_of
from toolvet.storage.user_state import prefer, preferred
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.tui import screens
from toolvet.tui.ending import Ending
from toolvet.tui.screen import FIRST_STYLES, KeepsWork, Opening, Place, Start, notify_error
from toolvet.tui.themes import DARK, LIGHT, THEMES, theme_for


class ToolvetApp(App[None]):
    """The screens of one workspace. `bug` is what stopped it, where something did that should not happen.

    `ended_by` is the number of the signal that ended it; a terminal that is gone counts as SIGHUP. Only where it
    `owns_process` does it listen for signals: those of a test are its own.
    """

    TITLE = "toolvet"
    CSS_PATH = "toolvet.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 Textual declares it so that ClassVar is wrong

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon", "command_palette", "Commands", key_display=":", show=False, tooltip="Find an action by name."),
        Binding("question_mark,f1", "show_keys", "Help", key_display="?", show=False),
        Binding("q", "quit", "Quit", show=False),
        Binding("f9", "change_ground", "Light or dark", show=False, tooltip="Change between the light and dark theme."),
    ]

    def __init__(self, workspace: Workspace, on: date | Clock | None = None, start: Start | None = None) -> None:
        self.session = Session(workspace, on if callable(on) else clock_of(on))
        self._start = start or Start()
        # the first screen's styles are read with ours: read later, all of them would be worked out a second time
        super().__init__(css_path=["toolvet.tcss", FIRST_STYLES[self._start.opening]])
        self.bug: Exception | None = None
        self.ended_by: int | None = None
        self.owns_process = False
        self._ending = Ending(self._keep_all, self.end_by_signal)
        for theme in THEMES:
            self.register_theme(theme)
        self._begin_with(theme_for(os.environ, preferred("theme")))

    def _begin_with(self, theme: str) -> None:
        if theme == DARK.name:
            # Textual begins with a dark theme as well; had it to change that, it would read all styles twice, in 10 ms
            self.set_reactive(ToolvetApp.theme, theme)
            self.stylesheet.set_variables(self.get_css_variables())
        else:
            self.theme = theme

    def get_default_screen(self) -> Screen[Any]:
        """Home at once where that is the first; otherwise an empty one until it is asked for."""
        return self._home() if self._start.opening is Opening.HOME else Screen()

    def _home(self) -> Screen[Any]:
        return screens.HomeScreen(self.session)

    def on_load(self) -> None:
        """Listen for what ends the app, before anything is done to the terminal."""
        if self.owns_process:
            self._ending.listen()

    def on_mount(self) -> None:
        if self._start.opening is not Opening.HOME:
            self.run_worker(self._begin())

    async def _begin(self) -> None:
        try:
            await screens.navigation.begin(self, self.session, self._start)
        except ToolvetError as error:
            notify_error(self.screen, error)
        await self.push_screen(self._home())

    def get_key_display(self, binding: Binding) -> str:
        return "enter" if binding.key == "enter" else super().get_key_display(binding)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action; a problem that a person can mend becomes a notification."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except ToolvetError as error:
            notify_error(self.screen, error)
            return True

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the place, for the command palette."""
        return screens.commands_of(self, screen)

    def action_show_keys(self) -> None:
        if not isinstance(self.screen, screens.KeyList):
            self.push_screen(screens.key_list(self, self.screen))

    def action_change_ground(self) -> None:
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name
        prefer("theme", self.theme)

    def action_help_quit(self) -> None:
        self.notify("Press q to quit; in a text field press ctrl+q, or esc and then q.", markup=False)

    async def action_quit(self) -> None:
        """Save, say what is saved, and end; ask first where something would be lost."""
        self._keep_all()  # a dialog tells the place below it what was typed
        lost = [words for place in self._places() if (words := place.would_be_lost())]
        if not lost:
            self._end()
            return
        self.push_screen(
            screens.Confirm("Quit?", "\n".join(lost), yes="Quit all the same", no="Stay", careful=True),
            lambda quits: self._end() if quits else None,
        )

    def _end(self) -> None:
        saved = [words for place in self._places() if (words := place.saved_words())]
        self.exit(message=Text(visible("\n".join(dict.fromkeys(saved)), keep_line_breaks=True)) if saved else None)

    def end_by_signal(self, number: int) -> None:
        """Save what can be saved and end with the status of the signal."""
        self.ended_by = number
        self._ending.keep_once()
        self.exit(return_code=128 + number)

    def _places(self) -> list[Place[object]]:
        return [screen for screen in self.screen_stack if isinstance(screen, Place)]

    def _keep_all(self) -> None:
        for screen in reversed(self.screen_stack):  # from the dialogs down to the places that they tell
            if isinstance(screen, KeepsWork):
                with suppress(ToolvetError):  # what cannot be saved is shown there
                    screen.keep_work()

    def _handle_exception(self, error: Exception) -> None:
        if self.bug is None:
            self.bug = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
            with suppress(Exception):  # the bug may be in saving itself; the first one is reported
                self._keep_all()
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _fatal_error(self) -> None:
        # Textual's own prints the trace with the values of local variables, notes among them
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        with suppress(OSError):  # the terminal may have gone; the status still tells how the app ended
            super()._print_error_renderables()


def run_app(workspace: Workspace, on: date | None, start: Start | None = None) -> int:
    """Run the app until the person ends it, and give the exit status; without a day it asks the clock each time.

    Raises UsageError where there is no terminal, and what stopped the app where that was a bug.
    """
    _require_terminal(start or Start())
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty means colour is welcome (no-color.org); Textual goes by presence
    collect_seldom()
    app = ToolvetApp(workspace, on, start)
    app.owns_process = True
    try:
        app.run()
    except OSError:
        if app.ended_by is None:  # else the terminal is gone, and everything saved
            raise
    if app.bug is not None and (app.ended_by is None or not isinstance(app.bug, OSError)):
        raise app.bug
    if app.ended_by is not None:
        return 128 + app.ended_by
    return app.return_code or 0


def collect_seldom() -> None:
    """Let Python look for garbage as seldom as a screen needs it.

    What was imported stays to the end: looking through it while the first screen is made takes 20 ms, and looking
    through 200 tools that are compared, in the middle of a key, 40.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


_INSTEAD = {
    Opening.HOME: "toolvet list",
    Opening.NEW: "toolvet assess --plain",
    Opening.ASSESS: "toolvet assess --plain",
    Opening.SURVEY: "toolvet assess --survey --plain",
    Opening.DECIDE: "toolvet decide SUBJECT --decision …",
    Opening.REPORT: "toolvet report SUBJECT -o report.md",
}


def _require_terminal(start: Start) -> None:
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise UsageError(f"The screens need a terminal. Without one: {_INSTEAD[start.opening]}")
