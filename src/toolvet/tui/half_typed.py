"""What was typed in a dialog and counts only once it is confirmed: kept, to be taken up where the app was ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from toolvet.files.unfinished import Unfinished

TEXT = "text"
"""The name of the text of a dialog that asks for only one."""

Keep = Callable[[Mapping[str, str]], str | None]
"""Takes the texts by name; gives what stood in the way of keeping them, or None."""


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """The texts that were left, by field, and what keeps those that are typed now."""

    texts: Mapping[str, str]
    keep: Keep

    @property
    def text(self) -> str | None:
        """The text of a dialog that asks for only one; None where none was left."""
        return self.texts.get(TEXT) or None

    def keep_text(self, text: str) -> str | None:
        """Keep the text of such a dialog."""
        return self.keep({TEXT: text})


def half_typed(place: Unfinished) -> HalfTyped:
    """What was left at that place, and is kept there."""

    def keep(texts: Mapping[str, str]) -> str | None:
        return place.keep({"texts": dict(texts)})

    return HalfTyped(place.left().texts("texts"), keep)
