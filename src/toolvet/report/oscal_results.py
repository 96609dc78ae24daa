"""Assessments as OSCAL assessment results, for the programs of auditors.

A question is a control, an answer an observation, and a must-have a finding: only a must-have has a level that it must
reach. What OSCAL has no word for is a property in the namespace `NAMESPACE`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from toolvet.domain.assessment import Answer, Evidence, Grade
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import FIGURES, AnswerState, MustHave, MustHaveState, QuestionScore
from toolvet.domain.standing import last_day_of
from toolvet.report.comparison.ranking import Tool
from toolvet.report.scorecard import Json
from toolvet.text.escape import encodable, is_address, one_line
from toolvet.text.labels import figure, required_words, reviewer_words, state_words
from toolvet.text.record_words import brief_standing
from toolvet.text.sentences import reason_words

OSCAL_VERSION = "1.0.6"
NAMESPACE = "urn:toolvet"

_METHODS: Mapping[Grade | None, str] = {
    Grade.TESTED: "TEST",
    Grade.INDEPENDENT: "EXAMINE",
    Grade.DOCUMENT: "EXAMINE",
    Grade.CLAIM: "INTERVIEW",
    None: "UNKNOWN",
}


def assessment_results(tools: Sequence[Tool], on: date) -> Json:
    """One result for each tool, as of that day. The same files make the same document."""
    files = " ".join(sorted(f"{tool.file} {tool.sha256}" for tool in tools))
    plan = _uuid(files, "plan")
    reviewers = sorted({reviewer_words(tool.assessment.reviewer) for tool in tools})
    parties = [{"uuid": _uuid("reviewer", name), "type": "person", "name": one_line(name)} for name in reviewers]
    metadata: Json = {
        "title": "Assessments of tools",
        "last-modified": _moment(on),
        "version": on.isoformat(),
        "oscal-version": OSCAL_VERSION,
        "roles": [{"id": "assessor", "title": "Reviewer"}],
        "parties": parties,
        "responsible-parties": [{"role-id": "assessor", "party-uuids": [party["uuid"] for party in parties]}],
    }
    rubrics = sorted({f"{rubric.id} {rubric.version} ({rubric.digest})" for rubric in _rubrics(tools)})
    resource = {"uuid": plan, "title": "Rubrics of toolvet", "description": "\n".join(rubrics)}
    return {
        "assessment-results": {
            "uuid": _uuid(files, on.isoformat()),
            "metadata": metadata,
            "import-ap": {"href": f"#{plan}"},
            "results": [_result(tool, on) for tool in tools],
            "back-matter": {"resources": [resource]},
        }
    }


def _rubrics(tools: Sequence[Tool]) -> Iterator[Rubric]:
    return (tool.scorecard.rubric for tool in tools)


def _result(tool: Tool, on: date) -> Json:
    card, subject = tool.scorecard, tool.assessment.subject
    started = tool.assessment.started or on
    component = _uuid(tool.file, "component")
    asked = [scored for scored in card.questions if scored.applies is not False]
    observed = [scored for scored in asked if scored.state is not AnswerState.UNANSWERED]
    controls: Json = {"include-controls": [{"control-id": scored.question.id} for scored in asked]}
    found: Json = {
        "uuid": _uuid(tool.file, tool.sha256, on.isoformat()),
        "title": one_line(f"{subject.label}: {card.rubric.title}"),
        "description": "\n".join(
            [f"{card.verdict.words.capitalize()}.", *(reason_words(one, card) for one in card.reasons)]
        ),
        "start": _moment(started),
        "end": _moment(max(on, started)),
        "props": [*_props(_about(tool))],
        "local-definitions": {
            "components": [
                {
                    "uuid": component,
                    "type": "software",
                    "title": one_line(subject.label),
                    "description": one_line(subject.job or subject.label),
                    "status": {"state": "other"},
                }
            ]
        },
        "reviewed-controls": {"control-selections": [controls if asked else {"include-all": {}}]},
    }
    if observed:
        found["observations"] = [_observation(tool, scored, component) for scored in observed]
    if card.must_haves:
        ids = {scored.question.id for scored in observed}
        found["findings"] = [_finding(tool, one, is_observed=one.question.id in ids) for one in card.must_haves]
    return found


def _about(tool: Tool) -> dict[str, str]:
    card, overall = tool.scorecard, tool.scorecard.overall
    last = None if tool.decision is None else last_day_of(tool.decision, tool.standing)
    return {
        "file": tool.file,
        "sha256": tool.sha256,
        "rubric": f"{card.rubric.id} {card.rubric.version}",
        "verdict": card.verdict.value,
        "complete": "true" if card.complete else "false",
        **({} if overall is None else {name: figure(getattr(overall, name)) for name in FIGURES}),
        "decision": brief_standing(tool.decision, tool.standing),
        "decision-until": "" if last is None else last.isoformat(),
    }


def _observation(tool: Tool, scored: QuestionScore, component: str) -> Json:
    question, answer = scored.question, tool.assessment.answer(scored.question.id)
    level = {} if scored.level is None else {"level": str(scored.level), "top-level": str(question.top)}
    observation: Json = {
        "uuid": _uuid(tool.file, tool.sha256, question.id),
        "title": one_line(question.heading),
        "description": _said(scored, answer),
        "props": [*_props({"question": question.id, "state": scored.state.value, **level})],
        "methods": list(dict.fromkeys(_METHODS[one.grade] for one in answer.evidence)) or ["UNKNOWN"],
        "subjects": [{"subject-uuid": component, "type": "component"}],
        "collected": _moment(answer.answered or tool.assessment.started or tool.scorecard.on),
    }
    if answer.evidence:
        observation["relevant-evidence"] = [_evidence(one) for one in answer.evidence]
    if answer.note:
        observation["remarks"] = answer.note
    return observation


def _said(scored: QuestionScore, answer: Answer) -> str:
    if scored.level is not None:
        return scored.question.levels[scored.level]
    why = answer.unknown or answer.not_applicable
    words = state_words(scored.state).capitalize()
    return f"{words}: {why}" if why else words


def _evidence(evidence: Evidence) -> Json:
    dated = {} if evidence.date is None else {"dated": evidence.date.isoformat()}
    graded = {} if evidence.grade is None else {"grade": evidence.grade.value}
    kept = {} if evidence.sha256 is None else {"sha256": evidence.sha256}
    props = [*_props({**graded, **dated, **kept})]
    return {
        **({"href": evidence.source} if is_address(evidence.source) else {}),
        "description": evidence.source,
        **({"props": props} if props else {}),
    }


def _finding(tool: Tool, must_have: MustHave, *, is_observed: bool) -> Json:
    question = must_have.question
    is_met = must_have.state is MustHaveState.MET
    reason = "pass" if is_met else "fail" if must_have.state is MustHaveState.FAILED else "other"
    related = [{"observation-uuid": _uuid(tool.file, tool.sha256, question.id)}]
    return {
        "uuid": _uuid(tool.file, tool.sha256, question.id, "finding"),
        "title": one_line(question.heading),
        "description": f"{state_words(must_have.state).capitalize()}; {required_words(must_have)}.",
        "target": {
            "type": "objective-id",
            "target-id": question.id,
            "status": {"state": "satisfied" if is_met else "not-satisfied", "reason": reason},
        },
        **({"related-observations": related} if is_observed else {}),
    }


def _props(values: Mapping[str, str]) -> Iterator[Json]:
    for name, value in values.items():
        if shown := one_line(value).strip():
            yield {"name": name, "ns": NAMESPACE, "value": shown}


def _uuid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, encodable("\n".join((NAMESPACE, *parts)))))


def _moment(day: date) -> str:
    """The day's beginning: OSCAL has no days without a time."""
    return f"{day.isoformat()}T00:00:00Z"
