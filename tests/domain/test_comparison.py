from __future__ import annotations

from datetime import date

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.comparison import Candidate, rank
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
RUBRIC = make_rubric(make_criterion("a", make_question("x"), make_question("y", weight=9)))
UNKNOWN = Answer(unknown="Asked.")


def _candidate(name: str, x: object, y: object) -> Candidate:
    return Candidate(f"{name}.toml", name, score(RUBRIC, make_assessment({"x": x, "y": y}), DAY))


def _ranks(*candidates: Candidate) -> list[tuple[int, str]]:
    return [(entry.rank, entry.candidate.name) for entry in rank(candidates)]


def test_verdict_comes_before_figures() -> None:
    assert _ranks(_candidate("hold", 4, UNKNOWN), _candidate("approve", 4, 3)) == [(1, "approve"), (2, "hold")]


def test_floor_then_observed_then_name() -> None:
    ranks = _ranks(
        _candidate("low", 0, 3), _candidate("b", 1, 4), _candidate("A", 1, 4), _candidate("seen", UNKNOWN, 4)
    )
    # floors: low 67.5; b and A 92.5; seen 90.
    assert ranks == [(1, "A"), (1, "b"), (3, "seen"), (4, "low")]


def test_nothing_observed_comes_last_among_equal_floors() -> None:
    none, some = _candidate("a-none", UNKNOWN, UNKNOWN), _candidate("b-some", 0, UNKNOWN)
    assert _ranks(none, some) == [(1, "b-some"), (2, "a-none")]


def test_adding_a_candidate_reorders_no_others() -> None:
    trio = [_candidate("a", 4, 3), _candidate("b", 4, 2), _candidate("c", 0, 3)]
    order = [name for _, name in _ranks(*trio)]
    longer = [name for _, name in _ranks(*trio, _candidate("d", 2, 3)) if name != "d"]
    assert longer == order
