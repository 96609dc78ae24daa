from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.advice import Advice, Step, StepKind, advise, further_words, step_words
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.rubric import Policy, Rubric, ScopeFact, Thresholds
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import score

DAY = date(2026, 11, 21)
TESTED = (Evidence("seen", Grade.TESTED, DAY),)


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
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.ANSWER, "y", 2)])
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.ANSWER, "y", 4)])


def test_two_rungs_of_one_question_are_two_steps() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x")))
    (approve,) = advise(rubric, make_assessment({"x": 2}), DAY)
    assert approve.further == (Step(StepKind.RAISE, rubric.question("x"), rung=3, steps=1),)
    policy = replace(rubric.policy, approve=Thresholds(Fraction(60), Fraction(100)))
    (approve,) = advise(replace(rubric, policy=policy), make_assessment({"x": 2}), DAY)
    assert approve.further_steps == 2


def test_must_haves_come_first_and_are_not_counted() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=3), make_question("y")))
    hold, approve = advise(rubric, make_assessment({"x": 1, "y": 4}), DAY)
    assert _brief(hold) == (Verdict.HOLD, [(StepKind.RAISE, "x", 3)], [])
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.RAISE, "x", 3)], [])
    assert approve.needed[0].proof


def test_unproven_must_have_is_to_be_proved() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2)))
    (approve,) = advise(rubric, make_assessment({"x": 4}), DAY)
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.PROVE, "x", None)], [])


def test_scope_facts_come_first() -> None:
    fact = ScopeFact("guests", "Guests?", ("no", "yes"))
    condition = OneOf("guests", frozenset({"yes"}), "guests is yes")
    question = make_question("x", must_reach=2, must_reach_when=condition)
    rubric = make_rubric(make_criterion("a", question), scope=[fact])
    assessment = make_assessment({"x": Answer(level=4, evidence=TESTED)})
    awc, approve = advise(rubric, assessment, DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [(StepKind.GIVE, "guests", None)], [])
    assert _brief(approve) == (Verdict.APPROVE, [(StepKind.GIVE, "guests", None)], [])


def test_ceiling_too_low_is_raised_by_rungs() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y")))
    assessment = make_assessment({"x": 0, "y": 0})
    hold, approve = advise(rubric, assessment, DAY)
    # 50 percent of two four-step ladders are four rungs; they go to the first question.
    assert _brief(hold) == (Verdict.HOLD, [], [(StepKind.RAISE, "x", 4)])
    assert hold.further_steps == 4
    # 70 percent are 5.6 rungs, so six.
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.RAISE, "x", 4), (StepKind.RAISE, "y", 2)])


def test_seven_steps_are_not_searched() -> None:
    questions = [make_question(f"q{number}") for number in range(10)]
    rubric = make_rubric(make_criterion("a", *questions))
    awc, approve = advise(rubric, make_assessment(), DAY)
    assert (awc.further, approve.further, approve.reachable) == (None, None, True)
    assert further_words(approve) == "Then at least 7 further steps."


def test_too_many_not_applicable_are_answered_after_all() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x"), make_question("y"), make_question("z", weight=2)))
    none = Answer(not_applicable="Not ours.")
    (awc, approve) = advise(rubric, make_assessment({"x": 4, "y": 4, "z": none}), DAY)
    assert _brief(awc) == (Verdict.APPROVE_WITH_CONDITIONS, [], [(StepKind.ANSWER, "z", 0)])
    assert _brief(approve) == (Verdict.APPROVE, [], [(StepKind.ANSWER, "z", 2)])


def test_a_policy_nothing_meets_is_said_to_be_out_of_reach() -> None:
    policy = Policy(approve=Thresholds(Fraction(60), Fraction(101)))
    rubric = make_rubric(make_criterion("a", make_question("x")), policy=policy)
    (approve,) = advise(rubric, make_assessment({"x": 4}), DAY)
    assert (approve.further, approve.reachable) == (None, False)


def test_step_words_name_the_rung() -> None:
    question = make_question("single-sign-on", must_reach=2)
    assert step_words(Step(StepKind.RAISE, question, rung=2)) == "Raise Single sign on to 2: rung 2"
    assert (
        step_words(Step(StepKind.ANSWER, question, rung=2, proof=True))
        == "Answer Single sign on at 2, with evidence better than a claim: rung 2"
    )


_ANSWERS = st.one_of(
    st.none(),
    st.integers(0, 2).map(lambda level: Answer(level=level)),
    st.integers(0, 2).map(lambda level: Answer(level=level, evidence=TESTED)),
    st.just(Answer(unknown="")),
    st.just(Answer(not_applicable="Not ours.")),
)


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Rubric, Assessment]:
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    criteria = []
    answers: dict[str, int | Answer] = {}
    for number, size in enumerate(sizes):
        questions = []
        for place in range(size):
            question_id = f"q{number}{place}"
            questions.append(
                make_question(
                    question_id,
                    weight=draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(3, 2)])),
                    levels=draw(st.integers(3, 4)),
                    must_reach=draw(st.sampled_from([None, None, 1, 2])),
                )
            )
            answer = draw(_ANSWERS)
            if answer is not None:
                answers[question_id] = answer
        criteria.append(make_criterion(f"c{number}", *questions, weight=draw(st.integers(1, 2))))
    return make_rubric(*criteria), make_assessment(answers)


@settings(max_examples=150)
@given(_cases())
def test_agrees_with_brute_force(case: tuple[Rubric, Assessment]) -> None:
    rubric, assessment = case
    for advice in advise(rubric, assessment, DAY):
        ready = _with_steps(assessment, advice.needed)
        assert _key(advice) == _brute_force(rubric, ready, advice.target)
        if advice.further is not None:
            done = score(rubric, _with_steps(ready, advice.further), DAY)
            assert done.verdict.rank <= advice.target.rank


def _key(advice: Advice) -> tuple[int, int, tuple[str, ...]] | None:
    if advice.further is None:
        return None
    rungs = sum(step.rung or 0 for step in advice.further)
    places = sorted(step.question.id for step in advice.further if step.question for _ in range(step.steps))
    return advice.further_steps or 0, rungs, tuple(places)


def _with_steps(assessment: Assessment, steps: tuple[Step, ...]) -> Assessment:
    for step in steps:
        assert step.question is not None
        answer = assessment.answer(step.question.id)
        level = answer.level if step.rung is None else step.rung
        evidence = TESTED if step.proof else answer.evidence
        assessment = assessment.with_answer(step.question.id, Answer(level=level, evidence=evidence))
    return assessment


def _brute_force(rubric: Rubric, ready: Assessment, target: Verdict) -> tuple[int, int, tuple[str, ...]] | None:
    """The least (steps, rungs, places) among all ways to answer, None where that is over six steps."""
    scorecard = score(rubric, ready, DAY)
    over = {
        scored.criterion.id
        for scored in scorecard.criteria
        if target is not Verdict.HOLD and scored.not_applicable > rubric.policy.not_applicable_limit
    }
    choices = [_choices_of(scorecard, index, over) for index in range(len(scorecard.questions))]
    best = None
    for chosen in product(*choices):
        moved = [(steps, rung, question_id) for steps, rung, question_id in chosen if steps]
        key = (
            sum(steps for steps, _, _ in moved),
            sum(rung for _, rung, _ in moved),
            tuple(sorted(question_id for steps, _, question_id in moved for _ in range(steps))),
        )
        if key[0] > 6 or (best is not None and key >= best):
            continue
        changed = ready
        for _, rung, question_id in moved:
            evidence = ready.answer(question_id).evidence
            changed = changed.with_answer(question_id, Answer(level=rung, evidence=evidence))
        if _is_reached(score(rubric, changed, DAY), target):
            best = key
    return best


def _choices_of(scorecard: Scorecard, index: int, over: set[str]) -> list[tuple[int, int, str]]:
    scored = scorecard.questions[index]
    top, name = scored.question.top, scored.question.id
    stay = [(0, 0, name)]
    if scored.state is AnswerState.ANSWERED and scored.level is not None:
        return stay + [(rung - scored.level, rung, name) for rung in range(scored.level + 1, top + 1)]
    if scored.state.is_open or scored.criterion.id in over:
        return stay + [(1, rung, name) for rung in range(top + 1)]
    return stay


def _is_reached(scorecard: Scorecard, target: Verdict) -> bool:
    failed = any(must_have.state is MustHaveState.FAILED for must_have in scorecard.must_haves)
    return not failed and scorecard.verdict.rank <= target.rank
