from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from scoring_cases import Drawn, another, draw
from scoring_oracle import judge
from toolvet.domain.advice import Advice, Step, StepKind, advise, followed, way_past
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.rubric import Axis, IfMissed, MustReach, Policy, Question, Rubric, ScopeFact, Thresholds
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import AnswerState, Verdict
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
TESTED = (Evidence("seen", Grade.TESTED, DAY),)
CLAIMED = Answer(level=4, evidence=(Evidence("said", Grade.CLAIM, DAY),))


def _brief(advice: Advice) -> tuple[Verdict, list[tuple[StepKind, str, int | None]], object]:
    return (
        advice.target,
        [_brief_step(step) for step in advice.needed],
        None if advice.further is None else [_brief_step(step) for step in advice.further],
    )


def _brief_step(step: Step) -> tuple[StepKind, str, int | None]:
    about = step.question or step.fact
    assert about is not None
    return step.kind, about.id, step.rung


def test_nothing_is_advised_from_approve() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    assert advise(rubric, make_assessment({"x": 4}), DAY) == ()


def test_one_open_question_at_the_lowest_rung_that_does() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    awc, approve = advise(rubric, make_assessment({"x": 2}), DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.FIND_OUT, "y", 2)])
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.FIND_OUT, "y", 4)])


def test_two_rungs_of_one_question_are_two_steps() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    (approve,) = advise(rubric, make_assessment({"x": 2}), DAY)
    assert approve.further == (Step(StepKind.RAISE, rubric.question("x"), rung=3, steps=1),)
    policy = replace(rubric.policy, approve=Thresholds(Fraction(60), Fraction(100)))
    (approve,) = advise(replace(rubric, policy=policy), make_assessment({"x": 2}), DAY)
    assert approve.further_steps == 2


def test_a_way_is_named_by_the_verdict_that_following_it_gives() -> None:
    # Raising the must-have would already approve, so there is no way to hold or to conditions
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=3), make_question("y")))
    (approve,) = advise(rubric, make_assessment({"x": 1, "y": 4}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.RAISE, "x", 3)], [])


def test_must_haves_come_first_and_are_not_counted() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=3), make_question("y")))
    hold, awc, approve = advise(rubric, make_assessment({"x": Answer(level=1), "y": 4}), DAY)
    assert _brief(hold) == (Verdict.HOLD, [(StepKind.RAISE, "x", 3)], [])
    assert [awc.needed[0].evidence, approve.needed[0].evidence] == [StepKind.SUPPORT, StepKind.PROVE]


def test_a_must_have_that_only_misses_a_raise_or_only_holds_is_no_matter_of_rejecting() -> None:
    held = replace(make_question("x"), must_reach=MustReach(3, "Because.", None, IfMissed.HOLD))
    rubric = make_rubric(make_criterion("a", held, make_question("y")))
    (approve,) = advise(rubric, make_assessment({"x": 1, "y": 4}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.RAISE, "x", 3)], [])


def test_unproven_must_have_has_to_be_proven() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    (approve,) = advise(rubric, make_assessment({"x": CLAIMED}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.PROVE, "x", None)], [])


def test_must_have_without_evidence_has_to_be_supported() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    awc, approve = advise(rubric, make_assessment({"x": Answer(level=4)}), DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [(StepKind.SUPPORT, "x", None)], [])
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.PROVE, "x", None)], [])


def test_the_weightiest_levels_are_proved_until_enough_is_proven() -> None:
    questions = [make_question("x"), make_question("y", weight=2), make_question("z", weight=2)]
    rubric = make_rubric(make_criterion("a", *questions))
    (approve,) = advise(rubric, make_assessment({"x": 4, "y": CLAIMED, "z": CLAIMED}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.PROVE, "y", None)], [])


def test_question_of_control_at_rung_0_is_raised_and_none_is_found_there() -> None:
    questions = [make_question("x", axis=Axis.CONTROL), make_question("y", weight=9)]
    rubric = make_rubric(make_criterion("a", *questions))
    (approve,) = advise(rubric, make_assessment({"x": 0, "y": 4}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.RAISE, "x", 1)])


def test_answer_dated_after_the_day_is_not_current_yet() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    answer = Answer(level=4, answered=date(2026, 11, 22), evidence=TESTED)
    (approve,) = advise(rubric, make_assessment({"x": answer}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.NOT_YET_CURRENT, "x", 4)], [])


def test_fact_that_can_change_nothing_says_so() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    condition = OneOf("guests", frozenset({"yes"}), "guests is yes")
    question = make_question("x", must_reach=2, must_reach_when=condition)
    rubric = make_rubric(make_criterion("a", question), scope=[fact])
    (approve,) = advise(rubric, make_assessment({"x": 4}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.SCOPE, "guests", None)], [])
    assert approve.needed[0].is_idle


def test_options_that_lead_to_different_verdicts_are_listed() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    condition = OneOf("guests", frozenset({"yes"}), "guests is yes")
    questions = [make_question("x"), make_question("y", applies_when=condition)]
    rubric = make_rubric(make_criterion("a", *questions), scope=[fact])
    (awc, approve) = advise(rubric, make_assessment({"x": 2, "y": 4}), DAY)
    assert (awc.target, approve.target) == (Verdict.APPROVE_WITH_CONDITIONS, Verdict.APPROVE)
    assert [(each.option, each.verdicts) for each in awc.outcomes] == [
        ("no", (Verdict.APPROVE_WITH_CONDITIONS,)),
        ("yes", (Verdict.APPROVE,)),
    ]


def test_a_way_is_named_after_a_verdict_that_some_option_gives() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    condition = OneOf("guests", frozenset({"yes"}), "guests is yes")
    counted = make_question("z", weight=4, applies_when=condition)
    criteria = (make_criterion("a", make_question("x")), make_criterion("b", make_question("y"), counted))
    (approve,) = advise(make_rubric(*criteria, scope=[fact]), make_assessment({"x": 4, "z": 4}), DAY)
    # Without guests only half is answered.
    assert [(each.option, each.verdicts) for each in approve.outcomes] == [
        ("no", (Verdict.HOLD,)),
        ("yes", (Verdict.APPROVE,)),
    ]
    assert approve.target is Verdict.APPROVE


def test_ceiling_too_low_is_raised_by_rungs() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    awc, approve = advise(rubric, make_assessment({"x": 0, "y": 0}), DAY)
    # 50 percent of two four-step ladders are four rungs; they go to the first question. Nothing is open, so there
    # is no way that leads to hold.
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.RAISE, "x", 4)])
    assert awc.further_steps == 4
    # 70 percent are 5.6 rungs, so six.
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.RAISE, "x", 4), (StepKind.RAISE, "y", 2)])


def test_seven_steps_are_not_searched() -> None:
    questions = [make_question(f"q{number}") for number in range(10)]
    rubric = make_rubric(make_criterion("a", *questions))
    awc, approve = advise(rubric, make_assessment(), DAY)
    assert (awc.further, approve.further) == (None, None)
    assert approve.further_steps is None


def test_too_many_not_applicable_are_answered_after_all() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y"), make_question("z", weight=2)))
    none = Answer(not_applicable="Not ours.")
    (awc, approve) = advise(rubric, make_assessment({"x": 4, "y": 4, "z": none}), DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.FIND_OUT, "z", 0)])
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.FIND_OUT, "z", 2)])


def test_with_everything_not_applicable_one_question_is_answered_after_all() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")), policy=Policy(not_applicable_limit=Fraction(100)))
    awc, approve = advise(rubric, make_assessment({"x": Answer(not_applicable="Not ours.")}), DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.FIND_OUT, "x", 2)])
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.PROVE, "x", None)], [(StepKind.FIND_OUT, "x", 3)])


def test_a_policy_nothing_meets_leaves_no_way() -> None:
    policy = Policy(approve=Thresholds(Fraction(60), Fraction(101)))
    rubric = make_rubric(make_criterion("a", make_question("x")), policy=policy)
    assert advise(rubric, make_assessment({"x": 4}), DAY) == ()


def test_agrees_with_brute_force() -> None:
    random = Random(20261121)
    for _ in range(120):
        _agrees_with_brute_force(draw(random, most_questions=3, is_small=True))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_brute_force_for_long(seed: int) -> None:
    random = Random(seed)
    for _ in range(1000):
        _agrees_with_brute_force(draw(random, most_questions=3, is_small=True))


def _agrees_with_brute_force(drawn: Drawn) -> None:
    rubric, assessment = drawn.rubric, drawn.assessment
    ways = advise(rubric, assessment, DAY)
    before = judge(rubric, assessment, DAY).verdict
    assert [way.target.value for way in ways] == [name for name in RANKS if name in {w.target.value for w in ways}]
    assert all(RANKS.index(way.target.value) > RANKS.index(before) for way in ways)
    if not ways:
        assert not _is_anything_better(rubric, assessment, before), drawn
    for way in ways:
        ready = followed(assessment, way.needed, DAY)
        assert _key(way) == _brute_force(rubric, ready, way.target), drawn
        if way.further is not None:
            done = followed(ready, way.further, DAY)
            assert judge(rubric, done, DAY).verdict == way.target.value, drawn
            _proves_no_more_than_needed(rubric, assessment, way)


def test_way_past_the_leader_passes_it() -> None:
    random = Random(20261121)
    found = [_passes_by_doing(random) for _ in range(200)]
    assert found.count(True) > 100


@pytest.mark.torture
def test_way_past_the_leader_passes_it_for_long() -> None:
    random = Random(1)
    for _ in range(5000):
        _passes_by_doing(random)


def _passes_by_doing(random: Random) -> bool:
    """Whether the way could be followed."""
    drawn = draw(random)
    other = another(random, drawn)
    pair = sorted((drawn.assessment, other), key=lambda one: _standing(drawn.rubric, one), reverse=True)
    leader, behind = pair
    way = way_past(score(drawn.rubric, leader, DAY), score(drawn.rubric, behind, DAY), behind)
    if way is None or way.further is None:
        return False
    done = followed(behind, (*way.needed, *way.further), DAY)
    assert _standing(drawn.rubric, done) > _standing(drawn.rubric, leader), drawn
    return True


def _standing(rubric: Rubric, assessment: Assessment) -> tuple[int, Fraction, Fraction]:
    judged = judge(rubric, assessment, DAY)
    overall = judged.overall or {"floor": None, "observed": None}
    low = Fraction(-1)
    floor, observed = (low if value is None else value for value in (overall["floor"], overall["observed"]))
    return RANKS.index(judged.verdict), floor, observed


def test_way_past_a_leader_on_hold_raises_the_floor() -> None:
    must_haves = [make_question("y", must_reach=2), make_question("z", must_reach=3)]
    rubric = make_rubric(make_criterion("a", make_question("x"), *must_haves))
    leader = score(rubric, make_assessment({"x": 3}), DAY)
    behind = make_assessment({"x": 2})
    way = way_past(leader, score(rubric, behind, DAY), behind)
    assert way is not None
    # An open must-have is not found below what it must reach: that would reject
    assert _brief(way) == (Verdict.HOLD, [], [(StepKind.FIND_OUT, "y", 2)])


def test_no_way_past_a_leader_at_the_top() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    leader = score(rubric, make_assessment({"x": 4}), DAY)
    behind = make_assessment({"x": 1})
    assert way_past(leader, score(rubric, behind, DAY), behind) is None


def test_every_way_through_any_rubric_leads_where_it_says() -> None:
    random = Random(20261121)
    for _ in range(150):
        _leads_where_it_says(draw(random))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(4))
def test_every_way_through_any_rubric_leads_where_it_says_for_long(seed: int) -> None:
    random = Random(seed)
    for _ in range(2500):
        _leads_where_it_says(draw(random))


def _leads_where_it_says(drawn: Drawn) -> None:
    rubric, assessment = drawn.rubric, drawn.assessment
    for way in advise(rubric, assessment, DAY):
        if way.further is None:
            continue
        done = followed(assessment, (*way.needed, *way.further), DAY)
        open_facts = [fact for fact in rubric.scope if fact.id not in assessment.scope]
        reached: dict[tuple[str, str], set[str]] = {}
        for options in product(*(fact.options for fact in open_facts)):
            given = {fact.id: option for fact, option in zip(open_facts, options, strict=True)}
            verdict = judge(rubric, replace(done, scope={**done.scope, **given}), DAY).verdict
            for fact, option in given.items():
                reached.setdefault((fact, option), set()).add(verdict)
            if not way.outcomes:
                assert verdict == way.target.value, drawn
        if way.outcomes:
            assert way.target in {verdict for outcome in way.outcomes for verdict in outcome.verdicts}, drawn
        for outcome in way.outcomes:
            found = reached[outcome.fact.id, outcome.option]
            assert found == {verdict.value for verdict in outcome.verdicts}, drawn


RANKS = ["reject", "hold", "approve-with-conditions", "approve"]


def _is_anything_better(rubric: Rubric, assessment: Assessment, before: str) -> bool:
    """Whether some levels, all of them proven, give a better verdict."""
    ladders = [[(question, level) for level in range(question.top + 1)] for _, question in rubric.questions()]
    return any(
        RANKS.index(judge(rubric, _at(assessment, levels), DAY).verdict) > RANKS.index(before)
        for levels in product(*ladders)
    )


def _at(assessment: Assessment, levels: Iterable[tuple[Question, int]]) -> Assessment:
    for question, level in levels:
        assessment = assessment.with_answer(question.id, Answer(level=level, evidence=TESTED))
    return assessment


def _proves_no_more_than_needed(rubric: Rubric, assessment: Assessment, way: Advice) -> None:
    must_haves = {must_have.question.id for must_have in score(rubric, assessment, DAY).must_haves}
    proofs = [
        step
        for step in way.needed
        if step.kind is StepKind.PROVE and step.question is not None and step.question.id not in must_haves
    ]
    others = tuple(step for step in way.needed if step not in proofs)
    done = followed(followed(assessment, others, DAY), way.further or (), DAY)
    candidates = [question for _, question in rubric.questions() if done.answer(question.id).level is not None]
    for count in range(len(proofs)):
        for chosen in combinations(candidates, count):
            tried = followed(done, [Step(StepKind.PROVE, question) for question in chosen], DAY)
            assert judge(rubric, tried, DAY).verdict != way.target.value


def _key(advice: Advice) -> tuple[int, int, tuple[str, ...]] | None:
    if advice.further is None:
        return None
    rungs = sum(step.rung or 0 for step in advice.further)
    places = sorted(step.question.id for step in advice.further if step.question for _ in range(step.steps))
    return advice.further_steps or 0, rungs, tuple(places)


def _brute_force(rubric: Rubric, ready: Assessment, target: Verdict) -> tuple[int, int, tuple[str, ...]] | None:
    """The least (steps, rungs, places) among all ways to answer, None where that is over six steps."""
    best = None
    for chosen in product(*(_choices_of(rubric, ready, question, target) for _, question in rubric.questions())):
        moved = [(steps, rung, question) for steps, rung, question in chosen if steps]
        key = (
            sum(steps for steps, _, _ in moved),
            sum(rung for _, rung, _ in moved),
            tuple(sorted(question.id for steps, _, question in moved for _ in range(steps))),
        )
        if key[0] > 6 or (best is not None and key >= best):
            continue
        changed = followed(ready, [Step(StepKind.RAISE, question, rung=rung) for _, rung, question in moved], DAY)
        if target is Verdict.APPROVE:
            changed = followed(changed, [Step(StepKind.PROVE, question) for _, question in rubric.questions()], DAY)
        if RANKS.index(judge(rubric, changed, DAY).verdict) >= RANKS.index(target.value):
            best = key
    return best


def _choices_of(
    rubric: Rubric, ready: Assessment, question: Question, target: Verdict
) -> list[tuple[int, int, Question]]:
    scorecard = score(rubric, ready, DAY)
    scored = scorecard.question(question.id)
    stay = [(0, 0, question)]
    if scored.state is AnswerState.ANSWERED and scored.level is not None:
        return stay + [(rung - scored.level, rung, question) for rung in range(scored.level + 1, question.top + 1)]
    over = {
        each.criterion.id for each in scorecard.criteria if each.not_applicable > rubric.policy.not_applicable_limit
    }
    is_nothing_scored = scorecard.overall is None
    if target is not Verdict.HOLD and (scored.state.is_open or scored.criterion.id in over or is_nothing_scored):
        return stay + [(1, rung, question) for rung in range(question.top + 1)]
    return stay
