"""Look the installed packages up among the known vulnerabilities; says on one line where the index cannot be asked."""

from __future__ import annotations

import json
import subprocess
import sys

SECONDS = 120


def main() -> int:
    """0 where no vulnerability is known or nothing could be asked, else 1."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--skip-editable",
        "--progress-spinner=off",
        "--timeout=10",
        "-f=json",
    ]
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=SECONDS, check=False)
        packages = json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("pip-audit: its index cannot be reached; no package was audited")
        return 0
    known = [(each, fault["id"]) for each in packages for fault in each.get("vulns", ())]
    for package, fault in known:
        print(f"pip-audit: {package['name']} {package['version']} has {fault}")
    asked = sum("vulns" in package for package in packages)
    if not asked:
        print("pip-audit: its index does not answer; no package was audited")
        return 0
    print(f"pip-audit: {asked} of {len(packages)} packages audited, {len(known)} known vulnerabilities")
    return 1 if known else 0


if __name__ == "__main__":
    raise SystemExit(main())
