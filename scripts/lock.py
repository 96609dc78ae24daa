"""Write requirements-dev.lock: the newest versions that pyproject.toml allows of all that developing needs.

Only names and versions are written, so that the file says nothing of where the packages were found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements-dev.lock"
HEADING = """\
# Written by `make lock`: the versions that `make` installs and CI tests with, resolved on Linux with Python {python}.
# A constraints file: pyproject.toml says what is needed, this which version. Not meant for `pip install -r`.
"""


def main() -> int:
    """Resolve anew and write the file."""
    versions = resolve(".[dev,pdf,web,parquet]")
    LOCK.write_text(lock_text(versions), encoding="utf-8")
    print(f"{LOCK.name}: {len(versions)} packages")
    return 0


def resolve(requirement: str) -> dict[str, str]:
    """What pip would install for the requirement in an empty environment: version by name, toolvet aside."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--dry-run", "--ignore-installed", "--report=-", requirement]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    found = (each["metadata"] for each in json.loads(ran.stdout)["install"])
    versions = {normal(each["name"]): each["version"] for each in found}
    del versions["toolvet"]
    return versions


def lock_text(versions: Mapping[str, str]) -> str:
    """The lines of the lock, by name."""
    python = ".".join(str(part) for part in sys.version_info[:2])
    return HEADING.format(python=python) + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


def normal(name: str) -> str:
    """The package's name as an index has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    raise SystemExit(main())
