"""Who is reviewing."""

from __future__ import annotations

import os
import subprocess

_VARIABLE = "TOOLVET_REVIEWER"


def reviewer_name() -> str | None:
    """The name in TOOLVET_REVIEWER, else git's user.name; None where neither is set."""
    named = os.environ.get(_VARIABLE, "").strip()
    return named or _name_in_git()


def _name_in_git() -> str | None:
    try:
        asked = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, timeout=2, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return asked.stdout.decode(errors="replace").strip() or None
