"""Rubrics and policies from checked documents, with the rules that a schema cannot express."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    TextQuestion,
    Thresholds,
    Translation,
)
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition
from toolvet.storage.faults import Fault, Place, TomlTable, quoted, unknown
from toolvet.storage.toml_input import CONDITION_DEEP

Table = Mapping[str, Any]
_Options = Mapping[str, tuple[str, ...]]
_IN_WORDS = "text"
_OF_TEXTS = frozenset({"id", "kind", "text", "title", "ref", "why", "check", "references"})


def make_rubric(document: Table, digest: str) -> Rubric:
    """The rubric in a document that passed the schema and our own checks."""
    options = {fact["id"]: tuple(fact["options"]) for fact in document.get("scope", ())}
    return Rubric(
        id=document["id"],
        version=document["version"],
        title=document["title"],
        subject=document["subject"],
        ask=Ask(document["ask"]),
        criteria=tuple(_make_criterion(criterion, options) for criterion in document["criteria"] if _rated(criterion)),
        texts=tuple(
            _make_text(question, criterion) for criterion in document["criteria"] for question in _texts(criterion)
        ),
        summary=document.get("summary"),
        how_to_answer=document.get("how_to_answer"),
        groups=tuple(document.get("groups", ())),
        scope=tuple(_make_fact(fact) for fact in document.get("scope", ())),
        policy=make_policy(document.get("policy", {})),
        digest=digest,
        language=document.get("language", "en"),
        translations={
            language: _make_translation(table) for language, table in document.get("translations", {}).items()
        },
    )


def _make_translation(table: Table) -> Translation:
    questions: dict[str, dict[str, str | tuple[str, ...]]] = {}
    for name, words in table.get("questions", {}).items():
        questions[name] = {key: tuple(value) if key == "levels" else value for key, value in words.items()}
        # The text is a short form; where the translation has none, what is delivered stands for it.
        if "delivered" in words and "text" not in words:
            questions[name]["text"] = words["delivered"]
    words = {key: value for key, value in table.items() if isinstance(value, str)}
    return Translation(words, table.get("criteria", {}), questions, table.get("scope", {}))


def make_policy(table: Table) -> Policy:
    """The policy, with defaults for what the table leaves out."""
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


_WHOLE = frozenset({"valid_months", "waiver_months", "smallest_group", "require_signature"})


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
        questions=tuple(_make_question(question, options) for question in _rated(table)),
        summary=table.get("summary"),
        axis=_make_axis(table),
        weight=_weight(table),
    )


def _rated(criterion: Table) -> list[Table]:
    return [question for question in criterion["questions"] if question.get("kind") != _IN_WORDS]


def _texts(criterion: Table) -> list[Table]:
    return [question for question in criterion["questions"] if question.get("kind") == _IN_WORDS]


def _make_text(table: Table, criterion: Table) -> TextQuestion:
    return TextQuestion(
        id=table["id"],
        text=table["text"],
        criterion=criterion["title"],
        criterion_id=criterion["id"],
        title=table.get("title", ""),
        ref=table.get("ref"),
        why=table.get("why"),
        check=table.get("check"),
        references=tuple(table.get("references", ())),
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


_FORMS = ("is", "at_least", "at_most", "one_of", "all", "any", "not")
_COMPARISONS = ("is", "at_least", "at_most", "one_of")
_NOT_FACTS = ("users", "plan")
"""Keys that a decision's `approved_for` needs for itself."""


def rubric_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a rubric beyond its schema."""
    rubric = TomlTable((), document)
    facts = list(rubric.tables("scope"))
    criteria = list(rubric.tables("criteria"))
    questions = [question for criterion in criteria for question in criterion.tables("questions")]
    yield from _repeated("scope fact", facts)
    yield from _repeated("criterion", criteria)
    yield from _repeated("question", questions)
    for fact in facts:
        if fact.text("id") in _NOT_FACTS:
            yield Fault((*fact.place, "id"), f"no scope fact can be called {fact.keys['id']}: decisions use that name")
    if questions and all(question.text("kind") == _IN_WORDS for question in questions):
        yield Fault(("criteria",), "every question is answered in words; add one with a ladder")
    options = {fact.keys["id"]: fact.texts("options") for fact in facts if fact.text("id") is not None}
    for question in questions:
        if rubric.text("ask") != "gap":
            yield from _kind_faults(question)
            yield from _must_reach_faults(question)
        for key in ("applies_when", "must_reach_when"):
            if isinstance(question.keys.get(key), dict):
                condition = TomlTable((*question.place, key), question.keys[key])
                yield from condition_faults(condition, options)
        for one in question.tables("raises"):
            if isinstance(one.keys.get("when"), dict):
                yield from condition_faults(TomlTable((*one.place, "when"), one.keys["when"]), options)
    yield from _group_faults(rubric, questions)
    yield from _translation_faults(document, {"scope": facts, "criteria": criteria, "questions": questions})
    yield from policy_faults(document)


def _repeated(what: str, tables: list[TomlTable]) -> Iterator[Fault]:
    seen: set[str] = set()
    for table in tables:
        name = table.text("id")
        if name is not None and name in seen:
            yield Fault((*table.place, "id"), f"the {what} {quoted(name)} is there twice; give one another id")
        elif name is not None:
            seen.add(name)


def _kind_faults(question: TomlTable) -> Iterator[Fault]:
    """A question has a ladder, unless it is answered in words: then it has nothing that scores."""
    if question.text("kind") != _IN_WORDS:
        if "levels" not in question.keys:
            entry = question.place[-1]
            number = entry + 1 if isinstance(entry, int) else entry
            yield Fault(question.place, f"in entry {number} of questions: levels is missing; add it: the ladder")
        return
    for key in question.keys:
        if key not in _OF_TEXTS:
            yield Fault((*question.place, key), f"a question of the kind text has no {key}; remove it, or the kind")


def _must_reach_faults(question: TomlTable) -> Iterator[Fault]:
    for key in ("must_reach_why", "must_reach_when", "if_missed", "raises"):
        if key in question.keys and "must_reach" not in question.keys:
            yield Fault((*question.place, key), f"{key} without must_reach; add must_reach, or remove it")
    if "must_reach" not in question.keys:
        return
    if "must_reach_why" not in question.keys:
        yield Fault((*question.place, "must_reach"), "must_reach without must_reach_why; add why it must be reached")
    level, levels = question.keys["must_reach"], question.keys.get("levels")
    if isinstance(level, int) and isinstance(levels, list) and level >= len(levels) > 0:
        yield Fault(
            (*question.place, "must_reach"),
            f"must_reach is {level}, but the ladder ends at {len(levels) - 1}; choose a level on it",
        )
    for one in question.tables("raises"):
        yield from _raise_faults(one, level, levels)


def _raise_faults(one: TomlTable, must_reach: object, levels: object) -> Iterator[Fault]:
    to = one.keys.get("to")
    if not isinstance(to, int) or isinstance(to, bool):
        return
    if isinstance(must_reach, int) and to < must_reach:
        what = f"it raises to {to}, below must_reach ({must_reach}); raise it to a higher level, or remove it"
        yield Fault((*one.place, "to"), what)
    if isinstance(levels, list) and to >= len(levels) > 0:
        what = f"it raises to {to}, but the ladder ends at {len(levels) - 1}; choose a level on it"
        yield Fault((*one.place, "to"), what)


def condition_faults(condition: TomlTable, options: Mapping[str, list[str]], *, deep: int = 1) -> Iterator[Fault]:
    """What is wrong in a condition beyond its schema; `options` are those of each scope fact."""
    if deep > CONDITION_DEEP:
        yield Fault(condition.place, f"a condition more than {CONDITION_DEEP} deep; flatten it")
        return
    forms = [form for form in _FORMS if form in condition.keys]
    if not forms and condition.keys.keys() - {"scope"}:
        # The schema tells of the key that is no form.
        return
    if len(forms) != 1:
        found = f"this one has {' and '.join(forms)}" if forms else "this one has none"
        yield Fault(condition.place, f"a condition has exactly one of {', '.join(_FORMS)}; {found}")
    elif forms[0] in _COMPARISONS:
        yield from _comparison_faults(condition, forms[0], options)
    elif "scope" in condition.keys:
        yield Fault((*condition.place, "scope"), f"scope beside {forms[0]} means nothing; put it inside, or remove it")
    inner = condition.keys.get("not")
    parts = [*condition.tables("all"), *condition.tables("any")]
    if isinstance(inner, dict):
        parts.append(TomlTable((*condition.place, "not"), inner))
    for part in parts:
        yield from condition_faults(part, options, deep=deep + 1)


def _comparison_faults(condition: TomlTable, form: str, options: Mapping[str, list[str]]) -> Iterator[Fault]:
    fact = condition.text("scope")
    if fact is None:
        if "scope" not in condition.keys:
            yield Fault(condition.place, f"{form} without scope; add the id of the scope fact that it compares")
        return
    if fact not in options:
        yield Fault((*condition.place, "scope"), unknown(f"scope fact {quoted(fact)}", fact, list(options)))
        return
    named = condition.texts(form) if form == "one_of" else [condition.keys[form]]
    for option in named:
        if isinstance(option, str) and option not in options[fact]:
            what = f"{fact} has no option {quoted(option)}"
            yield Fault((*condition.place, form), unknown(what, option, options[fact], is_sentence=True))


def _group_faults(rubric: TomlTable, questions: list[TomlTable]) -> Iterator[Fault]:
    groups = rubric.texts("groups")
    for question in questions:
        for group in question.texts("asked_of"):
            if group not in groups:
                yield Fault((*question.place, "asked_of"), unknown(f"group {quoted(group)}", group, groups))


def _translation_faults(document: Mapping[str, Any], named: Mapping[str, list[TomlTable]]) -> Iterator[Fault]:
    translations = document.get("translations")
    for language, table in translations.items() if isinstance(translations, dict) else ():
        if language == document.get("language", "en"):
            what = f"{quoted(language)} is the rubric's own language; remove the translation, or name its language"
            yield Fault(("translations", language), what)
        for key, what in (("scope", "scope fact"), ("criteria", "criterion"), ("questions", "question")):
            given = table.get(key) if isinstance(table, dict) else None
            tables = {one.keys.get("id"): one for one in named[key]}
            for name, words in given.items() if isinstance(given, dict) else ():
                place = ("translations", language, key, name)
                if name not in tables:
                    names = [each for each in tables if isinstance(each, str)]
                    yield Fault(place, unknown(f"{what} {quoted(name)}", name, names))
                elif isinstance(words, dict):
                    yield from _ladder_faults(place, words, tables[name])


def _ladder_faults(place: Place, words: Mapping[str, Any], question: TomlTable) -> Iterator[Fault]:
    translated, levels = words.get("levels"), question.keys.get("levels")
    if translated is not None and question.text("kind") == _IN_WORDS:
        yield Fault((*place, "levels"), "this question is answered in words and has no levels; remove them")
    elif isinstance(translated, list) and isinstance(levels, list) and len(translated) != len(levels):
        what = f"{len(translated)} levels, but the ladder has {len(levels)}; translate each of them"
        yield Fault((*place, "levels"), what)


def policy_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Thresholds in a document's [policy] that stand the wrong way round, the defaults filled in."""
    policy = document.get("policy")
    if not isinstance(policy, dict):
        return
    for key in ("criterion", "overall"):
        approve, conditional = (_threshold(policy, name, key) for name in ("approve", "conditional"))
        if conditional > approve:
            yield Fault(
                ("policy", "conditional" if "conditional" in policy else "approve"),
                f"{key} of conditional ({float(conditional):g}) is above approve's ({float(approve):g}); lower it",
            )
    slipping, short = (number_at(policy, key, getattr(Policy(), key)) for key in ("slipping", "short"))
    if short > slipping:
        yield Fault(("policy", "short" if "short" in policy else "slipping"), "short is above slipping; lower it")


def _threshold(policy: Mapping[str, Any], name: str, key: str) -> Fraction:
    thresholds = policy.get(name)
    default: Fraction = getattr(getattr(Policy(), name), key)
    return number_at(thresholds, key, default) if isinstance(thresholds, dict) else default


def number_at(table: Mapping[str, Any], key: str, default: Fraction) -> Fraction:
    value = table.get(key, default)
    return Fraction(value) if isinstance(value, int | Decimal | Fraction) else default
