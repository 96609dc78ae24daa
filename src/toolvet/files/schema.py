"""The JSON Schemas of the files, one for each kind of file and way of answering."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_NAMES = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "policy")
_FOLDER = Path(__file__).parent / "schemas"


def schema_bytes(name: str) -> bytes:
    """The text of a schema, as it goes into a workspace."""
    return (_FOLDER / schema_file_name(name)).read_bytes()


def schema_text(kind: str) -> str:
    """The text of the schema of a kind: rubric, assessment (those answered with levels) or decision."""
    return schema_bytes(kind).decode()


def schema_file_name(name: str) -> str:
    """The name of the file in which a schema lies, here and in a workspace."""
    return f"{name}.schema.json"


@cache
def load_schema(name: str) -> dict[str, Any]:
    """The schema of that name."""
    schema: dict[str, Any] = json.loads(schema_bytes(name))
    return schema
