"""Several reviewers' assessments of one subject: where they part, how far they agree, and what follows from that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Answer, Assessment, Evidence, Reviewer, Subject
from toolvet.domain.decision import AssessmentRef
from toolvet.domain.rubric import Criterion, Question, Rubric, ScopeFact
from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import score
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One reviewer's assessment, scored on the day."""

    assessment: Assessment
    scorecard: Scorecard

    @property
    def name(self) -> str:
        """Who answered."""
        return self.assessment.reviewer.name or "unnamed"


@dataclass(frozen=True, slots=True)
class Opinions:
    """What each member said on a question, in their order. A level that has expired is still what was said."""

    scores: tuple[QuestionScore, ...]

    @property
    def question(self) -> Question:
        return self.scores[0].question

    @property
    def criterion(self) -> Criterion:
        return self.scores[0].criterion

    @property
    def answered(self) -> list[QuestionScore]:
        """What those said who were asked and answered."""
        return [one for one in self.scores if one.applies is not False and one.state is not AnswerState.UNANSWERED]

    @property
    def spread(self) -> int | None:
        """The levels between the highest and the lowest; None unless two members or more gave one."""
        levels = [one.level for one in self.answered if one.level is not None]
        return max(levels) - min(levels) if len(levels) > 1 else None

    @property
    def is_parted(self) -> bool:
        """Whether two who answered said something else."""
        return len({_said(one) for one in self.answered}) > 1

    def is_overruled_by(self, settled: QuestionScore) -> bool:
        """Whether those who answered agree, and something else was settled."""
        return bool(self.answered) and not self.is_parted and _said(settled) != _said(self.answered[0])

    @property
    def is_alike(self) -> bool:
        """Whether all answered, and the same."""
        return len(self.answered) == len(self.scores) and not self.is_parted

    @property
    def is_of_some(self) -> bool:
        """Whether those who answered agree, and others did not answer or were not asked."""
        return 0 < len(self.answered) < len(self.scores) and not self.is_parted


def _said(scored: QuestionScore) -> AnswerState | int:
    return scored.state if scored.level is None else scored.level


@dataclass(frozen=True, slots=True)
class PartedFact:
    """A scope fact that the members give differently, with the option of each; None where it is not given."""

    fact: ScopeFact
    options: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of the questions that two members or more gave a level: on how many all gave the same, or one level apart.

    `criterion` is None for the whole rubric.
    """

    criterion: Criterion | None
    questions: int
    same: int
    within_one: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The members' assessments under one rubric, side by side."""

    members: tuple[Member, ...]

    @property
    def rubric(self) -> Rubric:
        return self.members[0].scorecard.rubric

    @property
    def opinions(self) -> tuple[Opinions, ...]:
        """Of every question, in the rubric's order."""
        return tuple(
            Opinions(scores) for scores in zip(*(one.scorecard.questions for one in self.members), strict=True)
        )

    @property
    def parted(self) -> tuple[Opinions, ...]:
        """The questions on which members part: the widest spread first, those without one last."""
        found = (one for one in self.opinions if one.is_parted)
        return tuple(sorted(found, key=lambda one: -1 if one.spread is None else one.spread, reverse=True))

    @property
    def of_some(self) -> tuple[Opinions, ...]:
        """The questions that only some answered, and alike."""
        return tuple(one for one in self.opinions if one.is_of_some)

    @property
    def facts(self) -> tuple[PartedFact, ...]:
        """The scope facts that members give differently."""
        found = (
            PartedFact(fact, tuple(one.assessment.scope.get(fact.id) for one in self.members))
            for fact in self.rubric.scope
        )
        return tuple(one for one in found if len(set(one.options)) > 1)

    @property
    def agreement(self) -> tuple[Agreement, ...]:
        """How far the members agree in each criterion, then overall."""
        opinions = self.opinions
        return (
            *(_agreement(each, (one for one in opinions if one.criterion is each)) for each in self.rubric.criteria),
            _agreement(None, opinions),
        )


def panel_of(rubric: Rubric, assessments: Iterable[Assessment], on: date) -> Panel:
    """The panel of these assessments, scored on that day."""
    return Panel(tuple(Member(each, score(rubric, each, on)) for each in assessments))


def _agreement(criterion: Criterion | None, opinions: Iterable[Opinions]) -> Agreement:
    spreads = [one.spread for one in opinions if one.spread is not None]
    return Agreement(criterion, len(spreads), spreads.count(0), sum(spread <= 1 for spread in spreads))


def panel_assessment(
    panel: Panel, files: Sequence[AssessmentRef], subject: Subject, reviewer: str, on: date
) -> Assessment:
    """The assessment to settle the panel in: answered and given as all did, and open where they part.

    What only some answered is kept as they gave it, and counts once it is confirmed.
    """
    rubric = panel.rubric
    answers: dict[str, Answer] = {}
    for one in panel.opinions:
        if one.is_alike or one.is_of_some:
            members = [member for member, own in zip(panel.members, one.scores, strict=True) if own in one.answered]
            names = " and ".join(member.name for member in members)
            answer = _together(members, one.question.id)
            answers[one.question.id] = answer if one.is_alike else replace(answer, confirm=f"from {names} alone")
    for text in rubric.texts:
        if any(one.assessment.answer(text.id).note for one in panel.members):
            answers[text.id] = _together(panel.members, text.id)
    parted = {one.fact.id for one in panel.facts}
    first = panel.members[0].assessment
    return Assessment(
        rubric=replace(first.rubric, digest=first.rubric.digest or rubric.digest),  # settling renews no answer
        subject=subject,
        reviewer=Reviewer(reviewer),
        started=on,
        scope={fact: option for fact, option in first.scope.items() if fact not in parted},
        answers=answers,
        panel=tuple(files),
    )


def _together(members: Sequence[Member], question: str) -> Answer:
    """One answer for what all said, on the latest day, with what each wrote and all their evidence."""
    given = [one.assessment.answer(question) for one in members]
    answered = max((one.answered for one in given if one.answered is not None), default=None)

    def said(text_of: Callable[[Answer], str | None]) -> str | None:
        by_name: dict[str, list[str]] = {}
        for member, answer in zip(members, given, strict=True):
            if text := text_of(answer):
                by_name.setdefault(text, []).append(member.name)
        if len(by_name) < 2:
            return next(iter(by_name), None)
        return "\n".join(f"{' and '.join(names)}: {text}" for text, names in by_name.items())

    is_unknown, is_not_applicable = given[0].unknown is not None, given[0].not_applicable is not None
    return Answer(
        level=given[0].level,
        unknown=(said(lambda one: one.unknown) or "") if is_unknown else None,
        not_applicable=(said(lambda one: one.not_applicable) or "") if is_not_applicable else None,
        answered=answered,
        note=said(lambda one: one.note),
        setting=said(lambda one: one.setting),
        evidence=_all_evidence(given),
    )


def _all_evidence(given: Iterable[Answer]) -> tuple[Evidence, ...]:
    """The evidence of all, each source once under each grade, as old as it was: an answer's new day renews none."""
    found: dict[Evidence, tuple[bool, date]] = {}
    for answer in given:
        for one in answer.evidence:
            key, dated = replace(one, date=None), (one.date is not None, one.date or answer.answered or date.min)
            found[key] = max(found.get(key, dated), dated)  # its own date goes before the day of an answer
    return tuple(replace(one, date=None if seen == date.min else seen) for one, (_, seen) in found.items())
