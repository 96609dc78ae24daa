"""What a person told toolvet about themselves, kept in their own settings folder; never needed to go on."""

from __future__ import annotations

import json
from pathlib import Path

from platformdirs import user_config_path


def preferred(name: str) -> str | None:
    """What was kept under that name; None where nothing was, or it cannot be read."""
    return _kept().get(name)


def prefer(name: str, value: str) -> None:
    """Keep that; quietly nothing where the folder cannot be written."""
    kept = {**_kept(), name: value}
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        _path().write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    except (OSError, UnicodeError):
        return


def _path() -> Path:
    return user_config_path("toolvet", appauthor=False) / "preferences.json"


def _kept() -> dict[str, str]:
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: value for name, value in kept.items() if isinstance(name, str) and isinstance(value, str)}
