"""Which assessments `toolvet compare` puts side by side: by file, by subject, or all of a rubric."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from toolvet.commands.given import Faults, day_given, workspace_given
from toolvet.commands.judging import Judged, Survey, judge
from toolvet.commands.output import say
from toolvet.errors import NoSuchSubject, ToolvetError, UnusableFile, UsageError
from toolvet.files.content import is_file
from toolvet.files.reading import AssessmentFile, read_assessment
from toolvet.files.standing import speaking
from toolvet.files.subjects import SubjectFolder
from toolvet.files.workspace import Workspace
from toolvet.report.comparison import Tool
from toolvet.report.text import visible


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
