"""The first page, and the half page for the requester, in the cases that are not the usual one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from build import make_assessment
from report_sample import ASSESSMENT, RUBRIC, make_decision, make_sample
from toolvet.domain.assessment import Answer, Assessment, Subject
from toolvet.domain.decision import Decision
from toolvet.domain.rubric import Policy, Thresholds
from toolvet.domain.scorecard import Verdict
from toolvet.report.render import html_report, markdown_report


def sentences(decision: Decision | None, heading: str, assessment: Assessment = ASSESSMENT) -> tuple[str, ...]:
    points = make_sample(decision, assessment=assessment).front.points
    return next(point.sentences for point in points if point.heading == heading)


def test_the_front_page_answers_what_a_board_asks_in_order() -> None:
    assert [point.heading for point in make_sample(make_decision()).front.points] == [
        "What is approved",
        "For which data",
        "For whom",
        "Until when",
        "On what it rests",
        "What is open",
        "Who accepts the rest",
        "What it costs",
    ]


def test_a_rubric_that_changed_is_told_on_the_first_page() -> None:
    changed = replace(RUBRIC, digest="sha256:1")
    answered = replace(ASSESSMENT, rubric=replace(ASSESSMENT.rubric, digest="sha256:2"))
    points = make_sample(None, rubric=changed, assessment=answered).front.points
    ground = next(point.sentences for point in points if point.heading == "On what it rests")
    assert ground[0] == "The rubric small 1.0.0 reads differently now than when this was answered."


def test_without_a_decision_nobody_has_accepted_anything() -> None:
    assert make_sample(None).front.answer == "No decision recorded yet"
    assert sentences(None, "Who accepts the rest") == ("Nobody yet: no decision is recorded.",)


def test_what_is_rejected_is_not_approved_for_anything() -> None:
    rejected = replace(make_decision(), decision=Verdict.REJECT, conditions=(), waivers=())
    assert make_sample(rejected).front.answer == "Rejected"
    assert sentences(rejected, "What is proposed")[-1] == "It is not approved for any use."
    assert sentences(rejected, "Who accepts the rest") == ("Nothing has to be accepted: the tool is not approved.",)


def test_what_is_rejected_has_no_section_on_what_is_approved() -> None:
    rejected = make_sample(replace(make_decision(), decision=Verdict.REJECT))
    assert "Approved for" not in markdown_report(rejected) + html_report(rejected)
    assert "s approved" not in html_report(rejected).partition("The tool, the job")[2]


def test_an_approval_that_has_run_out_says_so() -> None:
    decision = replace(make_decision(), valid_until=date(2026, 11, 19))
    document = make_sample(decision)
    assert document.front.answer == "The approval has run out"
    assert sentences(decision, "Until when")[0] == "It ran out on 19 November 2026."
    assert document.requester.answer == "Not any more: the approval of Tool Business has run out."
    assert document.requester.ask_again == "Ask now for it to be looked at again."


def test_on_its_last_day_an_approval_still_holds() -> None:
    decision = replace(make_decision(), valid_until=date(2026, 11, 20))
    assert make_sample(decision).front.answer == "Approved with conditions"


def test_what_is_not_recorded_is_said_to_be_missing() -> None:
    bare = replace(make_assessment(), subject=Subject("Tool"))
    assert sentences(None, "For whom", bare) == ("Not recorded.",)
    assert sentences(None, "What it costs", bare) == ("Not recorded.",)
    assert sentences(None, "Until when", bare) == ("No day is promised for an answer.",)


def test_nothing_open_is_said_in_words() -> None:
    proven = ASSESSMENT.answers["every-device"]
    answers = {"every-device": proven, "old-phones": Answer(level=3), "sign-in": proven, "audit": Answer(level=4)}
    full = replace(ASSESSMENT, answers=answers)
    assert sentences(None, "What is open", full) == ("Nothing: every question that counts has a current answer.",)


def test_a_decision_that_follows_the_verdict_says_so() -> None:
    decision = replace(make_decision(), decision=Verdict.HOLD, rationale=None)
    assert make_sample(decision).front.summary == (
        "Decided by the tool board on 20 November 2026.",
        "This follows the verdict as computed, hold.",
    )


def test_a_policy_changed_since_the_decision_is_told() -> None:
    stricter = replace(RUBRIC, policy=Policy(approve=Thresholds(Policy().approve.criterion, Policy().coverage)))
    decision = make_sample(make_decision(), rubric=stricter).decision
    assert decision is not None
    assert decision.computed[-2:] == (
        "The policy has changed since. On that day:",
        "To approve: every criterion 60, overall 70.",
    )


def test_a_rejected_requester_hears_the_requirement_and_the_alternatives() -> None:
    failed = replace(ASSESSMENT, answers={**ASSESSMENT.answers, "sign-in": Answer(level=1)})
    decision = replace(make_decision(RUBRIC, failed), decision=Verdict.REJECT, rationale=None, valid_until=None)
    requester = make_sample(decision, assessment=failed).requester
    assert requester.answer == "No, Tool Business may not be used."
    assert requester.because == (
        "It falls short of what we require of every tool of this kind:",
        "Sign in. Because.",
    )
    assert requester.meanwhile == "We also looked at Other Tool E3. Ask IT which of these you may use until then."
    assert requester.ask_again == "Ask again when the tool has changed in what is said above."
