"""What a schema cannot say of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.files.faults import Fault, quoted
from toolvet.files.naming import is_file_name, is_inside


def decision_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong in a decision beyond its schema: names of files that lead elsewhere."""
    ground = document.get("assessment")
    path = ground.get("path") if isinstance(ground, dict) else None
    if isinstance(path, str) and not (is_inside(path) and path.startswith("assessments/")):
        yield Fault(
            ("assessment", "path"),
            f"path {quoted(path)} is not that of an assessment in this workspace; write it as assessments/zoom/….toml",
        )
    supersedes = document.get("supersedes")
    if isinstance(supersedes, str) and not is_file_name(supersedes):
        yield Fault(
            ("supersedes",),
            f"supersedes {quoted(supersedes)} is no file name; write the one beside this, as 2026-11-20.toml",
        )
