"""What is odd in a rubric that can be used all the same: warnings for its author.

Like the checks, this looks at documents that may not fit the schema: what cannot be judged is passed over, since the
errors tell of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolvet.domain.reachable import Options, Outcomes, outcomes
from toolvet.domain.scope import AllOf, Not, ScopeCondition
from toolvet.files.faults import Fault, Place, named
from toolvet.files.fitting import fits
from toolvet.files.linting_weights import threshold_warnings, weight_warnings
from toolvet.files.linting_words import ladder_warnings, reference_warnings
from toolvet.files.rubric_checks import condition_faults
from toolvet.files.rubric_values import make_condition
from toolvet.files.schema import load_schema
from toolvet.files.toml_table import TomlTable

_APPLIES, _MUST_REACH = "applies_when", "must_reach_when"
_MOST_FACTS_NAMED = 6


@dataclass(frozen=True, slots=True)
class _Conditions:
    """A question's conditions; None where there is none, or none that can be judged."""

    question: TomlTable
    applies: ScopeCondition | None
    must_reach: ScopeCondition | None
    raises: tuple[tuple[Place, ScopeCondition], ...] = ()

    def place(self, key: str) -> Place:
        return (*self.question.place, key)


def lint(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Warnings about a rubric's document, in no order."""
    rubric = TomlTable((), document)
    criteria = list(rubric.tables("criteria"))
    questions = [list(criterion.tables("questions")) for criterion in criteria]
    yield from _condition_warnings(rubric, criteria, questions)
    for criterion_questions in questions:
        for question in criterion_questions:
            yield from ladder_warnings(question)
            yield from reference_warnings(question)
    yield from weight_warnings(criteria, questions)
    yield from threshold_warnings(document.get("policy"))


def _condition_warnings(
    rubric: TomlTable, criteria: Sequence[TomlTable], questions: Sequence[Sequence[TomlTable]]
) -> Iterator[Fault]:
    facts = list(rubric.tables("scope"))
    listed = {fact.keys["id"]: fact.texts("options") for fact in facts if fact.text("id") is not None}
    options = {fact: tuple(named_options) for fact, named_options in listed.items()}
    conditions = [[_conditions(question, listed) for question in group] for group in questions]
    outcomes_of = _Remembered(options)
    for group in conditions:
        for one in group:
            yield from _of_question(one, outcomes_of)
    for criterion, group in zip(criteria, conditions, strict=True):
        yield from _switched_off(criterion, group, outcomes_of)
    if all(questions):
        yield from _unused_facts(facts, [one.question for group in conditions for one in group])


def _conditions(question: TomlTable, options: Mapping[str, list[str]]) -> _Conditions:
    applies, must_reach = (_condition(question.keys.get(key), options) for key in (_APPLIES, _MUST_REACH))
    raises = tuple(
        ((*one.place, "when"), condition)
        for one in question.tables("raises")
        if (condition := _condition(one.keys.get("when"), options)) is not None
    )
    return _Conditions(question, applies, must_reach, raises)


def _condition(table: Any, options: Mapping[str, list[str]]) -> ScopeCondition | None:
    schema = {"$ref": "#/$defs/condition", "$defs": load_schema("rubric")["$defs"]}
    if not fits(table, schema) or any(condition_faults(TomlTable((), table), options)):
        return None
    if any(len(set(named_options)) < len(named_options) for named_options in options.values()):
        return None
    return make_condition(table, {fact: tuple(named_options) for fact, named_options in options.items()})


class _Remembered:
    """Outcomes of conditions, each found once: a rubric says the same condition of many questions."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._found: dict[ScopeCondition, Outcomes] = {}

    def __call__(self, condition: ScopeCondition) -> Outcomes:
        if condition not in self._found:
            self._found[condition] = outcomes(condition, self._options)
        return self._found[condition]


def _of_question(one: _Conditions, outcomes_of: _Remembered) -> Iterator[Fault]:
    if one.applies is not None:
        found = outcomes_of(one.applies)
        if found.is_never_true:
            yield _warning(one.place(_APPLIES), "it can never be true, so the question is never asked; correct it")
            return
        if found.is_never_false:
            yield _warning(one.place(_APPLIES), "it can never be false; remove it, the question always applies")
    yield from _of_raises(one, outcomes_of)
    if one.must_reach is None:
        return
    place = one.place(_MUST_REACH)
    where_asked = one.must_reach if one.applies is None else AllOf((one.applies, one.must_reach))
    if outcomes_of(one.must_reach).is_never_false:
        yield _warning(place, "it can never be false; remove it, the must-have always binds")
    elif outcomes_of(one.must_reach).is_never_true:
        yield _warning(place, "it can never be true, so the must-have never binds; correct it")
    elif outcomes_of(where_asked).is_never_true:
        yield _warning(place, "it is never true where the question applies, so the must-have never binds; correct it")


def _of_raises(one: _Conditions, outcomes_of: _Remembered) -> Iterator[Fault]:
    for place, condition in one.raises:
        binding = tuple(part for part in (one.applies, one.must_reach, condition) if part is not None)
        if outcomes_of(condition).is_never_false:
            yield _warning(place, "it can never be false; put its level into must_reach, and remove the raise")
        elif outcomes_of(AllOf(binding)).is_never_true:
            yield _warning(place, "it is never true where the must-have binds, so it raises nothing; correct it")


def _switched_off(criterion: TomlTable, group: Sequence[_Conditions], outcomes_of: _Remembered) -> Iterator[Fault]:
    conditions = [one.applies for one in group if one.applies is not None]
    if not conditions or len(conditions) < len(group):
        return
    off = outcomes_of(AllOf(tuple(Not(condition) for condition in dict.fromkeys(conditions)))).true
    if off is not None:
        shown = [f"{fact} is {option}" for fact, option in off.items()][:_MOST_FACTS_NAMED]
        more = " …" if len(off) > _MOST_FACTS_NAMED else ""
        yield _warning(
            (*criterion.place, "id"),
            f"where {', '.join(shown)}{more}, no question of it applies and it drops out of the total; "
            "see that this is meant, or add a question that always applies",
        )


def _unused_facts(facts: Sequence[TomlTable], questions: Sequence[TomlTable]) -> Iterator[Fault]:
    keys = (_APPLIES, _MUST_REACH, "raises")
    used = {fact for question in questions for key in keys for fact in _named(question.keys.get(key))}
    for fact in facts:
        fact_id = fact.text("id")
        if fact_id is not None and fact_id not in used:
            yield _warning(
                (*fact.place, "id"), f"no condition asks for the scope fact {named(fact_id)}; use it, or remove it"
            )


def _named(condition: object) -> Iterator[str]:
    """Every fact that a condition names, whatever else is wrong with it."""
    waiting = [condition]
    while waiting:
        match waiting.pop():
            case dict() as table:
                if isinstance(table.get("scope"), str):
                    yield table["scope"]
                waiting.extend(table.values())
            case list() as items:
                waiting.extend(items)


def _warning(place: Place, message: str) -> Fault:
    return Fault(place, message, is_warning=True)
