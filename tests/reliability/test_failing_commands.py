"""Whichever call of the system fails under a command: an honest status, and every file whole."""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zipfile import is_zipfile

import pytest

from failing import CALLS, Count, Fault, counting, failing, may_fail_so
from house import DAY, GOOD, RUBRIC, assessed
from surveys import twelve
from toolvet.cli.commands import build_parser
from toolvet.cli.main import main
from toolvet.report.markup import blocks_of
from toolvet.report.word import word_document
from ways import FILE, READS, SHOWS, WRITES, Way

Tree = dict[str, bytes | None]
"""Files with their bytes, and folders with None."""

NO_TEMPORARY_FOLDER = frozenset({"demo", "sign", "report"})
"""What ends with wrong usage where there is no temporary folder to write to, and says how to name another."""
FAULTS = (Fault.EIO, Fault.ENOSPC, Fault.EACCES, Fault.EMFILE)
SHIPPED = Path(__file__).parents[2] / "rubrics"
RECORDS = ("assessments/", "decisions/", "rubrics/", "policy/")
"""What lies there is as before or as after; a report may say instead that a file could not be read."""
MOST = 3
"""How many of the calls of each function fail in the ordinary run; in the long run each does."""


def tree(root: Path) -> Tree:
    found: Tree = {}
    for place, folders, names in os.walk(root):
        for name in folders:
            found[os.path.relpath(f"{place}/{name}", root)] = None
        for name in names:
            found[os.path.relpath(f"{place}/{name}", root)] = Path(place, name).read_bytes()
    return found


def make(root: Path, wanted: Tree) -> None:
    """Make the folder hold just that."""
    found = tree(root)
    for name in sorted(found.keys() - wanted.keys(), reverse=True):
        (root / name).rmdir() if found[name] is None else (root / name).unlink()
    for name, content in sorted(wanted.items()):
        if content is None:
            (root / name).mkdir(exist_ok=True, parents=True)
        elif found.get(name) != content:
            (root / name).write_bytes(content)


@dataclass(frozen=True)
class Outcome:
    """What a command left and said."""

    status: int
    out: str
    said: str
    files: Tree


@dataclass(frozen=True)
class Trial:
    """The call that failed, and the file that it was about."""

    call: str
    nth: int
    fault: Fault
    path: Path | None

    @property
    def target(self) -> Path | None:
        """The file itself, where a lock or a temporary file of it failed."""
        if self.path is None or not self.path.name:
            return None
        found = re.fullmatch(r"\.(.+)\.\d+-[0-9a-f]{8}\.tmp", self.path.name)
        return self.path.with_name(found[1] if found else self.path.name.removesuffix(".lock"))

    def is_named_in(self, said: str) -> bool:
        """Whether the file is named, or its folder, or what could not be done for want of the system."""
        words = ("NOT SAVED", "temporary folder", "could not be run", "the system refused", "current folder")
        return (
            self.target is None
            or self.target.name == ""
            or self.target.name in said
            or any(map(said.__contains__, words))
        )

    def is_about(self, program: Path, name: str) -> bool:
        """Whether an answer may rest on that file, which the program's own code and other programs are not.

        Line by line, `assess` leaves out that there is a newer version of the rubric.
        """
        if self.path is None or not self.path.is_absolute():
            return True
        is_of_program = self.path.is_relative_to(program) and not self.path.is_relative_to(SHIPPED)
        is_elsewhere = any(
            map(self.path.is_relative_to, (sys.prefix, sys.base_prefix, "/usr", "/bin", "/proc", "/etc"))
        )
        return not (is_of_program or is_elsewhere or (name == "assess" and "rubrics" in self.path.parts))


class House:
    """A workspace and a person's folders, as they are before a command, made anew for each try."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = folder / "workspace"  # always the same: reports name their files
        self._person = folder / ".person"
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self._before: tuple[Tree, Tree] = ({}, {})

    def furnish(self, way: Way, key: Path | None) -> None:
        self.root.mkdir()
        self._person.mkdir(exist_ok=True)
        assessed(self.root, GOOD)
        newer = RUBRIC.replace("1.0.0", "1.1.0").replace("Which devices", "What devices")
        (self.root / "rubrics" / "house-1.1.0.toml").write_text(newer, encoding="utf-8")
        if key is not None:
            shutil.copy2(key, self.root / "key")
        (self.root / "answers.csv").write_text(twelve(), encoding="utf-8")
        (self.root / "asked.csv").write_text("Question,Section\nIs it encrypted?,Security\n", encoding="utf-8")
        (self.root / "own.md").write_text("# {{ document.subject }}\n", encoding="utf-8")
        (self.root / "evidence").mkdir(exist_ok=True)
        (self.root / "evidence" / "proof.txt").write_text("Seen.\n", encoding="utf-8")
        self._monkeypatch.chdir(self.root)
        self._monkeypatch.setattr("tempfile.tempdir", str(self.root))
        for command in way.after:
            assert main([*command]) == 0, self._capsys.readouterr().err
        self._capsys.readouterr()
        self._before = (tree(self.root), tree(self._person))

    @property
    def before(self) -> Tree:
        return self._before[0]

    def renew(self) -> None:
        make(self.root, self._before[0])
        make(self._person, self._before[1])

    def run(self, name: str, way: Way, within: AbstractContextManager[object]) -> Outcome:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(way.typed))
        self._monkeypatch.setattr(os, "urandom", Random(7).randbytes)  # a closed round has a random mark
        with within:
            status = main([name, *way.arguments])
        shown = self._capsys.readouterr()
        return Outcome(status, shown.out, shown.err, tree(self.root))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A key to sign with, where OpenSSH is installed."""
    path = tmp_path_factory.mktemp("ssh") / "key"
    if shutil.which("ssh-keygen") is None:
        return None
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return path


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> House:
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # no power is cut here
    return House(tmp_path, monkeypatch, capsys)


def sampled(calls: int, most: int) -> list[int]:
    """So many of the calls, spread over all of them, with the first and the last."""
    if calls <= most:
        return list(range(1, calls + 1))
    return sorted({1 + round(at * (calls - 1) / (most - 1)) for at in range(most)})


def trials(name: str, way: Way, house: House, most: int) -> Iterator[tuple[Trial, Outcome]]:
    """What came of the command each time that one call failed."""
    counts: Counter[str] = Counter()
    house.run(name, way, counting(counts))
    for call in CALLS:
        for at, nth in enumerate(sampled(counts[call], most)):
            faults = [fault for fault in FAULTS if may_fail_so(call, fault)]
            fault, count = faults[(nth if most > MOST else at) % len(faults)], Count()
            house.renew()
            found = house.run(name, way, failing(call, nth, fault, lasting=False, count=count))
            # a program whose own packages cannot be read is none, and says so
            if count.has_failed and not (count.path and count.path.is_relative_to(sys.prefix)):
                yield Trial(call, nth, fault, count.path), found


def wrong_in(name: str, trial: Trial, before: Tree, whole: Outcome, found: Outcome, *, is_random: bool) -> str:
    """What is wrong with what was left and said; empty where nothing is."""
    said = f"{found.out}\n{found.said}"
    if (
        found.status not in (0, 1, 3, whole.status, *((2,) if name in NO_TEMPORARY_FOLDER else ()))
        or "Traceback" in said
    ):
        return f"ended with {found.status}: {said}"
    files = {each: content for each, content in found.files.items() if not each.startswith("toolvet-")}
    if trial.call == "unlink":
        files = {each: content for each, content in files.items() if not each.endswith((".lock", ".tmp"))}
    if left := [each for each in files if each.endswith((".lock", ".tmp"))]:
        return f"left {left}"
    if lost := [each for each in before if each not in files and each in whole.files]:
        return f"lost {lost}"
    is_told = trial.is_named_in(said)
    if is_random:
        return "" if found.status == 0 or is_told else f"not told: {said}"
    strange = [each for each, content in files.items() if not is_one_of(each, content, before, whole.files)]
    is_told_there = all(not is_record(each) and says_so(files[each], whole.files.get(each)) for each in strange)
    if strange and not is_told_there and not (is_told and (found.status == 3 or any(map(is_record, strange)))):
        return f"neither as before nor as after, and not told: {strange}; {found.status}: {said}"
    is_as_whole = files.keys() == whole.files.keys() and (found.status, found.out) == (whole.status, whole.out)
    if is_as_whole or is_told or not trial.is_about(SHIPPED.parent, name):
        return ""
    return f"not told; {found.status} and not {whole.status}: {said}"


def says_so(content: bytes | None, whole: bytes | None) -> bool:
    """Whether a report says of a file what it does not say where nothing fails: that it cannot be read."""
    words = (b"cannot be read", b"unreadable", b"could not be read")
    return any(word in (content or b"") and word not in (whole or b"") for word in words)


def is_record(name: str) -> bool:
    return name.startswith(RECORDS)


def is_one_of(name: str, content: bytes | None, *trees: Tree) -> bool:
    """Whether the file is as in one of these. PDF and Word say when they were made, so their end is looked at."""
    if content is not None and name.endswith((".pdf", ".docx")):
        return any(name in each for each in trees) and is_finished(content)
    return any(name in each and each[name] == content for each in trees)


def is_finished(content: bytes) -> bool:
    """Whether a PDF ends with its mark, or a Word file with the list of its parts."""
    return content.rstrip().endswith(b"%%EOF") or is_zipfile(io.BytesIO(content))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("report.pdf", b"%PDF-1.7\n" + b"1 0 obj\n" * 99 + b"%%EOF\n"),
        ("report.docx", word_document(blocks_of("# A report"), "A report", DAY)),
    ],
)
def test_half_a_report_is_not_taken_for_a_whole_one(name: str, made: bytes) -> None:
    assert is_one_of(name, made, {name: b"made at another time"})
    assert [size for size in range(0, len(made) - 8, 97) if is_one_of(name, made[:size], {name: made})] == []


ALL = [(name, way) for ways in (WRITES, READS, SHOWS) for name, each in ways.items() for way in each]


@pytest.mark.parametrize(
    ("name", "way", "every"),
    [
        pytest.param(
            *one,
            every,
            id=" ".join((one[0], *one[1].arguments, "every" * every)),
            marks=pytest.mark.torture if every or one[1].is_long else (),
        )
        for one in ALL
        for every in (False, True)
    ],
)
def test_no_failing_call_is_passed_over(name: str, way: Way, every: bool, house: House, key: Path | None) -> None:
    """An honest status, the file named, every file whole; and what could not be looked at is not taken for absent."""
    if name == "sign" and key is None:
        pytest.skip("OpenSSH is not installed")
    house.furnish(way, key)
    whole = house.run(name, way, nullcontext())
    assert whole.status in (0, 1, 2 if name == "serve" else 0), whole.said
    house.renew()
    wrong = [
        f"{trial}: {told}"
        for trial, found in trials(name, way, house, 100_000 if every else MOST)
        if (told := wrong_in(name, trial, house.before, whole, found, is_random=way.is_random))
    ]
    assert wrong == []


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_every_command_is_known_to_write_or_to_read() -> None:
    assert sorted(name for name, _ in _commands()) == sorted((*WRITES, *READS))


@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param(name, way, marks=pytest.mark.torture if way.is_long else ())
        for name, ways in WRITES.items()
        for way in ways
    ],
)
def test_every_way_of_writing_writes(name: str, way: Way, house: House, key: Path | None) -> None:
    """Else nothing would be tried with it, as when a command asks for more than is typed."""
    if name == "sign" and key is None:
        pytest.skip("OpenSSH is not installed")
    house.furnish(way, key)
    house.run(name, way, nullcontext())
    assert tree(house.root) != house.before


def test_a_command_with_an_output_writes() -> None:
    outputs = {"-o", "--output", "--write", "--import"}
    with_output = {
        name for name, parser in _commands() for action in parser._actions if outputs & {*action.option_strings}
    }
    assert with_output & READS.keys() == set()


def test_every_option_by_which_a_command_writes_is_tried() -> None:
    """Flags that make a command do something else, where it can write at all."""
    tried = {(name, word) for name, ways in WRITES.items() for way in ways for word in way.arguments}
    flags = {
        (name, action.option_strings[-1])
        for name, parser in _commands()
        if name in WRITES
        for action in parser._actions
        if isinstance(action, argparse._StoreTrueAction) and action.option_strings
    }
    assert {flag for flag in flags if flag not in tried and flag[1] not in SAME_WRITING} == set()


SAME_WRITING = {
    *("--json", "--plain", "--no-charts", "--quiet", "--verbose", "--no-index", "--force", "--dry-run", "--gate"),
    *("--differences", "--robustness", "--why", "--explain", "--open", "--confirm-seal", "--offered-conditions"),
    *("--take-all",),
}
"""Options that change what is shown or written, but not how."""


@pytest.mark.parametrize(
    ("name", "way"), [(name, way) for each in (READS, SHOWS) for name in each for way in each[name]]
)
def test_a_command_that_reads_changes_nothing(name: str, way: Way, house: House) -> None:
    house.furnish(way, None)
    house.run(name, way, nullcontext())
    assert tree(house.root) == house.before


def test_writing_in_place_fails_the_same_check(house: House) -> None:
    house.furnish(Way(()), None)
    path = house.root / FILE
    with failing("write", 1, Fault.FILLING, lasting=True):
        descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC)
        os.write(descriptor, b"another")
        os.close(descriptor)
    whole = Outcome(0, "", "", house.before | {FILE: b"another"})
    found = Outcome(0, "", "", tree(house.root))
    trial = Trial("write", 1, Fault.FILLING, path)
    assert wrong_in("subject", trial, house.before, whole, found, is_random=False).startswith("neither")


def test_taking_a_failure_for_an_absence_fails_the_same_check(house: House) -> None:
    house.furnish(Way(()), None)
    whole = Outcome(0, "1 tool", "", house.before)
    found = Outcome(0, "0 tools", "", house.before)
    trial = Trial("scandir", 1, Fault.EIO, house.root / "assessments")
    assert wrong_in("list", trial, house.before, whole, found, is_random=False).startswith("not told")
