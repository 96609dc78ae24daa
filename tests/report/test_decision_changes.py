"""What a report says of how a decision differs from the one before, and of the policy it was taken under."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from build import make_approval, make_criterion, make_question, make_rubric
from toolvet.domain.decision import ApprovedFor, Condition, Waiver
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.scorecard import Verdict
from toolvet.report.approval.decision_words import changed_words

RUBRIC = make_rubric(
    make_criterion("safety", make_question("sign-in")),
    scope=(ScopeFact("data", "Which data?", ("public", "internal")),),
)
BEFORE = replace(
    make_approval(date(2025, 11, 20)),
    valid_until=date(2026, 11, 20),
    approved_for=ApprovedFor(scope={"data": "public"}, users=40, plan="Business", left_off=("AI companion",)),
    conditions=(Condition("Obtain a report.", id="report", due=date(2026, 1, 15)),),
    waivers=(Waiver("sign-in", "Promised.", "Phone.", "CIO", date(2026, 3, 1)),),
    consulted=("Works council",),
    links=("https://tickets.example.com/1",),
)


def changed(**values: Any) -> tuple[str, ...]:
    return changed_words(BEFORE, replace(BEFORE, **values), RUBRIC)


def test_nothing_is_said_where_only_day_and_rationale_are_new() -> None:
    assert changed(decided_on=date(2026, 1, 1), rationale="Still good.") == ()


@pytest.mark.parametrize(
    ("approved_for", "words"),
    [
        (replace(BEFORE.approved_for, users=None), ("Users: 40 before, not stated now.",)),
        (replace(BEFORE.approved_for, plan="Premium"), ("Plan: Business before, Premium now.",)),
        (replace(BEFORE.approved_for, scope={"data": "internal"}), ("Which data? public before, internal now.",)),
        (replace(BEFORE.approved_for, scope={}), ("Which data? public before, not stated now.",)),
        (
            replace(BEFORE.approved_for, left_off=("Recording",)),
            ("Not covered, dropped: AI companion.", "Not covered, added: Recording."),
        ),
    ],
)
def test_each_limit_of_an_approval_says_what_it_was_and_is(approved_for: ApprovedFor, words: tuple[str, ...]) -> None:
    assert changed(approved_for=approved_for) == words


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((), ("Condition dropped: Obtain a report.",)),
        (
            (replace(BEFORE.conditions[0], due=None),),
            ("Condition moved from 15 January 2026 to no due date: Obtain a report.",),
        ),
        ((*BEFORE.conditions, Condition("Lock the rooms")), ("Condition added: Lock the rooms.",)),
        ((replace(BEFORE.conditions[0], text="Get the report."),), ()),
    ],
)
def test_conditions_are_told_by_their_id(conditions: tuple[Condition, ...], words: tuple[str, ...]) -> None:
    assert changed(conditions=conditions) == words


@pytest.mark.parametrize(
    ("waivers", "words"),
    [
        (
            (),
            (
                'Waiver dropped: "Sign in".',
                "It was valid until 1 March 2026, and is now valid until 20 November 2026.",
            ),
        ),
        (
            (replace(BEFORE.waivers[0], expires=date(2026, 6, 1)),),
            (
                'Waiver until 1 June 2026 instead of 1 March 2026: "Sign in".',
                "It was valid until 1 March 2026, and is now valid until 1 June 2026.",
            ),
        ),
        ((*BEFORE.waivers, replace(BEFORE.waivers[0], question="gone")), ('Waiver added: "gone".',)),
    ],
)
def test_a_waiver_says_its_question_and_what_its_end_does_to_the_approval(
    waivers: tuple[Waiver, ...], words: tuple[str, ...]
) -> None:
    assert changed(waivers=waivers) == words


def test_a_refusal_says_nothing_of_what_the_approval_covered() -> None:
    now = replace(
        BEFORE,
        decision=Verdict.REJECT,
        decided_by="CIO",
        conditions=(),
        waivers=(),
        approved_for=ApprovedFor(),
        links=(),
    )
    assert changed_words(BEFORE, now, RUBRIC) == (
        "The decision was approve and is reject.",
        "It was decided by CIO; the previous one by Board.",
        "Links, dropped: https://tickets.example.com/1.",
    )


@pytest.mark.parametrize("name", ["consulted", "considered", "links"])
def test_names_are_compared_in_no_order(name: str) -> None:
    before_it: dict[str, Any] = {name: ("One", "Two")}
    after_it: dict[str, Any] = {name: ("Three", "Two", "One")}
    before, after = replace(BEFORE, **before_it), replace(BEFORE, **after_it)
    assert changed_words(before, after, RUBRIC) == (f"{name.capitalize()}, added: Three.",)
