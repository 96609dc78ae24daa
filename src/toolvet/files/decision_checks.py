"""What a schema cannot say of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolvet.files.faults import Fault, Place, quoted
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
    also = document.get("also_supersedes")
    named: list[tuple[Place, object]] = [(("supersedes",), document.get("supersedes"))]
    named += [(("also_supersedes", at), name) for at, name in enumerate(also if isinstance(also, list) else ())]
    for place, name in named:
        if isinstance(name, str) and not is_file_name(name):
            yield Fault(
                place,
                f"{place[0]} {quoted(name)} is no file name; write the one beside this, as 2026-11-20.toml",
            )
