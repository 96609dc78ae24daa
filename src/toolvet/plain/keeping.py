"""The assessment as it stands in the conversation, saved after each change."""

from __future__ import annotations

from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import Conflict, NotSaved, UnusableFile
from toolvet.files.reading import AssessmentFile
from toolvet.files.workspace import Workspace
from toolvet.plain.talk import tell


class Kept:
    """One open assessment. `is_saved` is false where the last change did not reach the disk."""

    def __init__(self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date) -> None:
        self.workspace, self.rubric, self.on = workspace, rubric, on
        self._file = file
        self.assessment = file.assessment
        self.is_saved = True

    @property
    def place(self) -> str:
        """Where it is saved, as seen from the workspace."""
        return self.workspace.relative(self._file.path)

    @property
    def file(self) -> AssessmentFile:
        """As it was saved last."""
        return self._file

    def scorecard(self) -> Scorecard:
        """What follows from the answers as they stand."""
        return score(self.rubric, self.assessment, self.on)

    def change(self, assessment: Assessment) -> None:
        """Go on to that assessment and save it. Conflict where somebody else changed the file meanwhile."""
        if assessment == self.assessment and self.is_saved:
            return
        self.assessment = assessment
        original = self._file.kept_original
        try:
            self._file = self.workspace.save(self._file, assessment)
        except Conflict:
            self.is_saved = False
            raise
        except (NotSaved, UnusableFile) as error:
            self.is_saved = False
            tell(f"NOT SAVED: {str(error).removeprefix('NOT SAVED: ')}. It is tried again with the next change.")
            return
        self.is_saved = True
        if self._file.kept_original not in (None, original):
            tell(f"The file as it was written by hand is kept as {self._file.kept_original}.")
        tell("Saved.")
