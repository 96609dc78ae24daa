"""Every key of every screen, for `toolvet keys`, the configuration, and the test that a key has one meaning."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding
from textual.dom import DOMNode

import toolvet.tui
from toolvet.values import dataclass

PLACES = {"escape", "enter", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
"""Keys whose meaning is the place that they go to, or the thing that they choose there."""


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """One key of one screen, list or dialog."""

    key: str
    label: str
    id: str
    where: str
    tooltip: str

    @property
    def is_of_place(self) -> bool:
        return self.key in PLACES or self.key.isdigit()


def declared_keys() -> Iterator[DeclaredKey]:
    """Every key that a class of the screens declares, screen by screen."""
    seen = set()
    for module in walk_packages(toolvet.tui.__path__, "toolvet.tui."):
        for kind in vars(import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == module.name:
                for binding in kind.__dict__.get("BINDINGS", ()):
                    if isinstance(binding, Binding):
                        for key in binding.key.split(","):
                            found = DeclaredKey(
                                key, binding.description, binding.id or "", kind.__name__, binding.tooltip
                            )
                            if found not in seen:
                                seen.add(found)
                                yield found
