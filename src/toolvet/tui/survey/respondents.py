"""Whose answers to a survey: a new person's, or those of somebody who began before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from textual.app import App

from toolvet.domain.assessment import Subject, first_question
from toolvet.domain.rubric import Rubric
from toolvet.domain.survey_answers import survey_progress, unanswered
from toolvet.errors import ToolvetError
from toolvet.report.survey.sentences import UNNAMED
from toolvet.services.assessments import is_answer_file
from toolvet.services.session import Session
from toolvet.services.surveys import answers_in, organisation_called, organisations, rubric_in_use, survey_rubrics
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder, day_of
from toolvet.storage.user_state import Unfinished, last_place, remember_place
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import survey_progress_words
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.text_dialogs import AskLine, half_typed

NO_GROUP = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is chosen to begin a new file."""


NEW_PERSON = NewPerson()


async def begin_survey(
    app: App[Any], session: Session, *, about: Subject | None = None, name: str = ""
) -> AssessmentFile | None:
    """Begin a new file for somebody's answers, or return None if they went back. `about` or `name` is about whom."""
    workspace = session.workspace
    while True:
        organisation = about or await _choose_organisation(app, workspace, name)
        if organisation is None:
            return None
        rubric = rubric_in_use(workspace, organisation, session.on) or await _choose_rubric(app, workspace)
        group = None if rubric is None else await _choose_group(app, rubric, organisation)
        if rubric is not None and group is not None:
            file = workspace.start(unanswered(rubric, organisation, group or None, session.on), session.on)
            remember_place(file.path, first_question(rubric, None))
            return file
        if about is not None:
            return None
        name = organisation.name


async def choose_respondent(
    app: App[Any], workspace: Workspace, folder: SubjectFolder
) -> AssessmentFile | NewPerson | None:
    """Whose answers to go on with, those that this person had open before first; or a new person."""
    files = [file for file in folder.assessments if is_answer_file(file, workspace)]
    own = [file for file in files if last_place(file.path) is not None]
    others = [file for file in files if file not in own]
    new: Choice[AssessmentFile | NewPerson] = Choice(NEW_PERSON, "Answer for another person", UNNAMED)
    choices = [*_choices(own, workspace, "opened here before"), new, *_choices(others, workspace, "")]
    return await app.push_screen_wait(ChooseOne("Whose answers?", choices))


def _choices(
    files: Sequence[AssessmentFile], workspace: Workspace, about: str
) -> list[Choice[AssessmentFile | NewPerson]]:
    return [Choice(file, _label(file, about), _detail(file, workspace)) for file in files]


def _label(file: AssessmentFile, about: str) -> str:
    day = day_of(file)
    parts = (
        "undated" if day == date.min else day.isoformat(),
        file.assessment.reviewer.group or "no group given",
        about,
    )
    return " · ".join(part for part in parts if part)


def _detail(file: AssessmentFile, workspace: Workspace) -> str:
    try:
        answers = answers_in(file, workspace)
    except ToolvetError:
        return f"cannot be used · {file.path.name}"
    return f"{survey_progress_words(survey_progress(answers.rubric, file.assessment))} · {file.path.name}"


async def _choose_organisation(app: App[Any], workspace: Workspace, name: str) -> Subject | None:
    known = organisations(workspace)
    if known:
        choices: list[Choice[Subject | str]] = [Choice(each, each.label) for each in known]
        choices.append(Choice("another", "Another organisation"))
        chosen = next((each for each in known if each.name == name), "another" if name else None)
        picked = await app.push_screen_wait(ChooseOne("A survey about which organisation?", choices, chosen=chosen))
        if isinstance(picked, Subject) or picked is None:
            return picked
    draft = Unfinished(workspace.root, "new survey")
    half = half_typed(draft)
    asking = AskLine(
        "A survey about which organisation?",
        name,
        text="Everybody who answers is to write it alike.",
        hint="e.g. Harbour Cooperative",
        required=True,
        drafted=half.keep_text,
        taken_up=half.text,
    )
    typed = await app.push_screen_wait(asking)
    draft.forget()
    return None if typed is None else organisation_called(workspace, typed)


async def _choose_rubric(app: App[Any], workspace: Workspace) -> Rubric | None:
    rubrics = survey_rubrics(workspace)
    if not rubrics:
        raise ToolvetError("There is no survey to answer: neither in the workspace's rubrics/ nor shipped.")
    if len(rubrics) == 1:
        return rubrics[0]
    choices = [Choice(rubric, f"{rubric.title} {rubric.version}", rubric.summary or "") for rubric in rubrics]
    return await app.push_screen_wait(ChooseOne("Which survey?", choices))


async def _choose_group(app: App[Any], rubric: Rubric, organisation: Subject) -> str | None:
    """The group, NO_GROUP for none; None where the person went back."""
    if not rubric.groups:
        return NO_GROUP
    return await app.push_screen_wait(ask_group(rubric, organisation, None))


def ask_group(rubric: Rubric, organisation: Subject, chosen: str | None) -> ChooseOne[str]:
    """Which group; NO_GROUP for none. `chosen` is that which was given before."""
    choices = [Choice(group, group) for group in rubric.groups]
    choices.append(Choice(NO_GROUP, "Rather not say"))
    text = f"It decides which questions are asked, and small groups are never shown apart.\n{UNNAMED}"
    return ChooseOne(f"{organisation.label}: your group?", choices, text=text, chosen=chosen)
