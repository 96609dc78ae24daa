"""A conversation about one assessment: each change is saved at once, and the end says what is saved."""

from __future__ import annotations

from collections.abc import Callable

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Rubric
from toolvet.errors import Conflict, NotSaved, UnusableFile
from toolvet.prompt.prompt import Ended, tell
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.reader import AssessmentFile


class Conversation:
    """One open assessment. `is_saved` is false if the last change did not reach the disk."""

    def __init__(self, session: Session, opened: OpenedAssessment) -> None:
        self.session = session
        self.rubric: Rubric = opened.rubric
        self.file: AssessmentFile = opened.file
        self.assessment: Assessment = opened.assessment
        self.is_saved = True

    def change(self, assessment: Assessment) -> None:
        """Continue with that assessment and save it. Conflict if somebody else changed the file meanwhile."""
        if assessment == self.assessment and self.is_saved:
            return
        self.assessment = assessment
        original = self.file.kept_original
        try:
            self.file = self.session.workspace.save(self.file, assessment)
        except Conflict:
            self.is_saved = False
            raise
        except (NotSaved, UnusableFile) as error:
            self.is_saved = False
            tell(f"NOT SAVED: {str(error).removeprefix('NOT SAVED: ')}. The next change tries again.")
            return
        self.is_saved = True
        if self.file.kept_original not in (None, original):
            tell(f"The file as it was written by hand is kept as {self.file.kept_original}.")
        tell("Saved.")

    def answer(self, question_id: str, answer: Answer) -> None:
        """Give that answer to the question."""
        self.change(self.assessment.with_answer(question_id, answer))

    def run(self, ask_all: Callable[[], None], closing: Callable[[], str]) -> int:
        """Introduce the assessment, ask until the person quits, and give the exit status.

        Status 3 if the last change could not be saved. `closing` says how far it is.
        """
        tell(f"{self.assessment.subject.label}. {self.rubric.title}.")
        tell("Each answer is saved at once. Type help for what you can type, quit to stop.")
        if self.rubric.how_to_answer:
            tell(self.rubric.how_to_answer)
        try:
            ask_all()
        except Ended:
            pass
        except Conflict as conflict:
            tell(f"{conflict} Nothing more is saved here; start again to continue.")
            return conflict.status
        tell()
        tell(closing())
        place = self.session.workspace.relative(self.file.path)
        tell(f"Saved: {place}" if self.is_saved else f"NOT SAVED: the last change to {place}")
        return 0 if self.is_saved else 3
