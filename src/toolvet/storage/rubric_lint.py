"""Warnings for the author of a rubric that can be used but has something odd in it.

It also looks at documents that do not fit the schema. What cannot be judged is passed over, because the errors
report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from toolvet.domain.rubric import Policy, Thresholds
from toolvet.domain.scope import AllOf, Not, Options, Outcomes, ScopeCondition, outcomes
from toolvet.storage.faults import Fault, Place, TomlTable, named, quoted
from toolvet.storage.rubric_format import condition_faults, make_condition, number_at
from toolvet.storage.schema import fits, load_schema
from toolvet.storage.toml_input import MOST_RUNGS
from toolvet.values import dataclass

LIGHTEST = Fraction(1, 10)
"""What weighs less than this part of the heaviest beside it hardly moves the sum.

HECVAT and OpenSSF Scorecard both give the heaviest four times the weight of the lightest.
"""


def weight_warnings(criteria: Sequence[TomlTable], questions: Sequence[Sequence[TomlTable]]) -> Iterator[Fault]:
    """Criteria and questions that weigh next to nothing beside the heaviest of their kind."""
    yield from _light(
        criteria, "criterion beside it", "the total; raise it, or put its questions into another criterion"
    )
    for group in questions:
        yield from _light(group, "question beside it", "its criterion; raise it, or leave the question out")


def _light(tables: Sequence[TomlTable], beside: str, advice: str) -> Iterator[Fault]:
    heaviest = max(tables, key=_weight, default=None)
    for table in tables:
        if heaviest is not None and _weight(table) < _weight(heaviest) * LIGHTEST:
            named = f"{heaviest.text('id')}, {_shown(_weight(heaviest))}"
            message = f"the weight is less than a tenth of the heaviest {beside} ({named}) and hardly moves {advice}"
            yield Fault((*table.place, "weight"), message, is_warning=True)


def threshold_warnings(policy: object) -> Iterator[Fault]:
    """Overall thresholds that say nothing: where every criterion reaches more, so does their mean."""
    if not isinstance(policy, dict):
        return
    for name in ("approve", "conditional"):
        default: Thresholds = getattr(Policy(), name)
        given = policy.get(name)
        if not isinstance(given, dict):
            continue
        overall, criterion = (number_at(given, key, getattr(default, key)) for key in ("overall", "criterion"))
        if overall < criterion:
            message = (
                f"overall of {name} ({float(overall):g}) is below criterion ({float(criterion):g}) and never "
                "decides; raise it, or lower criterion"
            )
            yield Fault(("policy", name), message, is_warning=True)


def _weight(table: TomlTable) -> Fraction:
    return max(Fraction(0), number_at(table.keys, "weight", Fraction(1)))


def _shown(weight: Fraction) -> str:
    return f"{float(weight):g}"


_WORDS = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")
_YES_NO = frozenset({"yes", "no"})
_COUNTS = frozenset({"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "all"})
# Words that say how something is liked, not what can be seen, and those that only make them stronger or weaker.
_LIKING = """bad poor weak low lacking insufficient inadequate unacceptable basic minimal limited fair average medium
    moderate adequate acceptable sufficient reasonable satisfactory ok okay good strong high great excellent
    outstanding superior perfect best better full partial complete mature advanced optimal nice modern robust"""
_STRESS = """very quite rather mostly mainly partly partially fully largely somewhat well not and or more less really
    completely"""
_JUDGEMENTS, _DEGREES = frozenset(_LIKING.split()), frozenset(_STRESS.split())


def ladder_warnings(question: TomlTable) -> Iterator[Fault]:
    """Rungs that repeat another or only judge, and ladders made of single words."""
    rungs = question.keys.get("levels")
    if not isinstance(rungs, list) or len(rungs) > MOST_RUNGS or not all(isinstance(rung, str) for rung in rungs):
        return
    words = [tuple(word.casefold() for word in _WORDS.findall(rung)) for rung in rungs]
    if len(words) == 2 and {word for rung in words for word in rung} == _YES_NO:
        # With two rungs, yes and no leave nothing to argue about but the question itself.
        return
    if sum(map(_is_single, words)) * 2 > len(words):
        place = (*question.place, "levels")
        yield Fault(place, "most rungs are a single word; say what can be seen at each", is_warning=True)
    for level, rung in enumerate(words):
        place = (*question.place, "levels", level)
        if not rung:
            yield Fault(place, f"rung {level} says nothing; say what can be seen there", is_warning=True)
        elif rung in words[:level]:
            yield Fault(place, f"rung {level} repeats rung {words.index(rung)}; say what more is true", is_warning=True)
        elif _JUDGEMENTS & set(rung) and set(rung) <= _JUDGEMENTS | _DEGREES:
            message = f"rung {level} only judges ({quoted(rungs[level])}); say what can be seen there"
            yield Fault(place, message, is_warning=True)


def _is_single(rung: tuple[str, ...]) -> bool:
    """Whether it is one word; a number is something that can be seen."""
    return len(rung) == 1 and rung[0] not in _COUNTS and not any(character.isdigit() for character in rung[0])


def reference_warnings(question: TomlTable) -> Iterator[Fault]:
    """References that are there and say nothing."""
    references = question.keys.get("references")
    if not isinstance(references, list):
        return
    place = (*question.place, "references")
    if not references:
        yield Fault(place, "references is empty; say where the question comes from, or remove it", is_warning=True)
    for position, reference in enumerate(references):
        if isinstance(reference, str) and not reference.strip():
            yield Fault((*place, position), "this reference is empty; fill it in, or remove it", is_warning=True)


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
