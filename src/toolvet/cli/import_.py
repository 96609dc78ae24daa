"""`toolvet import`: shows what filled-in sheets would change, and writes it with --write."""

from __future__ import annotations

import argparse
import codecs
from collections.abc import Sequence
from pathlib import Path

from toolvet.cli.output import Faults, ending_of, put, put_cells, put_json, save_into, say, session_given, width
from toolvet.domain.sheet import Audience
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.intake import (
    IntakePage,
    draft_json,
    draft_text,
    intake_json,
    intake_text,
    left_out_csv,
    nothing_written,
)
from toolvet.services.assessments import Session
from toolvet.services.decisions import tool_called
from toolvet.services.exchange import IntakePlan, plan_intake, read_returned, write_intake
from toolvet.storage.names import slug
from toolvet.storage.questionnaire_kinds import keep_columns, kept_columns, read_rubric_draft
from toolvet.storage.rubric_draft import check_draft, write_draft


def import_files(options: argparse.Namespace) -> int:
    """Show what each file would change, and write it with --write. Status 3 if anything cannot be used."""
    if options.listing not in (None, "-"):
        ending_of(options.listing, ("csv",))
    if options.kind == "rubric":
        return _import_rubrics(options)
    if options.subject is None:
        raise UsageError(
            "say which tool the answers are about with --for SUBJECT, or import a questionnaire with --as rubric"
        )
    if options.columns or options.id is not None:
        raise UsageError("--column and --id go with --as rubric")
    return _import_answers(options)


def _import_answers(options: argparse.Namespace) -> int:
    session, faults = session_given(options), Faults()
    pages: list[IntakePage] = []
    shown: list[object] = []
    for name in options.files:
        try:
            # Read anew for each: the file before may have changed the same assessment.
            folder = tool_called(session.workspace, options.subject)
            sender = None if options.sender is None else Audience(options.sender)
            plan = plan_intake(session, folder, read_returned(Path(name)), sender, options.by)
            page = _page(session, plan)
            pages.append(page)
            if not options.json:
                put(f"{chr(10) if len(pages) > 1 else ''}{intake_text(page, width())}")
            written = _write(session, plan, options) if options.write else None
            shown.append(intake_json(page, written))
        except ToolvetError as error:
            faults.add(error)
            continue
        if plan.unusable:
            faults.status = max(faults.status, 3)
    if options.listing is not None:
        _put_list([each for page in pages for each in page.listed], options)
    if options.json:
        put_json(shown)
    if pages and not options.write:
        say(nothing_written(pages))
    return faults.status


def _page(session: Session, plan: IntakePlan) -> IntakePage:
    return IntakePage(
        file=str(plan.path),
        sender=plan.sender,
        target=plan.goes_into(session.workspace.relative),
        rubric=plan.rubric,
        scope=tuple((fact, plan.base.scope.get(fact), option, kind) for fact, option, kind in plan.scope),
        answers=plan.answers,
        places=plan.places,
        unusable=tuple((str(row.place), row.message) for row in plan.unusable),
        notes=plan.notes,
        listed=plan.listed,
    )


def _write(session: Session, plan: IntakePlan, options: argparse.Namespace) -> str | None:
    if plan.audience is Audience.COLLEAGUE and options.sender is None and options.by is None:
        # Who filled it in is a cell of the sheet, and a colleague's answers count at once.
        raise UsageError(
            f"{plan.path}: says that it is from {plan.sender}, whose answers count at once; "
            "add --from colleague if that is so, else --from vendor"
        )
    file = write_intake(session, plan, plan.offered(options.take, all_taken=options.take_all))
    if file is None:
        say(f"{plan.path}: nothing new to write.")
        return None
    say(f"Written: {file.path}")
    if file.kept_original is not None:
        say(f"The previous version of the file is kept as {file.kept_original}.")
    if plan.evidence is not None:
        say(f"The sheet is kept as {session.workspace.root / plan.evidence}.")
    return session.workspace.relative(file.path)


def _import_rubrics(options: argparse.Namespace) -> int:
    """Show what becomes of a questionnaire, and write it as a rubric with --write."""
    if len(options.files) > 1:
        raise UsageError("one questionnaire makes one rubric; name one file")
    session, path = session_given(options), Path(options.files[0])
    root = session.workspace.root
    columns = dict(_column(given) for given in options.columns)
    draft = read_rubric_draft(path, columns, kept_columns(root))
    rubric_id = options.id or slug(path.stem, otherwise="rubric")
    check_draft(path, draft, rubric_id, path.name)
    left_out = [(each.place, each.text, each.why) for each in draft.left_out]
    written = write_draft(root, draft, rubric_id, path.name) if options.write else None
    if written is not None and columns:
        keep_columns(root, columns)
    if options.listing is not None:
        _put_list(left_out, options)
    if options.json:
        put_json(draft_json(rubric_id, draft.carried, left_out, None if written is None else str(written)))
    else:
        sizes = [(title, len(questions)) for title, questions in draft.criteria]
        put(draft_text(str(path), rubric_id, sizes, left_out, draft.notes, width()))
    say("Nothing was written; add --write to write the rubric." if written is None else f"Written: {written}")
    return 0


def _put_list(left_out: Sequence[tuple[str, str, str]], options: argparse.Namespace) -> None:
    """Write every item that was left out into a table, or print it."""
    if options.listing == "-":
        put_cells(left_out_csv(left_out))
    else:
        save_into(codecs.BOM_UTF8 + left_out_csv(left_out).encode(), options.listing)


def _column(given: str) -> tuple[str, str]:
    part, sign, header = given.partition("=")
    if not (part and sign and header):
        raise UsageError(f"--column {given}: write it as PART=HEADER, such as text=Requirement")
    return part, header
