"""A rubric as a document to read: everything it asks, and the policy it is judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Ask, Axis, Criterion, IfMissed, Question, Rubric, ScopeFact, Sitting, TextQuestion
from toolvet.domain.scope import facts_of
from toolvet.report.approval.decision_words import policy_facts
from toolvet.report.approval.document import Fact
from toolvet.report.environments import PageFront, filled_in_markdown, filled_in_page
from toolvet.report.survey.sentences import policy_words
from toolvet.text.escape import ended, listed, markdown, plural
from toolvet.text.labels import condition_words, number
from toolvet.text.tables import csv_text
from toolvet.values import dataclass


class RubricFormat(StrEnum):
    """What a rubric can be shown as; the value is the file's suffix."""

    MARKDOWN = "md"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class FactPart:
    """A scope fact, and the questions that hang on it."""

    id: str
    text: str
    options: str
    decides: str


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question: `asked` has two lines for a survey, `details` are labels and texts."""

    id: str
    title: str
    must_have: bool
    asked: tuple[str, ...]
    rungs: tuple[str, ...]
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CriterionSection:
    """A criterion with its questions; `weighs` says its weight and its direction on the map."""

    title: str
    summary: str
    weighs: str
    questions: tuple[QuestionPart, ...]


@dataclass(frozen=True, slots=True)
class RubricPage:
    """Everything the document says, in its order."""

    title: str
    kicker: str
    summary: str
    how_to_answer: str
    policy: tuple[Fact, ...]
    facts: tuple[FactPart, ...]
    criteria: tuple[CriterionSection, ...]
    digest: str


def rubric_document(rubric: Rubric, rubric_format: RubricFormat) -> str:
    """The rubric in that format, with a line end after the last line."""
    page = rubric_page(rubric)
    if rubric_format is RubricFormat.MARKDOWN:
        return filled_in_markdown("rubric.md.j2", {"page": page})
    front = PageFront(page.title, page.kicker, page.title, summary=[page.summary] if page.summary else [])
    return filled_in_page(front, "rubric.md.j2", {"page": page})


def rubric_page(rubric: Rubric) -> RubricPage:
    """What the document says."""
    questions = [question for _, question in rubric.questions()]
    must_haves = sum(question.must_reach is not None for question in questions)
    minutes = sum(question.minutes or 0 for question in questions)
    counted = [plural(len(rubric.criteria), "criterion", "criteria"), plural(len(questions), "question")]
    counted += [plural(must_haves, "must-have")] * bool(must_haves)
    counted += [f"about {plural(minutes, 'minute')}"] * bool(minutes)
    return RubricPage(
        title=rubric.title,
        kicker=f"Rubric {rubric.id} {rubric.version} for a{'n' if rubric.subject[:1] in 'aeiou' else ''} "
        f"{rubric.subject}: {listed(counted)}",
        summary=rubric.summary or "",
        how_to_answer=rubric.how_to_answer or "",
        policy=policy_words(rubric.policy) if rubric.ask is Ask.GAP else policy_facts(rubric.policy),
        facts=tuple(_fact(fact, questions) for fact in rubric.scope),
        criteria=tuple(_criterion(criterion, rubric) for criterion in rubric.criteria),
        digest=rubric.digest,
    )


def _fact(fact: ScopeFact, questions: list[Question]) -> FactPart:
    hanging = [question.heading for question in questions if fact.id in _facts_of(question)]
    return FactPart(fact.id, fact.text, " · ".join(fact.options), ", ".join(hanging) or "nothing")


def _facts_of(question: Question) -> set[str]:
    must_reach = question.must_reach
    conditions = () if must_reach is None else (must_reach.when, *(each.when for each in must_reach.raises))
    return {fact for condition in (question.applies_when, *conditions) for fact in facts_of(condition)}


def _criterion(criterion: Criterion, rubric: Rubric) -> CriterionSection:
    total = sum((each.weight for each in rubric.criteria), start=Fraction(0))
    weighs = f"Weight {number(criterion.weight)} of {number(total)}"
    axis = "" if criterion.axis is None else f", on the {criterion.axis} axis of the map"
    return CriterionSection(
        title=criterion.title,
        summary=criterion.summary or "",
        weighs=f"{weighs}{axis}.",
        questions=tuple(_question(question, criterion.axis) for question in criterion.questions),
    )


def _question(question: Question, axis: Axis | None) -> QuestionPart:
    if question.expected is not None and question.delivered is not None:
        asked: tuple[str, ...] = (f"Expected: {question.expected}", f"Delivered: {question.delivered}")
    else:
        asked = (question.text,)
    return QuestionPart(
        id=question.id,
        title=question.heading,
        must_have=question.must_reach is not None,
        asked=asked,
        rungs=tuple(f"{level}: {rung}" for level, rung in enumerate(question.levels)),
        details=tuple((label, text) for label, text in _details(question, axis) if text),
    )


def _details(question: Question, axis: Axis | None) -> Iterator[tuple[str, str]]:
    yield "Applies", "" if question.applies_when is None else f"when {condition_words(question.applies_when)}"
    yield "Must reach", _must_reach(question)
    yield "Why", question.why or ""
    yield "Think of", question.think_of or ""
    yield "How to check", question.check or ""
    yield "Weight", number(question.weight)
    yield "Axis", question.axis or "" if question.axis is not axis else ""
    yield "Answered", _sitting(question.where, question.minutes)
    yield "Evidence", "has to be tried by hand" if question.needs_hands_on else question.evidence or ""
    yield "Good for", "" if question.shelf_months is None else plural(question.shelf_months, "month")
    yield "Asked of", listed(question.asked_of)
    yield "Would close", listed(question.closes)
    yield "References", "; ".join(question.references)


def _must_reach(question: Question) -> str:
    if question.must_reach is None:
        return ""
    when = question.must_reach.when
    condition = "" if when is None else f" when {condition_words(when)}"
    missed = f"Missing it {'rejects' if question.must_reach.if_missed is IfMissed.REJECT else 'holds'}."
    raised = [
        f"Level {each.to} when {condition_words(each.when)}, else it holds. {ended(each.why)}"
        for each in question.must_reach.raises
    ]
    reached = f"level {question.must_reach.level}{condition}. {ended(question.must_reach.why)}"
    return " ".join((reached, missed, *raised))


def _sitting(where: Sitting | None, minutes: int | None) -> str:
    words = "" if where is None else _WHERE[where]
    return ", ".join(part for part in (words, "" if minutes is None else f"about {plural(minutes, 'minute')}") if part)


_WHERE = {
    Sitting.TRIAL: "with the tool at hand",
    Sitting.CONSOLE: "in its admin console",
    Sitting.READING: "from documents",
    Sitting.CONTRACT: "from the contract",
}


class SheetFormat(StrEnum):
    """What a sheet can be written as; the value is the file's suffix."""

    MARKDOWN = "md"
    CSV = "csv"
    WORKBOOK = "xlsx"
    HTML = "html"


READING_RULE = (
    "Pick the highest rung that is wholly true of this plan and deployment, with the settings you will run. "
    "What the tool lacks is rung 0. What was not found in the time given is unknown: say what was tried."
)

_ABOUT = {
    Ask.LEVEL: ("Tool, plan and deployment", "Answered by, and role", "Date"),
    Ask.GAP: ("Organisation", "Group", "Date"),
}

_TICK = {
    Ask.LEVEL: "Tick one box for each question, and say where it was seen.",
    Ask.GAP: "Tick one box E and one box D for each question; leave out what you cannot know.",
}


def blank_sheet(
    rubric: Rubric,
    where: Sitting | None,
    chosen: Sequence[tuple[Criterion, Question]],
    about: Assessment | None = None,
    texts: Sequence[TextQuestion] = (),
    *,
    for_vendor: bool = False,
) -> str:
    """The chosen questions, of that sitting if any, and those to answer in words, to print. Ends with a line end.

    What is known already is ticked and written in. A vendor sees no answers, and does not learn what is a must-have.
    """
    lines = [
        f"# {markdown(rubric.title)}: questions{'' if where is None else f' to answer {_WHERE[where]}'}",
        "",
        f"{plural(len(chosen) + len(texts), 'question')}{_minutes(chosen)}. Rubric {rubric.id} {rubric.version}.",
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
    if rubric.ask is Ask.LEVEL:
        lines += _sheet_facts(rubric, {} if about is None else about.scope)
    answers = {} if about is None or for_vendor else about.answers
    for title, questions in in_sections(chosen, texts):
        lines += ["", f"## {markdown(title)}"]
        for question in questions:
            answer = answers.get(question.id, Answer())
            if isinstance(question, TextQuestion):
                lines += ["", *_sheet_text(question, answer)]
            elif rubric.ask is Ask.GAP:
                lines += ["", *_two_questions(question)]
            else:
                asked = replace(question, must_reach=None) if for_vendor else question
                lines += ["", *_sheet_question(asked, answer)]
    return "\n".join(lines) + "\n"


def in_sections(
    chosen: Sequence[tuple[Criterion, Question]], texts: Sequence[TextQuestion]
) -> list[tuple[str, list[Question | TextQuestion]]]:
    """The questions under the titles of their criteria, those to answer in words last in each.

    A criterion has several sections where the questions are not in the rubric's order.
    """
    sections: list[tuple[str, list[Question | TextQuestion]]] = []
    for criterion, question in chosen:
        if not sections or sections[-1][0] != criterion.title:
            sections.append((criterion.title, []))
        sections[-1][1].append(question)
    for text in texts:
        if not any(title == text.criterion for title, _ in sections):
            sections.append((text.criterion, []))
        next(own for title, own in sections if title == text.criterion).append(text)
    return sections


def _sheet_facts(rubric: Rubric, given: Mapping[str, str]) -> Iterator[str]:
    if rubric.scope:
        yield from ("", "## Facts about the tool")
    for fact in rubric.scope:
        yield from ("", f"**{markdown(fact.text)}**", "")
        if fact.help:
            yield from (markdown(fact.help), "")
        yield from (f"- {_box(given.get(fact.id) == option)} {markdown(option)}" for option in fact.options)


def _sheet_text(question: TextQuestion, answer: Answer) -> list[str]:
    lines = [f"### {markdown(question.heading)}", "", f"**{markdown(question.text)}**", ""]
    if question.check:
        lines += [f"How to check: {markdown(question.check)}", ""]
    return [*lines, f"Answer: {_written(answer.note)}"]


def _minutes(chosen: Sequence[tuple[Criterion, Question]]) -> str:
    minutes = sum(question.minutes or 0 for _, question in chosen)
    return f", about {plural(minutes, 'minute')}" if minutes else ""


def _sheet_question(question: Question, answer: Answer) -> list[str]:
    lines = [f"### {markdown(question.heading)}{' (must-have)' if question.must_reach else ''}", ""]
    lines.append(f"**{markdown(question.text)}**")
    if question.why:
        lines += ["", f"Why: {markdown(question.why)}"]
    if question.check:
        lines += ["", f"How to check: {markdown(question.check)}"]
    lines.append("")
    lines += [
        f"- {_box(answer.level == level)} {level}: {markdown(rung)}" for level, rung in enumerate(question.levels)
    ]
    by_hand = ", tried by hand" if question.needs_hands_on else ""
    seen = "; ".join(f"{each.source}{'' if each.date is None else f', {each.date}'}" for each in answer.evidence)
    lines += [
        f"- {_box(answer.unknown is not None)} unknown; what was tried: {_written(answer.unknown)}",
        f"- {_box(answer.not_applicable is not None)} not applicable; why: {_written(answer.not_applicable)}",
        "",
        f"Note: {_written(answer.note)}",
        "",
        f"Setting it depends on: {_written(answer.setting)}",
        "",
        f"Evidence (where seen, and its date){by_hand}: {_written(seen)}",
    ]
    return lines


def _box(is_ticked: bool) -> str:
    return "[x]" if is_ticked else "[ ]"


def _written(text: str | None) -> str:
    return markdown(text) if text else "______"


def _two_questions(question: Question) -> list[str]:
    """Expected and delivered on the one ladder."""
    lines = [f"### {markdown(question.heading)}", ""]
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


_RUNGS = 7  # a ladder has at most so many, and every row of the table has a column for each


def survey_csv(chosen: Sequence[tuple[Criterion, Question]]) -> str:
    """The questions of a survey as a table with room to answer. Ends with a line end."""
    rungs = [str(level) for level in range(max([len(question.levels) for _, question in chosen], default=_RUNGS))]
    headers = ["question", "criterion", "text", "why", "how to check", "must reach", "minutes"]
    blanks = ("expected", "delivered", "note", "date")
    rows = []
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
        rows.append((*fixed, *ladder, *[""] * len(blanks)))
    return csv_text(rows, (*headers, *(f"rung {rung}" for rung in rungs), *blanks))


def _asked(question: Question) -> str:
    if question.expected is None or question.delivered is None:
        return question.text
    return f"Expected: {question.expected} Delivered: {question.delivered}"
