"""Saving what the screen holds, and the words for how that went."""

from __future__ import annotations

from datetime import datetime

from toolvet.domain.assessment import Assessment
from toolvet.errors import Conflict, NotSaved, ToolvetError
from toolvet.files.reading import AssessmentFile, read_assessment
from toolvet.files.settling import keep_beside
from toolvet.files.unfinished import Unfinished
from toolvet.files.workspace import Workspace


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
