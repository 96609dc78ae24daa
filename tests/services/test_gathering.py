"""What a tool's report takes from the surveys of its workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from surveys import HARBOUR, close, pair, put, put_all, respondent, twelve
from toolvet.domain.assessment import Answer, Subject
from toolvet.domain.gaps import Effect
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.services.assessments import Session, open_tool
from toolvet.services.reports import gather, shortfalls_in
from toolvet.services.survey_rounds import raised_expectations
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.survey_import import Keeper, respondents_in
from toolvet.storage.workspace import Workspace
from workspaces import DAY, assessment_of, decision_on

ASKED, LATER = date(2026, 11, 2), date(2026, 11, 20)


def _tool(workspace: Workspace, level: int = 4) -> Scorecard:
    """The scorecard of a tool in the workspace that reaches that rung for the core jobs on every device."""
    answers = {"core-jobs-on-every-device": Answer(level=level)}
    assessment = replace(assessment_of(), answers=answers, scope={"keeps-content": "no"})
    file = workspace.start(assessment, DAY)
    return score(workspace.rubric("collaboration-tool", "1.1.0"), file.assessment, LATER)


def _ask(folder: Path, people: int = 5, *, about: str = HARBOUR, started: date | None = ASKED) -> None:
    """People who expect 3 and have 1 of any device."""
    put_all(folder, [respondent({"any-device": pair(3, 1)}, started=started, about=about)] * people)
    close(folder, LATER, about=about)


def test_the_organisations_shortfalls_are_held_against_the_tool(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    _ask(tmp_path)
    (part,) = shortfalls_in(workspace, scorecard)
    assert (part.organisation, part.people) == (HARBOUR, "5 people, 2 November 2026")
    assert [(one.question, one.effect_words) for one in part.shortfalls] == [("any-device", "✓ would close it")]


def test_a_workspace_without_a_survey_says_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert shortfalls_in(workspace, _tool(workspace)) == ()


def test_each_of_several_organisations_is_named(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    _ask(tmp_path, about="Town Hall")
    _ask(tmp_path, about="harbour")
    assert [part.organisation for part in shortfalls_in(workspace, scorecard)] == ["harbour", "Town Hall"]


def test_a_round_closed_after_the_day_is_left_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    _ask(tmp_path)
    assert shortfalls_in(workspace, replace(scorecard, on=date(2026, 11, 19))) == ()


def test_too_few_answers_show_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    one_sided = [respondent({"any-device": pair(3, None)}, started=ASKED)]
    put_all(tmp_path, one_sided + [respondent({"any-device": pair(3, 1)}, started=ASKED)] * 4)
    close(tmp_path)
    (part,) = shortfalls_in(workspace, scorecard)
    assert part.shortfalls == ()
    assert part.answer == f"In the survey of {HARBOUR}, too few people answered to show any gap."


def test_an_open_round_shows_nothing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    put_all(tmp_path, [respondent({"any-device": pair(3, 1)}, started=ASKED)] * 5)
    assert shortfalls_in(workspace, scorecard) == ()


def test_an_answer_file_that_cannot_be_used_is_counted_as_left_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    _ask(tmp_path, 5)
    put(tmp_path, 99, respondent({"any-device": pair(6, 1)}, started=ASKED))
    (part,) = shortfalls_in(workspace, scorecard)
    assert part.notes[-1] == "1 file of the survey is left out; toolvet readiness says why."


def test_an_answer_file_that_cannot_be_read_is_counted_as_left_out(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    scorecard = _tool(workspace)
    _ask(tmp_path, 5)
    (tmp_path / "assessments" / "harbour-cooperative" / "2026-11-02-000000000099.toml").write_text("not toml")
    (part,) = shortfalls_in(workspace, scorecard)
    assert part.notes[-1] == "1 file of the survey is left out; toolvet readiness says why."


def test_the_report_has_them(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    _tool(workspace)
    _ask(tmp_path)
    file = workspace.subject("zoom-workplace-business").assessments[0]
    document = gather(Session(workspace, lambda: LATER), open_tool(workspace, file))
    assert [part.organisation for part in document.surveys] == [HARBOUR]


@pytest.mark.parametrize(
    ("level", "effect"), [(3, Effect.CLOSES), (2, Effect.NARROWS), (1, Effect.DOES_NOT), (None, Effect.NOT_KNOWN)]
)
def test_the_example_in_the_documentation_is_true(tmp_path: Path, level: int | None, effect: Effect) -> None:
    workspace = Workspace(tmp_path)
    answers = {"find-and-join": Answer(level=3), "contribute-not-just-watch": Answer(level=level)}
    assessment = replace(assessment_of(), answers=answers, scope={"keeps-content": "yes"})
    scorecard = score(workspace.rubric("collaboration-tool", "1.1.0"), assessment, LATER)
    sheet = tmp_path / "twelve.csv"
    sheet.write_text(twelve(), encoding="utf-8")
    about = (workspace.rubric("collaboration-readiness", "1.1.0"), Subject(HARBOUR))
    for respondent_given in respondents_in(sheet, workspace, about, LATER):
        Keeper(workspace).keep(respondent_given, LATER)
    close(tmp_path, LATER)
    (part,) = shortfalls_in(workspace, scorecard)
    (shortfall,) = part.shortfalls
    assert (shortfall.question, shortfall.expected_words, shortfall.delivered_words, shortfall.effect) == (
        "beyond-email",
        "2.75 of 4 (68.8%)",
        "1.67 of 4 (41.7%)",
        effect,
    )


def _decided_twice(tmp_path: Path) -> tuple[Workspace, AssessmentFile, AssessmentFile]:
    """A tool with two assessments, decided on by each in turn, on 2 and on 20 November."""
    workspace = Workspace(tmp_path)
    files = [workspace.start(assessment_of(started=day), day) for day in (DAY, LATER)]
    for file, day in zip(files, (DAY, LATER), strict=True):
        workspace.record(decision_on(file, workspace, decided_on=day), file.path.parent.name)
    return workspace, files[0], files[1]


def test_the_report_names_the_decision_that_replaced_its_own(tmp_path: Path) -> None:
    workspace, old, new = _decided_twice(tmp_path)
    session = Session(workspace, lambda: LATER)
    replaced = gather(session, open_tool(workspace, old)).newer_decision
    assert replaced is not None
    assert (replaced.decided_on, replaced.path) == (LATER, "decisions/zoom-workplace-business/2026-11-20.toml")
    assert gather(session, open_tool(workspace, new)).newer_decision is None


def test_a_report_of_a_day_before_it_was_replaced_does_not_know_of_it(tmp_path: Path) -> None:
    workspace, old, _ = _decided_twice(tmp_path)
    session = Session(workspace, lambda: date(2026, 11, 19))
    assert gather(session, open_tool(workspace, old)).newer_decision is None


def test_a_question_says_where_people_expect_more_than_at_the_last_review(tmp_path: Path) -> None:
    workspace, again = Workspace(tmp_path), date(2027, 11, 2)
    rubric = workspace.rubric("collaboration-tool", "1.1.0")
    asked = [question.id for _, question in rubric.questions() if "any-device" in question.closes]
    for day, expected in ((ASKED, 2), (again, 3)):
        people = [respondent({"any-device": pair(expected, 1)}, started=day) for _ in range(5)]
        for number, one in enumerate(people):
            put(tmp_path, day.year * 10 + number, one)
        close(tmp_path, day)
    first = workspace.start(assessment_of(started=ASKED), ASKED)
    second = workspace.start(assessment_of(started=again), again)
    words = (
        'More is expected than at the last review: "Any device", 2.00 → 3.00 of 4 '
        f"({HARBOUR}, 2 November 2026 → 2 November 2027)."
    )
    assert raised_expectations(Workspace(tmp_path), second, rubric, again) == (dict.fromkeys(asked, words), ())
    assert raised_expectations(Workspace(tmp_path), first, rubric, again) == ({}, ())


def test_what_people_expect_is_untold_where_their_answers_cannot_be_used(tmp_path: Path) -> None:
    workspace, again = Workspace(tmp_path), date(2027, 11, 2)
    rubric = workspace.rubric("collaboration-tool", "1.1.0")
    _ask(tmp_path)
    workspace.start(assessment_of(started=ASKED), ASKED)
    second = workspace.start(assessment_of(started=again), again)
    for path in (tmp_path / "assessments").glob("harbour*/2*.toml"):
        path.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    raised, untold = raised_expectations(Workspace(tmp_path), second, rubric, again)
    assert raised == {}
    assert "cannot be counted" in untold[0]
