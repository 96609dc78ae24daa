"""Print pip constraints: every package that toolvet needs to run at the lowest version that pyproject.toml allows.

What only the tests need stays at its locked version; what other packages bring along is left to pip.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable

from lock import LOCK, ROOT, normal

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(\[[\w,]+\])?>=(?P<lowest>[\d.]+),<[\d.]+")


def main() -> int:
    """Print one constraint a line."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    runtime = lowest([*project["dependencies"], *extras["pdf"], *extras["web"], *extras["parquet"]])
    tools = lowest(extras["dev"]).keys() - runtime.keys()
    locked = dict(line.split("==") for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line)
    for name, version in sorted({**runtime, **{name: locked[name] for name in tools}}.items()):
        print(f"{name}=={version}")
    return 0


def lowest(requirements: Iterable[str]) -> dict[str, str]:
    """The lower bound by name; ValueError on a requirement without one."""
    found: dict[str, str] = {}
    for requirement in requirements:
        parts = _REQUIREMENT.fullmatch(requirement)
        if parts is None:
            raise ValueError(f"{requirement}: not of the form name>=lowest,<next")
        found[normal(parts["name"])] = parts["lowest"]
    return found


if __name__ == "__main__":
    raise SystemExit(main())
