"""The JSON Schemas of the files, one for each kind."""

from __future__ import annotations

from pathlib import Path

SCHEMA_NAMES = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision")
_FOLDER = Path(__file__).parent / "schemas"


def schema_bytes(name: str) -> bytes:
    """The text of a schema, as it goes into a workspace."""
    return (_FOLDER / f"{name}.schema.json").read_bytes()


def schema_text(kind: str) -> str:
    """The text of the schema of a kind: rubric, assessment (both with levels) or decision."""
    return schema_bytes(kind).decode()
