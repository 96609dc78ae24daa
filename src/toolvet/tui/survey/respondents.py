"""Whose answers to a survey: a new person's, or those of somebody who started before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.getters import query_one

from toolvet.domain.assessment import Answer, Assessment, Subject, to_confirm
from toolvet.domain.gaps import AnswerSide, Given, asked, given, rung, survey_progress, unanswered
from toolvet.domain.rubric import Question, Rubric
from toolvet.errors import ToolvetError
from toolvet.report.survey.sentences import SIDES, UNNAMED, number_words
from toolvet.services.assessments import Session
from toolvet.services.surveys import (
    organisation_called,
    organisations_known,
    rubric_in_use,
    survey_rubrics,
)
from toolvet.storage.names import number_in
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.user_state import Unfinished
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import survey_progress_words
from toolvet.tui.kit.content import KeyHint, Keys, TitleBar, in_a_row, on_one_line, titled
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Dialog
from toolvet.tui.kit.link_list import JumpList, PageRow
from toolvet.tui.kit.text_dialogs import AskLine, half_typed
from toolvet.tui.screen import Place
from toolvet.tui.survey.widgets import SIDE_NAMES, mark_style, sides_mark
from toolvet.values import dataclass

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
        rubric = rubric_in_use(workspace, organisation) or await _choose_rubric(app, workspace)
        group = None if rubric is None else await _choose_group(app, rubric, organisation)
        if rubric is not None and group is not None:
            file = workspace.start(unanswered(rubric, organisation, group or None, session.on), session.on)
            await app.push_screen_wait(YourNumber(number_in(file.path.stem) or ""))
            return file
        if about is not None:
            return None
        name = organisation.name


async def choose_respondent(app: App[Any], workspace: Workspace, folder: str) -> AssessmentFile | NewPerson | None:
    """A new person, or whose number is given. Nobody is shown that others answered, or what."""
    choices = (
        Choice("new", "Answer as a new person", UNNAMED),
        Choice("own", "Go on with your own answers", "Needs the number that was shown when you began."),
    )
    chosen = await app.push_screen_wait(ChooseOne("Who is answering?", choices))
    if chosen != "own":
        return None if chosen is None else NEW_PERSON

    numbered = workspace.surveys.numbered

    def fault(typed: str) -> str | None:
        return None if numbered([folder], typed) else "No answers here have that number."

    typed = await app.push_screen_wait(_ask_number(fault))
    return None if typed is None else numbered([folder], typed)


async def gives_number(app: App[Any], number: str | None) -> bool:
    """Whether the person gives that number of their answers: nobody else is shown them."""

    def fault(typed: str) -> str | None:
        return None if typed == number else "These answers have another number."

    text = "Only whoever gave these answers is shown them. Without their number they stay as they are."
    return await app.push_screen_wait(_ask_number(fault, text)) is not None


def _ask_number(fault: Callable[[str], str | None], text: str = "") -> AskLine:
    return AskLine("Your number?", text=text, hint="e.g. 830114520977", enter="Next", required=True, check=fault)


class YourNumber(Dialog[None]):
    """The number of a new person, shown once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", "Begin", show=False, id="begin"),
        Binding("y", "copy", "Copy", show=False, tooltip="Copy the number.", id="copy"),
    ]

    def __init__(self, number: str) -> None:
        super().__init__("Your answers have a number, and no name", number_words(number))
        self._number = number

    def compose_answer(self) -> ComposeResult:
        yield KeyHint(("enter", "Begin", "screen.back"), ("y", "Copy", "screen.copy"), *self.more_keys())

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._number)
        self.app.notify(f"Copied: {self._number}", markup=False)


async def _choose_organisation(app: App[Any], workspace: Workspace, name: str) -> Subject | None:
    known = organisations_known(workspace)
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
        text="Everybody has to spell it the same way.",
        hint="e.g. Harbour Cooperative",
        enter="Next",
        required=True,
        drafted=half.keep_text,
        taken_up=half.text,
    )
    typed = await app.push_screen_wait(asking)
    draft.forget()
    return None if typed is None else organisation_called(known, typed)


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
    text = f"It decides which questions are asked, and small groups are never shown on their own.\n{UNNAMED}"
    return ChooseOne(f"{organisation.label}: your group?", choices, text=text, chosen=chosen)


TITLE_WIDTH = 32


class SurveyReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to go to, or None."""

    CSS_PATH = "../review/review.tcss"
    HELP = "Your answers, question by question: what you expect, and what you get. Enter goes to the question."

    rows = query_one(JumpList)

    def __init__(self, rubric: Rubric, assessment: Assessment) -> None:
        super().__init__()
        self._rubric, self._assessment = rubric, assessment

    def compose(self) -> ComposeResult:
        yield TitleBar("Your answers", self._assessment.subject.label)
        yield titled(JumpList(), "All questions")
        yield Keys()

    def on_mount(self) -> None:
        self.rows.show(tuple(_page(self._rubric, self._assessment)))
        self.rows.focus()

    @on(JumpList.Picked)
    def _go_to_question(self, event: JumpList.Picked) -> None:
        self.dismiss(event.question_id)


def _page(rubric: Rubric, assessment: Assessment) -> Iterator[PageRow]:
    done = survey_progress(rubric, assessment)
    left = f" {done.open} open." if done.open else " None is open."
    yield PageRow(Content.styled(f" {survey_progress_words(done)}.{left}", "bold"))
    wanted = {question.id for question in asked(rubric, assessment)}
    for criterion in rubric.criteria:
        own = [question for question in criterion.questions if question.id in wanted]
        if own:
            yield PageRow(Content(""))
            yield PageRow(in_a_row(" ", on_one_line(criterion.title, "bold")))
        for question in own:
            yield from _question_rows(question, assessment.answer(question.id))


def _question_rows(question: Question, answer: Answer) -> Iterator[PageRow]:
    mark = Content.styled(sides_mark(answer), mark_style(answer))
    title = on_one_line(question.heading).truncate(TITLE_WIDTH, ellipsis=True, pad=True)
    words = on_one_line(_words(answer), "$text-muted")
    yield PageRow(in_a_row("  ", mark, "  ", title, "  ", words), question=question.id, indent=7)
    for side in AnswerSide:
        level = rung(answer, side)
        if level is not None:
            label = Content.styled(f"       {SIDE_NAMES[side]:<6} {level}  ", "$text-muted")
            yield PageRow(in_a_row(label, on_one_line(question.levels[level], "$text-muted")), indent=17)


def _words(answer: Answer) -> str:
    match given(answer):
        case Given.TO_CONFIRM:
            return f"to be answered again: {to_confirm(answer)}"
        case Given.BOTH:
            return ""
        case Given.ONE_SIDE:
            missing = AnswerSide.EXPECTED if answer.expected is None else AnswerSide.DELIVERED
            return f"{SIDES[missing].lower()} is open"
        case _:
            return "open"
