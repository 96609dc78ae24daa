"""From a conflict copy back to one file: what differs is shown, and a person chooses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from textual.app import App

from toolvet.domain.assessment import Assessment
from toolvet.domain.settling import points, settled
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.files.reading import AssessmentFile, assessment_of
from toolvet.files.seal import Seal
from toolvet.files.settling import content_of, put_aside, settle
from toolvet.files.subjects import original_of
from toolvet.files.workspace import Workspace
from toolvet.report.text import visible
from toolvet.tui.conflict import ConflictScreen, Sides
from toolvet.tui.dialogs import Confirm
from toolvet.tui.keeping import version_before

OPEN_HERE = Sides("Yours", "Theirs")
BESIDE = Sides("The copy", "The file")


async def settle_copy(app: App[None], workspace: Workspace, copy: AssessmentFile, on: date) -> AssessmentFile | None:
    """What differs between that conflict copy and its file, from the list; None where the person went back."""
    return await settle_conflict(app, workspace, copy, on, BESIDE)


async def settle_conflict(
    app: App[None], workspace: Workspace, copy: AssessmentFile, on: date, sides: Sides = OPEN_HERE
) -> AssessmentFile | None:
    """The file as it is once what differs was chosen from; None where the person went back. May raise ToolvetError."""
    path = original_of(copy.path)
    found = content_of(path)
    try:
        theirs = None if found is None else assessment_of(path, found)
    except UnusableFile as error:
        return await _put_in_place(app, workspace, copy, found, str(error))
    if theirs is None:
        return await _put_in_place(app, workspace, copy, None, f"{workspace.relative(path)} was removed.")
    file = await _choose(app, workspace, copy, theirs, on, sides)
    if file is not None:
        version_before(workspace, copy).forget()
        app.notify(visible(f"Settled in {workspace.relative(file.path)}"), markup=False)
    return file


async def _choose(
    app: App[None], workspace: Workspace, copy: AssessmentFile, theirs: AssessmentFile, on: date, sides: Sides
) -> AssessmentFile | None:
    ours = copy.assessment
    rubric = workspace.rubric(ours.rubric.id, ours.rubric.version)
    found = points(ours, theirs.assessment, _before(workspace, copy), rubric)
    kept = await app.push_screen_wait(ConflictScreen(rubric, found, ours.subject.label, sides)) if found else {}
    if kept is None:
        return None
    merged = settled(theirs.assessment, found, kept)
    if merged == theirs.assessment:
        put_aside(copy)
        return theirs
    if workspace.why_read_only(theirs) is not None:
        file = workspace.start(replace(merged, started=on), on)
        put_aside(copy)
        return file
    drops = any(point.drops_theirs(kept.get(point.key, point.offered)) for point in found)
    return settle(workspace, copy, theirs.content, merged, drops_found=drops or theirs.seal is not Seal.INTACT)


async def _put_in_place(
    app: App[None], workspace: Workspace, copy: AssessmentFile, found: bytes | None, why: str
) -> AssessmentFile | None:
    text = f"{why}\n\nWhat is kept beside it can take its place; what stands there now is put aside, not deleted."
    sure = Confirm(
        "There is nothing to compare with", text, yes="Put the copy in its place", no="Leave both as they are"
    )
    if not await app.push_screen_wait(sure):
        return None
    return settle(workspace, copy, found, copy.assessment, drops_found=True)


def _before(workspace: Workspace, copy: AssessmentFile) -> Assessment | None:
    """The version that both began with, where this computer still knows it."""
    text = version_before(workspace, copy).left().work.get("text")
    if not isinstance(text, str):
        return None
    try:
        return assessment_of(copy.path, text.encode()).assessment
    except ToolvetError:
        return None
