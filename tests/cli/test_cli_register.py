"""Who learns of a decision: the register, what is due, letters and reports, and tools that are only tolerated."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import docx
import pytest
from icalendar import Calendar

from house import FAILED, GOOD, approved, assessed, calendar, sealed_again
from toolvet.cli.main import main
from toolvet.domain.assessment import Subject
from toolvet.storage.reader import read_decision


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def register_of(folder: Path) -> None:
    approved(folder, "--left-off", "AI companion")
    assessed(folder, FAILED, subject=Subject("Bad", job="weekly calls."))
    main(["decide", "bad", "--decision", "reject", "--by", "Board", "--on", "2026-11-20"])
    assessed(folder, GOOD, subject=Subject("New", answer_by=date(2026, 12, 24)))


def test_the_register_says_what_to_use_instead_and_what_is_promised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register_of(tmp_path)
    capsys.readouterr()
    assert main(["register", "--json", "--on", "2026-12-01"]) == 0
    found = {one["name"]: one for one in json.loads(out(capsys))}
    assert (found["Tool"]["group"], found["Tool"]["until"], found["Tool"]["terms"][0]) == (
        "approved",
        "2027-11-02",
        "Not covered: AI companion.",
    )
    assert (found["Bad"]["group"], found["Bad"]["instead"]) == ("refused", ["Tool"])
    assert (found["New"]["group"], found["New"]["promised"]) == ("under-review", "2026-12-24")


def test_the_letter_names_the_approved_tool_for_the_same_job(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register_of(tmp_path)
    capsys.readouterr()
    main(["report", "bad", "--for", "requester", "--on", "2026-12-01"])
    assert "Use Tool instead. It is approved for the same job." in out(capsys)


def test_the_register_is_one_page_that_loads_nothing(tmp_path: Path) -> None:
    register_of(tmp_path)
    assert main(["register", "-o", "register.html", "--on", "2026-12-01"]) == 0
    page = (tmp_path / "register.html").read_text()
    assert "default-src 'none'" in page
    assert not any(word in page for word in ("http://", "https://", "src=", "<link", "@import", "fetch("))


def test_a_hostile_name_stays_text_in_the_register(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD, subject=Subject("<script>alert(1)</script>"))
    main(["register", "-o", "register.html"])
    assert "<script>alert" not in (tmp_path / "register.html").read_text()


def test_what_is_due_goes_into_a_calendar_under_stable_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    capsys.readouterr()
    due = ["list", "--due", "400", "--format", "ics", "--on", "2027-01-05"]
    main(due)
    before = calendar(out(capsys))
    main(["condition", "tool", "2", "--move", "2027-06-01", "--why", "x", "--on", "2027-01-05"])
    capsys.readouterr()
    main(due)
    after = calendar(out(capsys))
    (uid,) = (uid for uid, day in before.items() if day == date(2027, 1, 15))
    assert after == {**before, uid: date(2027, 6, 1)}


def test_a_condition_keeps_its_name_in_calendars_where_the_next_decision_carries_it_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    main(["condition", "tool", "1", "--met", "--evidence", "Seen.", "--on", "2026-12-01"])
    due = ["list", "--due", "60", "--format", "ics", "--on", "2027-01-05"]
    capsys.readouterr()
    main(due)
    before = calendar(out(capsys))
    assert main(["decide", "tool", "--decision", "approve", "--by", "Board", "--on", "2027-01-05"]) == 0
    capsys.readouterr()
    main(due)
    assert list(before.values()) == [date(2027, 1, 15)]
    assert calendar(out(capsys)) == before  # though it was the second condition, and is the first


def test_a_calendar_says_what_is_overdue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    capsys.readouterr()
    main(["list", "--due", "0", "--format", "ics", "--on", "2027-01-16"])
    (event,) = Calendar.from_ical(out(capsys)).walk("VEVENT")
    assert str(event["summary"]).startswith("Overdue: Tool: Condition due")


def test_everything_in_a_calendar_has_a_name_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path, "--condition", "Lock the rooms.", "--owner", "IT", "--due", "2027-01-20")
    capsys.readouterr()
    main(["list", "--due", "90", "--format", "ics", "--on", "2026-12-01"])
    assert len(calendar(out(capsys))) == 2


def test_what_is_due_goes_into_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    capsys.readouterr()
    main(["list", "--due", "60", "--format", "csv", "--on", "2026-12-01"])
    (row,) = csv.DictReader(io.StringIO(out(capsys)))
    assert (row["day"], row["overdue"], row["owner"], row["file"]) == (
        "2027-01-15",
        "no",
        "IT",
        "decisions/tool/2026-11-20.toml",
    )


@pytest.mark.parametrize(("on", "status"), [("2027-01-15", 0), ("2027-01-16", 1)])
def test_the_gate_says_no_where_something_is_overdue(tmp_path: Path, on: str, status: int) -> None:
    approved(tmp_path)
    assert main(["list", "--gate", "--on", on]) == status


def test_the_letter_can_be_sent_as_a_mail(tmp_path: Path) -> None:
    approved(tmp_path)
    assert main(["report", "tool", "--for", "requester", "-o", "letter.eml", "--on", "2026-12-01"]) == 0
    mail = message_from_bytes((tmp_path / "letter.eml").read_bytes(), policy=SMTP)
    assert mail["Subject"] == "Your request: Tool"
    assert "Yes, you may use Tool, under the conditions below." in str(mail.get_content())


@pytest.mark.parametrize("word", ["=?utf-8?q?T=0ABcc=3A_evil=40x.example?=", "=?utf-8?b?VApCY2M6IGVAeC5leGFtcGxl?="])
def test_a_name_that_is_an_encoded_word_writes_no_header(tmp_path: Path, word: str) -> None:
    assessed(tmp_path, GOOD, subject=Subject(f"Zoom {word}"))
    (folder,) = (tmp_path / "assessments").iterdir()
    assert main(["report", folder.name, "--for", "requester", "-o", "letter.eml", "--on", "2026-12-01"]) == 0
    mail = message_from_bytes((tmp_path / "letter.eml").read_bytes(), policy=SMTP)
    headers = ["subject", "x-unsent", "content-type", "content-transfer-encoding", "mime-version"]
    assert sorted(name.lower() for name in mail) == sorted(headers)
    assert mail["Subject"] == f"Your request: Zoom {word.replace('=?', '= ?')}"


def test_the_letter_says_who_decided_and_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    main(["withdraw", "tool", "--why", "Breach.", "--by", "CISO", "--on", "2027-01-10"])
    capsys.readouterr()
    for on, words in (
        ("2027-01-09", "Decided by Board on 20 November 2026."),
        ("2027-01-10", "Withdrawn by CISO; approved by Board on 20 November 2026."),
    ):
        main(["report", "tool", "--for", "requester", "--on", on])
        assert words in out(capsys).splitlines()


def test_the_report_for_programs_says_how_the_decision_stands_and_when_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approved(tmp_path)
    on = ("--on", "2027-01-16")
    main(["report", "tool", "-o", "report.json", *on])
    capsys.readouterr()
    main(["list", "--json", *on])
    listed = json.loads(out(capsys))[0]["decision"]
    reported = json.loads((tmp_path / "report.json").read_text())["decision"]
    names = ("stands", "ends", "run_out_since", "decided_on", "decided_by")
    assert {name: reported[name] for name in names} == {name: listed[name] for name in names}
    assert (reported["stands"], reported["ends"]) == ("approved, a condition overdue", "2027-11-02")


def test_only_the_letter_is_written_as_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    approved(tmp_path)
    assert main(["report", "tool", "-o", "report.txt", "--on", "2026-12-01"]) == 2
    assert "add --for requester" in capsys.readouterr().err


def test_the_report_is_written_for_word(tmp_path: Path) -> None:
    approved(tmp_path)
    assert main(["report", "tool", "-o", "report.docx", "--on", "2026-12-01"]) == 0
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "report.docx")).paragraphs]
    assert texts[0] == "Tool: approval report"
    assert any(text.startswith("Open, due 31 March 2027, owned by Vendor management") for text in texts)


def tolerated(*options: str) -> int:
    given = ("--owner", "Sales", "--by", "CIO", "--why", "In use since 2019.", "--on", "2026-11-20", *options)
    return main(["tolerate", "Old Chat", *given])


@pytest.mark.parametrize(
    ("on", "said", "registered"),
    [
        ("2027-06-30", "tolerated, not assessed", "tolerated, not assessed"),
        ("2027-07-01", "no longer tolerated since 2027-07-01", "no longer tolerated since 1 july 2027"),
    ],
)
def test_every_page_says_that_a_tool_is_tolerated_and_never_approved(
    capsys: pytest.CaptureFixture[str], on: str, said: str, registered: str
) -> None:
    assert tolerated("--until", "2027-06-30") == 0
    capsys.readouterr()
    pages = []
    for command in (["list"], ["register"], ["subject", "old-chat"], ["report", "old-chat"]):
        main([*command, "--on", on])
        pages.append(" ".join(out(capsys).split()).casefold())
    main(["report", "old-chat", "--for", "requester", "--on", on])
    letter = out(capsys)
    assert (registered in pages[1], said in pages[2]) == (True, True)
    assert "tolerated" in pages[0]
    assert "not approved" in pages[3]
    assert ("For now you may go on using" if on == "2027-06-30" else "Not any more") in letter
    assert main(["verify"]) == 0
    assert main(["check", "."]) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--until", "2027-11-21"), "the policy allows 2027-11-20 at most"),
        (("--until", "2026-11-19"), "before the day of the decision"),
        (("--until", "2027-06-30", "--owner", " "), "Name an owner"),
    ],
)
def test_a_tool_is_not_tolerated_beyond_the_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert tolerated(*options) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.rglob("*.toml")) == []


def test_a_policy_that_cannot_be_used_is_no_policy_of_a_toleration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tolerated("--until", "2027-06-30") == 0
    policy = tmp_path / "policy" / "collaboration-tool.toml"
    policy.parent.mkdir()
    policy.write_text("[policy]\nvalid_months = 3\nwaiver_months = ten\n")
    before = sorted((tmp_path / "decisions" / "old-chat").iterdir())
    assert tolerated("--until", "2027-11-01") == 3
    assert sorted((tmp_path / "decisions" / "old-chat").iterdir()) == before
    capsys.readouterr()
    assert main(["check", str(before[0])]) == 1
    assert "It cannot be held to the policy: policy/collaboration-tool.toml cannot be used" in out(capsys)


def test_a_toleration_written_by_hand_without_an_assessment_is_listed_with_its_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "decisions" / "old"
    folder.mkdir(parents=True)
    lines = ["format = 1", 'decision = "tolerate"', 'decided_by = "CIO"', "decided_on = 2026-11-20"]
    (folder / "2026-11-20.toml").write_text("\n".join([*lines, 'rationale = "In use."', "valid_until = 2027-01-01"]))
    assert main(["check", "."]) == 1
    assert "owner is missing; a decision to tolerate needs it" in out(capsys)
    (folder / "2026-11-20.toml").write_text(
        "\n".join([*lines, 'rationale = "In use."', "valid_until = 2027-01-01", 'owner = "Sales"'])
    )
    assert main(["check", "."]) == 0
    capsys.readouterr()
    assert main(["list", "--due", "60", "--on", "2026-12-01"]) == 0
    assert "2027-01-01  old: Tolerated until then" in out(capsys)


def test_an_assessed_decision_follows_a_toleration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    given = ("--owner", "Sales", "--by", "CIO", "--why", "In use.", "--until", "2027-01-01", "--on", "2026-11-19")
    assert main(["tolerate", "tool", *given]) == 0
    approve = ("--decision", "approve-with-conditions", "--by", "Board", "--rationale", "Fits.", "--on", "2026-11-20")
    assert main(["decide", "tool", *approve]) == 0
    assert "The decision was tolerate and is approve with conditions." in capsys.readouterr().err
    assert read_decision(tmp_path / "decisions" / "tool" / "2026-11-20.toml").decision.supersedes == "2026-11-19.toml"
    assert main(["verify"]) == 0


def test_the_register_names_the_file_that_keeps_a_decision_from_being_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = approved(tmp_path)
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    capsys.readouterr()
    assert main(["register", "-o", "-", "--on", "2026-12-01"]) == 3
    told = "decisions/tool/2026-11-20.toml cannot be read, so nobody can tell what was decided."
    assert told in " ".join(capsys.readouterr().out.replace("\\", "").split())


@pytest.mark.parametrize("name", ["Tool\u00a0", " Tool", "\uff34ool", "Tool"])
def test_two_tools_whose_names_look_alike_are_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assessed(tmp_path, GOOD)
    other = assessed(tmp_path, FAILED, subject=Subject("Other"))
    sealed_again(other, b'name = "Other"', f'name = "{name}"'.encode())
    capsys.readouterr()
    for command in (["list"], ["register"], ["compare"]):
        assert main(command) == 0
        shown = out(capsys)
        assert re.search(r"\bother\\?[\]/]", shown), shown
