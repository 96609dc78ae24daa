"""What is said below the tables of the Compare screen about the place of the cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widget import Widget

from toolvet.domain.assessment import Answer
from toolvet.domain.robustness import Robustness
from toolvet.domain.scorecard import AnswerState, QuestionScore
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.comparison_why import Part, Side, Why
from toolvet.report.comparison_words import separation_lines, why_first
from toolvet.report.text import plural
from toolvet.tui.widgets.marks import ANSWER_WORDS
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.question_text import evidence_words
from toolvet.tui.widgets.score_panel import verdict_words

REASONS = 2


class Details(Widget):
    """Paragraphs, wrapped, and cut at the end where there is no room for them all."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._paragraphs: tuple[Content, ...] = ()

    def show(self, paragraphs: Iterator[Content]) -> None:
        """Show these."""
        self._paragraphs = tuple(paragraphs)
        self.refresh()

    def render(self) -> Content:
        """As many lines as there is room for."""
        width, height = self.size.width, self.size.height
        lines = [line for paragraph in self._paragraphs for line in (paragraph.wrap(max(1, width)) or [Content("")])]
        if len(lines) > height > 0:
            cut = lines[height - 1].truncate(max(1, width - 2)).rstrip()
            lines = [*lines[: height - 1], in_a_row(cut, Content.styled(" …", "$text-muted"))]
        return Content("\n").join(lines)


def about_tool(entry: Entry, comparison_words: Sequence[str]) -> Iterator[Content]:
    """The tool's verdict with its first reasons, then the comparison in sentences, the first the weightiest."""
    reasons = entry.scorecard.reasons
    words = [on_one_line(f" {reason.text}") for reason in reasons[:REASONS]]
    if len(reasons) > REASONS:
        words.append(Content.styled(f" And {plural(len(reasons) - REASONS, 'more reason')}.", "$text-muted"))
    head = in_a_row(
        Content.styled(f"{entry.letter} ", "$text-primary"),
        on_one_line(entry.name, "bold"),
        "  ",
        verdict_words(entry.scorecard),
    )
    about = in_a_row(head, " ", *words)
    sentences = [shown(sentence, "$text-muted" if at else "") for at, sentence in enumerate(comparison_words)]
    # Of the first the sentence says already why it stands there
    yield from (
        [*sentences[:1], Content(""), about, *sentences[1:]] if entry.rank == 1 else [about, Content(""), *sentences]
    )


def in_sentences(comparison: Comparison, robustness: Robustness | None) -> tuple[str, ...]:
    """Why the first is first and what would change it, then what the evidence separates."""
    first = why_first(comparison, robustness)
    return (first[:1].upper() + first[1:], *separation_lines(comparison))


def about_cell(entry: Entry, other: Entry, place: int) -> Iterator[Content]:
    """The question, how that tool stands on it in words, and then the one it is compared with."""
    question = entry.scorecard.questions[place].question
    yield in_a_row(on_one_line(question.title, "bold"), "  ", shown(question.text, "$text-muted"))
    yield from _stands(entry, entry.scorecard.questions[place])
    if other is not entry:
        yield from _stands(other, other.scorecard.questions[place])


def _stands(entry: Entry, scored: QuestionScore) -> Iterator[Content]:
    answer = entry.tool.assessment.answer(scored.question.id)
    yield in_a_row(
        Content.styled(f"{entry.letter} ", "$text-primary"),
        on_one_line(entry.name, "bold"),
        "  ",
        answer_words(scored, answer),
    )
    for evidence in answer.evidence:
        yield in_a_row("  ", evidence_words(evidence))


def answer_words(scored: QuestionScore, answer: Answer) -> Content:
    """The level with its rung in words; what was tried, or why it is not applicable."""
    if scored.applies is False:
        return Content.styled("does not apply under the scope given", "$text-muted")
    if scored.level is not None:
        expired = ", expired" if scored.state is AnswerState.EXPIRED else ""
        rung = shown(scored.question.levels[scored.level])
        return in_a_row(Content.styled(f"level {scored.level} of {scored.question.top}{expired}: ", "bold"), rung)
    said = answer.unknown or answer.not_applicable
    words = Content.styled(ANSWER_WORDS[scored.state], "bold")
    return in_a_row(words, ": ", shown(said)) if said else words


def about_part(reason: Why, part: Part) -> Iterator[Content]:
    """Both answers behind one part of the difference."""
    for entry, side in ((reason.first, part.first), (reason.second, part.second)):
        yield from _side(entry, side)
    if part.remark:
        yield shown(f"({part.remark})", "$text-muted")


def _side(entry: Entry, side: Side) -> Iterator[Content]:
    level = Content.styled(side.level, "bold")
    words = in_a_row(level, ": ", shown(side.rung)) if side.rung else level
    yield in_a_row(Content.styled(f"{entry.letter} ", "$text-primary"), on_one_line(entry.name, "bold"), "  ", words)
    for evidence in side.evidence:
        yield in_a_row("  ", evidence_words(evidence))
