"""Panels: the reviewers of one subject side by side, and the assessment in which they settle it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from toolvet.domain.assessment import Assessment
from toolvet.domain.decision import AssessmentRef
from toolvet.domain.panel import Member, Panel, panel_assessment, panel_of
from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved, ToolvetError, UsageError
from toolvet.report.panel_table import PanelPage, opinion_lines
from toolvet.services.assessments import OpenedAssessment, Session, open_tool, unusable_in
from toolvet.storage.lock import locked
from toolvet.storage.reader import AssessmentFile, read_assessment
from toolvet.storage.subjects import SubjectFolder, day_of, path_in
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import joined, listed
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class FoundPanel:
    """The newest assessment of each reviewer of a subject, and the one that was settled from just these, if any."""

    folder: SubjectFolder
    files: tuple[AssessmentFile, ...]
    panel: Panel
    outcome: OpenedAssessment | None

    @property
    def references(self) -> tuple[AssessmentRef, ...]:
        """The reviewers' files as they are now."""
        return tuple(AssessmentRef(path_in(self.folder, file), file.sha256) for file in self.files)


def reviewers_in(folder: SubjectFolder, on: date) -> tuple[AssessmentFile, ...]:
    """The newest assessment of each reviewer in the review that goes on, the first begun first; none of a panel.

    What was begun before the last decision that others followed belongs to an earlier review. To tolerate a tool ends
    none: that rests on no assessment.
    """
    begun = [file for file in folder.assessments if day_of(file) <= on and not file.assessment.panel]
    newest = max(map(day_of, begun), default=date.min)
    ended = (one.decision.decided_on for one in folder.decisions if not one.decision.tolerates)
    since = max((day for day in ended if day < newest), default=date.min)
    by_name: dict[str, AssessmentFile] = {}
    for file in begun:
        if day_of(file) > since or since == date.min:
            by_name.setdefault((file.assessment.reviewer.name or "").casefold(), file)
    return tuple(reversed(by_name.values()))


class FewReviewers(UsageError):
    """Fewer than two reviewers assessed the subject in the review that goes on."""


def find_panel(session: Session, folder: SubjectFolder) -> FoundPanel:
    """The panel of the subject. FewReviewers without one; UsageError where they answered different texts."""
    files = reviewers_in(folder, session.on)
    if len(files) < 2:
        who = f"only {files[0].assessment.reviewer.name} has" if files else "nobody has"
        raise FewReviewers(
            f"{folder.name}: {who} assessed it in this review, and a panel takes two; another reviewer adds it as "
            f"their own (a on Home, or toolvet assess {folder.name} --new), or fills in a sheet (toolvet questions, "
            "then toolvet import --from colleague)"
        )
    opened = [open_tool(session.workspace, file, to_read=True).in_language(session.language) for file in files]
    _refuse_different(session.workspace, opened)
    panel = panel_of(opened[0].rubric, (one.assessment for one in opened), session.on)
    found = FoundPanel(folder, files, panel, None)
    references = set(found.references)
    outcome = next((file for file in folder.assessments if set(file.assessment.panel) == references), None)
    return found if outcome is None else replace(found, outcome=open_tool(session.workspace, outcome))


def page_about(session: Session, opened: OpenedAssessment) -> PanelPage | None:
    """What there is to show of the panel that the assessment was settled in, else of the reviewers of its subject.

    None where there are fewer than two; else ToolvetError as in `find_panel`.
    """
    workspace, folder = session.workspace, session.workspace.folder_of(opened.file)
    if opened.assessment.panel:
        panel = panel_behind(workspace, opened.rubric, opened.assessment, session.on)
        path = workspace.relative(opened.file.path)
        settled = Member(opened.assessment, opened.score(session.on))
        if panel is None:
            raise ToolvetError(
                "The reviewers' assessments that this was settled from cannot be shown: one is gone, cannot be read, "
                "or answers another text of the rubric."
            )
        return PanelPage(panel, (), path, settled)
    try:
        return None if folder is None else page_of(find_panel(session, folder))
    except FewReviewers:
        return None


def _refuse_different(workspace: Workspace, opened: Sequence[OpenedAssessment]) -> None:
    asked = [(one.rubric.id, one.rubric.version, one.assessment.rubric.digest or one.rubric.digest) for one in opened]
    if len(set(asked)) > 1:
        lines = (
            f"  {workspace.relative(one.file.path)}: {rubric_id} {version}, {digest[:19]}…"
            for one, (rubric_id, version, digest) in zip(opened, asked, strict=True)
        )
        raise UsageError(
            "these were answered under different rubrics and cannot be settled together; toolvet migrate FILE takes "
            "answers over to a newer version:",
            *lines,
        )


def page_of(found: FoundPanel) -> PanelPage:
    """What there is to show of it."""
    paths, outcome = tuple(one.path for one in found.references), found.outcome
    if outcome is None:
        return PanelPage(found.panel, paths)
    is_same = outcome.rubric.digest == found.panel.rubric.digest
    member = Member(outcome.assessment, outcome.score(found.panel.members[0].scorecard.on)) if is_same else None
    return PanelPage(found.panel, paths, path_in(found.folder, outcome.file), member)


def settle_panel(session: Session, found: FoundPanel, by: str | None = None) -> AssessmentFile:
    """Begin the assessment in which the panel is settled, with what all agree on.

    UsageError without a name, if it was begun before, or if nobody confirmed a reviewer's file that was edited; what of
    the tool cannot be used is raised.
    """
    workspace, reviewer = session.workspace, by or session.reviewer
    if not reviewer:
        raise UsageError("who settles it? Give --by NAME, or set TOOLVET_REVIEWER")
    for error in unusable_in(workspace, found.folder, found.files):
        raise error
    if edited := [workspace.relative(file.path) for file in found.files if file.seal is Seal.BROKEN]:
        raise UsageError(
            f"the seal of {listed(edited)} does not match, and settling would confirm what stands there; read it "
            "through and save it in toolvet first"
        )
    subject = found.folder.assessments[0].assessment.subject
    if any(workspace.decision_on(file) is not None for file in found.files):
        subject = replace(subject, answer_by=None)
    settled = panel_assessment(found.panel, found.references, subject, reviewer, session.on)
    with locked(workspace.root / "assessments" / found.folder.name / ".panel"):  # two may settle it at once
        now = find_panel(session, workspace.folder_named(found.folder.name))
        if now.outcome is not None:
            path = workspace.relative(now.outcome.file.path)
            raise UsageError(f"it is settled in {path}; resume that with toolvet assess")
        if now.references != found.references:
            raise NotSaved("NOT SAVED: a reviewer's assessment was changed meanwhile; look at it again")
        return workspace.start(settled, session.on)


def panel_behind(workspace: Workspace, rubric: Rubric, assessment: Assessment, on: date) -> Panel | None:
    """The panel that an assessment was settled from; None for any other, or where a file is missing or misfits."""
    members = tuple(_members(workspace, rubric, assessment))
    # some of them alone would look like a panel that agrees
    return panel_of(rubric, members, on) if members and len(members) == len(assessment.panel) else None


def _members(workspace: Workspace, rubric: Rubric, assessment: Assessment) -> Iterator[Assessment]:
    for one in assessment.panel:
        with suppress(ToolvetError):  # what is wrong with it is told beside the evidence
            opened = open_tool(workspace, read_assessment(workspace.root / one.path), to_read=True)
            if opened.rubric.digest == rubric.digest:
                yield opened.assessment


def opinions_beside(workspace: Workspace, rubric: Rubric, assessment: Assessment, on: date) -> Mapping[str, str]:
    """By question on which the reviewers of a panel part: what each said."""
    panel = panel_behind(workspace, rubric, assessment, on)
    if panel is None:
        return {}
    return {one.question.id: "\n".join(map(joined, opinion_lines(panel, one))) for one in panel.parted}
