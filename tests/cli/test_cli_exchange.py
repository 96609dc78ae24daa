"""`toolvet questions` and `import`: a sheet goes out, comes back filled in, and is taken in."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from house import DAY, FAILED, GOOD, NEXT_RUBRIC, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade
from toolvet.domain.scorecard import quickest
from toolvet.services.assessments import open_tool
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.workspace import Workspace
from workspaces import decision_on

ON = ["--on", "2026-11-20"]


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TOOLVET_REVIEWER", "Ada")


def sheet(*options: str, output: str = "sheet.csv") -> Path:
    """A sheet about the tool."""
    assert main(["questions", "tool", *options, "-o", output, *ON]) == 0
    return Path(output)


def fill(path: Path, cells: Mapping[str, Mapping[str, str]]) -> None:
    """Write these cells into the table, by row and column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= cells.get(row["question"], {})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def take_in(*options: str, file: str = "sheet.csv") -> int:
    return main(["import", file, "--for", "tool", "--write", *options, *ON])


def files() -> tuple[AssessmentFile, ...]:
    return Workspace(Path.cwd()).subject("tool").assessments


def answers_by(reviewer: str) -> Assessment:
    return next(file.assessment for file in files() if file.assessment.reviewer.name == reviewer)


def everything() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in Path.cwd().rglob("*") if path.is_file()}


VENDOR = {"about.answered-by": {"answer": "Sales"}, "network": {"answer": "1.0", "note": "Any network."}}


def test_a_sheet_about_a_tool_has_only_what_is_still_open(tmp_path: Path) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    with sheet("--open").open(encoding="utf-8-sig") as file:
        assert [row["question"] for row in csv.DictReader(file) if "." not in row["question"]] == ["network"]


def test_what_is_open_comes_in_the_order_that_settles_the_verdict_soonest(tmp_path: Path) -> None:
    file = assessed(tmp_path, {})
    opened = open_tool(Workspace(tmp_path), read_assessment(file))
    first = [each.question.id for each in quickest(opened.score(DAY))]
    with sheet("--open").open(encoding="utf-8-sig") as rows:
        asked = [row["question"] for row in csv.DictReader(rows) if "." not in row["question"]]
    assert asked[: len(first)] == first


def test_a_workbook_has_a_sheet_for_each_criterion_with_drop_downs(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    book = openpyxl.load_workbook(sheet(output="sheet.xlsx"))
    assert book.sheetnames == ["About", "Reach"]
    reach = book["Reach"]
    assert (reach.freeze_panes, [row[5].value for row in reach.iter_rows(min_row=2)]) == ("A2", ["2", "1"])
    offered = {each.formula1 for each in reach.data_validations.dataValidation}
    assert offered == {
        '"0,1,2,unknown,not applicable"',
        '"0,1,unknown,not applicable"',
        '"tested,independent,document,claim"',
    }


def test_a_preview_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    fill(sheet("--for", "vendor"), VENDOR)
    before = everything()
    capsys.readouterr()
    assert main(["import", "sheet.csv", "--for", "tool", *ON]) == 0
    assert everything() == before
    assert capsys.readouterr() == (
        "sheet.csv: from Sales (vendor), for assessments/tool/2026-11-02-ada.toml\n"
        "  1 new, 0 different, 0 kept, 0 unusable\n"
        "\n"
        "New: fills what is open, or adds to what is there\n"
        '  network: "Network" (row 11)\n'
        "    theirs: level 1; note: Any network.\n"
        "\n"
        "A vendor's answers are proposals: they do not count until a reviewer confirms them.\n",
        "Nothing was written; add --write to write what is new.\n",
    )


def test_a_vendors_answer_is_a_claim_and_a_proposal_with_its_sheet_kept(tmp_path: Path) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    fill(sheet("--for", "vendor"), VENDOR)
    assert take_in() == 0
    kept = Path("evidence/tool-sheet.csv")
    digest = hashlib.sha256(Path("sheet.csv").read_bytes()).hexdigest()
    assert kept.read_bytes() == Path("sheet.csv").read_bytes()
    (file,) = files()
    assert file.assessment.answers == {
        "devices": GOOD["devices"],
        "network": Answer(
            level=1,
            answered=DAY.replace(day=20),
            note="Any network.",
            confirm="proposed by Sales in sheet.csv",
            evidence=(Evidence(kept.as_posix(), Grade.CLAIM, DAY.replace(day=20), digest),),
        ),
    }


def test_what_a_vendor_proposes_does_not_count_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    fill(sheet("--for", "vendor"), VENDOR)
    take_in()
    capsys.readouterr()
    main(["score", "tool", "--json", *ON])
    (card,) = json.loads(capsys.readouterr().out)
    assert [question["state"] for question in card["questions"]] == ["answered", "unanswered"]


@pytest.mark.parametrize("audience", ["vendor", "colleague"])
def test_the_same_sheet_twice_changes_nothing(audience: str, tmp_path: Path) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    fill(sheet("--for", audience), VENDOR)
    assert take_in("--from", audience) == 0
    before = everything()
    assert take_in("--from", audience) == 0
    assert everything() == before


def test_a_colleagues_answers_become_their_own_assessment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    fill(sheet(), {**VENDOR, "about.answered-by": {"answer": "Lee"}, "about.role": {"answer": "Legal"}})
    assert take_in() == 2  # the sheet may say so itself
    assert "add --from colleague if that is so, else --from vendor" in capsys.readouterr().err
    assert take_in("--from", "colleague") == 0
    theirs = answers_by("Lee")
    assert (theirs.reviewer.role, theirs.scope, theirs.subject.name) == ("Legal", {"outsiders": "no"}, "Tool")
    assert theirs.answers == {
        "devices": GOOD["devices"],
        "network": Answer(level=1, answered=DAY.replace(day=20), note="Any network."),
    }
    assert answers_by("Ada").answers == {"devices": GOOD["devices"]}


def test_two_peoples_parts_are_combined_in_the_assessment_that_is_named(tmp_path: Path) -> None:
    assessed(tmp_path, {})
    fill(sheet("--where", "trial", output="it.csv"), {"devices": {"answer": "2"}})
    fill(sheet("--where", "reading", output="legal.csv"), {"network": {"answer": "1"}})
    assert main(["import", "it.csv", "legal.csv", "--for", "tool", "--by", "Ada", "--write", *ON]) == 0
    (file,) = files()
    assert [answer.level for answer in file.assessment.answers.values()] == [2, 1]


def test_what_differs_is_taken_only_where_it_is_named(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    fill(sheet("--for", "vendor"), {"devices": {"answer": "1"}, "network": {"answer": "0"}})
    assert take_in() == 0
    assert files()[0].assessment.answers == GOOD
    assert take_in("--take", "devices") == 0
    assert [answer.level for answer in files()[0].assessment.answers.values()] == [1, 1]


def test_naming_what_does_not_differ_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    sheet()
    assert take_in("--by", "Ada", "--take", "devices") == 2
    assert "sheet.csv: devices does not differ; --take names what differs" in capsys.readouterr().err


def test_a_vendors_level_fills_an_unknown_and_keeps_what_was_tried(tmp_path: Path) -> None:
    assessed(tmp_path, {"network": Answer(unknown="Not on their site.", answered=DAY)})
    fill(sheet("--for", "vendor"), {"network": {"answer": "1"}})
    assert take_in() == 0
    answer = files()[0].assessment.answers["network"]
    assert (answer.level, answer.note) == (1, "Not on their site.")


def test_what_was_tried_is_kept_where_the_vendor_does_not_know_either(tmp_path: Path) -> None:
    assessed(tmp_path, {"network": Answer(unknown="Not on their site.", answered=DAY)})
    fill(sheet("--for", "vendor"), {"network": {"answer": "unknown", "reason": "We are checking."}})
    assert take_in() == 0
    answer = files()[0].assessment.answers["network"]
    assert (answer.unknown, answer.note) == ("We are checking.", "Not on their site.")


def test_an_unusable_row_ends_with_status_3_and_the_others_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, {})
    fill(sheet(), {"devices": {"answer": "9"}, "network": {"answer": "1"}})
    assert take_in("--by", "Ada") == 3
    assert list(files()[0].assessment.answers) == ["network"]
    assert 'sheet.csv: row 10: devices is "9"; answer with a rung, 0 to 2,' in capsys.readouterr().out


def test_an_assessment_that_a_decision_rests_on_is_continued_as_a_new_one(tmp_path: Path) -> None:
    assessed(tmp_path, FAILED)
    workspace = Workspace(tmp_path)
    workspace.record(decision_on(files()[0], workspace), "tool")
    fill(sheet("--for", "vendor"), {"devices": {"answer": "2"}})
    assert take_in("--take-all") == 0
    assert [file.assessment.answers["devices"].level for file in files()] == [2, 0]


def test_a_sheet_under_an_older_version_is_taken_over_to_the_newer(tmp_path: Path) -> None:
    path = assessed(tmp_path, {})
    fill(sheet(), {"devices": {"answer": "2"}, "network": {"answer": "1"}})
    (tmp_path / "rubrics" / "house-1.1.0.toml").write_text(NEXT_RUBRIC, encoding="utf-8")
    assert main(["migrate", str(path), "--write"]) == 0
    assert take_in("--by", "Ada") == 0
    found = files()[0].assessment.answers["devices"]
    assert (found.level, found.confirm) == (2, "reworded in 1.1.0")


def test_a_sheet_of_another_rubric_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, {})
    assert main(["questions", "collaboration-tool", "-o", "sheet.csv"]) == 0
    assert take_in("--by", "Ada") == 3
    assert "but Tool is assessed with house; send a new sheet" in capsys.readouterr().err


def test_a_sheet_that_does_not_say_who_answered_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, {})
    sheet()
    assert take_in() == 3
    assert 'does not say who answered; fill in "Answered by", or add --by NAME' in capsys.readouterr().err


def test_answers_to_a_survey_are_sent_to_the_command_that_takes_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--workspace", str(EXAMPLES), "import", "x.csv", "--for", "harbour-coop"]) == 3
    assert "x.csv: does not exist" in capsys.readouterr().err
    Path("x.csv").write_text("question,answer\nabout.for,colleague\n", encoding="utf-8")
    assert main(["--workspace", str(EXAMPLES), "import", "x.csv", "--for", "harbour-coop"]) == 2
    assert "import them with toolvet readiness --import" in capsys.readouterr().err


@pytest.mark.parametrize(("audience", "option"), [("vendor", None), ("colleague", "yes")])
def test_a_scope_fact_of_a_vendor_is_only_taken_by_name(audience: str, option: str | None, tmp_path: Path) -> None:
    assessed(tmp_path, {}, scope={})
    fill(sheet("--for", audience), {"scope.outsiders": {"answer": "yes"}})
    assert take_in("--by", "Ada") == 0
    assert files()[0].assessment.scope.get("outsiders") == option
    assert take_in("--by", "Ada", "--take-all") == 0
    assert files()[0].assessment.scope == {"outsiders": "yes"}


def test_the_preview_as_json_says_what_each_row_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assessed(tmp_path, GOOD)
    fill(sheet("--for", "vendor"), {"devices": {"answer": "1"}, "network": {"answer": "x"}})
    capsys.readouterr()
    assert main(["import", "sheet.csv", "--for", "tool", "--json", *ON]) == 3
    (page,) = json.loads(capsys.readouterr().out)
    assert [(row["question"], row["is"], row["place"]) for row in page["answers"]] == [("devices", "differs", "row 10")]
    assert (page["unusable"][0]["place"], page["written"]) == ("row 11", None)


EXAMPLES = Path(__file__).parents[2] / "examples"
TOOLS = sorted(path.name for path in (EXAMPLES / "assessments").iterdir() if path.name != "harbour-cooperative")


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
def test_an_unchanged_sheet_of_an_example_changes_nothing(
    name: str, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = ["--workspace", str(EXAMPLES), *ON]
    latest = max((EXAMPLES / "assessments" / tool).glob("*.toml"))
    reviewer = read_assessment(latest).assessment.reviewer.name
    assert main(["questions", tool, "-o", name, *workspace]) == 0
    capsys.readouterr()
    assert main(["import", name, "--for", tool, "--by", str(reviewer), "--json", *workspace]) == 0
    (page,) = json.loads(capsys.readouterr().out)
    assert {row["is"] for row in page["answers"]} == {"kept"}
    assert (page["scope"], page["unusable"]) == ([], [])


QUESTIONNAIRE = "Domain,Question\nAccess,Is sign-in strong?\nAccess,?\n"


def test_a_questionnaire_is_shown_first_and_then_written_as_a_rubric(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "house.csv").write_text(QUESTIONNAIRE, encoding="utf-8")
    assert main(["import", "house.csv", "--as", "rubric"]) == 0
    assert capsys.readouterr() == (
        "house.csv: 2 items, 1 carried over, 1 left out\n"
        "Rubric house\n"
        '  text from "Question", section from "Domain".\n'
        "\n"
        "Criteria\n"
        "  Access: 1 question\n"
        "\n"
        "Left out\n"
        '  row 3: "?" has no question in its column\n',
        "Nothing was written; add --write to write the rubric.\n",
    )
    assert main(["import", "house.csv", "--as", "rubric", "--write"]) == 0
    assert main(["check", "rubrics/house.toml"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sheet.csv"], "say which tool the answers are about with --for SUBJECT"),
        (["sheet.csv", "--for", "x", "--id", "y"], "--column and --id go with --as rubric"),
        (["a.csv", "b.csv", "--as", "rubric"], "one questionnaire makes one rubric; name one file"),
        (["a.csv", "--as", "rubric", "--column", "x"], "--column x: write it as PART=HEADER"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", *arguments]) == 2
    assert said in capsys.readouterr().err


def scuba(requirement: str) -> None:
    """Results of ScubaGear about one policy that a question of the house refers to."""
    control = {"Control ID": "MS.TEAMS.1.2v2", "Requirement": requirement, "Result": "Pass", "Details": "Met."}
    about = {"Tool": "ScubaGear", "ToolVersion": "1.8.0", "TimestampZulu": "2026-11-03T10:00:00Z"}
    document = {
        "MetaData": about,
        "Results": {"Teams": [{"Controls": [control, {**control, "Control ID": "MS.AAD.1.1v1"}]}]},
    }
    Path("results.json").write_text(json.dumps(document), encoding="utf-8")


def test_results_of_another_tool_are_evidence_and_of_a_later_file_only_the_changes_are_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"]})
    rubric = tmp_path / "rubrics" / "house-1.0.0.toml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace('levels = ["The', 'references = ["SCuBA MS.TEAMS.1.2"]\nlevels = ["The'), "utf-8")
    scuba("No anonymous starts.")
    capsys.readouterr()
    assert take_in("--list", "left.csv", file="results.json") == 0
    assert "1 new, 0 different, 0 kept, 0 unusable" in capsys.readouterr().out
    answer = files()[0].assessment.answer("network")
    assert answer.note == "ScubaGear MS.TEAMS.1.2v2 (No anonymous starts.): Pass. Met."
    assert [(each.source, each.grade, each.date) for each in answer.evidence] == [
        ("evidence/tool-results.json", Grade.TESTED, DAY.replace(day=3))
    ]
    assert "MS.AAD.1.1v1" in Path("left.csv").read_text(encoding="utf-8-sig")
    before = everything()
    assert take_in(file="results.json") == 0
    assert everything() == before


def test_a_list_of_what_is_left_out_is_a_table(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    scuba("No anonymous starts.")
    before = everything()
    assert take_in("--list", "left.txt", file="results.json") == 2
    assert everything() == before
