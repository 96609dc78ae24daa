"""Small assessments and decisions for workspaces in tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.decision import AssessmentRef, Decision
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.services.decisions import to_supersede
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.workspace import Workspace

DAY = date(2026, 11, 2)
ZOOM = Subject("Zoom Workplace", plan="Business", deployment="vendor cloud")


def assessment_of(subject: Subject = ZOOM, *, reviewer: str = "A. Reviewer", started: date = DAY) -> Assessment:
    return Assessment(RubricRef("collaboration-tool", "1.1.0"), subject, Reviewer(reviewer), started)


def complete(file: AssessmentFile, workspace: Workspace) -> AssessmentFile:
    """Every scope fact given and every question answered, as unknown."""
    rubric = workspace.rubric("collaboration-tool", "1.1.0")
    scope = {fact.id: fact.options[0] for fact in rubric.scope}
    answers = {question.id: Answer(unknown="") for _, question in rubric.questions()}
    return workspace.save(file, replace(file.assessment, scope=scope, answers=answers))


def decision_on(file: AssessmentFile, workspace: Workspace, *, decided_on: date = DAY) -> Decision:
    """A hold on that assessment, which supersedes the decision before."""
    rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    folder = workspace.folder_of(file)
    earlier = [] if folder is None else [each.path.name for each in to_supersede(folder)]
    return Decision(
        decision=Verdict.HOLD,
        decided_by="Board",
        decided_on=decided_on,
        assessment=AssessmentRef(workspace.relative(file.path), file.sha256),
        computed=make_computed(score(rubric, file.assessment, decided_on)),
        rationale="We wait.",
        supersedes=earlier[0] if earlier else None,
        also_supersedes=tuple(earlier[1:]),
    )


def hand_written(workspace: Workspace, name: str = "zoom") -> Path:
    path = workspace.root / "assessments" / name / "2026-11-02-me.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        '# my notes\nformat = 1\nsubject.name = "Zoom"\nreviewer.name = "Me"\n'
        'rubric = { id = "collaboration-tool", version = "1.1.0" }\n'
    )
    return path


def names(files: tuple[AssessmentFile, ...]) -> list[str]:
    return [file.path.name for file in files]
