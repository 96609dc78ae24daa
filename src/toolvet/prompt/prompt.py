"""A conversation line by line: asking, choosing and printing, and saving the open assessment."""

from __future__ import annotations

import errno
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, sources_used
from toolvet.domain.rubric import Ask, Rubric, ScopeFact
from toolvet.errors import Conflict, NotSaved, TerminalGone, ToolvetError, UnusableFile
from toolvet.services.assessments import NO_COPY, OpenedAssessment, Session
from toolvet.services.editing import History, UnsavedWork, step_back, step_forward
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.toml_input import TEXT_CHARACTERS, reason
from toolvet.text.escape import fit_text, joined, visible


class Ended(Exception):
    """The person wants to stop, or there is nobody left to ask."""


class Special(StrEnum):
    """What can be typed at a choice instead of making it."""

    SKIP = "skip"
    BACK = "back"


QUIT = ("q", "quit")


def tell(*lines: str) -> None:
    """Print each as one line, with control characters made visible, and no wider than the terminal: a name with a line
    break in it must not look like a line of ours.
    """
    shown = visible("\n".join(map(joined, lines)), keep_line_breaks=True)
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
    except EOFError:
        tell()
        raise Ended from None
    except OSError as error:
        raise _unheard(error) from error
    if not sys.stdin.isatty():
        tell(line)
    return line


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


def number_among(listed: Sized, text: str) -> int:
    """The number, from 1, of one of those that are listed; 0 for any other text."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0
    return number if number <= len(listed) else 0


def ask_yes(prompt: str) -> bool:
    """Ask for yes or no. Ended on quit."""
    while True:
        match ask(f"{prompt} Yes or no:").casefold():
            case "y" | "yes":
                return True
            case "n" | "no":
                return False
            case word if word in QUIT:
                raise Ended
            case _:
                tell("Answer yes, no or quit.")


def take_commands(run: Callable[[Sequence[str]], int], start: str) -> int:
    """Run one command line after the other until the person quits or the input ends; the status of the last one."""
    tell(*start.split("\n"))
    status = 0
    while True:
        try:
            words = shlex.split(ask("toolvet>"))
        except Ended:
            return status
        except ValueError:
            tell("A quotation mark is never closed.")
            continue
        words = words[1:] if words[:1] == ["toolvet"] else words
        if words and words[0].casefold() in QUIT:
            return status
        if words:
            status = run(words)


LEVEL_ALONE = "Type the level alone; what goes with it is a line of its own."


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
        if number := number_among(options, text):
            return number - 1
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
        self.rubric: Rubric = opened.in_language(session.language).rubric
        self.file: AssessmentFile = opened.file
        self.history = History(opened.assessment)
        self.is_saved = True
        self.recent_sources: list[str] = []
        """The sources of this sitting, the latest last."""
        self._unsaved = UnsavedWork(session.workspace, opened.file)

    @property
    def assessment(self) -> Assessment:
        """The assessment with every change so far, saved or not."""
        return self.history.now

    def change(self, assessment: Assessment, question_id: str = "") -> None:
        """Continue with that assessment and save it. Conflict if somebody else changed the file meanwhile.

        The question is the one to show when this is undone.
        """
        if assessment == self.assessment and self.is_saved:
            return
        self._keep(self.history.change(assessment, question_id))

    def undo(self) -> str | None:
        """Take the last change back and save; the id of its question, or None if nothing is left to undo."""
        return step_back(self.history, self._keep)

    def redo(self) -> str | None:
        """Make the change again that was undone last and save; the id of its question, or None."""
        return step_forward(self.history, self._keep)

    def _keep(self, history: History[Assessment]) -> None:
        self.history = history
        assessment = history.now
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
        tell(f"Restored: your changes{when} that could not be saved then.")
        self.change(left.assessment)

    def answer(self, question_id: str, answer: Answer) -> None:
        """Give that answer to the question."""
        self.change(self.assessment.with_answer(question_id, answer), question_id)

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
        if not self.is_saved:
            tell(f"NOT SAVED: the last change to {place}")
        elif self.rubric.ask is Ask.GAP:
            tell("Saved.")  # whoever comes next could go on with the answers by the number in the file's name
        else:
            tell(f"Saved: {place}")
        return 0 if self.is_saved else 3


def ask_facts(conversation: Conversation, *, again: bool = False) -> None:
    """Ask the facts that are open or, with `again`, all of them. Ended if the person quits."""
    facts = [fact for fact in conversation.rubric.scope if again or fact.id not in conversation.assessment.scope]
    if facts:
        tell("Facts about the tool and how it will be used. They decide which questions apply.")
    at = 0
    while at < len(facts):
        fact = facts[at]
        chosen = _ask_fact(conversation, fact, f"Fact {at + 1} of {len(facts)}.")
        if chosen is Special.BACK:
            at = max(at - 1, 0)
            continue
        if not isinstance(chosen, Special):
            conversation.change(conversation.assessment.with_scope(fact.id, fact.options[chosen]))
        at += 1


def _ask_fact(conversation: Conversation, fact: ScopeFact, place: str) -> int | Special:
    tell()
    tell(f"{place} {fact.text}")
    if fact.help is not None:
        tell(fact.help)
    given = conversation.assessment.scope.get(fact.id)
    if given is not None:
        tell(f"Given: {given}.")
    keys = "Number, y or n, skip or back:" if fact.letters else "Number, skip or back:"
    return ask_choice(keys, fact.options, fact.letters)


_SOURCES_OFFERED = 9


def evidence_line(evidence: Evidence) -> str:
    """Source, grade and day in one line."""
    details = [str(detail) for detail in (evidence.grade, evidence.date) if detail is not None]
    return f"{evidence.source} ({', '.join(details)})" if details else evidence.source


def ask_evidence(conversation: Conversation, rest: str) -> Evidence | None:
    """A source with its grade and date, `rest` being a source typed already. None if none is given."""
    used = sources_used(conversation.assessment, conversation.recent_sources)[:_SOURCES_OFFERED]
    if used and not rest:
        tell("Sources used so far; type a number to use one again:")
        for number, evidence in enumerate(used, 1):
            tell(f"  {number}: {evidence_line(evidence)}")
    source = rest or ask_text("Source (an address, a document, what you tried):")
    if not source:
        return None
    if number := number_among(used, source):
        again = used[number - 1]
        conversation.recent_sources.append(again.source)
        return again
    conversation.recent_sources.append(source)
    grades = tuple(Grade)
    tell("How strong is this evidence?")
    chosen = ask_choice("Number, or skip:", grades)
    day = ask_day("Date of the evidence (empty for today):", conversation.session.on)
    grade = grades[chosen] if not isinstance(chosen, Special) else None
    return Evidence(source, grade, day, conversation.session.workspace.evidence.sha256(source))


def changed_evidence(conversation: Conversation, evidence: Evidence) -> Evidence:
    """The evidence with what is typed in place of what it had; what is left empty stays."""
    source = ask_text(f"Source (empty: {evidence.source}):") or evidence.source
    grades = tuple(Grade)
    tell(f"How strong is this evidence? So far: {evidence.grade or 'no grade'}.")
    chosen = ask_choice("Number, or skip to keep it:", grades)
    day = ask_day(f"Date of the evidence (empty: {evidence.date or 'none'}):", evidence.date)
    digest = conversation.session.workspace.evidence.sha256(source)
    return Evidence(source, evidence.grade if isinstance(chosen, Special) else grades[chosen], day, digest)
