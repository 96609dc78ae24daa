"""`toolvet export`: the workspace as tidy tables."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from jsonschema import Draft7Validator

from house import DAY, GOOD, approved, assessed
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence, Grade, Subject
from toolvet.services.tidy_tables import TIDY_TABLES
from toolvet.storage.toml_input import hex_digest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GUIDE = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
OSCAL = Path(__file__).parents[1] / "data" / "oscal-assessment-results-1.0.6.json"
"""Of NIST, in the public domain, without its white space: github.com/usnistgov/OSCAL, 12 July 2023."""
ON = ["--on", "2026-11-28"]


@pytest.fixture(autouse=True)
def _in_the_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def exported(*options: str) -> Path:
    assert main(["export", *options, "-o", "out", *ON]) == 0
    return Path("out")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_has_its_columns_and_stands_in_the_dictionary(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    folder = exported()
    named = {(row["table"], row["column"]) for row in rows(folder, "dictionary")}
    for table, columns in TIDY_TABLES.items():
        header = (folder / f"{table}.csv").read_text().splitlines()[0]
        assert header == ",".join(column.name for column in columns)
        assert {(table, column.name) for column in columns} <= named


def test_an_answer_has_a_row_with_its_question_and_state(tmp_path: Path) -> None:
    assessed(tmp_path, {"devices": GOOD["devices"], "network": Answer(unknown="=asked")})
    devices, network = rows(exported(), "answers")
    assert (devices["level"], devices["top"], devices["must_reach"], devices["state"]) == ("2", "2", "1", "answered")
    assert (network["level"], network["reason"], network["state"]) == ("", "'=asked", "unknown")


def test_scores_have_a_row_for_the_whole_and_one_for_each_criterion(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    found = [(row["criterion"], row["verdict"], row["floor"], row["weight"]) for row in rows(exported(), "scores")]
    assert found == [("", "approve", "100.0", ""), ("reach", "", "100.0", "1.0")]


def test_json_lines_hold_the_values_with_their_types(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    lines = (exported("--format", "jsonl") / "assessments.jsonl").read_text(encoding="ascii").splitlines()
    (row,) = map(json.loads, lines)
    assert (row["speaks"], row["started"], row["role"]) == (True, "2026-11-02", None)


def test_parquet_holds_the_values_with_their_types(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assessed(tmp_path, {"devices": GOOD["devices"], "network": Answer(unknown="=asked")})
    folder = exported("--format", "parquet")
    query = f"SELECT question, level, reason, answered FROM '{folder / 'answers.parquet'}'"
    assert duckdb.sql(query).fetchall() == [("devices", 2, None, DAY), ("network", None, "=asked", None)]
    assert duckdb.sql(f"SELECT count(*) FROM '{folder / 'decisions.parquet'}'").fetchall() == [(0,)]


def test_a_workbook_holds_every_table(tmp_path: Path) -> None:
    assessed(tmp_path, GOOD)
    assert main(["export", "-o", "out.xlsx", *ON]) == 0
    assert openpyxl.load_workbook("out.xlsx").sheetnames == [*TIDY_TABLES, "dictionary"]


def test_two_workspaces_share_the_tables(tmp_path: Path) -> None:
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        assessed(tmp_path / name, GOOD, subject=Subject(name.title()))
    found = [(row["workspace"], row["name"]) for row in rows(exported("north", "south"), "subjects")]
    assert found == [("north", "North"), ("south", "South")]


def test_answers_to_surveys_stay_out() -> None:
    folder = exported(str(EXAMPLES))
    assert "harbour-cooperative" not in {row["subject"] for row in rows(folder, "assessments")}
    assert not any("harbour-cooperative" in path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = assessed(tmp_path, GOOD)
    (path.parent / "2026-11-03-broken.toml").write_text("format = ", encoding="utf-8")
    assert main(["export", "-o", "out", *ON]) == 3
    assert "2026-11-03-broken.toml:1:" in capsys.readouterr().err
    assert len(rows(Path("out"), "assessments")) == 1


@pytest.mark.parametrize(
    ("now", "found"), [(b"It joined.", "same"), (b"It did not.", "changed"), (None, "gone")], ids=str
)
def test_evidence_that_is_not_as_it_was_recorded_is_told(
    now: bytes | None, found: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = tmp_path / "evidence" / "trial.txt"
    proof.parent.mkdir()
    proof.write_bytes(b"It joined.")
    seen = Evidence("evidence/trial.txt", Grade.TESTED, DAY, hex_digest(b"It joined."))
    assessed(tmp_path, {**GOOD, "devices": replace(GOOD["devices"], evidence=(seen,))})
    proof.unlink() if now is None else proof.write_bytes(now)
    status = 0 if found == "same" else 3
    assert main(["export", "-o", "out", *ON]) == status
    assert ("evidence/trial.txt" in capsys.readouterr().err) == bool(status)
    assert [row["found"] for row in rows(Path("out"), "evidence")] == [found]
    assert main(["export", "--format", "oscal", "-o", "out.json", *ON]) == status


def test_a_condition_says_how_it_stands_and_each_record_has_a_row(tmp_path: Path) -> None:
    approved(tmp_path)
    first = ["condition", "tool", "1", "--met", "--by", "Ada", "--evidence", "A report of 21 November"]
    assert main([*first, "--on", "2026-11-21"]) == 0
    second = ["condition", "tool", "2", "--move", "2027-02-28", "--why", "Late.", "--by", "Ada"]
    assert main([*second, "--on", "2026-11-22"]) == 0
    assert main(["withdraw", "tool", "--why", "A breach.", "--by", "CIO", "--on", "2026-11-23"]) == 0
    folder = exported()
    assert [(row["state"], row["met_on"], row["due_now"]) for row in rows(folder, "conditions")] == [
        ("met", "2026-11-21", "2027-03-31"),
        ("open", "", "2027-02-28"),
    ]
    (decision,) = rows(folder, "decisions")
    assert (decision["stands"], decision["valid_until"], decision["ends"]) == ("withdrawn", "2027-11-02", "2026-11-22")
    records = rows(folder, "records")
    assert [(row["kind"], row["on"], row["why"]) for row in records] == [
        ("condition-met", "2026-11-21", ""),
        ("condition-moved", "2026-11-22", "Late."),
        ("withdrawn", "2026-11-23", "A breach."),
    ]
    names = {row["name"] for row in rows(folder, "conditions")}
    assert {row["condition"] for row in records[:2]} == names
    of_a_record = [row for row in rows(folder, "evidence") if row["record"]]
    assert [(row["record"], row["source"]) for row in of_a_record] == [
        (records[0]["record"], "A report of 21 November")
    ]


def test_the_guide_has_every_table_and_column() -> None:
    table = "\n".join(
        f"| `{name}` | {', '.join(f'`{column.name}`' for column in columns)} |" for name, columns in TIDY_TABLES.items()
    )
    assert table in GUIDE


def test_the_queries_of_the_guide_give_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(exported(str(EXAMPLES)))
    (block,) = re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
    for query in filter(str.strip, block.split(";\n")):
        assert duckdb.sql(query).fetchall() != []


def test_oscal_assessment_results_fit_the_schema_of_nist(tmp_path: Path) -> None:
    assert main(["export", str(EXAMPLES), "-o", "results.json", "--format", "oscal", *ON]) == 0
    written = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    schema = OSCAL.read_text(encoding="utf-8")
    for theirs, ours in ((r"\\p{L}", r"[^\\W\\d_]"), (r"\\p{N}", r"\\d")):  # Python has no properties of Unicode
        schema = schema.replace(theirs, ours)
    assert [each.message for each in Draft7Validator(json.loads(schema)).iter_errors(written)] == []
    results = written["assessment-results"]["results"]
    props = [{prop["name"]: prop["value"] for prop in result["props"]} for result in results]
    decided = [(one.get("decision"), one.get("decision-until")) for one in props]
    assert decided == [("approved, 4 conditions open", "2027-02-26"), *[(None, None)] * 4]


def test_a_must_have_is_a_finding_and_an_answer_an_observation(tmp_path: Path) -> None:
    assessed(tmp_path, {"devices": Answer(level=0, answered=DAY), "network": Answer(unknown="Asked.")})
    assert main(["export", "-o", "results.json", "--format", "oscal", *ON]) == 0
    (result,) = json.loads((tmp_path / "results.json").read_text())["assessment-results"]["results"]
    devices, network = result["observations"]
    assert network["description"] == "Unknown: Asked."
    (finding,) = result["findings"]
    assert finding["target"]["status"] == {"state": "not-satisfied", "reason": "fail"}
    assert finding["related-observations"] == [{"observation-uuid": devices["uuid"]}]


def test_oscal_results_are_one_json_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(EXAMPLES), "-o", "out", "--format", "oscal", *ON]) == 2
    assert "end it in .json" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of any bytes")
@pytest.mark.parametrize(
    "command", ["list --due 999 --format ics", "export -o t --format parquet", "export -o t.json --format oscal"]
)
def test_a_folder_whose_name_is_no_utf_8_takes_no_output_away(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = assessed(tmp_path, GOOD).parent
    folder.rename(os.fsdecode(os.fsencode(folder.parent) + b"/sur-\xff"))
    assert main([*command.split(), *ON]) == 0
    assert "sur-?" in capsys.readouterr().out or command.startswith("export")
