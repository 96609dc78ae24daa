"""What a schema cannot say of an assessment, by itself and against its rubric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.domain.assessment import Answer, Assessment
from toolvet.domain.rubric import Ask, Question, Rubric
from toolvet.files.faults import Fault, named, quoted
from toolvet.files.rubric_checks import unknown

_ONE_OF = ("level", "unknown", "not_applicable")
_GAP_ONLY = ("expected", "delivered")


def assessment_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in an assessment beyond its schema, without its rubric."""
    for table in ("answers", "retired"):
        for question_id, answer in _answers(document, table):
            given = [key for key in _ONE_OF if key in answer]
            if len(given) > 1:
                yield Fault(
                    (table, question_id, given[1]),
                    f"{named(question_id)} has {' and '.join(given)}; keep one of them",
                )


def is_gap_document(document: Mapping[str, Any]) -> bool:
    """Whether it is answered as a gap rubric is: with `expected` or `delivered`, or by nobody and not at all."""
    answers = [answer for table in ("answers", "retired") for _, answer in _answers(document, table)]
    has_gap = any(key in answer for answer in answers for key in _GAP_ONLY)
    has_level = any(key in answer for answer in answers for key in _ONE_OF)
    reviewer = document.get("reviewer", {})
    is_nameless = isinstance(reviewer, dict) and "name" not in reviewer
    return not has_level and (has_gap or is_nameless)


def answer_faults(assessment: Assessment, rubric: Rubric) -> Iterator[Fault]:
    """What in an assessment does not fit its rubric.

    Under a rubric that was changed since, an answer to a question that is gone is only a warning: it is kept.
    """
    is_changed = assessment.rubric.digest is not None and assessment.rubric.digest != rubric.digest
    if rubric.ask is Ask.LEVEL and assessment.reviewer.name is None:
        yield Fault(("reviewer",), "in reviewer: name is missing; add who answers")
    yield from _scope_faults(assessment, rubric, is_changed=is_changed)
    questions = {question.id: question for _, question in rubric.questions()}
    for question_id, answer in assessment.answers.items():
        if question_id not in questions:
            yield _not_in(rubric, "question", ("answers", question_id), list(questions), is_changed=is_changed)
        else:
            yield from _level_faults(questions[question_id], answer, rubric)
    group = assessment.reviewer.group
    if group is not None and group not in rubric.groups:
        yield Fault(("reviewer", "group"), unknown(f"group {quoted(group)} in {rubric.id}", group, list(rubric.groups)))


def _level_faults(question: Question, answer: Answer, rubric: Rubric) -> Iterator[Fault]:
    other = _GAP_ONLY if rubric.ask is Ask.LEVEL else _ONE_OF
    right = "level" if rubric.ask is Ask.LEVEL else "expected and delivered"
    for key in other:
        if getattr(answer, key) is not None:
            yield Fault(("answers", question.id, key), f"{rubric.id} is answered with {right}, not with {key}")
    for key in ("level", *_GAP_ONLY):
        level = getattr(answer, key)
        if level is not None and key not in other and level > question.top:
            yield Fault(
                ("answers", question.id, key),
                f"{question.id} has no level {level}; its ladder ends at {question.top}, so choose 0 to {question.top}",
            )


def _scope_faults(assessment: Assessment, rubric: Rubric, *, is_changed: bool) -> Iterator[Fault]:
    for fact_id, option in assessment.scope.items():
        fact = rubric.scope_fact(fact_id)
        if fact is None:
            names = [known.id for known in rubric.scope]
            yield _not_in(rubric, "scope fact", ("scope", fact_id), names, is_changed=is_changed)
        elif option not in fact.options:
            what = f"{fact_id} has no option {quoted(option)}"
            yield Fault(("scope", fact_id), unknown(what, option, list(fact.options), is_sentence=True))


def _not_in(rubric: Rubric, what: str, place: tuple[str, str], known: list[str], *, is_changed: bool) -> Fault:
    missing = f"{what} {quoted(place[1])} in {rubric.id}"
    if is_changed:
        return Fault(
            place, f"there is no {missing}, which was changed since; what was entered is kept", is_warning=True
        )
    return Fault(place, unknown(missing, place[1], known))


def _answers(document: Mapping[str, Any], table: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    answers = document.get(table)
    for question_id, answer in (answers if isinstance(answers, dict) else {}).items():
        if isinstance(answer, dict):
            yield question_id, answer
