"""Why one tool stands before another: the questions that make the difference, with both answers behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from toolvet.domain.assessment import Answer, Evidence
from toolvet.domain.difference import differences
from toolvet.domain.scorecard import AnswerState, QuestionScore
from toolvet.report.comparison import Entry
from toolvet.report.comparison_words import apart, points
from toolvet.report.text import plural, wrapped
from toolvet.report.words import day, grade_words, state_words


@dataclass(frozen=True, slots=True)
class Side:
    """One tool's answer: the level or state, the rung in words or what was tried, and where it was seen."""

    name: str
    level: str
    rung: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one question adds to the first tool's floor over the second's, in points of percent."""

    question: str
    title: str
    points: Fraction
    first: Side
    second: Side
    remark: str


@dataclass(frozen=True, slots=True)
class Why:
    """The whole difference of two floors, and its parts by size; `same` questions add the same to both."""

    first: Entry
    second: Entry
    total: Fraction
    parts: tuple[Part, ...]
    same: int

    @property
    def floors(self) -> tuple[Fraction, Fraction]:
        """Both overall floors; 0 for a tool of which nothing counts."""
        ranges = [entry.scorecard.overall for entry in (self.first, self.second)]
        ours, theirs = (Fraction(0) if one is None else one.floor for one in ranges)
        return ours, theirs


def why(first: Entry, second: Entry) -> Why:
    """Why the first stands before the second."""
    found = differences(first.scorecard, second.scorecard)
    return Why(
        first=first,
        second=second,
        total=sum((part.points for part in found), Fraction(0)),
        parts=tuple(
            Part(
                question=part.ours.question.id,
                title=part.ours.question.title,
                points=part.points,
                first=_side(first, part.ours),
                second=_side(second, part.theirs),
                remark=_remark(part.ours, part.theirs),
            )
            for part in found
        ),
        same=len(first.scorecard.questions) - len(found),
    )


def heading(reason: Why) -> str:
    """The two tools and their floors; where the verdict decides before the floor, that comes first."""
    first, second = reason.first, reason.second
    ours, theirs = apart(*reason.floors)
    figures = f"floor {ours} against {theirs}, {points(reason.total)} points"
    if first.scorecard.verdict is not second.scorecard.verdict:
        verdicts = f"{first.scorecard.verdict.words} goes before {second.scorecard.verdict.words}"
        return f"Why {first.name} stands before {second.name}: {verdicts}; {figures}"
    return f"Why {first.name} stands before {second.name}: {figures}"


def total_words(reason: Why) -> str:
    """What the parts add up to, and what is not among them."""
    same = f" {plural(reason.same, 'question')} add{'s' if reason.same == 1 else ''} the same to both."
    if not reason.parts:
        return f"No question makes a difference between the two floors.{same}"
    # Each is rounded where it is shown, so that their sum by hand may miss by a hundredth here and there.
    rounded = " (exact; each part is rounded to hundredths)" if len(reason.parts) > 1 else ""
    return (
        f"the sum of {plural(len(reason.parts), 'question')}: the whole difference{rounded}."
        f"{same if reason.same else ''}"
    )


def why_text(reason: Why, width: int) -> str:
    """The difference, question by question, in lines of about that width."""
    lines = [wrapped(heading(reason), width), ""]
    for part in reason.parts:
        remark = f" ({part.remark})" if part.remark else ""
        lines.append(wrapped(f"{points(part.points):>7}  {part.title}{remark}", width, hanging=9))
        for side in (part.first, part.second):
            lines += _side_lines(side, width)
    lines.append(wrapped(f"{points(reason.total):>7}  {total_words(reason)}", width, hanging=9))
    return "\n".join(lines)


def evidence_words(evidence: Evidence) -> str:
    """The source, its grade, and the day of what was seen."""
    grade = grade_words(evidence.grade)
    return f"{evidence.source} ({grade}, {day(evidence.date)})" if evidence.date else f"{evidence.source} ({grade})"


def _side(entry: Entry, scored: QuestionScore) -> Side:
    answer = entry.tool.assessment.answer(scored.question.id)
    return Side(entry.name, _level(scored), _rung(scored, answer), answer.evidence)


def _level(scored: QuestionScore) -> str:
    if scored.applies is False:
        return "does not apply"
    if scored.level is None:
        return "not answered" if scored.state is AnswerState.UNANSWERED else state_words(scored.state)
    expired = ", expired" if scored.state is AnswerState.EXPIRED else ""
    return f"level {scored.level} of {scored.question.top}{expired}"


def _rung(scored: QuestionScore, answer: Answer) -> str:
    if scored.level is not None and scored.applies is not False:
        return scored.question.levels[scored.level]
    return answer.unknown or answer.not_applicable or ""


def _remark(ours: QuestionScore, theirs: QuestionScore) -> str:
    """Why the same level is not worth the same: fewer questions count where more do not apply."""
    is_same = ours.level == theirs.level and ours.state is theirs.state and ours.counts and theirs.counts
    return "the same level; it weighs more where fewer questions apply" if is_same else ""


def _side_lines(side: Side, width: int) -> Iterator[str]:
    rung = f": {side.rung}" if side.rung else ""
    yield wrapped(f"         {side.name}, {side.level}{rung}", width, hanging=11)
    for evidence in side.evidence:
        yield wrapped(f"           - {evidence_words(evidence)}", width, hanging=13)
    if not side.evidence and side.level.startswith("level"):
        yield "           - no evidence"
