"""Survey: one question at a time, its one ladder answered on two sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one

from toolvet.domain.assessment import Answer, Assessment, Subject, first_question, to_confirm
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.survey_answers import (
    AnswerSide,
    Given,
    asked,
    given,
    next_unanswered,
    rung,
    survey_progress,
    unanswered,
    with_rung,
)
from toolvet.errors import ToolvetError
from toolvet.report.survey.sentences import NOTE_CAUTION, UNNAMED, answered_gap
from toolvet.services.assessments import is_answer_file
from toolvet.services.surveys import answers_in, organisation_called, organisations, rubric_in_use, survey_rubrics
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder, day_of
from toolvet.storage.user_state import Unfinished, last_place, remember_place
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import survey_progress_words
from toolvet.tui.assess.editor import QuestionScreen
from toolvet.tui.assess.outline import Outline
from toolvet.tui.kit.content import in_a_row, on_one_line
from toolvet.tui.kit.dialogs import Choice, ChooseOne
from toolvet.tui.kit.frame import Keys, Notice, Status, TitleBar, Trouble
from toolvet.tui.kit.link_list import JumpList, PageRow
from toolvet.tui.kit.text_dialogs import AskLine, half_typed
from toolvet.tui.screen import Place
from toolvet.tui.survey.widgets import LETTERS, MARKS, SurveyPane, Turned, answer_mark, mark_style, outline_rows

ANSWERING = frozenset({"pick_rung", "turn", "turn_to", "note", "clear"})


class SurveyScreen(QuestionScreen):
    """One person's answers; any question may be skipped, and either side left out."""

    CSS_PATH = ["../assess/assess.tcss", "survey.tcss"]  # noqa: RUF012 - Textual declares it on the instance
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-roomy"), (118, "-wide")]  # noqa: RUF012 - see above
    HELP = (
        "One ladder, two answers. E: the lowest rung that would do for you. D: the rung that was true the last time. "
        "Skip what you cannot know; one side alone counts, too. No name is asked for or kept. "
        f"Every change is saved at once.\n{MARKS}"
    )
    BEHIND_LAST = "That was the last question; r looks over your answers."
    BEFORE_FIRST = "That is the first question."

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(level), f"pick_rung({level})", f"Rung {level}", show=False) for level in range(10)),
        Binding("tab,shift+tab", "turn", "Other side", key_display="tab", tooltip="From E to D and back."),
        Binding("e,left", "turn_to('expected')", "Expected", key_display="e", show=False, tooltip="Answer E."),
        Binding("d,right", "turn_to('delivered')", "Delivered", key_display="d", show=False, tooltip="Answer D."),
        Binding("n", "step(1)", "Next", tooltip="The next question."),
        Binding("j", "next_open", "Open", tooltip="The next question without an answer."),
        Binding("m", "note", "Note", tooltip="A note to the answer."),
        Binding("r", "review", "Review", tooltip="All your answers, and which questions are open."),
        Binding("p", "step(-1)", "Previous", tooltip="The question before."),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Take this side's answer off."),
        Binding("g", "group", "Group", show=False, tooltip="Say to which group you belong, or rather not."),
        Binding("o", "outline", "Outline", show=False, tooltip="All questions; enter goes to one."),
        Binding("M", "migrate", "Migrate", show=False, tooltip="Over to another version of the rubric."),
        Binding("h", "rule", "How to answer", show=False, tooltip="How to read the ladder."),
        Binding(
            "question_mark,f1", "app.show_keys", "Help", key_display="?", show=False, tooltip="What the keys do here."
        ),
        Binding("escape", "back", "Back", show=False, tooltip="Back to where you came from; all is saved."),
        Binding("q", "app.quit", "Quit", show=False, tooltip="End toolvet and say what is saved."),
    ]

    pane = query_one(SurveyPane)

    def __init__(
        self, workspace: Workspace, rubric: Rubric, file: AssessmentFile, on: date, *, read_only: bool = False
    ) -> None:
        at = first_question(rubric, last_place(file.path))
        super().__init__(workspace, rubric, file, on, at=at, read_only=read_only)
        self.side = AnswerSide.EXPECTED

    def compose(self) -> ComposeResult:
        yield TitleBar("Survey")
        yield Notice()
        with Horizontal(id="panes"):
            yield Outline()
            yield SurveyPane(self.rubric)
        yield Status()
        yield Trouble()
        yield Keys()

    def show_all(self) -> None:
        """Show the question, both answers and how far one is."""
        self._leave_what_fell_away()
        about, group = self.assessment.subject.label, self.assessment.reviewer.group
        self.query_one(TitleBar).show("Survey", about if group is None else f"{about} · {group}")
        self.outline.show_rows(outline_rows(self.rubric, self.assessment), self.at)
        self.pane.show(self.at, self.answer, self.side)
        self.query_one(Status).show_words(f"{self._place_words()}   ? keys  o outline  h how")

    def _place_words(self) -> str:
        ids = self.passed()
        if not ids:
            return "nothing is asked of this group: g changes it"
        done = survey_progress(self.rubric, self.assessment)
        return f"question {ids.index(self.at) + 1} · {survey_progress_words(done)}"

    def _leave_what_fell_away(self) -> None:
        """Go to the nearest question where the one on the screen is not asked of this person."""
        ids, order = self.passed(), [question.id for _, question in self.rubric.questions()]
        self.at = min(ids, key=lambda each: abs(order.index(each) - order.index(self.at)), default=self.at)

    def passed(self) -> list[str]:
        """The ids of the questions asked of this person."""
        return [question.id for question in asked(self.rubric, self.assessment)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No answering of a question that is not to be seen."""
        return not (action in ANSWERING and self.hides_question()) and super().check_action(action, parameters)

    def go_to(self, question_id: str) -> None:
        """Show that question, to be answered from its first side on."""
        if question_id != self.at:
            self.side = AnswerSide.EXPECTED
        super().go_to(question_id)

    def action_turn(self) -> None:
        """To the other side."""
        self._turn_to(self.side.other)

    def action_turn_to(self, side: str) -> None:
        """To that side."""
        self._turn_to(AnswerSide(side))

    @on(Turned)
    def _turn_to_clicked(self, event: Turned) -> None:
        event.stop()
        self._turn_to(event.side)

    def _turn_to(self, side: AnswerSide) -> None:
        self.side = side
        self.show_all()

    def action_pick_rung(self, level: int) -> None:
        """Answer the side with that rung."""
        if level > self.question.top:
            self.say(f"This ladder ends at {self.question.top}.")
        else:
            self._give(self.side, level)

    def action_clear(self) -> None:
        """Take the answer off the side; the note stays."""
        self._give(self.side, None)

    def _give(self, side: AnswerSide, level: int | None) -> None:
        if self.may_change(partial(self._give, side, level)):
            self.change_answer(with_rung(self.answer, side, level))

    def action_next_open(self) -> None:
        """The next question without an answer, going round; then one with a side missing."""
        target = next_unanswered(self.rubric, self.assessment, self.at)
        if target is None:
            self.say("No other question is open; r looks over your answers.")
        else:
            self.go_to(target)

    def action_note(self) -> None:
        """Write the note."""
        if self.may_change(self.action_note):
            self.write_note(NOTE_CAUTION)

    def action_group(self) -> None:
        """Give another group, or none; answers to what is not asked of it are kept and do not count."""

        if not self.rubric.groups:
            self.say("This survey has no groups.")
        elif self.may_change(self.action_group):
            group = self.assessment.reviewer.group
            self.ask(ask_group(self.rubric, self.assessment.subject, group or ""), self._take_group)

    def _take_group(self, group: str) -> None:
        before = len(self.passed())
        reviewer = replace(self.assessment.reviewer, group=group or None)
        self.change(replace(self.assessment, reviewer=reviewer))
        if (now := len(self.passed())) != before:
            self.say(f"{before} → {now} questions are asked.")

    def action_review(self) -> None:
        """Save, then all answers in a list; it may come back with a question to go to."""

        self._save()
        review = SurveyReviewScreen(self.rubric, replace(self.keeping.file, assessment=self.assessment))
        self.app.push_screen(review, lambda target: None if target is None else self.go_to(target))


TITLE_WIDTH = 32


class SurveyReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to go to, or None."""

    CSS_PATH = "../review/review.tcss"
    HELP = (
        "Your answers, question by question: E, the rung that would do for you; D, the rung that was true; and the "
        "gap between the two. Enter goes to the question."
    )

    rows = query_one(JumpList)

    def __init__(self, rubric: Rubric, file: AssessmentFile) -> None:
        super().__init__()
        self._rubric = rubric
        self._assessment = file.assessment

    def compose(self) -> ComposeResult:
        yield TitleBar("Your answers", self._assessment.subject.label)
        yield JumpList()
        yield Keys()

    def on_mount(self) -> None:
        """Show all of it."""
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
            yield PageRow(in_a_row(" ", on_one_line(criterion.title, "bold $text-secondary")))
        for question in own:
            yield from _question_rows(question, assessment.answer(question.id), rubric)


def _question_rows(question: Question, answer: Answer, rubric: Rubric) -> Iterator[PageRow]:
    mark = Content.styled(answer_mark(answer), mark_style(answer))
    title = on_one_line(question.title).truncate(TITLE_WIDTH, ellipsis=True, pad=True)
    words = on_one_line(_words(answer, rubric), "$text-muted")
    yield PageRow(in_a_row("  ", mark, "  ", title, "  ", words), question=question.id, indent=7)
    for side in AnswerSide:
        level = rung(answer, side)
        if level is not None:
            label = Content.styled(f"       {LETTERS[side]} {level}  ", "$text-muted")
            yield PageRow(in_a_row(label, on_one_line(question.levels[level], "$text-muted")), indent=12)


def _words(answer: Answer, rubric: Rubric) -> str:
    match given(answer):
        case Given.TO_CONFIRM:
            return f"to be answered anew: {to_confirm(answer)}"
        case Given.BOTH:
            return answered_gap(answer, rubric.policy)
        case Given.ONE_SIDE:
            return ""
        case _:
            return "open"


NO_GROUP = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is chosen to begin a new file."""


NEW_PERSON = NewPerson()


async def begin_survey(
    app: App[Any], workspace: Workspace, on: date, *, about: Subject | None = None, name: str = ""
) -> AssessmentFile | None:
    """A new file for somebody's answers; None where they went back. `about` or `name` says about whom, where known."""
    while True:
        organisation = about or await _choose_organisation(app, workspace, name)
        if organisation is None:
            return None
        rubric = rubric_in_use(workspace, organisation, on) or await _choose_rubric(app, workspace)
        group = None if rubric is None else await _choose_group(app, rubric, organisation)
        if rubric is not None and group is not None:
            file = workspace.start(unanswered(rubric, organisation, group or None, on), on)
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
