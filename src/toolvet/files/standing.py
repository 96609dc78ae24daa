"""How the newest decision on a subject stands, found in a workspace."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from toolvet.domain.standing import Standing, standing_of
from toolvet.errors import ToolvetError
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace


def standing_in(workspace: Workspace, folder: SubjectFolder, on: date) -> Standing | None:
    """How the newest decision on the subject stands that day, by the assessment it rests on; None without one."""
    if not folder.decisions:
        return None
    decision = folder.decisions[0].decision
    named = decision.assessment.path
    file = next((file for file in folder.assessments if workspace.relative(file.path) == named), None)
    if file is None:
        return standing_of(decision, None, None, on)
    rubric = None
    with suppress(ToolvetError):
        rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    return standing_of(decision, rubric, file.assessment, on)
