"""Nobody's answer follows from a published result: random surveys, attacked with what `attack` knows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

import pytest

from attack import Person, Secret, World, told, told_by_silence, worlds
from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.domain.disclosure import Tally, disclose
from toolvet.domain.gaps import measure
from toolvet.domain.rubric import Ask, Policy, Rubric
from toolvet.report.formats import ReportFormat
from toolvet.report.survey.document import ReadinessReport
from toolvet.report.survey.result import Round, Survey, readiness_json
from toolvet.report.survey.tables import ReadinessChoices, readiness_text, survey_data
from toolvet.text.tables import TableFormat
from toolvet.tui.readiness.pages import overview_page
from toolvet.tui.readiness.tables import rows_by_area

LEAST = 5
QUESTIONS = {"mail": 4, "rooms": 3, "voice": 1}
CHEAP, LONG = 100, 4_000


def _rubric() -> Rubric:
    questions = [make_question(name, levels=top + 1) for name, top in QUESTIONS.items()]
    return replace(make_rubric(make_criterion("a", *questions), policy=Policy(smallest_group=LEAST)), ask=Ask.GAP)


RUBRIC = _rubric()


@dataclass(frozen=True)
class Kind:
    """What the random people of a survey are like: their groups, and how often they answer one side or all alike."""

    people: int
    groups: int
    one_sided: float = 0
    unanimous: float = 0


def _kind(random: Random) -> Kind:
    return Kind(
        people=random.randint(3, 60),
        groups=random.randint(1, 6),
        one_sided=random.choice((0, 0.05, 0.1, 0.3)),
        unanimous=random.choice((0, 0.2, 0.6)),
    )


def _people(random: Random, kind: Kind) -> list[Person]:
    """People whose groups differ in size; on some sides they all say the same, or nearly all of a group."""
    sizes = [random.random() ** 2 + 0.02 for _ in range(kind.groups)]
    names = random.choices([f"group-{number}" for number in range(kind.groups)], sizes, k=kind.people)
    usual = {
        (question, side, group): random.randint(0, top)
        for question, top in QUESTIONS.items()
        for side in (0, 1)
        for group in {*names, ""}
        if random.random() < kind.unanimous
    }

    def level(question: str, side: int, group: str) -> int:
        everybody = usual.get((question, side, ""))
        if everybody is not None:
            return everybody
        own = usual.get((question, side, group))
        return random.randint(0, QUESTIONS[question]) if own is None or random.random() < 0.1 else own

    people: list[Person] = []
    for group in names:
        answers: dict[str, tuple[int | None, int | None]] = {}
        for question in QUESTIONS:
            pair = (level(question, 0, group), level(question, 1, group))
            chance = random.random()
            if chance < kind.one_sided / 2:
                answers[question] = (pair[0], None)
            elif chance < kind.one_sided:
                answers[question] = (None, pair[1])
            else:
                answers[question] = pair
        people.append((group, answers))
    return people


def _round(people: Sequence[Person], day: date) -> Round:
    respondents = [
        replace(
            make_assessment({question: Answer(expected=e, delivered=d) for question, (e, d) in answers.items()}),
            reviewer=Reviewer(group=group),
        )
        for group, answers in people
    ]
    rubric = replace(RUBRIC, groups=tuple(sorted({group for group, _ in people})))
    return Round(measure(rubric, respondents), day, day, "")


def _published(survey: Survey) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(json.dumps(readiness_json(survey)))
    return result


def _attacked(random: Random) -> list[str]:
    """What one survey and the round after it give away of the people in the first."""
    first, second = (_people(random, _kind(random)) for _ in range(2))
    before, now = _round(first, date(2025, 11, 10)), _round(second, date(2026, 11, 10))
    alone = _published(Survey("Org", date(2025, 12, 1), before))
    beside = _published(Survey("Org", date(2026, 12, 1), now, before))
    again = {**alone, "questions": [_as_published(one) for one in beside["before"]["questions"]]}
    again["areas"] = []
    first_told = told(Secret(first, QUESTIONS), [alone, again], LEAST)
    return [*first_told, *told(Secret(second, QUESTIONS), [beside], LEAST)]


def _as_published(figures: dict[str, Any]) -> dict[str, Any]:
    return {**figures, "groups": [], "area": "a"}


@pytest.mark.parametrize("seed", range(CHEAP))
def test_nothing_is_given_away(seed: int) -> None:
    assert _attacked(Random(seed)) == []


@pytest.mark.torture
def test_nothing_is_given_away_in_many_surveys() -> None:
    given_away = {seed: found for seed in range(LONG) if (found := _attacked(Random(seed)))}
    print(f"{LONG} surveys with a round after each attacked; {len(given_away)} gave something away")
    assert given_away == {}


def test_everything_is_shown_where_nobody_is_one_sided_and_the_groups_are_large() -> None:
    random = Random(1)
    for _ in range(40):
        names = [f"group-{number}" for number in range(random.randint(1, 4)) for _ in range(random.randint(9, 15))]
        people = [
            (name, {q: (random.randint(0, top), random.randint(0, top)) for q, top in QUESTIONS.items() if top > 1})
            for name in names
        ]
        result = _published(Survey("Org", date(2026, 12, 1), _round(people, date(2026, 11, 10))))
        shown = [one for one in result["questions"] if QUESTIONS[one["id"]] > 1]
        assert all(one["gap"] is not None and not one["withheld"] for one in shown)
        assert all({group["group"] for group in one["groups"]} == set(names) for one in shown)


def test_with_one_in_ten_one_sided_nine_of_ten_gaps_are_shown() -> None:
    random = Random(2)
    gaps = [
        one["gap"] is not None
        for _ in range(60)
        for one in _published(
            Survey(
                "Org",
                date(2026, 12, 1),
                _round(_people(random, Kind(random.randint(8, 60), 3, one_sided=0.1)), date(2026, 11, 10)),
            )
        )["questions"]
    ]
    assert sum(gaps) >= 0.9 * len(gaps)


SIMPLE, CSV = TableFormat.SIMPLE, TableFormat.CSV
LADDERS = [
    *(((5, 5, 2), 1), ((10, 5), 1), ((6, 5, 3), 1)),
    *(((5,), 2), ((6, 5), 2), ((5, 3), 2), ((5, 2, 2), 2), ((12,), 2), ((10,), 3)),
    *(((12, 3), 1), ((10, 10), 1), ((10, 4, 1), 1), ((10, 3), 2)),  # a spread beside groups
]


def _survey_of(world: World, top: int) -> Survey:
    """A survey of one question: what is expected is that of the world, what is delivered is the middle for most."""
    question = make_question("mail", levels=top + 1)
    names = [f"group-{place}" for place in range(len(world))]
    policy = Policy(smallest_group=LEAST)
    rubric = replace(make_rubric(make_criterion("a", question), policy=policy), ask=Ask.GAP, groups=tuple(names))
    respondents = [
        replace(
            make_assessment({"mail": Answer(expected=level, delivered=number % (top + 1))}),
            reviewer=Reviewer(group=name),
        )
        for name, levels in zip(names, world, strict=True)
        for number, level in enumerate(levels)
    ]
    day = date(2026, 11, 10)
    return Survey("Org", date(2026, 12, 1), Round(measure(rubric, respondents), day, day, ""))


@pytest.mark.parametrize(("sizes", "top"), LADDERS)
def test_nothing_follows_from_what_is_withheld(sizes: tuple[int, ...], top: int) -> None:
    def publish(world: World) -> str:
        return json.dumps(readiness_json(_survey_of(world, top)))

    assert told_by_silence(sizes, top, LEAST, publish) == []


def _tallies(people: int, top: int) -> set[Tally]:
    """Every tally that so many people can have."""
    given = combinations_with_replacement(range(top + 1), people)
    return {Tally(people, sum(levels), sum(level * level for level in levels)) for levels in given}


@pytest.mark.parametrize(("sizes", "top", "least"), [((5, 5), 6, 5), ((8, 2), 4, 2), ((4, 6), 4, 3), ((6, 4), 3, 4)])
def test_no_wide_spread_tells_that_a_group_all_said_the_same(sizes: tuple[int, ...], top: int, least: int) -> None:
    # Where only one group can have so wide a spread, the other has none.
    alike: dict[tuple[tuple[int | None, ...], int | None], list[tuple[Tally, ...]]] = {}
    for world in product(*(_tallies(people, top) for people in sizes)):
        shown = disclose({str(place): tally for place, tally in enumerate(world)}, top, least)
        squares = sum(tally.squares for tally in world) if shown.has_spread else None
        means = tuple(tally.total if str(place) in shown.means else None for place, tally in enumerate(world))
        if all(mean is not None for mean in means):
            alike.setdefault((means, squares), []).append(world)
    assert any(squares is not None for _, squares in alike)
    for possible in alike.values():
        for place, people in enumerate(sizes):
            is_even = possible[0][place].total % people == 0
            assert not (is_even and all(world[place].slack == 0 for world in possible)), possible


@pytest.mark.parametrize("sizes", [(5, 3), (6, 5)])
def test_words_pages_and_orders_tell_no_more_than_the_json(sizes: tuple[int, ...]) -> None:
    published: dict[str, set[str]] = {}
    for world in Random(3).sample(list(worlds(sizes, 2)), 40):
        survey = _survey_of(world, 2)
        shown = "\n".join(
            [
                *(readiness_text(survey, ReadinessChoices(form, by_group=True)) for form in (SIMPLE, CSV)),
                ReadinessReport(survey).text(ReportFormat.HTML),
                *(str(row) for row in overview_page(survey, (), 80)),
                *map(str, rows_by_area(survey.now.readiness)),
            ]
        )
        published.setdefault(json.dumps(readiness_json(survey)), set()).add(shown)
    assert max(map(len, published.values())) == 1


def test_the_attack_on_silence_finds_a_group_that_all_said_the_same() -> None:
    def publish(world: World) -> str:
        return str(None if len(set(world[0])) == 1 else world)

    assert told_by_silence((5,), 1, LEAST, publish) == []
    assert told_by_silence((5, 2), 1, LEAST, publish) != []


@pytest.mark.parametrize("seed", range(20))
def test_the_table_for_programs_has_no_figure_that_json_has_not(seed: int) -> None:
    random = Random(seed)
    survey = Survey("Org", date(2026, 12, 1), _round(_people(random, _kind(random)), date(2026, 11, 10)))
    cells = survey_data(survey, survey.now.rubric.groups)
    rows = [dict(zip(cells.headers, row, strict=True)) for row in cells.rows]
    shown = {(one["id"], ""): one for one in _published(survey)["questions"]}
    shown |= {(question, group["group"]): group for (question, _), one in shown.items() for group in one["groups"]}
    for row in (row for row in rows if row["question"]):
        figures = shown.get((row["question"], row["group"]), dict.fromkeys(("expected", "delivered", "gap")))
        for key in ("expected", "delivered", "gap"):
            mean = None if figures[key] is None else figures[key]["mean"]
            assert row[key] in ("", "at or near the top", "at or near the bottom") if mean is None else row[key]
            assert mean is None or abs(float(row[key]) - mean) < 0.001


def test_the_attack_finds_what_a_few_said() -> None:
    # Nine of "b" beside eleven in all: the two of "a" follow.
    people: list[Person] = [("a", {"mail": (3, 1)}), ("a", {"mail": (2, 1)})]
    people += [("b", {"mail": (number % 4, 2)}) for number in range(9)]

    def side(levels: list[int]) -> dict[str, Any]:
        return {"mean": sum(levels) / len(levels), "people": len(levels), "spread": None, "near": None}

    whole = [answers["mail"] for _, answers in people]
    own = [answers["mail"] for group, answers in people if group == "b"]
    entry = {"id": "mail", "area": "a", "expected": side([e for e, _ in whole if e is not None]), "delivered": None}
    group = {"group": "b", "expected": side([e for e, _ in own if e is not None]), "delivered": None, "gap": None}
    result = {"questions": [{**entry, "gap": None, "groups": [group]}], "areas": []}
    assert told(Secret(people, {"mail": 4}), [result], LEAST) == [
        "the sum of (('mail', 'expected', 'a', 'both'),), 2 people",
        "mail expected: a can only add up to 5",
    ]
