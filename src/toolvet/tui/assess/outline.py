"""The outline: every criterion with its questions, one per row, with a mark and the level."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from toolvet.domain.rubric import Criterion, Question, TextQuestion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard
from toolvet.text.labels import MUST_HAVE, answer_mark, answer_style
from toolvet.tui import screens
from toolvet.tui.kit.content import drawn, on_one_line, under_cursor
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion's row, with how many of its questions are known at the right."""

    criterion: Criterion
    count: str = ""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question's row, with a mark of two cells; dim where it is no part of what is gone through."""

    question: Question
    mark: str
    mark_style: str
    is_must_have: bool
    is_in_pass: bool
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many questions of a criterion do not apply."""

    count: int


Row = CriterionLine | QuestionLine | LeftOut


class Outline(ScrollView, can_focus=True):
    """Rows drawn one by one as they come into sight, so that a change costs one row however many there are."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Previous question", show=False, id="previous-question"),
        Binding("down", "move(1)", "Next question", show=False, id="next-question"),
        Binding("pageup", "move_page(-1)", "Page up", show=False, id="page-up"),
        Binding("pagedown", "move_page(1)", "Page down", show=False, id="page-down"),
        Binding("home", "move(-10000)", "First question", show=False, id="first-question"),
        Binding("end", "move(10000)", "Last question", show=False, id="last-question"),
        Binding("enter", "pick", "Question", tooltip="Go to the question.", id="go-to-the-question"),
    ]

    class Moved(Message):
        """The cursor went to another question."""

        def __init__(self, question_id: str) -> None:
            super().__init__()
            self.question_id = question_id

    class Picked(Message):
        """The question under the cursor was chosen."""

        def __init__(self, question_id: str) -> None:
            super().__init__()
            self.question_id = question_id

    def __init__(self) -> None:
        super().__init__(classes="pane")
        self._rows: tuple[Row, ...] = ()
        self._at: int = 0

    def show_rows(self, rows: tuple[Row, ...], current: str | None) -> None:
        """Show these rows with the cursor on that question; only rows that changed are drawn."""
        if len(rows) == len(self._rows):
            for index, (old, new) in enumerate(zip(self._rows, rows, strict=True)):
                if old != new:
                    self._draw(index)
            self._rows = rows
        else:
            self._rows = rows
            self.virtual_size = Size(self.scrollable_content_region.width or 1, len(rows))
            self.refresh()
        self._go_to(_row_of(rows, current))

    @property
    def questions(self) -> tuple[tuple[str, str], ...]:
        """The id and the title of each question in it."""
        lines = (row for row in self._rows if isinstance(row, QuestionLine))
        return tuple((row.question.id, row.question.heading) for row in lines)

    def bring_into_sight(self, question_ids: Collection[str]) -> None:
        """Scroll to these questions, to the first of them where not all can be seen at once."""
        questions = ((index, row) for index, row in enumerate(self._rows) if isinstance(row, QuestionLine))
        wanted = [index for index, row in questions if row.question.id in question_ids]
        if wanted and self.size:
            height = min(wanted[-1] - wanted[0] + 3, self.size.height)
            self.scroll_to_region(Region(0, max(0, wanted[0] - 1), 1, height), animate=False, immediate=True)

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._rows))
        self._show_cursor()

    def action_move(self, by: int) -> None:
        questions = [index for index, row in enumerate(self._rows) if isinstance(row, QuestionLine)]
        if self._at not in questions:
            return
        target = questions[max(0, min(len(questions) - 1, questions.index(self._at) + by))]
        row = self._rows[target]
        if target != self._at and isinstance(row, QuestionLine):
            self._go_to(target)
            self.post_message(self.Moved(row.question.id))

    def action_move_page(self, by: int) -> None:
        self.action_move(by * max(1, self.size.height - 1))

    def action_pick(self) -> None:
        row = self._rows[self._at] if self._rows else None
        if isinstance(row, QuestionLine):
            self.post_message(self.Picked(row.question.id))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= index < len(self._rows) and isinstance(self._rows[index], QuestionLine):
            self._go_to(index)
            self.action_pick()

    def render_line(self, y: int) -> Strip:
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if index >= len(self._rows) or width <= 0:
            return Strip.blank(width, self.rich_style)
        room = width - self.show_vertical_scrollbar  # a cell between the words and the scroll bar
        content = _content(self._rows[index], room, is_current=index == self._at, has_focus=self.has_focus)
        return drawn(self, content, width)

    def on_focus(self) -> None:
        self._draw(self._at)

    def on_blur(self) -> None:
        self._draw(self._at)

    def _go_to(self, index: int | None) -> None:
        if index is None or index == self._at:
            return
        self._draw(self._at)
        self._at = index
        self._draw(index)
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self.size:
            self.scroll_to_region(Region(0, max(0, self._at - 1), 1, 3), animate=False, immediate=True)

    def _draw(self, index: int) -> None:
        y = index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))


def toggle_outline(screen: Screen[Any], question: Widget) -> None:
    """Go into the outline, or back to the question."""
    opens = not screen.has_class("-outline")
    screen.set_class(opens, "-outline")
    (screen.query_one(Outline) if opens else question).focus(scroll_visible=False)


def find_question(
    screen: Screen[Any],
    outline: Outline,
    texts: Sequence[TextQuestion],
    go_to: Callable[[str | None], None],
    answer: Callable[[TextQuestion], None],
) -> None:
    """Ask for some letters of a title, and go to the question that is chosen; those in words are answered at once."""
    in_words = {question.id: question for question in texts}

    def follow(question_id: str | None) -> None:
        if question_id in in_words:
            answer(in_words[question_id])
        else:
            go_to(question_id)

    found = (*outline.questions, *((each.id, f"{each.heading} (in words)") for each in texts))
    screen.app.push_screen(screens.FindOne("Find a question", found), follow)


def scorecard_rows(scorecard: Scorecard, in_pass: frozenset[str]) -> tuple[Row, ...]:
    """Headings and questions in the rubric's order; questions that do not apply are counted and not listed."""
    must_haves = {must_have.question.id: must_have.state for must_have in scorecard.must_haves}
    rows: list[Row] = []
    questions = iter(scorecard.questions)
    for criterion in scorecard.rubric.criteria:
        own = [next(questions) for _ in criterion.questions]
        applying = [scored for scored in own if scored.applies is not False]
        known = sum(scored.state in (AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE) for scored in applying)
        rows.append(CriterionLine(criterion, f"{known}/{len(applying)}"))
        rows += [_line(scored, must_haves, in_pass) for scored in applying]
        if len(applying) < len(own):
            rows.append(LeftOut(len(own) - len(applying)))
    return tuple(rows)


def _line(scored: QuestionScore, must_haves: Mapping[str, MustHaveState], in_pass: frozenset[str]) -> QuestionLine:
    state = must_haves.get(scored.question.id)
    return QuestionLine(
        scored.question,
        answer_mark(scored),
        answer_style(scored),
        state is not None,
        scored.question.id in in_pass,
        has_failed=state is MustHaveState.FAILED,
    )


def _row_of(rows: Sequence[Row], question_id: str | None) -> int | None:
    return next(
        (index for index, row in enumerate(rows) if isinstance(row, QuestionLine) and row.question.id == question_id),
        None,
    )


def _content(row: Row, width: int, *, is_current: bool, has_focus: bool) -> Content:
    match row:
        case CriterionLine(criterion, count):
            title = on_one_line(f" {criterion.title}", "bold").truncate(width - len(count) - 1, ellipsis=True)
            return title.pad_right(width - title.cell_length - len(count)) + Content.styled(count, "$text-muted")
        case LeftOut(count):
            words = "1 does not apply" if count == 1 else f"{count} do not apply"
            return Content.styled(f"   {words}", "italic $text-muted").truncate(width, ellipsis=True)
        case QuestionLine(question, mark, mark_style, is_must_have, is_in_pass, has_failed):
            content = Content.assemble(
                " ",
                ("✗", "bold $text-error") if has_failed else " ",
                (mark, mark_style if is_in_pass else "$text-muted"),
                " ",
                (MUST_HAVE if is_must_have else " ", "" if is_in_pass else "$text-muted"),
                " ",
                on_one_line(question.heading, "" if is_in_pass else "$text-muted"),
            ).truncate(width, ellipsis=True, pad=True)
            return under_cursor(content, width, has_focus=has_focus) if is_current else content
