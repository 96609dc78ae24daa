"""Saving what the screen holds, and the words for how that went."""

from __future__ import annotations

from datetime import datetime

from toolvet.domain.assessment import Assessment
from toolvet.errors import Conflict, NotSaved, UnusableFile
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
        if self.is_saved(assessment) or self.is_overtaken:
            return
        try:
            saved = self._workspace.save(self.file, assessment)
        except Conflict as conflict:
            self.is_overtaken = conflict.kept is not None
            self.trouble = f"NOT SAVED: {conflict}"
            raise
        except (NotSaved, UnusableFile) as error:
            self.trouble = f"NOT SAVED: {error}"
            raise
        self.status = f"saved {datetime.now():%H:%M:%S}"
        self.file = saved
        self.trouble = None
