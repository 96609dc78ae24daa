"""Which decision counts on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, permutations, product

import pytest

from build import make_approval
from toolvet.domain.decision import Decision
from toolvet.domain.decision_rules import Succession, back_to_approvals, latest, succession, unheeded
from toolvet.domain.records import Record, RecordKind
from toolvet.domain.scorecard import Verdict

FIRST = date(2026, 11, 20)
PLAIN = make_approval(FIRST)


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


def _every_web(size: int) -> Iterator[dict[str, tuple[str, ...]]]:
    """Every way in which so many decisions can supersede any of the others at once."""
    names = NAMES[:size]
    others = [[other for other in names if other != name] for name in names]
    choices = [
        [tuple(other for at, other in enumerate(each) if chosen >> at & 1) for chosen in range(2 ** len(each))]
        for each in others
    ]
    for links in product(*choices):
        # The names mean nothing: of those that differ in them alone, one is enough.
        if all(len(one) >= len(next_one) for one, next_one in pairwise(links)):
            yield dict(zip(names, links, strict=True))


def _counting(links: Mapping[str, tuple[str, ...]], taken: frozenset[str]) -> Succession:
    """The contract once more: reach is taken on until nothing new is superseded."""
    reach = {name: set(links[name]) for name in links}
    for _ in links:
        for name, found in reach.items():
            reach[name] = found.union(*(links[other] for other in found))
    left = sorted(name for name in taken if not any(name in reach[other] for other in taken))
    return Succession(left[0]) if len(left) == 1 else Succession(rivals=tuple(left or sorted(taken)))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_every_web_of_up_to_four_whichever_of_them_are_taken(size: int) -> None:
    decisions = {(day, links): made(day, *links) for day in (0, 1) for links in _links(size)}
    for web in _every_web(size):
        for chosen in range(1, 2**size):
            taken = frozenset(name for at, name in enumerate(web) if chosen >> at & 1)
            files = {name: decisions[int(name not in taken), links] for name, links in web.items()}
            assert counts(files, 0) == _counting(web, taken)


def _links(size: int) -> set[tuple[str, ...]]:
    return {links for web in _every_web(size) for links in web.values()}


def test_limits_come_from_the_last_approval_of_every_branch() -> None:
    approval, hold = made(0), replace(made(1, "a"), decision=Verdict.HOLD)
    decisions = {"a": approval, "b": hold, "c": made(1, "a"), "d": replace(made(2, "b", "c"), decision=Verdict.REJECT)}
    assert tuple(back_to_approvals(["d"], decisions)) == ("d", "b", "c", "a")
    assert tuple(back_to_approvals(["c"], decisions)) == ("c",)


def test_a_circle_of_holds_ends() -> None:
    held = replace(made(0, "b"), decision=Verdict.HOLD)
    assert tuple(back_to_approvals(["a"], {"a": held, "b": replace(held, supersedes="a")})) == ("a", "b")


class Looked(dict[str, Decision]):
    """Decisions that count how often one of them is looked up."""

    looks = 0

    def __getitem__(self, name: str) -> Decision:
        self.looks += 1
        return super().__getitem__(name)


def test_work_grows_no_faster_than_a_chain_of_decisions() -> None:
    for length in (100, 1000):
        chain = Looked({f"{day}.toml": made(day, f"{day - 1}.toml" if day else None) for day in range(length)})
        assert counts(chain, length).counts == f"{length - 1}.toml"
        assert chain.looks <= 4 * length
        withdrawal = Record(RecordKind.WITHDRAWN, "0.toml", "Ada", FIRST, why="Breach.")
        assert unheeded("5.toml", chain, [("w", withdrawal)], FIRST) == []
        assert chain.looks <= 8 * length
