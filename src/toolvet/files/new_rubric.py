"""A small rubric to begin one's own with."""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

from toolvet.errors import UsageError
from toolvet.files.content import is_there
from toolvet.files.furnishing import furnish, make_folder
from toolvet.files.saving import save
from toolvet.files.schema import schema_bytes, schema_file_name
from toolvet.files.workspace import Workspace

_TEMPLATE = Path(__file__).parent / "templates" / "rubric.toml"
_LONGEST_ID = 64


def check_rubric_id(rubric_id: str) -> None:
    """UsageError where a rubric cannot have that id."""
    if len(rubric_id) > _LONGEST_ID or re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rubric_id) is None:
        raise UsageError(
            f'"{rubric_id}" is no id; write lower-case letters, digits and hyphens, up to {_LONGEST_ID}, as house-rules'
        )


def begin_rubric(workspace: Workspace, rubric_id: str) -> Path:
    """A new rubric among those of the workspace, which is made if need be. UsageError where the file is there."""
    path = workspace.root / "rubrics" / f"{rubric_id}.toml"
    _check_free(path)
    furnish(workspace.root)
    return write_rubric(path, rubric_id, workspace)


def write_rubric(path: Path, rubric_id: str, workspace: Workspace) -> Path:
    """A new rubric in that file, which names the schema for editors: the workspace's, else one put beside it."""
    _check_free(path)
    make_folder(path.parent)
    name = schema_file_name("rubric")
    schema = workspace.root / ".toolvet" / name
    if not schema.is_file():
        schema = path.parent / name
        if not schema.exists():
            save(schema, schema_bytes("rubric"), None)
    save(path, rubric_text(rubric_id, Path(relpath(schema, path.parent)).as_posix()).encode(), None)
    return path


def rubric_text(rubric_id: str, schema: str) -> str:
    """The text of a small rubric of that id, with comments; `schema` is where its schema lies as seen from it."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    title = rubric_id.replace("-", " ").capitalize()
    return text.replace("@schema@", schema).replace("@id@", rubric_id).replace("@title@", title)


def _check_free(path: Path) -> None:
    if is_there(path):
        raise UsageError(f"{path} is there already; choose another id, or another file with -o")
