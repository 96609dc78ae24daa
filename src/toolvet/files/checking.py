"""All problems of files of every kind at once, for `toolvet check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from toolvet.errors import Problem, ToolvetError, UnusableFile
from toolvet.files.content import parse, read_content
from toolvet.files.examining import Kind, kind_of, problems_of
from toolvet.files.faults import Fault
from toolvet.files.reading import AssessmentFile, assessment_of, check_answers, decision_of, rubric_of
from toolvet.files.seal import Seal
from toolvet.files.workspace import Workspace


def check_paths(paths: Iterable[Path], workspace: Workspace) -> tuple[Problem, ...]:
    """Everything wrong in these files, and in every .toml of these folders; empty where all is well."""
    return tuple(problem for path in paths for file in files_in(path) for problem in _check(file, workspace))


def files_in(path: Path) -> Iterator[Path]:
    """The file itself, or every .toml of a folder but for hidden ones."""
    if not path.is_dir():
        yield path
        return
    for found in sorted(path.rglob("*.toml")):
        hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
        if not hidden and not found.is_dir():
            yield found


def _check(path: Path, workspace: Workspace) -> Iterator[Problem]:
    try:
        content = read_content(path)
        kind = kind_of(parse(path, content))
        match kind:
            case Kind.RUBRIC:
                rubric_of(path, content)
            case Kind.DECISION:
                yield from _seal_problems(path, decision_of(path, content).seal)
            case _:
                file = assessment_of(path, content)
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


def _rubric_problem(file: AssessmentFile, message: str) -> tuple[Problem, ...]:
    return problems_of(file.path, file.content, (Fault(("rubric", "id"), message),))


def _seal_problems(path: Path, seal: Seal) -> Iterator[Problem]:
    if seal is Seal.BROKEN:
        message = "the seal does not match: the file was edited or cut off since toolvet wrote it; look it through"
        yield Problem(path, None, message, warning=True)
