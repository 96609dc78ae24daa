"""All problems of files of every kind at once, for `toolvet check`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path

from toolvet.domain.assessment import Assessment, RubricRef
from toolvet.domain.rubric import Rubric
from toolvet.domain.versions import difference_words, question_changes
from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.files.content import is_folder, parse, read_content
from toolvet.files.evidence import evidence_sha256
from toolvet.files.examining import Kind, kind_of, problems_of
from toolvet.files.faults import Fault, quoted
from toolvet.files.house_policy import policy_problems
from toolvet.files.reading import AssessmentFile, DecisionFile, assessment_of, check_answers, decision_of
from toolvet.files.rubric_problems import rubric_problems
from toolvet.files.seal import Seal
from toolvet.files.standing import counting
from toolvet.files.subjects import CONFLICT, conflict_problem
from toolvet.files.workspace import Workspace


def check_paths(paths: Iterable[Path], workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong in these files, and in every .toml of these folders; empty where all is well."""
    return tuple(problem for path in paths for file in files_in(path) for problem in check_file(file, workspace))


def files_in(path: Path) -> Iterator[Path]:
    """The file itself, or every .toml of a folder and every copy of a conflict, but for hidden ones.

    With them go folders that are links or cannot be looked into: nothing in these is checked, which has to be told.
    """
    if not is_folder(path):
        yield path
        return
    unreadable: list[OSError] = []
    found: list[Path] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
        found += [Path(folder, name) for name in names if _is_checked(name)]
    # Read like a file, a folder that cannot be looked into, or a link to one, tells why.
    yield from sorted([*found, *(Path(error.filename) for error in unreadable if error.filename is not None)])


def _is_checked(name: str) -> bool:
    return not name.startswith(".") and name.endswith((".toml", CONFLICT))


def check_file(path: Path, workspace: Workspace) -> Iterator[Problem]:
    """Everything wrong in that file; of a folder that it is one, or a link to one."""
    if path.name.endswith(CONFLICT):
        yield conflict_problem(path)
        return
    try:
        content = read_content(path)
        document = parse(path, content)
        match kind_of(document):
            case Kind.RUBRIC:
                yield from rubric_problems(path, content, document, workspace)
            case Kind.POLICY:
                yield from policy_problems(path, content, document, workspace.rubric_ids)
            case Kind.DECISION:
                decided = decision_of(path, content, document)
                yield from _seal_problems(path, decided.seal)
                yield from problems_of(path, content, tuple(_decision_faults(decided, workspace)))
            case _:
                file = assessment_of(path, content, document)
                yield from _seal_problems(path, file.seal)
                yield from _check_with_rubric(file, workspace)
    except UnusableFile as error:
        yield from error.problems


def _check_with_rubric(file: AssessmentFile, workspace: Workspace) -> Iterator[Problem]:
    asked = file.assessment.rubric
    try:
        rubric = workspace.rubric(asked.id, asked.version)
    except UnusableFile as error:
        yield from _rubric_problem(file, f"its rubric cannot be used: {error.problems[0]}")
    except ToolvetError as error:
        yield from _rubric_problem(file, str(error))
    else:
        yield from check_answers(file, rubric)
        faults = (*_text_faults(asked, rubric, workspace), *_evidence_faults(file.assessment, workspace))
        yield from problems_of(file.path, file.content, faults)


def _text_faults(asked: RubricRef, rubric: Rubric, workspace: Workspace) -> Iterator[Fault]:
    """That the rubric was changed since, under the same version or another."""
    if asked.digest not in (None, rubric.digest):
        answered = workspace.rubric_as_answered(asked)
        if answered is None:
            where = "the text that was answered is not here to compare with"
        else:
            where = difference_words(question_changes(answered, rubric))
        message = f"{rubric.id} {rubric.version} reads otherwise than when it was answered ({where}); {_SEE}"
        yield Fault(("rubric", "digest"), message, is_warning=True)
    newer = workspace.newer_version(asked)
    if newer is not None:
        yield Fault(("rubric", "version"), f"there is version {newer} of {rubric.id}; {_SEE}", is_warning=True)


def _evidence_faults(assessment: Assessment, workspace: Workspace) -> Iterator[Fault]:
    """Files of evidence that are not what they were when their sha256 was recorded."""
    sha256 = cache(partial(evidence_sha256, workspace.root))  # one file is named in many answers
    for question, answer in assessment.answers.items():
        for position, evidence in enumerate(answer.evidence):
            if evidence.sha256 is None:
                continue
            found = sha256(evidence.source)
            if found == evidence.sha256:
                continue
            what = "is not there any more" if found is None else "was changed since it was recorded"
            message = f"{quoted(evidence.source)} {what}; bring back the file that was seen, or look at it anew"
            yield Fault(("answers", question, "evidence", position, "sha256"), message, is_warning=True)


_SEE = "toolvet migrate shows what becomes of each answer"


def _decision_faults(file: DecisionFile, workspace: Workspace) -> Iterator[Fault]:
    """What the decision says and is not so, computed anew; and others that contradict it."""
    from toolvet.files.recomputing import differences  # assessments and rubrics are checked without it

    folder = workspace.folder_named(file.path.absolute().parent.name)
    yield from differences(workspace, folder, file)
    _, rivals = counting(folder.decisions, date.max)
    if any(rival.path.name == file.path.name for rival in rivals):
        others = ", ".join(rival.path.name for rival in rivals if rival.path.name != file.path.name)
        words = f"It is contradicted by {others}" if others else "It supersedes itself"
        yield Fault(("supersedes",), f"{words}; none of them counts. Decide anew to settle it.")


def _rubric_problem(file: AssessmentFile, message: str) -> tuple[Problem, ...]:
    return problems_of(file.path, file.content, (Fault(("rubric", "id"), message),))


def _seal_problems(path: Path, seal: Seal) -> Iterator[Problem]:
    if seal is Seal.BROKEN:
        message = "the seal does not match: the file was edited or cut off since toolvet wrote it; look it through"
        yield Problem(path, None, message)
