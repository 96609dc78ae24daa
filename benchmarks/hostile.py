"""How long the worst of the files made to hurt takes to be told of."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.starts import environment

RELIABILITY = Path(__file__).parents[1] / "tests" / "reliability"


def hostile_figure(folder: Path) -> Figure:
    """The most processor time that a single file takes, in seconds, against the two it may take."""
    sys.path.insert(0, str(RELIABILITY))
    from bombs import KINDS, bombs  # a module of the tests, found by the line above

    folder.mkdir()
    for kind in KINDS:
        for name, content in bombs(kind, every=True).items():
            (folder / name).write_bytes(content)
    command = (sys.executable, str(RELIABILITY / "read_hostile.py"), "toolvet", str(folder))
    paths = dict(environment()) | {"PYTHONPATH": f"{RELIABILITY}:{RELIABILITY.parent}"}
    told = subprocess.run(command, env=paths, capture_output=True, check=True)
    files = json.loads(told.stdout)
    worst = max(files, key=lambda file: file["seconds"])
    return Figure("worst hostile file", worst["seconds"], 2.0, "s", f"{worst['file']}; of {len(files)}")
