"""Runs a program of this folder as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def figures_of(program: str, *arguments: object, within: tuple[str, ...] = ()) -> Any:
    """What the program prints as JSON; started by the command `within`, where one is named."""
    path = os.pathsep.join((str(HERE), str(HERE.parent), os.environ.get("PYTHONPATH", "")))
    result = subprocess.run(
        [*within, sys.executable, HERE / f"{program}.py", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": path},
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
