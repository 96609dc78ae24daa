"""The keys of a place, with what they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import ActiveBinding, Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from toolvet.tui.kit.content import below_each_other, in_a_row, shown
from toolvet.tui.kit.dialogs import Dialog
from toolvet.tui.kit.frame import KeyHint
from toolvet.tui.screen import Place

KEY_WIDTH = 12
NAME_WIDTH = 16
MORE_WIDTH = 38
"""Cells for what a key does; with the two columns before it as wide as the dialog at 80 columns."""


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """An action of a place: its keys as they are shown, its name, more about it, and how to run it."""

    keys: str
    name: str
    more: str
    action: str
    node: DOMNode


def keys_of(app: App[None], screen: Screen[object]) -> tuple[KeyHelp, ...]:
    """Every action of ours that can be run there, once each; Textual's own keys for moving about are left out."""
    found: dict[str, KeyHelp] = {}
    unlisted = screen.UNLISTED if isinstance(screen, Place) else ()
    for active in screen.active_bindings.values():
        action, key = active.binding.action.removeprefix("app."), app.get_key_display(active.binding)
        if not _is_ours(active) or not active.enabled or action.startswith(unlisted):
            continue
        if (known := found.get(action)) is None:
            found[action] = KeyHelp(key, active.binding.description, active.tooltip, active.binding.action, active.node)
        elif key not in known.keys.split():
            found[action] = replace(known, keys=f"{known.keys} {key}")
    return tuple(found.values())


def commands_of(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """The same for the command palette."""
    for key in keys_of(app, screen):
        more = f"{key.more}  ({key.keys})" if key.more else f"Key: {key.keys}"
        yield SystemCommand(key.name, more, partial(app.run_action, key.action, key.node))


class KeyList(Dialog[None]):
    """What the place is for, and its keys."""

    def __init__(self, about: str, keys: tuple[KeyHelp, ...]) -> None:
        super().__init__("Keys")
        self._about = about
        self._keys = keys

    def compose_answer(self) -> ComposeResult:
        with VerticalScroll(id="key-list"):
            if self._about:
                yield Static(shown(self._about), id="key-list-about")
            yield Static(below_each_other(*(_line(key) for key in self._keys)))
        yield KeyHint(("esc", "Back", "screen.back"))


def key_list(app: App[None], screen: Screen[object]) -> KeyList:
    """What `?` shows of that screen."""
    return KeyList(screen.help_words() if isinstance(screen, Place) else "", keys_of(app, screen))


def _is_ours(active: ActiveBinding) -> bool:
    """Whether a class of ours declares it; a list or a field of ours has Textual's keys for moving about besides."""
    own = (
        kind.__dict__.get("BINDINGS", ())
        for kind in type(active.node).__mro__
        if kind.__module__.startswith("toolvet.")
    )
    return any(isinstance(each, Binding) and each.action == active.binding.action for each in chain.from_iterable(own))


def _line(key: KeyHelp) -> Content:
    keys = Content.styled(f"{key.keys:<{KEY_WIDTH}} ", "bold $footer-key-foreground")
    below = Content("\n" + " " * (KEY_WIDTH + NAME_WIDTH + 2))
    more = Content.styled(key.more, "$text-muted").wrap(MORE_WIDTH)
    return in_a_row(keys, f"{key.name:<{NAME_WIDTH}} ", below.join(more))
