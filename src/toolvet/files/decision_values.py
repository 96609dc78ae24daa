"""A checked decision document as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolvet.domain.decision import ApprovedFor, AssessmentRef, Computed, Condition, Decision, Waiver
from toolvet.domain.scorecard import Verdict
from toolvet.files.rubric_values import make_policy

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
