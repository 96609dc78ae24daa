"""Trying out scope facts on a rubric: which questions it asks, and which ones a fact adds or removes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Assessment, Pass, Reviewer, RubricRef, Subject, minutes_left, questions_in
from toolvet.domain.rubric import Rubric
from toolvet.domain.scope import holds
from toolvet.domain.scorecard import QuestionScore, Scorecard
from toolvet.domain.scoring import score
from toolvet.values import dataclass

GROUP = "group"
"""The id of the switch for a respondent's group."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that decides which questions are asked: a scope fact, or the respondent's group (`is_group`)."""

    id: str
    text: str
    options: tuple[str, ...]
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be asked; as in an assessment, that includes whatever depends on a fact not given.

    The `may_be` counts say how many of the others depend on such a fact.
    """

    scorecard: Scorecard
    asked: tuple[str, ...]
    may_be_asked: int
    must_haves: tuple[str, ...]
    may_be_must_haves: int
    minutes: int


@dataclass(frozen=True, slots=True)
class PreviewChange:
    """Ids of questions that came and went, and of those that became a must-have or ceased to be one."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    became: tuple[str, ...]
    ceased: tuple[str, ...]


def switches_of(rubric: Rubric) -> tuple[Switch, ...]:
    """The scope facts in their order, then the groups if some question is for certain groups only."""
    facts = tuple(Switch(fact.id, fact.text, fact.options) for fact in rubric.scope)
    if not any(question.asked_of for _, question in rubric.questions()):
        return facts
    return (*facts, Switch(GROUP, "Which group does the respondent belong to?", rubric.groups, is_group=True))


def preview(rubric: Rubric, given: Mapping[Switch, str], on: date) -> Preview:
    scope = {switch.id: option for switch, option in given.items() if not switch.is_group}
    group = next((option for switch, option in given.items() if switch.is_group), None)
    nobody = Assessment(RubricRef(rubric.id, rubric.version), Subject(""), Reviewer(), scope=scope)
    scored = score(rubric, nobody, on)
    questions = tuple(replace(each, applies=_is_asked(each, group)) for each in scored.questions)
    asked = {each.question.id for each in questions if each.applies is not False}
    must_haves = tuple(each for each in scored.must_haves if each.question.id in asked)
    scorecard = replace(scored, questions=questions, must_haves=must_haves)
    sure = {
        each.question.id
        for each in questions
        if each.applies and (must := each.question.must_reach) is not None and holds(must.when, scope) is True
    }
    return Preview(
        scorecard,
        asked=tuple(each.question.id for each in questions_in(Pass.ALL, scorecard)),
        may_be_asked=sum(each.applies is None for each in questions),
        must_haves=tuple(each.question.id for each in must_haves),
        may_be_must_haves=len(must_haves) - len(sure),
        minutes=minutes_left(Pass.ALL, scorecard),
    )


def difference(before: Preview, after: Preview) -> PreviewChange:
    """What came and went between two previews of one rubric."""
    return PreviewChange(
        came=_without(after.asked, before.asked),
        went=_without(before.asked, after.asked),
        became=_without(after.must_haves, before.must_haves),
        ceased=_without(before.must_haves, after.must_haves),
    )


def _is_asked(scored: QuestionScore, group: str | None) -> bool | None:
    asked_of = scored.question.asked_of
    if not asked_of or scored.applies is False:
        return scored.applies
    if group is None:
        return None
    return scored.applies if group in asked_of else False


def _without(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = frozenset(others)
    return tuple(each for each in these if each not in known)
