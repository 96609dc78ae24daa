"""What commands print as JSON fits the schema that `toolvet schema` prints, and says nothing beyond it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from toolvet.cli.main import main
from toolvet.cli.program_arguments import OUTPUTS
from toolvet.report.listing import output_schema

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
SMALL = TESTS / "data" / "small-workspace"
ON = "--on 2026-11-28"
FILE = "assessments/tool-business/2026-11-21-a-reviewer.toml"

RUNS = [
    (EXAMPLES, f"score zoom harbour-rooms-team jitsi teams signal {ON}"),
    (EXAMPLES, "score harbour-rooms-team zoom --on 2029-01-01"),
    (SMALL, f"score tool {ON}"),
    (EXAMPLES, f"compare --by question --robustness {ON}"),
    (EXAMPLES, f"compare harbour-rooms-team zoom --why {ON}"),
    (EXAMPLES, f"panel harbour-rooms {ON}"),
    (EXAMPLES, f"list {ON}"),
    (SMALL, "list --due 400 --on 2026-11-28"),
    (EXAMPLES, f"readiness --by group {ON}"),
    (EXAMPLES, f"readiness {ON}"),
    (TESTS / "data" / "bad", "check ."),
    (EXAMPLES, "rubrics"),
    (SMALL, f"migrate {FILE}"),
    (EXAMPLES, f"import sheet.csv --for zoom --from vendor {ON}"),
]
OPEN = frozenset({"list", "readiness"})
"""Those with parts that only docs/readiness.md describes."""

SHEET = "question,answer,note\nscope.data,confidential,\ndoes-the-job,2,Yes.\nquiet-hours,9,\naudit-trail,unknown,\n"


def closed(schema: Any) -> Any:
    """The schema without room for keys that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **found} if "properties" in schema and "required" in schema else found


@pytest.mark.parametrize(("workspace", "line"), RUNS)
def test_what_a_command_prints_fits_its_schema(
    workspace: Path, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(workspace, tmp_path / "copy")
    monkeypatch.chdir(tmp_path / "copy")
    Path("sheet.csv").write_text(SHEET, encoding="utf-8")
    command, *rest = line.split()
    main([command, *rest, "--json"])
    schema = json.loads(output_schema(command))
    document = json.loads(capsys.readouterr().out)
    assert document != []
    jsonschema.validate(
        document,
        schema if command in OPEN else closed(schema),
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )


@pytest.mark.parametrize("command", OUTPUTS)
def test_every_schema_is_a_schema_and_is_printed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", command]) == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))


def test_every_schema_is_held_against_output() -> None:
    assert {line.split()[0] for _, line in RUNS} == set(OUTPUTS)
