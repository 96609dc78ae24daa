"""Which files answer a survey. Apart from counting them, which takes longer to load than opening a tool's questions."""

from __future__ import annotations

from toolvet.domain.rubric import Ask
from toolvet.errors import ToolvetError
from toolvet.files.reading import AssessmentFile
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace


def is_survey(folder: SubjectFolder, workspace: Workspace) -> bool:
    """Whether the newest of what was answered about that subject answers a survey."""
    return bool(folder.assessments) and is_answer_file(folder.assessments[0], workspace)


def is_answer_file(file: AssessmentFile, workspace: Workspace) -> bool:
    """Whether a survey is answered in that file."""
    asked = file.assessment.rubric
    try:
        return workspace.rubric(asked.id, asked.version).ask is Ask.GAP
    except ToolvetError:
        return False
