"""Subjects, with the assessments and decisions in their folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from dataclasses import field, replace
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TypeVar

from toolvet.domain.assessment import Assessment, Subject, with_facts
from toolvet.domain.decision import CoveredFile, Decision
from toolvet.domain.disclosure import OpenRound
from toolvet.domain.records import Record, RecordKind, Unfit, corrected, is_sound
from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import is_complete
from toolvet.errors import NoSuchSubject, Problem, SeveralSubjects, ToolvetError, UnusableFile, UsageError
from toolvet.storage.faults import Fault, Place, quoted
from toolvet.storage.names import anywhere, is_file_name, number_in, slug
from toolvet.storage.reader import (
    AssessmentFile,
    DecisionFile,
    RecordFile,
    RoundFile,
    check_answers,
    problems_of,
    read_assessment,
    read_decision,
    read_open_round,
    read_record,
    read_round,
)
from toolvet.storage.rubric_library import Remembered
from toolvet.storage.toml_input import entries_of, hex_digest, is_there, reason
from toolvet.values import dataclass

_File = TypeVar("_File")
CONFLICT = ".conflict"
SUBJECT_KINDS = ("assessments", "decisions")
"""The folders of a workspace that hold one folder a subject."""

RECORDS = "records"
"""The folder of a subject's records, beside its decisions."""
ROUNDS = "rounds"
"""The folder of a survey's closed rounds, among its answers."""
OPEN_ROUND = "open.toml"
"""The file there of the open round."""
ARCHIVED = ".archived"
"""The file in a subject's folder that sets it aside."""
_COPY = re.compile(r"(\.\d+\.conflict)+$")
_NUMBER = re.compile(r"-(\d{1,6})$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class SubjectFolder:
    """A subject's assessments and decisions, newest first, and what is wrong with the files that cannot be read.

    Their order does not say which decision counts: see `toolvet.services.decisions`.
    """

    name: str
    assessments: tuple[AssessmentFile, ...]
    decisions: tuple[DecisionFile, ...]
    problems: tuple[Problem, ...]
    decision_problems: tuple[Problem, ...] = ()
    """The problems with decisions and their records, without warnings."""
    stray_records: tuple[RecordFile, ...] = ()
    """Records about decisions that cannot be read, or are not there."""
    rounds: tuple[RoundFile, ...] = ()
    """The closed rounds of a survey, the first closed first."""
    open_round: OpenRound = field(default_factory=OpenRound)
    """What the file of the open round says."""

    correction_problems: tuple[Problem, ...] = ()
    """The problems with records that correct what did not stand there, and so change nothing.

    Those of records of later days are not among the problems.
    """
    also_called: tuple[Subject, ...] = ()
    """The subject as it was before it was corrected and after each correction: the same on every day."""

    @property
    def label(self) -> str:
        """What the subject is called: as its newest file says, or by the folder where there is none."""
        return self.assessments[0].assessment.subject.label if self.assessments else self.name

    @property
    def is_just_open(self) -> bool:
        """Whether a round is open here, without it being known whom the survey is about."""
        return self.open_round.until is not None and self.open_round.organisation is None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems of files that cannot be used, without warnings."""
        return tuple(problem for problem in self.problems if not problem.warning)


class SubjectReader:
    """Reads the subjects of a workspace; files that did not change are not read again."""

    def __init__(self, root: Path, clock: Callable[[], date] = lambda: date.max) -> None:
        self._root, self._clock = root, clock
        self._assessment_at = Remembered(read_assessment)
        self._decision_at = Remembered(read_decision)
        self._record_at = Remembered(read_record)
        self._round_at = Remembered(read_round)
        self._open_round_at = Remembered(read_open_round)

    def as_of(self, clock: Callable[[], date]) -> SubjectReader:
        """The same files, with what was corrected by that day."""
        reader = copy(self)
        reader._clock = clock
        return reader

    def anew(self) -> SubjectReader:
        """The same without what is remembered."""
        return SubjectReader(self._root, self._clock)

    def subject(self, name: str) -> SubjectFolder:
        """The subject with that folder; what is wrong in a file is among its problems."""
        assessments, problems = _read_all(self._root / "assessments" / name, self._assessment_at)
        decisions, decision_problems, stray = self._decisions(name)
        rounds, round_problems = self._rounds(name)
        open_round, open_problems = self.open_round_and_problems(name)
        found = SubjectFolder(
            name=name,
            assessments=tuple(sorted(assessments, key=recency, reverse=True)),
            decisions=decisions,
            problems=(*problems, *decision_problems, *round_problems, *open_problems),
            rounds=tuple(rounds),
            open_round=open_round,
            decision_problems=tuple(problem for problem in decision_problems if not problem.warning),
            stray_records=stray,
        )
        return corrected_folder(found, self._clock())

    def rounds(self, name: str) -> tuple[RoundFile, ...]:
        """The closed rounds of the survey in that folder which can be read."""
        return tuple(self._rounds(name)[0])

    def _rounds(self, name: str) -> tuple[list[RoundFile], list[Problem]]:
        rounds, problems = _read_all(self._root / "assessments" / name / ROUNDS, self._round_at, but=OPEN_ROUND)
        return sorted(rounds, key=lambda file: (file.round.closed_on, *_order(file.path))), problems

    def open_round(self, name: str) -> OpenRound:
        """The open round of the survey in that folder, as far as its file can be read."""
        return self.open_round_and_problems(name)[0]

    def open_round_and_problems(self, name: str) -> tuple[OpenRound, tuple[Problem, ...]]:
        """The same, and why its file cannot be read."""
        path = self._root / "assessments" / name / ROUNDS / OPEN_ROUND
        try:
            return (self._open_round_at(path) if is_there(path) else OpenRound()), ()
        except UnusableFile as error:
            return OpenRound(), error.problems

    def assessment(self, path: Path) -> AssessmentFile:
        """The assessment in that file."""
        return self._assessment_at(path)

    def decisions(self, name: str) -> tuple[tuple[DecisionFile, ...], list[Problem]]:
        """The decisions in the subject's folder, newest first, and what is wrong with the others."""
        decisions, problems, _ = self._decisions(name)
        return decisions, problems

    def records_of(self, name: str, decisions: Collection[str] | None = None) -> tuple[CoveredFile, ...]:
        """The records of these decisions, by file name, or of all of the subject's, as they are now."""
        found = (file for file in self._decisions(name)[0] if decisions is None or file.path.name in decisions)
        return records_among(name, found)

    def _decisions(self, name: str) -> tuple[tuple[DecisionFile, ...], list[Problem], tuple[RecordFile, ...]]:
        folder = self._root / "decisions" / name
        decisions, problems = _read_all(folder, self._decision_at)
        records, record_problems = _read_all(folder / RECORDS, self._record_at)
        newest = sorted(decisions, key=lambda file: (file.decision.decided_on, *_order(file.path)), reverse=True)
        if not records:
            return tuple(newest), [*problems, *record_problems], ()
        records.sort(key=lambda file: (file.record.on, *_order(file.path)))
        about: dict[str, list[RecordFile]] = {}
        for record in records:
            about.setdefault(record.record.decision, []).append(record)
        return (
            tuple(replace(file, record_files=tuple(about.pop(file.path.name, ()))) for file in newest),
            [*problems, *record_problems],
            tuple(file for file in records if file.record.decision in about),
        )


def corrected_folder(folder: SubjectFolder, on: date) -> SubjectFolder:
    """The folder with its assessments as they were corrected by that day, and what is wrong with the corrections.

    This is the one place where the corrections of what was decided on count.
    """
    records = [
        (file, decided.decision)
        for decided in folder.decisions
        for file in decided.record_files
        if file.record.record is RecordKind.CORRECTED
    ]
    if not records:
        return folder
    records.sort(key=lambda one: (one[0].record.on, *_order(one[0].path)))
    problems = [_unsound(file, decision) for file, decision in records if not is_sound(file.record, decision)]
    later = {file.path for file, _ in records if file.record.on > on}
    assessments: list[AssessmentFile] = []
    also_called: list[Subject] = []
    for file in folder.assessments:
        path = path_in(folder, file)
        about = [each for each, decision in records if decision.rests_on(path) and is_sound(each.record, decision)]
        named = [(each.path.name, each.record) for each in about]
        at_last = corrected(file.assessment, named)
        problems += [_unfit(each, found) for each in about if (found := at_last.unfit.get(each.path.name))]
        also_called += _each_as_corrected(file.assessment, at_last.records)
        by_then = corrected(file.assessment, [one for one in named if one[1].on <= on])
        if by_then.records:
            file = replace(file, assessment=by_then.assessment, corrections=by_then.records)
        assessments.append(file)
    return replace(
        folder,
        assessments=tuple(assessments),
        problems=(*folder.problems, *(one for one in problems if one.path not in later)),
        correction_problems=tuple(problems),
        also_called=tuple(also_called),
    )


def _each_as_corrected(assessment: Assessment, records: Iterable[Record]) -> Iterator[Subject]:
    """The subject as it was typed and after each of these corrections."""
    for record in records:
        yield assessment.subject
        assessment = with_facts(assessment, {one.fact: one.now for one in record.corrections})
    yield assessment.subject


def _unsound(file: RecordFile, decision: Decision) -> Problem:
    place, words = "on", f"is dated {file.record.on}, before the decision of {decision.decided_on}"
    if decision.assessment is None:
        place, words = "decision", f"is about {file.record.decision}, which rests on no assessment"
    return _problem(file, (place,), f"{words}: nothing is corrected by it; move it out of the workspace")


def _unfit(file: RecordFile, found: Collection[Unfit]) -> Problem:
    """That a record corrects what did not stand there, at the first such fact, else at one that is left open."""
    one = next((one for one in found if one.stood != one.correction.was), next(iter(found)))
    fact = one.correction.fact.replace("_", " ")
    was, stood = (
        f"no {fact}" if value is None else f"{fact} {quoted(value) if isinstance(value, str) else value}"
        for value in (one.correction.was, one.stood)
    )
    words = f"corrects {was}, but {stood} stood there, so nothing is corrected by it; toolvet subject settles it"
    return _problem(file, ("was", one.correction.fact), words)


def _problem(file: RecordFile, place: Place, words: str) -> Problem:
    return problems_of(file.path, file.content, (Fault(place, words),))[0]


def records_among(name: str, decisions: Iterable[DecisionFile]) -> tuple[CoveredFile, ...]:
    """The records of these decisions of the subject in that folder, as they were read."""
    files = (one for file in decisions for one in file.record_files)
    return tuple(
        CoveredFile(f"decisions/{name}/{RECORDS}/{file.path.name}", hex_digest(file.content)) for file in files
    )


# What raises no error takes three fifths of the time. Some systems always say no: ask about a file that is there.
_can_ask = os.access in os.supports_follow_symlinks and os.access(__file__, os.F_OK, follow_symlinks=False)
_is_there = partial(os.access, mode=os.F_OK, follow_symlinks=False) if _can_ask else os.path.lexists


def is_archived(root: Path, name: str) -> bool:
    """Whether the subject with that folder in the workspace there was set aside."""
    return _is_there(f"{root}/assessments/{name}/{ARCHIVED}")


def refuse_archived(root: Path, name: str) -> None:
    """UsageError if the subject was set aside: what is begun there would be listed nowhere."""
    if is_archived(root, name):
        raise UsageError(f"{name} is archived; toolvet subject {quote(name)} --restore brings it back")


def may_be_survey(folder: Path) -> bool:
    """By the names of its files; a folder that cannot be listed may hold some, and reading it tells why."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 thousands, of which only names count
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return any(name == ROUNDS or number_in(name[:-5]) is not None for name in names)


def folder_names(parent: Path) -> Iterator[str]:
    """The folders of subjects; links that put two subjects in one place, or lead nowhere, too: the reader says so."""
    for found in entries_of(parent):
        try:
            is_subject = found.is_dir() or (found.is_symlink() and not found.is_file())
        except OSError:
            is_subject = True  # reading it says why it cannot be looked at
        if is_subject and not found.name.startswith("."):
            yield found.name


def odd_folders(root: Path) -> dict[Path, str]:
    """Folders of subjects that other systems cannot have, or would take for another, and what is wrong with each."""
    found: dict[Path, str] = {}
    known: dict[str, str] = {}
    for kind in SUBJECT_KINDS:
        names: list[str] = []
        with suppress(UnusableFile):  # reading it says why it cannot be listed
            names += sorted(folder_names(root / kind))
        for name in names:
            other = known.setdefault(anywhere(name), name)
            if not is_file_name(name):
                found[root / kind / name] = "has a name that not every system can have; rename the folder"
            elif other != name:
                told = f'has the name of "{other}" but for case or the composition of letters, and some systems have '
                found[root / kind / name] = f"{told}room for one of them; rename one"
    return found


def toml_in(parent: Path) -> Iterator[Path]:
    return (parent / found.name for found in entries_of(parent) if found.name[-5:].casefold() == ".toml")


def latest_of(folder: SubjectFolder, rubrics: Callable[[str, str], Rubric], on: date) -> tuple[AssessmentFile, ...]:
    """The assessments that speak for the subject: complete ones before others, the latest day's, one a reviewer.

    A panel speaks for those that it was settled from.
    Those begun after that day count only where there is no other.
    """
    begun = tuple(file for file in folder.assessments if day_of(file) <= on) or folder.assessments
    if len(begun) == 1:
        return begun  # the usual case: whether it is complete need not be worked out
    complete = next((file for file in begun if _is_complete(file, rubrics)), None)
    settled = paths_in_panels(
        file for file in begun if file.assessment.panel and (complete is None or _is_complete(file, rubrics))
    )
    if settled:
        begun = tuple(file for file in begun if path_in(folder, file) not in settled) or begun
        complete = next((file for file in begun if _is_complete(file, rubrics)), None)
    last = complete or next(iter(begun), None)
    by_reviewer: dict[str | None, AssessmentFile] = {}
    for file in begun:
        is_last_day = last is not None and day_of(file) == day_of(last)
        if is_last_day and (complete is None or file is complete or _is_complete(file, rubrics)):
            by_reviewer.setdefault(file.assessment.reviewer.name, file)
    return tuple(by_reviewer.values())


def path_in(folder: SubjectFolder, file: AssessmentFile) -> str:
    """The path of the subject's assessment in the workspace."""
    return f"assessments/{folder.name}/{file.path.name}"


def paths_in_panels(files: Iterable[AssessmentFile]) -> frozenset[str]:
    """The paths of the assessments that the panels among these were settled from."""
    return frozenset(one.path for file in files for one in file.assessment.panel)


def find_subject(called: Mapping[str, Collection[str]], name: str) -> str:
    """The folder whose subject has that name, or the only one that begins with it. UsageError if there is none.

    `called` has what each folder's subject is called, as `called_in` gives it.
    """
    wanted = name.casefold().strip()
    for matches in (
        [folder for folder in called if folder == name],
        [folder for folder, names in called.items() if wanted in names],
        [folder for folder, names in called.items() if any(each.startswith(wanted) for each in names)],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise SeveralSubjects(name, matches)
    raise NoSuchSubject(_no_such_subject(name, list(called)))


def stray_problem(path: Path) -> Problem:
    """What is wrong with a file that lies beside the folders of subjects."""
    what = f"lies in {path.parent.name} itself, where it counts for no subject; move it into the folder of its subject"
    return Problem(path, None, what)


def no_folder(path: Path) -> Problem:
    """What is wrong with a file that has the name of a folder of the workspace."""
    return Problem(path, None, "is not a folder; move it elsewhere")


def conflict_problem(path: Path) -> Problem:
    """A warning that a change was kept beside the file in which it could not be saved."""
    message = (
        f"holds changes that could not be saved because somebody else had changed {original_of(path).name}; "
        f"press enter on it in toolvet to compare the two and keep one or both"
    )
    return Problem(path, None, message, warning=True)


def original_of(copy: Path) -> Path:
    """The file that a conflict copy lies beside."""
    return copy.with_name(_COPY.sub("", copy.name))


def day_of(file: AssessmentFile) -> date:
    """The day it was started: by the file, else by its name, else long ago."""
    if file.assessment.started is not None:
        return file.assessment.started
    named = _DAY.match(file.path.name)
    if named:
        try:
            return date.fromisoformat(named[0])
        except ValueError:
            pass
    return date.min


def _read_all(folder: Path, read: Callable[[Path], _File], but: str = "") -> tuple[list[_File], list[Problem]]:
    files: list[_File] = []
    try:
        names = _names_in(folder)
    except OSError as error:
        return [], [Problem(folder, None, f"cannot be read: {reason(error)}")]
    except UnusableFile as error:
        return [], list(error.problems)
    problems = [conflict_problem(folder / name) for name in names if name.endswith(CONFLICT)]
    for name in names:
        if name[-5:].casefold() == ".toml" and name != but and not name.startswith("."):
            try:
                files.append(read(folder / name))
            except UnusableFile as error:
                problems.extend(error.problems)
    return files, problems


def _names_in(folder: Path) -> list[str]:
    """What is in the folder, by name; nothing if it is not there. UnusableFile if it is a link, or no folder."""
    try:
        mode = os.lstat(folder).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return []
    if stat.S_ISLNK(mode):
        raise UnusableFile((Problem(folder, None, "is a link; put the folder itself here, or remove the link"),))
    if not stat.S_ISDIR(mode):
        raise UnusableFile((no_folder(folder),))
    return sorted(os.listdir(folder))  # noqa: PTH208 thousands, of which only names count


def called_in(folder: SubjectFolder) -> tuple[str, ...]:
    """What a person may call the subject: its folder, its name and its label, in small letters."""
    subjects = [*(file.assessment.subject for file in folder.assessments), *folder.also_called]
    if folder.open_round.organisation is not None:  # nobody may have answered yet
        subjects.append(folder.open_round.organisation)
    return tuple({folder.name, *(s.name.casefold() for s in subjects), *(s.label.casefold() for s in subjects)})


def _no_such_subject(name: str, names: list[str]) -> str:
    if not names:
        return f'there is no subject "{name}": this workspace is empty; start one with toolvet assess'
    asked = slug(name, otherwise=name)
    close = [one for one in names if asked in one] or get_close_matches(asked, names, n=1)
    advice = f'did you mean "{close[0]}"?' if close else f"this workspace has {', '.join(names)}"
    return f'there is no subject "{name}"; {advice}'


def recency(file: AssessmentFile) -> tuple[date, int, str]:
    """What puts assessments in order: the day, then the number behind it (-2 after none), then the name."""
    return (day_of(file), *_order(file.path))


def under_way(files: Iterable[AssessmentFile], decided: AssessmentFile) -> tuple[AssessmentFile, ...]:
    """Those newer than what was decided on; an older one, or another reviewer's of that day, is a second opinion."""
    return tuple(file for file in files if recency(file) > recency(decided) and not _is_beside(file, decided))


def _is_beside(file: AssessmentFile, other: AssessmentFile) -> bool:
    return day_of(file) == day_of(other) and file.assessment.reviewer.name != other.assessment.reviewer.name


def _order(path: Path) -> tuple[int, str]:
    number = _NUMBER.search(path.stem.removeprefix(path.stem[:10]))
    return int(number[1]) if number else 1, path.stem


def _is_complete(file: AssessmentFile, rubrics: Callable[[str, str], Rubric]) -> bool:
    try:
        rubric = rubrics(file.assessment.rubric.id, file.assessment.rubric.version)
    except ToolvetError:
        return False
    if any(not problem.warning for problem in check_answers(file, rubric)):
        return False
    return is_complete(rubric, file.assessment)
