"""A conversation line by line: asking, choosing and printing, and saving the open assessment."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Rubric
from toolvet.errors import Conflict, NotSaved, TerminalGone, ToolvetError, UnusableFile
from toolvet.services.assessments import NO_COPY, OpenedAssessment, Session
from toolvet.services.editing import UnsavedWork
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import TEXT_CHARACTERS, reason
from toolvet.text.escape import visible
from toolvet.text.tables import fit_text


class Ended(Exception):
    """The person wants to stop, or there is nobody left to ask."""


class Special(StrEnum):
    """What can be typed at a choice instead of making it."""

    SKIP = "skip"
    BACK = "back"


QUIT = ("q", "quit")


def tell(text: str = "") -> None:
    """Print it at once, with control characters made visible, and no wider than the terminal."""
    shown = visible(text, keep_line_breaks=True)
    try:
        print(fit_text(shown, shutil.get_terminal_size().columns) if sys.stdout.isatty() else shown, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _unheard(error) from error


def ask(prompt: str) -> str:
    """Read one line, without the blanks around it. Ended at the end of the input.

    What comes through a pipe is printed behind the question, so that a transcript reads like the conversation.
    """
    try:
        line = input(f"{visible(prompt)} ").strip()
        if not sys.stdin.isatty():
            print(visible(line), flush=True)
        return line
    except EOFError:
        tell()
        raise Ended from None
    except OSError as error:
        raise _unheard(error) from error


def _unheard(error: OSError) -> ToolvetError:
    """The error to raise when nobody can be told or asked any more."""
    if error.errno == errno.EIO:
        return TerminalGone("the terminal is gone; what was answered before is saved")
    return NotSaved(f"the output could not be written: {reason(error)}")


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


_NO_LETTERS: Mapping[str, int] = MappingProxyType({})


def ask_choice(prompt: str, options: Sequence[str], letters: Mapping[str, int] = _NO_LETTERS) -> int | Special:
    """Ask for one of the options, counted from 0, or skip, or back. Ended on quit.

    `letters` are options that have a letter too, which goes before any other meaning of it.
    """
    for number, option in enumerate(options, 1):
        tell(f"  {number}: {option}")
    while True:
        text = ask(prompt).casefold()
        if text in QUIT:
            raise Ended
        if text in letters:
            return letters[text]
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


class Conversation:
    """One open assessment. `is_saved` is false if the last change did not reach the disk."""

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        self.session = session
        self.rubric: Rubric = opened.rubric
        self.file: AssessmentFile = opened.file
        self.assessment: Assessment = opened.assessment
        self.is_saved = True
        self._unsaved = UnsavedWork(session.workspace, opened.file)

    def change(self, assessment: Assessment) -> None:
        """Continue with that assessment and save it. Conflict if somebody else changed the file meanwhile."""
        if assessment == self.assessment and self.is_saved:
            return
        self.assessment = assessment
        original = self.file.kept_original
        try:
            self.file = self.session.workspace.save(self.file, assessment)
        except Conflict:
            self.is_saved = False
            raise
        except (NotSaved, UnusableFile) as error:
            self.is_saved = False
            self._unsaved.keep(self.file, assessment)
            tell(f"NOT SAVED: {str(error).removeprefix('NOT SAVED: ')}. The next change tries again.")
            return
        self.is_saved = True
        if self._unsaved.is_kept:
            self._unsaved.forget()
        if self.file.kept_original not in (None, original):
            tell(f"The file as it was written by hand is kept as {self.file.kept_original}.")
        if self.file.not_copied is not None:
            tell(f"{NO_COPY} {self.file.not_copied}")
        tell("Saved.")

    def _take_up_unsaved(self) -> None:
        """Go on with changes that could not be saved when toolvet ended."""
        left = self._unsaved.left(self.file)
        if left is None:
            return
        when = "" if left.at is None else f" of {left.at:%d %B, %H:%M}"
        if left.before.encode() != self.file.content:
            tell(f"Your changes{when} could not be saved, and the file has changed since. Open toolvet to see both.")
            return
        tell(f"Taken up: your changes{when} that could not be saved then.")
        self.change(left.assessment)

    def answer(self, question_id: str, answer: Answer) -> None:
        """Give that answer to the question."""
        self.change(self.assessment.with_answer(question_id, answer))

    def run(self, ask_all: Callable[[], None], closing: Callable[[], str]) -> int:
        """Introduce the assessment, ask until the person quits, and give the exit status.

        Status 3 if the last change could not be saved. `closing` says how far it is.
        """
        tell(f"{self.assessment.subject.label}. {self.rubric.title}.")
        tell("Each answer is saved at once. Type help for what you can type, quit to stop.")
        if self.rubric.how_to_answer:
            tell(self.rubric.how_to_answer)
        try:
            self._take_up_unsaved()
            ask_all()
        except Ended:
            pass
        except Conflict as conflict:
            tell(f"{conflict} Nothing more is saved here; start again to continue.")
            return conflict.status
        tell()
        tell(closing())
        place = self.session.workspace.relative(self.file.path)
        tell(f"Saved: {place}" if self.is_saved else f"NOT SAVED: the last change to {place}")
        return 0 if self.is_saved else 3
