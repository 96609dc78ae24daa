"""A panel in words, as text and as JSON: who answered, where they part, how far they agree, what was settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from toolvet.domain.assessment import Answer, progress
from toolvet.domain.panel import Agreement, Member, Opinions, Panel, PartedFact
from toolvet.domain.scorecard import AnswerState, QuestionScore
from toolvet.report.scorecard import Json, range_cell, range_json, rubric_json
from toolvet.text.escape import ended, one_line, plural, wrapped
from toolvet.text.labels import NO_FIGURE, day, iso, percent, reviewer_words, state_words
from toolvet.text.tables import TableFormat, table
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class PanelPage:
    """A panel with the path of each member's file, and the assessment it was settled in, where that was begun."""

    panel: Panel
    paths: tuple[str, ...]
    outcome_path: str | None = None
    outcome: Member | None = None
    """None too where it was moved to another version of the rubric."""

    @property
    def names(self) -> tuple[str, ...]:
        """The reviewers, each once."""
        return tuple(one.name for one in self.panel.members)

    @property
    def outcome_words(self) -> str:
        """By whom and where it is settled, and how far that is; empty where nobody has begun."""
        if self.outcome_path is None:
            return ""
        if self.outcome is None:
            return f"Settled in {self.outcome_path}, under another version of the rubric."
        done, name = progress(self.outcome.scorecard), reviewer_words(self.outcome.assessment.reviewer)
        verdict = self.outcome.scorecard.verdict.words
        if not self.outcome.scorecard.complete:
            return f"Being settled by {name} in {self.outcome_path}: {verdict}, {plural(done.open, 'question')} open."
        return f"Settled by {name} in {self.outcome_path}: {verdict}."


def said_words(scored: QuestionScore) -> str:
    """What was answered, in a word: "3", "unknown", "not asked"."""
    if scored.applies is False:
        return "not asked"
    if scored.state is AnswerState.UNANSWERED:
        return "to confirm" if scored.to_confirm else "not answered"
    return state_words(scored.state) if scored.level is None else str(scored.level)


def level_words(scored: QuestionScore) -> str:
    """The same within a sentence: "level 3"."""
    return f"{'' if scored.applies is False or scored.level is None else 'level '}{said_words(scored)}"


def opinion_words(member: Member, question: str) -> str:
    """What a member said, with the note: "Ada Marsh: level 3. Tablet app lacks search."."""
    scored, answer = member.scorecard.question(question), member.assessment.answer(question)
    more = answer.unknown or answer.not_applicable
    said = f"{level_words(scored)}{f' ({more})' if more else ''}"
    return f"{member.name}: {said}{f'. {ended(answer.note)}' if answer.note else ''}"


def opinion_lines(panel: Panel, one: Opinions) -> tuple[str, ...]:
    """The same of each member."""
    return tuple(opinion_words(member, one.question.id) for member in panel.members)


def answer_in_full(scored: QuestionScore, answer: Answer) -> tuple[str, ...]:
    """An answer in full, in lines: the rung in words, the day, note, setting and evidence."""
    rung = "" if scored.level is None else f" of {scored.question.top}: {scored.question.levels[scored.level]}"
    given = f"level {scored.level}{rung}" if rung else said_words(scored)
    more = answer.unknown or answer.not_applicable
    lines = [
        f"{given}{f': {more}' if more else ''}",
        answer.answered and f"On {day(answer.answered)}",
        answer.note and f"Note: {answer.note}",
        answer.setting and f"Setting: {answer.setting}",
    ]
    for one in answer.evidence:
        dated = "" if one.date is None else f", {day(one.date)}"
        lines.append(f"Evidence: {one.source} ({one.grade or 'no grade'}{dated})")
    return tuple(line for line in lines if line)


def agreement_words(found: Agreement) -> str:
    """How far the members agree, in a sentence."""
    if not found.questions:
        return "No question has a level from two reviewers or more."
    return (
        f"Of {plural(found.questions, 'question')} with a level from two reviewers or more, all gave the same level on "
        f"{found.same} ({_percent(found.same, found)}) and were within one level on {found.within_one} "
        f"({_percent(found.within_one, found)})."
    )


def parted_words(panel: Panel) -> str:
    """On how many questions they part: "They part on 5 of 36 questions"."""
    asked = sum(any(each.applies is not False for each in one.scores) for one in panel.opinions)
    return f"They part on {len(panel.parted) or 'none'} of {plural(asked, 'question')}"


def taken_over_words(panel: Panel) -> str:
    """What settling takes over, and what it leaves."""
    alike = sum(one.is_alike for one in panel.opinions)
    confirm = f"{plural(len(panel.of_some), 'answer')} of some to confirm, " if panel.of_some else ""
    left = f"{plural(len(panel.parted), 'question')} open on which they part"
    return f"It takes over {plural(alike, 'answer')} on which all agree, {confirm}and leaves {left}."


def _percent(part: int, found: Agreement) -> str:
    return f"{percent(Fraction(100 * part, found.questions))}%"


def spread_words(one: Opinions) -> str:
    """How many levels lie between them."""
    return NO_FIGURE if one.spread is None else str(one.spread)


def panel_text(page: PanelPage, folder: str, on: date, width: int) -> str:
    """The panel in tables of about that width, without a line end after the last."""
    panel, names = page.panel, page.names
    first, rubric = panel.members[0], panel.rubric
    settled = () if page.outcome is None else ("settled",)
    not_settled = "Not settled. toolvet panel {} --settle takes over what all agree on, and leaves the rest to settle."
    head = f"{one_line(first.assessment.subject.label)}: {plural(len(names), 'reviewer')}, {rubric.id} {rubric.version}"
    parts = [
        f"{head}, as of {on}",
        _table(map(_member_row, panel.members, names), ("reviewer", "begun", "known", "verdict", "score"), width, 0),
        wrapped(page.outcome_words or not_settled.format(folder), width),
        f"{parted_words(panel)}{', the widest first.' if panel.parted else '.'}",
    ]
    if panel.parted:
        rows = [(spread_words(one), one.question.heading, *_cells(page, one)) for one in panel.parted]
        parts.append(_table(rows, ("spread", "question", *names, *settled), width, 1))
    if panel.facts:
        parts.append("They give these scope facts differently.")
        parts.append(_table(map(_fact_row, panel.facts), ("scope fact", *names), width, 0))
    parts.append(wrapped(agreement_words(panel.agreement[-1]), width))
    parts.append(_table(map(_agreement_row, panel.agreement), ("criterion", "same level", "within one"), width, 0))
    if panel.of_some:
        parts.append(f"Only some answered {plural(len(panel.of_some), 'question')}.")
        rows = [(one.question.heading, *_cells(page, one)) for one in panel.of_some]
        parts.append(_table(rows, ("question", *names, *settled), width, 0))
    return "\n\n".join(parts)


def _member_row(member: Member, name: str) -> tuple[str, ...]:
    card, started = member.scorecard, member.assessment.started
    done, begun = progress(card), NO_FIGURE if started is None else started.isoformat()
    return name, begun, f"{done.known}/{done.total}", card.verdict.words, range_cell(card.overall)


def _cells(page: PanelPage, one: Opinions) -> tuple[str, ...]:
    outcome = () if page.outcome is None else (page.outcome.scorecard.question(one.question.id),)
    return tuple(map(said_words, (*one.scores, *outcome)))


def _fact_row(one: PartedFact) -> tuple[str, ...]:
    return one.fact.text, *(option or "not given" for option in one.options)


def _agreement_row(found: Agreement) -> tuple[str, ...]:
    title = "Overall" if found.criterion is None else found.criterion.title
    if not found.questions:
        return title, NO_FIGURE, NO_FIGURE
    return (
        title,
        f"{found.same} of {found.questions}, {_percent(found.same, found)}",
        f"{found.within_one} of {found.questions}, {_percent(found.within_one, found)}",
    )


def _table(rows: Iterable[Sequence[str]], headers: Sequence[str], width: int, wide: int) -> str:
    """The table; its wide column is broken at spaces where the whole would be too wide."""
    listed_rows = [tuple(row) for row in rows]
    align = ["left"] * len(headers)
    drawn = ""
    for room in (None, *range(width // 2, 15, -4)):
        widths = [room if at == wide else None for at in range(len(headers))]
        drawn = table(listed_rows, headers, TableFormat.SIMPLE, align, widths)
        if max(len(line) for line in drawn.split("\n")) <= width:
            break
    return drawn


def panel_json(page: PanelPage, on: date) -> Json:
    """The same for a program."""
    panel = page.panel
    outcome = page.outcome
    return {
        "subject": panel.members[0].assessment.subject.label,
        "rubric": rubric_json(panel.rubric),
        "on": on.isoformat(),
        "reviewers": [_member_json(*one) for one in zip(panel.members, page.names, page.paths, strict=True)],
        "questions": [_question_json(page, one) for one in (*panel.parted, *panel.of_some)],
        "scope": [{"fact": one.fact.id, "given": list(one.options)} for one in panel.facts],
        "agreement": [
            {
                "criterion": None if one.criterion is None else one.criterion.id,
                "questions": one.questions,
                "same": one.same,
                "within_one": one.within_one,
            }
            for one in panel.agreement
        ],
        "settled": None
        if page.outcome_path is None
        else {
            "file": page.outcome_path,
            "by": None if outcome is None else outcome.assessment.reviewer.name,
            "complete": outcome is not None and outcome.scorecard.complete,
            "verdict": None if outcome is None else outcome.scorecard.verdict.value,
        },
    }


def _member_json(member: Member, name: str, path: str) -> Json:
    return {
        "name": name,
        "file": path,
        "started": iso(member.assessment.started),
        "complete": member.scorecard.complete,
        "verdict": member.scorecard.verdict.value,
        "overall": range_json(member.scorecard.overall),
    }


def _question_json(page: PanelPage, one: Opinions) -> Json:
    outcome = page.outcome
    return {
        "question": one.question.id,
        "title": one.question.title,
        "criterion": one.criterion.id,
        "spread": one.spread,
        "parted": one.is_parted,
        "said": [_said_json(scored) for scored in one.scores],
        "settled": None if outcome is None else _said_json(outcome.scorecard.question(one.question.id)),
    }


def _said_json(scored: QuestionScore) -> Json:
    state = "not-asked" if scored.applies is False else scored.state.value
    return {"state": state, "level": None if scored.applies is False else scored.level}
