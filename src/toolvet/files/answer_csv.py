"""Answers of a survey out of a spreadsheet: one row a respondent, two columns a question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import Problem, UnusableFile
from toolvet.files.digest import hex_digest
from toolvet.files.faults import quoted
from toolvet.files.rubric_checks import unknown

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
    """The respondents in these bytes, which lie at that path; `on` is their day where the row names none.

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
                self._say(1, f"column {quoted(column)} stands there twice; remove one")
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
