"""The first page, and the half page for the requester, in the cases that are not the usual one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from build import make_assessment
from hostile_report import Page, hostile_decision, hostile_document, markdown_tokens
from report_sample import ASSESSMENT, RUBRIC, html_report, json_report, make_decision, make_sample, markdown_report
from toolvet.domain.assessment import Answer, Assessment, Subject
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.rubric import Policy, Thresholds
from toolvet.domain.scorecard import Verdict
from toolvet.text.escape import UNLINKED


def sentences(decision: Decision | None, heading: str, assessment: Assessment = ASSESSMENT) -> tuple[str, ...]:
    points = make_sample(decision, assessment=assessment).front.points
    return next(point.sentences for point in points if point.heading == heading)


def test_the_front_page_answers_what_a_board_asks_in_order() -> None:
    assert [point.heading for point in make_sample(make_decision()).front.points] == [
        "What is approved",
        "For which data",
        "For whom",
        "Until when",
        "What it is based on",
        "What is open",
        "Who accepts what is open",
        "Conditions",
        "What is waived",
        "What it costs",
        "Signature",
    ]


def test_a_rubric_that_changed_is_told_on_the_first_page() -> None:
    changed = replace(RUBRIC, digest="sha256:1")
    answered = replace(ASSESSMENT, rubric=replace(ASSESSMENT.rubric, digest="sha256:2"))
    points = make_sample(None, rubric=changed, assessment=answered).front.points
    ground = next(point.sentences for point in points if point.heading == "What it is based on")
    assert ground[0] == "The rubric small 1.0.0 has changed since this was answered."


def test_without_a_decision_nobody_has_accepted_anything() -> None:
    assert make_sample(None).front.answer == "No decision recorded yet"
    assert sentences(None, "Who accepts what is open") == ("Nobody yet: no decision is recorded.",)


def test_what_is_rejected_is_not_approved_for_anything() -> None:
    rejected = replace(make_decision(), decision=Verdict.REJECT, conditions=(), waivers=())
    assert make_sample(rejected).front.answer == "Rejected"
    assert sentences(rejected, "What is proposed")[-1] == "It is not approved for any use."
    assert sentences(rejected, "Who accepts what is open") == ("Nothing has to be accepted: the tool is not approved.",)


def test_what_is_rejected_has_no_section_on_what_is_approved() -> None:
    rejected = make_sample(replace(make_decision(), decision=Verdict.REJECT))
    assert "Approved for" not in markdown_report(rejected) + html_report(rejected)
    assert "s approved" not in html_report(rejected).partition("The tool, the job")[2]


def test_an_approval_that_has_run_out_says_so() -> None:
    decision = replace(make_decision(), valid_until=date(2026, 11, 19))
    document = make_sample(decision)
    assert document.front.answer == "The approval has expired"
    assert sentences(decision, "Until when")[0] == "It expired on 19 November 2026."
    assert document.requester.answer == "Not any more: the approval of Tool Business has expired."
    assert document.requester.ask_again == "Ask us now to review it again."


def test_on_its_last_day_an_approval_still_holds() -> None:
    decision = replace(make_decision(), valid_until=date(2026, 11, 20))
    assert make_sample(decision).front.answer != "The approval has expired"


def test_what_is_not_recorded_is_said_to_be_missing() -> None:
    bare = replace(make_assessment(), subject=Subject("Tool"))
    assert sentences(None, "For whom", bare) == ("Not recorded.",)
    assert sentences(None, "What it costs", bare) == ("Not recorded.",)
    assert sentences(None, "Until when", bare) == ("No date is promised for an answer.",)


def test_nothing_open_is_said_in_words() -> None:
    proven = ASSESSMENT.answers["every-device"]
    answers = {"every-device": proven, "old-phones": Answer(level=3), "sign-in": proven, "audit": Answer(level=4)}
    full = replace(ASSESSMENT, answers=answers)
    assert sentences(None, "What is open", full) == ("Nothing: every question that counts has a current answer.",)


def test_a_decision_that_follows_the_verdict_says_so() -> None:
    decision = replace(make_decision(), decision=Verdict.HOLD, rationale=None)
    assert make_sample(decision).front.summary == (
        "Decided by the tool board on 20 November 2026.",
        "This follows the computed verdict, hold.",
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
        "It does not meet what we require of every tool of this kind:",
        "Sign in: Because.",
    )
    assert requester.meanwhile == "We also looked at Other Tool E3. Ask IT which of these you may use instead."
    assert requester.ask_again == "Ask again when the tool has improved on the points above."


RUN_OUT_ON = date(2027, 4, 5)
"""The waiver and the condition of the sample end on 31 March 2027."""
WAIVED = make_decision().waivers[0]


def test_the_answer_says_what_is_set_aside_and_the_verdict_it_departs_from() -> None:
    front = make_sample(replace(make_decision(), decision=Verdict.APPROVE, conditions=())).front
    assert front.answer == "Approved, with 1 must-have waived until 31 March 2027; the verdict was hold"
    assert front.tone == "approve-with-conditions"


def test_an_approval_that_follows_the_verdict_has_its_colour() -> None:
    decision = make_decision()
    computed = replace(decision.basis[1], verdict=Verdict.APPROVE)
    plain = replace(decision, decision=Verdict.APPROVE, computed=computed, conditions=(), waivers=())
    front = make_sample(plain).front
    assert (front.answer, front.tone) == ("Approved", "approve")


def test_waivers_that_ran_out_end_the_approval_on_the_first_page() -> None:
    document = make_sample(make_decision(), on=RUN_OUT_ON)
    assert (document.front.answer, document.front.tone) == ("The approval has expired", "hold")
    assert document.front.summary[:3] == (
        'The waiver of 1 must-have expired on 31 March 2027: "Sign in".',
        "Overdue (due 31 March 2027, owned by Vendor management): Vendor supplies sign-in.",
        "Decided by the tool board on 20 November 2026: approve with conditions.",
    )
    assert document.front.points[0].heading == "What was approved"


def test_waivers_that_ran_out_are_told_to_the_requester() -> None:
    requester = make_sample(make_decision(), on=RUN_OUT_ON).requester
    assert requester.answer == "Not any more: the approval of Tool Business has expired."
    assert (
        requester.because[0]
        == "We had made 1 exception to our requirements until 31 March 2027, and that time is over."
    )
    assert (requester.terms, requester.meanwhile) == (
        (),
        "We also looked at Other Tool E3. Ask IT which of these you may use until it is approved again.",
    )


def test_an_overdue_condition_limits_the_approval() -> None:
    decision = replace(make_decision(), waivers=())
    document = make_sample(decision, on=RUN_OUT_ON)
    assert document.front.answer == "Approved with conditions; 1 condition overdue; the verdict was hold"
    assert document.requester.answer == "Ask first: Tool Business is approved, but 1 condition is overdue."
    assert document.requester.terms[-1] == "Condition (overdue since 31 March 2027): Vendor supplies sign-in."
    assert document.requester.meanwhile.startswith(
        "Before you go on, ask IT whether the overdue condition has been met"
    )


def test_the_requester_learns_what_stands_in_for_what_is_set_aside() -> None:
    both = (WAIVED, replace(WAIVED, question="audit"))
    terms = make_sample(replace(make_decision(), waivers=both)).requester.terms
    assert 'Until 31 March 2027: Network allow-list. This covers "Sign in" and "Audit".' in terms
    assert "Highest data class allowed: internal, unless a line below is stricter." in terms


def test_many_that_are_no_longer_set_aside_are_named_once() -> None:
    document = make_sample(replace(make_decision(), waivers=(WAIVED,) * 4), on=RUN_OUT_ON)
    accepted = next(point for point in document.front.points if point.heading == "Who accepts what is open")
    assert accepted.sentences[1] == "Waived until 31 March 2027 and no longer, owned by the CIO: 4 must-haves."


def test_a_few_must_haves_set_aside_stand_with_their_risk_and_what_takes_their_place() -> None:
    waivers = (WAIVED, replace(WAIVED, question="old-phones", owner="the CISO"))
    assert sentences(replace(make_decision(), waivers=waivers), "What is waived") == (
        '"Sign in", until 31 March 2027, owned by the CIO: Promised for spring. Instead: Network allow-list.',
        '"Old phones", until 31 March 2027, owned by the CISO: Promised for spring. Instead: Network allow-list.',
    )


def test_many_must_haves_set_aside_make_one_line_for_each_owner_and_day() -> None:
    waivers = (
        WAIVED,
        replace(WAIVED, question="audit"),
        *[replace(WAIVED, question="old-phones", owner="the CISO")] * 2,
    )
    assert sentences(replace(make_decision(), waivers=waivers), "Who accepts what is open")[1:3] == (
        'Waived until 31 March 2027, owned by the CIO: "Sign in" and "Audit".',
        'Waived until 31 March 2027, owned by the CISO: "Old phones" and "Old phones".',
    )


def test_what_stands_in_for_a_waived_must_have_may_be_stricter_than_the_data_class() -> None:
    assert sentences(make_decision(), "For which data")[-1] == "A waiver or condition may be stricter."
    plain = replace(make_decision(), waivers=(), conditions=())
    assert sentences(plain, "For which data") == ("Data: internal.",)


def test_what_is_set_aside_is_named_once() -> None:
    assert sentences(make_decision(), "What is open")[0] == "1 must-have unknown and waived, as named below."


def test_a_condition_without_owner_and_day_is_told() -> None:
    decision = replace(make_decision(), conditions=(Condition("Write to them"),))
    assert sentences(decision, "Conditions") == ("Open, no due date, no owner: Write to them.",)
    assert "| Write to them | no owner | no due date | open |" in markdown_report(make_sample(decision))


def test_a_waiver_that_ran_out_sets_nothing_aside() -> None:
    document = make_sample(make_decision(), on=RUN_OUT_ON)
    assert [row.waived for row in document.must_haves if row.question == "sign-in"] == [False]
    assert "31 March 2027, expired |" in markdown_report(document)
    assert [row.waived for row in make_sample(make_decision()).must_haves if row.question == "sign-in"] == [True]


def test_conditions_asked_of_the_setting_are_said_plainly() -> None:
    assert "Not asked here: Publish (asked if public: yes)." in markdown_report(make_sample(None))


NEWEST = replace(
    make_decision(), decision=Verdict.REJECT, decided_on=date(2026, 11, 21), decided_by="the new board", waivers=()
)
REPLACED = "Replaced by the decision of 21 November 2026 by the new board: reject (decisions/tool/2026-11-21.toml)."


def test_a_decision_that_was_replaced_is_told_so_on_the_first_page() -> None:
    document = make_sample(make_decision(), newest=NEWEST)
    assert document.front.answer == "Not in force: replaced on 21 November 2026"
    assert document.front.summary[:2] == (
        REPLACED,
        "Decided by the tool board on 20 November 2026: approve with conditions.",
    )
    points = {point.heading: point.sentences for point in document.front.points}
    assert points["Until when"] == ("It was replaced on 21 November 2026.",)
    assert "What was approved" in points


def test_the_section_on_the_decision_names_what_replaced_it() -> None:
    document = make_sample(make_decision(), newest=NEWEST)
    for text in (markdown_report(document), html_report(document)):
        section = text.partition("Computed verdict on")[2].partition("The tool, the job")[0]
        assert "Replaced by the decision of 21 November 2026" in section
        assert "by the tool board, on 20 November 2026" in section


def test_json_names_the_decision_that_replaced_it() -> None:
    written = json.loads(json_report(make_sample(make_decision(), newest=NEWEST)))
    assert written["newer_decision"] == {
        "decision": "reject",
        "decided_by": "the new board",
        "decided_on": "2026-11-21",
        "path": "decisions/tool/2026-11-21.toml",
        "words": REPLACED,
        "state": "",
        "is_later": False,
        "is_again": False,
    }


def test_whoever_asked_is_sent_to_the_newer_answer() -> None:
    requester = make_sample(make_decision(), newest=NEWEST).requester
    assert requester.answer == (
        "We made a new decision on Tool Business on 21 November 2026. It replaces what this page said before."
    )
    assert requester.terms == ()


def test_an_assessment_without_a_decision_names_the_one_on_another() -> None:
    document = make_sample(None, newest=NEWEST)
    assert document.front.answer == "No decision rests on this assessment yet"
    assert document.front.summary[0] == (
        "The newest decision on this tool rests on another assessment: the one of 21 November 2026 by the new "
        "board: reject (decisions/tool/2026-11-21.toml)."
    )
    assert "No decision recorded yet" not in markdown_report(document) + html_report(document)


def test_nothing_of_the_newer_decision_is_live() -> None:
    document = hostile_document(newest=hostile_decision())
    page = Page(html_report(document))
    assert page.having("script", "img", "iframe") == []
    live = ("html_block", "html_inline", "image")
    tokens = markdown_tokens(markdown_report(document))
    assert [token for token in tokens if token.type in live and token.content != UNLINKED] == []
