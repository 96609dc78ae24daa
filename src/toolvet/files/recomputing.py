"""A decision held against what it rests on: the assessment it names, its policy and its day, computed anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolvet.domain.deciding import faults, make_computed
from toolvet.domain.decision import Condition, Decision
from toolvet.domain.findings import is_rubric_changed
from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import score
from toolvet.errors import ToolvetError, UnusableFile
from toolvet.files.faults import Fault
from toolvet.files.reading import AssessmentFile, DecisionFile, check_answers, read_assessment
from toolvet.files.seal import Seal
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace

_FIGURES = ("floor", "observed", "ceiling", "coverage")


def differences(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> tuple[Fault, ...]:
    """What is not as the decision says, each at its place in the file, in sentences; empty where all agrees."""
    return tuple(_differences(workspace, folder, file))


def _differences(workspace: Workspace, folder: SubjectFolder, file: DecisionFile) -> Iterator[Fault]:
    decision = file.decision
    there = {one.path.name for one in folder.decisions} | {problem.path.name for problem in folder.decision_problems}
    for name in decision.replaces:
        if name not in there:
            yield Fault(("supersedes",), f"It supersedes {name}, which is not there.")
    if not decision.assessment.path.startswith(f"assessments/{folder.name}/"):
        yield Fault(("assessment", "path"), f"It rests on {decision.assessment.path}, which is of another subject.")
    try:
        assessed = _assessment(workspace, decision)
    except UnusableFile as error:
        yield Fault(("assessment", "path"), f"Its assessment cannot be used: {error.problems[0].message}.")
        return
    if assessed.sha256 != decision.assessment.sha256:
        yield Fault(
            ("assessment", "sha256"),
            "The assessment was changed after the decision; look whether it still holds, and decide anew.",
        )
        return
    yield from _computed_anew(workspace, folder, decision, assessed)


def _assessment(workspace: Workspace, decision: Decision) -> AssessmentFile:
    path = workspace.assessment_behind(decision)
    return read_assessment(workspace.root / decision.assessment.path if path is None else path)


def _computed_anew(
    workspace: Workspace, folder: SubjectFolder, decision: Decision, assessed: AssessmentFile
) -> Iterator[Fault]:
    asked = assessed.assessment.rubric
    try:
        rubric = workspace.rubric(asked.id, asked.version)
    except ToolvetError as error:
        yield Fault(("assessment",), f"It cannot be computed anew: {error}.")
        return
    if any(not problem.warning for problem in check_answers(assessed, rubric)):
        yield Fault(("assessment",), "It cannot be computed anew: its assessment does not fit the rubric.")
        return
    if decision.computed.policy != rubric.policy:
        yield Fault(("computed", "policy"), "It was computed under other thresholds than the rubric or the house has.")
    if decision.computed.on != decision.decided_on:
        yield Fault(
            ("computed", "on"), f"It was computed for {decision.computed.on}, and decided on {decision.decided_on}."
        )
    yield from _held_to_the_rules(folder, decision, assessed, replace(rubric, policy=decision.computed.policy))


def _held_to_the_rules(
    folder: SubjectFolder, decision: Decision, assessed: AssessmentFile, rubric: Rubric
) -> Iterator[Fault]:
    scorecard = score(rubric, assessed.assessment, decision.decided_on)
    anew, told = make_computed(scorecard), decision.computed
    if anew.verdict is not told.verdict:
        words = f"It says that the verdict was {told.verdict.words}; computed anew it is {anew.verdict.words}."
        yield Fault(("computed", "verdict"), words)
    elif anew.reasons != told.reasons:
        yield Fault(("computed", "reasons"), "Its reasons are not those that come out when it is computed anew.")
    for name in _FIGURES:
        if getattr(anew, name) != getattr(told, name):
            words = f"Its {name} is {_said(getattr(told, name))}; computed anew it is {_said(getattr(anew, name))}."
            yield Fault(("computed", name), words)
    found = faults(
        decision,
        scorecard,
        seal_broken=assessed.seal is Seal.BROKEN,
        rubric_changed=is_rubric_changed(rubric, assessed.assessment),
        carried=_conditions_before(folder.decisions, decision),
    )
    yield from (Fault(("decision",), fault) for fault in found)


def _conditions_before(files: Sequence[DecisionFile], decision: Decision) -> list[Condition]:
    before = [file.decision for file in files if file.path.name in decision.replaces]
    return [condition for one in before for condition in one.conditions]


def _said(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f}"
