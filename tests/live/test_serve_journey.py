"""A whole review in a real browser: vet a tool, compare three, decide, take the report home, and answer a survey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import PROGRAM, browser_in
from house import FAILED, GOOD, assessed
from served import Visit, serving
from toolvet.domain.assessment import Evidence, Grade, Subject
from toolvet.domain.scorecard import Verdict
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace

pytest.importorskip("textual_serve")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with two tools that are answered."""
    root = tmp_path / "w"
    root.mkdir()
    assessed(root, GOOD, subject=Subject("Able"))
    assessed(root, FAILED, subject=Subject("Baker"))
    return root


@pytest.fixture
def visit(root: Path, tmp_path: Path) -> Iterator[Visit]:
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    with serving(root, **home) as address, browser_in(tmp_path / "browser") as browser:
        yield Visit(browser, address).until("Able", "Baker")


def test_a_whole_review_in_a_browser(visit: Visit, root: Path) -> None:
    _vet(visit, root)
    visit.press("space", "down", "space", "down", "space").until("3 marked").press("c").until("Ranking")
    visit.press("w").until("As it is written").press("w").until("Write the report").press("1").until("Written reports")
    visit.press("esc").until("Ranking").press("esc").until("sorted by")
    visit.press("d").until("Decided by").press("d").until("Record this decision?").press("enter").until("Recorded in")
    (decision,) = next(found for found in Workspace(root).subjects() if found.name == "baker").decisions
    assert decision.decision.decision is Verdict.REJECT

    visit.press("w").until("As it is written").press("w").until("Write the report").press("1").until("reports/baker")
    visit.press("o").until("Sent to your browser")
    (report,) = (root / "reports").glob("baker-*.html")
    taken = visit.browser.downloaded()
    assert (taken.name, taken.read_bytes()) == (report.name, report.read_bytes())
    visit.press("y").until("Copied the text").press("esc").until("sorted by").press("q")
    visit.browser.wait("document.body.classList.contains('-closed')")


def _vet(visit: Visit, root: Path) -> None:
    """Vet Charlie Meet; a page that is loaded again in the middle of a note loses nothing."""
    visit.press("a").until("Job to be done")
    for typed in ("Calls of Marketing", "Marketing people", "4711", "Charlie Meet"):
        visit.type(typed).press("enter")
    visit.press("f2").until("Which rubric?").press("1").until("Will outsiders take part?").press("n")
    visit.until("Which devices can join?").press("2").until("saved")
    visit.press("m").until("enter Keep").type("Tried on two phones").reload()
    visit.until("Charlie Meet").press("down", "down", "enter").until("Which devices can join?", "Tried on two phones")
    visit.press("e").until("Where was it seen?").type("Trial of today").press("enter").until("How strong").press("1")
    visit.until("Date of the evidence").press("enter").until("Trial of today", "tested").press("n")
    visit.until("Which networks will do?").press("1").until("2/2 known").press("r").until("✓ APPROVE")
    visit.press("esc").until("Which networks").press("esc").until("sorted by", "Charlie Meet")
    (path,) = root.glob("assessments/charlie-meet/*.toml")
    assessment = read_assessment(path).assessment
    devices = assessment.answers["devices"]
    on = devices.evidence[0].date
    assert (assessment.subject.job, assessment.subject.users) == ("Calls of Marketing", 4711)
    assert (devices.level, devices.note, devices.evidence) == (
        *(2, "Tried on two phones"),
        (Evidence("Trial of today", Grade.TESTED, on),),
    )


def test_a_survey_is_answered_in_a_browser(visit: Visit, root: Path) -> None:
    visit.press("a").until("Job to be done").press("f3").until("which organisation?").type("Harbour").press("enter")
    visit.until("your group?").press("1").until("Your number").press("enter").until("question 1").press("3", "2")
    visit.until("1 of 17 answered on both sides", "saved")
    (path,) = root.glob("assessments/harbour/*.toml")
    (answer,) = read_assessment(path).assessment.answers.values()
    assert (answer.expected, answer.delivered) == (3, 2)


def test_small_windows_and_what_a_browser_has_not(visit: Visit, tmp_path: Path) -> None:
    visit.resize(320, 200)
    visit.until_gone("ceil.").until("Able")
    visit.resize(1280, 800)
    visit.until("Due, all tools").ctrl("z").press("enter").until("Which devices can join?")
    visit.press("m").until("enter Keep").ctrl("o").until("No editor is set").press("esc").until_gone("enter Keep")
    assert not list((tmp_path / "state").rglob("edited/*"))
