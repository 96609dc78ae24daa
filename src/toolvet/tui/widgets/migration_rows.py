"""What becomes of each answer under another text of the rubric, as rows of a list and in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from textual.content import Content

from toolvet.domain.assessment import Answer
from toolvet.domain.migration import Fate, Step
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.versions import ChangeKind, reworded
from toolvet.files.migrating import Plan
from toolvet.report.migration import change_words, fate_words
from toolvet.tui.widgets.hanging import Entry
from toolvet.tui.widgets.marks import TO_CONFIRM
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown

SIGNS = {
    Fate.CONFIRM: (TO_CONFIRM, "$text-warning"),
    Fate.TAKEN_UP: (TO_CONFIRM, "$text-warning"),
    Fate.OPEN: ("·", "$text-muted"),
    Fate.RETIRED: ("»", "$text-warning"),
    Fate.NOTHING: ("–", "$text-muted"),
    Fate.KEPT: ("=", "$text-success"),
}
_LABELS = {
    "text": "Question",
    "check": "Check",
    "expected": "Expected",
    "delivered": "Delivered",
    "think_of": "Think of",
}


class Heading(StrEnum):
    """What the steps below it have in common; what has to be looked at first, and what stays the same last."""

    CONFIRM = "To be confirmed: kept, but open until then"
    TAKEN_UP = "Back from retired, to be confirmed"
    ASKED_AGAIN = "Asked again, the answer kept aside"
    NEW = "New, open"
    RETIRED = "Gone, the answer kept aside"
    NOTHING = "Gone without an answer"
    OPEN = "Open, as before"
    KEPT = "Kept as they are"


@dataclass(frozen=True, slots=True)
class Group:
    """Steps under a heading; those of scope facts come before those of questions."""

    heading: Heading
    facts: tuple[Step, ...]
    questions: tuple[Step, ...]


def groups_of(plan: Plan) -> tuple[Group, ...]:
    """Every step under its heading; a heading without steps is left out."""
    facts, questions = plan.migration.facts, plan.migration.questions
    groups = (Group(heading, _under(heading, facts), _under(heading, questions)) for heading in Heading)
    return tuple(group for group in groups if group.facts or group.questions)


def heading_row(group: Group) -> Content:
    """The heading with the number of its rows."""
    return Content.styled(f"{group.heading} ({len(group.facts) + len(group.questions)})", "bold $text-secondary")


def step_row(plan: Plan, step: Step, *, is_fact: bool) -> Content:
    """The sign, the title and what changed."""
    sign, style = SIGNS[step.fate]
    name = f"Scope: {step.id.replace('-', ' ')}" if is_fact else _title(plan, step.id)
    return in_a_row(
        Content.styled(f" {sign}  ", style), on_one_line(name), Content.styled(f"  {change_words(step)}", "$text-muted")
    )


def fact_entries(plan: Plan, step: Step) -> Iterator[Entry]:
    """A scope fact: what was given, and its old and new words."""
    given = plan.file.assessment.scope.get(step.id)
    old = None if plan.old is None else plan.old.scope_fact(step.id)
    new = plan.new.scope_fact(step.id)
    yield "Scope", on_one_line(step.id, "bold")
    yield "Given", Content("nothing") if given is None else on_one_line(given)
    yield "Becomes", Content.styled(_fact_fate(step), "bold")
    if old is not None:
        yield ("Was" if new is not None else "Asked"), shown(f"{old.text}\n{' / '.join(old.options)}")
    if new is not None and (old is None or step.change is not ChangeKind.SAME or old.options != new.options):
        yield "Is now", shown(f"{new.text}\n{' / '.join(new.options)}")


def question_entries(plan: Plan, step: Step) -> Iterator[Entry]:
    """A question: the answer it had, what becomes of it, and the old words beside the new ones."""
    old, new = _questions(plan, step.id)
    answer = plan.file.assessment.answer(step.id)
    yield "Question", on_one_line(_title(plan, step.id), "bold")
    yield "Change", Content(change_words(step))
    yield "Answer", _answer_words(answer, old)
    yield "Becomes", Content.styled(_fate_in_full(step), "bold")
    if old is not None and new is not None:
        yield from _changed_words(old, new, step)
    elif (only := new or old) is not None:
        yield "", Content("")
        yield "Question" if new is not None else "Asked", shown(only.text)
        yield from _ladder("Ladder", only, answer.level if new is None else step.becomes)


def _changed_words(old: Question, new: Question, step: Step) -> Iterator[Entry]:
    names = reworded(old, new)
    for name in names:
        yield "", Content("")
        yield f"{_LABELS[name]}:", Content("")
        yield "  was", shown(getattr(old, name) or "–", "$text-muted")
        yield "  is now", shown(getattr(new, name) or "–")
    if step.change is ChangeKind.RELADDERED or "levels" in step.besides:
        yield "", Content("")
        yield from _ladder("Was", old, step.was, "$text-muted")
        yield "", Content("")
        yield from _ladder("Is now", new, step.becomes)
    elif not names:
        yield "", Content("")
        yield "Question", shown(new.text, "$text-muted")


def _ladder(label: str, question: Question, at: int | None, style: str = "") -> Iterator[Entry]:
    for level, rung in enumerate(question.levels):
        sign = "●" if level == at else "○"
        yield (label if level == 0 else ""), shown(f"{sign} {level}  {rung}", style)


def _answer_words(answer: Answer, old: Question | None) -> Content:
    levels = {"level": answer.level, "expected": answer.expected, "delivered": answer.delivered}
    given = [(name, level) for name, level in levels.items() if level is not None]
    words = [f"{name} {level}{_rung_words(old, level)}" for name, level in given]
    if answer.unknown is not None:
        words.append(f"unknown {answer.unknown}".strip())
    if answer.not_applicable is not None:
        words.append(f"not applicable: {answer.not_applicable}")
    if answer.note:
        words.append(f"Note: {answer.note}")
    if answer.evidence:
        words.append(f"Evidence: {'; '.join(evidence.source for evidence in answer.evidence)}")
    return shown("\n".join(words)) if words else Content.styled("none yet", "$text-muted")


def _rung_words(old: Question | None, level: int) -> str:
    return f": {old.levels[level]}" if old is not None and level <= old.top else ""


def _fate_in_full(step: Step) -> str:
    match step.fate:
        case Fate.CONFIRM:
            return f"{fate_words(step)}; it counts as unanswered until then"
        case Fate.RETIRED:
            return f"{fate_words(step)}; it stays in the file, under retired"
        case _:
            return fate_words(step)


def _fact_fate(step: Step) -> str:
    if step.fate is Fate.RETIRED and step.change is not ChangeKind.GONE:
        return "asked again; what was given is kept aside, under retired"
    return fate_words(step)


def _title(plan: Plan, question_id: str) -> str:
    old, new = _questions(plan, question_id)
    question = new or old
    return question_id if question is None else question.title


def _questions(plan: Plan, question_id: str) -> tuple[Question | None, Question | None]:
    return _in(plan.old, question_id), _in(plan.new, question_id)


def _in(rubric: Rubric | None, question_id: str) -> Question | None:
    return None if rubric is None else rubric.question(question_id)


def _under(heading: Heading, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if _heading(step) is heading)


def _heading(step: Step) -> Heading:
    match step.fate:
        case Fate.CONFIRM:
            return Heading.CONFIRM
        case Fate.TAKEN_UP:
            return Heading.TAKEN_UP
        case Fate.OPEN:
            return Heading.NEW if step.change is ChangeKind.NEW else Heading.OPEN
        case Fate.RETIRED:
            return Heading.RETIRED if step.change is ChangeKind.GONE else Heading.ASKED_AGAIN
        case Fate.NOTHING:
            return Heading.NOTHING
        case Fate.KEPT:
            return Heading.KEPT
        case _:
            assert_never(step.fate)
