"""`toolvet assess --plain`: from the name of a tool to its last question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.rubric import Ask, Rubric
from toolvet.domain.versions import newest_of_each
from toolvet.errors import Conflict, ToolvetError, UnusableFile
from toolvet.files.reading import AssessmentFile, check_answers
from toolvet.files.reviewer import reviewer_name
from toolvet.files.seal import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.files.workspace import Workspace
from toolvet.plain.choosing import choose_rubric
from toolvet.plain.facts import ask_facts
from toolvet.plain.keeping import Kept
from toolvet.plain.questions import ask_questions
from toolvet.plain.talk import Ended, ask_day, ask_number, ask_text, ask_yes, tell
from toolvet.plain.words import standing


def assess_plainly(workspace: Workspace, file: AssessmentFile | None, *, name: str, on: date) -> int:
    """Ask for everything that is open, saving each answer, until the person quits or the input ends.

    `file` is resumed; with None a new assessment is started, of the tool of that name where one is given. Status 3
    where the last change could not be saved.
    """
    try:
        opened = _start(workspace, name, on) if file is None else _continued(workspace, file, on)
    except Ended:
        tell("Nothing was started.")
        return 0
    kept = Kept(workspace, _rubric_of(workspace, opened), opened, on)
    _introduce(kept)
    newer = workspace.newer_version(opened.assessment.rubric)
    if newer is not None:
        tell(f"There is version {newer} of this rubric: toolvet migrate shows what becomes of each answer.")
    try:
        ask_facts(kept)
        ask_questions(kept)
    except Ended:
        pass
    except Conflict as conflict:
        tell(f"{conflict} Nothing more is saved here; start again to go on.")
        return conflict.status
    tell()
    tell(standing(kept.scorecard()))
    tell(f"Saved: {kept.place}" if kept.is_saved else f"NOT SAVED: the last change to {kept.place}")
    return 0 if kept.is_saved else 3


def _start(workspace: Workspace, name: str, on: date) -> AssessmentFile:
    rubrics = newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.LEVEL)
    rubric = choose_rubric(rubrics, "rubric")
    tell("A new assessment. An empty line leaves open what is not required. Control-D stops.")
    while not name:
        name = ask_text("Name of the tool:")
    subject = Subject(
        name=name,
        vendor=ask_text("Vendor:") or None,
        plan=ask_text("Plan or edition:") or None,
        deployment=ask_text("Deployment (vendor cloud, own servers):") or None,
        job=ask_text("The job to be done:") or None,
        requested_by=ask_text("Requested by:") or None,
        answer_by=ask_day("Answer promised by (2026-11-20):", None),
        users=ask_number("Number of users:"),
    )
    reviewer = reviewer_name() or ""
    while not reviewer:
        reviewer = ask_text("Your name:")
    file = workspace.start(
        Assessment(RubricRef(rubric.id, rubric.version, rubric.digest), subject, Reviewer(reviewer), started=on), on
    )
    tell(f"Started and saved: {file.path}")
    return file


def _continued(workspace: Workspace, file: AssessmentFile, on: date) -> AssessmentFile:
    """The file itself, or, where a decision rests on it, a new one with the same answers."""
    if file.seal is Seal.BROKEN:
        tell(f"{CHANGED_OUTSIDE}.")
        if not ask_yes(READ_THROUGH):
            raise Ended
    why = workspace.why_read_only(file)
    if why is None:
        return file
    tell(f"It stays as it is, because {why}.")
    if not ask_yes("Continue with its answers as a new assessment?"):
        raise Ended
    reviewer = replace(file.assessment.reviewer, name=reviewer_name() or file.assessment.reviewer.name)
    return workspace.start(replace(file.assessment, started=on, reviewer=reviewer), on)


def _rubric_of(workspace: Workspace, file: AssessmentFile) -> Rubric:
    rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    problems = tuple(problem for problem in check_answers(file, rubric) if not problem.warning)
    if problems:
        raise UnusableFile(problems)
    if rubric.ask is Ask.GAP:
        raise ToolvetError(f"{file.path} answers a survey of what is expected and delivered: toolvet assess --survey")
    return rubric


def _introduce(kept: Kept) -> None:
    tell(f"{kept.assessment.subject.label}. {kept.rubric.title}.")
    tell("Each answer is saved at once. Say help for what can be said, quit to stop.")
    if kept.rubric.how_to_answer:
        tell(kept.rubric.how_to_answer)
