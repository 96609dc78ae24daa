"""Conflict copies: keeping a version beside its file, and making one file of both again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from toolvet.domain.assessment import Assessment
from toolvet.errors import Conflict, NotSaved, ToolvetError, UnusableFile
from toolvet.storage.atomic import conflict_ending, create_beside, save, tell_as_not_saved
from toolvet.storage.reader import AssessmentFile, assessment_of, read_assessment
from toolvet.storage.subjects import original_of
from toolvet.storage.toml_input import Seal, read_content
from toolvet.storage.user_state import Unfinished
from toolvet.storage.workspace import Workspace


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


class Keeping:
    """One assessment file and the last account of saving it.

    `trouble` is what stands in the way, None where all is well. After a conflict the file is somebody else's: what is
    changed from then on is saved in `copy`, the conflict copy beside it, until a person has settled what differs.
    """

    def __init__(self, workspace: Workspace, file: AssessmentFile) -> None:
        self._workspace = workspace
        self.file = file
        self.copy: AssessmentFile | None = None
        self.status = ""
        self.trouble: str | None = None

    @property
    def is_overtaken(self) -> bool:
        """Whether the file is somebody else's now, and ours is kept beside it."""
        return self.copy is not None

    def is_saved(self, assessment: Assessment) -> bool:
        """Whether that is what the file, or the copy beside it, holds."""
        return assessment == (self.copy or self.file).assessment

    def keep(self, assessment: Assessment) -> None:
        """Save that, where it is not saved yet. Raises NotSaved where that fails; `trouble` then says why.

        Raises Conflict when it went into a new copy beside the file.
        """
        if self.is_saved(assessment):
            self.trouble = self._beside_words()
            return
        try:
            self._save(assessment)
        except NotSaved as error:
            self._say(error)
            raise
        except ToolvetError as error:
            self._say(error)
            raise NotSaved(str(error)) from error
        self.trouble = self._beside_words()

    def settle(self, file: AssessmentFile) -> None:
        """What differed is settled, and stands in that file."""
        self.file, self.copy, self.trouble = file, None, None
        self.status = f"saved {datetime.now():%H:%M:%S}"

    def _save(self, assessment: Assessment) -> None:
        try:
            saved = self._workspace.save(self.copy or self.file, assessment)
        except Conflict as conflict:
            if conflict.kept is not None:
                self._go_on_in(read_assessment(conflict.kept))
            raise
        except NotSaved as error:
            if self.copy is not None or self._workspace.why_read_only(self.file) is None:
                raise
            self._go_on_in(keep_beside(self._workspace, self.file, assessment))
            raise Conflict(str(error), self.copy and self.copy.path) from error
        if self.copy is None:
            self.file = saved
            self.status = f"saved {datetime.now():%H:%M:%S}"
        else:
            self.copy = saved
            self.status = f"kept {datetime.now():%H:%M:%S}"

    def _go_on_in(self, copy: AssessmentFile) -> None:
        version_before(self._workspace, copy).keep({"text": self.file.content.decode()})
        self.copy = copy
        self.status = f"kept {datetime.now():%H:%M:%S}"

    def _beside_words(self) -> str | None:
        if self.copy is None:
            return None
        return (
            f"Somebody else changed this file; yours is kept beside it, as {self.copy.path.name}. c shows what differs."
        )

    def _say(self, error: ToolvetError) -> None:
        path = self.file.path
        words = str(error).removeprefix("NOT SAVED: ").replace(str(path), path.name, 1)
        self.trouble = self._beside_words() if isinstance(error, Conflict) and self.copy else f"NOT SAVED: {words}"
        self.status = self.status if self.copy else ""


def version_before(workspace: Workspace, copy: AssessmentFile) -> Unfinished:
    """Where the text is kept that both versions began with, until what differs is settled."""
    return Unfinished(workspace.root, f"before {workspace.relative(copy.path)}")
