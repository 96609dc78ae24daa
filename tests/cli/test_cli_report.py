"""`toolvet report --template`: a template of one's own, from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from house import GOOD, assessed
from toolvet.cli.main import main


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assessed(tmp_path, GOOD)


def test_a_template_is_filled_in_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    Path("board.md").write_text("# {{ document.subject }} & co.\n", encoding="utf-8")
    assert main(["report", "tool", "--template", "board.md"]) == 0
    assert capsys.readouterr() == ("# Tool & co.\n", "")


def test_the_ending_of_the_output_says_what_a_template_writes() -> None:
    Path("board.txt").write_text("<p>{{ '<b>' }}</p>", encoding="utf-8")
    assert main(["report", "tool", "--template", "board.txt", "-o", "board.html"]) == 0
    assert Path("board.html").read_text(encoding="utf-8").splitlines()[1:] == ["<p>&lt;b&gt;</p>"]


@pytest.mark.parametrize("name", ["board.html", "board.html.j2", "BOARD.HTML"])
def test_the_name_of_a_template_says_what_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(name).write_text("{{ '<b>' }}", encoding="utf-8")
    assert main(["report", "tool", "--template", name]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == ["&lt;b&gt;"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\n{{ nothing }}", "board.md:2: 'nothing' is undefined; the report as .json shows what names there are\n"),
        (b"one\n\xff", "board.md:2: is not UTF-8 text; save it again with that encoding\n"),
    ],
)
def test_a_template_that_cannot_be_used_is_told_with_its_line(
    content: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("board.md").write_bytes(content)
    assert main(["report", "tool", "--template", "board.md", "-o", "out.md"]) == 3
    assert capsys.readouterr() == ("", message)
    assert not Path("out.md").exists()


def test_a_template_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "tool", "--template", "board.md"]) == 3
    assert capsys.readouterr().err.startswith("board.md: ")


@pytest.mark.parametrize("more", [["-o", "out.json"], ["--for", "requester"]])
def test_a_template_writes_one_thing_only(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path("board.md").write_text("x", encoding="utf-8")
    assert main(["report", "tool", "--template", "board.md", *more]) == 2
    assert capsys.readouterr().out == ""


def test_a_pdf_without_the_extra_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["report", "tool", "-o", "out.pdf"]) == 2
    assert capsys.readouterr() == (
        "",
        "a PDF needs the package typst (toolvet's extra pdf): pipx inject toolvet typst, "
        "or in toolvet's environment pip install typst; "
        "the HTML report prints well, too\n",
    )
    assert not Path("out.pdf").exists()


@pytest.mark.parametrize("more", [[], ["--for", "requester"], ["--template", "board.md"]])
def test_a_pdf_is_written(more: list[str]) -> None:
    pytest.importorskip("typst", reason="the extra pdf is not installed")
    Path("board.md").write_text("# {{ document.subject }}", encoding="utf-8")
    assert main(["report", "tool", "-o", "OUT.PDF", *more]) == 0
    assert Path("OUT.PDF").read_bytes().startswith(b"%PDF")
