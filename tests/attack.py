"""What somebody could work out from a survey's published results, knowing who answered what on which side.

Written against the JSON that is published, with exact fractions, and not against the program's own rules. What is
unknown are the sums of each group's answers, by question and side, of those who answered both sides and of those who
answered one: everything published is a sum over these. The attacker knows every group, every side and every count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations, combinations_with_replacement, product
from typing import Any

SIDES = ("expected", "delivered")
BOTH, ALONE = "both", "alone"

Person = tuple[str, Mapping[str, tuple[int | None, int | None]]]
"""A person's group and answers: expected and delivered by question."""
Column = tuple[str, str, str, str]
"""Question, side, group, and whether its people answered both sides."""


class Secret:
    """What the attacker is after, and the counts that are known anyway; `questions` has the top of each ladder."""

    def __init__(self, people: Sequence[Person], questions: Mapping[str, int]) -> None:
        self.questions = questions
        self._levels: dict[Column, list[int]] = {}
        for group, answers in people:
            for question, pair in answers.items():
                kind = ALONE if None in pair else BOTH
                for side, level in zip(SIDES, pair, strict=True):
                    if level is not None:
                        self._levels.setdefault((question, side, group, kind), []).append(level)

    @property
    def groups(self) -> list[str]:
        return sorted({group for _, _, group, _ in self._levels})

    def levels(self, column: Column) -> list[int]:
        return self._levels.get(column, [])

    def columns(self, question: str) -> list[Column]:
        return sorted(column for column in self._levels if column[0] == question)


def published(result: Mapping[str, Any]) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Every set of figures of a question: the question, the group (None: everybody), and the figures."""
    for question in result["questions"]:
        yield question["id"], None, question
        for group in question["groups"]:
            yield question["id"], group["group"], group


def linear(result: Mapping[str, Any], columns: Sequence[Column]) -> list[list[Fraction]]:
    """A row for each mean and gap that is published as a figure: which unknown sums it adds up."""
    rows: list[list[Fraction]] = []
    for question, group, figures in published(result) if columns else ():
        if question == columns[0][0]:
            rows += [
                [
                    Fraction(factors.get(side, 0)) if kind == BOTH and group in (None, own_group) else Fraction(0)
                    for _, side, own_group, kind in columns
                ]
                for factors in _factors(figures)
            ]
    return rows


def _factors(figures: Mapping[str, Any]) -> Iterator[dict[str, int]]:
    for side in SIDES:
        if figures[side] is not None and figures[side]["mean"] is not None:
            yield {side: 1}
    if figures["gap"] is not None and figures["gap"]["mean"] is not None:
        yield {"delivered": 1, "expected": -1}


def unanimous(secret: Secret, columns: Sequence[Column]) -> list[list[Fraction]]:
    """Sides on which everybody who answered said the same are taken as known, each group by itself."""
    rows = []
    for side in SIDES:
        mine = [column for column in columns if column[1] == side]
        said = {level for column in mine for level in secret.levels(column)}
        if len(said) == 1:
            rows += [[Fraction(other == column) for other in columns] for column in mine]
    return rows


class Space:
    """The sums that follow from given ones."""

    def __init__(self, rows: Iterable[Sequence[Fraction]]) -> None:
        self._basis: list[tuple[int, list[Fraction]]] = []
        for row in rows:
            rest = self._rest(row)
            pivot = next((place for place, value in enumerate(rest) if value), None)
            if pivot is not None:
                self._basis.append((pivot, [value / rest[pivot] for value in rest]))

    def __contains__(self, row: Sequence[Fraction]) -> bool:
        return not any(self._rest(row))

    def _rest(self, row: Sequence[Fraction]) -> list[Fraction]:
        rest = list(row)
        for pivot, known in self._basis:
            if factor := rest[pivot]:
                rest = [value - factor * other for value, other in zip(rest, known, strict=True)]
        return rest


def _subsets(columns: Sequence[Column]) -> Iterator[tuple[Column, ...]]:
    return chain.from_iterable(combinations(columns, count) for count in range(1, len(columns) + 1))


def told(secret: Secret, results: Sequence[Mapping[str, Any]], least: int) -> list[str]:
    """Everything that gives away what fewer than `least` people, or each one of some people, said.

    `results` were published one after the other about these people; empty where nothing is given away.
    """
    found = list(_areas(results, dict.fromkeys(secret.questions, Fraction(1))))
    for question, top in secret.questions.items():
        columns = secret.columns(question)
        rows = [row for result in results for row in linear(result, columns)]
        space = Space(rows)
        found += _sums(secret, space, columns, top, least)
        found += _unanimous(secret, rows, columns, least)
        found += _differences(secret, space, columns, least)
        found += _spreads(secret, results, question)
        found += _bounds(secret, results, question, top, least)
    return found


def _sums(secret: Secret, space: Space, columns: Sequence[Column], top: int, least: int) -> Iterator[str]:
    """The sum of a few people on one side, or one that stands at an end of the ladder."""
    for side in SIDES:
        for chosen in _subsets([column for column in columns if column[1] == side]):
            levels = [level for column in chosen for level in secret.levels(column)]
            is_telling = len(levels) < least or sum(levels) in (0, len(levels) * top)
            if is_telling and [Fraction(column in chosen) for column in columns] in space:
                yield f"the sum of {chosen}, {len(levels)} people"


def _unanimous(secret: Secret, rows: list[list[Fraction]], columns: Sequence[Column], least: int) -> Iterator[str]:
    """The sum of a few people on a side that is not unanimous, where another side is and so is known."""
    known = unanimous(secret, columns)
    if not known:
        return
    space = Space([*rows, *known])
    for side in SIDES:
        mine = [column for column in columns if column[1] == side]
        if len({level for column in mine for level in secret.levels(column)}) == 1:
            continue
        for chosen in _subsets(mine):
            people = sum(len(secret.levels(column)) for column in chosen)
            if people < least and [Fraction(column in chosen) for column in columns] in space:
                yield f"with what is unanimous, the sum of {chosen}, {people} people"


def _differences(secret: Secret, space: Space, columns: Sequence[Column], least: int) -> Iterator[str]:
    """The sum of delivered minus expected over the same few people."""
    question = columns[0][0] if columns else ""
    groups = {column[2] for column in columns if column[3] == BOTH}
    for count in range(1, len(groups) + 1):
        for chosen in combinations(sorted(groups), count):
            people = sum(len(secret.levels((question, "expected", group, BOTH))) for group in chosen)
            row = [
                Fraction({"expected": -1, "delivered": 1}[side]) if group in chosen and kind == BOTH else Fraction(0)
                for _, side, group, kind in columns
            ]
            if people < least and row in space:
                yield f"{question}: the gap of {chosen}, {people} people"


def _spreads(secret: Secret, results: Sequence[Mapping[str, Any]], question: str) -> Iterator[str]:
    """A spread, published or worked out from two, of fewer than ten people, or of people who all said the same."""
    for side in SIDES:
        levels = {group: secret.levels((question, side, group, BOTH)) for group in secret.groups}
        groups = sorted(group for group, given in levels.items() if given)
        space = Space(
            [Fraction(group is None or group == own) for own in groups]
            for result in results
            for own_question, group, figures in published(result)
            if own_question == question and figures[side] is not None and figures[side]["spread"] is not None
        )
        for count in range(1, len(groups) + 1):
            for chosen in combinations(groups, count):
                given = [level for group in chosen for level in levels[group]]
                is_telling = len(given) < 10 or len(set(given)) == 1
                if is_telling and [Fraction(own in chosen) for own in groups] in space:
                    yield f"{question} {side}: the spread of {chosen}, {len(given)} people"


def _areas(results: Sequence[Mapping[str, Any]], weights: Mapping[str, Fraction]) -> Iterator[str]:
    """A mean of an area that holds more than the figures published beside it."""
    for result in results:
        for area in result["areas"]:
            for own, group in ((area, None), *((each, each["group"]) for each in area["groups"])):
                shown = [
                    (weights[question], figures)
                    for question, its_group, figures in published(result)
                    if its_group == group
                    and next(one for one in result["questions"] if one["id"] == question)["area"] == area["id"]
                    and figures["gap"] is not None
                    and figures["gap"]["mean"] is not None
                ]
                for key in (*SIDES, "gap"):
                    total = sum(float(weight) for weight, _ in shown)
                    mean = (
                        sum(float(weight) * figures[key]["mean"] for weight, figures in shown) / total if shown else 0
                    )
                    if (own[key] is not None) != bool(shown) or (shown and abs(own[key] - mean) > 1e-9):
                        yield f"area {area['id']} {group}: {key} is {own[key]}, not {mean}"


def _bounds(secret: Secret, results: Sequence[Mapping[str, Any]], question: str, top: int, least: int) -> Iterator[str]:
    """Words bound a mean. Together with figures they must not leave one sum only, nor one end, of any group."""
    for result in results:
        entry = next((one for one in result["questions"] if one["id"] == question), None)
        if entry is None:
            continue
        for side in SIDES:
            by_group = {one["group"]: one[side] for one in entry["groups"]}
            groups = [group for group in secret.groups if secret.levels((question, side, group, BOTH))]
            whole = entry[side]
            if whole is None:
                continue
            size = {group: len(secret.levels((question, side, group, BOTH))) for group in groups}
            hidden = [group for group in groups if by_group.get(group) is None or by_group[group]["mean"] is None]
            if not hidden:
                continue
            limits = {group: _limits(by_group.get(group), size[group], top) for group in hidden}
            seen = sum(sum(secret.levels((question, side, group, BOTH))) for group in groups if group not in hidden)
            low, high = _whole(secret, question, side, groups, whole, sum(size.values()), top)
            for group in hidden:
                others = [limits[other] for other in hidden if other != group]
                lowest = max(limits[group][0], low - seen - sum(other[1] for other in others))
                highest = min(limits[group][1], high - seen - sum(other[0] for other in others))
                if lowest == highest and (len(hidden) > 1 or size[group] < least):
                    yield f"{question} {side}: {group} can only add up to {lowest}"
                if highest == 0 or lowest == size[group] * top:
                    yield f"{question} {side}: everybody of {group} stands at an end"


def _limits(side: Mapping[str, Any] | None, people: int, top: int) -> tuple[int, int]:
    leeway = max(1, (people - 1) // 4)
    match None if side is None else side["near"]:
        case "top":
            return people * top - leeway, people * top
        case "bottom":
            return 0, leeway
        case _:
            return 0, people * top


def _whole(
    secret: Secret, question: str, side: str, groups: Sequence[str], whole: Mapping[str, Any], people: int, top: int
) -> tuple[int, int]:
    if whole["mean"] is None:
        return _limits(whole, people, top)
    total = sum(sum(secret.levels((question, side, group, BOTH))) for group in groups)
    return total, total


World = tuple[tuple[int, ...], ...]
"""What everybody said on one side of one question: the levels of each group, sorted."""


def worlds(sizes: Sequence[int], top: int) -> Iterator[World]:
    """Every way in which groups of these sizes may have answered a ladder up to `top`."""
    return product(*(combinations_with_replacement(range(top + 1), people) for people in sizes))


def told_by_silence(sizes: Sequence[int], top: int, least: int, publish: Callable[[World], str]) -> list[str]:
    """What follows for somebody who knows how it is decided what to withhold, and tries every world.

    Worlds that are published alike cannot be told apart. A sum of fewer than `least` people must differ among them, and
    so must what each person of a group said: within a group, all are told or nobody is.
    """
    alike: dict[str, list[World]] = {}
    for world in worlds(sizes, top):
        alike.setdefault(publish(world), []).append(world)
    found = []
    for told_as, possible in alike.items():
        for place in range(len(sizes)):
            said = {world[place] for world in possible}
            if len(said) == 1 and len(set(next(iter(said)))) == 1:
                found.append(f"all of group {place} said the same: {told_as}")
        for count in range(1, len(sizes)):
            for chosen in combinations(range(len(sizes)), count):
                sums = {sum(sum(world[place]) for place in chosen) for world in possible}
                if sum(sizes[place] for place in chosen) < least and len(sums) == 1:
                    found.append(f"the sum of groups {chosen}: {told_as}")
    return found
