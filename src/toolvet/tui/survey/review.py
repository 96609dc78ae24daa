"""All answers of one person, question by question, before they are done."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one

from toolvet.domain.assessment import Answer, Assessment, to_confirm
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.survey_answers import AnswerSide, Given, asked, given, rung, survey_progress
from toolvet.report.survey.sentences import answered_gap
from toolvet.text.labels import survey_progress_words
from toolvet.tui.kit.content import in_a_row, on_one_line
from toolvet.tui.kit.frame import Keys, TitleBar
from toolvet.tui.kit.link_list import JumpList, PageRow
from toolvet.tui.screen import Place
from toolvet.tui.survey.widgets import LETTERS, mark_style, sides_mark

TITLE_WIDTH = 32


class SurveyReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to go to, or None."""

    CSS_PATH = "../review/review.tcss"
    HELP = (
        "Your answers, question by question: E, the rung that would do for you; D, the rung that was true; and the "
        "gap between the two. Enter goes to the question."
    )

    rows = query_one(JumpList)

    def __init__(self, rubric: Rubric, assessment: Assessment) -> None:
        super().__init__()
        self._rubric, self._assessment = rubric, assessment

    def compose(self) -> ComposeResult:
        yield TitleBar("Your answers", self._assessment.subject.label)
        yield JumpList()
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
            yield PageRow(in_a_row(" ", on_one_line(criterion.title, "bold $text-secondary")))
        for question in own:
            yield from _question_rows(question, assessment.answer(question.id), rubric)


def _question_rows(question: Question, answer: Answer, rubric: Rubric) -> Iterator[PageRow]:
    mark = Content.styled(sides_mark(answer), mark_style(answer))
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
