"""From the subjects of a workspace to the Compare screen: which assessments, and whether they can be ranked together.

Each way runs in a worker, waits for the screens it shows, and may raise ToolvetError.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from toolvet.domain.findings import find
from toolvet.domain.scoring import score
from toolvet.errors import ToolvetError, UsageError
from toolvet.report.comparison.ranking import Comparison, Tool, compare
from toolvet.services.decisions import speaking
from toolvet.services.session import OpenedAssessment, Session
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal
from toolvet.text.escape import listed, plural
from toolvet.tui.compare.screen import CompareScreen
from toolvet.tui.navigation import choose_assessment, opened_tool

Asked = tuple[str, str, str, str]
"""A rubric's id, version and digest, and the digest that was answered."""


async def compare_subjects(app: App[None], session: Session, folders: Sequence[SubjectFolder]) -> None:
    """Compare these subjects."""
    if len(folders) < 2:
        raise UsageError("One tool alone cannot be compared: mark another one with space.")
    found = [await _open(app, session, folder) for folder in folders]
    chosen = [one for one in found if one is not None]
    if len(chosen) == len(found):
        await app.push_screen_wait(CompareScreen(compared(session, chosen)))


async def compare_all(app: App[None], session: Session, folders: Sequence[SubjectFolder], like: SubjectFolder) -> None:
    """Compare all subjects that answered the same rubric as `like`, and say which ones did not."""
    one = await _open(app, session, like)
    if one is None:
        return
    chosen, left_out = [one], []
    for folder in folders:
        if folder.name == like.name or not folder.assessments:
            continue
        try:
            other = await _open(app, session, folder)
        except ToolvetError:
            left_out.append(folder.name)
            continue
        if other is None:
            return
        if _asked(other) == _asked(one):
            chosen.append(other)
        else:
            left_out.append(folder.name)
    if len(chosen) < 2:
        raise UsageError(
            f"No other tool was answered under the current text of {one.rubric.title} {one.rubric.version}."
        )
    if left_out:
        names = listed(left_out) if len(left_out) < 4 else plural(len(left_out), "tool")
        app.notify(f"Left out, with another rubric or not readable: {names}.", markup=False)
    await app.push_screen_wait(CompareScreen(compared(session, chosen)))


def compared(session: Session, chosen: Sequence[OpenedAssessment]) -> Comparison:
    """Rank the assessments. UsageError, naming files and rubrics, where they were not all asked the same."""
    kinds: dict[Asked, list[str]] = {}
    for one in chosen:
        kinds.setdefault(_asked(one), []).append(session.workspace.relative(one.file.path))
    if len(kinds) > 1:
        raise UsageError(
            "Different rubrics are never ranked together. Mark only tools of one rubric; press M to take the answers "
            "over to its newer version:\n" + "\n".join(_kind_words(asked, paths) for asked, paths in kinds.items())
        )
    return compare([_tool(session, one) for one in chosen])


def _asked(opened: OpenedAssessment) -> Asked:
    """What was answered: only assessments that agree in it can be ranked together."""
    rubric = opened.rubric
    return rubric.id, rubric.version, rubric.digest, opened.assessment.rubric.digest or rubric.digest


async def _open(app: App[None], session: Session, folder: SubjectFolder) -> OpenedAssessment | None:
    """None where the person was asked which assessment, and went back."""
    files = speaking(session.workspace, folder, session.on)
    file = await choose_assessment(app, session, files, folder)
    return None if file is None else opened_tool(session, file)


def _tool(session: Session, one: OpenedAssessment) -> Tool:
    scorecard = score(one.rubric, one.assessment, session.on)
    findings = find(
        one.rubric,
        one.assessment,
        session.on,
        seal_broken=one.file.seal is Seal.BROKEN,
        scorecard=scorecard,
        before=session.workspace.earlier(one.file),
    )
    return Tool(session.workspace.relative(one.file.path), one.file.sha256, one.assessment, scorecard, findings)


def _kind_words(asked: Asked, paths: Sequence[str]) -> str:
    rubric_id, version, digest, answered = asked
    changed = "" if digest == answered else ", before its text changed"
    return f"{rubric_id} {version}{changed}: {listed(paths)}"
