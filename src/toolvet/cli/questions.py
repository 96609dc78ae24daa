"""`toolvet questions`: a sheet for a vendor or a colleague."""

from __future__ import annotations

import argparse
import codecs

from toolvet.cli.output import (
    Faults,
    check_language,
    ending_of,
    put_cells,
    put_exactly,
    put_into,
    save_into,
    save_workbook,
    session_given,
)
from toolvet.cli.parser import not_one_of
from toolvet.cli.rubrics import rubric_given
from toolvet.cli.select import judge_named
from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Ask, Rubric, Sitting
from toolvet.domain.sheet import Audience
from toolvet.errors import NoSuchSubject, ToolvetError, UsageError
from toolvet.report.question_sheet import Chosen, QuestionSheet, question_sheet, sheet_csv, sheet_form, workbook_sheets
from toolvet.report.rubric import SheetFormat, blank_sheet, survey_csv
from toolvet.services.assessments import Session
from toolvet.services.exchange import questions_to_send


def questions(options: argparse.Namespace) -> int:
    """Print a sheet, or write it. Status 3 if a file of the subject cannot be read."""
    sheet_format = _sheet_format(options)
    faults = Faults()
    rubric, chosen, about = _asked(options, faults)
    audience = Audience(options.audience)
    answered = about.answers if about is not None and options.open else {}
    texts = () if options.where else [text for text in rubric.texts if not answered.get(text.id, Answer()).note]
    if sheet_format is SheetFormat.MARKDOWN:
        where = None if options.where is None else Sitting(options.where)
        text = blank_sheet(rubric, where, chosen, about, texts, for_vendor=audience is Audience.VENDOR)
        put_into(text, options.output, force=options.force)
    elif rubric.ask is Ask.GAP:
        if sheet_format is not SheetFormat.CSV:
            raise UsageError(f"{rubric.id} is a survey; toolvet readiness --form writes its form")
        put_into(survey_csv(chosen), options.output, force=options.force)
    else:
        _put_sheet(question_sheet(rubric, chosen, about, audience, texts), sheet_format, options)
    return faults.status


def _of_rubric(session: Session, options: argparse.Namespace) -> tuple[Rubric, Chosen, None]:
    if options.open:
        raise UsageError("--open needs a subject: of a rubric alone, every question is open")
    where = None if options.where is None else Sitting(options.where)
    rubric = rubric_given(session.workspace, options.asked)
    check_language(options, rubric)
    rubric = rubric.in_language(session.language)
    return rubric, [each for each in rubric.questions() if where in (None, each[1].where)], None


def _asked(options: argparse.Namespace, faults: Faults) -> tuple[Rubric, Chosen, Assessment | None]:
    """The rubric and its questions; of a subject, those that apply, with its assessment."""
    session = session_given(options)
    where = None if options.where is None else Sitting(options.where)
    if options.asked is None or options.asked in session.workspace.rubric_ids:
        return _of_rubric(session, options)
    try:
        judged = judge_named(options.asked, options, faults)
    except NoSuchSubject as error:
        files, problems = session.workspace.rubrics_and_problems()
        ids = {file.rubric.id for file in files}
        if options.asked in ids:  # its folder could not be listed before
            return _of_rubric(session, options)
        known = [folder.name for folder in session.workspace.subjects()]
        words = f"subject or rubric {not_one_of(options.asked, [*known, *sorted(ids)])}"
        raise ToolvetError(*map(str, problems), words) if problems else NoSuchSubject(words) from error
    check_language(options, judged.opened.rubric)
    chosen = questions_to_send(judged.scorecard, where, only_open=options.open)
    if not chosen:
        words = f"{options.asked}: no question is left to ask; leave out --open or --where"
        raise ToolvetError(words) if faults.status else UsageError(words)
    return judged.scorecard.rubric, chosen, judged.opened.assessment


def _sheet_format(options: argparse.Namespace) -> SheetFormat:
    """The format of --format or the ending of the output. UsageError if the two differ."""
    if options.output in (None, "-"):
        wanted = SheetFormat(options.format or SheetFormat.MARKDOWN)
        if wanted is SheetFormat.WORKBOOK:
            raise UsageError("a workbook is not printed; write it into a file with -o FILE.xlsx")
        return wanted
    ending = ending_of(options.output, [each.value for each in SheetFormat])
    if options.format not in (None, ending):
        raise UsageError(f"--format {options.format} and the ending .{ending} contradict each other; leave one out")
    return SheetFormat(ending)


def _put_sheet(sheet: QuestionSheet, sheet_format: SheetFormat, options: argparse.Namespace) -> None:
    if sheet_format is SheetFormat.WORKBOOK:
        on = session_given(options).on
        save_workbook(sheet.title, workbook_sheets(sheet), options.output, force=options.force, on=on)
    elif sheet_format is SheetFormat.HTML and options.output in (None, "-"):
        put_exactly(sheet_form(sheet))
    elif sheet_format is SheetFormat.HTML:
        save_into(sheet_form(sheet).encode(), options.output, force=options.force)
    elif options.output in (None, "-"):
        put_cells(sheet_csv(sheet))
    else:
        # Excel takes a file without this mark for one in the encoding of the machine.
        save_into(codecs.BOM_UTF8 + sheet_csv(sheet).encode(), options.output, force=options.force)
