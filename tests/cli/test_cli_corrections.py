"""What was typed about a tool is corrected after a decision, which stays as it is; every page has the new facts."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest

from house import GOOD, JOB, approved, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Correction, Subject
from toolvet.domain.records import RecordKind
from toolvet.services.assessments import Session, clock_of
from toolvet.services.overview import view_of
from toolvet.storage.reader import read_assessment, read_record
from toolvet.storage.toml_input import Seal, seal_line
from toolvet.storage.workspace import Workspace

RECORDS = Path("decisions", "tool", "records")
RECORD = RECORDS / "2027-01-05-corrected.toml"


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")


def correct(*given: str, on: str = "2027-01-05") -> int:
    return main(["subject", "tool", *given, "--on", on])


def printed(capsys: pytest.CaptureFixture[str], *command: str, on: str = "2027-02-01") -> str:
    capsys.readouterr()
    assert main([*command, "--on", on]) == 0
    return capsys.readouterr().out


def write(name: str, text: str) -> Path:
    """A record as somebody may write it by hand and seal it."""
    RECORDS.mkdir(exist_ok=True)
    body = f"format = 1\n{text}".encode()
    path = RECORDS / name
    path.write_bytes(seal_line(body) + body)
    return path


def hostile(users: str, *, on: str = "2027-01-05", decision: str = "2026-11-20.toml") -> str:
    return f'record = "corrected"\ndecision = "{decision}"\nby = "Eve"\non = {on}\n\n{users}\n'


def test_a_correction_is_a_record_and_what_was_decided_keeps_every_byte(tmp_path: Path) -> None:
    decision = approved(tmp_path)
    files = [decision, *(tmp_path / "assessments" / "tool").glob("*.toml")]
    before = [path.read_bytes() for path in files]
    assert correct("--users", "500", "--plan", "Business", "--why", "Sales joined.") == 0
    assert [path.read_bytes() for path in files] == before
    record = read_record(RECORD).record
    assert (record.record, record.by, record.on, record.why) == (
        *(RecordKind.CORRECTED, "Ada", date(2027, 1, 5)),
        "Sales joined.",
    )
    assert record.corrections == (Correction("plan", None, "Business"), Correction("users", 40, 500))
    assert main(["verify"]) == 0


def test_every_page_has_the_corrected_facts_from_their_day_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--name", "Tool Two", "--job", "Daily calls", "--requested-by", "Marketing") == 0
    for command in (
        ("list",),
        ("list", "--json"),
        ("list", "--due", "900"),
        ("report", "tool"),
        ("report", "tool", "--for", "requester"),
        ("score", "assessments/tool/2026-11-02-ada.toml"),
        ("register",),
        ("subject", "tool"),
        ("subject", "tool", "--json"),
        ("compare", "tool"),
    ):
        assert "Tool Two" in printed(capsys, *command), command
        assert "Tool Two" not in printed(capsys, *command, on="2027-01-04"), command
    assert "The job: Daily calls." in printed(capsys, "report", "tool")
    assert "Use it for: Daily calls." in printed(capsys, "report", "tool", "--for", "requester")
    rows = json.loads(printed(capsys, "register", "--json"))
    assert [(row["name"], row["job"], row["owner"]) for row in rows] == [("Tool Two", "Daily calls", "Marketing")]
    for day, name in ((date(2027, 1, 4), "Tool"), (date(2027, 1, 5), "Tool Two")):
        workspace = Session(Workspace(tmp_path), clock_of(day)).workspace
        assert view_of(workspace, workspace.folder_named("tool"), day).name == name


def test_the_tool_is_found_by_its_old_name_and_its_new_one(tmp_path: Path) -> None:
    approved(tmp_path)
    assert correct("--name", "Other") == 0
    assert [main(["subject", name]) for name in ("Tool", "Other")] == [0, 0]


def test_a_tool_corrected_twice_is_found_by_every_name_on_every_day(tmp_path: Path) -> None:
    approved(tmp_path)
    assert correct("--name", "Other") == 0
    assert correct("--name", "Third", on="2027-01-06") == 0
    for on in ("2027-01-04", "2027-01-05", "2027-01-06"):
        assert [main(["subject", name, "--on", on]) for name in ("Tool", "Other", "Third")] == [0, 0, 0], on


def test_what_it_was_approved_for_is_as_it_was_decided(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    report = printed(capsys, "report", "tool")
    assert "40 users at most. 500 users are planned; the others are not covered." in report
    assert "| Users | 500 |" in report
    assert json.loads(printed(capsys, "register", "--json"))[0]["users"] == 40


def test_report_and_history_say_what_was_corrected_by_whom_and_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500", "--why", "Sales joined.") == 0
    words = "| Corrected | Users 40 → 500. By Ada on 5 January 2027. Sales joined. |"
    assert words in printed(capsys, "report", "tool")
    assert words not in printed(capsys, "report", "tool", on="2027-01-04")
    assert "2027-01-05  Corrected by Ada: users 40 → 500. Sales joined." in printed(capsys, "history", "tool")
    assert "corrected: users 40 → 500, by Ada on 2027-01-05" in printed(capsys, "subject", "tool")
    assert json.loads(printed(capsys, "subject", "tool", "--json"))["corrected"] == [
        {"on": "2027-01-05", "by": "Ada", "why": "Sales joined.", "facts": {"users": {"was": 40, "now": 500}}}
    ]


def test_the_next_review_begins_with_the_corrected_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500", "--requested-by", "") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-02-01"])
    begun = read_assessment(tmp_path / "assessments" / "tool" / "2027-02-01-ada.toml").assessment.subject
    assert begun == Subject("Tool", job=JOB, users=500)
    last = printed(capsys, "history", "tool").rpartition("Assessed by")[2]
    assert "subject" not in last  # it was told as a correction


def test_a_review_under_way_has_the_new_facts_too_and_its_own_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-01-02"])
    assert correct("--users", "500", "--requested-by", "Marketing") == 0
    begun = read_assessment(tmp_path / "assessments" / "tool" / "2027-01-02-ada.toml").assessment.subject
    assert (begun.users, begun.requested_by) == (500, "Marketing")
    assert read_record(RECORD).record.corrections == (Correction("users", 40, 500),)


def test_a_correction_is_corrected_and_one_before_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    assert correct("--users", "500", on="2027-01-09") == 0
    assert len([*RECORDS.iterdir()]) == 1  # nothing was changed
    assert correct("--users", "60", on="2027-01-10") == 0
    capsys.readouterr()
    assert correct("--users", "70", on="2027-01-07") == 2
    assert "users was corrected on 2027-01-10 already" in capsys.readouterr().err
    for on, users in (("2027-01-04", 40), ("2027-01-09", 500), ("2027-01-10", 60)):
        assert json.loads(printed(capsys, "subject", "tool", "--json", on=on))["users"] == users


def test_a_later_correction_of_an_earlier_review_stops_none_of_the_next(tmp_path: Path) -> None:
    approved(tmp_path)
    assert correct("--users", "500", on="2027-03-01") == 0
    assessed(tmp_path, GOOD, subject=Subject("Tool", job=JOB, users=40), on=date(2027, 1, 10))
    given = ("--by", "Board", "--rationale", "Fits.", "--on", "2027-01-20")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *given]) == 0
    assert correct("--users", "70", on="2027-02-15") == 0
    assert read_record(RECORDS / "2027-02-15-corrected.toml").record.corrections == (Correction("users", 40, 70),)


def test_a_correction_outlives_a_decision_anew_on_the_same_assessment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-20"])
    again = ("--decision", "reject", "--by", "Board", "--rationale", "Breach.", "--on", "2027-01-25")
    assert main(["decide", "tool", *again]) == 0
    assert json.loads(printed(capsys, "subject", "tool", "--json"))["users"] == 500
    assert main(["verify"]) == 0


def test_before_the_decision_and_with_a_broken_seal_nothing_is_corrected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500", on="2026-11-19") == 2
    assert "It is dated 2026-11-19, before the decision of 2026-11-20" in capsys.readouterr().err
    path = next((tmp_path / "assessments" / "tool").glob("*.toml"))
    path.write_bytes(path.read_bytes().replace(b"users = 40", b"users = 41"))
    assert correct("--users", "500") == 2
    assert "does not match; bring back that file" in capsys.readouterr().err
    assert not RECORDS.exists()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.toml", hostile("[was]\nusers = 41\n[now]\nusers = 9"), "corrects users 41, but users 40 stood there"),
        ("x.toml", hostile("[now]\nusers = 9"), "corrects no users, but users 40 stood there"),
        (
            *("x.toml", hostile("[was]\nusers = 40\n[now]\nusers = 9", on="2026-11-19")),
            "is dated 2026-11-19, before the decision of 2026-11-20",
        ),
        ("x.toml", hostile("[was]\nsize = 40\n[now]\nsize = 9"), "size"),
        ("x.toml", hostile('[was]\nname = "Tool"'), "name cannot be taken away"),
        ("x.toml", hostile(""), "it corrects nothing"),
        ("x.toml", hostile('[now]\nusers = "many"'), "users must be a whole number"),
        ("x.toml", hostile("[now]\nusers = 9", decision="2020-01-01.toml"), "which is not there or cannot be read"),
    ],
)
def test_a_correction_that_does_not_fit_is_told_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    approved(tmp_path)
    write(name, text)
    capsys.readouterr()
    for command in ("verify", "check ."):
        assert main(command.split()) == 1
        assert told in capsys.readouterr().out, command
    is_told = main(["list", "--on", "2027-02-01"]) == 3
    shown = capsys.readouterr()
    assert (is_told and told in shown.err) or "not confirmed" in shown.out
    main(["subject", "tool", "--json", "--on", "2027-02-01"])
    assert json.loads(capsys.readouterr().out)["users"] == 40


def test_a_correction_that_does_not_fit_stops_nothing_before_its_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    write("2027-01-05-corrected.toml", hostile("[was]\nusers = 41\n[now]\nusers = 9"))
    commands = (("list",), ("score", "tool"), ("report", "tool"))
    for command in commands:
        assert "corrects users 41" not in printed(capsys, *command, on="2027-01-04"), command
        assert main([*command, "--on", "2027-01-05"]) == 3, command
    assert main(["check", "."]) == 1
    assert "corrects users 41" in capsys.readouterr().out


def test_history_says_that_a_correction_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    write("2027-01-05-corrected.toml", hostile("[was]\nusers = 41\n[now]\nusers = 9"))
    write("2027-01-06-corrected.toml", hostile("[was]\nusers = 40\n[now]\nusers = 50", on="2027-01-06"))
    capsys.readouterr()
    assert main(["history", "tool", "--on", "2027-02-01"]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert (
        "Corrected by Eve: users 41 → 9. It does not count. It corrects users 41, but users 40 stood there, so nothing "
        "is corrected by it; toolvet subject settles it. (decisions/tool/records/2027-01-05-corrected.toml)" in told
    )
    assert "Corrected by Eve: users 40 → 50. (decisions/tool/records/2027-01-06-corrected.toml)" in told


def test_two_that_conflict_are_told_until_one_is_recorded_that_knew_of_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    write("2027-01-06-corrected.toml", hostile("[was]\nusers = 40\n[now]\nusers = 600", on="2027-01-06"))
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "corrects users 40, but users 500 stood there" in capsys.readouterr().out
    assert correct("--users", "500", on="2027-01-07") == 0  # as it stands: that settles it
    assert main(["verify"]) == 0
    assert main(["list", "--on", "2027-02-01"]) == 0
    assert json.loads(printed(capsys, "subject", "tool", "--json"))["users"] == 500


def test_one_of_an_older_review_is_settled_as_it_stands_whatever_is_right_today(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    assessed(tmp_path, GOOD, subject=Subject("Tool", users=700), on=date(2027, 1, 6))
    given = ("--decision", "approve", "--by", "Board", "--rationale", "Renewed.", "--on", "2027-01-06")
    assert main(["decide", "tool", *given]) == 0
    write("2027-01-05-corrected-2.toml", hostile("[was]\nusers = 40\n[now]\nusers = 600"))  # merged in late
    capsys.readouterr()
    assert main(["list", "--on", "2027-02-01"]) == 3
    assert "corrects users 40, but users 500 stood there" in capsys.readouterr().err
    assert correct("--plan", "Business", on="2027-01-07") == 3  # another fact settles nothing
    assert correct("--users", "700", on="2027-01-08") == 0
    assert read_record(RECORDS / "2027-01-08-corrected.toml").record.corrections == (Correction("users", 500, 500),)
    assert main(["list", "--on", "2027-02-01"]) == 0
    assert json.loads(printed(capsys, "subject", "tool", "--json"))["users"] == 700


def test_a_correction_is_missed_where_it_was_taken_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    main(["condition", "tool", "1", "--met", "--evidence", "Seen.", "--on", "2027-01-08"])
    RECORD.unlink()
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "2027-01-05-corrected.toml was recorded, and is gone" in capsys.readouterr().out


def test_facts_and_their_corrections_are_exported(tmp_path: Path) -> None:
    approved(tmp_path)
    assert correct("--users", "500") == 0
    assert main(["export", "--on", "2027-02-01", "-o", "out", "--format", "jsonl"]) == 0
    subjects = [json.loads(line) for line in (tmp_path / "out" / "subjects.jsonl").read_text().splitlines()]
    records = [json.loads(line) for line in (tmp_path / "out" / "records.jsonl").read_text().splitlines()]
    assert [row["users"] for row in subjects] == [500]
    assert [(row["kind"], row["corrected"]) for row in records] == [("corrected", "users 40 → 500")]


def test_an_empty_text_takes_a_number_or_a_day_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert correct("--users", "") == 0
    assert read_record(RECORD).record.corrections == (Correction("users", 40, None),)
    assert "Corrected by Ada: users 40 → not given." in printed(capsys, "history", "tool")


def test_without_a_name_nobody_is_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(tmp_path)
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    assert correct("--users", "500") == 2
    assert "say who records it" in capsys.readouterr().err
    assert correct("--users", "500", "--by", "Ben") == 0


def test_nobody_corrects_a_review_under_way_in_the_name_of_its_reviewer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = assessed(tmp_path, GOOD, subject=Subject("Tool", users=40))
    monkeypatch.delenv("TOOLVET_REVIEWER")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    before = path.read_bytes()
    assert correct("--users", "500", "--job", JOB) == 2
    assert "say who records it" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert correct("--job", JOB) == 0  # nothing stood there
    assert correct("--users", "500", "--by", "Ben") == 0
    assert [one.by for one in read_assessment(path).assessment.amended] == ["Ben"]


def test_a_second_opinion_that_nobody_decided_on_is_changed_in_its_file(tmp_path: Path) -> None:
    approved(tmp_path)
    other = assessed(tmp_path, GOOD, reviewer="Ben", subject=Subject("Tool", job=JOB, requested_by="Sales", users=40))
    assert correct("--users", "500") == 0
    assert read_assessment(other).assessment.subject.users == 500
    assert read_record(RECORD).record.corrections == (Correction("users", 40, 500),)


def test_what_stood_in_an_assessment_before_any_decision_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD, subject=Subject("Tool", users=40))
    assert correct("--users", "500", "--job", JOB, "--why", "Sales joined.", on="2026-11-09") == 0
    saved = read_assessment(path)
    assert (saved.assessment.subject, saved.seal) == (Subject("Tool", job=JOB, users=500), Seal.INTACT)
    words = "2026-11-09  Corrected by Ada: users 40 → 500. Sales joined."
    assert words in printed(capsys, "history", "tool")
    assert "| Corrected | Users 40 → 500. By Ada on 9 November 2026. Sales joined. |" in printed(
        *(capsys, "report", "tool")
    )
    assert "corrected: users 40 → 500, by Ada on 2026-11-09" in printed(capsys, "subject", "tool")


def test_the_next_review_does_not_repeat_what_was_corrected_in_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed(tmp_path, GOOD, subject=Subject("Tool", users=40))
    assert correct("--users", "500", on="2026-11-09") == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    main(["assess", "tool", "--again", "--plain", "--on", "2027-02-01"])
    newest = Workspace(tmp_path).folder_named("tool").assessments[0].assessment
    assert (newest.started, newest.subject.users, newest.amended) == (date(2027, 2, 1), 500, ())


def test_a_reviewer_is_corrected_in_what_was_decided_and_not_in_an_older_second_opinion(tmp_path: Path) -> None:
    approved(tmp_path)
    (first,) = (tmp_path / "assessments" / "tool").glob("*.toml")
    other = first.with_name("2026-10-01-ben.toml")
    unsealed = [line for line in first.read_bytes().splitlines(keepends=True) if not line.startswith(b"seal")]
    other.write_bytes(b"".join(unsealed).replace(b"started = 2026-11-02", b"started = 2026-10-01"))
    before = (first.read_bytes(), other.read_bytes())
    assert correct("--reviewer", "Ada Marsh") == 0
    assert (first.read_bytes(), other.read_bytes()) == before
    (correction,) = read_record(RECORD).record.corrections
    assert (correction.fact, correction.now) == ("reviewer", "Ada Marsh")


@pytest.mark.parametrize("option", [("--why", "Gone."), ("--by", "Ada"), ("--why", ""), ("--json",)])
@pytest.mark.parametrize("way", ["--archive", "--restore"])
def test_what_archiving_would_not_keep_is_refused(
    way: str, option: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, GOOD)
    assert main(["subject", "tool", way, *option]) == 2
    assert capsys.readouterr().err == (
        "--archive and --restore keep no --why or --by and print no --json; leave them out\n"
    )
    assert main(["list"]) == 0
    assert "Tool" in capsys.readouterr().out
