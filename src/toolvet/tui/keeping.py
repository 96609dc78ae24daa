"""Saving what the screen holds, and the words for how that went."""

from __future__ import annotations

from datetime import datetime

from toolvet.domain.assessment import Assessment
from toolvet.errors import Conflict, NotSaved, ToolvetError
from toolvet.files.reading import AssessmentFile
from toolvet.files.workspace import Workspace


class Keeping:
    """One assessment file and the last account of saving it.

    `trouble` is what stands in the way, None where all is well. After a conflict whose version was kept beside the
    file nothing more is written: the file is somebody else's now, and each further try would leave another copy.
    """

    def __init__(self, workspace: Workspace, file: AssessmentFile) -> None:
        self._workspace = workspace
        self.file = file
        self.status = ""
        self.trouble: str | None = None
        self.is_overtaken = False

    def is_saved(self, assessment: Assessment) -> bool:
        """Whether that is what the file holds."""
        return assessment == self.file.assessment

    def keep(self, assessment: Assessment) -> None:
        """Save that, where it is not saved yet. Raises NotSaved where that fails; `trouble` then says why."""
        if self.is_overtaken:
            return
        if self.is_saved(assessment):
            self.trouble = None
            return
        try:
            saved = self._workspace.save(self.file, assessment)
        except NotSaved as error:
            self.is_overtaken = isinstance(error, Conflict) and error.kept is not None
            self._say(error)
            raise
        except ToolvetError as error:
            self._say(error)
            raise NotSaved(str(error)) from error
        self.status = f"saved {datetime.now():%H:%M:%S}"
        self.file = saved
        self.trouble = None

    def _say(self, error: ToolvetError) -> None:
        path = self.file.path
        words = str(error).removeprefix("NOT SAVED: ").replace(str(path), path.name, 1)
        self.trouble = f"NOT SAVED: {words}"
        self.status = ""
