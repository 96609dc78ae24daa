"""Versions of a rubric, and how its questions differ from one text of it to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from toolvet.domain.rubric import Criterion, Question, Rubric


class ChangeKind(StrEnum):
    """What became of a question from one text of a rubric to another.

    Mended: its words changed, and its author says by its revision that answers still fit; revised: that they do not.
    """

    SAME = "same"
    MENDED = "mended"
    REWORDED = "reworded"
    REVISED = "revised"
    RELADDERED = "re-laddered"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question in two texts of a rubric; None where one has it not.

    `besides` names the keys that differ without touching what was answered: a weight, a reason, a must-have, the
    criterion it stands in; of one whose words were mended, those words too.
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
    before = {question.id: (criterion, question) for criterion, question in old.questions()}
    after = {question.id: (criterion, question) for criterion, question in new.questions()}
    kept = [_change(before.get(name), *found) for name, found in after.items()]
    gone = [
        QuestionChange(question_id, ChangeKind.GONE, question, None)
        for question_id, (_, question) in before.items()
        if question_id not in after
    ]
    return (*kept, *gone)


def _ladder(question: Question) -> tuple[str, ...]:
    return tuple(" ".join(rung.split()) for rung in question.levels)


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


def _change(was: tuple[Criterion, Question] | None, criterion: Criterion, new: Question) -> QuestionChange:
    if was is None:
        return QuestionChange(new.id, ChangeKind.NEW, None, new)
    old_criterion, old = was
    kind = _kind(old, new)
    moved = ("criterion",) if old_criterion.id != criterion.id else ()
    words = tuple(_mended(old, new)) if kind is ChangeKind.MENDED else ()
    return QuestionChange(new.id, kind, old, new, (*moved, *words, *_differing_besides(old, new)))


def _mended(old: Question, new: Question) -> Iterator[str]:
    yield from reworded(old, new)
    if _ladder(old) != _ladder(new):
        yield "levels"


def _kind(old: Question, new: Question) -> ChangeKind:
    """By the revision where the new text has one: its words may be mended. Else any change of its words counts."""
    is_same_ladder, is_same_text = _ladder(old) == _ladder(new), not reworded(old, new)
    is_revised = new.revision is not None and (old.revision or 1) != new.revision
    if new.revision is not None and not is_revised and len(old.levels) == len(new.levels):
        return ChangeKind.SAME if is_same_ladder and is_same_text else ChangeKind.MENDED
    if not is_same_ladder:
        return ChangeKind.RELADDERED
    if not is_same_text:
        return ChangeKind.REWORDED
    return ChangeKind.REVISED if is_revised else ChangeKind.SAME


def _differing_besides(old: Question, new: Question) -> Iterator[str]:
    for field in fields(Question):
        name = field.name
        if name not in _PASSED_OVER and getattr(old, name) != getattr(new, name):
            yield name


_PASSED_OVER = frozenset({*_WORDING, "levels", "revision"})
