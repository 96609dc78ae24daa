"""Where a person last was in each assessment, kept in that person's own folder and not in the files."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

_MOST = 500


def last_place(path: Path) -> str | None:
    """The id of the question where this person last was in that file; None where that is not known."""
    return _places().get(str(path.resolve()))


def remember_place(path: Path, question_id: str) -> None:
    """Keeps where this person is; that it cannot be kept is no reason to disturb anybody."""
    places = _places()
    key = str(path.resolve())
    places.pop(key, None)
    places[key] = question_id
    newest = dict(list(places.items())[-_MOST:])
    file = _file()
    temporary = file.with_suffix(".tmp")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(newest, indent=1), encoding="utf-8")
        temporary.replace(file)


def _places() -> dict[str, str]:
    try:
        places = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(places, dict):
        return {}
    return {key: place for key, place in places.items() if isinstance(place, str)}


def _file() -> Path:
    return user_state_path("toolvet", appauthor=False) / "places.json"
