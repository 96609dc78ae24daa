"""The worked examples, scored as of the day they are about."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from toolvet.domain.decision_rules import make_computed, offered_valid_until, refusals, second_opinions
from toolvet.domain.findings import FindingCode, find
from toolvet.domain.gaps import Gap
from toolvet.domain.rubric import Reading
from toolvet.domain.scorecard import AnswerState, MustHaveState, Scorecard, Verdict
from toolvet.domain.scoring import score
from toolvet.report.survey.result import Survey
from toolvet.services.file_check import check_paths
from toolvet.services.survey_rounds import gather_folder
from toolvet.storage.reader import AssessmentFile, DecisionFile
from toolvet.storage.rubric_library import shipped
from toolvet.storage.schema import SCHEMA_NAMES, schema_bytes
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import percent

ON = date(2026, 11, 21)
WORKSPACE = Workspace(shipped("examples"))
RUBRIC = WORKSPACE.rubric("collaboration-tool", "1.1.0")
REAL = ("jitsi-meet-public-server", "microsoft-teams-e3", "signal-free", "zoom-workplace-business")
INVENTED = "harbour-rooms-team"
ORGANISATION = "harbour-cooperative"


def assessment_of(subject: str, reviewer: str = "Worked example") -> AssessmentFile:
    files = WORKSPACE.subject(subject).assessments
    return next(file for file in files if file.assessment.reviewer.name == reviewer)


def scorecard_of(subject: str, reviewer: str = "Worked example", on: date = ON) -> Scorecard:
    return score(RUBRIC, assessment_of(subject, reviewer).assessment, on)


def decision_on_the_invented_tool() -> DecisionFile:
    (decision,) = WORKSPACE.subject(INVENTED).decisions
    return decision


def must_haves(scorecard: Scorecard, state: MustHaveState) -> set[str]:
    return {must_have.question.id for must_have in scorecard.must_haves if must_have.state is state}


def figures(scorecard: Scorecard) -> tuple[str, str, str, str]:
    """Overall floor, observed, ceiling and coverage as shown."""
    overall = scorecard.overall
    assert overall is not None
    assert overall.observed is not None
    return percent(overall.floor), percent(overall.observed), percent(overall.ceiling), percent(overall.coverage)


def test_the_subjects_are_four_real_tools_an_invented_one_and_an_invented_organisation() -> None:
    assert [folder.name for folder in WORKSPACE.subjects()] == sorted((*REAL, INVENTED, ORGANISATION))


def test_check_finds_nothing_in_the_examples() -> None:
    assert check_paths([WORKSPACE.root], WORKSPACE) == ()


@pytest.mark.parametrize(
    ("subject", "reviewer", "verdict", "shown"),
    [
        ("zoom-workplace-business", "Worked example", Verdict.HOLD, ("24.0", "69.6", "88.8", "35.1")),
        ("microsoft-teams-e3", "Worked example", Verdict.HOLD, ("21.7", "63.9", "88.2", "33.5")),
        ("signal-free", "Worked example", Verdict.HOLD, ("12.4", "46.5", "83.5", "28.9")),
        ("jitsi-meet-public-server", "Worked example", Verdict.REJECT, ("19.6", "70.8", "92.2", "27.5")),
        (INVENTED, "Ada Marsh", Verdict.HOLD, ("67.7", "70.8", "72.5", "95.2")),
        (INVENTED, "Tom Pell", Verdict.HOLD, ("27.3", "66.9", "86.9", "40.4")),
    ],
)
def test_verdict_and_overall_figures(
    subject: str, reviewer: str, verdict: Verdict, shown: tuple[str, str, str, str]
) -> None:
    scorecard = scorecard_of(subject, reviewer)

    assert (scorecard.verdict, figures(scorecard)) == (verdict, shown)


@pytest.mark.parametrize(
    ("subject", "failed"),
    [
        ("zoom-workplace-business", {"ai-features"}),
        ("microsoft-teams-e3", set()),
        (
            "signal-free",
            {"personal-device-separation", "strong-sign-in", "vendor-use-of-your-data", "deletion-and-retention"},
        ),
        ("jitsi-meet-public-server", {"strong-sign-in"}),
    ],
)
def test_failed_must_haves(subject: str, failed: set[str]) -> None:
    assert must_haves(scorecard_of(subject), MustHaveState.FAILED) == failed


UNKNOWN_IN_ALL_FOUR = (
    "does-the-job usable-with-assistive-technology accessibility-report joiners-and-leavers audit-trail "
    "breach-notice captions-and-languages safe-to-take-part"
)


@pytest.mark.parametrize(
    ("subject", "further"),
    [
        (
            "zoom-workplace-business",
            "signed-and-self-updating see-and-cut-off-devices quiet-hours vendor-use-of-your-data "
            "deletion-and-retention recorded-with-consent",
        ),
        (
            "microsoft-teams-e3",
            "signed-and-self-updating personal-device-separation see-and-cut-off-devices admission-control "
            "vendor-use-of-your-data ai-features deletion-and-retention jurisdiction-and-openness "
            "recorded-with-consent",
        ),
        ("signal-free", "quiet-hours protected-in-transit admission-control jurisdiction-and-openness"),
        (
            "jitsi-meet-public-server",
            "personal-device-separation see-and-cut-off-devices admission-control vendor-use-of-your-data "
            "deletion-and-retention recorded-with-consent",
        ),
    ],
)
def test_unknown_must_haves(subject: str, further: str) -> None:
    expected = {*UNKNOWN_IN_ALL_FOUR.split(), *further.split()}

    assert must_haves(scorecard_of(subject), MustHaveState.UNKNOWN) == expected


def test_open_participation_of_zoom_worked_by_hand() -> None:
    guest_through_the_door = 4 * Fraction(3, 4)
    contribute_not_just_watch = 2 * Fraction(3, 4)
    known = guest_through_the_door + contribute_not_just_watch
    weight_known = 4 + 2
    find_and_join, captions, other_systems, content_out, recorded, safe = 4, 4, 2, 2, 2, 2
    weight_unknown = find_and_join + captions + other_systems + content_out + recorded + safe
    whole = weight_known + weight_unknown

    criterion = next(
        scored
        for scored in scorecard_of("zoom-workplace-business").criteria
        if scored.criterion.id == "open-participation"
    )

    assert (known, weight_unknown, whole) == (Fraction(9, 2), 16, 22)
    assert criterion.range is not None
    assert criterion.range.floor == 100 * known / whole == Fraction(225, 11)
    assert criterion.range.observed == 100 * known / weight_known == 75
    assert criterion.range.ceiling == 100 * (known + weight_unknown) / whole == Fraction(1025, 11)
    assert criterion.range.coverage == Fraction(100 * weight_known, whole) == Fraction(300, 11)


def test_every_criterion_of_the_invented_tool() -> None:
    shown = {
        scored.criterion.id: (percent(scored.range.floor), percent(scored.range.ceiling))
        for scored in scorecard_of(INVENTED, "Ada Marsh").criteria
        if scored.range is not None
    }

    assert shown == {
        "cross-device": ("74.1", "77.8"),
        "outside-office": ("50.0", "62.5"),
        "security": ("79.3", "82.1"),
        "open-participation": ("67.5", "67.5"),
    }


def test_signal_has_no_failed_must_have_where_the_setting_is_another() -> None:
    elsewhere = (
        assessment_of("signal-free")
        .assessment.with_scope("personal-devices", "no")
        .with_scope("personal-data", "ordinary")
    )

    scorecard = score(RUBRIC, elsewhere, ON)

    assert scorecard.verdict is Verdict.HOLD
    assert must_haves(scorecard, MustHaveState.FAILED) == set()
    assert len(must_haves(scorecard, MustHaveState.UNKNOWN)) == 10


@pytest.mark.parametrize("subject", REAL)
def test_a_real_tool_is_answered_throughout(subject: str) -> None:
    assert scorecard_of(subject).complete


@pytest.mark.parametrize("subject", REAL)
def test_a_real_tool_says_first_that_it_is_provisional(subject: str) -> None:
    assert assessment_of(subject).assessment.answer("does-the-job").note == (
        "Provisional: this whole file rests on public documents as of 21 November 2026. Nothing was tried by hand. "
        "It is a worked example and not a recommendation."
    )


@pytest.mark.parametrize("subject", REAL)
def test_every_level_of_a_real_tool_has_graded_evidence_and_none_was_tried(subject: str) -> None:
    answers = assessment_of(subject).assessment.answers
    grades = {
        question: {evidence.grade for evidence in answer.evidence}
        for question, answer in answers.items()
        if answer.level is not None
    }

    assert [question for question, given in grades.items() if not given or given & {None, "tested"}] == []


def test_every_unknown_says_what_was_tried() -> None:
    silent = [
        (folder.name, question)
        for folder in WORKSPACE.subjects()
        for file in folder.assessments
        for question, answer in file.assessment.answers.items()
        if answer.unknown is not None and not answer.unknown.strip()
    ]

    assert silent == []


def test_all_files_are_sealed_and_made_with_the_rubrics_that_ship() -> None:
    states = {
        (file.seal, file.assessment.rubric.digest) for folder in WORKSPACE.subjects() for file in folder.assessments
    }
    survey = WORKSPACE.rubric("collaboration-readiness", "1.1.0")

    assert states == {(Seal.INTACT, RUBRIC.digest), (Seal.INTACT, survey.digest)}
    assert decision_on_the_invented_tool().seal is Seal.INTACT


def test_the_schemas_beside_the_examples_are_those_that_ship() -> None:
    beside = {path.name: path.read_bytes() for path in (WORKSPACE.root / ".toolvet").iterdir()}

    assert beside == {f"{name}.schema.json": schema_bytes(name) for name in SCHEMA_NAMES}


def test_the_invented_tool_shows_every_state_of_an_answer() -> None:
    whole = {scored.state for scored in scorecard_of(INVENTED, "Ada Marsh").questions if scored.applies}
    begun = {scored.state for scored in scorecard_of(INVENTED, "Tom Pell").questions if scored.applies}

    assert whole | begun == set(AnswerState)
    assert AnswerState.UNANSWERED not in whole


def test_only_the_list_of_supported_systems_has_expired() -> None:
    expired = [
        scored.question.id
        for scored in scorecard_of(INVENTED, "Ada Marsh").questions
        if scored.state is AnswerState.EXPIRED
    ]

    assert expired == ["published-support-window"]


def test_findings_of_the_invented_tool() -> None:
    assessment = assessment_of(INVENTED, "Ada Marsh").assessment

    assert [(finding.code, finding.questions) for finding in find(RUBRIC, assessment, ON, seal_broken=False)] == [
        (FindingCode.NO_EVIDENCE, ("urgent-versus-ordinary",)),
        (FindingCode.CLAIM_ONLY, ("ai-features",)),
        (FindingCode.EVIDENCE_OLD, ("published-support-window", "accessibility-report")),
    ]


def test_the_second_opinion_differs_on_two_questions() -> None:
    ours = assessment_of(INVENTED, "Ada Marsh").assessment
    theirs = assessment_of(INVENTED, "Tom Pell").assessment

    opinions = second_opinions(score(RUBRIC, ours, ON), ours, [theirs])

    assert [(opinion.question.id, opinion.ours, opinion.theirs) for opinion in opinions] == [
        ("same-steps-away-as-at-desk", 2, 4),
        ("find-and-join", 3, 1),
    ]


def test_the_finished_assessment_speaks_for_the_invented_tool() -> None:
    latest = WORKSPACE.latest(WORKSPACE.subject(INVENTED), ON)

    assert latest[0].assessment.reviewer.name == "Ada Marsh"


def test_the_decision_rests_on_the_assessment_as_it_is() -> None:
    file = assessment_of(INVENTED, "Ada Marsh")
    rests_on = decision_on_the_invented_tool().decision.basis[0]

    assert (rests_on.path, rests_on.sha256) == (WORKSPACE.relative(file.path), file.sha256)


def test_the_decision_records_what_was_computed_that_day_and_nothing_forbids_it() -> None:
    decision = decision_on_the_invented_tool().decision
    scorecard = scorecard_of(INVENTED, "Ada Marsh", decision.decided_on)

    assert decision.computed == make_computed(scorecard)
    assert refusals(decision, scorecard) == ()


def test_the_decision_is_valid_until_the_first_must_have_expires() -> None:
    decision = decision_on_the_invented_tool().decision
    assessment = assessment_of(INVENTED, "Ada Marsh").assessment

    offered = offered_valid_until(score(RUBRIC, assessment, decision.decided_on), assessment, decision.decided_on)

    assert decision.valid_until == offered == date(2027, 11, 10)


def test_every_condition_has_an_owner_and_a_day() -> None:
    conditions = decision_on_the_invented_tool().decision.conditions

    assert [condition.id for condition in conditions if condition.owner and condition.due] == [
        "ai-features",
        "breach-notice",
        "survives-a-poor-network",
        "accessibility-report",
    ]


def survey() -> Survey:
    found = gather_folder(WORKSPACE.subject(ORGANISATION), WORKSPACE, ON).survey
    assert found is not None
    return found


def test_sixteen_people_of_three_groups_answered_this_year_and_nine_the_year_before() -> None:
    found = survey()
    assert found.before is not None

    assert (found.now.label, dict(found.now.groups)) == (
        "2026",
        {"employees": 6, "managers": 5, "client-facing": 5},
    )
    assert (found.before.label, dict(found.before.groups)) == ("2025", {"employees": 5, "managers": 4})


def test_no_respondent_has_a_name_or_a_note() -> None:
    told = [
        file.path.name
        for file in WORKSPACE.subject(ORGANISATION).assessments
        if file.assessment.reviewer.name or any(answer.note for answer in file.assessment.answers.values())
    ]

    assert told == []


def test_the_survey_shows_every_reading() -> None:
    read = Counter(one.whole.gap.reading for one in survey().now.readiness.questions if one.whole.gap)

    assert read == {
        Reading.SHORT: 3,
        Reading.SLIPPING: 5,
        Reading.OVER_BUILT: 1,
        Reading.NEAR: 5,
        Reading.SWEET_SPOT: 10,
    }


def test_two_of_four_areas_are_in_balance() -> None:
    areas = survey().now.readiness.areas

    assert [found.criterion.id for found in areas if found.in_balance] == ["productivity", "expectations"]


def test_managers_and_employees_do_not_see_the_same() -> None:
    questions = {one.question.id: one for one in survey().now.readiness.questions}
    visible = questions["decision-visible"].groups

    assert [visible[group].gap for group in ("managers", "employees")] == [
        Gap(Fraction(2, 5), 5, Reading.SWEET_SPOT),
        Gap(Fraction(-7, 6), 6, Reading.SHORT),
    ]


def test_where_few_of_a_group_answered_it_is_withheld() -> None:
    withheld = [one.question.id for one in survey().now.readiness.questions if one.withheld]

    # Everything works on all devices, or nearly: five managers and five others all said the top.
    assert withheld == ["any-device", "tool-vetting"]
