"""What a command reads: one subject costs one subject, and the index changes nothing but the time it takes."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from types import FrameType

import pytest

from house import FAILED, GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Progress, RubricRef, Subject
from toolvet.domain.decision import Condition
from toolvet.domain.scorecard import Verdict
from toolvet.errors import ToolvetError
from toolvet.report.listing import ListedScore
from toolvet.services.assessments import Session, clock_of
from toolvet.services.overview import Overview
from toolvet.storage import index
from toolvet.storage.index import Code
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace
from workspaces import DAY, assessment_of, complete, decision_on

_WATCHERS: list[Callable[[str], None]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _WATCHERS:
        for tell in _WATCHERS:
            tell(str(arguments[0]))


sys.addaudithook(_watch)  # it cannot be taken away again


@contextmanager
def opened_below(root: Path) -> Iterator[set[str]]:
    """The files below that folder that are opened meanwhile, in the words of that folder."""
    found: set[str] = set()

    def tell(path: str) -> None:
        if path.startswith(f"{root}/"):
            found.add(path.removeprefix(f"{root}/"))

    _WATCHERS.append(tell)
    try:
        yield found
    finally:
        _WATCHERS.remove(tell)


@pytest.fixture
def several(tmp_path: Path) -> Workspace:
    """Twelve tools for different jobs, each with a complete assessment."""
    workspace = Workspace(tmp_path / "work")
    for number in range(12):
        subject = Subject(f"Tool {number}", plan="Business", job=f"Job {number}")
        complete(workspace.start(assessment_of(subject), DAY), workspace)
    return workspace


ONE_SUBJECT = {
    "score": (),
    "report": (),
    "questions": (),
    "history": (),
    "subject": (),
    "decide": ("--decision", "hold", "--rationale", "We wait.", "--by", "Board", "--dry-run"),
}


@pytest.mark.parametrize("command", ONE_SUBJECT)
def test_one_subject_costs_one_subject(several: Workspace, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [command, "tool-3-business", "--workspace", str(several.root), *ONE_SUBJECT[command]]
    with opened_below(several.root / "assessments") as opened:
        status = main(arguments)
    told = "Not recorded: this was a dry run.\n" if command == "decide" else ""
    assert (status, capsys.readouterr().err) == (0, told)
    assert opened == {"tool-3-business/2026-11-02-a-reviewer.toml"}


def _calls(command: Sequence[str]) -> int:
    """How many functions are called by it, which is the same each time, as its time is not."""
    calls = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        main(command)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("command", ["check", "decide", "report", "verify"])
def test_twice_as_many_decisions_of_a_subject_cost_twice_as_much(several: Workspace, command: str) -> None:
    name, root = "tool-3-business", several.root
    options = [*ONE_SUBJECT.get(command, ()), "--on", "2027-10-01"]
    given = [str(root)] if command in ("check", "verify") else [name, "--workspace", str(root), *options]
    calls = []
    condition = Condition("Obtain a report.", owner="IT", due=DAY)
    for number in range(91):
        file = several.subject(name).assessments[0]
        held = decision_on(file, several, decided_on=DAY + timedelta(days=number))
        several.record(replace(held, conditions=(condition,)), name)
        if number % 30 == 0:
            calls.append(_calls([command, *given]))
    _, first, second = (later - earlier for earlier, later in pairwise(calls))  # the very first call imports, too
    assert second < 1.1 * first


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def running(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return running


class Disk:
    """A small workspace that is changed in every way in which files change, by chance but the same each time."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)
        root.mkdir()
        for number in range(4):
            assessed(root, GOOD if number % 2 else FAILED, subject=Subject(f"Tool {number}"))
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "first")

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)

    def file(self) -> Path:
        found = sorted(self.root.glob("assessments/*/*.toml"))
        return self.chance.choice(found) if found else assessed(self.root, GOOD)

    def edited(self, path: Path) -> bytes:
        """Its content with other levels, of the same size."""
        content = path.read_bytes()
        one, other = (b"level = 1", b"level = 0") if b"level = 1" in content else (b"level = 0", b"level = 1")
        return content.replace(one, other)

    def in_place(self) -> None:
        path = self.file()
        content = self.edited(path)
        with path.open("r+b") as writing:
            writing.write(content)

    def replaced(self) -> None:
        path = self.file()
        new = path.with_name("new.tmp")
        new.write_bytes(self.edited(path))
        new.replace(path)

    def restored(self) -> None:
        path = self.file()
        was = path.stat()
        path.write_bytes(self.edited(path))
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))

    def touched(self) -> None:
        self.file().touch()

    def twice(self) -> None:
        self.in_place()
        self.in_place()

    def moved(self) -> None:
        path = self.file()
        path.rename(path.with_name(f"2026-11-03-{self.chance.randrange(100)}-b.toml"))

    def folder_moved(self) -> None:
        folder = self.file().parent
        folder.rename(folder.with_name(f"other-{self.chance.randrange(1000)}"))

    def broken(self) -> None:
        path = self.file()
        path.write_bytes(path.read_bytes() + b"\nlevel = [")

    def removed(self) -> None:
        self.file().unlink()

    def another(self) -> None:
        assessed(self.root, GOOD, subject=Subject(f"Tool {self.chance.randrange(8)}"), reviewer="Bob")

    def rubric(self) -> None:
        path = house_rubric(self.root)
        path.write_text(path.read_text().replace("Any.", f"Any {self.chance.randrange(3)}."))

    def policy(self) -> None:
        path = self.root / "policy" / "house.toml"
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text("[policy]\nmonths = 3\n" if self.chance.random() < 0.3 else "[policy]\ncoverage = 10\n")

    def decided(self) -> None:
        path = self.file()
        workspace = Workspace(self.root)
        workspace.record(decision_on(read_assessment(path), workspace), path.parent.name)

    def archived(self) -> None:
        mark = self.file().parent / ".archived"
        mark.unlink() if mark.exists() else mark.write_text("")

    def back_and_forth(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-qm", "more", "--allow-empty")
        self.git("checkout", "-q", "HEAD~1")
        self.git("checkout", "-q", "-")
        if self.chance.random() < 0.5:
            self.git("checkout", "-q", "HEAD~1")

    EDITS = (
        *(in_place, replaced, restored, restored, touched, twice, moved, folder_moved),
        *(broken, removed, another, another),
        *(rubric, policy, decided, decided, archived, back_and_forth),
    )


LISTINGS = (
    ("list",),
    ("list", "--due", "600", "--format", "csv"),
    ("register", "-o", "-"),
    ("score", "tool 1", "--json"),
    ("compare", "--format", "csv"),
    ("compare",),
    ("compare", "--by", "question", "--format", "tsv"),
    ("compare", "--robustness", "--rubric", "house"),
)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.torture) for seed in range(2, 20))])
def test_every_listing_is_the_same_with_and_without_the_index(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    disk = Disk(tmp_path / "work", seed)
    hours = [0]
    monkeypatch.setattr(index, "now_ns", lambda: time.time_ns() + hours[0] * 3_600_000_000_000)
    for edit in disk.chance.sample(Disk.EDITS, len(Disk.EDITS)):
        with suppress(ToolvetError):  # what was broken before may be in the way
            edit(disk)
        if is_settled := disk.chance.random() < 0.8:
            hours[0] += 1  # all files are old enough to be trusted
        for listing in LISTINGS:
            command = (*listing, "--workspace", str(disk.root), "--on", "2026-11-20")
            first = run(*command)
            assert run(*command) == first
            assert run(*command, "--no-index") == first
        hours[0] = 0
        if is_settled:
            next_tick(tmp_path)


def next_tick(folder: Path) -> None:
    """Wait until a file written now has another time than any before."""
    probe = folder / "probe"
    probe.write_text("")
    before = probe.stat().st_ctime_ns
    while probe.stat().st_ctime_ns == before:
        probe.write_text("")


@pytest.fixture
def settled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Three tools whose files are old enough to be trusted."""
    monkeypatch.setattr(index, "now_ns", lambda: time.time_ns() + 3_600_000_000_000)
    (tmp_path / "work").mkdir()
    for number in range(3):
        assessed(tmp_path / "work", GOOD, subject=Subject(f"Tool {number}"))
    return Workspace(tmp_path / "work")


def index_file(person: Path) -> Path:
    (found,) = (person / "XDG_CACHE_HOME" / "toolvet" / "index").glob("*.sqlite")
    return found


@pytest.mark.parametrize("listing", [("list",), ("register", "-o", "-"), ("compare", "--format", "csv")])
def test_an_unchanged_file_is_not_read_again(settled: Workspace, run: Run, listing: tuple[str, ...]) -> None:
    command = (*listing, "--workspace", str(settled.root), "--on", "2026-11-20")
    first = run(*command)
    with opened_below(settled.root / "assessments") as opened:
        assert run(*command) == first
    assert opened == set()


def test_answers_are_read_only_where_a_comparison_explains_them(settled: Workspace, run: Run) -> None:
    shutil.rmtree(settled.root / "assessments" / "tool-2")
    changed = settled.root / "assessments" / "tool-1" / "2026-11-02-ada.toml"
    changed.write_text(changed.read_text().replace("level = 1", "level = 0"))
    command = ("compare", "--why", "--workspace", str(settled.root), "--on", "2026-11-20")
    first = run(*command)
    with opened_below(settled.root / "assessments") as opened:
        assert run(*command) == first
    assert opened == {"tool-0/2026-11-02-ada.toml", "tool-1/2026-11-02-ada.toml"}


def test_one_changed_file_is_read_alone(settled: Workspace, run: Run, tmp_path: Path) -> None:
    command = ("list", "--workspace", str(settled.root), "--on", "2026-11-20")
    run(*command)
    next_tick(tmp_path)
    (settled.root / "assessments" / "tool-1" / "2026-11-02-ada.toml").touch()
    with opened_below(settled.root / "assessments") as opened:
        run(*command)
    assert opened == {"tool-1/2026-11-02-ada.toml"}


def test_a_file_as_young_as_the_look_is_not_kept(tmp_path: Path, run: Run, person: Path) -> None:
    (tmp_path / "work").mkdir()
    assessed(tmp_path / "work", GOOD)
    run("list", "--workspace", str(tmp_path / "work"))
    assert not (person / "XDG_CACHE_HOME" / "toolvet").exists()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")
@pytest.mark.parametrize("listing", [("list",), ("register", "-o", "-")])
def test_a_signer_who_is_taken_off_the_list_counts_no_more(
    settled: Workspace, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listing: tuple[str, ...]
) -> None:
    root, key = settled.root, tmp_path / "key"
    (root / "policy").mkdir()
    (root / "policy" / "house.toml").write_text("[policy]\nrequire_signature = true\n")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (root / "allowed_signers").write_text(f"ada@example.com {Path(f'{key}.pub').read_text()}")
    monkeypatch.chdir(root)
    decide = ("decide", "tool-1", "--decision", "approve", "--by", "Board", "--rationale", "Fits.")
    assert run(*decide, "--on", "2026-11-20")[0] == 0
    assert run("sign", "tool-1", "--key", str(key), "--on", "2026-11-20")[0] == 0
    command = (*listing, "--on", "2026-11-20")
    signed = run(*command)
    (root / "allowed_signers").unlink()
    now = run(*command)
    assert now != signed
    assert run(*command, "--no-index") == now


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _garbled(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:100] + content[100:].replace(b"Tool", b"Fool").replace(b"approve", b"improve"))


def _after(statement: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with closing(sqlite3.connect(path)) as opened:
            opened.executescript(statement)

    return change


def _locked(path: Path) -> None:
    _HELD.append(sqlite3.connect(path, isolation_level=None))
    _HELD[0].execute("BEGIN EXCLUSIVE")


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _a_link(path: Path) -> None:
    path.symlink_to(path.rename(f"{path}.old"))


_HELD: list[sqlite3.Connection] = []
FAULTS: dict[str, Callable[[Path], object]] = {
    "cut short": _cut,
    "empty": lambda path: path.write_bytes(b""),
    "of something else": lambda path: path.write_text("Dear diary\n" * 999),
    "garbled": _garbled,
    "from the future": _after("DROP TABLE rows; CREATE TABLE rows (other TEXT); PRAGMA user_version = 99"),
    "of other types": _after("UPDATE rows SET value = CAST(value AS BLOB)"),
    "of another day": _after("UPDATE OR REPLACE rows SET listing = replace(listing, '2030-', '2026-')"),
    "locked": _locked,
    "a folder": _a_folder,
    "a link": _a_link,
    "open to others": lambda path: path.chmod(0o666),
    "of a folder open to others": lambda path: path.parent.chmod(0o777),
}


@pytest.mark.parametrize("listing", ["list", "compare"])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_wrong_with_the_index_the_answer_is_right(
    settled: Workspace, run: Run, person: Path, fault: str, monkeypatch: pytest.MonkeyPatch, listing: str
) -> None:
    monkeypatch.setattr(index, "_WAIT", 0.01)
    held = decision_on(settled.subject("tool-1").assessments[0], settled)
    settled.record(replace(held, conditions=(Condition("A report.", owner="IT", due=DAY),)), "tool-1")
    command = (listing, "--workspace", str(settled.root), "--on", "2026-11-20")
    first = run(*command)
    run(*command[:-1], "2030-11-20")
    FAULTS[fault](index_file(person))
    try:
        assert [run(*command) for _ in range(3)] == [first] * 3
    finally:
        while _HELD:
            _HELD.pop().close()


@pytest.mark.parametrize("wrong", ["database or disk is full", "attempt to write a readonly database"])
def test_a_full_disk_leaves_the_answer_right(
    settled: Workspace, run: Run, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    def refuse(_: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError(wrong)

    command = ("list", "--workspace", str(settled.root), "--on", "2026-11-20")
    first = run(*command)
    monkeypatch.setattr(index, "_connect", refuse)
    assert run(*command) == first


def test_only_its_person_can_read_the_index(settled: Workspace, run: Run, person: Path) -> None:
    run("list", "--workspace", str(settled.root))
    path = index_file(person)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_variable_switches_it_off(
    settled: Workspace, run: Run, person: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOOLVET_INDEX", "off")
    run("list", "--workspace", str(settled.root))
    assert not (person / "XDG_CACHE_HOME" / "toolvet").exists()


def test_a_value_comes_back_as_it_was_kept() -> None:
    score = ListedScore(
        RubricRef("house", "1.0.0"), complete=True, progress=Progress(3, 4), overall=None, verdict=Verdict.HOLD
    )
    code: Code[tuple[ListedScore, ...]] = Code(tuple[ListedScore, ...])
    assert code.read(code.write((score, score))) == (score, score)
    with pytest.raises(ValueError, match="not"):
        code.read("[[1]]")


def test_home_is_filled_in_steps_and_keeps_its_rows_when_the_workspace_goes(settled: Workspace) -> None:
    overview = Overview(Session(settled, clock_of(DAY)))
    overview.begin(["tool-1"])
    assert not overview.step(0)
    assert [row.name for row in overview.rows] == ["Tool 1"]
    assert overview.step(60)
    settled.root.rename(settled.root.with_name("elsewhere"))
    with pytest.raises(ToolvetError, match="removed or renamed"):
        overview.begin()
    assert sorted(row.name for row in overview.rows) == ["Tool 0", "Tool 1", "Tool 2"]


def test_home_shows_what_changed_and_what_has_gone(settled: Workspace, tmp_path: Path) -> None:
    overview = Overview(Session(settled, clock_of(DAY)))
    overview.begin()
    assert overview.step(60)
    next_tick(tmp_path)
    (settled.root / "assessments" / "tool-0" / "2026-11-02-ada.toml").unlink()
    changed = settled.root / "assessments" / "tool-1" / "2026-11-02-ada.toml"
    changed.write_text(changed.read_text().replace('name = "Tool 1"', 'name = "Tool 9"'))
    overview.begin()
    assert overview.step(60)
    assert sorted(row.name for row in overview.rows) == ["Tool 2", "Tool 9"]
    settled.archive("tool-2", on=DAY)
    overview.begin()
    assert overview.step(60)
    assert [row.name for row in overview.rows] == ["Tool 9"]
