"""One question in words: what is asked, how it was answered, and how to find out."""

from __future__ import annotations

import re

from textual.content import Content
from textual.widgets import Static

from toolvet.domain.answering import to_confirm
from toolvet.domain.assessment import Answer, Evidence
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scope import plain_words_of
from toolvet.domain.scorecard import AnswerState, QuestionScore
from toolvet.domain.scoring import last_day
from toolvet.tui.widgets.hanging import Entry
from toolvet.tui.widgets.marks import ANSWER_SIGNS, ANSWER_STYLES, MUST_HAVE, TO_CONFIRM, answer_style
from toolvet.tui.widgets.plain_text import below_each_other, in_a_row, on_one_line, shown


def head(scored: QuestionScore, must_reach: int | None) -> Content:
    """Where it belongs, its title, and the question itself."""
    question = scored.question
    where = [scored.criterion.title]
    if question.where is not None:
        where.append(question.where.value)
    if question.minutes is not None:
        where.append(f"about {question.minutes} min")
    if scored.applies is not True:
        where.append("does not apply here" if scored.applies is False else "may apply: f gives the scope")
    title = on_one_line(question.title, "bold")
    if must_reach is not None:
        title = in_a_row(
            Content.styled(f"{MUST_HAVE} ", "$text-accent"),
            title,
            Content.styled(f"   must reach {must_reach}", "$text-accent"),
        )
    return in_a_row(on_one_line(" · ".join(where), "$text-muted"), "\n", title, "\n", _asked(question))


def _asked(question: Question) -> Content:
    """What is asked: the question, or what is expected and what is delivered, about the one ladder."""
    if question.expected is None or question.delivered is None:
        return shown(question.text)
    both = below_each_other(
        in_a_row(Content.styled("Expected   ", "$text-secondary"), shown(question.expected)),
        in_a_row(Content.styled("Delivered  ", "$text-secondary"), shown(question.delivered)),
    )
    if question.think_of is None:
        return both
    return below_each_other(shown(f"Think of: {question.think_of}", "italic $text-muted"), both)


def rule(rubric: Rubric) -> Content | None:
    """The first sentence of the reading rule; None where the rubric has none."""
    if not rubric.how_to_answer:
        return None
    first = re.split(r"(?<=[.!?])\s", rubric.how_to_answer, maxsplit=1)[0]
    more = Content.styled("  (h: the whole rule)", "$text-muted") if first != rubric.how_to_answer.strip() else ""
    return in_a_row(on_one_line(first, "italic $text-muted"), more)


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
        entries.append(("Evidence", Content.styled("to be tried by hand: e, and grade it tested", "$text-muted")))
    return entries


def evidence_words(evidence: Evidence) -> Content:
    """Grade, date and source, the source last because it may be long."""
    grade = "no grade" if evidence.grade is None else evidence.grade.value
    date = "no date" if evidence.date is None else evidence.date.isoformat()
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
        words = f"reach {question.must_reach.level}" + ("" if when is None else f" when {plain_words_of(when)}")
        entries.append(("Must-have", shown(f"{words}. {question.must_reach.why}")))
    if question.applies_when is not None:
        entries.append(("Asked if", shown(plain_words_of(question.applies_when))))
    if question.shelf_months is not None:
        entries.append(("Good for", shown(f"{question.shelf_months} months")))
    if question.references:
        entries.append(("Reference", shown("\n".join(question.references))))
    return [(label, text.stylize_before("$text-muted")) for label, text in entries]


class QuestionHead(Static):
    """What is asked."""

    def show(self, scored: QuestionScore, must_reach: int | None) -> None:
        """Show this question."""
        self.update(head(scored, must_reach))


def _answer_words(scored: QuestionScore, answer: Answer) -> Content:
    style = ANSWER_STYLES[scored.state]
    sign = ANSWER_SIGNS[scored.state]
    on = "" if answer.answered is None else f" on {answer.answered}"
    last = last_day(scored.question, answer)
    match scored.state:
        case AnswerState.ANSWERED:
            until = "" if last is None else f", good until {last}"
            return Content.styled(f"{sign} level {scored.level}{on}{until}", f"bold {style}")
        case AnswerState.EXPIRED:
            return Content.styled(
                f"{sign} level {scored.level}{on} expired on {last}: look again, and pick the rung anew",
                f"bold {style}",
            )
        case AnswerState.UNKNOWN:
            return Content.styled(f"{sign} unknown{on}", f"bold {style}")
        case AnswerState.NOT_APPLICABLE:
            return Content.styled(f"{sign} not applicable{on}", f"bold {style}")
        case _ if kept := to_confirm(answer):
            again = "answer it again" if answer.level is None else f"press {answer.level} if it still holds, or another"
            return on_one_line(f"{TO_CONFIRM} to be confirmed ({kept}): {again}", f"bold {answer_style(scored)}")
        case _:
            return Content.styled(f"none yet: 0–{scored.question.top} picks a rung, u unknown, x not applicable", style)
