"""What has to be said about an assessment before somebody relies on it."""

from __future__ import annotations

from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Ask, Rubric
from toolvet.files.reading import AssessmentFile, check_answers
from toolvet.files.seal import Seal
from toolvet.report.text import plural

DECIDED = "A decision rests on this assessment, so it is read-only. Go back with esc, and continue it as a new one."
OVERTAKEN = "Somebody else changed this file"

CHANGED_RUBRIC = "The rubric's words have changed since this was answered: no decision can rest on it."
CHANGED_SURVEY = "The survey's words have changed since this was answered."
MIGRATES = "M shows what becomes of each answer."
UNREAD = "The seal of this file is broken and it was not read through: it is read-only until you open it again."


def about(file: AssessmentFile, rubric: Rubric, *, is_decided: bool, newer: str | None = None) -> tuple[str, ...]:
    """One sentence or two for each thing the person should know; none where all is as usual.

    `newer` is a version of the rubric that came after the one that was answered.
    """
    is_survey = rubric.ask is Ask.GAP
    said = [DECIDED] if is_decided else []
    match file.seal:
        case Seal.BROKEN:
            until = "" if is_survey else "; no decision can rest on it until that is confirmed"
            said.append(
                "The seal of this file is broken: it was changed outside toolvet, or cut short. "
                f"Look through the answers before you rely on them{until}."
            )
        case Seal.MISSING if not is_decided:
            written = "not written by toolvet's screens" if is_survey else "written by hand"
            said.append(
                f"This file was {written}. The first change saves it in toolvet's form and keeps the original "
                f"as {file.path.name}.orig."
            )
        case _:
            pass
    if is_rubric_changed(rubric, file.assessment):
        said.append(f"{CHANGED_SURVEY if is_survey else CHANGED_RUBRIC} {MIGRATES}")
    elif newer is not None:
        said.append(f"Version {newer} of this {'survey' if is_survey else 'rubric'} is there: {MIGRATES}")
    count = sum(answer.confirm is not None for answer in file.assessment.answers.values())
    if count:
        said.append(f"! {plural(count, 'answer')} to be confirmed, not counted until then. j goes to what is open.")
    return tuple(said)


def misfit(file: AssessmentFile, rubric: Rubric) -> str | None:
    """Why these answers cannot be shown or scored by that text of the rubric, and what to do; None where they can."""
    problems = [str(problem) for problem in check_answers(file, rubric) if not problem.warning]
    if problems and is_rubric_changed(rubric, file.assessment):
        problems.insert(0, f"The rubric's words have changed since this was answered. {MIGRATES}")
    return "\n".join(problems) or None
