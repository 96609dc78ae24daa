"""Two versions of one assessment: where they differ, and how they are merged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, cast

from toolvet.domain.assessment import Amendment, Answer, Assessment, Reviewer, Subject, dated_evidence, given_words
from toolvet.domain.rubric import Rubric
from toolvet.values import dataclass


class Keep(StrEnum):
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class About(StrEnum):
    RUBRIC = "rubric"
    SUBJECT = "subject"
    REVIEWER = "reviewer"
    STARTED = "started"
    SCOPE = "scope"
    ANSWER = "answer"
    RETIRED = "retired"


Key = tuple[About, str]


@dataclass(frozen=True, slots=True)
class Point:
    """One difference. `id` is that of the question or fact, or the name of the field.

    A value is None where that version has none. The point is disputed where both versions changed it. `offered` is what
    is kept by default: the version that changed it; in a dispute both where possible, else ours.
    """

    about: About
    id: str
    ours: Any
    theirs: Any
    offered: Keep
    is_disputed: bool

    @property
    def key(self) -> Key:
        return self.about, self.id

    def drops_theirs(self, keep: Keep) -> bool:
        """Whether keeping that loses something they wrote."""
        return keep is not Keep.THEIRS and (self.is_disputed or self.offered is Keep.THEIRS)

    @property
    def can_be_both(self) -> bool:
        return self.about in _BOTH


def points(ours: Assessment, theirs: Assessment, before: Assessment | None, rubric: Rubric) -> tuple[Point, ...]:
    """Where the versions differ, in the rubric's order. `before` is the version both started from, where known.

    Versions under two rubrics differ in one point, the rubric, because they answer different questions.
    """
    if ours.rubric != theirs.rubric:
        return (_point(About.RUBRIC, ours.rubric.id, ours, theirs, before),)
    places = _places(ours, theirs, rubric)
    return tuple(
        _point(about, id_, ours, theirs, before)
        for about, id_ in places
        if _value(ours, about, id_) != _value(theirs, about, id_)
    )


def settled(ours: Assessment, theirs: Assessment, found: tuple[Point, ...], kept: Mapping[Key, Keep]) -> Assessment:
    """The version made of both: theirs with what is kept of ours. Points not chosen are kept as offered."""
    made = theirs
    choices = {point.key: kept.get(point.key, point.offered) for point in found}
    for point in found:
        made = _with(made, point, kept_value(point, choices[point.key]))
    is_other_rubric = any(about is About.RUBRIC for about, _ in choices)
    return made if is_other_rubric else replace(made, amended=_amendments(ours, theirs, choices))


def _amendments(ours: Assessment, theirs: Assessment, choices: Mapping[Key, Keep]) -> tuple[Amendment, ...]:
    """What either version says was corrected, by day; of a fact that was chosen, only what that side says."""
    facts = {(About.SUBJECT, field.name): field.name for field in fields(Subject)}
    facts[About.REVIEWER, "name"] = "reviewer"
    not_ours = {facts[key] for key, keep in choices.items() if key in facts and keep is Keep.THEIRS}
    not_theirs = {facts[key] for key in choices if key in facts} - not_ours
    both = [one for one in theirs.amended if one in ours.amended]
    own = (
        *_without(not_theirs, (one for one in theirs.amended if one not in both)),
        *_without(not_ours, (one for one in ours.amended if one not in both)),
    )
    return tuple(sorted((*both, *own), key=lambda one: one.on))


def _without(lost: Collection[str], amendments: Iterable[Amendment]) -> Iterator[Amendment]:
    """The amendments without those facts."""
    for one in amendments:
        left = tuple(correction for correction in one.corrections if correction.fact not in lost)
        if left:
            yield replace(one, corrections=left)


def _places(ours: Assessment, theirs: Assessment, rubric: Rubric) -> Iterator[tuple[About, str]]:
    yield from ((About.SUBJECT, field.name) for field in fields(Subject))
    yield from ((About.REVIEWER, field.name) for field in fields(Reviewer))
    yield About.STARTED, "started"
    yield from ((About.SCOPE, id_) for id_ in _ids([fact.id for fact in rubric.scope], ours.scope, theirs.scope))
    order = list(rubric.ids())
    yield from ((About.ANSWER, id_) for id_ in _ids(order, ours.answers, theirs.answers))
    yield from ((About.RETIRED, id_) for id_ in _ids([], ours.retired, theirs.retired))


def _ids(order: list[str], *mappings: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys((*order, *(id_ for mapping in mappings for id_ in mapping))))


def _value(assessment: Assessment, about: About, id_: str) -> Any:
    match about:
        case About.RUBRIC:
            return assessment
        case About.SUBJECT:
            return getattr(assessment.subject, id_)
        case About.REVIEWER:
            return getattr(assessment.reviewer, id_)
        case About.STARTED:
            return assessment.started
        case About.SCOPE:
            return assessment.scope.get(id_)
        case About.ANSWER:
            return assessment.answers.get(id_)
        case About.RETIRED:
            return assessment.retired.get(id_)


def _with(assessment: Assessment, point: Point, value: Any) -> Assessment:
    match point.about:
        case About.RUBRIC:
            return cast("Assessment", value)
        case About.SUBJECT:
            return replace(assessment, subject=replace(assessment.subject, **{point.id: value}))
        case About.REVIEWER:
            return replace(assessment, reviewer=replace(assessment.reviewer, **{point.id: value}))
        case About.STARTED:
            return replace(assessment, started=value)
        case About.SCOPE:
            return assessment.with_scope(point.id, value)
        case About.ANSWER:
            return assessment.with_answer(point.id, value or Answer())
        case About.RETIRED:
            others = {id_: kept for id_, kept in assessment.retired.items() if id_ != point.id}
            return replace(assessment, retired=others if value is None else {**others, point.id: value})


def _point(about: About, id_: str, ours: Assessment, theirs: Assessment, before: Assessment | None) -> Point:
    mine, other = _value(ours, about, id_), _value(theirs, about, id_)
    changed = _changed(mine, other, None if before is None else _value(before, about, id_), is_known=before is not None)
    can_be_both = about in _BOTH
    return Point(about, id_, mine, other, changed or (Keep.BOTH if can_be_both else Keep.OURS), changed is None)


_BOTH = (About.ANSWER, About.SCOPE)


def _changed(ours: Any, theirs: Any, was: Any, *, is_known: bool) -> Keep | None:
    """The only version that changed it, or that has a value where the start is not known; None if not just one."""
    if is_known and was in (ours, theirs):
        return Keep.THEIRS if was == ours else Keep.OURS
    if None in (ours, theirs):
        return Keep.THEIRS if ours is None else Keep.OURS
    return None


def kept_value(point: Point, keep: Keep) -> Any:
    """The point's value after that choice; None for both of two scope facts, so that it is asked again."""
    if keep is Keep.OURS or (keep is Keep.BOTH and not point.can_be_both):
        return point.ours
    if keep is Keep.THEIRS:
        return point.theirs
    if point.about is About.SCOPE:
        return None if point.ours is not None and point.theirs is not None else point.ours or point.theirs
    return both_answers(point.ours or Answer(), point.theirs or Answer())


def both_answers(ours: Answer, theirs: Answer) -> Answer:
    """Everything in either answer. In a dispute ours stands, to be confirmed before it counts."""
    latest = max(filter(None, (ours.answered, theirs.answered)), default=None)
    merged = replace(
        ours if ours.is_given or not theirs.is_given else theirs,
        note=_joined(ours.note, theirs.note),
        setting=_joined(ours.setting, theirs.setting),
        evidence=tuple(dict.fromkeys((*dated_evidence(ours, latest), *dated_evidence(theirs, latest)))),
    )
    if not (ours.is_given and theirs.is_given):
        return merged
    merged = replace(
        merged,
        expected=theirs.expected if ours.expected is None else ours.expected,
        delivered=theirs.delivered if ours.delivered is None else ours.delivered,
        answered=latest,
    )
    return _agreed(merged, ours, theirs) if _agree(ours, theirs) else _disputed(merged, theirs)


def _agree(ours: Answer, theirs: Answer) -> bool:
    one_sided = all(
        None in (mine, other) or mine == other
        for mine, other in ((ours.expected, theirs.expected), (ours.delivered, theirs.delivered))
    )
    kinds = [(each.unknown is not None, each.not_applicable is not None) for each in (ours, theirs)]
    return one_sided and ours.level == theirs.level and kinds[0] == kinds[1]


def _agreed(merged: Answer, ours: Answer, theirs: Answer) -> Answer:
    return replace(
        merged,
        unknown=_joined(ours.unknown, theirs.unknown),
        not_applicable=_joined(ours.not_applicable, theirs.not_applicable),
        confirm=ours.confirm or theirs.confirm,
    )


def _disputed(merged: Answer, theirs: Answer) -> Answer:
    said = theirs.unknown or theirs.not_applicable
    return replace(
        merged,
        confirm=f"{OTHER} {given_words(theirs)}",
        note=_joined(merged.note, f"{OTHER} {given_words(theirs)}: {said}") if said else merged.note,
    )


def _joined(ours: str | None, theirs: str | None) -> str | None:
    """Both texts, or one alone where it contains the other."""
    if ours is None or theirs is None:
        return theirs if ours is None else ours
    if theirs in ours or ours in theirs:
        return ours if theirs in ours else theirs
    return f"{ours}\n\n{OTHER} {theirs}"


OTHER = "The other version:"
