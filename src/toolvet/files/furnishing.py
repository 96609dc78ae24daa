"""What a workspace is furnished with at its first save."""

from __future__ import annotations

from pathlib import Path

from toolvet.domain.rubric import Rubric
from toolvet.errors import NotSaved, UnusableFile
from toolvet.files.content import is_there, read_content, reason
from toolvet.files.reading import read_rubric
from toolvet.files.rubric_shelf import RubricFile, rubric_file_names
from toolvet.files.saving import save
from toolvet.files.schema import SCHEMA_NAMES, schema_bytes, schema_file_name

FOLDERS = ("assessments", "decisions", "reports", "rubrics", "evidence", ".toolvet")
_GIT_FILES = {
    ".gitattributes": b"# Seals are over the bytes: git must not change line ends.\n*.toml -text\n",
    ".gitignore": b"# What toolvet leaves for a moment while saving. Conflicts (*.conflict) are meant to be seen.\n"
    b"*.lock\n.*.tmp\n",
}


def furnish(root: Path) -> None:
    """Makes the folders, the schemas and the files for git, as far as they are not there yet."""
    for name in FOLDERS:
        make_folder(root / name)
    for name, content in _GIT_FILES.items():
        path = root / name
        if not is_there(path):
            save(path, content, None)
    for name in SCHEMA_NAMES:
        _put_schema(root / ".toolvet" / schema_file_name(name), schema_bytes(name))


def copy_rubric(file: RubricFile, folder: Path) -> None:
    """Keeps a rubric's bytes in the workspace, so that an old decision can always be computed anew."""
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
        return False


def make_folder(folder: Path) -> None:
    """Makes the folder and those above it; NotSaved where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(f"NOT SAVED: the folder {folder} could not be made: {reason(error)}") from error


def _put_schema(path: Path, content: bytes) -> None:
    """The schemas are this program's own: those of an older one give way."""
    if not path.exists():
        save(path, content, None)
    elif not path.is_symlink() and path.is_file():
        seen = path.read_bytes()
        if seen != content:
            save(path, content, seen)
