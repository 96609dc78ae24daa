"""Several scorecards of one rubric side by side: their ranks, and which of them the evidence separates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from toolvet.domain.scorecard import AnswerState, QuestionScore, Scorecard
from toolvet.domain.scoring import counted_weights


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tool in a comparison. `file` identifies it."""

    file: str
    name: str
    scorecard: Scorecard


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its rank from 1; equal verdict and figures share a rank (1, 1, 3)."""

    rank: int
    candidate: Candidate


def rank(candidates: Sequence[Candidate]) -> tuple[Ranked, ...]:
    """Sort by verdict, the best first, then floor, then observed (none last), then name.

    All must be scored with the same rubric. Levels are never rescaled, so adding a candidate reorders no others.
    """
    figures = {candidate.file: _figures(candidate) for candidate in candidates}
    ordered = sorted(candidates, key=lambda one: (figures[one.file], one.name.casefold(), one.file))
    ranked: list[Ranked] = []
    for place, candidate in enumerate(ordered, start=1):
        before = ranked[-1] if ranked else None
        is_tied = before is not None and figures[before.candidate.file] == figures[candidate.file]
        ranked.append(Ranked(before.rank if before is not None and is_tied else place, candidate))
    return tuple(ranked)


def is_separated(better: Candidate, worse: Candidate) -> bool:
    """Whether the first's floor is above the second's ceiling, with no open scope fact in either."""
    first, second = better.scorecard, worse.scorecard
    if first.scope_open or second.scope_open or first.overall is None or second.overall is None:
        return False
    return first.overall.floor > second.overall.ceiling


def separated_pairs(ranked: Sequence[Ranked]) -> Iterator[tuple[Candidate, Candidate]]:
    """Every pair that the evidence separates, the better one first."""
    for one, other in combinations([entry.candidate for entry in ranked], 2):
        if is_separated(one, other):
            yield one, other
        elif is_separated(other, one):
            yield other, one


def _figures(candidate: Candidate) -> tuple[int, Fraction, Fraction]:
    overall = candidate.scorecard.overall
    if overall is None:
        return candidate.scorecard.verdict.rank, Fraction(1), Fraction(1)
    observed = Fraction(1) if overall.observed is None else -overall.observed
    return candidate.scorecard.verdict.rank, -overall.floor, observed


@dataclass(frozen=True, slots=True)
class Difference:
    """What one question adds to the first tool's floor over the second's, in percentage points."""

    ours: QuestionScore
    theirs: QuestionScore
    points: Fraction


def differences(ours: Scorecard, theirs: Scorecard) -> tuple[Difference, ...]:
    """The questions that set two overall floors apart, the largest part first; the parts add up to the difference.

    Both must be scored with the same rubric.
    """
    parts = zip(_contributions(ours), _contributions(theirs), strict=True)
    found = (Difference(mine, other, points - other_points) for (mine, points), (other, other_points) in parts)
    return tuple(sorted((part for part in found if part.points), key=lambda part: -abs(part.points)))


def _contributions(scorecard: Scorecard) -> Iterator[tuple[QuestionScore, Fraction]]:
    """Each question's part of the overall floor: criterion share × weight·value / W."""
    whole = counted_weights(scorecard.questions)
    weights = sum(criterion.weight for criterion in scorecard.rubric.criteria if criterion.id in whole)
    for scored in scorecard.questions:
        if scored.counts and scored.state is AnswerState.ANSWERED and scored.value is not None:
            share = scored.criterion.weight / weights
            points = 100 * share * scored.question.weight * scored.value / whole[scored.criterion.id]
            yield scored, points
        else:
            yield scored, Fraction(0)
