"""A small workspace on disk, for tests of whole commands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from icalendar import Calendar

from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Reviewer, RubricRef, Subject
from toolvet.storage.toml_input import seal_line
from toolvet.storage.workspace import Workspace
from toolvet.text.labels import day

DAY = date(2026, 11, 2)
HEAD = """\
format = 1
id = "house"
version = "1.0.0"
title = "House rubric"
subject = "tool"
ask = "level"
"""
"""How a rubric of the house begins; its version is the first."""
OUTSIDERS = """
[[scope]]
id = "outsiders"
text = "Will outsiders take part?"
options = ["no", "yes"]
"""


def criterion(id_: str, *questions: str) -> str:
    """A criterion as a rubric has it, with these questions."""
    return f'\n[[criteria]]\nid = "{id_}"\ntitle = "{id_.capitalize()}"\n{"".join(questions)}'


def question(id_: str, text: str, *levels: str, more: str = "") -> str:
    """A question as a rubric has it, with that many rungs; `more` are lines of other keys."""
    rungs = f"levels = {json.dumps(levels)}\n" if levels else ""
    return f'\n[[criteria.questions]]\nid = "{id_}"\ntext = "{text}"\n{rungs}{more}'


MUST_REACH = 'must_reach = 1\nmust_reach_why = "Nobody could join."\n'
DEVICES = ("devices", "Which devices can join?", "None.", "One.", "Two.")
NETWORK = ("network", "Which networks will do?", "The office's.", "Any.")
RUBRIC = (
    HEAD
    + OUTSIDERS
    + criterion(
        "reach",
        question(*DEVICES, more=f'where = "trial"\n{MUST_REACH}shelf_months = 12\n'),
        question(*NETWORK, more='where = "reading"\n'),
    )
)
NEXT_RUBRIC = RUBRIC.replace('version = "1.0.0"', 'version = "1.1.0"').replace(
    "Which devices can join?", "On which devices can people join?"
)
"""Its next version, with one question reworded."""

TRIED = (Evidence("Trial of 2 November", Grade.TESTED, DAY),)


def house_rubric(folder: Path) -> Path:
    """The house rubric in the workspace that is that folder."""
    path = folder / "rubrics" / "house-1.0.0.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(RUBRIC, encoding="utf-8")
    return path


def assessed(
    folder: Path,
    answers: Mapping[str, Answer],
    *,
    subject: Subject | None = None,
    reviewer: str = "Ada",
    on: date = DAY,
    scope: Mapping[str, str] | None = None,
) -> Path:
    """An assessment by the house rubric in that workspace, and where it lies."""
    house_rubric(folder)
    assessment = Assessment(
        RubricRef("house", "1.0.0"),
        subject or Subject("Tool"),
        Reviewer(reviewer),
        started=on,
        scope={"outsiders": "no"} if scope is None else dict(scope),
        answers=dict(answers),
    )
    return Workspace(folder).start(assessment, on).path


GOOD = {
    "devices": Answer(level=2, answered=DAY, evidence=TRIED, setting="As delivered."),
    "network": Answer(level=1, answered=DAY),
}
"""Answers that approve: 100 percent, the must-have proven."""

FAILED = {"devices": Answer(level=0, answered=DAY), "network": Answer(level=1, answered=DAY)}
"""Answers that reject: the must-have is at 0."""

JOB = "Weekly calls"


def approved(folder: Path, *options: str) -> Path:
    """The tool approved on 20 November 2026 with two conditions, and the decision's file."""
    assessed(folder, GOOD, subject=Subject("Tool", job=JOB, requested_by="Sales", users=40))
    first = ("--condition", "Obtain a report.", "--owner", "Vendor management", "--due", "2027-03-31")
    second = ("--condition", "Lock the rooms.", "--owner", "IT", "--due", "2027-01-15")
    given = ("--by", "Board", "--rationale", "Fits.", "--on", "2026-11-20", *first, *second, *options)
    assert main(["--workspace", str(folder), "decide", "tool", "--decision", "approve-with-conditions", *given]) == 0
    return folder / "decisions" / "tool" / "2026-11-20.toml"


def sealed_again(path: Path, old: bytes, new: bytes) -> None:
    """Change what stands in the record, and seal it anew."""
    head, _, rest = path.read_bytes().split(b"\n", 2)
    assert old in rest
    rest = rest.replace(old, new)
    path.write_bytes(head + b"\n" + seal_line(head + b"\n" + rest) + rest)


def calendar(text: str) -> dict[str, date]:
    events: Any = Calendar.from_ical(text)
    return {str(event["uid"]): event["dtstart"].dt for event in events.walk("VEVENT")}


def in_words(state: str) -> str:
    """What a table says, as a screen says it."""
    return re.sub(r"\d{4}-\d\d-\d\d", lambda found: day(date.fromisoformat(found[0])), state)
