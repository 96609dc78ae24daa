"""Every file in data/bad has one fault; its first lines say what is to be said of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from toolvet.errors import UnusableFile
from toolvet.services.file_check import check_paths
from toolvet.storage.reader import read_assessment, read_decision, read_rubric
from toolvet.storage.workspace import Workspace

DATA = Path(__file__).parent.parent / "data"
EXPECTED = "# expected: "


def workspace_with_small_rubrics(root: Path) -> Workspace:
    (root / "rubrics").mkdir()
    for name in ("rubric.toml", "rubric-gap.toml"):
        shutil.copy(DATA / "good" / name, root / "rubrics")
    return Workspace(root)


def said_of(path: Path, workspace: Workspace) -> list[str]:
    return [
        str(problem).removeprefix(f"{path}:").strip().replace(str(workspace.root), "<workspace>")
        for problem in check_paths([path], workspace)
    ]


@pytest.mark.parametrize("path", sorted((DATA / "bad").glob("*.toml")), ids=lambda path: path.stem)
def test_fault_is_told_with_its_line_and_what_to_do(path: Path, tmp_path: Path) -> None:
    lines = path.read_text().splitlines()
    expected = [line.removeprefix(EXPECTED) for line in lines if line.startswith(EXPECTED)]
    assert said_of(path, workspace_with_small_rubrics(tmp_path)) == expected


# A policy is known by its file's name, a decision, a record and a round by what lies around: they have their own tests.
GOOD = sorted(
    path for path in (DATA / "good").glob("*.toml") if path.stem not in ("policy", "decision", "record", "round")
)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_file_has_no_problem(path: Path, tmp_path: Path) -> None:
    assert said_of(path, workspace_with_small_rubrics(tmp_path)) == []


def test_a_decision_without_what_it_rests_on_says_what_is_missing(tmp_path: Path) -> None:
    assert said_of(DATA / "good" / "decision.toml", workspace_with_small_rubrics(tmp_path)) == [
        "7: It supersedes 2025-11-18.toml, which does not exist.",
        "11: It rests on assessments/zoom-workplace-business/2026-11-02-a-reviewer.toml, which is another subject's.",
        "11: Its assessment cannot be used: does not exist; check the name.",
    ]


def test_all_faults_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    text = (DATA / "good" / "rubric.toml").read_text()
    path = tmp_path / "bad.toml"
    path.write_text(
        text.replace('title = "A small rubric"', "title = 3")
        .replace("coverage = 80", "coverage = 800")
        .replace('id = "admission"', 'id = "quiet-hours"')
    )
    assert said_of(path, Workspace(tmp_path)) == [
        "4: title must be a text in quotes, not 3",
        "11: coverage must be 100 or less, not 800",
        '38: the question "quiet-hours" is there twice; give one another id',
    ]


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.json", b'{"a": 1}', "a JSON file"),
        ("a.toml", b"[1, 2]", "a JSON file"),
        ("a.html", b"\n<!DOCTYPE html><p>", "an HTML page"),
        ("a.svg", b"<svg/>", "an XML or SVG file"),
        ("a.csv", b"a,b\n1,2\n", "a spreadsheet's table (CSV)"),
        ("a.xlsx", b"PK\x03\x04\x00\xff", "an Excel workbook"),
        ("a.docx", b"PK\x03\x04\x00\xff", "a zip archive or an office document"),
        ("a.pdf", b"%PDF-1.7\n\xff", "a PDF"),
        ("a.md", b"# Heading\ntext\n", "a Markdown document"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(name: str, content: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said_of(path, Workspace(tmp_path)) == [
        f"is {what}, not TOML; name a rubric, policy, assessment or decision (.toml)"
    ]


def one_problem(path: Path) -> str:
    with pytest.raises(UnusableFile) as caught:
        read_assessment(path)
    (problem,) = caught.value.problems
    return str(problem).removeprefix(str(path))


def test_file_that_is_not_there(tmp_path: Path) -> None:
    assert one_problem(tmp_path / "a.toml") == ": does not exist; check the name"


def test_file_over_one_mebibyte_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"#" * (1024 * 1024 + 1))
    assert one_problem(path) == ": is larger than 1 MiB, the most that is read; shorten it"


def test_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"format = 1\nname = '\xff'\n")
    assert one_problem(path) == ":2: is not UTF-8 text; save it again with that encoding"


def test_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.symlink_to(DATA / "good" / "assessment.toml")
    assert one_problem(path) == ": is a link; name the file it points to"


def test_folder_is_no_file(tmp_path: Path) -> None:
    assert one_problem(tmp_path) == ": is a folder; name a file"


def test_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    os.mkfifo(path)
    assert one_problem(path) == ": is a device or a pipe; name a file"


def test_device_is_refused() -> None:
    assert one_problem(Path("/dev/zero")) == ": is a device or a pipe; name a file"


def test_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (DATA / "good" / "assessment.toml").read_bytes())
    assert read_assessment(path).assessment.subject.name == "Zoom Workplace"


def test_rubric_read_as_assessment_is_called_what_it_is() -> None:
    path = DATA / "good" / "rubric.toml"
    assert one_problem(path) == ":1: this is a rubric, but an assessment is needed; correct it or choose another file"


@pytest.mark.parametrize(
    ("name", "read"), [("assessment", read_assessment), ("decision", read_decision), ("rubric", read_rubric)]
)
def test_every_truncation_reads_or_tells(name: str, read: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "cut.toml"
    content = (DATA / "good" / f"{name}.toml").read_bytes()
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        with suppress(UnusableFile):
            read(path)


SMALL = """\
format = 1
id = "t"
version = "1.0.0"
title = "T"
subject = "tool"
ask = "level"
[[criteria]]
id = "c"
title = "C"
[[criteria.questions]]
id = "q"
text = "Q?"
levels = ["No.", "Yes."]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SMALL.replace("[[criteria.questions]]", "[[questions]]"),
            "10: [[questions]] does not belong here; write [[criteria.questions]], below the [[criteria]] it "
            "belongs to",
        ),
        (
            f'{SMALL}how_to_answer = "So."\n',
            "14: how_to_answer does not belong here; move it to the top of the file, above the first heading, "
            "or remove it",
        ),
        (f'{SMALL}text = "R?"', "14: not valid TOML: text is there twice, first on line 12; keep one of the two"),
        (
            SMALL.replace('"1.0.0"', "1.0.0"),
            "3: not valid TOML: expected newline or end of document after a statement at column 14; "
            "put a text, such as a version, in quotes",
        ),
    ],
    ids=["list beside its table", "key below another heading", "key twice at the very end", "version without quotes"],
)
def test_an_editors_mistake_is_told_with_where_it_belongs(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_text(text, encoding="utf-8")
    assert f"{path}:{said}" in [str(problem) for problem in check_paths([path], Workspace(tmp_path))]
