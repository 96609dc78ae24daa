"""Assessments judged: files with their scorecards and findings."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.output import say
from toolvet.domain.findings import Finding, find
from toolvet.domain.rubric import Ask
from toolvet.domain.scorecard import Scorecard
from toolvet.domain.scoring import score
from toolvet.errors import NoSuchSubject, ToolvetError, UnusableFile, UsageError
from toolvet.files.content import is_there
from toolvet.files.reading import AssessmentFile, check_answers, read_assessment
from toolvet.files.seal import Seal
from toolvet.files.standing import speaking
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace


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
