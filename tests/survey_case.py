"""A small survey in a workspace, for tests of its screens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from screens import ON
from toolvet.domain.assessment import Answer, Assessment, Subject
from toolvet.domain.gaps import unanswered
from toolvet.domain.rubric import Rubric
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace

SURVEY = """
format = 1
id = "small-survey"
version = "1.0.0"
title = "Small survey"
subject = "organisation"
ask = "gap"
how_to_answer = "One ladder, two answers. Skip what you can't know."
groups = ["staff", "guests"]

[[criteria]]
id = "talking"
title = "Talking"

[[criteria.questions]]
id = "by-mail"
think_of = "A trip with friends."
expected = "How should work travel, at the least?"
delivered = "How did it travel the last time?"
check = "Count the attachments."
levels = ["By post.", "By mail.", "In a shared place.", "In one that outsiders enter."]

[[criteria.questions]]
id = "welcome"
expected = "How should a guest get in?"
delivered = "How did you get in?"
asked_of = ["guests"]
levels = ["Not at all.", "By a door.", "By name."]

[[criteria]]
id = "deciding"
title = "Deciding"

[[criteria.questions]]
id = "how-long"
expected = "How long may it take?"
delivered = "How long did it take?"
levels = ["A year.", "A month.", "A week.", "A day.", "No time."]
"""


class SurveyCase:
    """A workspace with one person's answers to that survey."""

    def __init__(
        self,
        root: Path,
        answers: Mapping[str, Answer] | None = None,
        *,
        group: str | None = "staff",
        rubric: str = SURVEY,
        about: str = "Harbour",
    ) -> None:
        (root / "rubrics").mkdir(parents=True)
        (root / "rubrics" / "small-survey-1.0.0.toml").write_text(rubric, encoding="utf-8")
        self.workspace = Workspace(root)
        self.rubric: Rubric = self.workspace.rubric("small-survey", "1.0.0")
        self.about = Subject(about)
        self.file: AssessmentFile = self.add(answers or {}, group=group)

    def add(self, answers: Mapping[str, Answer], *, group: str | None = "staff") -> AssessmentFile:
        """Another person's answers."""
        empty = unanswered(self.rubric, self.about, group, ON)
        file = self.workspace.start(empty, ON)
        for question_id, answer in answers.items():
            file = self.workspace.save(file, file.assessment.with_answer(question_id, answer))
        return file

    @property
    def saved(self) -> Assessment:
        """What the person's file holds now."""
        return read_assessment(self.file.path).assessment
