"""Survey answers from a spreadsheet (one row a respondent, two columns a question) or from answer files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import tomli_w

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Ask, Question, Rubric
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.storage.atomic import save, tell_as_not_saved
from toolvet.storage.faults import Fault, quoted, unknown
from toolvet.storage.furnishing import copy_rubric, furnish, make_folder
from toolvet.storage.names import number_of, respondent_name, same_subject
from toolvet.storage.reader import AssessmentFile, check_answers, problems_of, read_assessment
from toolvet.storage.subjects import toml_files
from toolvet.storage.toml_input import Seal, hex_digest, read_content
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes

GROUP, STARTED, RESPONDENT = "group", "started", "respondent"
_SIDES = ("expected", "delivered")
_MOST_SHOWN = 100
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A respondent of a spreadsheet.

    `digest` is taken over the row's cells and, of several alike, which one it is: the same row in a later export of
    the same survey has the same one.
    """

    line: int
    assessment: Assessment
    digest: str


def csv_columns(rubric: Rubric) -> tuple[str, ...]:
    """Every column that there can be, in the rubric's order."""
    answers = (f"{question.id}.{side}" for _, question in rubric.questions() for side in _SIDES)
    return (RESPONDENT, STARTED, GROUP, *answers)


def rows_in(path: Path, content: bytes, rubric: Rubric, subject: Subject, on: date) -> tuple[AnsweredRow, ...]:
    """The respondents in these bytes of that file; `on` is the day for rows that name none.

    UnusableFile with everything that is wrong, by line. Rows without any answer are left out.
    """
    reader = _Reader(path, rubric, Assessment(_ref(rubric), subject, Reviewer(), on))
    rows = tuple(reader.rows(_lines(path, content)))
    if reader.problems:
        raise UnusableFile(tuple(reader.problems[:_MOST_SHOWN]))
    if not rows:
        raise UnusableFile((Problem(path, None, "holds no answer; it needs a header and a row for each respondent"),))
    return rows


def _ref(rubric: Rubric) -> RubricRef:
    return RubricRef(rubric.id, rubric.version, rubric.digest or None)


def _lines(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with the lines they end on; separated by comma, or by semicolon as many spreadsheets write it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8 text; export it again with that encoding"
        raise UnusableFile((Problem(path, line, message),)) from error
    header = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if header.count(";") > header.count(",") else ",", strict=True
    )
    try:
        yield from ((reader.line_num, [cell.strip() for cell in cells]) for cells in reader)
    except csv.Error as error:
        raise UnusableFile((Problem(path, reader.line_num, f"not valid CSV: {error}; export it again"),)) from error


class _Reader:
    """Reads rows against the columns of a rubric and collects what is wrong."""

    def __init__(self, path: Path, rubric: Rubric, blank: Assessment) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._rubric = rubric
        self._blank = blank
        self._questions = {question.id: question for _, question in rubric.questions()}
        self._seen: dict[str, int] = {}

    def rows(self, lines: Iterator[tuple[int, list[str]]]) -> Iterator[AnsweredRow]:
        """Every respondent with an answer."""
        _, columns = next(lines, (1, []))
        if not self._columns_fit(columns):
            return
        for line, cells in lines:
            if not any(cells):
                continue
            if len(cells) != len(columns):
                self._say(line, f"has {len(cells)} cells under {len(columns)} columns; give it as many")
                continue
            row = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
            assessment = self._assessment(line, row)
            if assessment.answers:
                yield AnsweredRow(line, assessment, self._digest(row))

    def _columns_fit(self, columns: Sequence[str]) -> bool:
        known = csv_columns(self._rubric)
        for place, column in enumerate(columns):
            if column not in known:
                self._say(1, unknown(f"column {quoted(column)} for {self._rubric.id}", column, list(known)))
            elif column in columns[:place]:
                self._say(1, f"column {quoted(column)} is there twice; remove one")
        if not self.problems and not any("." in column for column in columns):
            self._say(1, f"no column answers a question; name them as {known[3]}")
        return not self.problems

    def _assessment(self, line: int, row: Mapping[str, str]) -> Assessment:
        found = replace(
            self._blank,
            started=self._day(line, row.get(STARTED)) or self._blank.started,
            reviewer=Reviewer(group=self._group(line, row.get(GROUP))),
        )
        self._check_respondent(line, row.get(RESPONDENT))
        for question in self._questions.values():
            expected, delivered = (
                self._level(line, question, side, row.get(f"{question.id}.{side}")) for side in _SIDES
            )
            found = found.with_answer(question.id, Answer(expected=expected, delivered=delivered))
        return found

    def _day(self, line: int, cell: str | None) -> date | None:
        if cell is None:
            return None
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self._say(line, f"{STARTED} is {quoted(cell)}; write the day as 2026-11-02")
            return None

    def _group(self, line: int, cell: str | None) -> str | None:
        groups = list(self._rubric.groups)
        if cell is not None and cell not in groups:
            self._say(line, unknown(f"group {quoted(cell)} in {self._rubric.id}", cell, groups))
        return cell

    def _check_respondent(self, line: int, cell: str | None) -> None:
        """Only a number: anything else could tell who it was, even behind a digest."""
        if cell is not None and not (cell.isascii() and cell.isdecimal() and len(cell) <= _MOST_DIGITS):
            self._say(
                line, f"{RESPONDENT} is not a plain number; give none, or the number of the response, never a name"
            )

    def _level(self, line: int, question: Question, side: str, cell: str | None) -> int | None:
        if cell is None:
            return None
        if len(cell) == 1 and cell.isascii() and cell.isdecimal() and int(cell) <= question.top:
            return int(cell)
        self._say(line, f"{question.id}.{side} is {quoted(cell)}; give 0 to {question.top}, or leave it empty")
        return None

    def _digest(self, row: Mapping[str, str]) -> str:
        cells = "\n".join(f"{column}={row[column]}" for column in sorted(row))
        self._seen[cells] = self._seen.get(cells, 0) + 1
        return hex_digest(f"{cells}\n{self._seen[cells]}".encode())

    def _say(self, line: int, message: str) -> None:
        self.problems.append(Problem(self._path, line, message))


NUMBER_COMMENT = "# Respondent "
"""How the first line of an answer file begins that was saved by the form; its number follows."""

_NUMBER = re.compile(rb"\A(?:\xef\xbb\xbf)?# Respondent ([0-9]{6,20})\r?\n")


@dataclass(frozen=True, slots=True)
class Respondent:
    """Somebody's answers as they came: the bytes to keep and the number by which they are known.

    `is_row` says that they were a row of a spreadsheet, of which the number is a digest.
    """

    source: Path
    line: int | None
    assessment: Assessment
    content: bytes
    number: str
    is_row: bool = False


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
    if path.suffix.lower() == ".csv":
        if about is None:
            raise ToolvetError(f"{path}: nothing says which organisation it is about; give --organisation NAME")
        rubric, subject = about
        for row in rows_in(path, read_content(path), rubric, subject, on):
            content = assessment_bytes(row.assessment, rubric)
            yield Respondent(path, row.line, row.assessment, content, _number_from(row.digest), is_row=True)
    else:
        file = _answer_file(path, workspace)
        if about is not None and not same_subject(file.assessment.subject, about[1]):
            message = (
                f"is about {file.assessment.subject.name}, not {about[1].name}; leave out --organisation, or this file"
            )
            raise UnusableFile((Problem(path, None, message),))
        named = _NUMBER.match(file.content)
        number = named[1].decode() if named else _number_from(file.sha256)
        yield Respondent(path, None, file.assessment, file.content, number)


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


def _number_from(digest: str) -> str:
    return number_of(int(digest, 16))


class Keeper:
    """Keeps respondents in a workspace, each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folders: dict[str, Path] = {}
        self._known: dict[Path, dict[str, Path]] = {}

    @tell_as_not_saved
    def keep(self, respondent: Respondent, on: date) -> Path | None:
        """Keep the respondent and return the path; None if the same was there already.

        UnusableFile if there is another answer file with that number. `on` is the day for answers that name none.
        """
        folder = self._folder_for(respondent.assessment)
        if folder not in self._known:
            self._known[folder] = _digests(folder)
        known = self._known[folder]
        digest = hex_digest(respondent.content)
        # Rows are told apart by their number: two people may have answered alike on the same day.
        if digest in known and not respondent.is_row:
            return None
        for there in folder.glob(f"*-{respondent.number}.toml"):
            if respondent.is_row:
                return None
            message = (
                f"respondent {respondent.number} has other answers in {there}; of the two keep the one that was saved "
                "last, and remove the other"
            )
            raise UnusableFile((Problem(respondent.source, respondent.line, message),))
        path = folder / f"{respondent_name(respondent.assessment.started or on, respondent.number)}.toml"
        save(path, respondent.content, None)
        known[digest] = path
        return path

    def _folder_for(self, assessment: Assessment) -> Path:
        key = repr((asdict(assessment.subject), assessment.rubric.id, assessment.rubric.version))
        if key not in self._folders:
            furnish(self._workspace.root)
            for file in self._workspace.rubrics():
                if (file.rubric.id, file.rubric.version) == (assessment.rubric.id, assessment.rubric.version):
                    copy_rubric(file, self._workspace.root / "rubrics")
            folder = self._workspace.root / "assessments" / self._workspace.folder_for(assessment.subject)
            make_folder(folder)
            self._folders[key] = folder
        return self._folders[key]


def _digests(folder: Path) -> dict[str, Path]:
    found = {}
    for path in toml_files(folder):
        try:
            found[hex_digest(read_content(path))] = path
        except UnusableFile:
            continue  # told where the folder is read
    return found
