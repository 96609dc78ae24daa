"""Settings: changes what config.toml says, one setting at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.storage.config import THEME_NAMES, Config, change_setting, config_path, language_fault, read_config
from toolvet.storage.user_state import prefer, preferred, reviewer_name
from toolvet.tui import screens
from toolvet.tui.kit.content import Choices, KeyHint, below_each_other, in_a_row, on_one_line
from toolvet.tui.kit.dialogs import Dialog
from toolvet.tui.kit.text_dialogs import AskLine

_LABEL = 16
_THEMES = {"auto": "Follows the terminal.", "contrast": "Dark, with a contrast of 7:1."}


class SettingsDialog(Dialog[None]):
    """One row a setting; enter changes it and saves. Keys are changed in the file. `changed` follows each change."""

    def __init__(self, changed: Callable[[Config], None]) -> None:
        super().__init__("Settings")
        self._changed = changed

    def compose_answer(self) -> ComposeResult:
        yield Choices(id="dialog-choices")
        yield Static(id="settings-path")
        yield KeyHint(("enter", "Change", "screen.choose"), ("esc", "Back", "screen.back"))

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        found = read_config()
        rows = (
            ("Theme", found.theme or "auto: follows the terminal"),
            ("Reviewer", _reviewer_words(found.reviewer)),
            ("Editor", found.editor or "from $VISUAL or $EDITOR"),
            ("Language", found.language or "that of each rubric"),
            ("Reduced motion", "on" if found.reduced_motion else "off"),
            ("Keys", f"{len(found.keys) or 'none'} changed; enter says how"),
        )
        choices = self.query_one(Choices)
        at = choices.highlighted or 0
        choices.set_options(Option(in_a_row(f"{label:<{_LABEL}}", on_one_line(value))) for label, value in rows)
        choices.highlighted = at
        self.query_one("#settings-path", Static).update(
            below_each_other("", on_one_line(f" Kept in {_shown(config_path())}", "$text-muted"))
        )

    @on(OptionList.OptionSelected)
    def _change(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        found = read_config()
        match event.option_index:
            case 0:
                choices = [screens.Choice(name, name, _THEMES.get(name, "")) for name in THEME_NAMES]
                ask = screens.ChooseOne("Theme", choices, chosen=found.theme or "auto")
                self.app.push_screen(ask, partial(self._set, "theme"))
            case 1:
                self._ask("reviewer", "Your name, as reviewer", found.reviewer)
            case 2:
                self._ask("editor", "The command of your editor", found.editor)
            case 3:
                self._ask("language", "The language, as a code such as de or pt-BR", found.language, language_fault)
            case 4:
                self._set("reduced_motion", not found.reduced_motion)
            case _:
                path = _shown(config_path())
                example = 'such as  review = "r,f7".  The command toolvet keys lists the ids.'
                words = f"Write under [keys] in\n\n{path}\n\n{example}"
                self.app.push_screen(screens.Tell("Keys", words))

    def _ask(
        self, name: str, title: str, value: str | None, check: Callable[[str], str | None] = lambda _: None
    ) -> None:
        ask = AskLine(title, value or "", hint="leave it empty for the default", check=check)
        self.app.push_screen(ask, partial(self._set, name))

    def _set(self, name: str, value: str | bool | None) -> None:
        if value is None:
            return
        change_setting(name, value if value != "" else None)
        if name == "theme":
            prefer("theme", "")  # the theme that f9 chose would come first
        self._list()
        self._changed(read_config())


def _reviewer_words(chosen: str | None) -> str:
    """Who is taken for the reviewer, and, unless chosen here, where that is from."""
    if (name := reviewer_name(chosen)) and name != chosen:
        return f"{name}, from {'TOOLVET_REVIEWER' if os.environ.get('TOOLVET_REVIEWER', '').strip() else 'git'}"
    typed = preferred("reviewer")
    return chosen or (f"{typed}, as typed before" if typed else "nobody yet (git has no user.name)")


def _shown(path: Path | None) -> str:
    """The path, from ~ on where it is in the person's home."""
    home, text = os.environ.get("HOME", "").rstrip(os.sep) + os.sep, str(path or "")
    return f"~{os.sep}{text.removeprefix(home)}" if len(home) > 1 and text.startswith(home) else text
