"""`toolvet assess`, and opening screens for other commands."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path

from toolvet.cli.output import Faults, say, session_given, tell_faults
from toolvet.cli.terminal import is_dumb
from toolvet.domain.assessment import Subject
from toolvet.errors import NoSuchSubject, UnusableFile, UsageError
from toolvet.prompt.prompt import Ended, Special, ask_choice, ask_yes, take_commands, tell
from toolvet.services.assessments import (
    Session,
    begin_own,
    is_answer_file,
    is_survey,
    open_answers,
    open_tool,
    review_again,
)
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.subjects import day_of, path_in, paths_in_panels
from toolvet.storage.toml_input import is_file
from toolvet.storage.user_state import can_remember, clear_old_drafts
from toolvet.text.sentences import dated_anew_words
from toolvet.tui.start import Opening, Start

_NUMBER_LENGTH = 6
"""A shorter number may be a tool's name."""


def assess(options: argparse.Namespace) -> int:
    """Resume or start an assessment, or answers to a survey, on screen or line by line."""
    session = session_given(options)
    own = None if options.name is None else _own_answers(session, options.name)
    organisation = None if own is not None else _organisation(session, options)
    if options.survey or own is not None or organisation is not None:
        return _answer_survey(options, session, own, organisation)
    faults = Faults()
    file = None if options.name is None else _to_resume(session, options.name, faults)
    if options.again:
        file = _begun_again(session, file, options.name)
    if options.new and file is not None:
        file = _begun_own(session, file)
    if is_plain(options):
        from toolvet.prompt.assess import assess_plainly  # without the screens below

        _tell_of_no_home()
        try:
            file = _own_or(session, file)
        except Ended:
            say("Nothing was started.")
            return faults.status
        return assess_plainly(session, file, name=options.name or "") or faults.status

    opening = Opening.NEW if file is None else Opening.ASSESS
    return run_screens(options, session, Start(opening, file, options.name or "")) or faults.status


def _begun_again(session: Session, file: AssessmentFile | None, name: str | None) -> AssessmentFile:
    """A new review that starts from that assessment; says where it lies and what it starts from."""
    if name is None or file is None:
        raise UsageError("--again reviews a tool again: name one that has an assessment; toolvet list shows them")
    begun = review_again(session, open_tool(session.workspace, file)).file
    relative = session.workspace.relative
    say(f"{relative(begun.path)} starts from {relative(file.path)}. Confirm each answer, or pick another rung.")
    return begun


def _begun_own(session: Session, file: AssessmentFile) -> AssessmentFile:
    begun = begin_own(session, open_tool(session.workspace, file)).file
    say(f"Started and saved: {begun.path}")
    return begun


def _own_or(session: Session, file: AssessmentFile | None) -> AssessmentFile | None:
    """That file or, where it is somebody else's and no panel's, what the person says. Ended if they say neither."""
    if file is None or file.assessment.panel or session.reviewer in (None, file.assessment.reviewer.name):
        return file
    other = file.assessment.reviewer.name or "a reviewer without a name"
    tell(f"{file.assessment.subject.label} was assessed by {other}; you are {session.reviewer}.")
    ways = ("Begin your own assessment, without those answers", f"Go on in the assessment of {other}")
    chosen = ask_choice("Number, or quit:", ways)
    if isinstance(chosen, Special):
        raise Ended
    return file if chosen else _begun_own(session, file)


def _organisation(session: Session, options: argparse.Namespace) -> Subject | None:
    """Whom the survey of that name is about; None for any other name.

    Other people's answers are opened only where neither --survey nor the whole name says that it is one.
    """
    name: str | None = options.name
    if name is None:
        return None
    if options.survey:
        return session.workspace.surveys.meant(session.workspace.subject_names(), name)
    for place, about in session.workspace.surveys.known(session.workspace.subject_names()):
        if name.casefold() in (place, about.name.casefold(), about.label.casefold()):
            return about
    with suppress(NoSuchSubject):
        folder = session.workspace.subject(name)
        return folder.assessments[0].assessment.subject if is_survey(folder, session.workspace) else None
    return None


def _answer_survey(
    options: argparse.Namespace, session: Session, own: AssessmentFile | None, organisation: Subject | None
) -> int:
    """Go on with one's own answers, or begin those of a new person; nobody is shown what others answered."""
    if options.again or options.new:
        raise UsageError("--again and --new are for tools; toolvet assess --survey NAME answers as a new person")
    if own is not None:
        opened = open_answers(session, own).file  # what a closed round counts is told before a screen opens
        if words := dated_anew_words(day_of(own), day_of(opened)):
            say(words)
        own = opened
    name = options.name or ""
    if is_plain(options):
        from toolvet.prompt.survey import answer_plainly  # as above

        return answer_plainly(session, own, organisation, name=name)

    named = name if organisation is None else organisation.name
    return run_screens(
        options, session, Start(Opening.SURVEY, name=named) if own is None else Start(Opening.ASSESS, own)
    )


def _own_answers(session: Session, name: str) -> AssessmentFile | None:
    """The answers to a survey in that file, or with that number; None for any other name."""
    if name.endswith(".toml") and is_file(Path(name)):
        file = read_assessment(Path(name))
        return file if is_answer_file(file, session.workspace) else None
    if not (name.isascii() and name.isdecimal() and len(name) >= _NUMBER_LENGTH):
        return None
    workspace = session.workspace
    found = workspace.surveys.numbered(workspace.subject_names(), name)
    if found is None:
        raise UsageError(f"no answers have the number {name}; toolvet assess --survey NAME begins new ones")
    return found


def _to_resume(session: Session, name: str, faults: Faults) -> AssessmentFile | None:
    """The reviewer's own newest assessment of the subject, else anybody's; None to start a new one.

    None of those that a panel was settled from. What cannot be used is said and counted among the faults. UnusableFile
    if nothing can be read.
    """
    try:
        folder = session.workspace.subject(name)
    except NoSuchSubject as error:
        if session.workspace.exists:
            say(f"Starting a new assessment: {error}")
        return None
    if folder.problems and not folder.assessments:
        raise UnusableFile(folder.problems)
    reviewer = session.reviewer
    settled = paths_in_panels(folder.assessments)
    free = [file for file in folder.assessments if path_in(folder, file) not in settled] or list(folder.assessments)
    own = [file for file in free if file.assessment.reviewer.name == reviewer]
    files = (own or free)[:1]
    tell_faults(faults, session.workspace, folder, files)
    return next(iter(files), None)


def open_workspace(options: argparse.Namespace) -> int:
    """Open the workspace on screen, even if it is still empty; or ask for one command after the other."""
    if is_plain(options):
        session = session_given(options)
        return take_commands(partial(_run_line, session.workspace.root), _PLAIN_START.format(session.workspace.root))
    return run_screens(options, session_given(options))


_PLAIN_START = """\
Workspace: {}
Type a command, such as these; help shows all, quit stops.
  assess "Zoom Workplace"   start or resume an assessment
  score zoom                the scorecard, and what would change the verdict
  decide zoom               record a decision
  condition zoom            its conditions, and what became of each
  compare                   the tools side by side
  panel zoom                where its reviewers part
  report zoom               the approval report
  assess --survey NAME      answer a survey, as a new person
  readiness                 the result of the survey
  list                      what is in the workspace"""


def _run_line(root: Path, words: Sequence[str]) -> int:
    # the front door is above this module
    return int(import_module("toolvet.cli.main").main(["--plain", "--workspace", str(root), *words]))


def is_plain(options: argparse.Namespace) -> bool:
    """Whether to ask line by line: as wished, or because the terminal can show no screen and the person agrees."""
    if options.plain or not is_dumb() or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return bool(options.plain)
    try:
        options.plain = ask_yes(f"This terminal (TERM={os.environ['TERM']}) shows no screens. Go on line by line?")
    except Ended:
        return False
    return bool(options.plain)


_OF_TEXTUAL = ("TEXTUAL_DRIVER", "TEXTUAL_ANIMATIONS", "TEXTUAL_FPS", "TEXTUAL_DISABLE_KITTY_KEY")
"""The variables in which it takes any words."""
_COLOURS = [("TEXTUAL_COLOR_SYSTEM", system) for system in ("auto", "standard", "256", "truecolor", "windows")]


def run_screens(options: argparse.Namespace, session: Session, start: Start | None = None) -> int:
    """Run the app and give its exit status. UsageError if there is no terminal that can show it."""
    if is_dumb():
        raise UsageError(
            f"This terminal (TERM={os.environ['TERM']}) cannot show the screens. Add --plain to go line by line."
        )
    for name, value in [item for item in os.environ.items() if item[0].startswith("TEXTUAL")]:
        if name not in _OF_TEXTUAL and (name, value) not in _COLOURS:
            del os.environ[name]  # for those who write apps: a word it does not know ends the app
    from toolvet.tui.app import run_app  # as above

    if options.color == "never":
        os.environ["NO_COLOR"] = "1"
    elif options.color == "always":
        os.environ.pop("NO_COLOR", None)
    if "TEXTUAL_DRIVER" not in os.environ:  # toolvet serve gives the browser's size in them
        for name in ("COLUMNS", "LINES"):  # Textual would take them for the terminal's size
            os.environ.pop(name, None)
    _tell_of_no_home()
    clear_old_drafts(time.time())
    return run_app(session.workspace, getattr(options, "on", None), start)


def _tell_of_no_home() -> None:
    if not can_remember():
        say("There is no home folder, so toolvet cannot remember where you were. Set HOME to an absolute path.")
