"""Survey answers from spreadsheets and answer files, kept in a workspace: a file with a random name for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from pathlib import Path

import tomli_w

from toolvet.domain.assessment import Assessment, Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.storage.atomic import hide_time, save, save_new, tell_as_not_saved
from toolvet.storage.faults import Fault
from toolvet.storage.furnishing import copy_rubric, furnish, make_folder
from toolvet.storage.lock import locked
from toolvet.storage.names import number_in, respondent_name, respondent_names, same_subject
from toolvet.storage.reader import AssessmentFile, check_answers, problems_of, read_assessment
from toolvet.storage.survey_table import is_spreadsheet, rows_in
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes
from toolvet.values import dataclass

NUMBER_COMMENT = "# Respondent "
"""How the first line of an answer file begins that was saved by the form; its number follows."""

_NUMBER = re.compile(rb"\A(?:\xef\xbb\xbf)?# Respondent ([0-9]{1,20})\r?\n")


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody's answers as they came, with the bytes to keep and the number of the response, if they have one.

    `has_day` says that the day comes with the answers and is not that of the import.
    """

    source: Path
    line: int | None
    assessment: Assessment
    content: bytes
    number: str | None
    has_day: bool = True

    @property
    def place(self) -> str:
        """Where the answers came from: "answers.csv:3"."""
        return str(self.source) if self.line is None else f"{self.source}:{self.line}"


def answer_head(rubric: Rubric, organisation: str) -> str:
    """The part of an answer file that says what is answered, about whom, as TOML."""
    reference = {"id": rubric.id, "version": rubric.version} | ({"digest": rubric.digest} if rubric.digest else {})
    return tomli_w.dumps({"rubric": reference, "subject": {"name": organisation}})


def toml_string(text: str) -> str:
    """The text as a TOML value."""
    return tomli_w.dumps({"x": text}).removeprefix("x = ").rstrip("\n")


def respondents_in(
    path: Path, workspace: Workspace, about: tuple[Rubric, Subject] | None, on: date
) -> Iterator[Respondent]:
    """The respondents in an answer file, or in a spreadsheet (.csv), which answers that rubric about that subject.

    UnusableFile with everything that is wrong; ToolvetError where a rubric is missing or nothing says what a
    spreadsheet is about.
    """
    if is_spreadsheet(path):
        if about is None:
            raise ToolvetError(f"{path}: nothing says which organisation it is about; give --organisation NAME")
        rubric, subject = about
        for row in rows_in(path, rubric, subject, on):
            above = b"" if row.number is None else f"{NUMBER_COMMENT}{row.number}\n".encode()
            content = assessment_bytes(row.assessment, rubric, above=above)
            yield Respondent(path, row.line, row.assessment, content, row.number, row.has_day)
    else:
        file = _answer_file(path, workspace)
        if about is not None and not same_subject(file.assessment.subject, about[1]):
            message = (
                f"is about {file.assessment.subject.name}, not {about[1].name}; leave out --organisation, or this file"
            )
            raise UnusableFile((Problem(path, None, message),))
        yield Respondent(path, None, file.assessment, file.content, _number_above(file.content))


def _answer_file(path: Path, workspace: Workspace) -> AssessmentFile:
    file = read_assessment(path)
    try:
        rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{path}: {error}") from error
    problems = check_answers(file, rubric) + problems_of(path, file.content, tuple(_faults(file, rubric)))
    if any(not problem.warning for problem in problems):
        raise UnusableFile(problems)
    return file


def _faults(file: AssessmentFile, rubric: Rubric) -> Iterator[Fault]:
    if rubric.ask is not Ask.GAP:
        yield Fault(("rubric",), f"{rubric.id} rates tools and is not a survey; import answers to a survey only")
    for key in ("name", "role"):
        if getattr(file.assessment.reviewer, key) is not None:
            yield Fault(("reviewer", key), f"a survey is answered without a {key}; remove it")
    if not any(answer.is_given for answer in file.assessment.answers.values()):
        yield Fault((), "holds no answer; leave it out")
    if file.seal is Seal.BROKEN:
        yield Fault(
            ("seal",),
            "was cut or changed since toolvet wrote it; ask for it again, or remove this line if the change is meant",
        )


def _number_above(content: bytes) -> str | None:
    named = _NUMBER.match(content)
    return None if named is None else named[1].decode()


class ImportOutcome(StrEnum):
    """What became of a respondent who was taken in."""

    NEW = "new"
    KNOWN = "known"
    REPLACED = "replaced"
    NEXT_ROUND = "next round"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a respondent, and the file that holds the answers."""

    outcome: ImportOutcome
    path: Path


@contextmanager
def importing(workspace: Workspace) -> Iterator[Keeper]:
    """What keeps respondents in that workspace; NotSaved while another import is under way there."""
    # who reads the answers that are there while another writes the same ones would count them twice
    furnish(workspace.root)
    with locked(workspace.root / "assessments" / ".import"):
        yield Keeper(workspace)


class Keeper:
    """Keeps respondents in a workspace, each once, under names that tell nothing."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folders: dict[str, Path] = {}
        self._noted: set[str] = set()
        self._known: dict[Path, _Known] = {}

    @tell_as_not_saved
    def keep(self, respondent: Respondent, on: date) -> Kept:
        """Keep the respondent. The same number replaces what it said before, unless a closed round counts that.

        `on` is the day for answers that name none.
        """
        kept = self._keep(respondent, on)
        # Only now, as where a person answers on screen: once two have answered, what the round asks stays.
        self._note(kept.path.parent.name, respondent.assessment)
        return kept

    def _note(self, name: str, given: Assessment) -> None:
        key = _asked_by(given)
        if key not in self._noted:
            self._workspace.surveys.note(name, given.subject, given.rubric)
            self._noted.add(key)

    def _keep(self, respondent: Respondent, on: date) -> Kept:
        folder = self._folder_for(respondent.assessment)
        if folder not in self._known:
            self._known[folder] = _Known(self._workspace, folder.name)
        known = self._known[folder]
        same = known.same_as(respondent)
        if same is not None:
            return Kept(ImportOutcome.KNOWN, same)
        before = [] if respondent.number is None else known.numbered(respondent.number)
        open_ = [file for file in before if not known.is_counted(file)]
        if open_:
            path, outcome = open_[-1].path, ImportOutcome.REPLACED
            save(path, respondent.content, open_[-1].content)
        else:
            path = save_new(folder, _names(respondent, on, is_taken=bool(before)), respondent.content)
            outcome = ImportOutcome.NEXT_ROUND if before else ImportOutcome.NEW
        hide_time(path, respondent.assessment.started or on)
        known.add(AssessmentFile(path, respondent.assessment, Seal.INTACT, respondent.content), respondent)
        return Kept(outcome, path)

    def _folder_for(self, assessment: Assessment) -> Path:
        key = _asked_by(assessment)
        if key not in self._folders:
            furnish(self._workspace.root)
            for file in self._workspace.rubrics():
                if (file.rubric.id, file.rubric.version) == (assessment.rubric.id, assessment.rubric.version):
                    copy_rubric(file, self._workspace.root / "rubrics")
            folder = self._workspace.root / "assessments" / self._workspace.folder_for(assessment.subject)
            make_folder(folder)
            self._folders[key] = folder
        return self._folders[key]


def _asked_by(assessment: Assessment) -> str:
    """Whom a survey is about and which rubric it asks."""
    return repr((asdict(assessment.subject), assessment.rubric.id, assessment.rubric.version))


class _Known:
    """The answers that are in a folder already."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        folder = workspace.folder_named(name)
        self._counted = Counter(digest for file in folder.rounds for digest in file.round.counted)
        self._by_number: dict[str, list[AssessmentFile]] = {}
        self._saying: dict[str, list[Path]] = {}
        self._met: Counter[tuple[Path, str]] = Counter()
        for file in reversed(folder.assessments):
            self._remember(file)

    def is_counted(self, file: AssessmentFile) -> bool:
        """Whether a closed round counts the file."""
        return file.sha256 in self._counted

    def numbered(self, number: str) -> list[AssessmentFile]:
        """The files of the response with that number, the latest last."""
        return self._by_number.get(number, [])

    def same_as(self, respondent: Respondent) -> Path | None:
        """The file that says the same already.

        Rows without a number are told apart by how many of one spreadsheet say the same: two people may agree.
        """
        said = _said(respondent.assessment, has_day=respondent.has_day)
        if respondent.number is not None:
            last = self.numbered(respondent.number)[-1:]
            alike = (file.path for file in last if _said(file.assessment, has_day=respondent.has_day) == said)
            return next(alike, None)
        paths = self._saying.get(said, [])
        if respondent.line is None:
            return paths[0] if paths else None
        place = (respondent.source, said)
        self._met[place] += 1
        return paths[self._met[place] - 1] if len(paths) >= self._met[place] else None

    def add(self, file: AssessmentFile, respondent: Respondent) -> None:
        """Remember a file that was written just now."""
        if respondent.number is not None:
            others = [one for one in self.numbered(respondent.number) if one.path != file.path]
            self._by_number[respondent.number] = [*others, file]
        else:
            self._remember(file)

    def _remember(self, file: AssessmentFile) -> None:
        number = _number_above(file.content)
        if number is not None:
            self._by_number.setdefault(number, []).append(file)
            return
        named = number_in(file.path.stem)
        if named is not None:
            self._by_number.setdefault(named, []).append(file)
        for has_day in (True, False):
            self._saying.setdefault(_said(file.assessment, has_day=has_day), []).append(file.path)


def _said(assessment: Assessment, *, has_day: bool) -> str:
    """What tells answers apart: all of them, with the day where the person gave one."""
    answers = sorted(assessment.answers.items())
    day = assessment.started if has_day else None
    return repr(
        (assessment.subject, assessment.rubric.id, assessment.rubric.version, assessment.reviewer, day, answers)
    )


def _names(respondent: Respondent, on: date, *, is_taken: bool) -> Iterator[str]:
    """The name that the form gave, with its random number; else random ones."""
    day = respondent.assessment.started or on
    if respondent.line is None and respondent.number is not None and len(respondent.number) >= 12 and not is_taken:
        yield respondent_name(day, respondent.number)
    yield from respondent_names(day)
