"""Which decision counts on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations, product

import pytest

from toolvet.domain.decision import AssessmentRef, Computed, Decision
from toolvet.domain.decision_rules import Succession, latest, succession
from toolvet.domain.rubric import Policy
from toolvet.domain.scorecard import Verdict

FIRST = date(2026, 11, 20)
PLAIN = Decision(
    decision=Verdict.APPROVE,
    decided_by="Board",
    decided_on=FIRST,
    assessment=AssessmentRef("assessments/tool/a.toml", "0" * 64),
    computed=Computed(FIRST, Verdict.APPROVE, (), 80.0, 80.0, 80.0, 100.0, Policy()),
)


def made(day: int, supersedes: str | None = None, *also: str) -> Decision:
    return replace(PLAIN, decided_on=FIRST + timedelta(days=day), supersedes=supersedes, also_supersedes=tuple(also))


def counts(decisions: Mapping[str, Decision], day: int) -> Succession:
    return succession(decisions, FIRST + timedelta(days=day))


def test_nothing_counts_before_its_day() -> None:
    assert counts({"a": made(0)}, -1) == Succession()
    assert counts({"a": made(0)}, 0) == Succession("a")


def test_a_rejection_of_today_that_supersedes_an_approval_of_next_week_counts_then_too() -> None:
    decisions = {"approval": made(7), "rejection": made(0, "approval")}
    assert [counts(decisions, day).counts for day in (-1, 0, 6, 7, 30)] == [None, *["rejection"] * 4]


def test_a_decision_counts_until_it_is_superseded() -> None:
    decisions = {"a": made(0), "b": made(7, "a")}
    assert [counts(decisions, day).counts for day in (0, 6, 7)] == ["a", "a", "b"]


def test_what_supersedes_a_later_one_supersedes_all_before_that() -> None:
    decisions = {"a": made(0), "b": made(9, "a"), "c": made(3, "b")}
    assert [counts(decisions, day).counts for day in (0, 3, 9)] == ["a", "c", "c"]


def test_two_that_supersede_the_same_one_contradict_each_other() -> None:
    decisions = {"a": made(0), "b": made(1, "a"), "c": made(2, "a")}
    assert counts(decisions, 1) == Succession("b")
    assert counts(decisions, 2) == Succession(rivals=("b", "c"))
    assert latest(decisions) == ("b", "c")


def test_a_decision_that_supersedes_both_settles_it() -> None:
    decisions = {"a": made(0), "b": made(1, "a"), "c": made(2, "a"), "d": made(3, "b", "c")}
    assert counts(decisions, 3) == Succession("d")
    assert latest(decisions) == ("d",)


def test_two_that_supersede_nothing_contradict_each_other_whatever_their_days() -> None:
    assert counts({"a": made(0), "b": made(9)}, 9) == Succession(rivals=("a", "b"))


@pytest.mark.parametrize("decisions", [{"a": made(0, "a")}, {"a": made(0, "b"), "b": made(0, "a")}])
def test_in_a_circle_none_counts(decisions: Mapping[str, Decision]) -> None:
    assert counts(decisions, 0) == Succession(rivals=tuple(decisions))


def test_one_that_supersedes_what_is_not_there_counts_all_the_same() -> None:
    assert counts({"b": made(0, "gone")}, 0) == Succession("b")


NAMES = ("a", "b", "c", "d")


def _all_chains(size: int) -> Iterator[tuple[tuple[str | None, ...], tuple[int, ...]]]:
    """Every way in which so many decisions can supersede each other, on every order of days, ties included."""
    names = NAMES[:size]
    for links in product((None, *names), repeat=size):
        for days in product(range(size), repeat=size):
            yield links, days


def _expected(links: Mapping[str, str | None], days: Mapping[str, int], day: int) -> Succession:
    """The contract again, another way: from each name along its links, whoever is met is superseded."""
    taken = [name for name in links if days[name] <= day]
    replaced = set()
    for name in taken:
        at = links[name]
        for _ in links:
            if at is None:
                break
            replaced.add(at)
            at = links[at]
    left = [name for name in taken if name not in replaced]
    return Succession(left[0]) if len(left) == 1 else Succession(rivals=tuple(left or taken))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_chain_of_up_to_four_on_all_days(size: int) -> None:
    names = NAMES[:size]
    # What counts on a day rests on the links and on who is taken by then, so that each pair is looked at once.
    seen = set()
    for links, days in _all_chains(size):
        named = dict(zip(names, links, strict=True))
        for day in range(-1, size):
            taken = tuple(each <= day for each in days)
            if (links, taken) in seen:
                continue
            seen.add((links, taken))
            decisions = {name: made(when, link) for name, when, link in zip(names, days, links, strict=True)}
            assert counts(decisions, day) == _expected(named, dict(zip(names, days, strict=True)), day)


@pytest.mark.parametrize("day", range(-1, 4))
def test_a_plain_chain_counts_by_its_links_in_every_order_of_days_and_files(day: int) -> None:
    for days in permutations(range(4)):
        chain = {name: made(when, earlier) for name, earlier, when in zip(NAMES, (None, *NAMES), days, strict=False)}
        last = max((name for name, when in zip(NAMES, days, strict=True) if when <= day), default=None)
        for order in permutations(NAMES):
            assert counts({name: chain[name] for name in order}, day) == Succession(last)
