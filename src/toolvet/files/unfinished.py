"""What was typed about a new tool before its file began, kept in the person's own state folder to be offered again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path


def unfinished(root: Path) -> dict[str, str]:
    """The fields by name as they were left in that workspace; empty where nothing was."""
    return _all().get(str(root.resolve()), {})


def keep_unfinished(root: Path, fields: Mapping[str, str]) -> None:
    """Keeps them, or forgets them where there are none; that it cannot be done is no reason to disturb anybody."""
    key, kept = str(root.resolve()), _all()
    if kept.get(key, {}) == fields:
        return
    kept.pop(key, None)
    if fields:
        kept[key] = dict(fields)
    file = _file()
    temporary = file.with_suffix(".tmp")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(json.dumps(kept, indent=1))
        temporary.replace(file)


def _all() -> dict[str, dict[str, str]]:
    try:
        kept = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {root: _texts(fields) for root, fields in kept.items() if isinstance(fields, dict)}


def _texts(fields: Mapping[str, object]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if isinstance(text, str)}


def _file() -> Path:
    return user_state_path("toolvet", appauthor=False) / "unfinished.json"
