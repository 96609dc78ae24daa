"""A blank sheet of the questions, to send to a vendor or a colleague who has no terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from enum import StrEnum

from toolvet.domain.rubric import Ask, Criterion, Question, Rubric, Sitting
from toolvet.report.text import csv_cell, markdown, plural


class SheetFormat(StrEnum):
    """What a sheet can be written as; the value is the file's suffix."""

    MARKDOWN = "md"
    CSV = "csv"


READING_RULE = (
    "Pick the highest rung that is wholly true of this plan and deployment, with the settings you will run. "
    "What the tool lacks is rung 0. What was not found in the time given is unknown: say what was tried."
)

_WHERE = {
    Sitting.TRIAL: "with the tool at hand",
    Sitting.CONSOLE: "in its admin console",
    Sitting.READING: "from documents",
    Sitting.CONTRACT: "from the contract",
}

_ABOUT = {
    Ask.LEVEL: ("Tool, plan and deployment", "Answered by, and role", "Date"),
    Ask.GAP: ("Organisation", "Group", "Date"),
}

_TICK = {
    Ask.LEVEL: "Tick one box for each question, and say where it was seen.",
    Ask.GAP: "Tick one box E and one box D for each question; leave out what you cannot know.",
}

_BLANKS = {
    Ask.LEVEL: ("level", "unknown: what was tried", "not applicable: why", "note", "setting", "evidence", "date"),
    Ask.GAP: ("expected", "delivered", "note", "date"),
}

_RUNGS = 7  # a ladder has at most so many, and every row of the table has a column for each


def blank_sheet(rubric: Rubric, where: Sitting | None, sheet_format: SheetFormat | str) -> str:
    """The questions of one sitting, or all, with room to answer. Ends with a line end."""
    chosen = [
        (criterion, question) for criterion, question in rubric.questions() if where is None or question.where is where
    ]
    if SheetFormat(sheet_format) is SheetFormat.CSV:
        return _csv(rubric.ask, chosen)
    return _markdown(rubric, where, chosen)


def _markdown(rubric: Rubric, where: Sitting | None, chosen: Sequence[tuple[Criterion, Question]]) -> str:
    lines = [
        f"# {markdown(rubric.title)}: questions{'' if where is None else f' to answer {_WHERE[where]}'}",
        "",
        f"{plural(len(chosen), 'question')}{_minutes(chosen)}. Rubric {rubric.id} {rubric.version}.",
        "",
        "| | |",
        "| --- | --- |",
        *(f"| {blank} | |" for blank in _ABOUT[rubric.ask]),
        "",
        "## How to answer",
        "",
        markdown(rubric.how_to_answer or READING_RULE),
        "",
        _TICK[rubric.ask],
    ]
    last = None
    for criterion, question in chosen:
        if criterion is not last:
            lines += ["", f"## {markdown(criterion.title)}"]
            last = criterion
        lines += ["", *(_question(question) if rubric.ask is Ask.LEVEL else _two_questions(question))]
    return "\n".join(lines) + "\n"


def _minutes(chosen: Sequence[tuple[Criterion, Question]]) -> str:
    minutes = sum(question.minutes or 0 for _, question in chosen)
    return f", about {plural(minutes, 'minute')}" if minutes else ""


def _question(question: Question) -> list[str]:
    lines = [f"### {markdown(question.title)}{' (must-have)' if question.must_reach else ''}", ""]
    lines.append(f"**{markdown(question.text)}**")
    if question.why:
        lines += ["", f"Why: {markdown(question.why)}"]
    if question.check:
        lines += ["", f"How to check: {markdown(question.check)}"]
    lines.append("")
    lines += [f"- [ ] {level}: {markdown(rung)}" for level, rung in enumerate(question.levels)]
    lines += [
        "- [ ] unknown; what was tried: ______",
        "- [ ] not applicable; why: ______",
        "",
        "Note: ______",
        "",
        "Setting it depends on: ______",
        "",
        f"Evidence (where seen, and its date){', tried by hand' if question.needs_hands_on else ''}: ______",
    ]
    return lines


def _two_questions(question: Question) -> list[str]:
    """Expected and delivered on the one ladder."""
    lines = [f"### {markdown(question.title)}", ""]
    if question.think_of:
        lines += [f"Think of: {markdown(question.think_of)}", ""]
    lines += [
        f"**E, expected: {markdown(question.expected or question.text)}**",
        "",
        f"**D, delivered: {markdown(question.delivered or question.text)}**",
        "",
    ]
    lines += [f"- E [ ] D [ ] {level}: {markdown(rung)}" for level, rung in enumerate(question.levels)]
    return [*lines, "", "Note: ______"]


def _csv(ask: Ask, chosen: Sequence[tuple[Criterion, Question]]) -> str:
    rungs = [str(level) for level in range(max([len(question.levels) for _, question in chosen], default=_RUNGS))]
    headers = ["question", "criterion", "text", "why", "how to check", "must reach", "minutes"]
    blanks = _BLANKS[ask]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*headers, *(f"rung {rung}" for rung in rungs), *blanks])
    for criterion, question in chosen:
        fixed = [
            question.id,
            criterion.title,
            _asked(question),
            question.why or "",
            question.check or "",
            "" if question.must_reach is None else str(question.must_reach.level),
            "" if question.minutes is None else str(question.minutes),
        ]
        ladder = [*question.levels, *[""] * (len(rungs) - len(question.levels))]
        writer.writerow([csv_cell(cell) for cell in (*fixed, *ladder, *[""] * len(blanks))])
    return text.getvalue()


def _asked(question: Question) -> str:
    if question.expected is None or question.delivered is None:
        return question.text
    return f"Expected: {question.expected} Delivered: {question.delivered}"
