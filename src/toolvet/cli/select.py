"""Assessments judged: files with their scorecards and findings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toolvet.cli.output import Faults, day_given, say, workspace_given
from toolvet.domain.findings import Finding, find
from toolvet.domain.rubric import Ask
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import NoSuchSubject, ToolvetError, UnusableFile, UsageError
from toolvet.report.comparison.ranking import Tool
from toolvet.services.decisions import speaking
from toolvet.storage.reader import AssessmentFile, check_answers, read_assessment
from toolvet.storage.subjects import SubjectFolder
from toolvet.storage.toml_input import Seal, is_file, is_there
from toolvet.storage.workspace import Workspace
from toolvet.text.escape import visible


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment's file, named as the person named it, and what follows from it on the day."""

    name: str
    file: AssessmentFile
    scorecard: Scorecard
    findings: tuple[Finding, ...]


class Survey(ToolvetError):
    """A file that answers what is expected and delivered, and so has no verdict."""


def judge_file(name: str, options: argparse.Namespace) -> Judged:
    """The assessment in the file of that name, judged. ToolvetError, with the name in it, where that cannot be done."""
    path = Path(name)
    return judge(name, read_assessment(path), workspace_given(options, path.absolute().parent), day_given(options))


def judge(name: str, file: AssessmentFile, workspace: Workspace, on: date) -> Judged:
    """The assessment as of that day, by its rubric in that workspace; what is odd in it is said.

    UnusableFile where it does not fit its rubric, Survey for a survey, another ToolvetError, with the name in it,
    where the rubric is missing.
    """
    try:
        rubric = workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{name}: {error}") from error
    problems = check_answers(file, rubric)
    if any(not problem.warning for problem in problems):
        raise UnusableFile(problems)
    if rubric.ask is Ask.GAP:
        raise Survey(f"{name}: a survey of what is expected and delivered has no scorecard; see toolvet readiness")
    for problem in problems:
        say(str(problem))
    scorecard = score(rubric, file.assessment, on)
    is_broken = file.seal is Seal.BROKEN
    before = workspace.earlier(file)
    findings = find(rubric, file.assessment, on, seal_broken=is_broken, scorecard=scorecard, before=before)
    return Judged(name, file, scorecard, findings)


def latest_file(workspace: Workspace, folder: SubjectFolder, instead: str, on: date, faults: Faults) -> AssessmentFile:
    """The one assessment that speaks for the subject; of several, that which the decision that counts rests on.

    What cannot be read is said and counted among the faults. UsageError, saying what to give instead, where that does
    not tell either.
    """
    files = speaking(workspace, folder, on)
    if folder.errors and not files:
        raise UnusableFile(folder.problems)
    faults.add_subject(folder)
    if len(files) == 1:
        return files[0]
    if files:
        paths = ", ".join(str(file.path) for file in files)
        raise UsageError(f"{folder.name} has several equally recent assessments; say which with {instead}: {paths}")
    raise UsageError(f"{folder.name} has no assessment; start one with toolvet assess")


def judge_named(name: str, options: argparse.Namespace, faults: Faults) -> Judged:
    """The assessment in the file of that name, or, where there is none, the one that speaks for that subject.

    What else of the subject cannot be read is said and counted among the faults.
    """
    path = Path(name)
    if is_there(path) or path.suffix == ".toml":
        judged = judge_file(name, options)
        faults.add_subject(workspace_given(options, path.absolute().parent).folder_of(judged.file))
        return judged
    workspace = workspace_given(options)
    try:
        folder = workspace.subject(name)
    except NoSuchSubject as error:
        raise NoSuchSubject(f"{error}; nor is there a file of that name") from error
    return judge_file(str(latest_file(workspace, folder, "its file", day_given(options), faults).path), options)


def judge_files(names: Iterable[str], options: argparse.Namespace, faults: Faults) -> Iterator[Judged]:
    """Each of the files or subjects that can be judged; the others are said and counted among the faults."""
    for name in names:
        try:
            yield judge_named(name, options, faults)
        except ToolvetError as error:
            faults.add(error)


def candidates(options: argparse.Namespace, faults: Faults) -> tuple[Tool, ...]:
    """The assessments named, else all of the workspace, judged on the day; each file once.

    What is named and cannot be used raises; of all, what cannot be used is counted among the faults and left out.
    """
    if options.names:
        found = list(_named(options.names, options, faults))
    else:
        found = [one for one in _all(options, faults) if options.rubric in (None, one.scorecard.rubric.id)]
    once = {Path(one.file).absolute(): one for one in found}
    if not once:
        raise UsageError(_nothing(options))
    _refuse_mixed(tuple(once.values()))
    return tuple(once.values())


def tool_of(judged: Judged) -> Tool:
    """What is compared of an assessment that was judged: all but the bytes of its file."""
    file = judged.file
    return Tool(judged.name, file.sha256, file.assessment, judged.scorecard, judged.findings)


def _named(names: Sequence[str], options: argparse.Namespace, faults: Faults) -> Iterator[Tool]:
    workspaces: dict[Path, Workspace] = {}
    for name in names:
        path = Path(name)
        if is_file(path) or path.suffix == ".toml":
            folder = path.absolute().parent
            if folder not in workspaces:
                workspaces[folder] = workspace_given(options, folder)
            file = read_assessment(path)
            faults.add_subject(workspaces[folder].folder_of(file))
            yield tool_of(judge(name, file, workspaces[folder], day_given(options)))
        else:
            workspace = workspaces.setdefault(Path.cwd(), workspace_given(options))
            subject = _subject(workspace, name)
            file = _chosen(workspace, subject, day_given(options))
            faults.add_subject(subject)
            yield tool_of(judge(str(file.path), file, workspace, day_given(options)))


def _subject(workspace: Workspace, name: str) -> SubjectFolder:
    try:
        return workspace.subject(name)
    except NoSuchSubject as error:
        raise NoSuchSubject(f"{error}; nor is there a file of that name") from error


def _all(options: argparse.Namespace, faults: Faults) -> Iterator[Tool]:
    workspace = workspace_given(options)
    for folder in workspace.each_subject():
        faults.add_subject(folder)
        if not folder.assessments:
            continue
        try:
            file = _chosen(workspace, folder, day_given(options))
            yield tool_of(judge(str(file.path), file, workspace, day_given(options)))
        except Survey:
            continue
        except UsageError:
            raise
        except ToolvetError as error:
            faults.add(error)


def _chosen(workspace: Workspace, folder: SubjectFolder, on: date) -> AssessmentFile:
    files = speaking(workspace, folder, on)
    if len(files) == 1:
        return files[0]
    if files:
        return _asked(folder, files)
    if folder.errors:
        raise UnusableFile(folder.problems)
    raise UsageError(f"{folder.name} has no assessment; start one with toolvet assess")


def _asked(folder: SubjectFolder, files: Sequence[AssessmentFile]) -> AssessmentFile:
    """The one the person picks; UsageError naming them all where nobody can be asked."""
    paths = [str(file.path) for file in files]
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        which = "\n".join(f"  {path}" for path in paths)
        raise UsageError(f"{folder.name} has several equally recent assessments; name the one to compare:\n{which}")
    say(f"{folder.name} has several equally recent assessments:")
    for number, path in enumerate(paths, start=1):
        say(f"  {number}  {path}")
    while True:
        print(f"Which one, 1 to {len(paths)}? ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError(f"no assessment of {folder.name} was chosen; name its file")
        if line.strip() in map(str, range(1, len(paths) + 1)):
            return files[int(line) - 1]
        say(f"'{visible(line.strip())}' is none of them.")


def _refuse_mixed(found: Sequence[Tool]) -> None:
    """Levels of different questions are never ranked together, nor are those answered before a question changed."""
    by_rubric: dict[tuple[str, str, str, str], list[str]] = {}
    for one in found:
        rubric = one.scorecard.rubric
        answered = one.assessment.rubric.digest or rubric.digest
        by_rubric.setdefault((rubric.id, rubric.version, rubric.digest, answered), []).append(one.file)
    if len(by_rubric) > 1:
        parts = []
        for (rubric_id, version, digest, answered), names in by_rubric.items():
            earlier = "" if answered == digest else f", answered when it was {_short(answered)}"
            parts.append(f"  {rubric_id} {version}, {_short(digest)}{earlier}:")
            parts += [f"    {name}" for name in names]
        raise UsageError(
            "these were answered under different rubrics and cannot be ranked together; name those of one rubric, "
            "or give --rubric ID; of two versions of one, toolvet migrate FILE takes answers over to the newer:\n"
            + "\n".join(parts)
        )
    if len({one.scorecard.rubric.policy for one in found}) > 1:
        raise UsageError(
            "these are judged under the different thresholds of several houses and cannot be ranked together; "
            "give one --workspace for all of them"
        )


def _short(digest: str) -> str:
    return digest[:19] + "…" if len(digest) > 19 else digest or "without digest"


def _nothing(options: argparse.Namespace) -> str:
    if options.rubric is not None:
        return f"no assessment under the rubric {options.rubric} is in this workspace"
    return "there is nothing to compare: this workspace has no assessment; start one with toolvet assess"
