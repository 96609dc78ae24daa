"""A checked assessment document as a value."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Any

from toolvet.domain.assessment import Answer, Assessment, Evidence, Grade, Retired, Reviewer, RubricRef, Subject

Table = Mapping[str, Any]


def make_assessment(document: Table) -> Assessment:
    """The assessment in a document that passed the schema and our own checks."""
    return Assessment(
        rubric=RubricRef(**document["rubric"]),
        subject=Subject(**document["subject"]),
        reviewer=Reviewer(**document.get("reviewer", {})),
        started=document.get("started"),
        # Thousands of files name the same facts, questions and sources: of each name one is kept.
        scope={intern(fact): intern(option) for fact, option in document.get("scope", {}).items()},
        answers={intern(name): _make_answer(answer) for name, answer in document.get("answers", {}).items()},
        retired={name: _make_retired(kept) for name, kept in document.get("retired", {}).items()},
    )


def _make_answer(table: Table) -> Answer:
    given = dict(table)
    evidence = tuple(_make_evidence(seen) for seen in given.pop("evidence", ()))
    return Answer(**given, evidence=evidence)


def _make_retired(table: Table) -> Retired:
    answer = dict(table)
    version, text, option = answer.pop("version"), answer.pop("text", None), answer.pop("option", None)
    return Retired(version, text, option, _make_answer(answer))


def _make_evidence(table: Table) -> Evidence:
    given = dict(table)
    source, grade = intern(given.pop("source")), given.pop("grade", None)
    return Evidence(source, **given, grade=None if grade is None else Grade(grade))
