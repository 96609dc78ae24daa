"""A question sheet to send: as a workbook, as separated values, or as a form on one HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import field

from markupsafe import escape

from toolvet.domain.assessment import Answer, Assessment, Grade
from toolvet.domain.rubric import Criterion, Question, Rubric, TextQuestion
from toolvet.domain.sheet import (
    ANSWER,
    ANSWERED,
    ASKED,
    FORMULA,
    NOT_APPLICABLE,
    NOTE,
    QUESTION,
    REASON,
    SCOPE_ROW,
    SETTING,
    UNKNOWN,
    AboutRow,
    Audience,
    answer_cells,
    evidence_columns,
    sheet_columns,
)
from toolvet.report.environments import page_with_script, template_text
from toolvet.report.rubric import READING_RULE, in_sections
from toolvet.text.escape import csv_cell, spelled
from toolvet.text.tables import WorkbookSheet, csv_text
from toolvet.values import dataclass

Chosen = Sequence[tuple[Criterion, Question]]


def _spelled(text: str) -> str:
    """The text with `<U+202E>` for what would not be seen, so that it can be read back as it was."""
    return spelled(text.replace("<U+", "<U+003C>U+"), keep_line_breaks=True)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a sheet: what is asked, what can be chosen, and what is filled in already, by column."""

    id: str
    title: str
    text: str = ""
    check: str = ""
    rungs: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    filled: dict[str, str] = field(default_factory=dict)

    def cell(self, column: str) -> str:
        """The row's text in that column."""
        asked = dict(zip(ASKED, (self.id, self.title, self.text, self.check, "\n".join(self.rungs)), strict=True))
        return asked.get(column) or _spelled(self.filled.get(column, ""))


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """The sheet, whatever it is written as. The first section says what it is about; the others ask."""

    title: str
    how_to_answer: str
    sections: tuple[tuple[str, tuple[SheetLine, ...]], ...]
    sources: int

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, in their order."""
        return sheet_columns(self.sources)


def question_sheet(
    rubric: Rubric,
    chosen: Chosen,
    about: Assessment | None,
    audience: Audience,
    texts: Sequence[TextQuestion] = (),
) -> QuestionSheet:
    """The chosen questions, and those to answer in words.

    A colleague sees the answers that there are; a vendor is asked without them.
    """
    answers = {} if about is None or audience is Audience.VENDOR else about.answers
    subject = "" if about is None else about.subject.label
    most = max([len(answers[question.id].evidence) for _, question in chosen if question.id in answers], default=0)
    return QuestionSheet(
        title=f"{subject or rubric.title}: questions",
        how_to_answer=rubric.how_to_answer or READING_RULE,
        sections=(
            ("About", tuple(_about(rubric, about, audience))),
            *(
                (title, tuple(_line(one, answers.get(one.id, Answer()), audience) for one in questions))
                for title, questions in in_sections(chosen, texts)
            ),
        ),
        sources=max(most, 2),
    )


def _about(rubric: Rubric, about: Assessment | None, audience: Audience) -> Iterator[SheetLine]:
    leave = "Leave this as it is."
    given = {
        AboutRow.RUBRIC: ("Rubric", leave, f"{rubric.id} {rubric.version}"),
        AboutRow.DIGEST: ("Digest of the rubric", leave, rubric.digest),
        AboutRow.SUBJECT: ("Tool", leave, "" if about is None else about.subject.label),
        AboutRow.AUDIENCE: ("Who is asked", leave, audience.value),
        AboutRow.BY: ("Answered by", "Your name.", ""),
        AboutRow.ROLE: ("Role", "Your role, such as IT security or account manager.", ""),
        AboutRow.ON: ("Answered on", "The day, as 2026-11-02.", ""),
    }
    for row, (title, text, answer) in given.items():
        yield SheetLine(row, title, text, filled={ANSWER: answer} if answer else {})
    scope = {} if about is None else about.scope
    for fact in rubric.scope:
        filled = {ANSWER: scope[fact.id]} if fact.id in scope else {}
        text, help_words = fact.text, fact.help or ""
        yield SheetLine(f"{SCOPE_ROW}{fact.id}", text, "", help_words, fact.options, fact.options, filled)


def _line(question: Question | TextQuestion, answer: Answer, audience: Audience) -> SheetLine:
    if isinstance(question, TextQuestion):  # what is said in words stands where the others have a rung
        filled = {ANSWER: answer.note} if answer.note else {}
        return SheetLine(question.id, question.heading, question.text, question.check or "", filled=filled)
    must_have = " (must-have)" if question.must_reach and audience is not Audience.VENDOR else ""
    return SheetLine(
        id=question.id,
        title=f"{question.heading}{must_have}",
        text=question.text,
        check=question.check or "",
        rungs=tuple(f"{level}: {rung}" for level, rung in enumerate(question.levels)),
        choices=(*map(str, range(len(question.levels))), UNKNOWN, NOT_APPLICABLE),
        filled=answer_cells(answer),
    )


_WIDTHS = {
    QUESTION: 14,
    "title": 24,
    "text": 38,
    "how to check": 32,
    "rungs": 52,
    ANSWER: 14,
    REASON: 28,
    NOTE: 32,
    SETTING: 26,
    ANSWERED: 12,
}


def workbook_sheets(sheet: QuestionSheet) -> list[WorkbookSheet]:
    """The sheets of a workbook: one for what it is about, and one for each criterion."""
    columns = sheet.columns
    sources = [evidence_columns(number) for number in range(1, sheet.sources + 1)]
    widths = _WIDTHS | {source: 30 for source, _, _ in sources}
    grades = tuple(Grade)
    pages = []
    by_title: dict[str, list[SheetLine]] = {}
    for title, some in sheet.sections[1:]:
        by_title.setdefault(title, []).extend(some)
    for at, (title, lines) in enumerate([(sheet.sections[0][0], [*sheet.sections[0][1]]), *by_title.items()]):
        shown = (QUESTION, "title", "text", "how to check", "rungs", ANSWER) if at == 0 else columns
        choices = {(row, ANSWER): line.choices for row, line in enumerate(lines) if line.choices}
        if at:
            choices |= {(row, grade): grades for row in range(len(lines)) for _, grade, _ in sources}
        pages.append(
            WorkbookSheet(
                title,
                shown,
                [[line.cell(column) for column in shown] for line in lines],
                widths | ({"title": 44, ANSWER: 40} if at == 0 else {}),
                choices,
                frozenset(shown) - set(ASKED),
            )
        )
    return pages


def sheet_csv(sheet: QuestionSheet) -> str:
    """The sheet as separated values, one table for everything. See docs/exchange.md for the dialect."""
    lines = (line for _, own in sheet.sections for line in own)
    return csv_text(([line.cell(column).strip() for column in sheet.columns] for line in lines), sheet.columns, _cell)


def _cell(text: str) -> str:
    """As `csv_cell`, and one more apostrophe where the text has its own, so that exactly one is taken off again."""
    has_own = text.startswith("'") and FORMULA.match(text)
    return f"'{csv_cell(text)}" if has_own else csv_cell(text)


def sheet_form(sheet: QuestionSheet) -> str:
    """The sheet as a page that works without a network and saves what is filled in as the same separated values."""
    style = template_text("form.css") + template_text("question_form.css")
    script = template_text("question_form.js")
    sources = [evidence_columns(number) for number in range(1, sheet.sources + 1)]
    names = {
        "sheet": sheet,
        "about": [_form_line(line, sheet.columns) for line in sheet.sections[0][1]],
        "sections": [
            (title, [_form_line(line, sheet.columns) for line in lines]) for title, lines in sheet.sections[1:]
        ],
        "columns": escape(json.dumps((QUESTION, "title", *sheet.columns[len(ASKED) :]))),
        "sources": sources,
        "grades": [grade.value for grade in Grade],
        "editable": [AboutRow.BY.value, AboutRow.ROLE.value],
    }
    return page_with_script("question_form.html.j2", style, script, names)


def _form_line(line: SheetLine, columns: Sequence[str]) -> dict[str, object]:
    """The line for the template: what is filled in stays as it is, while what is asked is made visible."""
    return {
        "id": line.id,
        "title": line.title,
        "text": line.text,
        "check": line.check,
        "rungs": line.rungs,
        "choices": line.choices,
        "is_scope": line.id.startswith(SCOPE_ROW),
        "filled": {column: _spelled(line.filled.get(column, "")) for column in columns},
    }
