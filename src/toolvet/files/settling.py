"""Conflict copies: keeping a version beside its file, and making one file of both again."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from toolvet.domain.assessment import Assessment
from toolvet.errors import UnusableFile
from toolvet.files.content import read_content
from toolvet.files.reading import AssessmentFile, assessment_of
from toolvet.files.saving import conflict_ending, create_beside, save, tell_as_not_saved
from toolvet.files.seal import Seal
from toolvet.files.subjects import original_of
from toolvet.files.workspace import Workspace


@tell_as_not_saved
def keep_beside(workspace: Workspace, file: AssessmentFile, assessment: Assessment) -> AssessmentFile:
    """That assessment as a conflict copy beside the file, which stays as it is."""
    content = workspace.bytes_of(assessment, file.path)
    return assessment_of(create_beside(file.path, conflict_ending, content), content)


def content_of(path: Path) -> bytes | None:
    """What stands there now; None where the file was removed. UnusableFile where it cannot be read."""
    return read_content(path) if path.exists() else None


@tell_as_not_saved
def settle(
    workspace: Workspace, copy: AssessmentFile, found: bytes | None, assessment: Assessment, *, drops_found: bool
) -> AssessmentFile:
    """The file that the conflict copy lies beside, with that assessment in place of what was found there.

    `found` is None where the file was removed. The copy is put aside as `.settled`, and so is what was found where
    `drops_found` says that not all of it is in the assessment. NotSaved or Conflict as in Workspace.save.
    """
    path = original_of(copy.path)
    content = workspace.bytes_of(assessment, path)
    if found is not None and drops_found:
        _keep_once(path, found)
    save(path, content, found)
    put_aside(copy)
    return AssessmentFile(path, assessment, Seal.INTACT, content)


@tell_as_not_saved
def put_aside(copy: AssessmentFile) -> None:
    """The conflict copy as `.settled`, which nothing asks to be looked at any more."""
    _keep_once(original_of(copy.path), copy.content)
    with suppress(OSError, UnusableFile):
        if read_content(copy.path) == copy.content:  # else somebody is at work in it
            copy.path.unlink()


def _keep_once(path: Path, content: bytes) -> None:
    """The content beside the path as `.settled`; a try that failed further on may have kept it already."""
    if not any(kept.read_bytes() == content for kept in path.parent.glob("*.settled") if kept.is_file()):
        create_beside(path, _ending, content)


def _ending(number: int) -> str:
    return f".{number}.settled"
