"""Rounds of a survey: what the closed ones count, what waits for the next, and closing a round."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import RubricRef
from toolvet.domain.disclosure import ClosedRound
from toolvet.domain.gaps import NO_GROUP, measure
from toolvet.domain.rubric import Rubric
from toolvet.errors import Problem, TooFewAnswered, ToolvetError, UnusableFile, UsageError
from toolvet.report.survey.result import Round, Survey, WaitingRound
from toolvet.report.survey.sentences import raised_words
from toolvet.services.assessments import Session
from toolvet.services.surveys import Answers, answers_in_folder, counting_faults, rubric_of_round
from toolvet.storage.names import number_in
from toolvet.storage.reader import AssessmentFile, RoundFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, hex_digest
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import plural, shortened
from toolvet.values import dataclass

NO_ANSWERS = (
    "there are no answers to a survey here; write the form with toolvet readiness --form NAME -o survey.html, then "
    "import the files that people hand in with toolvet readiness --import FILE..."
)


MOST_IN_A_ROUND = 14_000
"""So many digests fit into a file of 1 MiB."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A survey's closed rounds, or None before the first is closed, and what waits for the next.

    `notes` say how it was counted, `left_out` what could not be used; `later` is the note on answers dated later.
    """

    organisation: str
    on: date
    survey: Survey | None
    open: WaitingRound
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    later: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The answers that the next round would count, of one rubric, with notes and what is left out.

    `passed_over` are notes on files that nobody has to look at: copies of another, blank ones, and those dated later.
    """

    answers: tuple[Answers, ...]
    notes: tuple[str, ...]
    passed_over: tuple[str, ...]
    left_out: tuple[str, ...]
    later: tuple[str, ...]


def gather_folder(
    folder: SubjectFolder,
    workspace: Workspace,
    on: date,
    *,
    rubric_id: str | None = None,
    until: Path | None = None,
    read: tuple[tuple[Answers, ...], tuple[ToolvetError, ...]] | None = None,
) -> Gathered:
    """The closed rounds of the survey in that folder as of that day, and how many answered since.

    `rubric_id` is of one survey where there are several, `until` the file of the last round to show, `read` what
    `answers_in_folder` gave. UsageError if nobody answered; UnusableFile if no answer can be read.
    """
    if folder.errors and not folder.assessments:
        raise UnusableFile(folder.errors)
    answers, errors = read or answers_in_folder(folder, workspace)
    wanted = tuple(one for one in answers if rubric_id in (None, one.rubric.id))
    if not wanted:
        raise UsageError(_nobody_words(folder))
    closed, faults = _usable_rounds(folder, answers, workspace, on)
    shown = [file for file in closed if rubric_id in (None, file.round.rubric.id)]
    later: list[RoundFile] = []
    if until is not None:
        names = [file.path.name for file in shown]
        count = names.index(until.name) + 1 if until.name in names else 0
        shown, later = shown[:count], shown[count:]
    by_then = replace(folder, rounds=tuple(file for file in folder.rounds if file.round.closed_on <= on))
    waiting = _waiting(wanted, by_then, on, rubric_id)
    if not (shown or waiting.answers or waiting.later or faults):
        raise UsageError(NO_ANSWERS)
    problems = (*map(str, errors), *map(str, faults), *waiting.left_out)
    left_out = tuple(words.replace(f"{workspace.root}/", "") for words in problems)
    asked = (waiting.answers or wanted)[0].rubric.on(on)
    open_ = WaitingRound(len(waiting.answers), asked.policy.smallest_group, asked.groups, ends_on(folder))
    survey = None
    if shown:
        rounds = [_counted(file, answers, workspace) for file in _last_two(shown)]
        before = rounds[0] if len(rounds) > 1 else None
        told = (*left_out, *waiting.passed_over)
        survey = Survey(folder.label, on, rounds[-1], before, open_, told, _next_closed(shown[-1], later))
    notes = (*waiting.passed_over, *waiting.notes)
    return Gathered(folder.label, on, survey, open_, notes, left_out, waiting.later)


def raised_expectations(
    workspace: Workspace, file: AssessmentFile, rubric: Rubric, on: date
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Where people expect more than at the last review of the tool, by its question, and what could not be counted.

    Both are in words. A question of the tool's rubric is linked by `closes`; the rounds compared are the last ones
    closed by the day of that review and by now.
    """
    before = workspace.earlier(file)
    days = () if before is None else (before.started, *(answer.answered for answer in before.answers.values()))
    since = max((day for day in days if day is not None and day <= on), default=None)
    if since is None:
        return {}, ()
    raised: dict[str, list[str]] = {}
    untold: list[str] = []
    for folder in workspace.numbered_subjects():
        read = answers_in_folder(folder, workspace)
        for rubric_id in sorted({closed.round.rubric.id for closed in folder.rounds}):
            try:
                then, now = (
                    gather_folder(folder, workspace, day, rubric_id=rubric_id, read=read) for day in (since, on)
                )
            except UsageError:  # nobody had answered by then, or no answer can be used
                untold += [f"The survey in {folder.name} cannot be counted: {error}" for error in read[1]]
                continue
            except ToolvetError as error:
                untold.append(f"The survey in {folder.name} cannot be counted: {error}")
                continue
            untold += [f"Left out of the survey in {folder.name}: {words}" for words in now.left_out]
            if then.survey is not None and now.survey is not None:
                for asked, words in raised_words(now.organisation, then.survey.now, now.survey.now).items():
                    raised.setdefault(asked, []).append(words)
    told = {
        question.id: " ".join(words for asked in question.closes for words in raised.get(asked, ()))
        for _, question in rubric.questions()
    }
    return {question: words for question, words in told.items() if words}, tuple(untold)


def close_round(session: Session, name: str, rubric_id: str | None = None) -> RoundFile:
    """Close the open round of the survey in that folder: it counts what was answered by today, and is never reopened.

    TooFewAnswered below the policy's `smallest_group`; UnusableFile while an answer or a round cannot be read.
    """
    workspace, on = session.workspace, session.on

    def make(folder: SubjectFolder) -> ClosedRound:
        answers, errors = answers_in_folder(folder, workspace)
        faults = (*folder.errors, *_usable_rounds(folder, answers, workspace, date.max)[1])
        if errors or faults:
            raise UnusableFile((*faults, *(problem for error in errors for problem in _problems(error, folder))))
        if not answers:
            raise UsageError(_nobody_words(folder))
        waiting = _waiting(answers, folder, on, rubric_id)
        least = _least(waiting.answers or answers, on)
        if len(waiting.answers) < least:
            people = len(waiting.answers)
            answered = plural(people, "person has", "people have") if people else "Nobody has"
            since = " since the last round was closed" if folder.rounds else ""
            raise TooFewAnswered(
                f"{answered} answered{since}; a round needs {least} (smallest_group), so that nobody's answer can be "
                "worked out. Wait for more people, then close it."
            )
        if len(waiting.answers) > MOST_IN_A_ROUND:
            raise UsageError(
                f"{len(waiting.answers)} people answered; a round has room for {MOST_IN_A_ROUND}. Close it as "
                "of an earlier day with --on, then close the rest."
            )
        rubric = waiting.answers[0].rubric
        counted = tuple(sorted(one.file.sha256 for one in waiting.answers))
        asked = RubricRef(rubric.id, rubric.version, rubric.digest or None)
        return ClosedRound(on, asked, least, counted, os.urandom(16).hex())

    return workspace.surveys.close_round(name, make)


def _nobody_words(folder: SubjectFolder) -> str:
    """That there are no answers; of a round that is open, until when there can be."""
    until = ends_on(folder)
    if until is None:
        return NO_ANSWERS
    return f"nobody has answered yet; answers up to {until} count, once toolvet readiness --import has taken them in"


def ends_on(folder: SubjectFolder) -> date | None:
    """The last day that the open round counts; None if nobody said so since the last one was closed."""
    closed = max((file.round.closed_on for file in folder.rounds), default=date.min)
    until = folder.open_round.until
    return None if until is None or until < closed else until


def _problems(error: ToolvetError, folder: SubjectFolder) -> tuple[Problem, ...]:
    return error.problems if isinstance(error, UnusableFile) else (Problem(Path(folder.name), None, str(error)),)


def _usable_rounds(
    folder: SubjectFolder, answers: Sequence[Answers], workspace: Workspace, on: date
) -> tuple[list[RoundFile], tuple[Problem, ...]]:
    """The rounds closed by that day, the first first, that can be shown; and what is wrong with the others."""
    closed = [file for file in folder.rounds if file.round.closed_on <= on]
    digests = [one.file.sha256 for one in answers]
    usable: list[RoundFile] = []
    problems: list[Problem] = []
    for file in closed:
        found = tuple(counting_faults(file, folder.rounds, digests, workspace))
        problems += found
        if not found:
            usable.append(file)
    return usable, tuple(problems)


def _last_two(shown: Sequence[RoundFile]) -> list[RoundFile]:
    """The last round, after the one before it to the same survey."""
    last = shown[-1]
    before = [file for file in shown[:-1] if file.round.rubric.id == last.round.rubric.id]
    return [*before[-1:], last]


def _next_closed(last: RoundFile, later: Sequence[RoundFile]) -> date | None:
    """The day on which the next round of the same survey was closed."""
    return next((file.round.closed_on for file in later if file.round.rubric.id == last.round.rubric.id), None)


def _counted(file: RoundFile, answers: Sequence[Answers], workspace: Workspace) -> Round:
    """What follows from the answers of a round, none of whose files is missing."""
    closed = file.round
    rubric = rubric_of_round(closed, workspace).on(closed.closed_on)
    rubric = replace(rubric, policy=replace(rubric.policy, smallest_group=closed.smallest_group))
    wanted = Counter(closed.counted)
    found = []
    for one in answers:
        if wanted[one.file.sha256]:
            wanted[one.file.sha256] -= 1
            found.append(one)
    days = [one.day for one in found if one.day is not None]
    assessments = [one.file.assessment for one in found]
    return Round(
        readiness=measure(rubric, assessments),
        first=min(days, default=None),
        last=max(days, default=None),
        sha256=None if closed.salt is None else hex_digest(file.content),
        groups=Counter(one.reviewer.group or NO_GROUP for one in assessments),
        earlier_wording=sum(one.rubric.digest not in (None, rubric.digest) for one in assessments),
        closed_on=closed.closed_on,
    )


def _waiting(answers: Sequence[Answers], folder: SubjectFolder, on: date, rubric_id: str | None) -> _Waiting:
    on = min(on, ends_on(folder) or on)
    counted = Counter(digest for file in folder.rounds for digest in file.round.counted)
    numbers: dict[str, set[str | None]] = {}
    uncounted = []
    for one in answers:
        digest = one.file.sha256
        if counted[digest]:
            counted[digest] -= 1
            numbers.setdefault(digest, set()).add(number_in(one.file.path.stem))
        else:
            uncounted.append(one)
    by_then, later = _by_day(uncounted, on)
    once, passed_over = _each_once(by_then, numbers)
    kept, other = _of_one_rubric(once, rubric_id)
    edited = [one for one in once if one.file.seal is Seal.BROKEN]
    notes = (f"{_named(edited)} changed since toolvet wrote it: counted.",) if edited else ()
    dated = tuple(_later_words(later, on))
    return _Waiting(tuple(kept), notes, (*passed_over, *dated), (other,) if other else (), dated)


def _named(found: Sequence[Answers]) -> str:
    """How many files, and their names: "2 files (a.toml and b.toml)"."""
    return f"{plural(len(found), 'file')} ({shortened([one.file.path.name for one in found])})"


def _least(answers: Sequence[Answers], on: date) -> int:
    return answers[0].rubric.on(on).policy.smallest_group


def _by_day(found: Iterable[Answers], on: date) -> tuple[list[Answers], list[Answers]]:
    """The answers of that day or before, or without a day; and the later ones."""
    by_then: list[Answers] = []
    later: list[Answers] = []
    for one in found:
        (later if one.day is not None and one.day > on else by_then).append(one)
    return by_then, later


def _later_words(later: Sequence[Answers], on: date) -> Iterator[str]:
    if later:
        are = "is" if len(later) == 1 else "are"
        first = f"{later[0].file.path.name} is dated {later[0].day}"
        yield f"{plural(len(later), 'answer file')} dated after {on} {are} not counted: {first}."


def _each_once(found: Iterable[Answers], numbers: dict[str, set[str | None]]) -> tuple[list[Answers], tuple[str, ...]]:
    """Leave out blank answers and files that came twice; return notes about them.

    Files of the same content are one respondent, unless their names have different numbers: two people may agree.
    `numbers` are those of contents that are counted already.
    """
    once: list[Answers] = []
    again: list[Answers] = []
    blank: list[Answers] = []
    for one in found:
        known, number = numbers.setdefault(one.file.sha256, set()), number_in(one.file.path.stem)
        if not any(answer.is_given for answer in one.file.assessment.answers.values()):
            blank.append(one)
        elif known and (number is None or known & {None, number}):
            again.append(one)
        else:
            once.append(one)
            known.add(number)
    told = (
        f"{_named(again)} with the same content as another: counted once." if again else "",
        f"{_named(blank)} without any answer: not counted." if blank else "",
    )
    return once, tuple(filter(None, told))


def _of_one_rubric(found: Sequence[Answers], rubric_id: str | None) -> tuple[list[Answers], str]:
    """Keep the answers to the most-answered rubric (of that id, if given); return a note about the rest."""
    asked = Counter(one.asked for one in found if rubric_id in (None, one.rubric.id))
    if not asked:
        return [], ""
    wanted = asked.most_common(1)[0][0]
    counted = [one for one in found if one.asked == wanted]
    others = [one for one in found if one.asked != wanted]
    if not others:
        return counted, ""
    than = f"to another rubric or version than {wanted[0]} {wanted[1]}"
    return counted, f"{_named(others)} {than}: left out; see --rubric"
