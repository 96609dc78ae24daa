"""Ways from one screen to the next: which assessment, whether it can be changed, and what comes after.

Each runs in a worker, waits for the screens it shows, and may raise ToolvetError. A screen or dialog is imported by the
way that shows it: all of them together take as long as the app itself, and nobody who answers questions is to wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from textual.app import App

from toolvet.domain.assessment import Assessment, Subject
from toolvet.domain.progress import progress
from toolvet.domain.rubric import Ask, Rubric, newest_of_each
from toolvet.domain.scoring import score
from toolvet.errors import NoSuchSubject, Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import is_survey, misfit
from toolvet.services.session import Session, clock_of, open_tool
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.subjects import CONFLICT, SubjectFolder
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.storage.user_state import last_place, preferred, reviewer_name
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.text.labels import progress_words
from toolvet.tui.assess.editor import OpenAssessment
from toolvet.tui.start import Opening, Start


def _session(app: App[None], workspace: Workspace, on: date) -> Session:
    return Session(workspace, getattr(app, "today", clock_of(on)))


async def begin(app: App[None], workspace: Workspace, start: Start, on: date) -> None:
    """Show what the app was started for."""
    file = start.file
    match start.opening:
        case Opening.HOME:
            return
        case Opening.ASSESS if file is not None:
            await open_file(app, workspace, file, on)
        case Opening.DECIDE if file is not None:
            await decide_file(app, workspace, file, on)
        case Opening.REPORT if file is not None:
            await report_file(app, workspace, file, on)
        case Opening.SURVEY:
            await answer_about(app, workspace, start.name, on)
        case _:
            await start_new(app, workspace, on, name=start.name)


async def start_new(app: App[None], workspace: Workspace, on: date, *, name: str = "") -> None:
    """Ask for a tool, or about which organisation a survey is, begin its assessment, and go on to its questions."""
    from toolvet.tui.assess.new import Instead, NewScreen  # see above

    rubrics = newest_of_each(file.rubric for file in workspace.rubrics() if file.rubric.ask is Ask.LEVEL)
    reviewer = reviewer_name() or preferred("reviewer")
    file = await app.push_screen_wait(NewScreen(workspace, rubrics, on, reviewer, name=name))
    if file is Instead.SURVEY:
        await _open_new_answers(app, workspace, on)
    elif file is not None:
        app.notify(f"Started and saved: {workspace.relative(file.path)}", markup=False)
        await open_file(app, workspace, file, on)


async def answer_about(app: App[None], workspace: Workspace, name: str, on: date) -> None:
    """Answer the survey about the organisation of that folder or name; about a new one, or one that is asked for."""
    try:
        folder = workspace.subject(name) if name else None
    except NoSuchSubject:
        folder = None
    if folder is None or not is_survey(folder, workspace):
        await _open_new_answers(app, workspace, on, name=name)
    else:
        await answer_survey(app, workspace, folder, on)


async def _open_new_answers(
    app: App[None], workspace: Workspace, on: date, *, about: Subject | None = None, name: str = ""
) -> None:
    from toolvet.tui.survey.screen import begin_survey  # see above

    file = await begin_survey(app, workspace, on, about=about, name=name)
    if file is not None:
        app.notify(f"Started and saved without a name: {workspace.relative(file.path)}", markup=False)
        await open_file(app, workspace, file, on)


async def answer_survey(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """Answer the survey in that folder: go on with somebody's answers, or begin another person's."""
    from toolvet.tui.survey.screen import NewPerson, choose_respondent  # see above

    chosen = await choose_respondent(app, workspace, folder)
    if isinstance(chosen, NewPerson):
        await _open_new_answers(app, workspace, on, about=folder.assessments[0].assessment.subject)
    elif chosen is not None:
        await open_file(app, workspace, chosen, on)


async def open_subject(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """Answer the questions of that subject; which assessment, or whose answers to a survey, is asked."""
    if is_survey(folder, workspace):
        await answer_survey(app, workspace, folder, on)
        return
    file = await choose_assessment(app, workspace, folder.assessments, folder, on)
    if file is not None:
        await open_file(app, workspace, file, on)


async def open_file(app: App[None], workspace: Workspace, file: AssessmentFile, on: date) -> None:
    """Answer its questions where the person left off; where a decision rests on it, as a new one, or only read."""
    rubric = fitting_rubric(workspace, file)
    if rubric.ask is Ask.GAP:
        from toolvet.tui.survey.screen import SurveyScreen  # see above

        await _answer(app, workspace, SurveyScreen(workspace, rubric, file, on), on)
        return
    from toolvet.tui.assess.screen import AssessScreen  # see above

    read_only = False
    why = workspace.why_read_only(file)
    if why is not None:
        choice = await _ask_how(app, why)
        if choice is None:
            return
        read_only = choice == "read"
        if not read_only:
            if file.seal is Seal.BROKEN and not await _is_read_through(app):
                return
            file = workspace.start(_continued(file.assessment, on), on)
            app.notify(f"Continued as {workspace.relative(file.path)}", markup=False)
    at = last_place(file.path)
    await _answer(app, workspace, AssessScreen(workspace, rubric, file, on, start_at=at, read_only=read_only), on)


async def _answer(app: App[None], workspace: Workspace, screen: OpenAssessment, on: date) -> None:
    """Show that screen; where its answers were taken over to another text of the rubric there, go on with that."""
    asked = screen.assessment.rubric
    file = await app.push_screen_wait(screen)
    if file is not None and file.assessment.rubric != asked:
        await open_file(app, workspace, file, on)


async def migrate_subject(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """What would become of that subject's answers under another version of the rubric; then on with those."""
    from toolvet.services.assessments import plan_migration  # see above
    from toolvet.tui.migrate import MigratingScreen

    if is_survey(folder, workspace):
        raise ToolvetError("Each person's answers go over on their own: M while answering, or toolvet migrate FILE.")
    file = await choose_assessment(app, workspace, folder.assessments, folder, on)
    if file is None:
        return
    plan = plan_migration(workspace, file)
    if plan is None:
        asked = file.assessment.rubric
        raise ToolvetError(f"{asked.id} {asked.version} is what was answered, and there is no newer version.")
    written = await app.push_screen_wait(MigratingScreen(workspace, plan, on))
    if written is not None:
        await open_file(app, workspace, written, on)


async def review_subject(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """The scorecard of that subject; a question chosen there is opened."""
    from toolvet.tui.assess.screen import AssessScreen  # see above
    from toolvet.tui.review.screen import ReviewScreen  # see above

    file = await choose_assessment(app, workspace, workspace.latest(folder), folder, on)
    if file is None:
        return
    opened = open_tool(workspace, file)
    question = await app.push_screen_wait(ReviewScreen(_session(app, workspace, on), opened))
    if question is not None:
        read_only = opened.read_only is not None
        screen = AssessScreen(workspace, opened.rubric, file, on, start_at=question, read_only=read_only)
        await _answer(app, workspace, screen, on)


async def decide_subject(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """Record a decision on that subject."""
    file = await choose_assessment(app, workspace, workspace.latest(folder), folder, on)
    if file is not None:
        await decide_file(app, workspace, file, on)


async def decide_file(app: App[None], workspace: Workspace, file: AssessmentFile, on: date) -> None:
    """Record a decision that rests on that assessment."""
    from toolvet.tui.decide.screen import DecideScreen  # see above

    await app.push_screen_wait(DecideScreen(_session(app, workspace, on), open_tool(workspace, file)))


async def report_subject(app: App[None], workspace: Workspace, folder: SubjectFolder, on: date) -> None:
    """The report on that subject."""
    file = await choose_assessment(app, workspace, workspace.latest(folder), folder, on)
    if file is not None:
        await report_file(app, workspace, file, on)


async def report_file(app: App[None], workspace: Workspace, file: AssessmentFile, on: date) -> None:
    """The report on that assessment."""
    from toolvet.tui.kit.report_screen import ReportScreen  # see above

    await app.push_screen_wait(ReportScreen(_session(app, workspace, on), open_tool(workspace, file)))


async def look_into(app: App[None], workspace: Workspace, problem: Problem, on: date) -> None:
    """Choose what is kept of a conflict copy; of any other file tell the whole message about it."""
    copy = None
    if problem.path.name.endswith(CONFLICT):
        with suppress(UnusableFile):  # a copy of something else, or damaged
            copy = read_assessment(problem.path)
    if copy is None:
        await explain_problem(app, problem)
    else:
        from toolvet.tui.conflict import settle_copy  # see above

        await settle_copy(app, workspace, copy, on)


async def explain_problem(app: App[None], problem: Problem) -> None:
    """The whole message about a file that cannot be used."""
    from toolvet.tui.kit.dialogs import Tell  # see above

    if problem.warning:
        await app.push_screen_wait(Tell("This file is to be looked at", f"{problem}\n\nThen press f5 here."))
        return
    text = f"{problem}\n\nThe file is left as it is. Mend it in an editor; then press f5 here to read it again."
    await app.push_screen_wait(Tell("This file cannot be used", text))


def fitting_rubric(workspace: Workspace, file: AssessmentFile) -> Rubric:
    """The rubric of that file. ToolvetError where it is missing or the answers don't fit it."""
    rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    why = misfit(file, rubric)
    if why is not None:
        raise ToolvetError(why)
    return rubric


def rubric_of(workspace: Workspace, file: AssessmentFile) -> Rubric:
    """The rubric by which that file rates a tool. ToolvetError where it answers a survey, or as in fitting_rubric."""
    rubric = fitting_rubric(workspace, file)
    if rubric.ask is Ask.GAP:
        path = workspace.relative(file.path)
        raise ToolvetError(f"{path} holds one person's answers to a survey: there is no verdict on it to look at.")
    return rubric


async def choose_assessment(
    app: App[None], workspace: Workspace, files: Sequence[AssessmentFile], folder: SubjectFolder, on: date
) -> AssessmentFile | None:
    """The only one of these files, or the one that the person picks; None where they went back."""
    if not files:
        raise ToolvetError(f"{folder.name} has no assessment that can be read.")
    if len(files) == 1:
        return files[0]
    from toolvet.tui.kit.dialogs import Choice, ChooseOne  # see above

    choices = [Choice(file, _label(file), _detail(workspace, file, on)) for file in files]
    return await app.push_screen_wait(ChooseOne("Which assessment?", choices))


def _label(file: AssessmentFile) -> str:
    started = file.assessment.started
    return f"{file.assessment.reviewer.name or 'unnamed'}{f', {started.isoformat()}' if started else ''}"


def _detail(workspace: Workspace, file: AssessmentFile, on: date) -> str:
    try:
        scorecard = score(rubric_of(workspace, file), file.assessment, on)
    except ToolvetError:
        return f"cannot be scored · {workspace.relative(file.path)}"
    decided = "decided · " if workspace.decision_on(file) is not None else ""
    return f"{decided}{progress_words(progress(scorecard))} · {scorecard.verdict.words} · {file.path.name}"


async def _ask_how(app: App[None], why: str) -> str | None:
    from toolvet.tui.kit.dialogs import Choice, ChooseOne  # see above

    choices = (
        Choice("continue", "Continue as a new assessment", "Copies the answers; the decided one stays as it is."),
        Choice("read", "Only read it", "Nothing can be changed."),
    )
    return await app.push_screen_wait(ChooseOne(visible(why[:1].upper() + why[1:]), choices))


async def _is_read_through(app: App[None]) -> bool:
    from toolvet.tui.kit.dialogs import Confirm  # see above

    return await app.push_screen_wait(Confirm(CHANGED_OUTSIDE, READ_THROUGH, careful=True))


def _continued(assessment: Assessment, on: date) -> Assessment:
    reviewer = reviewer_name() or preferred("reviewer") or assessment.reviewer.name
    return replace(assessment, started=on, reviewer=replace(assessment.reviewer, name=reviewer))
