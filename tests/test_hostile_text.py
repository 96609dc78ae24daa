"""Naughty strings in every field: read again as they were typed, and live in no output and on no screen."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.widgets import Static

from naughty import LIVE, NAUGHTY, in_lots, printable, toml_text
from places import PLACES, all_there_is, two_tools
from report_sample import make_decision
from screens import ON, Case, hostile_rubric, press, until
from surveys import pair, put_all, respondent
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Evidence, Reviewer, Subject
from toolvet.domain.decision import ApprovedFor, Condition, Waiver
from toolvet.storage.reader import read_assessment, read_decision
from toolvet.storage.rubric_library import shipped
from toolvet.storage.writer import assessment_bytes, decision_bytes
from toolvet.text.escape import csv_cell
from toolvet.tui.app import ToolvetApp

LOTS = in_lots(1500)
ALL_OF_LIVE = (
    "".join(sorted(LIVE)) + " [/] [@click=app.bell]x[/] [b] $x \x1b]8;;http://live.example/\x1b\\x\x1b]8;;\x1b\\"
)
SOME = [ALL_OF_LIVE, *(pytest.param(lot, marks=pytest.mark.torture) for lot in LOTS)]


def test_there_are_500_or_more() -> None:
    assert len(set(NAUGHTY)) == len(NAUGHTY) >= 500


def _full_of(text: str, base: Assessment) -> Assessment:
    subject = Subject(text, text, text, text, text, text, ON, ON, 400, text)
    answers = {
        "does-it": Answer(level=2, note=text, setting=text, evidence=(Evidence(text),)),
        "how-fast": Answer(unknown=text),
        "sign-in": Answer(not_applicable=text),
    }
    return replace(base, subject=subject, reviewer=Reviewer(text, text), answers=answers)


def test_every_string_in_every_field_of_an_assessment_is_read_as_it_was(tmp_path: Path) -> None:
    base = Case(tmp_path / "w").file.assessment
    path = tmp_path / "file.toml"
    changed = []
    for text in NAUGHTY:
        typed = _full_of(text, base)
        path.write_bytes(assessment_bytes(typed))
        if read_assessment(path).assessment != typed:
            changed.append(text)
    assert changed == []


def test_every_string_in_every_field_of_a_decision_is_read_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    changed = []
    for text in NAUGHTY:
        made = replace(
            make_decision(),
            decided_by=text,
            rationale=text,
            consulted=(text, text),
            considered=(text,),
            links=(text,),
            approved_for=ApprovedFor({"data": text}, 400, text, (text,)),
            conditions=(Condition(text, "sign-in", text, ON),),
            waivers=(Waiver("sign-in", text, text, text, ON),),
        )
        path.write_bytes(decision_bytes(made))
        if read_decision(path).decision != made:
            changed.append(text)
    assert changed == []


OUTPUTS = {
    "list": ("list",),
    "list-due": ("list", "--due", "30"),
    "check": ("check", "FILE"),
    "score": ("score", "FILE"),
    "explain": ("score", "FILE", "--explain"),
    "compare": ("compare",),
    "questions": ("compare", "--by", "question"),
    "robustness": ("compare", "--robustness"),
    "why": ("compare", "--why"),
    **{f"compare-{name}": ("compare", "--format", name) for name in ("grid", "github", "html", "latex", "tsv")},
    "rubrics": ("rubrics",),
    "rubric": ("rubrics", "--show", "small"),
    "sheet": ("questions", "small"),
    "report": ("report", "FILE"),
    "requester": ("report", "FILE", "--for", "requester"),
    "migrate": ("migrate", "FILE"),
    "decide": ("decide", "FOLDER", "--decision", "hold", "--by", "TEXT", "--rationale", "TEXT"),
    "decided": ("list",),
}


def printed(case: Case, capsys: pytest.CaptureFixture[str], *arguments: str, text: str = "Words.") -> str:
    """What the command printed, errors included."""
    named = {"FILE": str(case.file.path), "FOLDER": case.file.path.parent.name, "TEXT": text}
    status = main([*(named.get(each, each) for each in arguments), "--workspace", str(case.workspace.root)])
    shown = capsys.readouterr()
    assert status in (0, 1), shown.err
    return shown.out + shown.err


@pytest.mark.parametrize("text", SOME, ids=range(len(SOME)))
def test_nothing_printed_acts_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    case = two_tools(tmp_path / "w", text, hostile_rubric(text))
    newer = hostile_rubric(f"{text} newer").replace('version = "1.0.0"', 'version = "2.0.0"')
    (tmp_path / "w" / "rubrics" / "newer.toml").write_text(newer, encoding="utf-8")
    live = [name for name, command in OUTPUTS.items() if not _harmless(printed(case, capsys, *command, text=text))]
    assert live == []


@pytest.mark.parametrize("text", SOME, ids=range(len(SOME)))
def test_nothing_of_a_survey_acts_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    people = [respondent({"off-hours": pair(4, 2)}, started=ON, about=f"A {text}") for _ in range(6)]
    put_all(tmp_path, people)
    shipped_text = (shipped("rubrics") / "collaboration-readiness.toml").read_text(encoding="utf-8")
    (tmp_path / "rubrics").mkdir()
    hostile = re.sub(r'"(?=[A-Z])', lambda _: f'"{toml_text(text[:200])} ', shipped_text)
    (tmp_path / "rubrics" / "collaboration-readiness-1.0.0.toml").write_text(hostile, encoding="utf-8")
    formats = [("--format", name) for name in ("simple", "grid", "github", "html", "latex", "tsv", "json")]
    for options in ((), ("--by", "group"), *formats):
        status = main(["readiness", *options, "--workspace", str(tmp_path), "--on", "2026-11-22"])
        shown = capsys.readouterr()
        assert (status, _harmless(shown.out + shown.err)) == (0, True), shown.err


def test_text_printed_as_it_was_read_fails_the_same_check(tmp_path: Path) -> None:
    read = tomllib.loads(two_tools(tmp_path / "w", ALL_OF_LIVE).file.path.read_text(encoding="utf-8"))
    assert not _harmless("\n".join(_texts(read)))
    assert not printable(json.dumps(read, ensure_ascii=False, default=str))


def _harmless(shown: str) -> bool:
    return printable(shown.replace("\t", ""))  # tab is what parts the cells of tsv


@pytest.mark.parametrize("command", [("score", "FILE"), ("list",), ("compare",)], ids=" ".join)
def test_json_holds_every_character(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    text = "".join(each for each in dict.fromkeys("".join(NAUGHTY)) if not each.isspace())
    shown = printed(two_tools(tmp_path / "w", text), capsys, *command, "--json")
    assert printable(shown)
    assert any(text in each for each in _texts(json.loads(shown)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from (key, *_texts(part))
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def test_no_cell_of_csv_is_a_formula_and_each_is_read_back_whole() -> None:
    cells = [csv_cell(text) for text in NAUGHTY]
    file = io.StringIO(newline="")
    csv.writer(file).writerows([cell] for cell in cells)
    file.seek(0)
    assert list(csv.reader(file)) == [[cell] for cell in cells]
    assert _live_cells(cells) == []


def test_cells_as_they_were_typed_fail_the_same_check() -> None:
    assert "=1+1" in _live_cells(NAUGHTY)


def _live_cells(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r")) or not printable(cell)]


def test_csv_of_the_commands_holds_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for sign in "=+-@":
        case = two_tools(tmp_path / f"w{ord(sign)}", f"{sign}1+cmd|' /c calc'!A1", hostile_rubric(f"{sign}1+1"))
        for command in (("compare", "--format", "csv"), ("questions", "small", "--format", "csv")):
            rows = list(csv.reader(io.StringIO(printed(case, capsys, *command))))
            assert [cell for row in rows for cell in row if cell.startswith(sign) and len(cell) > 3] == []


@pytest.mark.parametrize("text", SOME, ids=range(len(SOME)))
@pytest.mark.parametrize("name", PLACES)
async def test_nothing_of_it_is_live_on_any_screen(tmp_path: Path, name: str, text: str) -> None:
    case = all_there_is(tmp_path / "w", text, hostile_rubric(text))
    app = ToolvetApp(case.workspace, ON)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await press(pilot, *PLACES[name])
        await until(lambda: type(app.screen).__name__ == name)
        await press(pilot)
        assert _live_on(app) == set()


@pytest.mark.parametrize(
    ("text", "live"),
    [
        ("[@click=app.bell]x[/]", {"app.bell"}),
        ("[link='http://live.example/']x[/]", {"http://live.example/"}),
        ("\u202ekcab", {"\u202e"}),
    ],
)
async def test_a_plain_screen_fails_the_same_check(text: str, live: set[str]) -> None:
    class Plain(App[None]):
        def compose(self) -> Iterator[Static]:
            yield Static(text)

    app = Plain()
    async with app.run_test() as pilot:
        await press(pilot)
        assert _live_on(app) == live


def _live_on(app: App[Any]) -> set[str]:
    """Characters that act on a terminal, actions that a text brought along, and links."""
    rows, actions, links = _drawn(app)
    return ({*rows} & LIVE) | {action for action in actions if "bell" in action} | links


def _drawn(app: App[Any]) -> tuple[str, set[str], set[str]]:
    """The text on the screen, what a click on it would do, and where its links lead."""
    text, actions, links = "", set[str](), set[str]()
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            text += segment.text
            if segment.style is not None:
                actions |= {str(value) for key, value in segment.style.meta.items() if key.startswith("@")}
                links |= {segment.style.link} if segment.style.link else set()
    return text, actions, links
