"""A small assessment, decided, for the tests of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.advice import advise
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, Subject
from toolvet.domain.decision import ApprovedFor, AssessmentRef, Condition, Decision, Waiver
from toolvet.domain.decision_rules import make_computed
from toolvet.domain.findings import find
from toolvet.domain.gaps import measure
from toolvet.domain.rubric import Ask, Axis, Rubric, ScopeFact
from toolvet.domain.scope import OneOf
from toolvet.domain.scorecard import Verdict
from toolvet.domain.scoring import score
from toolvet.report.approval.builder import OtherAssessment, make_document
from toolvet.report.approval.document import Document, FileDigest, newer_decision
from toolvet.report.approval.shortfalls import survey_part
from toolvet.report.formats import ApprovalReport, ReportFormat, RequesterReport
from toolvet.report.survey.result import Round, Survey

ON = date(2026, 11, 20)
RUBRIC = make_rubric(
    make_criterion(
        "devices",
        make_question("every-device", weight=2, must_reach=2, closes=("any-device", "beyond-email")),
        make_question("old-phones", weight=Fraction(1, 2), levels=4, shelf_months=12, closes=("any-device",)),
        make_question("publish", applies_when=OneOf("public", frozenset({"yes"}), "public is yes")),
        axis=Axis.EXPERIENCE,
    ),
    make_criterion(
        "security",
        make_question("sign-in", must_reach=2),
        make_question("audit", closes=("off-hours",)),
        weight=2,
        axis=Axis.CONTROL,
    ),
    scope=(ScopeFact("data", "How secret is it?", ("open", "internal")), ScopeFact("public", "Public?", ("no", "yes"))),
)
SUBJECT = Subject(
    name="Tool",
    vendor="Vendor",
    plan="Business",
    deployment="vendor cloud",
    job="Weekly calls",
    requested_by="Sales",
    requested_on=date(2026, 10, 28),
    answer_by=date(2026, 11, 27),
    users=400,
    yearly_cost="EUR 60,000",
)
ASSESSMENT = replace(
    make_assessment(
        {
            "every-device": Answer(
                level=3,
                answered=date(2026, 11, 2),
                note="Tried on three phones.\nOne was slow.",
                setting="Default",
                evidence=(
                    Evidence("Trial account", Grade.TESTED, date(2026, 11, 2)),
                    Evidence("https://support.example.com/kb/1", Grade.DOCUMENT, date(2026, 10, 30), "ab" * 32),
                ),
            ),
            "old-phones": Answer(level=1, answered=date(2024, 1, 31)),
            "sign-in": Answer(unknown="Asked the vendor.", answered=date(2026, 11, 2)),
            "audit": Answer(level=4, answered=date(2026, 11, 2)),
        },
        scope={"data": "internal", "public": "no"},
    ),
    subject=SUBJECT,
    reviewer=Reviewer("A. Reviewer", "IT security"),
    started=date(2026, 11, 2),
)
FILES = (
    FileDigest("assessment", "assessments/tool/2026-11-02-a-reviewer.toml", "12" * 32),
    FileDigest("decision", "decisions/tool/2026-11-20.toml", "34" * 32),
)


def make_survey(organisation: str = "Harbour", *, on: date = ON) -> Survey:
    """A survey of five people, of whom all want 3 and have 1 or less; nobody wants for urgent things."""
    delivered = {"any-device": 1, "beyond-email": 0, "off-hours": 1, "time-to-data": 1, "urgent-route": 3}
    rubric = replace(make_rubric(make_criterion("area", *map(make_question, delivered))), ask=Ask.GAP)
    person = make_assessment({name: Answer(expected=3, delivered=level) for name, level in delivered.items()})
    first, last = date(2026, 10, 5), date(2026, 10, 9)
    return Survey(organisation, on, Round(measure(rubric, [person] * 5), first, last, "ab" * 32))


def make_decision(rubric: Rubric = RUBRIC, assessment: Assessment = ASSESSMENT) -> Decision:
    """A decision better than the verdict, with a waiver and a condition."""
    return Decision(
        decision=Verdict.APPROVE_WITH_CONDITIONS,
        decided_by="the tool board",
        decided_on=ON,
        assessment=AssessmentRef(FILES[0].path, FILES[0].sha256),
        computed=make_computed(score(rubric, assessment, ON)),
        rationale="Sign-in is promised for spring; the rest is strong.",
        valid_until=date(2027, 11, 2),
        supersedes="2025-11-18.toml",
        consulted=("Data protection", "Works council"),
        considered=("Other Tool E3", "Nothing"),
        links=("https://tickets.example.com/4711",),
        approved_for=ApprovedFor({"data": "internal", "public": "no"}, 400, "Business", ("AI companion",)),
        conditions=(Condition("Vendor supplies sign-in", "sign-in", "Vendor management", date(2027, 3, 31)),),
        waivers=(Waiver("sign-in", "Promised for spring.", "Network allow-list.", "the CIO", date(2027, 3, 31)),),
    )


def make_sample(
    decision: Decision | None,
    *,
    rubric: Rubric = RUBRIC,
    assessment: Assessment = ASSESSMENT,
    others: tuple[Assessment, ...] = (),
    on: date = ON,
    surveys: tuple[Survey, ...] = (),
    newest: Decision | None = None,
) -> Document:
    """The document of that assessment on the day."""
    scorecard = score(rubric, assessment, on)
    return make_document(
        scorecard,
        assessment,
        decision=decision,
        findings=find(rubric, assessment, on, seal_broken=False),
        advice=advise(rubric, assessment, on),
        files=FILES,
        others=tuple(OtherAssessment(other, score(rubric, other, on)) for other in others),
        surveys=tuple(survey_part(survey, scorecard) for survey in surveys),
        newer=None if newest is None else newer_decision(newest, "decisions/tool/2026-11-21.toml", decision),
    )


def markdown_report(document: Document) -> str:
    return ApprovalReport(document).text(ReportFormat.MARKDOWN)


def html_report(document: Document) -> str:
    return ApprovalReport(document).text(ReportFormat.HTML)


def json_report(document: Document) -> str:
    return ApprovalReport(document).text(ReportFormat.JSON)


def requester_report(document: Document, report_format: ReportFormat) -> str:
    return RequesterReport(document).text(report_format)
