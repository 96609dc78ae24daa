"""The middle pane: one question with its ladder, the answer, and how to find out. `DIGITS` binds the digit keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.getters import query_one
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from toolvet.domain.assessment import Answer, Evidence, to_confirm
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scorecard import AnswerState, MustHave, QuestionScore, Scorecard
from toolvet.domain.scoring import last_day
from toolvet.text.labels import (
    ANSWER_SIGNS,
    ANSWER_STYLES,
    MUST_HAVE,
    TO_CONFIRM,
    answer_style,
    day,
    plain_condition_words,
    required_words,
)
from toolvet.tui.kit.content import (
    BAR,
    HERE,
    Entry,
    Hanging,
    LaidOutOnce,
    below_each_other,
    entitle,
    in_a_row,
    on_one_line,
    shown,
)


def head(scored: QuestionScore, must_have: MustHave | None) -> Content:
    """Where it belongs, its title, and the question itself."""
    question = scored.question
    where = [scored.criterion.title]
    if question.where is not None:
        where.append(question.where.value)
    if question.minutes is not None:
        where.append(f"about {question.minutes} min")
    if scored.applies is not True:
        where.append("does not apply here" if scored.applies is False else "may apply: f gives the scope")
    title = on_one_line(question.heading, "bold")
    if must_have is not None:
        title = in_a_row(
            f"{MUST_HAVE} ",
            title,
            Content.styled(f"   {required_words(must_have)}", "$text-muted"),
        )
    return in_a_row(on_one_line(" · ".join(where), "$text-muted"), "\n", title, "\n", _asked(question))


def _asked(question: Question) -> Content:
    """What is asked: the question, or what is expected and what is delivered, about the one ladder."""
    if question.expected is None or question.delivered is None:
        return shown(question.text)
    both = below_each_other(
        in_a_row(Content.styled("Expected   ", "$text-muted"), shown(question.expected)),
        in_a_row(Content.styled("Delivered  ", "$text-muted"), shown(question.delivered)),
    )
    if question.think_of is None:
        return both
    return below_each_other(shown(f"Think of: {question.think_of}", "italic $text-muted"), both)


def rule_content(rubric: Rubric) -> Content | None:
    """The first sentence of the reading rule; None where the rubric has none."""
    if not rubric.how_to_answer:
        return None
    first = re.split(r"(?<=[.!?])\s", rubric.how_to_answer, maxsplit=1)[0]
    more = Content.styled("  (i: the whole rule)", "$text-muted") if first != rubric.how_to_answer.strip() else ""
    return in_a_row(on_one_line(first, "$text-muted"), more)


def _rule_entry(rubric: Rubric) -> Iterator[Entry]:
    """The whole rule, where it is more than the sentence above the ladder."""
    rule = (rubric.how_to_answer or "").strip()
    if len(re.split(r"(?<=[.!?])\s", rule)) > 1:
        yield "Rule", shown(rule, "$text-muted")


def answer_entries(scored: QuestionScore, answer: Answer) -> list[Entry]:
    """The answer in words: what it is, since when, note, setting, evidence."""
    entries: list[Entry] = [("Answer", _answer_words(scored, answer))]
    if answer.unknown:
        entries.append(("Tried", shown(answer.unknown)))
    if answer.not_applicable:
        entries.append(("Because", shown(answer.not_applicable)))
    if answer.note:
        entries.append(("Note", shown(answer.note)))
    if answer.setting:
        entries.append(("Setting", shown(answer.setting)))
    for index, evidence in enumerate(answer.evidence):
        entries.append(("Evidence" if index == 0 else "", evidence_words(evidence)))
    if scored.question.needs_hands_on and not answer.evidence:
        entries.append(("Evidence", Content.styled("none; try it by hand, then e and the grade tested", "$text-muted")))
    return entries


def evidence_words(evidence: Evidence) -> Content:
    """Grade, date and source, the source last because it may be long."""
    grade = "no grade" if evidence.grade is None else evidence.grade.value
    date = "no date" if evidence.date is None else day(evidence.date)
    return in_a_row(Content.styled(f"{grade} · {date} · ", "$text-muted"), shown(evidence.source))


def detail_entries(question: Question) -> list[Entry]:
    """How to check, why it is asked, why it is a must-have, and what it stands on."""
    entries: list[Entry] = []
    if question.check:
        entries.append(("Check", shown(question.check)))
    if question.why:
        entries.append(("Why", shown(question.why)))
    if question.must_reach is not None:
        when = question.must_reach.when
        words = f"reach {question.must_reach.level}" + ("" if when is None else f" when {plain_condition_words(when)}")
        entries.append(("Must-have", shown(f"{words}. {question.must_reach.why}")))
        for each in question.must_reach.raises:
            raised = f"reach {each.to} when {plain_condition_words(each.when)}, else on hold. {each.why}"
            entries.append(("", shown(raised)))
    if question.applies_when is not None:
        entries.append(("Asked if", shown(plain_condition_words(question.applies_when))))
    if question.shelf_months is not None:
        entries.append(("Good for", shown(f"{question.shelf_months} months")))
    if question.references:
        entries.append(("Reference", shown("\n".join(question.references))))
    return [(label, text.stylize_before("$text-muted")) for label, text in entries]


_CORNERS = 6
"""Cells of an edge that its words leave to the corners."""


def edge_title(question: Question, required: str, *, is_short: bool = False) -> Content:
    """What stands in the upper edge of the pane: the title, and, unless short, what a must-have has to reach."""
    if not required:
        return on_one_line(question.heading)
    return on_one_line(f"{MUST_HAVE} {question.heading}{'' if is_short else f' · {required}'}")


def edge_place(scored: QuestionScore) -> str:
    """What stands in the lower edge: where it belongs, where it is answered, and how long that takes."""
    question = scored.question
    where = () if question.where is None else (question.where.value,)
    minutes = () if question.minutes is None else (f"about {question.minutes} min",)
    return " · ".join((scored.criterion.title, *where, *minutes))


class QuestionHead(LaidOutOnce, Static):
    """What is asked."""

    def show(self, scored: QuestionScore, required: str = "") -> None:
        """Show this question; its title stands in the edge of the pane, what is required there or, else, here."""
        rows = [] if not required else [Content.styled(f"{MUST_HAVE} {required[:1].upper()}{required[1:]}.", "bold")]
        if scored.applies is not True:
            words = "Does not apply here." if scored.applies is False else "May apply: the facts decide (f)."
            rows.append(Content.styled(words, "$text-warning"))
        self.update(below_each_other(*rows, _asked(scored.question)))


def _answer_words(scored: QuestionScore, answer: Answer) -> Content:
    style = ANSWER_STYLES[scored.state]
    sign = ANSWER_SIGNS[scored.state]
    on = "" if answer.answered is None else f" on {day(answer.answered)}"
    end = last_day(scored.question, answer)
    last = None if end is None else day(end)
    match scored.state:
        case AnswerState.ANSWERED:
            until = "" if last is None else f", good until {last}"
            return Content.styled(f"{sign} level {scored.level}{on}{until}", f"bold {style}")
        case AnswerState.EXPIRED:
            return Content.styled(
                f"{sign} level {scored.level}{on} expired on {last}: look again, and pick the rung again",
                f"bold {style}",
            )
        case AnswerState.UNKNOWN:
            return Content.styled(f"{sign} unknown{on}", f"bold {style}")
        case AnswerState.NOT_APPLICABLE:
            return Content.styled(f"{sign} not applicable{on}", f"bold {style}")
        case _ if kept := to_confirm(answer):
            words = f"{TO_CONFIRM} to be confirmed ({kept}): K if it still holds, or answer again"
            return on_one_line(words, f"bold {answer_style(scored)}")
        case _:
            return Content.styled(f"none yet: 0–{scored.question.top} picks a rung, u unknown, x not applicable", style)


SPACED_FROM = 40
"""Lines of the terminal from which a blank line stands between the rungs."""

DIGITS = tuple(
    Binding(str(level), f"pick_rung({level})", f"Rung {level}", show=False, id=f"rung-{level}") for level in range(10)
)
"""The keys of a screen that pick a rung."""


class Ladder(LaidOutOnce, can_focus=True):
    """Rungs to pick from with up, down and enter, or with the mouse; digits are the screen's."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up the ladder", show=False, id="up-the-ladder"),
        Binding("down", "move(1)", "Down the ladder", show=False, id="down-the-ladder"),
        Binding(
            "enter",
            "pick",
            "Pick the rung",
            show=False,
            tooltip="That under the cursor.",
            id="pick-the-rung",
        ),
    ]
    INDENT = 8

    cursor: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """A rung was picked."""

        def __init__(self, level: int) -> None:
            super().__init__()
            self.level = level

    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None
        self._chosen: int | None = None
        self._must_reach: int | None = None
        self._lines: tuple[int, list[Content], list[int]] | None = None

    @property
    def digits(self) -> str:
        """The keys that pick a rung; none in a preview."""
        if self._question is None or not hasattr(self.screen, "action_pick_rung"):
            return ""
        return f"0–{self._question.top}"

    def show(self, question: Question, chosen: int | None, must_reach: int | None) -> None:
        """Show this question's rungs; `must_reach` is None where it is no must-have."""
        if (question, chosen, must_reach) != (self._question, self._chosen, self._must_reach):
            self._must_reach = must_reach
            self.draw(question, chosen)

    def draw(self, question: Question, chosen: int | None) -> None:
        """Draw its rungs anew, the cursor on the chosen one; where none is, it stays in the same ladder."""
        is_new = question is not self._question
        if self._question is None or self._question.top != question.top:
            self.screen.refresh_bindings()  # the line of keys says which digits pick
        self._question, self._chosen = question, chosen
        self._lines = None
        if is_new or chosen is not None:
            self.cursor = chosen
        self.refresh(layout=is_new)

    def watch_cursor(self) -> None:
        """Draw the cursor where it is now."""
        self._lines = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's own
        return len(self._laid_out(width)[0])

    def render(self) -> Content:
        return Content("\n").join(self._laid_out(self.size.width)[0])

    def action_move(self, by: int) -> None:
        """Move the cursor, from the chosen rung or, where none is, into the ladder from its far end."""
        if self._question is None:
            return
        if self.cursor is None:
            self.cursor = 0 if by > 0 else self._question.top
        else:
            self.cursor = max(0, min(self._question.top, self.cursor + by))
        self._scroll_to_cursor()

    def action_pick(self) -> None:
        if self.cursor is not None:
            self.post_message(self.Chosen(self.cursor))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        levels = self._laid_out(self.size.width)[1]
        if 0 <= event.y < len(levels):
            self.focus(scroll_visible=False)
            self.post_message(self.Chosen(levels[event.y]))

    def _scroll_to_cursor(self) -> None:
        rows = [row for row, level in enumerate(self._laid_out(self.size.width)[1]) if level == self.cursor]
        if rows and isinstance(self.parent, Widget):
            region = Region(0, self.virtual_region.y + rows[0], 1, len(rows))
            self.parent.scroll_to_region(region, animate=False)

    def _laid_out(self, width: int) -> tuple[list[Content], list[int]]:
        """The rows, and the level of each row."""
        if self._lines is None or self._lines[0] != width:
            rows: list[Content] = []
            levels: list[int] = []
            for level, text in enumerate(self._question.levels if self._question else ()):
                own = self._rung_rows(level, text, width)
                rows += own
                levels += [level] * len(own)
            self._lines = (width, rows, levels)
        return self._lines[1], self._lines[2]

    @property
    def _is_spaced(self) -> bool:
        """Whether a blank line stands below each rung."""
        return self.app.size.height >= SPACED_FROM

    def lead(self, level: int) -> str:
        """What stands before the words of that rung, INDENT cells wide."""
        cursor = BAR if level == self.cursor else " "
        mark = "●" if level == self._chosen else "○"
        return f"{cursor} {mark} {level} {MUST_HAVE if level == self._must_reach else ' '} "

    def style_of(self, level: int) -> str:
        """How that rung is drawn."""
        return _style(is_chosen=level == self._chosen, is_under_cursor=level == self.cursor)

    def _rung_rows(self, level: int, text: str, width: int) -> list[Content]:
        lead = self.lead(level)
        here = Content.styled(BAR, "$primary") if lead.startswith(BAR) else Content(lead[:1])
        wrapped = shown(text).wrap(max(8, width - self.INDENT - 1))
        first, further = here + lead[1:], (here if lead.startswith(BAR) else Content(" ")) + " " * (self.INDENT - 1)
        rows = [(further if index else first) + row for index, row in enumerate(wrapped)]
        style = self.style_of(level)
        styled = [row.pad_right(max(0, width - row.cell_length)).stylize_before(style) for row in rows]
        return [*styled, Content("")] if self._is_spaced else styled


def _style(*, is_chosen: bool, is_under_cursor: bool) -> str:
    match is_chosen, is_under_cursor:
        case True, True:
            return f"bold {HERE}"
        case True, False:
            return "bold"
        case False, True:
            return HERE
        case _:
            return ""


class QuestionPane(LaidOutOnce, Vertical):
    """Scrolls as a whole; the question and its ladder come first, how to check and why after the answer.

    It is no VerticalScroll: that one would take the left and right keys.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page_up", "Scroll up", show=False, id="scroll-up"),
        Binding("pagedown", "page_down", "Scroll down", show=False, id="scroll-down"),
        Binding("home", "scroll_home", "To the top", show=False, id="to-the-top"),
        Binding("end", "scroll_end", "To the end", show=False, id="to-the-end"),
    ]

    ladder = query_one(Ladder)

    def __init__(self, rubric: Rubric) -> None:
        super().__init__(classes="pane")
        self._rubric = rubric
        self._shown: tuple[str, bool | None, str] | None = None
        self._head: tuple[QuestionScore, str, str] | None = None
        """The question, what is required, and what stands in the lower edge."""
        self._entries: tuple[str, Sequence[Entry]] = ("", ())
        self._beside: dict[str, Mapping[str, str]] = {}
        """What else stands beside the answer, by its label and the question."""

    def compose(self) -> ComposeResult:
        yield QuestionHead(id="question")
        yield _show_rule(Static(id="rule"), self._rubric)
        yield Ladder()
        yield Hanging(id="answer")
        yield Hanging(id="details")

    def take(self, rubric: Rubric) -> None:
        """Show the questions of that rubric from now on; it may be another text of the one before."""
        self._rubric, self._shown = rubric, None
        _show_rule(self.query_one("#rule", Static), rubric)

    def show(
        self,
        scorecard: Scorecard,
        question_id: str,
        answer: Answer,
        *,
        place: str = "",
        instead: Sequence[Entry] | None = None,
    ) -> None:
        """Show that question with that answer; from the top where it is another one than before.

        `place` begins the lower edge. `instead` stands in the answer's place where nothing is answered.
        """
        scored = scorecard.question(question_id)
        must_have = next((each for each in scorecard.must_haves if each.question.id == question_id), None)
        must_reach = must_have.must_reach if must_have else None
        required = required_words(must_have) if must_have else ""
        is_new = self._shown is None or question_id != self._shown[0]
        below = edge_place(scored)
        self._head = scored, required, f"{place} · {below}" if place else below
        self._show_head()
        if is_new:
            self.query_one("#details", Hanging).show([*detail_entries(scored.question), *_rule_entry(self._rubric)])
            if self.scroll_y:
                self.scroll_home(animate=False, immediate=True)
        self.ladder.show(scored.question, answer.level, must_reach)
        entries = answer_entries(scored, answer) if instead is None else instead
        self._entries = question_id, entries
        self._show_entries()

    def on_resize(self) -> None:
        self._show_head()

    def _show_head(self) -> None:
        """What is required stands beside the title where both fit into the edge, else above the question."""
        if self._head is None:
            return
        scored, required, below = self._head
        title = edge_title(scored.question, required)
        fits = not self.size.width or title.cell_length <= self.size.width - _CORNERS
        shown_now = (scored.question.id, scored.applies, "" if fits else required)
        if self._shown != shown_now:
            self._shown = shown_now
            self.query_one(QuestionHead).show(scored, shown_now[-1])
        if self.size.width and cell_len(below) > self.size.width - _CORNERS:  # the outline has the criterion, too
            below = below.replace(f"{scored.criterion.title} · ", "")
        entitle(self, title if fits else edge_title(scored.question, required, is_short=True), below)

    def tell_beside(self, label: str, words: Mapping[str, str]) -> None:
        """From now on say these words, by question, beside the answers."""
        self._beside[label] = words
        self._show_entries()

    def _show_entries(self) -> None:
        question_id, entries = self._entries
        beside = [
            (label, shown(words[question_id], "$text-warning"))
            for label, words in self._beside.items()
            if question_id in words
        ]
        self.query_one("#answer", Hanging).show([*entries, *beside])

    def turn_to_details(self) -> None:
        """Scroll to how to check and why, or, where they are in sight at the top already, back to the question."""
        details = self.query_one("#details", Hanging)
        if self.scroll_y >= min(details.virtual_region.y, self.max_scroll_y):
            self.scroll_home(animate=False)
        else:
            self.scroll_to(y=details.virtual_region.y, animate=False)


def _show_rule(line: Static, rubric: Rubric) -> Static:
    rule = rule_content(rubric)
    line.display = rule is not None
    line.update(rule or "")
    return line
