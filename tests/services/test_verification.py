"""Nothing that a decision rests on can be changed by a byte without being found."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from house import DAY, GOOD, assessed, sealed_again
from toolvet.cli.main import main
from toolvet.domain.assessment import Evidence, Grade, Subject
from toolvet.domain.decision import CoveredFile
from toolvet.domain.records import Record, RecordKind
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.services.decisions import record_doubts
from toolvet.services.signing import changed_since, signed_text
from toolvet.services.verification import verify_workspace
from toolvet.storage.reader import RecordFile, read_assessment, read_record
from toolvet.storage.toml_input import Seal, hex_digest, seal_line
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import UNLINKED

needs_openssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def decided(folder: Path) -> None:
    """A small tool with evidence in a file, approved with one condition that is met."""
    (folder / "evidence").mkdir()
    (folder / "evidence" / "trial.txt").write_text("It works.")
    workspace = Workspace(folder)
    assessed(folder, GOOD)
    file = workspace.folder_named("tool").assessments[0]
    seen = Evidence("evidence/trial.txt", Grade.TESTED, DAY, hex_digest(b"It works."))
    answer = replace(file.assessment.answers["devices"], evidence=(seen,))
    workspace.save(file, file.assessment.with_answer("devices", answer))
    given = ("--by", "Board", "--rationale", "Fits.", "--on", "2026-11-20", "--condition", "Report.")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *given]) == 0
    main(["condition", "tool", "1", "--met", "--evidence", "A call.", "--by", "Ada", "--on", "2026-12-01"])


def key(folder: Path, name: str = "key", passphrase: str = "") -> Path:
    path = folder / ".keys" / name
    path.parent.mkdir(exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "ada", "-f", path], check=True)
    return path


def allow(folder: Path, path: Path) -> Path:
    signers = folder / "allowed_signers"
    signers.write_text(f"ada@example.com {Path(f'{path}.pub').read_text()}")
    return signers


def problems(folder: Path) -> tuple[str, ...]:
    return tuple(map(str, verify_workspace(Workspace(folder)).problems))


def test_an_untouched_workspace_is_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    assert main(["verify"]) == 0
    assert "Unsigned" in capsys.readouterr().out


def test_where_there_is_nothing_to_verify_nothing_is_said_to_be_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    for command in (["verify"], ["verify", "elsewhere"], ["verify", "elsewhere", "--json"]):
        assert main(command) == 2
        assert "nothing was verified" in capsys.readouterr().err


@needs_openssh
def test_every_changed_byte_of_a_signed_decision_and_all_it_rests_on_is_found(tmp_path: Path) -> None:
    decided(tmp_path)
    assert main(["subject", "tool", "--users", "500", "--by", "Ada", "--on", "2026-12-01"]) == 0
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "house.toml").write_text("[policy]\nvalid_months = 12 # as the board wants\n")
    assert main(["sign", "tool", "--key", str(key(tmp_path)), "--on", "2026-12-02"]) == 0
    assert problems(tmp_path) == ()
    assert missed(tmp_path, 8) == []


@needs_openssh
@pytest.mark.parametrize("every", [101, pytest.param(1, marks=pytest.mark.torture)])
def test_every_changed_byte_of_the_worked_example_is_found_once_it_is_signed(tmp_path: Path, every: int) -> None:
    tool, house = "harbour-rooms-team", Path(__file__).parents[2]
    for part in ("assessments", "decisions"):
        shutil.copytree(house / "examples" / part / tool, tmp_path / part / tool)
    (tmp_path / "assessments" / tool / "2026-11-05-tom-pell.toml").unlink()  # a second opinion, on which nothing rests
    asked = read_assessment(next((tmp_path / "assessments" / tool).iterdir())).assessment.rubric
    (tmp_path / "rubrics").mkdir()  # as the first save of an assessment keeps it
    shutil.copy(house / "rubrics" / f"{asked.id}.toml", tmp_path / "rubrics" / f"{asked.id}-{asked.version}.toml")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / f"{asked.id}.toml").write_text("[policy]\nvalid_months = 12\n")
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "notice.txt").write_text("Annex B is agreed.")
    met = ("condition", tool, "1", "--met", "--evidence", "evidence/notice.txt", "--by", "Ada", "--on", "2026-12-01")
    assert main([*met]) == 0
    assert main(["condition", tool, "2", "--move", "2027-02-01", "--why", "Later.", "--by", "Ada", *met[-2:]]) == 0
    assert main(["subject", tool, "--users", "150", "--by", "Ada", *met[-2:]]) == 0
    assert main(["sign", tool, "--key", str(key(tmp_path)), "--by", "Ada", "--on", "2026-12-02"]) == 0
    assert problems(tmp_path) == ()
    assert missed(tmp_path, 9, every) == []


def missed(root: Path, count: int, every: int = 1) -> list[str]:
    """Which of these bytes of the so many files behind the one signature can be changed without being found."""
    folders = ("assessments", "decisions", "rubrics", "policy", "evidence")
    files = [path for name in folders for path in sorted((root / name).rglob("*")) if path.is_file()]
    assert len(files) == count
    (signed,) = (root / "decisions").rglob("*signed.toml")
    return [
        f"{path.relative_to(root)} at {place}"
        for path in files
        for place in missed_places(path, Workspace(root), read_record(signed), every)
    ]


def missed_places(path: Path, workspace: Workspace, signature: RecordFile, every: int) -> list[int]:
    """Where a changed byte of the file is not found. So many bytes apart each is changed, each time in another way.

    The quick looks come first: a file that the signature covers has another digest, its own record a broken seal. All
    of `verify` follows for a few of the bytes, so that it is known to tell.
    """
    content = path.read_bytes()
    missed = []
    for count, place in enumerate(range(0, len(content), every)):
        path.write_bytes(content[:place] + bytes([content[place] ^ (1 << place % 7)]) + content[place + 1 :])
        quick = is_seen_at_once(path, workspace, signature)
        if (not quick or count % 400 == 0) and not is_found(workspace.root):
            missed.append(place)
    path.write_bytes(content)
    return missed


def is_seen_at_once(path: Path, workspace: Workspace, signature: RecordFile) -> bool:
    if path != signature.path:
        return bool(list(changed_since(workspace, signature.record)))
    try:
        return read_record(path).seal is Seal.BROKEN
    except UnusableFile:
        return True


def is_found(folder: Path) -> bool:
    try:
        return bool(verify_workspace(Workspace(folder)).problems)
    except ToolvetError:
        return True


@needs_openssh
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Only for the pilot.", b"For patient data too."),
        (b"[[files]]", b'[[evidence]]\nsource = "A call"\n\n[[files]]'),
        (b"[[files]]", b'[[earlier]]\npath = "decisions/tool/a.toml"\nsha256 = "%s"\n\n[[files]]' % (b"0" * 64)),
        (b"note = ", b'why = "For patient data too."\nnote = '),
    ],
)
def test_a_signature_covers_all_that_its_record_says(
    old: bytes, new: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(tmp_path)
    signing = key(tmp_path)
    allow(tmp_path, signing)
    note = ("--note", "Only for the pilot.", "--on", "2026-12-02")
    assert main(["sign", "tool", "--key", str(signing), *note]) == 0
    assert main(["verify"]) == 0
    (signed,) = (tmp_path / "decisions").rglob("*signed.toml")
    sealed_again(signed, old, new)
    capsys.readouterr()
    assert main(["verify"]) == 1
    assert "Signed by" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (("withdraw", "tool", "--why", "It ends."), ("withdraw", "tool", "--why", "A breach.")),
        (
            ("condition", "tool", "1", "--move", "2027-06-30", "--why", "Late."),
            ("condition", "tool", "1", "--met", "--evidence", "A call."),
        ),
    ],
)
def test_what_is_recorded_for_a_later_day_and_then_brought_forward_is_verified(
    first: tuple[str, ...], then: tuple[str, ...], tmp_path: Path
) -> None:
    assessed(tmp_path, GOOD)
    given = ("--by", "Board", "--rationale", "Fits.", "--on", "2026-11-20", "--condition", "Report.")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *given]) == 0
    assert main([*first, "--on", "2026-12-31"]) == 0
    assert main([*then, "--on", "2026-12-01"]) == 0
    assert problems(tmp_path) == ()


@needs_openssh
def test_verify_says_which_signers_it_went_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    signing = key(tmp_path)
    words = f"allowed_signers, sha256 {hex_digest(allow(tmp_path, signing).read_bytes())}"
    capsys.readouterr()
    assert (main(["verify"]), words in capsys.readouterr().out) == (0, False)  # nothing is signed yet
    assert main(["sign", "tool", "--key", str(signing), "--on", "2026-12-02"]) == 0
    assert (main(["verify"]), words in capsys.readouterr().out) == (0, True)


@needs_openssh
def test_a_report_as_of_an_earlier_day_has_no_later_signature(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(tmp_path)
    assert main(["sign", "tool", "--key", str(key(tmp_path)), "--by", "Ada", "--on", "2026-12-05"]) == 0
    for on, is_signed in (("2026-12-04", False), ("2026-12-05", True)):
        capsys.readouterr()
        assert main(["report", "tool", "--on", on]) == 0
        assert ("Signed as Ada on 5 December 2026" in capsys.readouterr().out) is is_signed


@needs_openssh
def test_a_signed_file_is_not_read_beyond_the_limits_of_evidence(tmp_path: Path) -> None:
    decided(tmp_path)
    assert main(["sign", "tool", "--key", str(key(tmp_path)), "--on", "2026-12-02"]) == 0
    with (tmp_path / "evidence" / "large.bin").open("wb") as large:
        large.truncate(1 << 30)
    (signed,) = (tmp_path / "decisions").rglob("*signed.toml")
    head, _, rest = signed.read_bytes().split(b"\n", 2)
    named = f'[[files]]\npath = "evidence/large.bin"\nsha256 = "{"0" * 64}"\n\n'.encode() * 3
    rest = rest.replace(b"[[files]]\n", named + b"[[files]]\n", 1)
    signed.write_bytes(head + b"\n" + seal_line(head + b"\n" + rest) + rest)
    found = list(changed_since(Workspace(tmp_path), read_record(signed).record))
    assert found == ["evidence/large.bin is larger than 64 MiB and was not compared"] * 3


@needs_openssh
def test_a_list_of_signers_beyond_the_limits_of_a_file_is_not_handed_on(tmp_path: Path) -> None:
    decided(tmp_path)
    signing = key(tmp_path)
    assert main(["sign", "tool", "--key", str(signing), "--on", "2026-12-02"]) == 0
    allow(tmp_path, signing)
    with (tmp_path / "allowed_signers").open("ab") as listed:
        listed.truncate(1 << 31)
    (problem,) = problems(tmp_path)
    assert "could not be checked" in problem
    assert "larger than 1 MiB" in problem


@needs_openssh
def test_a_signature_is_told_by_whom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    signing = key(tmp_path)
    main(["sign", "tool", "--key", str(signing), "--by", "Ada", "--on", "2026-12-02"])
    capsys.readouterr()
    main(["verify"])
    assert "Signed as Ada on 2 December 2026, but the signer is unknown here" in capsys.readouterr().out
    allow(tmp_path, signing)
    main(["verify"])
    assert "Signed by ada@example.com on 2 December 2026." in capsys.readouterr().out
    main(["report", "tool", "--on", "2026-12-03"])
    shown = capsys.readouterr().out.replace(UNLINKED, "")
    assert "Signed by ada@example.com on 2 December 2026." in shown


@needs_openssh
def test_what_is_signed_is_the_same_text_under_any_version_of_python() -> None:
    newer_than_python_311 = "\U0001fae8"
    record = Record(RecordKind.SIGNED, "2026-11-20.toml", "Zoë", DAY, note=newer_than_python_311)
    assert signed_text(record, "tool").decode().splitlines() == [
        "toolvet signature 1",
        "decision decisions/tool/2026-11-20.toml",
        "by 'Zo\\xeb'",
        f"on {DAY.isoformat()}",
        "note '\\U0001fae8'",
    ]


def test_the_same_signed_twice_on_one_day_is_signed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    sign = ["sign", "tool", "--key", str(key(tmp_path)), "--by", "Ada", "--on", "2026-12-02"]
    assert main(sign) == 0
    (signed,) = (tmp_path / "decisions").rglob("*signed*.toml")
    capsys.readouterr()
    assert main(sign) == 0
    assert f"Already signed: {signed}" in capsys.readouterr().out
    assert list((tmp_path / "decisions").rglob("*signed*.toml")) == [signed]


@needs_openssh
@pytest.mark.parametrize(
    "other",
    ["--key other", "--by Bea", "--on 2026-12-03", "--note Anew.", "a record since", "a damaged signature"],
)
def test_whatever_differs_is_signed_again(tmp_path: Path, other: str) -> None:
    decided(tmp_path)
    given = {"--key": str(key(tmp_path)), "--by": "Ada", "--on": "2026-12-02"}
    assert main(["sign", "tool", *(part for pair in given.items() for part in pair)]) == 0
    (signed,) = (tmp_path / "decisions").rglob("*signed*.toml")
    if other == "a record since":
        main(["withdraw", "tool", "--why", "Breach.", "--by", "CISO", "--on", "2026-12-02"])
    elif other == "a damaged signature":
        sealed_again(signed, b"on = 2026-12-02", b'on = 2026-12-02\nnote = "More."')
        given["--note"] = "More."
    else:
        option, value = other.split()
        given[option] = str(key(tmp_path, value)) if option == "--key" else value
    assert main(["sign", "tool", *(part for pair in given.items() for part in pair)]) == 0
    assert len(list((tmp_path / "decisions").rglob("*signed*.toml"))) == 2


@needs_openssh
def test_records_after_the_signature_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    main(["sign", "tool", "--key", str(key(tmp_path)), "--on", "2026-12-02"])
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2026-12-03"])
    capsys.readouterr()
    assert main(["verify"]) == 0
    assert "1 record is not covered by a signature; sign again." in capsys.readouterr().out


@needs_openssh
def test_the_signature_of_another_key_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decided(tmp_path)
    main(["sign", "tool", "--key", str(key(tmp_path)), "--on", "2026-12-02"])
    allow(tmp_path, key(tmp_path, "other"))
    capsys.readouterr()
    assert main(["verify"]) == 0
    told = capsys.readouterr()
    assert "the signer is unknown here: the key is not among" in told.out
    assert "all as recorded, but 1 signature is of nobody known here." in told.err


@needs_openssh
def test_a_key_with_a_passphrase_needs_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["sign", "tool", "--key", str(key(tmp_path, passphrase="secret")), "--on", "2026-12-02"]) == 2
    assert "has a passphrase, and there is no terminal" in capsys.readouterr().err


def test_without_openssh_nothing_is_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(tmp_path)
    (tmp_path / "key").write_text("x")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["sign", "tool", "--key", "key", "--by", "Ada", "--on", "2026-12-02"]) == 2
    assert "ssh-keygen is not on this machine" in capsys.readouterr().err


def test_evidence_that_is_gone_or_that_nobody_names_is_told(tmp_path: Path) -> None:
    decided(tmp_path)
    (tmp_path / "evidence" / "trial.txt").rename(tmp_path / "evidence" / "moved.txt")
    found = problems(tmp_path)
    assert any('trial.txt" is gone' in words for words in found)
    assert any("moved.txt: no answer and no record names this file" in words for words in found)


def test_one_tool_can_be_verified_by_itself(tmp_path: Path) -> None:
    decided(tmp_path)
    assessed(tmp_path, GOOD, subject=Subject("Other"))
    other = next((tmp_path / "assessments" / "other").glob("*.toml"))
    other.write_text(other.read_text() + "# touched\n")
    assert main(["verify", "decisions/tool"]) == 0
    assert main(["verify"]) == 1


@needs_openssh
def test_an_approval_counts_only_once_it_is_signed_where_the_policy_requires_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "house.toml").write_text("[policy]\nrequire_signature = true\n")
    decided(tmp_path)
    assert "toolvet sign tool" in capsys.readouterr().err

    def told(*command: str) -> str:
        main([*command, "--on", "2026-12-03"])
        return " ".join(capsys.readouterr().out.split())

    missing = "It is not signed by anybody known here"
    assert missing in told("list")
    assert missing in told("report", "tool")
    assert "To be confirmed" in told("register")
    assert main(["verify"]) == main(["check", "decisions"]) == 1
    signing = key(tmp_path)
    main(["sign", "tool", "--key", str(signing), "--on", "2026-12-02"])
    assert main(["verify"]) == 1  # the signer is unknown here
    allow(tmp_path, signing)
    assert main(["verify"]) == main(["check", "decisions"]) == 0
    capsys.readouterr()
    assert missing not in told("list")
    main(["list", "--on", "2026-12-01"])
    assert missing in " ".join(capsys.readouterr().out.split())  # nobody had signed it by that day


def test_a_removed_record_is_missed_by_a_later_one_and_by_the_next_decision(tmp_path: Path) -> None:
    decided(tmp_path)
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-10"])
    met, withdrawn = sorted((tmp_path / "decisions" / "tool" / "records").glob("*.toml"))
    assert any("condition-met" in words and "is gone" in words for words in removed(tmp_path, met))
    assert removed(tmp_path, withdrawn) == ()  # nothing was made after it
    given = ("--by", "Board", "--rationale", "Again.", "--on", "2027-02-01")
    assert main(["decide", "tool", "--decision", "hold", *given]) == 0
    assert problems(tmp_path) == ()
    for path in (met, withdrawn):
        assert any("2027-02-01.toml" in words and path.name in words for words in removed(tmp_path, path))


def removed(folder: Path, path: Path) -> tuple[str, ...]:
    """What verify finds without that file, which is there again afterwards."""
    content = path.read_bytes()
    path.unlink()
    found = problems(folder)
    path.write_bytes(content)
    return found


def test_nothing_is_approved_while_a_record_that_another_names_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(tmp_path)
    (met,) = (tmp_path / "decisions").rglob("*met*")
    named = CoveredFile(Workspace(tmp_path).relative(met), hex_digest(met.read_bytes()))
    file = Workspace(tmp_path).subject("tool").decisions[0]
    assert list(record_doubts(Workspace(tmp_path), Workspace(tmp_path).subject("tool"), file)) == []
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-10"])
    (withdrawn,) = (tmp_path / "decisions").rglob("*withdrawn*")
    assert read_record(withdrawn).record.earlier == (named,)
    met.unlink()
    capsys.readouterr()
    main(["list", "--on", "2027-01-09"])
    assert "was recorded, and is gone" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "place", ["records/old/{}", "records/{}.bak", "records/.{}", "{}.conflict", "../{}", "../.tool/{}"]
)
def test_a_record_that_was_put_aside_is_told(tmp_path: Path, place: str) -> None:
    decided(tmp_path)
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-10"])
    folder = tmp_path / "decisions" / "tool"
    (record,) = (folder / "records").glob("*withdrawn*")
    aside = folder / place.format(record.name)
    aside.parent.mkdir(exist_ok=True)
    record.rename(aside)
    assert [words for words in problems(tmp_path) if "is read neither as a decision nor as a record" in words]


def test_what_saving_leaves_for_a_moment_is_no_record_put_aside(tmp_path: Path) -> None:
    decided(tmp_path)
    for name in ("2026-11-20.toml.lock", ".2026-11-20.toml.x.tmp", ".DS_Store"):
        (tmp_path / "decisions" / "tool" / name).write_text("")
    assert problems(tmp_path) == ()


def test_the_proof_of_a_record_without_its_decision_is_not_to_be_removed(tmp_path: Path) -> None:
    decided(tmp_path)
    (tmp_path / "evidence" / "call.txt").write_text("A call.")
    given = ("--by", "Board", "--rationale", "Fits.", "--on", "2026-12-05", "--condition", "Call.")
    assert main(["decide", "tool", "--decision", "approve-with-conditions", *given]) == 0
    main(["condition", "tool", "1", "--met", "--evidence", "evidence/call.txt", "--on", "2026-12-06"])
    (tmp_path / "decisions" / "tool" / "2026-12-05.toml").unlink()
    assert not [words for words in problems(tmp_path) if "no answer and no record names" in words]


def test_the_fingerprint_tells_that_the_last_record_was_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(tmp_path)
    main(["withdraw", "tool", "--why", "Breach.", "--on", "2027-01-10"])
    capsys.readouterr()

    def fingerprint() -> str:
        assert main(["verify"]) == 0
        return capsys.readouterr().out.splitlines()[-1]

    before = fingerprint()
    assert before.startswith("Fingerprint of 1 decision and 2 records: ")
    assert fingerprint() == before
    next((tmp_path / "decisions").rglob("*withdrawn*")).unlink()
    after = fingerprint()
    assert after.startswith("Fingerprint of 1 decision and 1 record: ")
    assert after.split()[-1] != before.split()[-1]
