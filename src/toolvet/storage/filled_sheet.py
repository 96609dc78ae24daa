"""Reading a filled-in question sheet: its rows are matched to questions, its cells read as answers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.sheet import (
    ABOUT_ROW,
    ANSWER,
    ANSWERED,
    ASKED,
    NOT_APPLICABLE,
    NOTE,
    QUESTION,
    REASON,
    SCOPE_ROW,
    SETTING,
    UNKNOWN,
    AboutRow,
    as_written,
    evidence_columns,
    same_text,
)
from toolvet.errors import Problem, UnusableFile
from toolvet.storage.faults import quoted, unknown
from toolvet.storage.rows import SheetTable, Spreadsheet, folded, read_spreadsheet
from toolvet.storage.toml_input import TEXT_CHARACTERS
from toolvet.values import dataclass

_MOST_SOURCES = 20
_HEADER_ROWS = 20
"""How far down a header is looked for: some programs and people put a title above it."""

_COLUMNS = {
    *ASKED,
    ANSWER,
    REASON,
    NOTE,
    SETTING,
    ANSWERED,
    *(name for number in range(1, _MOST_SOURCES + 1) for name in evidence_columns(number)),
}
_UNKNOWN = frozenset({UNKNOWN, "don't know", "not known", "?"})
_NOT_APPLICABLE = frozenset({NOT_APPLICABLE, "n/a", "na", "n.a.", "not-applicable"})
_ERRORS = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|N/A)|Err:\d+")
"""What programs show in place of text that they took for a formula and could not work out."""

_GARBLED = "\u00ef\u00bb\u00bf"
"""The byte order mark of UTF-8 as Windows-1252, which a program that opened a .csv as that saves with the text."""

_BYTES = {0xF100 + byte: byte for byte in range(0x80, 0xA0)}
_BYTES |= {ord(letter): byte for byte in range(0x80, 0xA0) for letter in bytes([byte]).decode("cp1252", "ignore")}
"""The bytes of the letters of Windows-1252; LibreOffice has letters of its own for the five bytes that are none."""

_GRADES = {"tested by hand": "tested", "independent source": "independent", "vendor's document": "document"}
_LEVEL = re.compile(r"(?:level |rung )?(\d{1,3})(?:[.,]0+)?(?:\s*[:\-–—](.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """Where something stands: the sheet, which a file of separated values does not name, and the row."""

    sheet: str | None
    row: int

    def __str__(self) -> str:
        return f"row {self.row}" if self.sheet is None else f"sheet {quoted(self.sheet)}, row {self.row}"


@dataclass(frozen=True, slots=True)
class UnusableRow:
    """A row that cannot be taken in, why, and what to do."""

    place: SheetPlace
    message: str


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The rows of a sheet by their first cell, before it is known which rubric they answer.

    `notes` says what else of the file was seen and left out.
    """

    file: Spreadsheet
    rows: Mapping[str, tuple[SheetPlace, Mapping[str, str]]]
    unusable: tuple[UnusableRow, ...] = ()
    notes: tuple[str, ...] = ()

    def about(self, row: AboutRow) -> str | None:
        """What the sheet says of itself there; None if it is empty or gone."""
        found = self.rows.get(row)
        return None if found is None else found[1].get(ANSWER)


@dataclass(frozen=True, slots=True)
class SheetAnswers:
    """A filled sheet read against its rubric."""

    scope: Mapping[str, str]
    answers: Mapping[str, Answer]
    places: Mapping[str, SheetPlace]
    unusable: tuple[UnusableRow, ...] = ()
    on: date | None = None
    """The day of the answers that name none, where the sheet says one."""


def read_filled_sheet(path: Path) -> FilledSheet:
    """The rows of a filled sheet. UnusableFile if it is no spreadsheet, or none of its sheets has our columns."""
    if path.suffix.casefold() in (".html", ".htm"):
        message = 'is the form itself; open it in a browser, press "Save my answers", and import that file'
        raise UnusableFile((Problem(path, None, message),))
    file = read_spreadsheet(path)
    found = _Found()
    if file.encoding == "cp1252":
        found.notes.append("Read as Windows-1252, because it is not UTF-8; check letters with accents.")
    for table in file.tables:
        _gather(_mended(table, found), found)
    if not found.headers:
        message = (
            f'holds no question sheet: no row begins with a header that names the columns "{QUESTION}" and '
            f'"{ANSWER}"; make a sheet with toolvet questions'
        )
        raise UnusableFile((Problem(path, None, message),))
    return FilledSheet(file, found.rows, tuple(found.unusable), tuple(found.notes))


@dataclasses.dataclass(slots=True)
class _Found:
    headers: int = 0
    rows: dict[str, tuple[SheetPlace, Mapping[str, str]]] = field(default_factory=dict)
    unusable: list[UnusableRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _mended(table: SheetTable, found: _Found) -> SheetTable:
    """The table with its letters put right, if a program opened it in another encoding and saved what it saw."""
    if not table.rows or not table.rows[0].cells[0].startswith(_GARBLED):
        return table
    found.notes.append("A program read the file as Windows-1252 and saved it so; letters with accents were put right.")
    rows = tuple(replace(row, cells=tuple(map(_put_right, row.cells))) for row in table.rows)
    return replace(table, rows=rows)


def _put_right(cell: str) -> str:
    try:
        return cell.translate(_BYTES).encode("latin-1").decode("utf-8-sig")
    except UnicodeError:
        return cell  # typed after that


def _gather(table: SheetTable, found: _Found) -> None:
    named = "" if table.name is None else f"sheet {quoted(table.name)}"
    header = next((row for row in table.rows[:_HEADER_ROWS] if {QUESTION, ANSWER} <= set(map(folded, row.cells))), None)
    if header is None:
        if table.rows and named:
            found.notes.append(f"The {named} has no column {quoted(QUESTION)} and was left out.")
        return
    found.headers += 1
    if table.is_hidden:
        found.notes.append(f"The {named} is hidden and was read too.")
    columns = [folded(cell) for cell in header.cells]
    if others := [cell for cell in header.cells if cell and folded(cell) not in _COLUMNS]:
        where = f" of {named}" if named else ""
        found.notes.append(f"These columns{where} are unknown and were left out: {', '.join(others)}.")
    for row in table.rows:
        if row.number <= header.number:
            continue
        cells: dict[str, str] = {}
        place, twice = SheetPlace(table.name, row.number), ""
        for column, cell in zip(columns, row.cells, strict=False):  # trailing cells are cut off where they are empty
            if cell and column in _COLUMNS:
                written = as_written(cell, is_csv=table.name is None)
                twice = twice if cells.setdefault(column, written) == written else column
        if twice:
            found.unusable.append(UnusableRow(place, f"fills in two columns named {twice}; keep one of the two"))
        else:
            _add_row(place, cells, found)


def _add_row(place: SheetPlace, cells: Mapping[str, str], found: _Found) -> None:
    name = folded(cells.get(QUESTION, ""))
    filled = {column: cell for column, cell in cells.items() if column not in ASKED}
    if not name:
        if filled:
            found.unusable.append(
                UnusableRow(place, "is filled in, but names no question; undo merged cells, or put its id back")
            )
        return
    known = found.rows.setdefault(name, (place, filled))
    if known[0] != place and filled and known[1] != filled:
        if not known[1]:
            found.rows[name] = (place, filled)
        else:
            found.unusable.append(UnusableRow(place, f"answers {name} again, after {known[0]}; keep one of the two"))


def read_answers(sheet: FilledSheet, rubric: Rubric) -> SheetAnswers:
    """The sheet's cells as answers to that rubric; what cannot be used is listed row by row."""
    questions = {question.id: question for _, question in rubric.questions()}
    unusable = list(sheet.unusable)
    sheets = [table.name for table in sheet.file.tables]
    answers: dict[str, Answer] = {}
    scope: dict[str, str] = {}
    for name, (place, cells) in sheet.rows.items():
        problem: str | None = None
        if name.startswith(ABOUT_ROW) or not cells:
            continue
        if name.startswith(SCOPE_ROW):
            problem = _add_fact(rubric, name.removeprefix(SCOPE_ROW), cells.get(ANSWER), scope)
        elif rubric.text_question(name) is not None:
            problem = _add_words(name, cells, answers)
        elif name not in questions:
            problem = unknown(f"question {quoted(name)} in {rubric.id}", name, list(rubric.ids()))
        else:
            try:
                answers[name] = _answer(questions[name], cells)
            except _Unreadable as error:
                problem = str(error)
        if problem is not None:
            unusable.append(UnusableRow(place, problem))
    places = {name: place for name, (place, _) in sheet.rows.items()}
    unusable.sort(key=lambda row: (sheets.index(row.place.sheet), row.place.row))
    return SheetAnswers(scope, answers, places, tuple(unusable), _answered_on(sheet, unusable))


def _add_words(name: str, cells: Mapping[str, str], answers: dict[str, Answer]) -> str | None:
    """An answer in words, in whichever column it was written."""
    words = "\n\n".join(cells[column] for column in (ANSWER, REASON, NOTE) if column in cells)
    if len(words) > TEXT_CHARACTERS:
        return f"{name} has more than {TEXT_CHARACTERS:,} characters; shorten it"
    if words:
        answers[name] = Answer(note=words)
    return None


def _answered_on(sheet: FilledSheet, unusable: list[UnusableRow]) -> date | None:
    try:
        return _day("the day", sheet.about(AboutRow.ON))
    except _Unreadable as error:
        unusable.insert(0, UnusableRow(sheet.rows[AboutRow.ON][0], str(error)))
        return None


def _add_fact(rubric: Rubric, fact_id: str, option: str | None, scope: dict[str, str]) -> str | None:
    fact = rubric.scope_fact(fact_id)
    if fact is None:
        return unknown(f"scope fact {quoted(fact_id)} in {rubric.id}", fact_id, [each.id for each in rubric.scope])
    if option is None:
        return None
    chosen = next((known for known in fact.options if folded(known) == folded(option)), None)
    if chosen is None:
        what = f"{fact_id} has no option {quoted(option)}"
        return unknown(what, option, list(fact.options), is_sentence=True)
    scope[fact_id] = chosen
    return None


class _Unreadable(Exception):
    """What is wrong with a row's cells, and what to do."""


def _answer(question: Question, cells: Mapping[str, str]) -> Answer:
    for column, cell in cells.items():
        if len(cell) > TEXT_CHARACTERS:
            raise _Unreadable(f"{column} has more than {TEXT_CHARACTERS:,} characters; shorten it")
        if _ERRORS.fullmatch(cell):
            raise _Unreadable(f"{column} is {quoted(cell)}, an error of the spreadsheet program; type it as text")
    given, reason = cells.get(ANSWER, ""), cells.get(REASON)
    answer = Answer(
        note=cells.get(NOTE),
        setting=cells.get(SETTING),
        evidence=tuple(_evidence(cells)),
        answered=_day(ANSWERED, cells.get(ANSWERED)),
    )
    kind = folded(given.translate({0x2019: "'"}))
    if kind in _UNKNOWN:
        return replace(answer, unknown=reason or "")
    if kind in _NOT_APPLICABLE:
        return replace(answer, not_applicable=reason or "")
    if reason is not None and not given:
        raise _Unreadable(f"has a reason but no answer; choose {UNKNOWN} or {NOT_APPLICABLE}, or move it to the note")
    note = "\n\n".join(part for part in (answer.note, reason) if part) or None  # a reason for a level is a note
    return replace(answer, level=_rung(question, given) if given else None, note=note)


def _rung(question: Question, given: str) -> int:
    if given.startswith("="):
        raise _Unreadable(f"its answer is a formula, {quoted(given)}; type the rung, 0 to {question.top}")
    found = _LEVEL.fullmatch(given)
    if found is not None and int(found[1]) <= question.top:
        level, behind = int(found[1]), (found[2] or "").strip()
        if behind and not same_text(question.levels[level], behind):  # "2-3", "4-Feb", "3 - if we buy more"
            raise _Unreadable(f"its answer is {quoted(given)}; give the rung alone, and move the rest to the note")
        return level
    same = [level for level, rung in enumerate(question.levels) if same_text(rung, given)]
    if len(same) == 1:
        return same[0]
    raise _Unreadable(
        f"{question.id} is {quoted(given)}; answer with a rung, 0 to {question.top}, {UNKNOWN} or {NOT_APPLICABLE}"
    )


def _evidence(cells: Mapping[str, str]) -> Iterator[Evidence]:
    for number in range(1, _MOST_SOURCES + 1):
        source, grade, seen = evidence_columns(number)
        if source in cells:
            yield Evidence(cells[source], _grade(grade, cells.get(grade)), _day(seen, cells.get(seen)))
        elif grade in cells or seen in cells:
            raise _Unreadable(f"has a {grade if grade in cells else seen} but no {source}; say where it was seen")


def _grade(column: str, cell: str | None) -> Grade | None:
    if cell is None:
        return None
    word = folded(cell.translate({0x2019: "'"}))
    word = _GRADES.get(word, word)
    if word not in set(Grade):
        raise _Unreadable(f"{column} is {quoted(cell)}; choose {', '.join(Grade)}")
    return Grade(word)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
_NUMBERS = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})[./-] ?(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})")


def _day(column: str, cell: str | None) -> date | None:
    """The day, as programs and people write it. _Unreadable if it is none, or may be either of two."""
    if cell is None:
        return None
    days = list(dict.fromkeys(_days(cell)))
    if len(days) == 1:
        return days[0]
    either = f" may be {days[0]} or {days[1]}" if days else f" is {quoted(cell)}"
    raise _Unreadable(f"{column}{f' {quoted(cell)}' if days else ''}{either}; write the day as 2026-11-02")


def _days(cell: str) -> Iterator[date]:
    if found := _ISO.fullmatch(cell):
        yield from _valid(found[1], found[2], found[3])
    elif found := _NUMBERS.fullmatch(cell):
        yield from _valid(found[4], found[3], found[1])
        if found[2] != ".":  # with dots the day always comes first
            yield from _valid(found[4], found[1], found[3])
    elif found := _DAY_FIRST.fullmatch(cell):
        yield from _named(found[3], found[2], found[1])
    elif found := _MONTH_FIRST.fullmatch(cell):
        yield from _named(found[3], found[1], found[2])


def _named(year: str, month: str, day: str) -> Iterator[date]:
    if month[:3].casefold() in _MONTHS:
        yield from _valid(year, str(_MONTHS.index(month[:3].casefold()) + 1), day)


def _valid(year: str, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return
