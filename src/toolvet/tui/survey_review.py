"""A look over one person's answers to a survey: both rungs of every question, and which are open."""

from __future__ import annotations

from collections.abc import Iterator

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.getters import query_one

from toolvet.domain.answering import to_confirm
from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.respondent import AnswerSide, Given, asked, given, progress, progress_words, rung
from toolvet.domain.rubric import Question, Rubric
from toolvet.files.reading import AssessmentFile
from toolvet.report.respondent_words import gap_figure
from toolvet.tui.place import Place
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.jump_list import JumpList, PageRow
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line
from toolvet.tui.widgets.survey_text import answer_mark, mark_style
from toolvet.tui.widgets.two_sides import LETTERS

TITLE_WIDTH = 32


class SurveyReviewScreen(Place[str | None]):
    """Dismissed with the id of a question to go to, or None."""

    CSS_PATH = "review.tcss"
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
    done = progress(rubric, assessment)
    left = f" {done.open} open." if done.open else " None is open."
    yield PageRow(Content.styled(f" {progress_words(done)}.{left}", "bold"))
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
            return gap_figure(answer, rubric.policy)
        case Given.ONE_SIDE:
            return ""
        case _:
            return "open"
