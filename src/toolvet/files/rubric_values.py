"""A checked rubric document as a value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from toolvet.domain.rubric import (
    Ask,
    Axis,
    Criterion,
    IfMissed,
    MustReach,
    Policy,
    Question,
    Raise,
    Rubric,
    ScopeFact,
    Sitting,
    Thresholds,
)
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition

Table = Mapping[str, Any]
_Options = Mapping[str, tuple[str, ...]]


def make_rubric(document: Table, digest: str) -> Rubric:
    """The rubric in a document that passed the schema and our own checks."""
    options = {fact["id"]: tuple(fact["options"]) for fact in document.get("scope", ())}
    return Rubric(
        id=document["id"],
        version=document["version"],
        title=document["title"],
        subject=document["subject"],
        ask=Ask(document["ask"]),
        criteria=tuple(_make_criterion(criterion, options) for criterion in document["criteria"]),
        summary=document.get("summary"),
        how_to_answer=document.get("how_to_answer"),
        groups=tuple(document.get("groups", ())),
        scope=tuple(_make_fact(fact) for fact in document.get("scope", ())),
        policy=make_policy(document.get("policy", {})),
        digest=digest,
    )


def make_policy(table: Table) -> Policy:
    """The policy, with the defaults where nothing is said."""
    given: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            default = getattr(Policy(), key)
            given[key] = Thresholds(
                criterion=Fraction(value.get("criterion", default.criterion)),
                overall=Fraction(value.get("overall", default.overall)),
            )
        else:
            given[key] = value if key in _WHOLE else Fraction(value)
    return Policy(**given)


_WHOLE = frozenset({"valid_months", "waiver_months", "smallest_group"})


def _make_fact(table: Table) -> ScopeFact:
    return ScopeFact(
        id=table["id"],
        text=table["text"],
        options=tuple(table["options"]),
        about=table.get("about"),
        help=table.get("help"),
    )


def _make_criterion(table: Table, options: _Options) -> Criterion:
    return Criterion(
        id=table["id"],
        title=table["title"],
        questions=tuple(_make_question(question, options) for question in table["questions"]),
        summary=table.get("summary"),
        axis=_make_axis(table),
        weight=_weight(table),
    )


def _make_question(table: Table, options: _Options) -> Question:
    where = table.get("where")
    return Question(
        id=table["id"],
        text=table["text"] if "text" in table else table["delivered"],
        levels=tuple(table["levels"]),
        why=table.get("why"),
        check=table.get("check"),
        where=None if where is None else Sitting(where),
        minutes=table.get("minutes"),
        weight=_weight(table),
        axis=_make_axis(table),
        applies_when=make_condition(table["applies_when"], options) if "applies_when" in table else None,
        must_reach=_make_must_reach(table, options),
        evidence=table.get("evidence"),
        shelf_months=table.get("shelf_months"),
        closes=tuple(table.get("closes", ())),
        references=tuple(table.get("references", ())),
        expected=table.get("expected"),
        delivered=table.get("delivered"),
        think_of=table.get("think_of"),
        asked_of=tuple(table.get("asked_of", ())),
        title=table.get("title", ""),
        ref=table.get("ref"),
        revision=table.get("revision"),
    )


def _make_must_reach(table: Table, options: _Options) -> MustReach | None:
    if "must_reach" not in table:
        return None
    when = table.get("must_reach_when")
    return MustReach(
        level=table["must_reach"],
        why=table["must_reach_why"],
        when=None if when is None else make_condition(when, options),
        if_missed=IfMissed(table.get("if_missed", IfMissed.REJECT)),
        raises=tuple(
            Raise(one["to"], make_condition(one["when"], options), one["why"]) for one in table.get("raises", ())
        ),
    )


def _make_axis(table: Table) -> Axis | None:
    return Axis(table["axis"]) if "axis" in table else None


def _weight(table: Table) -> Fraction:
    weight: int | Decimal = table.get("weight", 1)
    return Fraction(weight)


def make_condition(table: Table, options: _Options) -> ScopeCondition:
    """The condition in a table that passed the checks; `options` are those of each scope fact."""
    match table:
        case {"all": parts}:
            return AllOf(tuple(make_condition(part, options) for part in parts))
        case {"any": parts}:
            return AnyOf(tuple(make_condition(part, options) for part in parts))
        case {"not": part}:
            return Not(make_condition(part, options))
    return _make_comparison(table, options)


def _make_comparison(table: Table, options: _Options) -> OneOf:
    fact: str = table["scope"]
    ordered = options[fact]
    match table:
        case {"is": option}:
            return OneOf(fact, frozenset({option}), f"{fact} is {option}")
        case {"at_least": option}:
            return OneOf(fact, frozenset(ordered[ordered.index(option) :]), f"{fact} is at least {option}")
        case {"at_most": option}:
            return OneOf(fact, frozenset(ordered[: ordered.index(option) + 1]), f"{fact} is at most {option}")
    named: list[str] = table["one_of"]
    return OneOf(fact, frozenset(named), f"{fact} is one of {', '.join(named)}")
