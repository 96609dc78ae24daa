"""Rows of a spreadsheet as survey answers: one row per respondent, two columns per question."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import Problem, UnusableFile
from toolvet.storage.faults import quoted
from toolvet.storage.rows import MOST_ROWS, check_extent, folded, read_sent, read_spreadsheet
from toolvet.values import dataclass

GROUP, STARTED, RESPONDENT = "group", "started", "respondent"
SPREADSHEETS = (".csv", ".xlsx")
_SIDES = ("expected", "delivered")
_MOST_SHOWN = 100
_MOST_COLUMNS = 10_000
_MOST_DIGITS = 18
_WHOLE = re.compile(r"([0-9]+)(?:[.,]0+)?", re.ASCII)
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A respondent of a spreadsheet: the number of the response, if there is one, and whether the row names a day."""

    line: int
    assessment: Assessment
    number: str | None
    has_day: bool


def is_spreadsheet(path: Path) -> bool:
    """Whether the file's ending is that of a spreadsheet."""
    return path.suffix.casefold() in SPREADSHEETS


def csv_columns(rubric: Rubric) -> tuple[str, ...]:
    """Every column that there can be, in the rubric's order."""
    answers = (f"{question.id}.{side}" for _, question in rubric.questions() for side in _SIDES)
    return (RESPONDENT, STARTED, GROUP, *answers)


def rows_in(path: Path, rubric: Rubric, subject: Subject, on: date) -> tuple[AnsweredRow, ...]:
    """The respondents in that spreadsheet; `on` is the day for rows that name none.

    UnusableFile with everything that is wrong, by line. Rows without any answer are left out.
    """
    reader = _Reader(path, rubric, Assessment(_ref(rubric), subject, Reviewer(), on))
    rows = tuple(islice(reader.rows(_lines(path)), MOST_ROWS + 1))
    if reader.problems:
        more = (Problem(path, None, "was not read further; mend these first"),)
        raise UnusableFile((*reader.problems[:_MOST_SHOWN], *(more if len(reader.problems) >= _MOST_SHOWN else ())))
    if len(rows) > MOST_ROWS:
        raise UnusableFile((Problem(path, None, f"has more than {MOST_ROWS:,} rows; import it in parts"),))
    if not rows:
        raise UnusableFile((Problem(path, None, "holds no answer; it needs a header and a row for each respondent"),))
    return rows


def _ref(rubric: Rubric) -> RubricRef:
    return RubricRef(rubric.id, rubric.version, rubric.digest or None)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    return _workbook_lines(path) if path.suffix.casefold() == ".xlsx" else _csv_lines(path, read_sent(path))


def _workbook_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet, as many cells in each as in the widest."""
    tables = read_spreadsheet(path).tables  # none where every sheet is a chart
    rows = tables[0].rows if tables else ()
    widest = max((len(row.cells) for row in rows), default=0)
    return ((row.number, [*row.cells, *[""] * (widest - len(row.cells))]) for row in rows)


def _csv_lines(path: Path, content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with the lines they end on; separated by comma, or by semicolon as many spreadsheets write it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "is not UTF-8 text; export it again with that encoding"
        raise UnusableFile((Problem(path, line, message),)) from error
    header = text.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    check_extent(path, text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
        self._groups = {folded(group): group for group in rubric.groups}
        self._numbers: dict[str, int] = {}

    def rows(self, lines: Iterator[tuple[int, list[str]]]) -> Iterator[AnsweredRow]:
        """Every respondent with an answer."""
        _, header = next(lines, (1, []))
        columns = [column.casefold() for column in header]
        while columns and not columns[-1]:
            columns.pop()
        if len(columns) > _MOST_COLUMNS:
            self._say(1, f"has more than {_MOST_COLUMNS:,} columns; import only those of the survey")
            return
        if not self._columns_fit(columns):
            return
        for line, cells in lines:
            if len(self.problems) >= _MOST_SHOWN:
                return
            if not any(cells):
                continue
            if not self._cells_fit(line, cells, columns):
                continue
            row = {column: cell for column, cell in zip(columns, cells, strict=False) if cell}
            number = self._number(line, row.get(RESPONDENT))
            assessment = self._assessment(line, row)
            if assessment.answers:
                yield AnsweredRow(line, assessment, number, STARTED in row)

    def _columns_fit(self, columns: Sequence[str]) -> bool:
        known = csv_columns(self._rubric)
        there = Counter(column for column in columns if column)
        for column in _first(column for column in there if column not in known):
            close = get_close_matches(column, known, n=1)
            mend = f"did you mean {quoted(close[0])}?" if close else "remove it, or leave its name empty"
            self._say(1, f"there is no column {quoted(column)} for {self._rubric.id}; {mend}")
        for column in _first(column for column, times in there.items() if times > 1):
            self._say(1, f"column {quoted(column)} is there twice; remove one")
        if not self.problems and not any("." in column for column in columns):
            self._say(1, f"no column answers a question; name them as {known[3]}")
        return not self.problems

    def _cells_fit(self, line: int, cells: Sequence[str], columns: Sequence[str]) -> bool:
        if len(cells) < len(columns) or any(cells[len(columns) :]):
            self._say(line, f"has {len(cells)} cells under {len(columns)} columns; give it as many")
            return False
        return True

    def _assessment(self, line: int, row: Mapping[str, str]) -> Assessment:
        answers = {}
        for question in self._questions.values():
            expected, delivered = (
                self._level(line, question, side, row.get(f"{question.id}.{side}")) for side in _SIDES
            )
            if expected is not None or delivered is not None:
                answers[question.id] = Answer(expected=expected, delivered=delivered)
        return replace(
            self._blank,
            started=self._day(line, row.get(STARTED)) or self._blank.started,
            reviewer=Reviewer(group=self._group(line, row.get(GROUP))),
            answers=answers,
        )

    def _day(self, line: int, cell: str | None) -> date | None:
        if cell is None:
            return None
        dotted = _DOTTED.fullmatch(cell)
        try:
            if dotted:
                return date(int(dotted[3]), int(dotted[2]), int(dotted[1]))
            return datetime.fromisoformat(cell).date()
        except ValueError:
            self._say(line, f"{STARTED} is {quoted(cell)}; write the day as 2026-11-02 or 02.11.2026")
            return None

    def _group(self, line: int, cell: str | None) -> str | None:
        if cell is None:
            return None
        group = self._groups.get(folded(cell))
        if group is None:
            allowed = f"choose from {', '.join(self._rubric.groups)}, or" if self._groups else "the survey has none, so"
            self._say(line, f"{GROUP} is {quoted(cell)}; {allowed} leave it empty")
        return group

    def _number(self, line: int, cell: str | None) -> str | None:
        """Only a number: anything else could tell who it was, even behind a digest."""
        if cell is None:
            return None
        whole = _WHOLE.fullmatch(cell)
        if whole is None or len(whole[1]) > _MOST_DIGITS:
            self._say(
                line, f"{RESPONDENT} is not a plain number; give none, or the number of the response, never a name"
            )
            return None
        number = str(int(whole[1]))
        first = self._numbers.setdefault(number, line)
        if first != line:
            self._say(line, f"{RESPONDENT} {number} is on line {first} too; keep the row that counts")
        return number

    def _level(self, line: int, question: Question, side: str, cell: str | None) -> int | None:
        if cell is None:
            return None
        whole = _WHOLE.fullmatch(cell)
        if whole is not None and len(whole[1]) == 1 and int(whole[1]) <= question.top:
            return int(whole[1])
        self._say(line, f"{question.id}.{side} is {quoted(cell)}; give 0 to {question.top}, or leave it empty")
        return None

    def _say(self, line: int, message: str) -> None:
        self.problems.append(Problem(self._path, line, message))


def _first(columns: Iterable[str]) -> Iterator[str]:
    """As many of them as are told."""
    return islice(columns, _MOST_SHOWN)
