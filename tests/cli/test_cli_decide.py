"""`toolvet decide` by options: what is recorded, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from house import DAY, FAILED, GOOD, assessed, house_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade, Subject
from toolvet.domain.decision import ApprovedFor, Condition, Decision, Waiver
from toolvet.domain.scorecard import Verdict
from toolvet.storage.reader import read_assessment, read_decision
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace

BOARD = ("--by", "Tool board", "--on", "2026-11-20")


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_decision_is_recorded_with_all_that_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD, subject=Subject("Tool", plan="Pro", users=40))
    options = ("--rationale", "Fits.", "--consulted", "Works council", "--considered", "Nothing", "--left-off", "AI")
    more = ("--link", "https://tickets.example.com/1", "--users", "30", "--valid-until", "2027-05-01")
    assert main(["decide", "tool", "--decision", "approve", *BOARD, *options, *more]) == 0
    recorded = tmp_path / "decisions" / "tool-pro" / "2026-11-20.toml"
    assert capsys.readouterr().out == f"Recorded: {recorded}\n"
    decision = read_decision(recorded).decision
    assert (decision.decision, decision.decided_by, decision.decided_on, decision.rationale) == (
        Verdict.APPROVE,
        "Tool board",
        date(2026, 11, 20),
        "Fits.",
    )
    assert decision.basis[0].path == path.relative_to(tmp_path).as_posix()
    assert decision.approved_for == ApprovedFor({"outsiders": "no"}, 30, "Pro", ("AI",))
    assert (decision.consulted, decision.considered, decision.links) == (
        ("Works council",),
        ("Nothing",),
        ("https://tickets.example.com/1",),
    )
    assert decision.valid_until == date(2027, 5, 1)


def test_valid_until_is_offered_by_the_first_must_have_to_expire(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", "--decision", "approve", *BOARD])
    decision = read_decision(tmp_path / "decisions" / "tool" / "2026-11-20.toml").decision
    assert decision.valid_until == date(2027, 11, 2)


def test_owner_and_due_belong_to_the_condition_before_them(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    first = ("--condition", "Report", "--owner", "Vendor management", "--due", "2027-03-31")
    options = (*BOARD, "--rationale", "Careful.", *first, "--condition", "Trial with clients")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *options]) == 0
    decision = read_decision(tmp_path / "decisions" / "tool" / "2026-11-20.toml").decision
    assert decision.conditions == (
        Condition("Report", owner="Vendor management", due=date(2027, 3, 31)),
        Condition("Trial with clients"),
    )


def test_conditions_that_are_offered_can_be_taken(tmp_path: Path) -> None:
    said = (Evidence("The vendor's word", Grade.CLAIM, DAY),)
    devices = Answer(level=1, answered=DAY, evidence=said)
    assessed(tmp_path, {"devices": devices, "network": Answer(level=1, answered=DAY)})
    main(["decide", "tool", "--decision", "approve-with-conditions", *BOARD, "--offered-conditions"])
    decision = read_decision(tmp_path / "decisions" / "tool" / "2026-11-20.toml").decision
    assert [condition.id for condition in decision.conditions] == ["devices"]


def test_a_waiver_lets_a_failed_must_have_pass(tmp_path: Path) -> None:
    assessed(tmp_path, FAILED)
    waiver = ("--waive", "devices", "--reason", "New app in spring.", "--control", "Loaned laptops.")
    rest = ("--owner", "CIO", "--expires", "2027-03-31", "--rationale", "Needed now.")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *BOARD, *waiver, *rest]) == 0
    decision = read_decision(tmp_path / "decisions" / "tool" / "2026-11-20.toml").decision
    assert decision.waivers == (Waiver("devices", "New app in spring.", "Loaned laptops.", "CIO", date(2027, 3, 31)),)


def test_a_new_decision_supersedes_the_one_before(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"])
    main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-27"])
    assert read_decision(tmp_path / "decisions" / "tool" / "2026-11-27.toml").decision.supersedes == "2026-11-20.toml"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--decision", "approve"], "--decision needs --by NAME: say who decides"),
        (["--rationale", "Because."], "--rationale needs --decision VERDICT"),
        (["--condition", "Report"], "--condition needs --decision VERDICT"),
        (
            ["--decision", "hold", *BOARD],
            "Not recorded:\n- The decision (hold) differs from the verdict (approve): say why in the rationale.",
        ),
        (
            ["--decision", "approve", *BOARD, "--waive", "device"],
            "--waive: 'device' is not known; did you mean 'devices'?",
        ),
        (
            ["--decision", "approve", *BOARD, "--waive", "devices", "--reason", "Spring."],
            "--waive devices needs --control, --owner, --expires after it",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_recorded(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", *options]) == 2
    assert capsys.readouterr() == ("", f"{message}\n")
    assert not list((tmp_path / "decisions").rglob("*.toml"))


def test_better_than_the_verdict_needs_a_waiver(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, FAILED)
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--rationale", "We want it."]) == 2
    assert "needs a waiver for it" in capsys.readouterr().err


def test_a_broken_seal_has_to_be_confirmed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, {**GOOD, "network": Answer(level=1, answered=DAY, note="Mine.")})
    path.write_text(path.read_text(encoding="utf-8").replace("Mine.", "Theirs."), encoding="utf-8")
    assert main(["decide", "tool", "--decision", "approve", *BOARD]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Read the file through, then confirm it with --confirm-seal."
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--confirm-seal"]) == 0


def test_a_changed_rubric_is_no_ground_for_a_decision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    rubric = house_rubric(tmp_path)
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("Which devices", "What devices"), encoding="utf-8")
    assert main(["decide", "tool", "--decision", "approve", *BOARD]) == 2
    assert "The rubric has changed since" in capsys.readouterr().err


def test_of_several_reviewers_one_has_to_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = assessed(tmp_path, GOOD, reviewer="Ada")
    second = assessed(tmp_path, GOOD, reviewer="Ben")
    assert main(["decide", "tool", "--decision", "approve", *BOARD]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("tool has several equally recent assessments; choose one with --assessment: ")
    assert {str(first), str(second)} == {part.strip() for part in shown.split(": ", 1)[1].split(",")}
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--assessment", str(second)]) == 0


def test_an_unknown_subject_is_asked_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Meeting tool"))
    assert main(["decide", "meetingtol", "--decision", "approve", *BOARD]) == 2
    assert capsys.readouterr().err == 'there is no subject "meetingtol"; did you mean "meeting-tool"?\n'


APPROVE = ("--decision", "approve", "--by", "Board")
DUE = ("--condition", "Report", "--owner", "CIO", "--due", "2027-01-15")


def conditions_of(tmp_path: Path, name: str) -> tuple[Condition, ...]:
    return read_decision(tmp_path / "decisions" / "tool" / f"{name}.toml").decision.conditions


def test_open_conditions_are_taken_over_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", *DUE])
    capsys.readouterr()
    assert main(["decide", "tool", *APPROVE, "--on", "2027-02-01", *DUE]) == 0
    assert conditions_of(tmp_path, "2027-02-01") == (Condition("Report", owner="CIO", due=date(2027, 1, 15)),)
    assert capsys.readouterr().err.splitlines() == [
        "Carried over from 2026-11-20.toml: Report (CIO, due 2027-01-15)",
        'The condition "Report" has been overdue since 2027-01-15.',
    ]


def test_a_condition_is_dropped_by_name(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", *DUE])
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-27", "--drop-condition", "Report"]) == 0
    assert conditions_of(tmp_path, "2026-11-27") == ()


def test_a_condition_that_is_not_there_cannot_be_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", *APPROVE, "--drop-condition", "Report"]) == 2
    assert capsys.readouterr().err == "--drop-condition: nothing of that kind carries over\n"


def test_a_rejection_says_that_conditions_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", *DUE])
    capsys.readouterr()
    rejected = ("--decision", "reject", "--by", "Board", "--on", "2026-11-27", "--rationale", "Too dear.")
    assert main(["decide", "tool", *rejected]) == 0
    assert capsys.readouterr().err.splitlines() == [
        "Nothing is approved any more; the conditions of 2026-11-20.toml wait until an approval takes them over.",
        "Changed since 2026-11-20.toml: The decision was approve and is reject.",
    ]
    assert conditions_of(tmp_path, "2026-11-27") == ()


def test_conditions_that_are_missing_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    options = ("--decision", "approve-with-conditions", *BOARD, "--rationale", "Careful.")
    assert main(["decide", "tool", *options]) == 0
    assert capsys.readouterr().err == "The decision is to approve with conditions, but it names none.\n"


def test_a_due_day_before_the_decision_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", *APPROVE, "--on", "2027-01-16", *DUE]) == 2
    assert "before the day of the decision, 2027-01-16: give it a later day." in capsys.readouterr().err


def test_a_confirmed_file_is_sealed_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, {**GOOD, "network": Answer(level=1, answered=DAY, note="Mine.")})
    path.write_text(path.read_text(encoding="utf-8").replace("Mine.", "Theirs."), encoding="utf-8")
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--confirm-seal"]) == 0
    assert read_assessment(path).seal is Seal.INTACT
    assert path.with_name(f"{path.name}.orig").is_file()
    told = "Sealed again: assessments/tool/2026-11-02-ada.toml; the previous version is kept as "
    assert capsys.readouterr().err.startswith(told)
    assert main(["check", str(tmp_path)]) == 0


RENEWED = (
    "--left-off",
    "AI",
    "--consulted",
    "Works council",
    "--considered",
    "Nothing",
    "--link",
    "https://x.example/1",
)
WAIVED = ("--waive", "devices", "--reason", "Spring.", "--control", "Laptops.", "--owner", "CIO", "--expires")


def decision_of(tmp_path: Path, name: str) -> Decision:
    return read_decision(tmp_path / "decisions" / "tool" / f"{name}.toml").decision


def _renewed(tmp_path: Path, *options: str) -> Decision:
    """A tool approved on 20 November with all that can go over, and approved again a week later."""
    assessed(tmp_path, FAILED)
    more = ("--rationale", "Needed now.", *DUE)
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-20", *more, *RENEWED, *WAIVED, "2027-03-31"]) == 0
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-27", "--rationale", "Still needed.", *options]) == 0
    return decision_of(tmp_path, "2026-11-27")


def test_a_renewed_decision_takes_everything_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = _renewed(tmp_path)
    before = decision_of(tmp_path, "2026-11-20")
    for name in ("approved_for", "conditions", "waivers", "consulted", "considered", "links"):
        assert getattr(now, name) == getattr(before, name)
    assert "Carried over from 2026-11-20.toml: not covered: AI" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--drop-left-off", "AI", "Not covered, dropped: AI."),
        ("--drop-condition", "Report", "Condition dropped: Report."),
        ("--drop-consulted", "Works council", "Consulted, dropped: Works council."),
        ("--drop-considered", "Nothing", "Considered, dropped: Nothing."),
        ("--drop-link", "https://x.example/1", "Links, dropped: https://x.example/1."),
    ],
)
def test_what_is_dropped_by_name_is_said(
    option: str, name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _renewed(tmp_path, option, name)
    assert f"Changed since 2026-11-20.toml: {said}" in capsys.readouterr().err.splitlines()


def test_a_waiver_that_is_dropped_has_to_be_given_anew(tmp_path: Path) -> None:
    now = _renewed(tmp_path, "--drop-waiver", "devices", *WAIVED, "2027-01-31")
    assert [waiver.expires for waiver in now.waivers] == [date(2027, 1, 31)]


def test_a_waiver_that_is_over_does_not_go_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, FAILED)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", "--rationale", "Now.", *WAIVED, "2026-11-25"])
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-27", "--rationale", "Still."]) == 2
    assert "needs a waiver for it" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--users", "99"), ("--users", "0"), ("--left-off", "AI")])
@pytest.mark.parametrize("taken", ["hold", "reject"])
def test_what_a_decision_does_not_record_is_refused(option: tuple[str, str], taken: str, tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", "--decision", taken, *BOARD, "--rationale", "Wait.", *option]) == 2
    assert not (tmp_path / "decisions" / "tool").exists()


@pytest.mark.parametrize("option", [("--left-off", "AI"), ("--users", "0"), ("--link", "x"), ("--confirm-seal",)])
def test_what_the_screen_would_not_take_is_refused(option: tuple[str, ...], tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", *option]) == 2


def test_a_hold_needs_no_waiver(tmp_path: Path) -> None:
    assessed(tmp_path, FAILED)
    assert main(["decide", "tool", "--decision", "hold", *BOARD, "--rationale", "Until they sign."]) == 0


def test_valid_until_is_bounded_by_the_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--valid-until", "2027-11-21"]) == 2
    assert "It is valid until 2027-11-21; the policy allows 2027-11-20 at most." in capsys.readouterr().err
    assert main(["decide", "tool", "--decision", "approve", *BOARD, "--valid-until", "2027-11-20"]) == 0


def test_a_rejection_of_today_supersedes_an_approval_of_next_week(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-27"])
    main(["decide", "tool", "--decision", "reject", "--by", "CISO", "--on", "2026-11-20", "--rationale", "A breach."])
    for on in ("2026-11-20", "2026-11-27", "2027-01-01"):
        capsys.readouterr()
        main(["list", "--on", on, "--json"])
        (listed,) = json.loads(capsys.readouterr().out)
        assert listed["decision"]["decision"] == "reject"
        main(["report", "tool", "--for", "requester", "--on", on])
        assert "No, Tool may not be used." in capsys.readouterr().out


def test_an_approval_of_today_does_not_answer_for_last_month(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20"])
    capsys.readouterr()
    main(["list", "--on", "2026-11-19", "--json"])
    assert json.loads(capsys.readouterr().out)[0]["decision"] is None
    main(["report", "tool", "--on", "2026-11-19"])
    assert "**No decision recorded yet**" in capsys.readouterr().out


def test_two_that_supersede_the_same_one_approve_nothing_until_one_supersedes_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    folder = tmp_path / "decisions" / "tool"
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20"])
    main(["decide", "tool", *APPROVE, "--on", "2026-11-21"])
    kept = (folder / "2026-11-21.toml").read_bytes()
    (folder / "2026-11-21.toml").unlink()
    main(["decide", "tool", *APPROVE, "--on", "2026-11-22"])
    (folder / "2026-11-21.toml").write_bytes(kept)
    capsys.readouterr()
    main(["list", "--on", "2026-11-23"])
    assert "These decisions contradict each other" in " ".join(capsys.readouterr().out.split())
    main(["report", "tool", "--for", "requester", "--on", "2026-11-23"])
    assert "We cannot say today whether you may use Tool." in capsys.readouterr().out
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-24"]) == 0
    assert set(decision_of(tmp_path, "2026-11-24").replaces) == {"2026-11-21.toml", "2026-11-22.toml"}
    capsys.readouterr()
    main(["report", "tool", "--for", "requester", "--on", "2026-11-24"])
    assert "Yes, you may use Tool." in capsys.readouterr().out


@pytest.mark.parametrize("between", ["hold", "reject"])
def test_what_limits_an_approval_goes_over_a_decision_that_approves_nothing(
    between: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", "--left-off", "AI companion", *DUE])
    waiting = ["--decision", between, "--by", "Board", "--rationale", "A breach."]
    assert main(["decide", "tool", *waiting, "--on", "2026-11-21"]) == 0
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-22"]) == 0
    first, _, last = sorted(Workspace(tmp_path).subject("tool").decisions, key=lambda file: file.path.name)
    assert "Carried over from 2026-11-21.toml, 2026-11-20.toml: not covered: AI companion" in capsys.readouterr().err
    assert last.decision.approved_for.left_off == ("AI companion",)
    assert last.decision.conditions == first.decision.conditions != ()


def test_what_was_dropped_by_name_stays_dropped_across_a_hold(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    main(["decide", "tool", *APPROVE, "--on", "2026-11-20", "--left-off", "AI companion"])
    main(["decide", "tool", *APPROVE, "--on", "2026-11-21", "--drop-left-off", "AI companion"])
    main(["decide", "tool", "--decision", "hold", "--by", "Board", "--rationale", "Wait.", "--on", "2026-11-22"])
    assert main(["decide", "tool", *APPROVE, "--on", "2026-11-23"]) == 0
    (last, *_) = Workspace(tmp_path).subject("tool").decisions
    assert last.decision.approved_for.left_off == ()


@pytest.mark.parametrize(
    "options",
    [
        ("hold", "--rationale", "We wait."),
        (
            "approve",
            "--rationale",
            "Fits.",
            "--left-off",
            "AI",
            "--consulted",
            "Works council",
            "--link",
            "https://a.example/",
        ),
        (
            "approve-with-conditions",
            "--rationale",
            "Fits.",
            "--condition",
            "Report",
            "--owner",
            "Ada",
            "--due",
            "2027-03-31",
        ),
    ],
    ids=lambda options: options[0],
)
def test_the_same_again_on_the_same_day_is_one_decision(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # as after a kill between the record and the word of it
    assessed(tmp_path, GOOD)
    for _ in range(2):
        assert main(["decide", "tool", "--decision", *options, *BOARD]) == 0
        assert capsys.readouterr().out == f"Recorded: {tmp_path / 'decisions' / 'tool' / '2026-11-20.toml'}\n"
    assert [path.name for path in (tmp_path / "decisions" / "tool").iterdir()] == ["2026-11-20.toml"]
