"""What becomes of a decision: conditions met and moved, withdrawal, the next review, history."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from house import DAY, FAILED, GOOD, JOB, approved, assessed, in_words
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Subject
from toolvet.domain.records import Proof, RecordKind
from toolvet.services.assessments import Session, clock_of
from toolvet.services.overview import ToolRow, row_of, view_of
from toolvet.storage.reader import read_assessment, read_decision, read_record
from toolvet.storage.toml_input import hex_digest
from toolvet.storage.workspace import Workspace


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def records(folder: Path) -> list[Path]:
    return sorted((folder / "decisions" / "tool" / "records").glob("*.toml"))


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_a_condition_is_met_with_a_file_as_proof(tmp_path: Path) -> None:
    approved(tmp_path)
    (tmp_path / "evidence" / "report.txt").write_text("It conforms.")
    given = ("--met", "--evidence", "evidence/report.txt", "--by", "Ada", "--on", "2027-02-01")
    assert main(["condition", "tool", "1", *given]) == 0
    record = read_record(records(tmp_path)[0]).record
    assert (record.record, record.condition, record.by, record.on) == (
        RecordKind.CONDITION_MET,
        "condition-1",
        "Ada",
        date(2027, 2, 1),
    )
    assert record.evidence == (Proof("evidence/report.txt", hex_digest(b"It conforms.")),)


def test_a_record_never_changes_the_decision(tmp_path: Path) -> None:
    path = approved(tmp_path)
    before = path.read_bytes()
    main(["condition", "tool", "1", "--met", "--evidence", "https://x.example", "--on", "2027-02-01"])
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("9", "--met", "--evidence", "x"), 'there is no condition "9"'),
        (("1", "--met"), "--met needs a proof"),
        (("1",), "say what happened"),
        (("1", "--move", "2027-06-01"), "--move needs --why"),
        (("1", "--move", "2026-12-01", "--why", "x", "--on", "2027-01-01"), "before 2027-01-01"),
        (("1", "--met", "--evidence", "x", "--on", "2026-11-19"), "has no decision on 2026-11-19"),
        (("1", "--met", "--evidence", "evidence/none.pdf"), "does not exist"),
    ],
)
def test_a_record_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], words: str
) -> None:
    approved(tmp_path)
    on = () if "--on" in given else ("--on", "2027-02-01")
    assert main(["condition", "tool", *given, *on]) == 2
    assert words in capsys.readouterr().err
    assert records(tmp_path) == []


def test_every_page_says_the_same_of_a_moved_condition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    main(["condition", "tool", "2", "--move", "2027-02-15", "--why", "Later.", "--on", "2027-01-10"])
    capsys.readouterr()
    on = ("--on", "2027-02-16")
    main(["list", *on])
    assert "approved until 2027-11-02, 1 condition overdue" in " ".join(out(capsys).split())
    main(["list", "--json", *on])
    listed = json.loads(out(capsys))[0]["decision"]
    assert listed["stands"] == "approved, a condition overdue"
    main(["register", "--json", *on])
    assert json.loads(out(capsys))[0]["state"] == "approved, 1 condition overdue"
    main(["report", "tool", *on])
    assert "Overdue, due 15 February 2027, owned by IT (moved from 15 January 2027" in out(capsys)
    main(["report", "tool", "--for", "requester", *on])
    assert "overdue since 15 February 2027" in out(capsys)


def test_a_withdrawal_is_on_every_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert main(["withdraw", "tool", "--why", "Breach reported.", "--on", "2027-01-10"]) == 0
    capsys.readouterr()
    on = ("--on", "2027-01-10")
    main(["list", "--json", *on])
    listed = json.loads(out(capsys))[0]
    assert (listed["decision"]["stands"], listed["decision"]["ends"], listed["due"]) == ("withdrawn", "2027-01-09", [])
    for command in (["list"], ["report", "tool"], ["report", "tool", "--for", "requester"], ["register"]):
        main([*command, *on])
        assert "Breach reported" in out(capsys)
    main(["report", "tool", "--for", "requester", "--on", "2027-01-09"])
    assert out(capsys).splitlines()[2] == "**Yes, you may use Tool, under the conditions below.**"


def test_a_decision_that_was_edited_and_withdrawn_is_both_on_every_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = approved(tmp_path)
    main(["withdraw", "tool", "--why", "Breach reported.", "--on", "2027-01-10"])
    path.write_text(path.read_text().replace("Fits.", "Fits well."))
    capsys.readouterr()
    on = ("--on", "2027-01-10")
    both = "withdrawn since 2027-01-10, to be confirmed"

    def said(*command: str) -> str:
        main([*command, *on])
        return " ".join(out(capsys).split())

    (listed,) = json.loads(said("list", "--json"))
    assert (listed["decision"]["stands"], bool(listed["doubts"])) == ("withdrawn", True)
    assert "was changed outside toolvet" in said("list")
    (entry,) = json.loads(said("register", "--json"))
    assert (entry["group"], entry["state"]) == ("ended", both)
    assert entry["why"] == "Breach reported. What was decided before has to be confirmed."
    report = said("report", "tool")
    assert "The approval was withdrawn on 10 January 2027" in report
    assert "Breach reported." in report
    assert "was changed outside toolvet" in report
    letter = said("report", "tool", "--for", "requester")
    assert "No longer: the approval of Tool was withdrawn on 10 January 2027." in letter
    assert "Breach reported." in letter
    assert "has to be confirmed" in letter
    row = home_row(tmp_path, date(2027, 1, 10))
    assert (row.state, row.is_over, row.is_unsettled) == (in_words(both), True, False)


def test_a_record_that_cannot_be_read_leaves_nothing_approved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-10"])
    records(tmp_path)[0].write_text("<<<<<<< HEAD\n")
    capsys.readouterr()
    assert main(["report", "tool", "--for", "requester", "--on", "2027-01-11"]) == 3
    assert "We cannot say today" in out(capsys)


def test_check_tells_of_a_record_of_no_condition_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    path = tmp_path / "decisions" / "tool" / "records" / "2027-01-01-met.toml"
    path.parent.mkdir()
    path.write_text(
        'format = 1\nrecord = "condition-met"\ndecision = "2026-11-20.toml"\nby = "A"\non = 2026-11-01\n'
        'condition = "other"\nevidence = [{ source = "x" }]\n'
    )
    capsys.readouterr()
    assert main(["check", str(path)]) == 1
    assert out(capsys).splitlines() == [
        f"{path}:5: It is dated 2026-11-01, before the decision of 2026-11-20; give it the day of the decision or a "
        "later one.",
        f'{path}:6: 2026-11-20.toml has no condition "other"; it has condition-1 and condition-2.',
    ]


def test_the_next_decision_takes_over_only_what_is_open(tmp_path: Path) -> None:
    approved(tmp_path)
    main(["condition", "tool", "1", "--met", "--evidence", "x", "--on", "2027-02-01"])
    main(["condition", "tool", "2", "--move", "2027-05-01", "--why", "x", "--on", "2027-01-10"])
    given = ("--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Again.", "--on", "2027-02-02")
    assert main(["decide", "tool", *given]) == 0
    decision = read_decision(tmp_path / "decisions" / "tool" / "2027-02-02.toml").decision
    assert [(one.text, one.due) for one in decision.conditions] == [("Lock the rooms.", date(2027, 5, 1))]


def test_a_dry_run_records_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    options = ("--decision", "approve", "--by", "Board", "--on", "2026-11-20", "--dry-run")
    assert main(["decide", "tool", *options]) == 0
    assert "decision: approve\ndecided by: Board\n" in out(capsys)
    assert list((tmp_path / "decisions").rglob("*.toml")) == []


def test_a_review_again_starts_from_the_last_answers_to_be_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = assessed(tmp_path, GOOD)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-11-01"])
    (begun,) = (tmp_path / "assessments" / "tool").glob("2027-*.toml")
    before, now = read_assessment(path).assessment, read_assessment(begun).assessment
    assert now.started == date(2027, 11, 1)
    assert now.answers["devices"].answered == before.answers["devices"].answered
    assert {answer.confirm for answer in now.answers.values()} == {f"carried over from the review of {DAY}"}


def test_an_answer_carried_over_is_confirmed_once_its_old_evidence_is_renewed_and_the_report_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    typed = "k\n\nk\n2028-01-02\n0\nquit\n"  # the first time without a day, so that it stays to be confirmed
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    main(["assess", "tool", "--again", "--plain", "--on", "2028-01-03"])
    told = capsys.readouterr()
    assert "Still to be confirmed: that evidence is past its shelf life." in told.out + told.err
    (begun,) = (tmp_path / "assessments" / "tool").glob("2028-*.toml")
    answer = read_assessment(begun).assessment.answers["devices"]
    assert (answer.confirm, answer.answered, answer.evidence[0].date) == (None, date(2028, 1, 3), date(2028, 1, 2))
    main(["report", str(begun), "--on", "2028-01-03"])
    page = out(capsys)
    assert "Confirmed as they were: Devices." in page
    assert "Network: level 1 → level 0" in page


def test_history_tells_everything_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    main(["condition", "tool", "1", "--met", "--evidence", "x", "--on", "2027-02-01"])
    assessed(tmp_path, FAILED, subject=Subject("Tool", job=JOB), on=date(2027, 3, 1))
    capsys.readouterr()
    main(["history", "tool", "--json", "--on", "2027-03-02"])
    events = json.loads(out(capsys))
    assert [(event["on"], event["what"]) for event in events] == [
        ("2026-11-02", "assessment"),
        ("2026-11-20", "decision"),
        ("2027-02-01", "record"),
        ("2027-03-01", "assessment"),
    ]
    assert "Verdict: approve → reject" in events[-1]["changes"]
    assert '"Devices", level: 2 → 0' in events[-1]["changes"]


def test_a_difference_names_questions_by_their_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = assessed(tmp_path, GOOD)
    other = assessed(tmp_path, {**GOOD, "network": FAILED["devices"]}, on=date(2027, 1, 1))
    assert main(["diff", str(one), str(other)]) == 0
    assert out(capsys).splitlines() == ["started: 2026-11-02 → 2027-01-01", '"Network", level: 1 → 0']


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b'format = 1\nnote = "cut', "line 2: "),
        (b"<<<<<<< ours\nnote = 1\n", "line 1: "),
        (b"format = 99\n[rubric]\n", "line 1: written by a newer toolvet"),
        (b"#" * 2**20 + b"\n", "is larger than 1 MiB"),
        (b"\xff\xfe\n", "line 1: is not UTF-8 text"),
    ],
)
def test_a_version_that_cannot_be_used_does_not_end_the_log_of_git(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, wrong: str
) -> None:
    told = []
    for version in (content, content + b"\n"):
        (tmp_path / "a.toml").write_bytes(version)
        assert main(["diff", "a.toml"]) == 0
        told.append(out(capsys))
    assert told[0].startswith(f"cannot be shown in words: {wrong}")
    assert told[0] != told[1]
    assert not any(word in told[0] for word in ("note", str(tmp_path)))


def home_row(folder: Path, on: date) -> ToolRow:
    workspace = Session(Workspace(folder), clock_of(on)).workspace
    return row_of(view_of(workspace, workspace.subject("tool"), on), workspace)


def assert_again(folder: Path, capsys: pytest.CaptureFixture[str], on: date, state: str) -> None:
    """Home, list, register and subject say that the tool in that state is under review again."""
    row = home_row(folder, on)
    assert (row.state, row.is_again) == (f"{state}, under review again", True)
    capsys.readouterr()
    for arguments in (["list"], ["register", "--json"], ["subject", "tool"]):
        main([*arguments, "--on", str(on)])
        assert "under review again" in re.sub(r"\s+", " ", out(capsys)), arguments
    main(["list", "--json", "--on", str(on)])
    assert json.loads(out(capsys))[0]["decision"]["under_review_again"] is True


@pytest.mark.parametrize(
    ("withdrawn", "front", "answer"),
    [
        (
            False,
            "until then: approved, 1 condition overdue",
            "Ask first: Tool is approved, but 1 condition is overdue.",
        ),
        (
            True,
            "until then: withdrawn since 1 February 2027",
            "No longer: the approval of Tool was withdrawn on 1 February",
        ),
    ],
)
def test_while_it_is_reviewed_again_the_decision_in_force_is_what_every_page_tells(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    withdrawn: bool,
    front: str,
    answer: str,
) -> None:
    approved(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("k\nk\n"))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-01-20"])
    if withdrawn:
        main(["withdraw", "tool", "--why", "A breach.", "--on", "2027-02-01"])
    capsys.readouterr()
    main(["report", "tool", "--on", "2027-02-01"])
    page = out(capsys)
    assert f"Under review again; {front}" in page
    assert ("A breach." in page) is withdrawn
    assert_again(tmp_path, capsys, date(2027, 2, 1), front.removeprefix("until then: "))
    main(["report", "tool", "--for", "requester", "--on", "2027-02-01"])
    letter = out(capsys)
    assert answer in letter
    assert "We are looking at it again." in letter


def test_a_review_that_has_just_begun_is_told_beside_the_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assessed(tmp_path, {"devices": GOOD["devices"]}, on=date(2027, 1, 20))
    assert not home_row(tmp_path, date(2027, 1, 19)).is_again
    assert_again(tmp_path, capsys, date(2027, 1, 20), "approved, 1 condition overdue")
    main(["report", "tool", "--on", "2027-01-20"])
    assert "It is under review again: a newer assessment has no decision yet." in out(capsys)
    main(["report", "tool", "--for", "requester", "--on", "2027-01-20"])
    assert "We are looking at it again." in out(capsys)


def test_nothing_is_due_of_a_tool_that_was_withdrawn_until_it_is_under_review_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def due(on: str) -> tuple[list[str], list[str]]:
        main(["list", "--due", "30", "--json", "--on", on])
        listed = [one["kind"] for entry in json.loads(out(capsys)) for one in entry["due"]]
        return listed, [one.words for one in home_row(tmp_path, date.fromisoformat(on)).due]

    approved(tmp_path)
    capsys.readouterr()
    assert "must-have" in due("2027-12-01")[0]
    main(["withdraw", "tool", "--why", "A breach.", "--on", "2027-10-01"])
    capsys.readouterr()
    assert due("2027-12-01") == ([], [])
    assessed(tmp_path, GOOD, on=date(2027, 12, 1))
    listed, shown = due("2027-12-01")
    assert listed == ["must-have"]
    assert "expired" in shown[0]


def test_a_second_opinion_is_no_new_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    path = assessed(tmp_path, GOOD, reviewer="Zoe")
    assert home_row(tmp_path, date(2026, 11, 21)).state == "approved, 2 conditions open"
    capsys.readouterr()
    main(["report", str(path), "--on", "2026-11-21"])
    page = out(capsys)
    assert "A second opinion; the decision rests on another assessment: approved, 2 conditions open" in page
    assert "again" not in page.split("## ")[0]


def test_a_renewal_keeps_a_condition_that_was_moved_and_is_overdue(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    approved(tmp_path)
    main(["condition", "tool", "1", "--met", "--evidence", "Seen.", "--on", "2027-01-05"])
    main(["condition", "tool", "2", "--move", "2027-02-01", "--why", "Later.", "--on", "2027-01-10"])
    again = ("--by", "Board", "--rationale", "Renewed.", "--on", "2027-03-01")
    capsys.readouterr()
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *again]) == 0
    assert "Condition dropped" not in capsys.readouterr().err
    assert main(["verify"]) == 0
    main(["subject", "tool", "--on", "2027-03-01"])
    assert "state: approved, 1 condition overdue" in out(capsys)


def test_the_report_on_an_assessment_before_the_one_decided_on_is_no_new_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = assessed(tmp_path, FAILED, on=date(2026, 10, 1))
    assessed(tmp_path, GOOD)
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"]) == 0
    capsys.readouterr()
    assert main(["report", str(earlier), "--on", "2026-11-21"]) == 0
    said = "**An earlier assessment; the decision rests on a later one: approved**"
    assert said in capsys.readouterr().out.split("## ")[0]


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2026-12-01", "You should hear from us by 1 December 2026. If not, ask then."),
        ("2026-12-02", "We promised an answer by 1 December 2026 and are late. Ask us now."),
    ],
)
def test_a_letter_owns_up_to_a_promise_that_was_not_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], on: str, told: str
) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Tool", answer_by=date(2026, 12, 1)))
    main(["report", "tool", "--for", "requester", "--on", on])
    assert told in out(capsys)


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_new_review_does_not_promise_what_was_answered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_decided: bool
) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Tool", answer_by=date(2026, 12, 1)))
    if is_decided:
        main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2026-11-20"])
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-01-20"])
    begun = Workspace(tmp_path).folder_named("tool").assessments[0].assessment
    assert begun.started == date(2027, 1, 20)
    assert begun.subject.answer_by == (None if is_decided else date(2026, 12, 1))


def test_a_dry_run_tells_the_day_it_ends_what_changes_and_what_to_mind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, {**GOOD, "devices": Answer(unknown="Asked.", answered=DAY)})
    waiver = ("--waive", "devices", "--reason", "x", "--control", "Phone.", "--owner", "CIO", "--expires")
    decide = ("decide", "tool", "--decision", "approve-with-conditions", "--by", "Board", "--rationale", "x")
    main([*decide, *waiver, "2027-02-01", "--on", "2026-11-20"])
    capsys.readouterr()
    assert main([*decide, *waiver, "2027-03-01", "--on", "2026-12-01", "--dry-run"]) == 0
    shown = capsys.readouterr()
    assert "ends: 1 March 2027, when the waiver of 1 must-have expires; the decision itself says" in shown.out
    assert "It was valid until 1 February 2027, and is now valid until 1 March 2027." in shown.err


def test_the_name_of_the_reviewer_can_be_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = assessed(tmp_path, GOOD, reviewer="Ada")
    assert main(["subject", "tool", "--reviewer", "Ada Marsh"]) == 0
    assert read_assessment(path).assessment.reviewer.name == "Ada Marsh"
    assert main(["subject", "tool", "--reviewer", ""]) == 2
    assessed(tmp_path, GOOD, reviewer="Ben")
    capsys.readouterr()
    assert main(["subject", "tool", "--reviewer", "Cleo"]) == 2
    assert "assessments of several reviewers" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ("condition", "tool", "1", "--move", "2027-05-01", "--why", " "),
        ("condition", "tool", "1", "--met", "--evidence", ""),
        ("withdraw", "tool", "--why", " "),
        ("withdraw", "tool", "--why", "Breach.", "--by", " "),
        ("decide", "tool", "--decision", "hold", "--by", " "),
        ("decide", "tool", "--decision", "approve", "--by", "Board", "--condition", " "),
    ],
)
def test_a_blank_is_no_reason_no_name_and_no_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    approved(tmp_path)
    before = sorted(tmp_path.rglob("*.toml"))
    capsys.readouterr()
    assert main([*command, "--on", "2026-12-05"]) == 2
    assert "it is empty; say something" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*.toml")) == before


def test_two_assessments_of_one_day_are_told_as_they_were_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (assessed(tmp_path, answers) for answers in (GOOD, FAILED))
    assert main(["history", "tool", "--json"]) == 0
    events = json.loads(capsys.readouterr().out)
    assert [Path(event["file"]).name for event in events] == [first.name, second.name]
    assert events[1]["changes"] != []


def test_nothing_is_signed_over_an_assessment_that_was_changed_after_the_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    (tmp_path / "key").touch()
    (path,) = (tmp_path / "assessments" / "tool").glob("*.toml")
    path.write_bytes(path.read_bytes().replace(b"level = 2", b"level = 1", 1))
    sign = ("sign", "tool", "--key", str(tmp_path / "key"), "--by", "Ada", "--on", "2026-11-21")
    assert main(["--workspace", str(tmp_path), *sign]) != 0
    assert "was changed after the decision; bring it back as it was, then sign" in capsys.readouterr().err
    assert list(tmp_path.glob("decisions/*/records/*")) == []
