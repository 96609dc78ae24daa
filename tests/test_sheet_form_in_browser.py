"""The question form in a real browser: filled in, saved, taken in, and the same."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import PROGRAM, Browser, browser_in
from build import make_assessment, make_criterion, make_question, make_rubric
from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.sheet import AboutRow, Audience
from toolvet.report.question_sheet import question_sheet, sheet_form
from toolvet.storage.filled_sheet import read_answers, read_filled_sheet

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium, which is not installed")

RUBRIC = make_rubric(
    make_criterion("security", make_question("sign-in", levels=4), make_question("audit", levels=3)),
    scope=(ScopeFact("data", "Which data?", ("internal", "a \"b\" <c>, 'd'")),),
)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with browser_in(tmp_path / "browser") as opened:
        yield opened


def saved(browser: Browser, folder: Path, answers: dict[str, object], *typed: str) -> Path:
    """The file that the form saves after these scripts."""
    about = make_assessment(answers, scope={"data": "a \"b\" <c>, 'd'"})
    page = folder / "form.html"
    page.write_text(sheet_form(question_sheet(RUBRIC, tuple(RUBRIC.questions()), about, Audience.COLLEAGUE)), "utf-8")
    browser.open(page)
    for script in typed:
        browser.run(script)
    browser.run("document.getElementById('save').click()")
    return browser.downloaded()


def test_what_is_filled_in_comes_back_as_it_went_out(tmp_path: Path, browser: Browser) -> None:
    given: dict[str, object] = {
        "sign-in": Answer(
            level=2,
            note='=1+1 "quoted", and\na second line\n\n\'=quoted <b>&amp;',
            setting="'+x",
            evidence=(Evidence("-evil;", Grade.DOCUMENT), Evidence("@b"), Evidence("c")),
        ),
        "audit": Answer(unknown="-1"),
    }
    sheet = read_filled_sheet(saved(browser, tmp_path, given))
    found = read_answers(sheet, RUBRIC)
    assert (found.answers, found.unusable) == (given, ())
    assert found.scope == {"data": "a \"b\" <c>, 'd'"}


@pytest.mark.parametrize("typed", [" =1+1", '"=1+1', "\u00a0@x", "a; =1", 'a;"\u2003+1', "b\n -1 x", "a;' =1"])
def test_no_cell_of_the_saved_file_is_a_formula_and_each_is_read_as_it_was_typed(
    typed: str, tmp_path: Path, browser: Browser
) -> None:
    note = f'document.querySelector(\'[data-id="sign-in"] [data-column="note"]\').value = {json.dumps(typed)}'
    path = saved(browser, tmp_path, {"sign-in": Answer(level=2)}, note)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if re.search(r'(?:^|[;\n])[\s"]*[=+\-@]', cell)] == []
    answer = read_answers(read_filled_sheet(path), RUBRIC).answers["sign-in"]
    assert (answer.note or "").split() == typed.split()


def test_what_is_typed_is_saved_with_the_day(tmp_path: Path, browser: Browser) -> None:
    typed = (
        'document.querySelector(\'input[name="sign-in"][value="3"]\').click()',
        f"document.querySelector('[data-id=\"{AboutRow.BY}\"] input').value = {json.dumps('Lee')}",
        "document.querySelector('[data-id=\"sign-in\"] [data-column=\"note\"]').value = '=SUM(1)'",
    )
    sheet = read_filled_sheet(saved(browser, tmp_path, {}, *typed))
    (answer,) = read_answers(sheet, RUBRIC).answers.values()
    assert (answer.level, answer.note, answer.answered is not None) == (3, "=SUM(1)", True)
    assert sheet.about(AboutRow.BY) == "Lee"
