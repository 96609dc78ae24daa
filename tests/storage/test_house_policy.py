"""A house's own thresholds, in policy/<rubric id>.toml of its workspace."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from house import GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.rubric import Policy, Thresholds
from toolvet.errors import UnusableFile
from toolvet.services.file_check import check_paths
from toolvet.services.signing import files_behind
from toolvet.storage.workspace import Workspace


def policy_file(folder: Path, text: str, name: str = "house") -> Path:
    path = folder / "policy" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_it_takes_the_place_of_the_rubrics(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    workspace = Workspace(tmp_path)
    before = workspace.rubric("house", "1.0.0")
    policy_file(tmp_path, "format = 1\n[policy]\nproven = 75\napprove = { criterion = 90, overall = 95 }\n")
    after = workspace.rubric("house", "1.0.0")
    approve = Thresholds(Fraction(90), Fraction(95))
    assert (before.policy, before.policy_from) == (Policy(), None)
    assert after.policy == Policy(approve=approve, proven=Fraction(75))
    assert (after.policy_from, after.digest) == ("policy/house.toml", before.digest)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("house", "[policy]\nprooven = 75\n", '2: unknown key "prooven"; did you mean proven?'),
        (
            "house",
            "[policy]\napprove = { criterion = 30 }\n",
            "2: criterion of conditional (40) is above approve's (30); lower it",
        ),
        (
            "hose",
            "[policy]\nproven = 75\n",
            '1: there is no rubric "hose"; did you mean "house"?; name the file after the id of its rubric',
        ),
        ("house", "proven = 75\n", "1: [policy] is missing; write it above the figures"),
        ("house", "[approve]\ncriterion = 70\n", "1: [approve] stands alone; write [policy.approve]"),
        ("house", "", "1: [policy] is missing; write it above the figures"),
        (
            "house",
            "format = 2\n[policy]\n",
            "1: written by a newer toolvet (format 2, not 1); update toolvet",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, text: str, said: str) -> None:
    house_rubric(tmp_path)
    path = policy_file(tmp_path, text, name)
    (problem,) = check_paths([path], Workspace(tmp_path))
    assert str(problem) == f"{path}:{said}"


def test_a_policy_that_cannot_be_used_is_never_passed_over(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    policy_file(tmp_path, "[policy]\nproven = 750\n")
    with pytest.raises(UnusableFile, match="proven must be 100 or less"):
        Workspace(tmp_path).rubric("house", "1.0.0")


def test_it_is_named_with_the_scorecard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    policy_file(tmp_path, "[policy]\n")
    monkeypatch.chdir(tmp_path)
    assert main(["score", str(path)]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert "They come from policy/house.toml of this workspace, in place of the rubric's own." in words


def test_a_policy_folder_that_cannot_be_looked_into_is_not_passed_over(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    (tmp_path / "policy").write_text("")
    with pytest.raises(UnusableFile, match="cannot be opened: not a directory"):
        Workspace(tmp_path).rubric("house", "1.0.0")


@pytest.mark.parametrize("command", [["list"], ["score", "tool"], ["report", "tool"]])
def test_a_policy_of_no_rubric_is_told_by_whatever_it_was_meant_for(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    path = policy_file(tmp_path, "[policy]\nproven = 75\n", "hose")
    monkeypatch.chdir(tmp_path)
    assert main(command) == 3
    assert f'{path}:1: there is no rubric "hose"' in capsys.readouterr().err


def test_each_day_has_the_policy_that_came_into_force_last(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    policy_file(tmp_path, "[policy]\nproven = 20\n", "house-2026-03-01")
    policy_file(tmp_path, "[policy]\nproven = 75\n", "house-2026-11-30")
    rubric = Workspace(tmp_path).rubric("house", "1.0.0")
    found = []
    for day in ("2026-02-28", "2026-03-01", "2026-11-29", "2026-11-30", "2026-02-28"):
        rubric = rubric.on(date.fromisoformat(day))
        found.append((str(rubric.policy.proven), rubric.policy_from))
    assert found == [
        ("50", None),
        ("20", "policy/house-2026-03-01.toml"),
        ("20", "policy/house-2026-03-01.toml"),
        ("75", "policy/house-2026-11-30.toml"),
        ("50", None),
    ]


def test_a_scorecard_is_held_to_the_thresholds_of_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    policy_file(tmp_path, "[policy]\nproven = 0\n")
    policy_file(tmp_path, "[policy]\nproven = 100\n", "house-2026-12-01")
    monkeypatch.chdir(tmp_path)
    named = []
    for day in ("2026-11-30", "2026-12-01"):
        assert main(["score", str(path), "--on", day]) == 0
        named.append(re.findall(r"policy/[^ ]*", " ".join(capsys.readouterr().out.split())))
    assert named == [["policy/house.toml"], ["policy/house-2026-12-01.toml"]]


def test_a_later_policy_that_cannot_be_used_is_never_passed_over(tmp_path: Path) -> None:
    house_rubric(tmp_path)
    policy_file(tmp_path, "[policy]\nproven = 750\n", "house-2026-12-01")
    with pytest.raises(UnusableFile, match="proven must be 100 or less"):
        Workspace(tmp_path).rubric("house", "1.0.0")


@pytest.mark.parametrize("name", ["house-2026-02-30", "house-2026-1-1", "hose-2026-12-01"])
def test_a_policy_of_no_day_or_no_rubric_is_told(tmp_path: Path, name: str) -> None:
    house_rubric(tmp_path)
    path = policy_file(tmp_path, "[policy]\n", name)
    (problem,) = check_paths([path], Workspace(tmp_path))
    assert "there is no rubric" in str(problem)


@pytest.mark.parametrize(
    ("decided_on", "covered"), [("2026-11-30", "policy/house.toml"), ("2026-12-01", "policy/house-2026-12-01.toml")]
)
def test_a_signature_covers_the_policy_of_the_day_of_the_decision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decided_on: str, covered: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assessed(tmp_path, GOOD)
    policy_file(tmp_path, "[policy]\n")
    later = policy_file(tmp_path, "[policy]\nproven = 1\n", "house-2026-12-01")
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", decided_on]) == 0
    workspace = Workspace(tmp_path)
    (decided,) = workspace.folder_named("tool").decisions
    paths = [file.path for file in files_behind(workspace, decided)]
    assert [path for path in paths if path.startswith("policy/")] == [covered]
    later.write_text("[policy]\nproven = 750\n", encoding="utf-8")
    with pytest.raises(UnusableFile, match=later.name):
        list(files_behind(workspace, decided))
