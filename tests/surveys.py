"""Surveys for tests: respondents' files in a workspace, written as the form writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Reviewer, RubricRef, Subject
from toolvet.services.assessments import Session
from toolvet.services.survey_rounds import close_round
from toolvet.storage.names import slug
from toolvet.storage.toml_input import seal_line
from toolvet.storage.workspace import Workspace
from toolvet.storage.writer import assessment_bytes

HARBOUR = "Harbour Cooperative"
DOCUMENT = (Path(__file__).parents[1] / "docs" / "readiness.md").read_text(encoding="utf-8")
RUBRIC = ("collaboration-readiness", "1.1.0")


def twelve() -> str:
    """The spreadsheet of twelve people that docs/readiness.md works by hand."""
    found = re.search(r"```csv\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1]


def pair(expected: int | None, delivered: int | None) -> Answer:
    return Answer(expected=expected, delivered=delivered)


def respondent(
    answers: Mapping[str, Answer], *, group: str | None = None, started: date | None = None, about: str = HARBOUR
) -> Assessment:
    digest = Workspace(Path("nowhere")).rubric(*RUBRIC).digest
    return Assessment(RubricRef(*RUBRIC, digest), Subject(about), Reviewer(group=group), started, answers=dict(answers))


def put(folder: Path, number: int, assessment: Assessment) -> Path:
    """The respondent's file of that number in the workspace of that folder."""
    place = folder / "assessments" / slug(assessment.subject.name, otherwise="subject")
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{assessment.started or '2026-11-02'}-{number:012}.toml"
    above = f"# Respondent {number:012}\n".encode()
    _, rest = assessment_bytes(assessment, schemas=None).split(b"\n", maxsplit=1)
    path.write_bytes(above + seal_line(above + rest) + rest)
    return path


def close(folder: Path, on: date = date(2026, 11, 20), *, about: str = HARBOUR) -> None:
    """Close the round of that survey in the workspace of that folder."""
    close_round(Session(Workspace(folder), lambda: on), slug(about, otherwise="subject"))


def put_all(folder: Path, people: Sequence[Assessment]) -> list[Path]:
    return [put(folder, number, one) for number, one in enumerate(people)]


DAY = date(2026, 11, 20)


def closed(tmp_path: Path, people: Sequence[Assessment], on: date = DAY) -> list[Path]:
    """Their files, counted in a round that was closed that day."""
    paths = put_all(tmp_path, people)
    close(tmp_path, on, about=people[0].subject.name)
    return paths


def result_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["readiness", *arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def said_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The status and the message of a call that prints no data."""
    status = main(["readiness", *arguments])
    shown = capsys.readouterr()
    assert shown.out == ""
    return status, shown.err


# Twelve people, worked by hand in docs/readiness.md.


def five(expected: int, delivered: int, **about: Any) -> list[Assessment]:
    return [respondent({"off-hours": pair(expected, delivered)}, **about) for _ in range(5)]
