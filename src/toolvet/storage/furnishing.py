"""What toolvet adds to a workspace: folders, schemas, files for git, copies of rubrics, and new rubrics."""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved, UnusableFile, UsageError
from toolvet.storage.atomic import save
from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_library import RubricFile, rubric_file_names
from toolvet.storage.schema import SCHEMA_NAMES, schema_bytes, schema_file_name
from toolvet.storage.toml_input import is_there, read_content, reason

_FOLDERS = ("assessments", "decisions", "reports", "rubrics", "evidence", ".toolvet")
_GIT_FILES = {
    ".gitattributes": b"# Seals are over the bytes: git must not change line ends.\n*.toml -text\n",
    ".gitignore": b"# What toolvet leaves for a moment while saving. Conflicts (*.conflict) are meant to be seen.\n"
    b"*.lock\n.*.tmp\n",
}
_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_ID = 64


def furnish(root: Path) -> None:
    """Make the folders, the schemas and the files for git that are not there yet."""
    for name in _FOLDERS:
        make_folder(root / name)
    for name, content in _GIT_FILES.items():
        path = root / name
        if not is_there(path):
            save(path, content, None)
    for name in SCHEMA_NAMES:
        _put_schema(root / ".toolvet" / schema_file_name(name), schema_bytes(name))


def _put_schema(path: Path, content: bytes) -> None:
    # The schemas belong to this program: those of an older one are replaced.
    if not path.exists():
        save(path, content, None)
    elif not path.is_symlink() and path.is_file():
        seen = read_content(path)
        if seen != content:
            save(path, content, seen)


def make_folder(folder: Path) -> None:
    """Make the folder and those above it. NotSaved if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(f"NOT SAVED: the folder {folder} could not be made: {reason(error)}") from error


def copy_rubric(file: RubricFile, folder: Path) -> None:
    """Keep a rubric's bytes in the workspace, so that an old decision can always be computed anew."""
    # One's own rubric in that folder is copied too: whoever changes it later still has what was answered.
    for name in rubric_file_names(file.rubric):
        path = folder / name
        if not is_there(path):
            make_folder(folder)
            save(path, read_content(file.path), None)
            return
        if path == file.path or _holds(path, file.rubric):
            return


def _holds(path: Path, rubric: Rubric) -> bool:
    try:
        return read_rubric(path).digest == rubric.digest
    except UnusableFile:
        return False  # the copy then goes under another name


def check_rubric_id(rubric_id: str) -> None:
    """UsageError if a rubric cannot have that id."""
    if len(rubric_id) > _LONGEST_ID or re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rubric_id) is None:
        raise UsageError(
            f'"{rubric_id}" cannot be an id; use lower-case letters, digits and hyphens, at most {_LONGEST_ID}, '
            "like house-rules"
        )


def begin_rubric(root: Path, rubric_id: str, *, is_survey: bool = False) -> Path:
    """Write a new rubric into the workspace, making the workspace if need be. UsageError if the file exists."""
    path = root / "rubrics" / f"{rubric_id}.toml"
    _check_new(path)
    furnish(root)
    return write_rubric(path, rubric_id, root, is_survey=is_survey)


def write_rubric(path: Path, rubric_id: str, root: Path, *, is_survey: bool = False) -> Path:
    """Write a new rubric that names its schema for editors: the workspace's, or one put beside it."""
    _check_new(path)
    make_folder(path.parent)
    kind = "rubric-gap" if is_survey else "rubric"
    name = schema_file_name(kind)
    schema = root / ".toolvet" / name
    if not schema.is_file():
        schema = path.parent / name
        if not schema.exists():
            save(schema, schema_bytes(kind), None)
    text = (_TEMPLATES / ("survey.toml" if is_survey else "rubric.toml")).read_text(encoding="utf-8")
    text = text.replace("@schema@", Path(relpath(schema, path.parent)).as_posix()).replace("@id@", rubric_id)
    save(path, text.replace("@title@", rubric_id.replace("-", " ").capitalize()).encode(), None)
    return path


def _check_new(path: Path) -> None:
    if is_there(path):
        raise UsageError(f"{path} already exists; choose another id, or another file with -o")
