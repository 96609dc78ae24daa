"""Random rubrics and assessments, drawn so that every rule of the contract comes up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from build import make_assessment, make_rubric
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.rubric import (
    Axis,
    Criterion,
    IfMissed,
    MustReach,
    Policy,
    Question,
    Raise,
    Rubric,
    ScopeFact,
    Thresholds,
)
from toolvet.domain.scope import AllOf, AnyOf, Not, OneOf, ScopeCondition

DAY = date(2026, 11, 21)
FACTS = (ScopeFact("guests", "Guests?", ("no", "yes")), ScopeFact("data", "Data?", ("low", "middle", "high")))


@dataclass(frozen=True)
class Drawn:
    """An assessment and its rubric."""

    rubric: Rubric
    assessment: Assessment


def draw(random: Random, *, most_questions: int = 5, is_small: bool = False) -> Drawn:
    """One case. Small ones have few rungs and no scope, so that every way through them can be tried."""
    facts = () if is_small else FACTS[: random.choice((0, 1, 2, 2))]
    leaning = random.random()
    answers: dict[str, Answer] = {}
    criteria = []
    for number in range(random.randint(1, 2 if is_small else 3)):
        axis = random.choice((None, Axis.CONTROL, Axis.EXPERIENCE))
        questions = []
        for place in range(random.randint(1, most_questions)):
            question = _question(random, f"q{number}{place}", facts, 3 if is_small else 7)
            questions.append(question)
            answer = _answer(random, question, leaning)
            if answer != Answer():
                answers[question.id] = answer
        criteria.append(Criterion(f"c{number}", f"C{number}", tuple(questions), axis=axis, weight=_weight(random)))
    scope = {fact.id: random.choice(fact.options) for fact in facts if random.random() < 0.75}
    rubric = make_rubric(*criteria, scope=facts, policy=_policy(random))
    return Drawn(rubric, make_assessment(answers, scope=scope))


def another(random: Random, drawn: Drawn) -> Assessment:
    """Other answers to the same rubric, with the same facts."""
    leaning = random.random()
    answers = {question.id: _answer(random, question, leaning) for _, question in drawn.rubric.questions()}
    return replace(drawn.assessment, answers={name: answer for name, answer in answers.items() if answer != Answer()})


def _weight(random: Random) -> Fraction:
    return random.choice((Fraction(1), Fraction(1), Fraction(2), Fraction(4), Fraction("0.5"), Fraction("1.3")))


def _policy(random: Random) -> Policy:
    if random.random() < 0.4:
        return Policy()
    low, high = sorted(Fraction(random.randrange(0, 101, 5)) for _ in range(2))
    low_all, high_all = sorted(Fraction(random.randrange(0, 101, 5)) for _ in range(2))
    return Policy(
        approve=Thresholds(high, high_all),
        conditional=Thresholds(low, low_all),
        coverage=Fraction(random.choice((0, 50, 80, 100))),
        proven=Fraction(random.choice((0, 25, 50, 90, 100))),
        not_applicable_limit=Fraction(random.choice((0, 30, 60, 100))),
    )


def _condition(random: Random, facts: tuple[ScopeFact, ...], deep: int = 0) -> ScopeCondition:
    form = random.choice(("one", "one", "one", "all", "any", "not")) if deep < 2 else "one"
    if form == "not":
        return Not(_condition(random, facts, deep + 1))
    if form != "one":
        parts = tuple(_condition(random, facts, deep + 1) for _ in range(random.randint(1, 3)))
        return AllOf(parts) if form == "all" else AnyOf(parts)
    fact = random.choice(facts)
    options = random.sample(fact.options, random.randint(1, len(fact.options)))
    return OneOf(fact.id, frozenset(options), f"{fact.id} is one of {', '.join(options)}")


def _question(random: Random, name: str, facts: tuple[ScopeFact, ...], most_levels: int) -> Question:
    levels = random.randint(2, most_levels)
    return Question(
        id=name,
        text=f"What of {name}?",
        levels=tuple(f"rung {level}" for level in range(levels)),
        weight=_weight(random),
        axis=random.choice((None, None, None, Axis.CONTROL, Axis.EXPERIENCE)),
        applies_when=_condition(random, facts) if facts and random.random() < 0.3 else None,
        must_reach=_must_reach(random, facts, levels) if random.random() < 0.35 else None,
        evidence="tested" if random.random() < 0.2 else None,
        shelf_months=random.choice((None, None, 1, 12)),
    )


def _must_reach(random: Random, facts: tuple[ScopeFact, ...], levels: int) -> MustReach:
    level = random.randint(1, levels - 1)
    raises = tuple(
        Raise(random.randint(level, levels - 1), _condition(random, facts), "More is at stake.")
        for _ in range(random.choice((0, 0, 1, 2)) if facts else 0)
    )
    return MustReach(
        level,
        "Because.",
        _condition(random, facts) if facts and random.random() < 0.3 else None,
        random.choice(tuple(IfMissed)),
        raises,
    )


def _answer(random: Random, question: Question, leaning: float) -> Answer:
    form = random.random()
    if form < 0.08:
        return Answer(unknown="Asked.", answered=_day(random))
    if form < 0.14:
        return Answer(not_applicable="Not ours.")
    if form < 0.20:
        return Answer()
    level = sum(random.random() < 0.3 + 0.65 * leaning for _ in range(question.top))
    return Answer(level=level, answered=_day(random), evidence=_evidence(random))


def _evidence(random: Random) -> tuple[Evidence, ...]:
    count = random.choice((0, 1, 1, 1, 2))
    grades: tuple[Grade | None, ...] = (None, Grade.CLAIM, Grade.DOCUMENT, Grade.DOCUMENT, Grade.TESTED, Grade.TESTED)
    return tuple(Evidence("page", random.choice(grades), _day(random)) for _ in range(count))


def _day(random: Random) -> date | None:
    """Mostly shortly before the day; now and then just at, or behind, the ends of a shelf life, or to come."""
    ends: Mapping[date, int] = {DAY: 3, DAY + timedelta(days=1): 1, date(2026, 10, 21): 2, date(2026, 10, 20): 1}
    ends = {**ends, date(2025, 11, 21): 1, date(2025, 11, 20): 1, date(2026, 11, 2): 6}
    return random.choices([None, *ends], [5, *ends.values()])[0]
