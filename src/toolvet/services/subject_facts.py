"""What is known about a tool, changed in those of its assessments that may still change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from toolvet.domain.assessment import Subject
from toolvet.errors import UnusableFile, UsageError
from toolvet.services.assessments import Session
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """The files that were saved with the new facts, and those that stay as they are because they were decided on."""

    saved: tuple[AssessmentFile, ...]
    kept: tuple[AssessmentFile, ...]


def change_subject(session: Session, folder: SubjectFolder, facts: Mapping[str, object]) -> SubjectChange:
    """Change those facts of the subject; None takes one away. UsageError where every assessment was decided on."""
    if folder.errors:
        raise UnusableFile(folder.errors)
    workspace = session.workspace
    kept = tuple(file for file in folder.assessments if workspace.why_read_only(file) is not None)
    free = [file for file in folder.assessments if file not in kept]
    if not free:
        raise UsageError(
            f"every assessment of {folder.name} was decided on and stays as it was; begin the next review with "
            f"toolvet assess {folder.name} --again, and change it there"
        )
    broken = [file for file in free if file.seal is Seal.BROKEN]
    if broken:
        names = ", ".join(workspace.relative(file.path) for file in broken)
        raise UsageError(f"the seal of {names} does not match; read it through and save it in toolvet first")
    changed = [(file, replace(file.assessment.subject, **facts)) for file in free]  # type: ignore[arg-type]
    return SubjectChange(
        tuple(
            workspace.save(file, replace(file.assessment, subject=subject))
            for file, subject in changed
            if subject != file.assessment.subject
        ),
        kept,
    )


def newest_subject(folder: SubjectFolder) -> Subject:
    """The subject as its newest assessment has it."""
    return folder.assessments[0].assessment.subject if folder.assessments else Subject(folder.name)
