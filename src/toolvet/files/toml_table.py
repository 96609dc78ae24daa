"""A table of a TOML document and where it stands, for checks that must not stumble over a broken document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolvet.files.faults import Place


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table and where it stands."""

    place: Place
    keys: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        """The text under that key; None where there is none."""
        value = self.keys.get(key)
        return value if isinstance(value, str) else None

    def tables(self, key: str) -> Iterator[TomlTable]:
        """The tables in the list of that key."""
        items = self.keys.get(key)
        for position, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield TomlTable((*self.place, key, position), item)

    def texts(self, key: str) -> list[str]:
        """The texts in the list of that key."""
        items = self.keys.get(key)
        return [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
