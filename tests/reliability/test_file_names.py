"""Whatever a subject, a reviewer or a rubric is called: inside the workspace, on every system, no two in one place."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bombs import GOOD
from toolvet.domain.assessment import Assessment, Reviewer, RubricRef, Subject
from toolvet.errors import ToolvetError
from toolvet.storage.names import is_file_name, is_inside, same_subject
from toolvet.storage.rubric_library import rubric_file_name
from toolvet.storage.workspace import Workspace

DAY = date(2026, 11, 2)
NASTY = [
    "../../etc/passwd", "/etc/passwd", "..", ".", "...", "~", "~root", "-rf", "C:\\Windows", "\\\\host\\share", "a/b",
    "CON", "con", "Con.txt", "con .txt", "NUL", "aux", "COM1", "com¹", "LPT9.toml", "CONIN$", "PRN ", "nul.",
    "Zoom", "zoom", "ZOOM", "Zoom ", " Zoom", "Zoom.", "zoom...", "zoom-2", "Zoom 2", "zoom_2", "Zoom\t2", "Zoom\n2",
    "Zürich", "Zu\u0308rich", "ZÜRICH", "Zurich", "straße", "STRASSE", "ﬁle", "file", "Ⅷ", "VIII", "\u0131", "i", "İ",
    "日本語", "한국어", "한국어", "Ελλάδα", "🎥", "👩‍💻", "\u202egnp.exe", "\u200b", "\ufeff", "\x00",
    "a\x00b", "\x1b[31m",
    "x" * 300, "x" * 299 + "y", "é" * 300, "💥" * 300, "%2e%2e%2f", "$HOME", "`id`", "a:b", "a|b", "a*b?", '"', "'",
    ".git", ".toolvet", "subject", "subject-con", "tool.toml", "tool.toml.lock", "tool.1.conflict", "x.orig",
]  # fmt: skip
ANYTHING = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
SUBJECTS = st.builds(Subject, name=ANYTHING, plan=st.none() | ANYTHING, deployment=st.none() | ANYTHING)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]')


def is_portable(name: str) -> bool:
    """Whether every usual system keeps a file of that name as it is."""
    is_whole = 0 < len(name.encode()) <= 255 and name not in (".", "..") and name[-1] not in ". "
    return is_whole and not _RESERVED.fullmatch(name) and not _FORBIDDEN.search(name)


def as_kept(name: str) -> str:
    """The name as a file system sees it that knows neither case nor how a letter is composed."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def assert_well_placed(root: Path, places: list[tuple[Subject, Path]]) -> None:
    """Every file is a plain one inside the workspace, and two subjects share no folder on any file system."""
    for _, path in places:
        inside = path.relative_to(root)
        assert path.resolve().is_relative_to(root.resolve())
        assert [part for part in inside.parts if not is_portable(part)] == []
    for (one, path), (other, other_path) in combinations(places, 2):
        is_together = as_kept(path.parent.name) == as_kept(other_path.parent.name)
        assert is_together == same_subject(one, other), (path, other_path)
        assert as_kept(str(path)) != as_kept(str(other_path))


def start_all(root: Path, subjects: list[Subject], reviewer: str) -> list[tuple[Subject, Path]]:
    (root / "rubrics").mkdir()
    shutil.copy(GOOD / "rubric.toml", root / "rubrics" / "small-1.0.0.toml")
    workspace = Workspace(root)
    assessment = Assessment(RubricRef("small", "1.0.0"), Subject("Tool"), Reviewer(reviewer), started=DAY)
    return [(one, workspace.start(replace(assessment, subject=one), DAY).path) for one in subjects]


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subjects=st.lists(SUBJECTS, min_size=1, max_size=5), reviewer=ANYTHING)
@example(subjects=[Subject("Zürich"), Subject("Zu\u0308rich"), Subject("Zurich"), Subject("ZURICH ")], reviewer="CON")
@example(subjects=[Subject("a b"), Subject("a", plan="b"), Subject("a", deployment="b"), Subject("a-b")], reviewer="é")
@example(subjects=[Subject("日"), Subject("本"), Subject("subject"), Subject("🎥")], reviewer="日")
@example(subjects=[Subject("x" * 299), Subject("x" * 300), Subject("x" * 60)], reviewer="y" * 300)
def test_any_subjects_have_a_place_of_their_own(subjects: list[Subject], reviewer: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        assert_well_placed(root, start_all(root, subjects, reviewer))


def test_all_nasty_names_in_one_workspace(tmp_path: Path) -> None:
    assert_well_placed(tmp_path, start_all(tmp_path, [Subject(name) for name in NASTY], "A. Reviewer"))


@pytest.mark.parametrize(
    "names", [["../../etc/passwd"], ["CON"], ["Zoom."], ["Zoom", "ZOOM."], ["\u212b1", "Å1", "x" * 300]]
)
def test_plain_names_fail_the_same_check(names: list[str], tmp_path: Path) -> None:
    """As a program names folders that only takes the blanks out."""
    places = [(Subject(name), tmp_path / "assessments" / name.replace(" ", "-") / "1.toml") for name in names]
    with pytest.raises(AssertionError):
        assert_well_placed(tmp_path, places)


def test_folder_made_by_hand_is_not_taken_for_a_twin(tmp_path: Path) -> None:
    (tmp_path / "assessments" / "Zoom").mkdir(parents=True)
    (tmp_path / "assessments" / "Zoom" / "notes.txt").write_text("Mine.")
    [(_, path)] = start_all(tmp_path, [Subject("zoom")], "A. Reviewer")
    assert as_kept(path.parent.name) != as_kept("Zoom")


@settings(max_examples=300)
@given(st.one_of(ANYTHING, st.lists(ANYTHING, min_size=2, max_size=3).map("/".join)))
def test_path_out_of_a_file_stays_inside(named: str) -> None:
    if is_inside(named):
        assert all(is_portable(part) for part in named.split("/"))
        assert (Path("/workspace") / named).is_relative_to("/workspace")
    if is_file_name(named):
        assert is_portable(named)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ANYTHING)
def test_report_of_any_name_is_refused_or_inside(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        try:
            path = Workspace(root).save_report(name, "A report.\n")
        except ToolvetError:
            assert list(root.rglob("*.md")) == []
        else:
            assert path.parent == root / "reports"
            assert is_portable(path.name)


@settings(max_examples=200)
@given(
    st.lists(st.text("acnoux019", min_size=1, max_size=6), min_size=1, max_size=4).map("-".join),
    st.lists(st.text("aCnOuX019", min_size=1, max_size=6), min_size=1, max_size=4).map(".".join),
)
@example("con", "1")
@example("nul", "nul")
def test_every_rubric_that_is_let_in_has_a_name_for_its_copy(rubric_id: str, version: str) -> None:
    assert is_portable(rubric_file_name(rubric_id, version))
