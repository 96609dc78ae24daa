"""Evidence that lies as a file in the workspace."""

from __future__ import annotations

import hashlib
from pathlib import Path

from toolvet.files.content import is_file, lies_in
from toolvet.files.naming import is_inside


def evidence_sha256(root: Path, source: str) -> str | None:
    """The sha256, 64 hex digits, of the file that the source names; None where it names none in `evidence/`."""
    if not source.startswith("evidence/") or not is_inside(source):
        return None
    path = root / source
    if not lies_in(path, root / "evidence") or not is_file(path):
        return None
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None  # evidence that cannot be read is named all the same
