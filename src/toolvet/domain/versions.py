"""Versions of a rubric, and how its questions differ from one text of it to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from toolvet.domain.rubric import Question, Rubric


class ChangeKind(StrEnum):
    """What became of a question from one text of a rubric to another."""

    SAME = "same"
    REWORDED = "reworded"
    RELADDERED = "re-laddered"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question in two texts of a rubric; None where one has it not.

    `besides` names the keys that differ without touching what was answered: a weight, a reason, a must-have.
    """

    question: str
    kind: ChangeKind
    old: Question | None
    new: Question | None
    besides: tuple[str, ...] = ()


_WORDING = ("text", "expected", "delivered", "check", "think_of")
"""What an answer answers, beside the ladder."""


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """To sort by: 1.10.0 comes after 1.9.0."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.split("."))


def newest(versions: Iterable[str]) -> str | None:
    """The last of these versions; None where there is none."""
    return max(versions, key=version_order, default=None)


def newest_of_each(rubrics: Iterable[Rubric]) -> tuple[Rubric, ...]:
    """The newest version of each rubric, in the order in which they first come."""
    latest: dict[str, Rubric] = {}
    for rubric in rubrics:
        known = latest.setdefault(rubric.id, rubric)
        if version_order(known.version) < version_order(rubric.version):
            latest[rubric.id] = rubric
    return tuple(latest.values())


def question_changes(old: Rubric, new: Rubric) -> tuple[QuestionChange, ...]:
    """Every question of both: those of the new text in its order, then those that are gone."""
    before = {question.id: question for _, question in old.questions()}
    after = {question.id: question for _, question in new.questions()}
    kept = [_change(before.get(question_id), question) for question_id, question in after.items()]
    gone = [
        QuestionChange(question_id, ChangeKind.GONE, question, None)
        for question_id, question in before.items()
        if question_id not in after
    ]
    return (*kept, *gone)


def difference_words(changes: Iterable[QuestionChange], *, most: int = 8) -> str:
    """Where two texts differ, in a line: "reworded: quiet-hours; new: exit-plan"."""
    by_kind: dict[str, list[str]] = {}
    for change in changes:
        if change.kind is not ChangeKind.SAME:
            by_kind.setdefault(change.kind, []).append(change.question)
        elif change.besides:
            by_kind.setdefault(f"{', '.join(change.besides)} differing", []).append(change.question)
    parts = [f"{kind}: {', '.join(ids[:most])}{' …' if len(ids) > most else ''}" for kind, ids in by_kind.items()]
    return "; ".join(parts) or "no question differs, only what stands around them"


def same_words(one: str | None, other: str | None) -> bool:
    """Whether two texts say the same, however their lines are broken."""
    return (one or "").split() == (other or "").split()


def reworded(old: Question, new: Question) -> tuple[str, ...]:
    """The names of the texts of a question that say something else; the ladder is none of them."""
    return tuple(name for name in _WORDING if not same_words(getattr(old, name), getattr(new, name)))


def _change(old: Question | None, new: Question) -> QuestionChange:
    if old is None:
        return QuestionChange(new.id, ChangeKind.NEW, None, new)
    if [rung.split() for rung in old.levels] != [rung.split() for rung in new.levels]:
        kind = ChangeKind.RELADDERED
    elif reworded(old, new):
        kind = ChangeKind.REWORDED
    else:
        kind = ChangeKind.SAME
    return QuestionChange(new.id, kind, old, new, tuple(_differing_besides(old, new)))


def _differing_besides(old: Question, new: Question) -> Iterator[str]:
    for field in fields(Question):
        name = field.name
        if name not in _WORDING and name != "levels" and getattr(old, name) != getattr(new, name):
            yield name
