"""The app around the screens: themes, help, the command palette, and every way it can end."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from traceback import walk_tb
from typing import Any, ClassVar

from rich.text import Text
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.screen import ModalScreen, Screen
from textual.worker import WorkerFailed

from toolvet.errors import ToolvetError, UsageError
from toolvet.services.assessments import Clock, Session, clock_of
from toolvet.storage.config import Config, configured, read_config
from toolvet.storage.user_state import left_in_an_editor, prefer, preferred
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.tui import screens
from toolvet.tui.ending import Ending
from toolvet.tui.kit.outside import learn_background, read_pastes_whole
from toolvet.tui.screen import InTurn, KeepsWork, Place, notify, notify_error
from toolvet.tui.start import FIRST_STYLES, Opening, Start
from toolvet.tui.themes import DARK, THEMES, chosen_theme, next_theme, theme_for

_PALETTE = "Find an action by name."
_LOOKS_AT_CLOCK = 30
"""Every so many seconds."""
_GOES_ON_AFTER = frozenset({"_flush_next_callbacks", "_invoke_and_clear_callbacks", "_tick"})
"""Where Textual calls back: after a dialog, a drawing, some time. Its widget lives on after an error there."""
_DRAWN_BY_THEN = 1.0
"""Seconds until the first screen is drawn at the latest: all that was made by then stays to the end."""


class ToolvetApp(App[None]):
    """The screens of one workspace. `bug` is what stopped it, where something did that should not happen.

    `ended_by` is the number of the signal that ended it; a terminal that is gone counts as SIGHUP. Only where it
    `owns_process` does it listen for signals: those of a test are its own.
    """

    TITLE = "toolvet"
    CSS_PATH = "toolvet.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 Textual declares it so that ClassVar is wrong

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("colon", "command_palette", "Commands", key_display=":", tooltip=_PALETTE, id="commands"),
        Binding("ctrl+p", "command_palette", "Commands", tooltip=_PALETTE, id="commands"),  # in text fields
        Binding(
            "question_mark,f1",
            "show_keys",
            "Help",
            key_display="?",
            show=False,
            tooltip="What the keys do here.",
            id="help",
        ),
        Binding("q", "quit", "Quit", show=False, tooltip="End toolvet and say what is saved.", id="quit"),
        Binding(
            "comma",
            "settings",
            "Settings",
            key_display=",",
            show=False,
            tooltip="Theme, reviewer, language.",
            id="settings",
        ),
        Binding(
            "ctrl+z", "suspend_process", "Suspend", show=False, tooltip="Back to the shell; fg returns.", id="suspend"
        ),
        Binding(
            "f9",
            "change_ground",
            "Next theme",
            show=False,
            tooltip="Dark, light, high contrast.",
            id="light-or-dark",
        ),
    ]

    def __init__(self, workspace: Workspace, on: date | Clock | None = None, start: Start | None = None) -> None:
        self.session = Session(workspace, on if callable(on) else clock_of(on))
        workspace.evidence.watch = None  # large files are read in a dialog of their own
        self._day = self.session.on
        self._start = start or Start()
        # the first screen's styles are read with ours: read later, all of them would be worked out a second time
        super().__init__(css_path=["toolvet.tcss", FIRST_STYLES[self._start.opening]])
        self.bug: Exception | None = None
        self.ended_by: int | None = None
        self.owns_process = False
        self._in_turn = InTurn(self, super().on_event)
        self._ending = Ending(self._keep_all, self.end_by_signal)
        for theme in THEMES:
            self.register_theme(theme)
        self._config_trouble: ToolvetError | None = None
        found = Config()
        try:
            found = read_config()
        except ToolvetError as error:
            self._config_trouble = error
        self._begin_with(theme_for(os.environ, chosen_theme(found.theme, preferred("theme"))))
        self._take_config(found)

    def _begin_with(self, theme: str) -> None:
        if theme == DARK.name:
            # Textual begins with a dark theme as well; had it to change that, it would read all styles twice, in 10 ms
            self.set_reactive(ToolvetApp.theme, theme)
            self.stylesheet.set_variables(self.get_css_variables())
        else:
            self.theme = theme

    def _take_config(self, found: Config) -> None:
        if found.reduced_motion:
            self.animation_level = "none"
        if found.keys:
            self.set_keymap(dict(found.keys))

    def _change_config(self, found: Config) -> None:
        self.theme = theme_for(os.environ, chosen_theme(found.theme, preferred("theme")))
        self._take_config(found)

    def action_settings(self) -> None:
        if not isinstance(self.screen, ModalScreen):
            self.push_screen(screens.SettingsDialog(self._change_config))

    def get_driver_class(self) -> type[Driver]:
        """Textual's own, which then reads pastes our way."""
        driver = super().get_driver_class()
        read_pastes_whole()
        return driver

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
        self.set_interval(_LOOKS_AT_CLOCK, self.look_at_clock)
        if self.owns_process:
            self._ending.hear_signals()  # in a browser, Textual has put a handler of its own there
            self.set_timer(_DRAWN_BY_THEN, collect_seldom)
        if self._config_trouble is not None:
            notify_error(self.screen, self._config_trouble)
        for path in left_in_an_editor():
            notify(self.screen, f"What you wrote in your editor when toolvet ended is in {path}", seconds=60)
        if self._start.opening is not Opening.HOME:
            self.run_worker(self._begin())

    async def on_event(self, event: Event) -> None:
        if self.owns_process and isinstance(event, Key | Paste) and not event.is_forwarded:
            await self._in_turn.take(event)
        else:
            await super().on_event(event)

    def on_exit_app(self) -> None:
        """Save what was typed where the page of a visitor was closed or loaded again."""
        if self.is_web:
            self._ending.keep_once()

    def watch_app_focus(self, is_focused: bool) -> None:
        # Textual focuses nothing on a screen that was opened while the window was in the background
        if is_focused and self.screen_stack:
            self.screen._update_auto_focus()

    def look_at_clock(self) -> None:
        """Tell the screens if the day has changed: an app may be left open over midnight, or for a month."""
        if self.session.on != self._day:
            self._day = self.session.on
            for place in self._places():
                try:
                    place.take_new_day()
                except ToolvetError as error:
                    notify_error(place, error)

    async def _begin(self) -> None:
        goes_home = True
        try:
            goes_home = await screens.navigation.begin(self, self.session, self._start)
        except ToolvetError as error:
            notify_error(self.screen, error)
        if goes_home:
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

    def action_command_palette(self) -> None:
        """Find an action of the screen by its name."""
        screens.find_command(self)

    def action_show_keys(self) -> None:
        if not isinstance(self.screen, screens.KeyList):
            self.push_screen(screens.key_list(self, self.screen))

    def action_change_ground(self) -> None:
        self.theme = next_theme(self.theme)
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
            screens.Confirm("Quit?", "\n".join(lost), yes="Quit without saving", no="Stay", careful=True),
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
        """End the app, unless it is a problem that a person can mend and every widget goes on after it."""
        found = error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        passed = {frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__)}
        if isinstance(found, ToolvetError) and (found is not error or passed & _GOES_ON_AFTER):
            notify_error(self.screen, found)
            return
        if self.bug is None:
            self.bug = found
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
    _require_terminal()
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty means colour is welcome (no-color.org); Textual goes by presence
    gc.freeze()  # what was imported stays to the end; looking through it while the first screen is made takes 20 ms
    if chosen_theme(configured().theme, preferred("theme")) is None:
        learn_background()
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
    """From now on let Python look for garbage after every 20,000 objects, and never among those there are by now.

    At its own pace it would look through 200 tools that are compared in the middle of a key, which takes 40 ms.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


WEB_DRIVER = "textual.drivers.web_driver:WebDriver"
"""What `toolvet serve` runs the app with."""


def _require_terminal() -> None:
    if os.environ.get("TEXTUAL_DRIVER") != WEB_DRIVER and not all(
        stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)
    ):
        raise UsageError("The screens need a terminal. Without one, add --plain to go line by line.")
