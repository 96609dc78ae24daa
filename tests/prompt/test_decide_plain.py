"""Deciding line by line: what is asked for, and what is recorded."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from screens import Case
from toolvet.cli.main import main
from toolvet.domain.scorecard import Verdict
from toolvet.storage.workspace import Workspace


@pytest.mark.parametrize(("which", "expected"), [("", 0), ("2", 1), ("9\n1, 2", 2), ("all", 4)])
def test_suggested_conditions_are_picked_by_number(
    which: str, expected: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w")
    owners = "\n".join(["Legal", "2027-01-31"] * expected)
    monkeypatch.setattr(
        "sys.stdin", io.StringIO(f"3\nBoard\nOpen.\n{which}\n{owners}{chr(10) if owners else ''}\n\n\n\nyes\n")
    )
    assert main(["decide", "tool", "--plain", "--on", "2026-11-21", "--workspace", str(case.workspace.root)]) == 0
    assert "Recorded: " in capsys.readouterr().out
    (file,) = Workspace(case.workspace.root).subject("tool-business").decisions
    assert [condition.owner for condition in file.decision.conditions] == ["Legal"] * expected


def test_what_goes_with_a_decision_is_asked_for_and_the_needed_part_again_until_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w")
    lines = (
        "reject",
        "Board",
        "",
        "Too slow.",
        "",
        "",
        "Legal",
        "Works council",
        "",
        "Jitsi",
        "",
        "https://t/1",
        "",
        "yes",
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert main(["decide", "tool", "--plain", "--on", "2026-11-21", "--workspace", str(case.workspace.root)]) == 0
    assert "This is required." in capsys.readouterr().out
    (file,) = Workspace(case.workspace.root).subject("tool-business").decisions
    decision = file.decision
    assert (decision.decision, decision.rationale) == (Verdict.REJECT, "Too slow.")
    assert (decision.consulted, decision.considered) == (("Legal", "Works council"), ("Jitsi",))
    assert decision.links == ("https://t/1",)


def test_what_would_be_recorded_is_read_out_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case(tmp_path / "w")
    monkeypatch.setattr("sys.stdin", io.StringIO("reject\nBoard\nToo slow.\n\n\nLegal\n\nJitsi\n\n\nno\n"))
    assert main(["decide", "tool", "--plain", "--on", "2026-11-21", "--workspace", str(case.workspace.root)]) == 0
    said = capsys.readouterr().out
    read_out = said.partition("A link to a ticket")[2].partition("Record this decision?")[0].splitlines()[1:]
    assert read_out == [
        "",
        "Tool Business: reject. The verdict is hold.",
        "by Board on 21 November 2026",
        "no conditions · no waivers · 2 must-haves not met",
        "",
        "Rationale",
        "Too slow.",
        "",
        "Consulted: Legal",
        "Considered: Jitsi",
        "",
        "It is kept as it is: a later decision replaces it, and both stay in the history.",
        "",
    ]
    assert ("sha256" in said, "must-have-unknown" in said) == (False, False)
