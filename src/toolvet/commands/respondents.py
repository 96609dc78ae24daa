"""Whose answers `toolvet readiness` counts: by file, by organisation, or all of the workspace, in rounds."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.output import say
from toolvet.domain.assessment import Subject
from toolvet.domain.gaps import NO_GROUP, measure
from toolvet.domain.months import add_months
from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import ToolvetError, UnusableFile, UsageError
from toolvet.files.digest import hex_digest
from toolvet.files.naming import same_subject
from toolvet.files.reading import AssessmentFile, check_answers, read_assessment
from toolvet.files.subjects import SubjectFolder, day_of
from toolvet.files.workspace import Workspace
from toolvet.report.readiness import Round, Survey
from toolvet.report.text import plural


@dataclass(frozen=True, slots=True)
class Answers:
    """One respondent's answers, with the rubric they fit."""

    file: AssessmentFile
    rubric: Rubric

    @property
    def day(self) -> date | None:
        """The day they were begun, where file or name tells."""
        found = day_of(self.file)
        return None if found == date.min else found


def survey_given(options: argparse.Namespace, faults: Faults) -> Survey:
    """The organisation's survey as named, else the only one of the workspace.

    What cannot be used is said, counted among the faults and left out; UsageError where nothing is left or several
    organisations are.
    """
    found = _each_once(_named(options, faults) if options.names else _all(options, faults))
    found = [one for one in found if options.rubric in (None, one.rubric.id)]
    if options.on is not None:
        found = [one for one in found if one.day is None or one.day <= options.on]
    if not found:
        raise UsageError(
            "there are no answers to a survey here; write one with toolvet readiness --form, and take the answers in "
            "with toolvet readiness --import"
        )
    subject = _only_organisation(found)
    now, before = _rounds(found, options.since)
    if not now:
        raise UsageError(f"nobody answered since {options.since}; give an earlier day")
    this_round = _round(now, faults, None)
    return Survey(
        organisation=subject.label,
        on=day_given(options),
        now=this_round,
        before=_round(before, faults, this_round.rubric.id) if before else None,
    )


def organisations(workspace: Workspace) -> tuple[Subject, ...]:
    """The subjects of the workspace that a survey was answered about."""
    found = []
    for folder in workspace.subjects():
        newest = next((file for file in folder.assessments if _is_survey(file, workspace)), None)
        if newest is not None:
            found.append(newest.assessment.subject)
    return tuple(found)


def _is_survey(file: AssessmentFile, workspace: Workspace) -> bool:
    try:
        return _rubric_of(file, workspace).ask is Ask.GAP
    except ToolvetError:
        return False


def _named(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    for name in options.names:
        path = Path(name)
        if path.is_file() or path.suffix == ".toml":
            try:
                yield _answers(read_assessment(path), workspace_given(options, path.absolute().parent))
            except ToolvetError as error:
                faults.add(error)
        else:
            workspace = workspace_given(options)
            yield from _surveys(workspace, workspace.subject(name), faults)


def _all(options: argparse.Namespace, faults: Faults) -> Iterator[Answers]:
    workspace = workspace_given(options)
    for folder in workspace.subjects():
        yield from _surveys(workspace, folder, faults)


def _surveys(workspace: Workspace, folder: SubjectFolder, faults: Faults) -> Iterator[Answers]:
    """The answers of that folder to surveys; what is wrong is told only where there are any, or nothing else is."""
    is_survey = not folder.assessments
    for file in folder.assessments:
        try:
            if _rubric_of(file, workspace).ask is not Ask.GAP:
                continue
            is_survey = True
            yield _answers(file, workspace)
        except ToolvetError as error:
            faults.add(error)
    for problem in folder.problems if is_survey else ():
        faults.add_problem(problem)


def _rubric_of(file: AssessmentFile, workspace: Workspace) -> Rubric:
    try:
        return workspace.rubric(file.assessment.rubric.id, file.assessment.rubric.version)
    except UnusableFile:
        raise
    except ToolvetError as error:
        raise ToolvetError(f"{file.path}: {error}") from error


def _answers(file: AssessmentFile, workspace: Workspace) -> Answers:
    rubric = _rubric_of(file, workspace)
    if rubric.ask is not Ask.GAP:
        raise UsageError(f"{file.path}: rates a tool; toolvet score and toolvet compare judge it")
    problems = check_answers(file, rubric)
    if any(not problem.warning for problem in problems):
        raise UnusableFile(problems)
    return Answers(file, rubric)


def _each_once(found: Iterable[Answers]) -> list[Answers]:
    """Without blank answers, and every content once: a file that came twice is one respondent."""
    once: dict[str, Answers] = {}
    again = blank = 0
    for one in found:
        if not any(answer.is_given for answer in one.file.assessment.answers.values()):
            blank += 1
        elif one.file.sha256 in once:
            again += 1
        else:
            once[one.file.sha256] = one
    if again:
        say(f"{plural(again, 'file')} of the same content as another: counted once.")
    if blank:
        say(f"{plural(blank, 'file')} without any answer: not counted.")
    return list(once.values())


def _only_organisation(found: Sequence[Answers]) -> Subject:
    newest = max(found, key=lambda one: one.day or date.min).file.assessment.subject
    others = [one.file.assessment.subject for one in found if not same_subject(one.file.assessment.subject, newest)]
    if others:
        names = sorted({subject.label for subject in (newest, *others)})
        raise UsageError(f"there are answers about several organisations; name one of: {', '.join(names)}")
    return newest


def _rounds(found: Sequence[Answers], since: date | None) -> tuple[list[Answers], list[Answers]]:
    """Those of this round, and those of the one before: by calendar year, or from `since` and the twelve months before.

    Answers without a day count in this round.
    """
    dated = [one.day for one in found if one.day is not None]
    begin = since or (date(max(dated).year, 1, 1) if dated else date.min)
    earlier = [day for day in dated if day < begin]
    if not earlier:
        before_begin = begin
    elif since is None:
        before_begin = date(max(earlier).year, 1, 1)
    else:
        before_begin = add_months(max(earlier), -12)
    now = [one for one in found if one.day is None or one.day >= begin]
    return now, [one for one in found if one.day is not None and before_begin <= one.day < begin]


def _round(found: Sequence[Answers], faults: Faults, rubric_id: str | None) -> Round:
    """The result of those that answered the rubric most of them did; the others are said and left out."""
    asked = Counter(
        (one.rubric.id, one.rubric.version, one.rubric.digest) for one in found if rubric_id in (None, one.rubric.id)
    )
    if not asked:
        asked = Counter((one.rubric.id, one.rubric.version, one.rubric.digest) for one in found)
    wanted = asked.most_common(1)[0][0]
    counted = [one for one in found if (one.rubric.id, one.rubric.version, one.rubric.digest) == wanted]
    if len(counted) < len(found):
        left_out = plural(len(found) - len(counted), "answer file")
        faults.add(
            ToolvetError(
                f"{left_out} to another rubric or version than {wanted[0]} {wanted[1]}: left out; see --rubric"
            )
        )
    rubric = counted[0].rubric
    days = [one.day for one in counted if one.day is not None]
    digests = "".join(f"{digest}\n" for digest in sorted(one.file.sha256 for one in counted))
    assessments = [one.file.assessment for one in counted]
    return Round(
        readiness=measure(rubric, assessments),
        first=min(days, default=None),
        last=max(days, default=None),
        sha256=hex_digest(digests.encode()),
        groups=Counter(one.reviewer.group or NO_GROUP for one in assessments),
        earlier_wording=sum(one.rubric.digest not in (None, rubric.digest) for one in assessments),
    )
