"""What toolvet adds to a workspace: folders, schemas, files for git, copies of rubrics, and new rubrics."""

from __future__ import annotations

import re
from pathlib import Path

from toolvet.domain.rubric import Ask, Rubric
from toolvet.errors import NotSaved, UnusableFile, UsageError
from toolvet.storage.atomic import save
from toolvet.storage.names import as_seen_from
from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_library import RubricFile, rubric_file_names
from toolvet.storage.schema import SCHEMA_NAMES, schema_bytes, schema_file_name
from toolvet.storage.toml_input import is_there, read_content, reason
from toolvet.values import dataclass

_FOLDERS = ("assessments", "decisions", "reports", "rubrics", "evidence", ".toolvet")
_GIT_FILES = {
    ".gitattributes": b"# Seals are over the bytes: git must not change line ends.\n*.toml -text\n",
    ".gitignore": b"# What toolvet leaves for a moment while saving. Conflicts (*.conflict) are meant to be seen.\n"
    b"*.lock\n.*.tmp\n",
}
_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_ID = 64


def furnish(root: Path) -> None:
    """Make the folders, the schemas and the files for git that are not there yet. NotSaved if one is a link."""
    for name in _FOLDERS:
        refuse_links(root / name)
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


def refuse_links(*folders: Path) -> None:
    """Raise NotSaved if a folder of a workspace is a link: what is saved there would change files elsewhere."""
    for folder in folders:
        if folder.is_symlink():
            raise NotSaved(
                f"NOT SAVED: {folder} is a link, through which nothing is saved; put the folder itself there"
            )


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


@dataclass(frozen=True, slots=True)
class RubricStart:
    """What a new rubric begins with: another one, or else the small one for tools or surveys that toolvet brings."""

    is_survey: bool = False
    other: RubricFile | None = None

    def text(self, rubric_id: str) -> str:
        """The text under that id; @schema@ is still to be filled in."""
        if self.other is not None:
            return _copied(self.other, rubric_id)
        name = "survey.toml" if self.is_survey else "rubric.toml"
        text = (_TEMPLATES / name).read_text(encoding="utf-8").replace("@id@", rubric_id)
        return text.replace("@title@", rubric_id.replace("-", " ").capitalize())


_BEFORE_KEYS = re.compile(r"\A(?:[ \t]*(?:#.*|seal\s*=.*)?\n)*")
"""What stands above the first key of a file: comments, which are about that file, and its seal."""


def _copied(other: RubricFile, rubric_id: str) -> str:
    text = _BEFORE_KEYS.sub("", read_content(other.path).decode().replace("\r\n", "\n"))
    for key, value in (("id", rubric_id), ("version", "1.0.0")):
        text = re.sub(
            rf"^{key}[ \t]*=[ \t]*([\"'])[^\"'\n]*\1", f'{key} = "{value}"', text, count=1, flags=re.MULTILINE
        )
    return f"#:schema @schema@\n# Begun as a copy of {other.rubric.id} {other.rubric.version}.\n{text}"


def begin_rubric(root: Path, rubric_id: str, start: RubricStart) -> Path:
    """Write a new rubric into the workspace, making the workspace if need be. UsageError if the file exists."""
    path = root / "rubrics" / f"{rubric_id}.toml"
    _check_new(path)
    furnish(root)
    return write_rubric(path, rubric_id, root, start)


def write_rubric(path: Path, rubric_id: str, root: Path, start: RubricStart) -> Path:
    """Write a new rubric that names its schema for editors: the workspace's, or one put beside it."""
    _check_new(path)
    make_folder(path.parent)
    is_survey = start.is_survey if start.other is None else start.other.rubric.ask is Ask.GAP
    kind = "rubric-gap" if is_survey else "rubric"
    name = schema_file_name(kind)
    schema = root / ".toolvet" / name
    if not schema.is_file():
        schema = path.parent / name
        if not schema.exists():
            save(schema, schema_bytes(kind), None)
    text = start.text(rubric_id).replace("@schema@", as_seen_from(path.parent, schema), 1)
    save(path, text.encode(), None)
    return path


def _check_new(path: Path) -> None:
    if is_there(path):
        raise UsageError(f"{path} already exists; choose another id, or another file with -o")
