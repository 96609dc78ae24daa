from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.advice import Advice, Outcome, Step, StepKind
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.decision import Condition
from toolvet.domain.decision_rules import DueItem, DueKind
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.services.decision_draft import offered_conditions
from toolvet.text.advice_words import brief_step_words, further_words, note_words, step_words
from toolvet.text.sentences import due_item_words

DAY = date(2026, 11, 21)
GUESTS = ScopeFact("guests", "Guests?", ("no", "yes"))


def test_step_words_name_the_rung() -> None:
    question = make_question("single-sign-on", must_reach=2)
    assert step_words(Step(StepKind.RAISE, question, rung=2)) == 'Raise "Single sign on" to level 2: rung 2'
    assert (
        step_words(Step(StepKind.FIND_OUT, question, rung=2, evidence=StepKind.PROVE))
        == 'Find out whether "Single sign on" reaches level 2, with evidence (a test, an audit, a document): rung 2'
    )


def test_a_task_names_no_level() -> None:
    question = make_question("single-sign-on", must_reach=2)
    steps = (
        Step(StepKind.RAISE, question, rung=2),
        Step(StepKind.FIND_OUT, question, rung=2, evidence=StepKind.SUPPORT),
        Step(StepKind.FIND_OUT, question, rung=0),
    )
    assert [step_words(step, is_task=True) for step in steps] == [
        'Meet "Single sign on": rung 2',
        'Find out whether it meets "Single sign on", with evidence: rung 2',
        'Find out about "Single sign on".',
    ]


SIGN_IN = make_question("sign-in")
TRIED = replace(SIGN_IN, evidence="tested")


@pytest.mark.parametrize(
    ("step", "words", "brief"),
    [
        (
            Step(StepKind.SUPPORT, SIGN_IN),
            'Record the evidence for "Sign in": it has none.',
            'give evidence for "Sign in"',
        ),
        (
            Step(StepKind.PROVE, SIGN_IN),
            'Provide evidence (a test, an audit, a document) for "Sign in".',
            'prove "Sign in"',
        ),
        (Step(StepKind.PROVE, TRIED), 'Try "Sign in" by hand, and record what you saw.', 'prove "Sign in"'),
        (
            Step(StepKind.NOT_YET_CURRENT, SIGN_IN, rung=1),
            'Answer "Sign in" again on its date, which lies in the future: rung 1',
            'answer "Sign in" again',
        ),
        (
            Step(StepKind.RAISE, SIGN_IN, rung=3, evidence=StepKind.SUPPORT),
            'Raise "Sign in" to level 3, with evidence: rung 3',
            'raise "Sign in" to level 3 with evidence',
        ),
        (
            Step(StepKind.FIND_OUT, TRIED, rung=2, evidence=StepKind.PROVE),
            'Find out whether "Sign in" reaches level 2, with evidence that you tried it by hand: rung 2',
            'find "Sign in" at level 2 and prove it',
        ),
        (Step(StepKind.FIND_OUT, SIGN_IN, rung=0), 'Answer "Sign in", whatever the level.', 'answer "Sign in"'),
    ],
)
def test_each_kind_of_step_is_said_in_a_line_and_within_a_sentence(step: Step, words: str, brief: str) -> None:
    assert (step_words(step), brief_step_words(step)) == (words, brief)


def test_fact_that_can_change_nothing_says_so() -> None:
    step = Step(StepKind.SCOPE, fact=GUESTS, is_idle=True)
    assert step_words(step) == "Give the scope: Guests? Whatever the answer, the verdict stays the same."


def test_steps_that_are_not_found_are_at_least_seven() -> None:
    assert further_words(Advice(Verdict.APPROVE, (), None)) == "Then at least 7 further steps."


def test_steps_that_are_counted_and_not_worked_out_say_so() -> None:
    assert further_words(Advice(Verdict.APPROVE, (), None, steps_at_least=4)) == (
        "Then at least 4 further steps; too many combinations of weights to work out which ones."
    )


def test_notes_say_what_is_assumed() -> None:
    outcomes = tuple(
        Outcome(GUESTS, option, (verdict,), is_idle=False)
        for option, verdict in (("no", Verdict.APPROVE_WITH_CONDITIONS), ("yes", Verdict.APPROVE))
    )
    needed = (Step(StepKind.FIND_OUT, make_question("x"), rung=2),)
    assert note_words(Advice(Verdict.APPROVE, needed, (), outcomes, is_sure=False)) == (
        "Open must-haves are assumed to be at exactly the level they must reach.",
        'If the answer to "Guests?" is "no": approve with conditions.',
        'If the answer to "Guests?" is "yes": approve.',
        "Questions that depend on open scope facts are assumed to apply; with the facts the result may differ.",
    )


def test_conditions_are_the_steps_between_the_answers_and_approve() -> None:
    rubric = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y", weight=3)))
    met = Answer(level=2, evidence=(Evidence("page", Grade.TESTED),))
    assessment = make_assessment({"x": met, "y": 2})
    scorecard = score(rubric, assessment, DAY)
    assert offered_conditions(scorecard, assessment) == (Condition('Meet "Y": rung 4', id="y"),)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (DueItem(DAY, DueKind.PROMISED), "Answer promised"),
        (DueItem(DAY, DueKind.PROMISED, "Sales"), "Answer promised to Sales"),
        (DueItem(DAY, DueKind.APPROVAL, "approve-with-conditions"), "Approval ends: approve with conditions"),
        (DueItem(DAY, DueKind.APPROVAL, "hold"), "Review again: hold"),
        (DueItem(DAY, DueKind.WAIVER, "Sign in", "sign-in", "CIO"), 'Waiver ends: "Sign in" (CIO)'),
        (DueItem(DAY, DueKind.CONDITION, "Report"), "Condition due: Report"),
        (DueItem(DAY, DueKind.MUST_HAVE, "Sign in", "sign-in"), 'Must-have to renew: "Sign in"'),
        (DueItem(DAY, DueKind.ANSWER, "Audit", "audit"), 'Answer to renew: "Audit"'),
        (DueItem(DAY, DueKind.SURVEY), "Ask the survey again"),
    ],
)
def test_what_is_due(item: DueItem, words: str) -> None:
    assert due_item_words(item) == words
