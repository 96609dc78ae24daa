"""Ways from one screen to the next: which assessment, whether it can be changed, and what comes after.

Each runs in a worker, waits for the screens it shows, and may raise ToolvetError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import WorkerCancelled, get_current_worker

from toolvet.domain.assessment import Assessment, Subject, progress
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.services.assessments import (
    OpenedAssessment,
    Session,
    continue_as_new,
    is_answer_file,
    is_survey,
    misfit,
    open_answers,
    open_assessment,
    open_tool,
    plan_migration,
    review_again,
    tool_rubrics,
)
from toolvet.storage.names import number_in
from toolvet.storage.reader import AssessmentFile, DecisionFile, read_assessment
from toolvet.storage.subjects import CONFLICT, RECORDS, SubjectFolder, day_of, original_of, paths_in_panels
from toolvet.storage.toml_input import CHANGED_OUTSIDE, READ_THROUGH, Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible
from toolvet.text.labels import day, progress_words
from toolvet.text.sentences import dated_anew_words, why_words
from toolvet.tui import screens
from toolvet.tui.screen import notify
from toolvet.tui.start import Opening, Start

if TYPE_CHECKING:
    from toolvet.tui.assess.screen import AssessScreen
    from toolvet.tui.survey.screen import SurveyScreen


async def begin(app: App[None], session: Session, start: Start) -> bool:
    """Show what the app was started for; whether Home comes next."""
    file = start.file
    match start.opening:
        case Opening.HOME:
            return True
        case Opening.ASSESS if file is not None and is_answer_file(file, session.workspace):
            return await _answer_in_turn(app, session, file.assessment.subject.label, file)
        case Opening.ASSESS if file is not None:
            await open_file(app, session, file)
        case Opening.DECIDE if file is not None:
            await decide_file(app, session, file)
        case Opening.REPORT if file is not None:
            await report_file(app, session, file)
        case Opening.SURVEY:
            return await _answer_in_turn(app, session, start.name)
        case _:
            await start_new(app, session, name=start.name)
    return True


async def start_new(app: App[None], session: Session, *, name: str = "") -> None:
    """Ask for a tool, begin its assessment, and go on to its questions; or to a survey, if that is chosen instead."""
    rubrics = tool_rubrics(session.workspace)
    file = await app.push_screen_wait(screens.NewScreen(session, rubrics, name=name))
    if file is screens.Instead.SURVEY:
        await open_new_answers(app, session)
    elif isinstance(file, AssessmentFile):
        app.notify(f"Started and saved: {session.workspace.relative(file.path)}", markup=False)
        await open_file(app, session, file)


async def _answer_in_turn(app: App[None], session: Session, name: str, file: AssessmentFile | None = None) -> bool:
    """Go on with that file or begin a new one, then let the next person answer; whether Home comes next.

    Home reads everybody's answers, so it opens only if somebody asks for it, and nothing leads back to the answers.
    """
    choices = (
        screens.Choice("another", "Another person answers"),
        screens.Choice("quit", "Quit toolvet"),
        screens.Choice("home", "Open the workspace"),
    )
    while True:
        if file is not None:
            await open_file(app, session, file)
        about = session.workspace.surveys.meant(session.workspace.subject_names(), name) if name else None
        is_answered = file is not None or await open_new_answers(app, session, about=about, name=name)
        title = "Your answers are saved. What next?" if is_answered else "Nothing was started. What next?"
        chosen = await app.push_screen_wait(screens.ChooseOne(title, choices))
        if chosen == "quit":
            app.exit()
        if chosen != "another":
            return chosen != "quit"
        file = None


async def open_new_answers(app: App[None], session: Session, *, about: Subject | None = None, name: str = "") -> bool:
    """Answer as a new person, about that organisation or one still to be chosen; whether answers were begun."""
    file = await screens.begin_survey(app, session, about=about, name=name)
    if file is not None:
        app.notify("Started and saved without a name.", markup=False)
        await open_file(app, session, file)
    return file is not None


async def answer_survey(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Answer the survey in that folder as a new person, or go on by one's number."""
    chosen = await screens.choose_respondent(app, session.workspace, folder.name)
    if isinstance(chosen, screens.NewPerson):
        await open_new_answers(app, session, about=folder.assessments[0].assessment.subject)
    elif chosen is not None:
        await open_file(app, session, chosen)


async def open_subject(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Answer the questions of that subject; ask which assessment, or whose answers to a survey."""
    if is_survey(folder, session.workspace):
        await answer_survey(app, session, folder)
        return
    file = await choose_assessment(app, session, folder.assessments, folder)
    if file is not None:
        await open_file(app, session, file)


async def open_file(app: App[None], session: Session, file: AssessmentFile) -> None:
    """Answer its questions where the person left off; if a decision rests on it, as a new one, or only read it."""
    opened = _with_hint(session, file, open_assessment)
    if opened.is_survey:
        own = open_answers(session, file)
        if words := dated_anew_words(day_of(file), day_of(own.file)):
            app.notify(words, markup=False)
        await _answer(app, session, screens.SurveyScreen(session, own, is_resumed=True))
        return
    if opened.read_only is not None:
        choice = await _ask_how(app, why_words(opened.read_only))
        if choice is None:
            return
        if choice == "continue":
            if file.seal is Seal.BROKEN and not await _is_read_through(app):
                return
            opened = continue_as_new(session, opened)
            app.notify(f"Continued as {session.workspace.relative(opened.file.path)}", markup=False)
    await _answer(app, session, screens.AssessScreen(session, opened))


async def _answer(app: App[None], session: Session, screen: AssessScreen | SurveyScreen) -> None:
    """Show that screen; if its answers were migrated there, or are reviewed again, go on with those."""
    asked = screen.editor.assessment.rubric
    file = await app.push_screen_wait(screen)
    if file is not None and (file.assessment.rubric != asked or file.path != screen.editor.file.path):
        await open_file(app, session, file)


async def migrate_subject(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Show what becomes of that subject's answers under another version of the rubric; then go on with those."""
    if is_survey(folder, session.workspace):
        raise ToolvetError("Migrate each person's answers on their own: M while answering, or toolvet migrate FILE.")
    file = await choose_assessment(app, session, folder.assessments, folder)
    if file is None:
        return
    plan = plan_migration(session.workspace, file)
    if plan is None:
        asked = file.assessment.rubric
        app.notify(f"{asked.id} {asked.version} is already the newest version.", markup=False)
        return
    written = await app.push_screen_wait(screens.MigratingScreen(session, plan))
    if written is not None:
        await open_file(app, session, written)


async def review_subject(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Show the scorecard of that subject; open a question chosen there."""
    file = await choose_assessment(app, session, session.workspace.latest(folder, session.on), folder)
    if file is None:
        return
    question = await app.push_screen_wait(screens.ReviewScreen(session, opened_tool(session, file)))
    if question is not None:
        opened = opened_tool(session, file)  # a decision may have been recorded there
        await _answer(app, session, screens.AssessScreen(session, opened, start_at=question))


async def go(app: App[None], session: Session, folder: SubjectFolder, way: str, marked: Sequence[str] = ()) -> None:
    """Go where a key of Home leads for that tool; the names of other tools that are `marked` go with it."""
    match way:
        case "decide":
            await decide_subject(app, session, folder, marked)
        case "decision":
            await show_decision(app, session, folder)
        case "edit":
            await screens.ask_about_subject(app, session, folder)
        case "import":
            await screens.import_sheet(app, session, folder)
        case "migrate":
            await migrate_subject(app, session, folder)


async def decide_subject(
    app: App[None], session: Session, folder: SubjectFolder, alternatives: Sequence[str] = ()
) -> None:
    """Record a decision on that subject."""
    file = await choose_assessment(app, session, session.workspace.latest(folder, session.on), folder)
    if file is not None:
        await decide_file(app, session, file, alternatives)


async def show_decision(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Show the decision on that subject with what happened since; go on with a new review begun there.

    Before there is one, offer to record one.
    """
    if not folder.decisions and not folder.decision_problems:
        choices = (
            screens.Choice("decide", "Decide on its assessment", "As d does."),
            screens.Choice("tolerate", "Tolerate it without an assessment", "In use until a day, and not approved."),
        )
        match await app.push_screen_wait(screens.ChooseOne("Nothing is decided yet", choices)):
            case "decide":
                await decide_subject(app, session, folder)
            case "tolerate":
                await screens.ask_to_tolerate(app, session, folder)
        return
    file = await app.push_screen_wait(screens.DecisionScreen(session, folder))
    if file is not None:
        await open_file(app, session, file)


async def begin_again(app: App[Any], session: Session, opened: OpenedAssessment) -> AssessmentFile | None:
    """Ask whether to review it again, and begin that; None where the person went back."""
    words = "Every answer is carried over and counts again once you confirm it or pick another rung."
    sure = screens.Confirm("Review it again?", words, yes="Begin the review", no="Not yet")
    return review_again(session, opened).file if await app.push_screen_wait(sure) else None


async def decide_file(
    app: App[None], session: Session, file: AssessmentFile, alternatives: Sequence[str] = ()
) -> DecisionFile | None:
    """Record a decision that rests on that assessment; the names of other tools are offered as considered."""
    await read_recorded(app, session.workspace, file.assessment)
    return await app.push_screen_wait(screens.DecideScreen(session, opened_tool(session, file), alternatives))


async def report_subject(app: App[None], session: Session, folder: SubjectFolder) -> None:
    """Show the report on that subject."""
    file = await choose_assessment(app, session, session.workspace.latest(folder, session.on), folder)
    if file is not None:
        await report_file(app, session, file)


async def report_file(app: App[None], session: Session, file: AssessmentFile) -> None:
    """Show the report on that assessment."""
    await read_recorded(app, session.workspace, file.assessment)
    await app.push_screen_wait(screens.ReportScreen(session, opened_tool(session, file)))


MOST_AT_ONCE = 16 * 1024**2
"""Bytes of evidence that are read while a key waits."""


async def read_recorded(app: App[None], workspace: Workspace, assessment: Assessment) -> None:
    """Read the assessment's files of evidence out of the keys' way, where they are many or large."""
    answers = assessment.answers.values()
    await read_evidence(app, workspace, [one.source for each in answers for one in each.evidence if one.sha256])


async def read_evidence(app: App[None], workspace: Workspace, sources: Iterable[str]) -> None:
    """Read these files of evidence in pieces, telling how far that is; who asks for them later need not wait."""
    unread = workspace.evidence.unread(sources)
    if sum(unread.values()) > MOST_AT_ONCE:
        worker = app.run_worker(partial(_read_evidence, app, workspace, unread), thread=True, group="evidence")
        await worker.wait()


def _read_evidence(app: App[None], workspace: Workspace, unread: dict[str, int]) -> None:
    worker, whole, before, told = get_current_worker(), sum(unread.values()), 0, -1

    def watch(source: str, done: int, size: int) -> None:
        nonlocal told
        if worker.is_cancelled:
            raise WorkerCancelled
        quarter = 4 * (before + done) // whole
        if quarter > told and done < size:
            told = quarter
            words = f"Reading {source}: {25 * quarter}% of {whole >> 20} MiB of evidence. You can go on."
            app.call_from_thread(notify, app.screen, words)

    for source, size in unread.items():
        workspace.evidence.read(source, watch)
        before += size
    app.call_from_thread(notify, app.screen, f"Read {whole >> 20} MiB of evidence.")


async def look_into(app: App[None], session: Session, problem: Problem) -> None:
    """Choose what is kept of a conflict copy or of corrections; show the whole message about any other file."""
    copy = None
    if problem.path.parent.name == RECORDS:
        folder = session.workspace.folder_named(problem.path.parent.parent.name)
        if await screens.settle_corrections(app, session, folder, problem.path):
            return
    if problem.path.name.endswith(CONFLICT):
        with suppress(UnusableFile):  # a copy of something else, or damaged
            copy = read_assessment(problem.path)
    if copy is None:
        await explain_problem(app, problem)
    elif not is_answer_file(copy, session.workspace) or await screens.gives_number(
        app, number_in(original_of(copy.path).stem)
    ):
        await screens.settle_conflict(app, session, copy)


async def explain_problem(app: App[None], problem: Problem) -> None:
    """Show the whole message about a file."""
    if problem.warning:
        await app.push_screen_wait(screens.Tell("Look at this file", f"{problem}\n\nThen press R here."))
        return
    text = f"{problem}\n\nThe file is left as it is. Correct it in an editor, then press R here to read it again."
    await app.push_screen_wait(screens.Tell("This file cannot be used", text))


def _with_hint(
    session: Session, file: AssessmentFile, opening: Callable[[Workspace, AssessmentFile], OpenedAssessment]
) -> OpenedAssessment:
    """Open the file; if its answers do not fit the rubric because that has changed, say which key helps."""
    try:
        return opening(session.workspace, file)
    except UnusableFile as error:
        asked = file.assessment.rubric
        told = misfit(file, session.workspace.rubric(asked.id, asked.version)) or str(error)
        raise ToolvetError(*told.split("\n")) from error


def opened_tool(session: Session, file: AssessmentFile) -> OpenedAssessment:
    """The assessment of a tool. ToolvetError for a survey, without its rubric, or if the answers don't fit it."""
    return _with_hint(session, file, open_tool)


async def choose_assessment(
    app: App[None], session: Session, files: Sequence[AssessmentFile], folder: SubjectFolder
) -> AssessmentFile | None:
    """The only one of these files, or the one that the person picks; None if they went back."""
    if not files:
        raise ToolvetError(f"{folder.name} has no assessment that can be read.")
    if len(files) == 1:
        return files[0]
    choices = [screens.Choice(file, _label(file), _detail(session, file)) for file in files]
    return await app.push_screen_wait(screens.ChooseOne("Which assessment?", choices))


def _label(file: AssessmentFile) -> str:
    started = file.assessment.started
    panel = " (panel)" if file.assessment.panel else ""
    return f"{file.assessment.reviewer.name or 'unnamed'}{panel}{f', {day(started)}' if started else ''}"


def _detail(session: Session, file: AssessmentFile) -> str:
    workspace = session.workspace
    try:
        opened = open_tool(workspace, file)
    except ToolvetError:
        return f"cannot be scored · {workspace.relative(file.path)}"
    scorecard = opened.score(session.on)
    decided = "" if opened.read_only is None else "decided · "
    if decided and workspace.decision_on(file) is None:
        folder = workspace.folder_of(file)
        settled = paths_in_panels(() if folder is None else folder.assessments)
        # else by a decision that cannot be read
        decided = "in the panel · " if workspace.relative(file.path) in settled else "perhaps decided · "
    return f"{decided}{progress_words(progress(scorecard))} · {scorecard.verdict.words} · {file.path.name}"


async def _ask_how(app: App[None], why: str) -> str | None:
    choices = (
        screens.Choice("continue", "Continue as a new one", "Copies the answers; this one stays as it is."),
        screens.Choice("read", "Only read it", "Nothing can be changed."),
    )
    return await app.push_screen_wait(screens.ChooseOne(visible(why), choices))


async def _is_read_through(app: App[None]) -> bool:
    question = screens.Confirm(
        CHANGED_OUTSIDE, READ_THROUGH, yes="Copy it: I have read it", no="Leave it as it is", careful=True
    )
    return await app.push_screen_wait(question)
