"""Questions on stdout and answers on stdin, one line at a time, with or without a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.storage.toml_input import TEXT_CHARACTERS
from toolvet.text.escape import visible


class Ended(Exception):
    """The person wants to stop, or there is nobody left to ask."""


class Special(StrEnum):
    """What can be typed at a choice instead of making it."""

    SKIP = "skip"
    BACK = "back"


QUIT = ("q", "quit")


def tell(text: str = "") -> None:
    """Print it at once, with control characters made visible."""
    print(visible(text, keep_line_breaks=True), flush=True)


def ask(prompt: str) -> str:
    """Read one line, without the blanks around it. Ended at the end of the input."""
    try:
        return input(f"{visible(prompt)} ").strip()
    except EOFError:
        print()
        raise Ended from None


def ask_text(prompt: str) -> str:
    """Ask for a text, again if it is too long for a file."""
    text = ask(prompt)
    while len(text) > TEXT_CHARACTERS:
        tell(f"That is {len(text)} characters; at most {TEXT_CHARACTERS} are allowed.")
        text = ask(prompt)
    return text


def ask_day(prompt: str, otherwise: date | None) -> date | None:
    """Ask for a day; `otherwise` for an empty line."""
    while True:
        text = ask(prompt)
        if not text:
            return otherwise
        try:
            return date.fromisoformat(text)
        except ValueError:
            tell("Write the date like 2026-11-20.")


def ask_number(prompt: str) -> int | None:
    """Ask for a whole number; None for an empty line."""
    while True:
        text = ask(prompt)
        if not text:
            return None
        if text.isascii() and text.isdecimal() and len(text) <= 9:
            return int(text)
        tell("Write a whole number.")


def ask_yes(prompt: str) -> bool:
    while True:
        match ask(f"{prompt} Yes or no:").casefold():
            case "y" | "yes":
                return True
            case "n" | "no":
                return False
            case _:
                tell("Answer yes or no.")


def ask_choice(prompt: str, options: Sequence[str]) -> int | Special:
    """Ask for one of the options, counted from 0, or skip, or back. Ended on quit."""
    for number, option in enumerate(options, 1):
        tell(f"  {number}: {option}")
    while True:
        text = ask(prompt).casefold()
        if text in QUIT:
            raise Ended
        if text in ("", "n", "skip"):
            return Special.SKIP
        if text in ("p", "b", "back"):
            return Special.BACK
        if text.isascii() and text.isdecimal() and 1 <= int(text[:3]) <= len(options):
            return int(text) - 1
        named = [at for at, option in enumerate(options) if option.casefold() == text]
        if named:
            return named[0]
        tell(f"Answer 1 to {len(options)}, skip, back or quit.")


def choose_rubric(rubrics: Sequence[Rubric], what: str) -> Rubric:
    """The only rubric, or the one the person picks; `what` names the kind. ToolvetError if there is none."""
    if not rubrics:
        raise ToolvetError(f"there is no usable {what}; toolvet rubrics says why")
    if len(rubrics) == 1:
        return rubrics[0]
    tell(f"Which {what}?")
    chosen = ask_choice("Number:", [f"{rubric.title} ({rubric.id} {rubric.version})" for rubric in rubrics])
    return rubrics[0] if isinstance(chosen, Special) else rubrics[chosen]
