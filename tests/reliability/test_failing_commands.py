"""Whichever call of the system fails under a command that writes: an honest status, and every file whole."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from failing import Fault, failing
from house import GOOD, RUBRIC, assessed
from surveys import HARBOUR, twelve
from toolvet.cli.commands import build_parser
from toolvet.cli.main import main

ON = ("--on", "2026-11-20")
FILE = "assessments/tool/2026-11-02-ada.toml"
ANSWERED = ("--import", "answers.csv", "--organisation", HARBOUR)
APPROVED = (
    *("decide", "tool", "--decision", "approve-with-conditions", "--by", "Ada", "--rationale", "We wait.", *ON),
    *("--condition", "Report", "--owner", "CIO", "--due", "2026-11-25"),
)
SENT = ("questions", "tool", "--for", "colleague", "-o", "filled.csv", *ON)


@dataclass(frozen=True)
class Written:
    """A command that writes, what is typed into it, whether to try it in long runs alone, and commands to run first."""

    arguments: tuple[str, ...]
    typed: str = ""
    is_long: bool = False
    after: tuple[tuple[str, ...], ...] = ()


WRITES: Mapping[str, tuple[Written, ...]] = {
    "assess": (Written(("Tool", "--plain"), "1\nquit\n"), Written(("Other", "--plain"), "1\n\n\n\n\n\n\n\nquit\n")),
    "compare": (Written(("-o", "compared.html", *ON)),),
    "condition": (Written(("tool", "1", "--met", "--evidence", "Seen.", *ON), after=(APPROVED,)),),
    "decide": (Written(("tool", "--decision", "hold", "--by", "Ada", "--rationale", "We wait.", *ON)),),
    "demo": (Written((), is_long=True),),
    "export": (Written(("-o", "tables", *ON)),),
    "import": (Written(("filled.csv", "--for", "tool", "--by", "Bea", "--write", *ON), after=(SENT,)),),
    "list": (Written(("-o", "list.xlsx", *ON)),),
    "migrate": (Written((FILE, "--write")),),
    "new-rubric": (Written(("own",)),),
    "questions": (Written(("house", "-o", "sheet.md")),),
    "readiness": (Written(ANSWERED, is_long=True), Written(("--form", HARBOUR, "-o", "form.html"))),
    "register": (Written(("-o", "register.html", *ON)),),
    "report": (Written(("tool", "-o", "report.md", *ON)), Written(("tool", "-o", "report.html", *ON))),
    "rubrics": (Written(("--show", "house", "-o", "house.html")),),
    "score": (Written(("tool", "-o", "score.xlsx", *ON)),),
    "sign": (Written(("tool", "--key", "key", *ON), is_long=True, after=(APPROVED,)),),
    "subject": (Written(("tool", "--users", "600")),),
    "tolerate": (Written(("tool", "--owner", "Ada", "--why", "In use.", "--until", "2027-01-01", *ON)),),
    "withdraw": (Written(("tool", "--why", "A breach.", *ON), after=(APPROVED,)),),
}
READS: Mapping[str, tuple[str, ...]] = {
    "check": (".",),
    "completion": ("bash",),
    "config": ("show",),
    "diff": (FILE, "rubrics/house.toml"),
    "doctor": (),
    "help": ("decide",),
    "history": ("tool",),
    "keys": (),
    "schema": ("rubric",),
    "serve": ("--port", "nowhere"),
    "verify": (".",),
}
NEEDS_FOLDER: Mapping[str, tuple[int, ...]] = {"demo": (2,), "sign": (2,)}
"""What ends with wrong usage where there is no temporary folder to write to, and says how to name another."""
RUNS = [(name, each) for name, runs in WRITES.items() for each in runs]
FAULTS = [(call, fault) for call in ("write", "fsync", "replace", "mkdir") for fault in (Fault.ENOSPC, Fault.EIO)]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A key to sign with, where OpenSSH is installed."""
    path = tmp_path_factory.mktemp("ssh") / "key"
    if shutil.which("ssh-keygen") is None:
        return None
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


@pytest.fixture
def begin(key: Path | None, tmp_path: Path, person: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Makes the workspace anew and goes there, with these words to be typed."""

    def make(typed: str, after: tuple[tuple[str, ...], ...] = ()) -> Path:
        root = tmp_path / "workspace"  # always the same: reports name their files
        for left in (root, person):  # what could not be saved is kept there, and would be taken up
            shutil.rmtree(left, ignore_errors=True)
        root.mkdir()
        assessed(root, GOOD)
        newer = RUBRIC.replace("1.0.0", "1.1.0").replace("Which devices", "What devices")
        (root / "rubrics" / "house-1.1.0.toml").write_text(newer, encoding="utf-8")
        if key is not None:
            shutil.copy2(key, root / "key")
        (root / "answers.csv").write_text(twelve(), encoding="utf-8")
        monkeypatch.chdir(root)
        monkeypatch.setattr("tempfile.tempdir", str(root))
        for command in after:
            assert main([*command]) == 0
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return root

    return make


def _tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_every_command_is_known_to_write_or_to_read() -> None:
    assert sorted(name for name, _ in _commands()) == sorted((*WRITES, *READS))


def test_a_command_with_an_output_writes() -> None:
    outputs = {"-o", "--output", "--write", "--import"}
    with_output = {
        name for name, parser in _commands() for action in parser._actions if outputs & {*action.option_strings}
    }
    assert with_output & READS.keys() == set()


@pytest.mark.parametrize("name", READS)
def test_a_command_that_reads_changes_nothing(name: str, begin: Callable[..., Path]) -> None:
    root = begin("")
    before = _tree(root)
    main([name, *READS[name]])
    assert _tree(root) == before


@pytest.mark.parametrize(
    ("name", "written", "call", "fault"),
    [
        pytest.param(
            *run,
            *each,
            id=f"{run[0]} {' '.join(run[1].arguments[:2])} {each[0]} {each[1].name}",
            marks=pytest.mark.torture if run[1].is_long or each[1] is Fault.EIO or each[0] == "mkdir" else (),
        )
        for run in RUNS
        for each in FAULTS
    ],
)
def test_no_failing_call_leaves_half_a_file_or_a_bug(
    name: str, written: Written, call: str, fault: Fault, begin: Callable[..., Path]
) -> None:
    whole = begin(written.typed, written.after)
    if name == "sign" and not (whole / "key").exists():
        pytest.skip("OpenSSH is not installed")
    assert main([name, *written.arguments]) in (0, 1)
    after = _tree(whole)
    for nth in count(1):
        root = begin(written.typed, written.after)
        before = _tree(root)
        with failing(call, nth, fault, lasting=False) as counted:
            status = main([name, *written.arguments])
        if not counted.has_failed:
            return
        found = _tree(root)
        assert status in (0, 1, 3, *NEEDS_FOLDER.get(name, ())), f"{call} number {nth}"
        assert before.keys() <= found.keys()
        assert [path for path in found if path.endswith((".tmp", ".lock"))] == []
        if name not in ("demo", "readiness"):  # these name what they write by chance
            assert [path for path in found if found[path] not in (before.get(path), after.get(path))] == []


def test_writing_in_place_fails_the_same_check(begin: Callable[..., Path]) -> None:
    path = begin("") / FILE
    before = path.read_bytes()
    with failing("write", 1, Fault.FILLING, lasting=True):
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, before)
        os.close(descriptor)
    assert path.read_bytes() != before
