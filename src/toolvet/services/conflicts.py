"""Conflict copies: keep a version beside its file, and settle both into one file again."""

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
    """Save the assessment as a conflict copy beside the file, which stays as it is."""
    content = workspace.bytes_of(assessment, file.path)
    return assessment_of(create_beside(file.path, conflict_ending, content), content)


def content_of(path: Path) -> bytes | None:
    """The bytes there now; None if the file was removed. UnusableFile if it cannot be read."""
    return read_content(path) if path.exists() else None


@tell_as_not_saved
def settle(
    workspace: Workspace, copy: AssessmentFile, found: bytes | None, assessment: Assessment, *, drops_found: bool
) -> AssessmentFile:
    """Replace `found`, the content of the file beside the copy, by that assessment, and put the copy aside.

    `found` is None if the file was removed. With `drops_found`, something in it is not in the assessment, so it is
    put aside as `.settled` too. NotSaved or Conflict as in Workspace.save.
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
    """Rename the conflict copy to `.settled`; it needs no more attention."""
    _keep_once(original_of(copy.path), copy.content)
    with suppress(OSError, UnusableFile):
        if read_content(copy.path) == copy.content:  # else somebody is at work in it
            copy.path.unlink()


def _keep_once(path: Path, content: bytes) -> None:
    # an attempt that failed later may have kept it already
    if not any(kept.read_bytes() == content for kept in path.parent.glob("*.settled") if kept.is_file()):
        create_beside(path, lambda number: f".{number}.settled", content)


class Keeping:
    """One assessment file, how the last save went, and where the next one goes.

    `trouble` says what stands in the way, or is None. After a conflict the file is somebody else's: later changes go
    into `copy`, the conflict copy beside it, until a person has settled what differs.
    """

    def __init__(self, workspace: Workspace, file: AssessmentFile) -> None:
        self._workspace = workspace
        self.file = file
        self.copy: AssessmentFile | None = None
        self.status = ""
        self.trouble: str | None = None

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else changed the file, so that ours is kept beside it."""
        return self.copy is not None

    def is_saved(self, assessment: Assessment) -> bool:
        """Whether the file, or the copy beside it, holds that assessment."""
        return assessment == (self.copy or self.file).assessment

    def keep(self, assessment: Assessment) -> None:
        """Save that assessment unless it is saved. NotSaved if that fails; `trouble` then says why.

        Conflict if it went into a new copy beside the file.
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
        """Continue in that file, which holds what was settled."""
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
            f"Somebody else changed this file; yours is kept beside it as {self.copy.path.name}. "
            "Press c to see what differs."
        )

    def _say(self, error: ToolvetError) -> None:
        path = self.file.path
        words = str(error).removeprefix("NOT SAVED: ").replace(str(path), path.name, 1)
        self.trouble = self._beside_words() if isinstance(error, Conflict) and self.copy else f"NOT SAVED: {words}"
        self.status = self.status if self.copy else ""


def version_before(workspace: Workspace, copy: AssessmentFile) -> Unfinished:
    """Where the text that both versions began with is kept until what differs is settled."""
    return Unfinished(workspace.root, f"before {workspace.relative(copy.path)}")
