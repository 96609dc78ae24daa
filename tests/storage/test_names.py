from __future__ import annotations

import ntpath
from datetime import date
from itertools import islice
from os.path import relpath
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.domain.assessment import Subject
from toolvet.storage.names import (
    as_seen_from,
    is_file_name,
    is_inside,
    number_in,
    respondent_name,
    respondent_names,
    same_subject,
    slug,
    subject_names,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zoom Workplace Business", "zoom-workplace-business"),
        ("A. Reviewer", "a-reviewer"),
        ("  Füße & Café!  ", "fue-cafe"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "subject-con"),
        ("com1", "subject-com1"),
        ("trailing dots...", "trailing-dots"),
        ("会议", "subject"),
        ("", "subject"),
        ("x" * 100, "x" * 60),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full-width"),  # noqa: RUF001 - the letters are the point
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text, otherwise="subject") == expected


@given(st.text())
def test_every_slug_is_a_name_on_every_system(text: str) -> None:
    name = slug(text, otherwise="subject")
    assert is_file_name(name)
    assert name == name.lower()
    assert name.isascii()
    as_on_windows = PureWindowsPath("C:/vetting", name)
    assert as_on_windows.name == name
    assert not as_on_windows.is_reserved()
    assert ntpath.normpath(f"C:\\vetting\\{name}") == str(as_on_windows)


def test_folder_is_named_from_name_and_plan_then_deployment_then_a_number() -> None:
    subject = Subject("Zoom Workplace", plan="Business", deployment="vendor cloud")
    assert list(islice(subject_names(subject), 4)) == [
        "zoom-workplace-business",
        "zoom-workplace-business-vendor-cloud",
        "zoom-workplace-business-vendor-cloud-2",
        "zoom-workplace-business-vendor-cloud-3",
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Subject("Zoom"), Subject(" zoom "), True),
        (Subject("Zoom"), Subject("Zoom", vendor="Zoom", users=3), True),
        (Subject("Caf\u00e9"), Subject("Cafe\u0301"), True),
        (Subject("Zoom"), Subject("Zoom", plan="Business"), False),
        (Subject("Zoom", plan="Business"), Subject("Zoom", deployment="Business"), False),
        (Subject("Zoom", deployment="cloud"), Subject("Zoom", deployment="own"), False),
    ],
)
def test_same_subject(one: Subject, other: Subject, expected: bool) -> None:
    assert same_subject(one, other) is expected


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", ".hidden", "a/b", "a\\b", "a:b", "con", "CON.toml", "nul", "dot.", "blank ", "a\nb", "x" * 201],
)
def test_unsafe_file_name(name: str) -> None:
    assert not is_file_name(name)


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.toml", "a/../b", "a//b", "", "a/", "C:/x", "a\\..\\b", "./a"])
def test_path_that_may_leave_the_workspace(path: str) -> None:
    assert not is_inside(path)


def test_path_inside_the_workspace() -> None:
    assert is_inside("assessments/zoom/2026-11-02-a-reviewer.toml")


DAY = date(2026, 11, 2)


def test_names_of_respondents_are_a_day_and_a_number_of_twelve_digits_each_another() -> None:
    names = list(islice(respondent_names(DAY), 100))
    assert len(set(names)) == 100
    assert {(name[:11], len(number_in(name) or "")) for name in names} == {("2026-11-02-", 12)}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (respondent_name(DAY, "000000000001"), "000000000001"),
        ("2026-11-02-123456", "123456"),
        ("2026-11-02-12345", None),
        ("2026-11-02", None),
        ("2026-11-02-ada-marsh", None),
        ("2026-11-02-ada-2", None),
    ],
)
def test_the_number_is_read_from_the_name(name: str, number: str | None) -> None:
    assert number_in(name) == number


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("/w", "/w/assessments/zoom/a.toml"),
        ("/w", "/w/../x.toml"),
        ("/w/a", "/w/b.toml"),
        ("/w", "/w"),
        ("/w", "/word/a.toml"),
        ("/", "/a.toml"),
        (".", "assessments/a.toml"),
        ("..", "../a.toml"),
        ("w", "w/a.toml"),
    ],
)
def test_a_path_is_as_the_system_sees_it_from_the_folder(folder: str, path: str) -> None:
    assert as_seen_from(Path(folder), Path(path)) == relpath(path, folder)
