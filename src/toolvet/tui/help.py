"""The keys of a place, with what they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import ActiveBinding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from toolvet.tui.dialogs import Dialog, KeyHint
from toolvet.tui.place import Place
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, shown

KEY_WIDTH = 12


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
    for active in screen.active_bindings.values():
        action, key = active.binding.action, app.get_key_display(active.binding)
        if not _is_ours(active) or not active.enabled:
            continue
        known = found.get(action)
        keys = key if known is None else known.keys if key in known.keys.split() else f"{known.keys} {key}"
        found[action] = KeyHelp(keys, active.binding.description, active.tooltip or "", action, active.node)
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


def about(screen: Screen[object]) -> str:
    """What `?` says above the keys there."""
    return screen.HELP if isinstance(screen, Place) else ""


def _is_ours(active: ActiveBinding) -> bool:
    return type(active.node).__module__.startswith("toolvet.") and bool(active.binding.description)


def _line(key: KeyHelp) -> Content:
    name = in_a_row(Content.styled(f"{key.keys:<{KEY_WIDTH}}", "bold $footer-key-foreground"), key.name)
    return in_a_row(name, Content.styled(f"  {key.more}", "$text-muted")) if key.more else name
