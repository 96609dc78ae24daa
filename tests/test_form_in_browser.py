"""The survey's page in a real browser: answered, saved, taken in, and the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import AXE, NO_AXE, PROGRAM, Browser, browser_in
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Reviewer
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Chromium, which is not installed")

NAME = 'Harbour & Sons "<b>Ltd</b>" \u202ex'


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with browser_in(tmp_path / "browser") as opened:
        yield opened


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _form(tmp_path: Path, *options: str) -> Path:
    assert main(["readiness", "--form", NAME, *options, "-o", "survey.html"]) == 0
    return tmp_path / "survey.html"


def _pick(browser: Browser, question: str, side: str, level: int | str) -> None:
    browser.run(f"""document.querySelector('input[name="{question}.{side}"][value="{level}"]').click()""")


def _only_file(tmp_path: Path) -> AssessmentFile:
    (folder,) = Workspace(tmp_path).subjects()
    (file,) = folder.assessments
    return file


def _visible_questions(browser: Browser) -> list[str]:
    found = browser.run("[...document.querySelectorAll('.question:not([hidden])')].map((one) => one.dataset.id)")
    assert isinstance(found, list)
    return found


def test_what_is_filled_in_is_what_is_taken_in(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    browser.run("""
        const group = document.getElementById("group");
        group.value = "client-facing";
        group.dispatchEvent(new Event("change", { bubbles: true }));
    """)
    rubric = Workspace(tmp_path).rubric("collaboration-readiness", "1.1.0")
    expected = {}
    for place, question_id in enumerate(_visible_questions(browser)):
        question = rubric.question(question_id)
        assert question is not None
        levels = (place % (question.top + 1), (place * 3 + 1) % (question.top + 1))
        for side, level in zip(("expected", "delivered"), levels, strict=True):
            _pick(browser, question_id, side, level)
        expected[question_id] = Answer(expected=levels[0], delivered=levels[1])
    _pick(browser, "off-hours", "delivered", "")
    expected["off-hours"] = Answer(expected=expected["off-hours"].expected)
    browser.run("document.getElementById('save').click()")
    browser.run("document.getElementById('save').click()")
    saved = browser.downloaded()
    assert main(["readiness", "--import", str(saved)]) == 0
    file = _only_file(tmp_path)
    assert file.assessment.answers == expected
    assert file.assessment.reviewer == Reviewer(group="client-facing")
    assert file.assessment.subject.name == NAME
    assert (file.assessment.rubric.id, file.assessment.rubric.digest) == (rubric.id, rubric.digest)
    assert file.path.name == saved.name
    assert file.content == saved.read_bytes()


def test_by_keyboard_alone(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path, "--group", "employees"))
    browser.run("document.getElementById('keep').focus()")
    browser.press("Tab", 9)
    browser.press("ArrowDown", 40)  # from "No answer" round to rung 0
    browser.press("ArrowDown", 40)
    browser.press("Tab", 9)
    browser.press("ArrowUp", 38)
    while browser.run("document.activeElement.id") != "save":
        browser.press("Tab", 9)
    browser.press("Enter", 13, "\r")
    assert main(["readiness", "--import", str(browser.downloaded())]) == 0
    assert _only_file(tmp_path).assessment.answers == {"beyond-email": Answer(expected=1, delivered=4)}


def test_questions_come_and_go_with_the_group(tmp_path: Path, browser: Browser) -> None:
    rubric = Workspace(tmp_path).rubric("collaboration-readiness", "1.1.0")
    browser.open(_form(tmp_path))
    assert _visible_questions(browser) == [one.id for _, one in rubric.questions() if not one.asked_of]
    browser.run("""
        document.getElementById("group").value = "it";
        document.getElementById("group").dispatchEvent(new Event("change", { bubbles: true }));
    """)
    assert _visible_questions(browser) == [
        one.id for _, one in rubric.questions() if not one.asked_of or "it" in one.asked_of
    ]
    assert browser.run("document.getElementById('status').textContent") == "21 questions are asked of this group."


def test_an_answer_to_a_question_not_asked_of_the_group_is_not_saved(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    _pick(browser, "tool-vetting", "expected", 2)
    _pick(browser, "approvals-age", "expected", 2)
    assert "approvals-age" not in browser.run("document.getElementById('content').textContent")


def test_a_draft_survives_a_reload_only_where_it_was_asked_for(tmp_path: Path, browser: Browser) -> None:
    page = _form(tmp_path)
    browser.open(page)
    browser.run("document.getElementById('keep').click()")
    _pick(browser, "off-hours", "expected", 3)
    before = browser.run("document.getElementById('content').textContent")
    browser.open(page)
    assert browser.run("document.getElementById('content').textContent") == before
    browser.run("document.getElementById('keep').click()")
    assert browser.run("localStorage.length") == 0


@pytest.mark.parametrize(
    "draft", ["null", "{", "3", '{"number": "123456789012"}', '{"number": "123456789012", "picked": null}']
)
def test_a_damaged_draft_is_no_draft(draft: str, tmp_path: Path, browser: Browser) -> None:
    page = _form(tmp_path)
    browser.open(page)
    browser.run(f"localStorage.setItem(document.getElementById('survey').dataset.draft, {json.dumps(draft)})")
    browser.open(page)
    assert browser.run("document.getElementById('progress').textContent").startswith("0 of 17 questions")
    assert browser.run("document.getElementById('keep').checked") is False
    assert [event for event in browser.events if event["method"] == "Runtime.exceptionThrown"] == []


def test_saving_removes_the_draft(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    browser.run("document.getElementById('keep').click()")
    _pick(browser, "off-hours", "expected", 3)
    browser.run("document.getElementById('save').click()")
    browser.run("document.getElementById('save').click()")
    browser.downloaded()
    assert browser.run("localStorage.length") == 0


def test_the_other_side_is_asked_for_once(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    _pick(browser, "off-hours", "expected", 3)
    _pick(browser, "tool-vetting", "expected", 3)
    _pick(browser, "tool-vetting", "delivered", 1)
    assert browser.run("document.getElementById('progress').textContent").startswith(
        "1 of 17 questions answered on both"
    )
    browser.run("document.getElementById('save').click()")
    said = browser.run("document.getElementById('status').textContent")
    assert said.startswith("Please answer the other side too, or it is not counted: Contact out of hours.")
    assert browser.run("document.activeElement.name") == "off-hours.delivered"
    assert list(browser.downloads.iterdir()) == []
    browser.run("document.getElementById('save').click()")
    browser.downloaded()


def test_nothing_is_saved_where_nothing_is_answered(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    browser.run("document.getElementById('save').click()")
    assert browser.run("document.getElementById('status').textContent").startswith("Nothing is answered yet")
    assert list(browser.downloads.iterdir()) == []


def test_the_page_asks_for_nothing_and_breaks_no_rule_of_its_own(tmp_path: Path, browser: Browser) -> None:
    page = _form(tmp_path)
    browser.open(page)
    _pick(browser, "off-hours", "expected", 3)
    browser.run("document.getElementById('save').click()")
    browser.run("document.getElementById('save').click()")
    browser.downloaded()
    asked = [
        event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"
    ]
    told = [event for event in browser.events if event["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert [address for address in asked if not address.startswith("blob:")] == [page.as_uri()]
    assert told == []


def test_every_control_has_a_name_and_every_group_of_them_a_legend(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path))
    nameless = browser.run("""
        [...document.querySelectorAll("input:not([type=hidden]), select")]
            .filter((one) => one.labels.length !== 1).length
        + [...document.querySelectorAll("fieldset")].filter((one) => one.firstElementChild.tagName !== "LEGEND").length
    """)
    assert (nameless, browser.run("document.documentElement.lang")) == (0, "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_enough(scheme: str, tmp_path: Path, browser: Browser) -> None:
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.open(_form(tmp_path))
    low = browser.run("""(() => {
        const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
        const light = (colour) => {
            const [red, green, blue] = parts(colour).slice(0, 3).map((part) => part / 255)
                .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        };
        const behind = (one) => {
            for (; one; one = one.parentElement) {
                const colour = getComputedStyle(one).backgroundColor;
                if ((parts(colour)[3] ?? 1) > 0) return colour;
            }
            return "rgb(255, 255, 255)";
        };
        const found = [];
        for (const one of document.querySelectorAll("main *")) {
            const hasText = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
            if (!hasText || one.closest("noscript") || one.offsetParent === null) continue;
            const [high, low] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => b - a);
            if ((high + 0.05) / (low + 0.05) < 4.5) found.push(one.tagName + " " + one.textContent.slice(0, 40));
        }
        return found;
    })()""")
    assert low == []


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("ar", 390)])
def test_it_can_be_read_on_a_narrow_screen_without_scrolling_sideways(
    language: str, width: int, tmp_path: Path, browser: Browser
) -> None:
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=640, deviceScaleFactor=1, mobile=False)
    browser.open(_form_in(language, tmp_path))
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.run("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")


def _form_in(language: str, tmp_path: Path) -> Path:
    """The form in that language, in which the shipped survey has no words but its title."""
    shipped = (Path(__file__).parents[1] / "rubrics" / "collaboration-readiness.toml").read_text(encoding="utf-8")
    (tmp_path / "rubrics").mkdir()
    own = shipped.replace('version = "', 'version = "9.', 1) + '\n[translations.ar]\ntitle = "الجاهزية للتعاون"\n'
    own += '\n[translations.de]\ntitle = "Bereitschaft zur Zusammenarbeit"\n'
    (tmp_path / "rubrics" / "own.toml").write_text(own, encoding="utf-8")
    return _form(tmp_path, "--language", language)


@pytest.mark.skipif(AXE is None, reason=NO_AXE)
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_axe_core_finds_nothing(language: str, tmp_path: Path, browser: Browser) -> None:
    browser.open(_form_in(language, tmp_path))
    _pick(browser, "off-hours", "expected", 3)
    browser.run("document.getElementById('save').click()")
    assert browser.axe() == []


def test_two_pages_have_two_numbers(tmp_path: Path, browser: Browser) -> None:
    page = _form(tmp_path)
    numbers = set()
    for _ in range(2):
        browser.open(page)
        numbers.add(browser.run("document.getElementById('content').textContent.split('\\n')[0]"))
    assert len(numbers) == 2


def test_a_form_for_one_group_is_answered_for_it(tmp_path: Path, browser: Browser) -> None:
    browser.open(_form(tmp_path, "--group", "managers"))
    _pick(browser, "job-not-device", "delivered", 2)
    browser.run("document.getElementById('save').click()")
    browser.run("document.getElementById('save').click()")
    saved = read_assessment(browser.downloaded()).assessment
    assert (saved.reviewer.group, saved.answers) == ("managers", {"job-not-device": Answer(delivered=2)})
