"""Whichever call of the system fails, and however: the old file or the new one, the message, and nothing left."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count, product
from pathlib import Path

import pytest

from build import make_assessment
from failing import CALLS, Fault, failing, may_fail_so
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.domain.decision import AssessmentRef, Computed, Decision
from toolvet.domain.rubric import Policy
from toolvet.domain.scorecard import Verdict
from toolvet.errors import Conflict, NotSaved, ToolvetError
from toolvet.storage.reader import read_assessment
from toolvet.storage.workspace import Workspace

DAY = date(2026, 11, 2)
FILE = "assessments/tool/2026-11-02-a-reviewer.toml"
WORDS = {
    Fault.ENOSPC: ("no space left",),
    Fault.FILLING: ("no space left",),
    Fault.EIO: ("the disk reports an error", "input/output error"),
    Fault.EACCES: ("no permission to write there", "permission denied"),
    Fault.EMFILE: ("too many open files",),
}
Tree = dict[str, bytes]
FAULTS = [
    (call, fault, lasting) for call, fault, lasting in product(CALLS, Fault, (False, True)) if may_fail_so(call, fault)
]


@pytest.fixture(autouse=True)
def _nothing_is_synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Syncing takes most of the time of a save, and no power is cut here."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


def assessment(level: int) -> Assessment:
    rubric = RubricRef("small", "1.0.0")
    answers = {"quiet-hours": Answer(level=level), "admission": Answer(level=1)}
    return Assessment(rubric=rubric, subject=Subject("Tool"), reviewer=Reviewer("A. Reviewer"), answers=answers)


@dataclass(frozen=True)
class Deed:
    """Something that writes: what has to be there, and what is done, by the workspace it is done in."""

    prepare: Callable[[Path], object]
    act: Callable[[Path], Callable[[], object]]


def started(root: Path) -> Path:
    (root / "rubrics").mkdir(parents=True)
    rubric = Path(__file__).parents[1] / "data" / "good" / "rubric.toml"
    (root / "rubrics" / "small-1.0.0.toml").write_bytes(rubric.read_bytes())
    return Workspace(root).start(assessment(1), DAY).path


def written_by_hand(root: Path) -> None:
    path = started(root)
    path.write_text(path.read_text().replace("seal = ", "# seal = "))


def with_report(root: Path) -> None:
    started(root)
    Workspace(root).save_report("tool.md", "The old report.\n")


def save(root: Path) -> Callable[[], object]:
    file = read_assessment(root / FILE)
    return lambda: Workspace(root).save(file, assessment(2))


def save_over_a_change(root: Path) -> Callable[[], object]:
    file = read_assessment(root / FILE)
    file.path.write_bytes(file.content + b"# somebody else\n")
    return lambda: Workspace(root).save(file, assessment(2))


def start(root: Path) -> Callable[[], object]:
    shipped = make_assessment({"quiet-hours": 1})
    wanted = replace(shipped, rubric=RubricRef("collaboration-tool", "1.1.0"))
    return lambda: Workspace(root).start(wanted, DAY)


def record(root: Path) -> Callable[[], object]:
    ground = AssessmentRef(FILE, read_assessment(root / FILE).sha256)
    computed = Computed(DAY, Verdict.HOLD, ("scope-open: data",), 0.0, None, 100.0, 0.0, Policy())
    decision = Decision(Verdict.HOLD, "The board", DAY, ground, computed)
    return lambda: Workspace(root).record(decision, "tool")


def save_report(root: Path) -> Callable[[], object]:
    return lambda: Workspace(root).save_report("tool.md", "The new report.\n")


DEEDS = {
    "save": Deed(started, save),
    "start": Deed(lambda _root: None, start),
    "record": Deed(started, record),
    "report": Deed(with_report, save_report),
    "conflict": Deed(started, save_over_a_change),
    "orig": Deed(written_by_hand, save),
}


def tree(root: Path) -> Tree:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def outcome(act: Callable[[], object]) -> ToolvetError | None:
    try:
        act()
    except ToolvetError as error:
        return error
    return None


@dataclass(frozen=True)
class Trial:
    """One deed in a folder of its own, with what stands there before it and after it where nothing fails."""

    root: Path
    act: Callable[[], object]
    before: Tree
    after: Tree


def trials(deed: Deed, folder: Path) -> Callable[[int], Trial]:
    model = folder / "model"
    deed.prepare(model)
    outcome(deed.act(model))
    after = tree(model)

    def trial(number: int) -> Trial:
        root = folder / str(number)
        deed.prepare(root)
        act = deed.act(root)
        return Trial(root, act, tree(root), after)

    return trial


def check(trial: Trial, error: ToolvetError | None, call: str, fault: Fault) -> None:
    """Every file is as before or as after, none is missing and none is left over."""
    found = tree(trial.root)
    if call == "unlink":
        # What could not be removed is there; the next save removes it.
        found = {name: content for name, content in found.items() if not name.endswith((".lock", ".tmp"))}
    if beside := found.pop("reports/tool-2.md", None):
        # Nothing could tell any more that toolvet wrote the first one, which therefore stays.
        assert (found, beside) == (trial.before, trial.after["reports/tool.md"])
        return
    assert trial.before.keys() <= found.keys()
    assert [name for name in found if found[name] not in (trial.before.get(name), trial.after.get(name))] == []
    if error is None:
        assert found == trial.after
    elif isinstance(error, NotSaved) and not (isinstance(error, Conflict) and error.kept):
        assert str(error).startswith("NOT SAVED: ")
        # Decisions that cannot be read make the assessment read-only.
        read_only = "cannot be read, and that decision may rest on this assessment"
        assert any(words in str(error) for words in (*WORDS[fault], read_only))


def check_again(trial: Trial, error: ToolvetError | None) -> None:
    """The next try, with the system mended, does what this one could not."""
    if error is not None and not (isinstance(error, Conflict) and error.kept):
        outcome(trial.act)
        assert tree(trial.root) == trial.after


def fail_at_every_call(trial_of: Callable[[int], Trial], call: str, fault: Fault, *, lasting: bool) -> int:
    """How many places failed and were found right."""
    for nth in count(1):
        trial = trial_of(nth)
        with failing(call, nth, fault, lasting=lasting) as counted:
            error = outcome(trial.act)
        if not counted.has_failed:
            return nth - 1
        try:
            check(trial, error, call, fault)
            check_again(trial, error)
        except AssertionError as failed:
            failed.add_note(f"{call} number {nth} failed with {fault.name}, lasting: {lasting}; told: {error}")
            raise
    raise AssertionError


def in_a_moment(deed: str, call: str, fault: Fault, lasting: bool) -> bool:
    """Whether it can be had in every run. A start makes some 300 calls of the system, each of which is to fail."""
    return deed != "start" or (fault in (Fault.ENOSPC, Fault.FILLING) and lasting == (call in ("write", "unlink")))


@pytest.mark.parametrize(
    ("deed", "call", "fault", "lasting"),
    [
        pytest.param(*trial, marks=() if in_a_moment(*trial) else pytest.mark.torture)
        for trial in ((deed, *fault) for deed in DEEDS for fault in FAULTS)
    ],
)
def test_every_call_may_fail(deed: str, call: str, fault: Fault, lasting: bool, tmp_path: Path) -> None:
    places = fail_at_every_call(trials(DEEDS[deed], tmp_path), call, fault, lasting=lasting)
    print(f"{deed}: {call} failed in {places} places")


def plain_write(root: Path) -> Callable[[], object]:
    """open(w), write and close as Python makes them of the system, and an honest message."""
    content = b"The new report.\n"

    def act() -> None:
        try:
            descriptor = os.open(root / "reports" / "tool.md", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            try:
                os.write(descriptor, content)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise NotSaved(f"NOT SAVED: {error}") from error

    return act


@pytest.mark.parametrize("fault", Fault)
def test_plain_writer_fails_the_same_check(fault: Fault, tmp_path: Path) -> None:
    trial_of = trials(Deed(with_report, plain_write), tmp_path)
    with pytest.raises(AssertionError, match=r"tool\.md"):
        fail_at_every_call(trial_of, "write", fault, lasting=False)
