"""`toolvet list`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from toolvet.cli.output import (
    Faults,
    ending_of,
    put,
    put_cells,
    put_json,
    save_workbook,
    say,
    session_given,
    tell_faults,
    tell_skipped,
    warn,
    width,
)
from toolvet.domain.decision_rules import SOON_DAYS, DueItem, decided_items, due_items
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.listing import (
    NOTHING_HERE,
    NOTHING_USABLE,
    ListedEntry,
    ListEntry,
    SurveyEntry,
    list_due_text,
    list_json,
    list_sheets,
    list_text,
    listed_score,
    survey_due,
    with_decision,
)
from toolvet.services.assessments import (
    Session,
    SurveyAnswers,
    doubted_briefly,
    is_survey,
    open_tool,
    unproven_in,
)
from toolvet.services.decisions import decided_in
from toolvet.storage.evidence_files import OVERVIEW_BYTES
from toolvet.storage.index import Code, Rows
from toolvet.storage.subjects import SubjectFolder
from toolvet.text.escape import plural


def list_subjects(options: argparse.Namespace) -> int:
    """Print what is in the workspace, or only what is due. Status 3 if a file in it cannot be used."""
    faults, session = Faults(), session_given(options)
    on = session.on
    if options.format in ("ics", "csv") and options.due is None:
        raise UsageError(f"--format {options.format} lists what is due; add --due DAYS")
    entries = list_entries(session, options.due, faults)
    if options.output is not None:
        ending_of(options.output, ("xlsx",))
        shown = [entry for entry in entries if entry.due or options.due is None]
        save_workbook("Workspace", list_sheets(shown, on), options.output, force=options.force, on=on)
    elif options.json or options.format == "json":
        put_json(list_json([entry for entry in entries if entry.due or options.due is None], on))
    elif options.format in ("ics", "csv"):
        # Calendars take 0.1 s to import.
        from toolvet.report.due_calendar import due_calendar, due_csv

        is_calendar = options.format == "ics"
        put_cells(due_calendar(entries, on, session.workspace.root) if is_calendar else due_csv(entries, on))
    elif not entries:
        say(NOTHING_USABLE if faults.status else NOTHING_HERE)
    elif options.due is None:
        put(list_text(entries, on, width=width()))
    elif due := list_due_text(entries, on, width=width()):
        put(due)
    else:
        say(f"Nothing is due in the next {plural(options.due, 'day')}.")
    if options.gate and not faults.status:
        return int(_tell_overdue(entries, on))
    return faults.status


def _tell_overdue(entries: Sequence[ListedEntry], on: date) -> bool:
    """Say how much is overdue; whether anything is."""
    overdue = sum(item.is_past(on) for entry in entries for item in entry.due)
    if overdue:
        say(f"{plural(overdue, 'thing is', 'things are')} overdue.")
    return bool(overdue)


def list_entries(session: Session, days: int | None, faults: Faults) -> tuple[ListedEntry, ...]:
    """The latest assessments of each subject, and each survey, with what is due within so many days.

    What cannot be used is said and counted among the faults.
    """
    on = session.on
    session.workspace.evidence.most_bytes = OVERVIEW_BYTES
    until = on + timedelta(days=min(SOON_DAYS if days is None else days, (on.max - on).days))
    workspace = session.workspace
    faults.add(*workspace.rubric_problems)
    faults.add(*workspace.stray_problems)
    names = workspace.subject_names()
    rows = workspace.index.rows(f"list {on} {until}", _ENTRIES)
    found: list[ListedEntry] = []
    for name in names:
        found += rows.known(name) or _look_at(session, name, until, faults, rows)
    rows.save(names)
    tell_skipped(workspace)
    return tuple(found)


_ENTRIES: Code[tuple[ListEntry, ...]] = Code(tuple[ListEntry, ...])


def _look_at(
    session: Session, name: str, until: date, faults: Faults, rows: Rows[tuple[ListEntry, ...]]
) -> tuple[ListedEntry, ...]:
    """The entries of that subject; those of a tool are kept, unless something had to be said of it."""
    surveys: list[SurveyEntry] = []

    def make() -> tuple[tuple[ListEntry, ...], bool]:
        told = faults.told
        tools: list[ListEntry] = []
        for folder in session.workspace.alone(name):
            for entry in _entries(session, folder, until, faults):
                (tools if isinstance(entry, ListEntry) else surveys).append(entry)  # type: ignore[arg-type]
        return tuple(tools), bool(tools) and not surveys and faults.told == told

    return (*rows.anew(name, make), *surveys)


def _entries(session: Session, folder: SubjectFolder, until: date, faults: Faults) -> Iterator[ListedEntry]:
    workspace = session.workspace
    tell_faults(faults, workspace, folder)
    if is_survey(folder, workspace):
        yield _survey_entry(session, folder, until, faults)
        return
    met: set[DueItem] = set()
    decided = decided_in(workspace, folder, session.on)
    decision = decided.decision
    if not folder.assessments and decided.standing is not None:
        made = () if decision is None else decided_items(decision, decided.standing, None)
        ends = tuple(sorted((item for item in made if item.day <= until), key=lambda item: item.day))
        recorded = None if decided.file is None else workspace.relative(decided.file.path)
        nothing = ListEntry(folder.name, None, folder.name, None, None, "", None, ends)
        yield with_decision(nothing, decision, decided.standing, recorded)
    for file in workspace.latest(folder, session.on):
        try:
            opened = open_tool(workspace, file, to_read=True)
        except SurveyAnswers:
            continue
        except ToolvetError as error:
            faults.add(error)
            continue
        evidence = tuple(unproven_in(workspace, [file], decided.file))
        faults.add(*opened.warnings, *evidence)
        scorecard = opened.score(session.on)
        found = due_items(scorecard, file.assessment, decision, until=until, standing=decided.standing)
        due = tuple(item for item in found if item not in met)
        met.update(due)
        entry = ListEntry(
            folder=folder.name,
            file=workspace.relative(file.path),
            subject=file.assessment.subject.label,
            reviewer=file.assessment.reviewer.name,
            score=listed_score(scorecard),
            state="",
            decision=None,
            due=due,
            doubts=(*workspace.doubts(file, folder), *decided.notes, *doubted_briefly(evidence)),
        )
        decision_file = None if decided.file is None else workspace.relative(decided.file.path)
        yield with_decision(entry, decision, decided.standing, decision_file)


def _survey_entry(session: Session, folder: SubjectFolder, until: date, faults: Faults) -> SurveyEntry:
    from toolvet.services import survey_rounds, surveys  # a workspace without surveys does not wait for them

    name = folder.assessments[0].assessment.subject.label
    try:
        gathered = survey_rounds.gather_folder(folder, session.workspace, session.on)
    except UsageError:
        errors = surveys.answers_in_folder(folder, session.workspace)[1]
        faults.add(*errors)
        return SurveyEntry(folder.name, name, None, is_unusable=bool(errors))
    for note in gathered.later:
        warn(note)
    faults.add(*map(ToolvetError, gathered.left_out))
    due = () if gathered.survey is None else survey_due(gathered.survey, until)
    return SurveyEntry(folder.name, name, gathered.survey, due, open=gathered.open)
