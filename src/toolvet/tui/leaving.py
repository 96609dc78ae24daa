"""Leaving a screen whose work is no file of the workspace yet, but kept as a draft."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from toolvet.tui.dialogs import Choice, ChooseOne


class Leaving(StrEnum):
    """What is to become of the draft."""

    KEEP = "keep"
    DROP = "drop"
    STAY = "stay"


def ask_to_leave(title: str, *, again: str, trouble: str | None) -> ChooseOne[Leaving]:
    """What is to become of it. `again` says how it is taken up; `trouble` says why it could not be kept, if so."""
    keep = Choice(Leaving.KEEP, "Leave, and keep it as a draft", again)
    choices = (Choice(Leaving.DROP, "Throw it away"), Choice(Leaving.STAY, "Stay here"))
    if trouble is None:
        return ChooseOne(title, (keep, *choices))
    return ChooseOne(title, choices, text=not_kept(trouble), chosen=Leaving.STAY)


def not_kept(trouble: str) -> str:
    """That there is no draft of it, and why."""
    return f"It could not be kept as a draft ({trouble}): when you leave, it is lost."


def when_words(at: datetime | None) -> str:
    """The day and time it was left, in words to go behind "from"; "the last time" where that is not known."""
    return "the last time" if at is None else f"{at:%Y-%m-%d, %H:%M}"
