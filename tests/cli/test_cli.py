"""The front door: statuses, messages, help, and what happens when something goes wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import toolvet
from golden_files import is_golden
from toolvet.cli.commands import COMMANDS, build_parser
from toolvet.cli.exchange_arguments import AUDIENCES, SHEET_FORMATS, SITTINGS
from toolvet.cli.main import main
from toolvet.cli.output import REPORT_ENDINGS
from toolvet.cli.parser import VERDICTS
from toolvet.cli.program_arguments import OUTPUTS, SCHEMAS
from toolvet.domain.rubric import Sitting
from toolvet.domain.scorecard import Verdict
from toolvet.domain.sheet import Audience
from toolvet.report.formats import ReportFormat
from toolvet.report.rubric import SheetFormat
from toolvet.storage.schema import SCHEMA_NAMES
from toolvet.tui.kit.report_screen import forms_of


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program as a person runs it, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "toolvet", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_as_the_golden_file_has_it(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([command, "--help"] if command else ["--help"]) == 0
    assert is_golden(f"help/{command or 'toolvet'}.txt", capsys.readouterr().out)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_begins_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([command, "--help"])
    assert capsys.readouterr().out.startswith(f"examples:\n  toolvet {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_leads_to_a_function(command: str) -> None:
    needed = {
        "check": ["x"],
        "export": ["-o", "x"],
        "import": ["x", "--for", "x"],
        "score": ["x"],
        "decide": ["x"],
        "condition": ["x"],
        "withdraw": ["x", "--why", "x"],
        "tolerate": ["x", "--owner", "x", "--why", "x", "--until", "2027-01-01"],
        "sign": ["x"],
        "panel": ["x"],
        "history": ["x"],
        "diff": ["x"],
        "subject": ["x"],
        "report": ["x"],
        "schema": ["rubric"],
        "completion": ["bash"],
        "new-rubric": ["x"],
        "migrate": ["x"],
    }
    module, function = build_parser().parse([command, *needed.get(command, [])]).run.split(":")
    assert callable(getattr(import_module(f"toolvet.cli.{module}"), function))


def test_words_of_the_arguments_are_those_of_the_domain() -> None:
    assert tuple(Verdict) == VERDICTS
    assert tuple(Sitting) == SITTINGS
    assert SCHEMAS == SCHEMA_NAMES
    assert tuple(Audience) == AUDIENCES
    assert tuple(SheetFormat) == SHEET_FORMATS

    assert tuple(ReportFormat) == REPORT_ENDINGS


@pytest.mark.parametrize("name", ["report", "compare", "readiness"])
def test_the_help_names_every_format_of_a_report(name: str) -> None:
    help_text = build_parser().commands[name].format_help()
    assert [each for each in ReportFormat if f".{each}" not in help_text] == []


def test_the_screens_offer_every_format_of_a_report() -> None:
    formats = {f".{each}" for each in ReportFormat}
    assert {form.ending for form in forms_of(pytest.fail)} == {*formats, ".pdf", ".docx"}


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"toolvet {toolvet.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scor", "x"], "argument COMMAND: 'scor' is not known; did you mean 'score'? ('toolvet --help' shows how)\n"),
        (
            ["score", "x", "--gate", "aprove"],
            "argument --gate: 'aprove' is not known; did you mean 'approve'? ('toolvet score --help' shows how)\n",
        ),
        (
            ["score", "x", "--explian"],
            "'--explian' is not known; did you mean '--explain'? ('toolvet score --help' shows how)\n",
        ),
        (["rubrics", "x"], "'x' is one word too many ('toolvet rubrics --help' shows how)\n"),
        (["completion", "bash", "x"], "'x' is one word too many ('toolvet completion --help' shows how)\n"),
        (["new-rubric", "a", "b"], "'b' is one word too many ('toolvet new-rubric --help' shows how)\n"),
        (["help", "a", "b"], "'b' is one word too many ('toolvet help --help' shows how)\n"),
        (
            ["assess", "Zoom", "Workplace"],
            "'Workplace' is one word too many; put a name of several words in quotation marks "
            "('toolvet assess --help' shows how)\n",
        ),
        (
            ["score", "x", "--on", "20261120"],
            "argument --on: '20261120' is not a date; write it as 2026-11-20 ('toolvet score --help' shows how)\n",
        ),
        (
            ["list", "--due", "soon"],
            "argument --due: 'soon' is not a whole number ('toolvet list --help' shows how)\n",
        ),
        (
            ["decide", "x", "--due", "2026-11-20"],
            "--due must follow --condition ('toolvet decide --help' shows how)\n",
        ),
        (
            ["decide", "x", "--condition", "Report", "--control", "Phone"],
            "--control must follow --waive ('toolvet decide --help' shows how)\n",
        ),
    ],
)
def test_wrong_usage_says_what_was_meant(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", message)


def test_unknown_schema_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "zzz"]) == 2
    known = ", ".join((*SCHEMA_NAMES, *OUTPUTS))
    assert capsys.readouterr().err == (
        f"argument KIND|COMMAND: 'zzz' is not known; it can be {known} ('toolvet schema --help' shows how)\n"
    )


def test_workspace_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--workspace", str(tmp_path / "none"), "rubrics"]) == 2
    assert capsys.readouterr().err.startswith(f'there is no folder "{tmp_path / "none"}"')


@pytest.mark.parametrize("arguments", [[], ["assess"], ["assess", "--survey", "Harbour"]])
def test_without_a_terminal_screens_say_what_to_do_instead(arguments: list[str], tmp_path: Path) -> None:
    ran = run("--workspace", str(tmp_path), *arguments)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "The screens need a terminal. Without one, add --plain to go line by line.\n"


def test_reader_that_stops_gets_no_trace(tmp_path: Path) -> None:
    command = f"'{sys.executable}' -m toolvet schema assessment | head -c 1; echo ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, encoding="utf-8", cwd=tmp_path, check=False)
    assert ran.stderr == ""
    assert ran.stdout[1:] in ("0\n", "141\n")


def test_a_call_that_fails_where_nobody_thought_of_it_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], person: Path
) -> None:
    def failing(_arguments: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files", "report.css")

    monkeypatch.setattr("toolvet.cli.main._parse", failing)
    assert main(["list"]) == 3
    told = "report.css: the system says: too many open files. What was saved is safe; try again once that is mended.\n"
    assert capsys.readouterr() == ("", told)
    assert list(person.rglob("toolvet.log")) == []


def test_a_bug_ends_with_a_short_message_and_a_private_trace(tmp_path: Path) -> None:
    # A rubric folder that cannot be asked for is no case that is provided for.
    program = (
        "import sys, toolvet.cli.arguments as a; from toolvet.cli.main import main\n"
        "def broken(*_): raise RuntimeError('secret of a colleague')\n"
        "import toolvet.cli.main; toolvet.cli.main.build_parser = broken; sys.exit(main(['list']))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        check=False,
    )
    log = next(tmp_path.rglob("toolvet.log"))
    assert (ran.returncode, ran.stdout) == (70, "")
    assert ran.stderr == (
        "toolvet: a bug in toolvet stopped it (RuntimeError). What was saved is safe.\n"
        f"The trace is in {log}; please read it over, then send it in.\n"
    )
    assert "secret of a colleague" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o777 == 0o600
