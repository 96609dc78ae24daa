"""The scorecard and its arithmetic, as text and as JSON."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from build import make_assessment, make_criterion, make_question, make_rubric
from golden_files import is_golden
from toolvet.domain.advice import advise
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.findings import find
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scoring import score
from toolvet.report.approval.arithmetic import explain
from toolvet.report.scorecard import scorecard_json, scorecard_text

ON = date(2026, 11, 20)
RUBRIC = make_rubric(
    make_criterion(
        "devices",
        make_question("every-device", weight=2, must_reach=2),
        make_question("old-phones", weight=Fraction(1, 2), levels=4, shelf_months=12),
        make_question("publish", applies_when=OneOf("public", frozenset({"yes"}), "public is yes")),
    ),
    make_criterion("security", make_question("sign-in", must_reach=2), make_question("audit"), weight=2),
    scope=(ScopeFact("public", "Is it public?", ("no", "yes")),),
)
ASSESSMENT = make_assessment(
    {
        "every-device": Answer(
            level=3, answered=date(2026, 11, 2), setting="Default", evidence=(Evidence("seen", Grade.TESTED),)
        ),
        "old-phones": Answer(level=1, answered=date(2024, 1, 31)),
        "sign-in": Answer(unknown="Asked \x1b[31mthe vendor."),
        "audit": Answer(level=4),
    },
    scope={"public": "no"},
)


def test_the_text_says_the_verdict_first_and_then_what_it_rests_on() -> None:
    scorecard = score(RUBRIC, ASSESSMENT, ON)
    findings = find(RUBRIC, ASSESSMENT, ON, seal_broken=False)
    text = scorecard_text(scorecard, ASSESSMENT, findings, advise(RUBRIC, ASSESSMENT, ON), file="a.toml", width=72)
    assert is_golden("report/scorecard.txt", text)


def test_the_arithmetic_can_be_redone_by_hand() -> None:
    assert is_golden("report/arithmetic.txt", explain(score(RUBRIC, ASSESSMENT, ON)))


def test_json_has_the_fields_of_the_contract() -> None:
    scorecard = score(RUBRIC, ASSESSMENT, ON)
    findings = find(RUBRIC, ASSESSMENT, ON, seal_broken=False)
    advice = advise(RUBRIC, ASSESSMENT, ON)
    shown = scorecard_json(scorecard, ASSESSMENT, findings, advice, file="a.toml")
    assert is_golden("report/scorecard.json", json.dumps(shown, indent=2, ensure_ascii=False))


def test_a_criterion_that_drops_out_stands_there_with_nulls() -> None:
    rubric = make_rubric(make_criterion("devices", make_question("a")), make_criterion("security", make_question("b")))
    assessment = make_assessment({"a": Answer(not_applicable="No devices."), "b": 2})
    criteria = scorecard_json(score(rubric, assessment, ON), assessment, (), (), file="a.toml")["criteria"]
    assert criteria == [
        {
            "id": "devices",
            "title": "Devices",
            "weight": 1,
            "floor": None,
            "observed": None,
            "ceiling": None,
            "coverage": None,
            "proven": None,
        },
        {
            "id": "security",
            "title": "Security",
            "weight": 1,
            "floor": 50.0,
            "observed": 50.0,
            "ceiling": 50.0,
            "coverage": 100.0,
            "proven": 100.0,
        },
    ]


def test_nothing_that_counts_is_said_in_words() -> None:
    rubric = make_rubric(make_criterion("devices", make_question("a")))
    text = explain(score(rubric, make_assessment({"a": Answer(not_applicable="None.")}), ON))
    assert "No question counts, so this criterion drops out.\nLeft out: A (not applicable)." in text


def test_control_codes_of_the_subject_do_not_pass() -> None:
    scorecard = score(RUBRIC, ASSESSMENT, ON)
    assert "\x1b" not in scorecard_text(scorecard, ASSESSMENT, (), (), file="a\x1b.toml")


RANGE = {"floor", "observed", "ceiling", "coverage", "proven"}
KEYS = {
    "": {
        *("file", "subject", "rubric", "on", "complete", "verdict", "reasons", "overall", "criteria", "must_haves"),
        *("questions", "findings", "advice"),
    },
    "rubric": {"id", "version", "digest"},
    "overall": RANGE,
    "reasons": {"code", "question", "criterion", "text"},
    "criteria": {"id", "title", "weight", *RANGE},
    "must_haves": {"question", "must_reach", "if_missed", "level", "state", "proven", "supported"},
    "questions": {
        *("id", "title", "ref", "criterion", "applies", "state", "level", "value", "weight", "proven"),
    },
    "findings": {"code", "questions", "text"},
    "advice": {"verdict", "needs", "steps", "steps_at_least", "sure", "outcomes"},
    "needs": {"kind", "question", "level"},
    "steps": {"question", "level"},
}
"""By name of the list or table, the keys of PRODUCT.md; of advice also whether it is sure, and where options lead."""


def test_json_has_these_keys_and_no_others() -> None:
    one_step_away = make_rubric(make_criterion("devices", make_question("a"))), make_assessment({"a": 2})
    found: dict[str, set[str]] = {}
    for rubric, assessment in ((RUBRIC, ASSESSMENT), one_step_away):
        findings = find(rubric, assessment, ON, seal_broken=False)
        advice = advise(rubric, assessment, ON)
        shown = scorecard_json(score(rubric, assessment, ON), assessment, findings, advice, file="a.toml")
        _gather(shown, "", found)
    assert found == KEYS


def _gather(value: object, name: str, found: dict[str, set[str]]) -> None:
    if isinstance(value, dict):
        found.setdefault(name, set()).update(value)
        for key, inner in value.items():
            _gather(inner, key, found)
    elif isinstance(value, list):
        for each in value:
            _gather(each, name, found)
