"""A checked decision document as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.domain.decision import ApprovedFor, AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.scorecard import Verdict
from toolvet.storage.line_numbers import Fault, Place, quoted
from toolvet.storage.names import is_file_name, is_inside
from toolvet.storage.rubric_format import make_policy

Table = Mapping[str, Any]
NOT_SCOPE = ("users", "plan", "left_off")
"""The keys of `approved_for` that are no scope facts."""


def make_decision(document: Table) -> Decision:
    """The decision in a document that passed the schema and our own checks."""
    return Decision(
        decision=Verdict(document["decision"]),
        decided_by=document["decided_by"],
        decided_on=document["decided_on"],
        assessment=AssessmentRef(**document["assessment"]),
        computed=_make_computed(document["computed"]),
        rationale=document.get("rationale"),
        valid_until=document.get("valid_until"),
        supersedes=document.get("supersedes"),
        also_supersedes=tuple(document.get("also_supersedes", ())),
        consulted=tuple(document.get("consulted", ())),
        considered=tuple(document.get("considered", ())),
        links=tuple(document.get("links", ())),
        approved_for=_make_approved_for(document.get("approved_for", {})),
        conditions=tuple(Condition(**condition) for condition in document.get("conditions", ())),
        waivers=tuple(Waiver(**waiver) for waiver in document.get("waivers", ())),
    )


def _make_computed(table: Table) -> Computed:
    observed = table.get("observed")
    return Computed(
        on=table["on"],
        verdict=Verdict(table["verdict"]),
        reasons=tuple(table.get("reasons", ())),
        floor=float(table["floor"]),
        observed=None if observed is None else float(observed),
        ceiling=float(table["ceiling"]),
        coverage=float(table["coverage"]),
        policy=make_policy(table.get("policy", {})),
    )


def _make_approved_for(table: Table) -> ApprovedFor:
    return ApprovedFor(
        scope={fact: option for fact, option in table.items() if fact not in NOT_SCOPE},
        users=table.get("users"),
        plan=table.get("plan"),
        left_off=tuple(table.get("left_off", ())),
    )


def decision_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a decision beyond its schema: names of files that lead elsewhere."""
    ground = document.get("assessment")
    path = ground.get("path") if isinstance(ground, dict) else None
    if isinstance(path, str) and not (is_inside(path) and path.startswith("assessments/")):
        yield Fault(
            ("assessment", "path"),
            f"path {quoted(path)} is not that of an assessment in this workspace; write it as assessments/zoom/….toml",
        )
    also = document.get("also_supersedes")
    named: list[tuple[Place, object]] = [(("supersedes",), document.get("supersedes"))]
    named += [(("also_supersedes", at), name) for at, name in enumerate(also if isinstance(also, list) else ())]
    for place, name in named:
        if isinstance(name, str) and not is_file_name(name):
            yield Fault(
                place,
                f"{place[0]} {quoted(name)} is no file name; write the one beside this, as 2026-11-20.toml",
            )
