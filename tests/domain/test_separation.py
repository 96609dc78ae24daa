from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from random import Random

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer
from toolvet.domain.comparison import Candidate, rank, rank_with
from toolvet.domain.rubric import Rubric, ScopeFact
from toolvet.domain.scoring import score
from toolvet.domain.separation import Separation, bounds_of, count_separated, separated_pairs, separation

DAY = date(2026, 11, 21)
UNKNOWN = Answer(unknown="Asked.")
AWAY = Answer(not_applicable="Not ours.")
ONE = make_rubric(make_criterion("a", make_question("q0"), make_question("q1", weight=9)))
TWO = make_rubric(make_criterion("a", make_question("q0")), make_criterion("b", make_question("q1")))
THREE = make_rubric(*(make_criterion(f"c{at}", make_question(f"q{at}")) for at in range(3)))


def _candidate(name: str, *answers: object, rubric: Rubric = ONE) -> Candidate:
    assessment = make_assessment({f"q{at}": answer for at, answer in enumerate(answers)})
    return Candidate(f"{name}.toml", name, score(rubric, assessment, DAY))


def test_separated_where_floor_is_above_ceiling() -> None:
    high, low, wide = _candidate("high", 4, 4), _candidate("low", 0, 2), _candidate("wide", UNKNOWN, 4)
    pairs = [(pair.better.name, pair.worse.name, pair.separation) for pair in separated_pairs(rank([high, low, wide]))]
    assert pairs == [("high", "low", Separation.CLEAR), ("wide", "low", Separation.CLEAR)]


def test_order_that_other_weights_turn_holds_by_weights_alone() -> None:
    # 100 and 50 against 25 and 75: all weight on the second criterion would turn it
    better, worse = _candidate("better", 4, 2, rubric=TWO), _candidate("worse", 1, 3, rubric=TWO)
    assert separation(better, worse) is Separation.BY_WEIGHTS
    assert separation(worse, better) is None


def test_equal_criterion_turns_nothing() -> None:
    better, worse = _candidate("better", 4, 2, rubric=TWO), _candidate("worse", 1, 2, rubric=TWO)
    assert separation(better, worse) is Separation.CLEAR


def test_criterion_that_one_of_them_lacks_can_turn_the_order() -> None:
    # Without b, the first is at 75 whatever b weighs, and the second could be lifted by b to 100
    better, worse = _candidate("better", 3, AWAY, rubric=TWO), _candidate("worse", 0, 4, rubric=TWO)
    assert separation(better, worse) is Separation.BY_WEIGHTS
    assert separation(better, _candidate("poor", 0, 3, rubric=TWO)) is Separation.CLEAR


def test_open_scope_separates_nothing() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), scope=[ScopeFact("f", "F?", ("no", "yes"))])
    one = Candidate("one", "one", score(rubric, make_assessment({"x": 4}), DAY))
    other = Candidate("other", "other", score(rubric, make_assessment({"x": 0}, scope={"f": "no"}), DAY))
    assert list(separated_pairs(rank([one, other]))) == []


def test_separation_agrees_with_many_weightings() -> None:
    random = Random(20261121)
    seen = set()
    for _ in range(300):
        pair = [
            _candidate(name, *(random.choice((0, 1, 2, 3, 4, AWAY, UNKNOWN)) for _ in range(3)), rubric=THREE)
            for name in ("one", "other")
        ]
        found = separation(*pair)
        seen.add(found)
        if found is not None:
            assert _turns_somewhere(*pair) is (found is Separation.BY_WEIGHTS)
    assert seen == {None, *Separation}


def test_as_many_pairs_are_counted_as_can_be_made() -> None:
    random = Random(20261130)
    for _ in range(100):
        ranked = rank(
            [
                _candidate(str(at), *(random.choice((0, 1, 2, 3, 4, AWAY, UNKNOWN)) for _ in range(3)), rubric=THREE)
                for at in range(12)
            ]
        )
        assert count_separated(bounds_of([one.candidate for one in ranked]).values()) == Counter(
            pair.separation for pair in separated_pairs(ranked)
        )


def _turns_somewhere(better: Candidate, worse: Candidate) -> bool:
    """Whether some weighting puts the floor of the first below the ceiling of the second."""
    steps = (1, 1000, 1000000)
    weightings = [(Fraction(a), Fraction(b), Fraction(c)) for a in steps for b in steps for c in steps]
    for weights in weightings:
        first, second = (
            ranked.candidate
            for ranked in sorted(
                rank_with([better, worse], weights), key=lambda ranked: ranked.candidate.name == "other"
            )
        )
        ours, theirs = first.scorecard.overall, second.scorecard.overall
        assert ours is not None
        assert theirs is not None
        if ours.floor < theirs.ceiling:
            return True
    return False
