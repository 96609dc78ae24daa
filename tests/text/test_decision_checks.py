from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.decision import AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.text.sentences import cautions_in_words, refusals_in_words

DAY = date(2026, 11, 21)
RUBRIC = make_rubric(make_criterion("a", make_question("x", must_reach=2), make_question("y", weight=3)))
SCORECARD = score(RUBRIC, make_assessment({"y": 4}), DAY)
WAIVER = Waiver("x", "Promised.", "Phone.", "CIO", date(2027, 3, 31))
PLAIN = Decision(
    decision=Verdict.APPROVE,
    decided_by="Board",
    decided_on=DAY,
    valid_until=DAY,
    assessment=AssessmentRef("assessments/tool/x.toml", "0" * 64),
    computed=make_computed(SCORECARD),
    rationale="Pilot.",
    waivers=(WAIVER,),
)


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (
            replace(PLAIN, rationale=" "),
            "The decision (approve) differs from the verdict (hold): say why in the rationale.",
        ),
        (
            replace(PLAIN, waivers=()),
            'The must-have "X" (x) is not met (unknown); an approval needs a waiver for it.',
        ),
        (
            replace(PLAIN, waivers=(WAIVER, replace(WAIVER, question="y"))),
            'The waiver for "Y" (y) sets aside no must-have of this assessment: leave it out.',
        ),
        (
            replace(PLAIN, waivers=(WAIVER, replace(WAIVER, question="gone"))),
            "The waiver for gone sets aside no must-have of this assessment: leave it out.",
        ),
        (
            replace(PLAIN, waivers=(replace(WAIVER, expires=date(2027, 11, 22)),)),
            'The waiver for "X" (x) runs until 2027-11-22; the policy allows 2027-11-21 at most.',
        ),
        (
            replace(PLAIN, waivers=(replace(WAIVER, expires=DAY),)),
            'The waiver for "X" (x) is over on the day of the decision: give it a later day.',
        ),
        (
            replace(PLAIN, decision=Verdict.HOLD),
            "A waiver belongs to an approval, and this decision approves nothing: leave it out.",
        ),
        (
            replace(PLAIN, conditions=(Condition("Report", due=date(2026, 11, 20)),)),
            'The condition "Report" is due on 2026-11-20, before the day of the decision, 2026-11-21: '
            "give it a later day.",
        ),
        (
            replace(PLAIN, valid_until=date(2026, 11, 20)),
            "Valid until 2026-11-20 lies before the day of the decision, 2026-11-21.",
        ),
        (
            replace(PLAIN, valid_until=date(2027, 11, 22)),
            "It is valid until 2027-11-22; the policy allows 2027-11-21 at most.",
        ),
    ],
)
def test_refusal_says_what_to_do(decision: Decision, words: str) -> None:
    assert refusals_in_words(PLAIN, SCORECARD) == ()
    assert refusals_in_words(decision, SCORECARD) == (words,)


def test_seal_and_rubric_are_refused_in_words() -> None:
    assert refusals_in_words(PLAIN, SCORECARD, seal_broken=True, rubric_changed=True) == (
        "The assessment's seal does not match: the file was changed outside toolvet, or cut short. "
        "Read it through and confirm it first.",
        "The rubric has changed since this was answered. Restore the old rubric, or answer the new one.",
    )


def test_cautions() -> None:
    conditional = replace(PLAIN, decision=Verdict.APPROVE_WITH_CONDITIONS)
    assert cautions_in_words(conditional) == ("The decision is to approve with conditions, but it names none.",)
    conditions = (Condition("A"), Condition("B", owner="CIO"), Condition("C", owner="CIO", due=date(2026, 11, 20)))
    assert cautions_in_words(replace(PLAIN, conditions=conditions)) == (
        'The condition "A" has no owner and no due date.',
        'The condition "B" has no due date.',
        'The condition "C" has been overdue since 2026-11-20.',
    )


def test_many_missing_waivers_are_counted_where_they_are_listed_anyway() -> None:
    questions = [make_question(name, must_reach=2) for name in ("a", "b", "c")]
    scorecard = score(make_rubric(make_criterion("a", *questions)), make_assessment({}), DAY)
    decision = replace(PLAIN, rationale="", waivers=())
    assert refusals_in_words(decision, scorecard, together=True) == (
        "The decision (approve) differs from the verdict (hold): say why in the rationale.",
        "3 must-haves are not met, and an approval needs a waiver for each.",
    )
    assert len(refusals_in_words(decision, scorecard)) == 4
