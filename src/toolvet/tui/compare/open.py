"""From the subjects of a workspace to the Compare screen: which assessments, and whether they can be ranked together.

Each way runs in a worker, waits for the screens it shows, and may raise ToolvetError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from textual.app import App

from toolvet.domain.findings import find
from toolvet.domain.rubric import Rubric
from toolvet.domain.scoring import score
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.comparison.ranking import Comparison, Tool, compare
from toolvet.services.decisions import speaking
from toolvet.services.session import Session
from toolvet.storage.reader import AssessmentFile
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import listed, plural
from toolvet.tui.compare.screen import CompareScreen
from toolvet.tui.navigation import choose_assessment, opened_tool


@dataclass(frozen=True, slots=True)
class Judgeable:
    """An assessment and the rubric it is scored with."""

    file: AssessmentFile
    rubric: Rubric

    @property
    def asked(self) -> tuple[str, str, str, str]:
        """What was answered: only those that agree in it can be ranked together."""
        rubric = self.rubric
        return rubric.id, rubric.version, rubric.digest, self.file.assessment.rubric.digest or rubric.digest


async def compare_subjects(app: App[None], session: Session, folders: Sequence[SubjectFolder]) -> None:
    """Compare these subjects."""
    if len(folders) < 2:
        raise UsageError("One tool alone cannot be compared: mark another one with space.")
    found = [await _judgeable(app, session, folder) for folder in folders]
    chosen = [one for one in found if one is not None]
    if len(chosen) == len(found):
        await app.push_screen_wait(CompareScreen(compared(session.workspace, chosen, session.on)))


async def compare_all(app: App[None], session: Session, folders: Sequence[SubjectFolder], like: SubjectFolder) -> None:
    """Compare all subjects that were asked the same as that one, and say which were not."""
    one = await _judgeable(app, session, like)
    if one is None:
        return
    chosen, left_out = [one], []
    for folder in folders:
        if folder.name == like.name or not folder.assessments:
            continue
        try:
            other = await _judgeable(app, session, folder)
        except ToolvetError:
            left_out.append(folder.name)
            continue
        if other is None:
            return
        if other.asked == one.asked:
            chosen.append(other)
        else:
            left_out.append(folder.name)
    if len(chosen) < 2:
        raise UsageError(f"No other tool was answered under {one.rubric.title} {one.rubric.version} as it is.")
    if left_out:
        verb = "was" if len(left_out) == 1 else "were"
        app.notify(
            f"Left out, for {_name(left_out)} {verb} answered under another rubric, or cannot be read.", markup=False
        )
    await app.push_screen_wait(CompareScreen(compared(session.workspace, chosen, session.on)))


def compared(workspace: Workspace, chosen: Sequence[Judgeable], on: date) -> Comparison:
    """The comparison. UsageError, naming files and rubrics, where they were not all asked the same."""
    kinds: dict[tuple[str, str, str, str], list[Judgeable]] = {}
    for one in chosen:
        kinds.setdefault(one.asked, []).append(one)
    if len(kinds) > 1:
        raise UsageError(
            "Different rubrics are never ranked together. Mark only tools of one; of two versions of one, M takes the "
            "answers over to the newer:\n"
            + "\n".join(_kind_words(workspace, asked, files) for asked, files in kinds.items())
        )
    return compare([_tool(workspace, one, on) for one in chosen])


async def _judgeable(app: App[None], session: Session, folder: SubjectFolder) -> Judgeable | None:
    """None where the person was asked which assessment, and went back."""
    files = speaking(session.workspace, folder, session.on)
    file = await choose_assessment(app, session, files, folder)
    return None if file is None else Judgeable(file, opened_tool(session, file).rubric)


def _tool(workspace: Workspace, one: Judgeable, on: date) -> Tool:
    assessment = one.file.assessment
    scorecard = score(one.rubric, assessment, on)
    findings = find(one.rubric, assessment, on, seal_broken=one.file.seal is Seal.BROKEN, scorecard=scorecard)
    return Tool(workspace.relative(one.file.path), one.file.sha256, assessment, scorecard, findings)


def _kind_words(workspace: Workspace, asked: tuple[str, str, str, str], files: Sequence[Judgeable]) -> str:
    rubric_id, version, digest, answered = asked
    changed = "" if digest == answered else ", before its words changed"
    return f"{rubric_id} {version}{changed}: {listed([workspace.relative(one.file.path) for one in files])}"


def _name(names: Sequence[str]) -> str:
    return listed(list(names)) if len(names) < 4 else plural(len(names), "tool")
