"""`toolvet import`: filled sheets, shown first and written with --write."""

from __future__ import annotations

import argparse
from pathlib import Path

from toolvet.cli.output import Faults, put, say, session_given, width
from toolvet.domain.sheet import Audience
from toolvet.errors import ToolvetError
from toolvet.report.intake import IntakePage, intake_json, intake_text, nothing_written
from toolvet.services.assessments import Session
from toolvet.services.exchange import IntakePlan, plan_intake, write_intake
from toolvet.text.escape import json_text


def import_files(options: argparse.Namespace) -> int:
    """Show what each sheet would change, and write it with --write. Status 3 if anything cannot be used."""
    session, faults = session_given(options), Faults()
    pages: list[IntakePage] = []
    shown: list[object] = []
    for name in options.files:
        try:
            # Read anew for each: the file before may have changed the same assessment.
            folder = session.workspace.subject(options.subject)
            plan = plan_intake(
                session, folder, Path(name), None if options.sender is None else Audience(options.sender), options.by
            )
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
    if options.json:
        put(json_text(shown))
    if pages and not options.write:
        say(nothing_written(pages))
    return faults.status


def _page(session: Session, plan: IntakePlan) -> IntakePage:
    relative = session.workspace.relative
    target = "a new assessment" if plan.target is None else relative(plan.target.file.path)
    if plan.target is not None and plan.target.read_only is not None:
        target = f"a new assessment, because {plan.target.read_only}"
    sender = f"a {plan.audience}" if plan.by is None else f"{plan.by} ({plan.audience.value})"
    return IntakePage(
        file=str(plan.path),
        sender=sender,
        target=target,
        rubric=plan.rubric,
        scope=tuple((fact, plan.base.scope.get(fact), option, kind) for fact, option, kind in plan.scope),
        answers=plan.answers,
        places={name: str(place) for name, place in plan.places.items()},
        unusable=tuple((str(row.place), row.message) for row in plan.unusable),
        notes=plan.notes,
    )


def _write(session: Session, plan: IntakePlan, options: argparse.Namespace) -> str | None:
    file = write_intake(session, plan, frozenset(options.take), all_taken=options.take_all)
    if file is None:
        say(f"{plan.path}: nothing new to write.")
        return None
    say(f"Written: {file.path}")
    if file.kept_original is not None:
        say(f"The previous version of the file is kept as {file.kept_original}.")
    if plan.evidence is not None:
        say(f"The sheet is kept as {session.workspace.root / plan.evidence}.")
    return session.workspace.relative(file.path)
