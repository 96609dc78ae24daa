"""Release a version: set it, date the changelog, build, try what was built in fresh environments, commit and tag.

Nothing is committed before the wheel and the sdist have worked, and whatever goes wrong, the files are put back.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
CODE = ROOT / "src/toolvet/__init__.py"
DIST = ROOT / "dist"
UNRELEASED = "## [Unreleased]\n"


class Refused(Exception):
    """Why nothing is released, and what to do."""


def main() -> int:
    """0 where the version is released, or could be; 1 with a sentence where not."""
    parser = argparse.ArgumentParser(prog="release.py", description="Release a version of toolvet.")
    parser.add_argument("version", help="like 1.2.3")
    parser.add_argument("--check", action="store_true", help="leave out the commit and the tag, and put the files back")
    options = parser.parse_args()
    try:
        release(options.version, date.today(), check_only=options.check)
    except Refused as reason:
        print(f"Not released: {reason}", file=sys.stderr)
        return 1
    return 0


def release(version: str, on: date, *, check_only: bool) -> None:
    """Everything from the clean tree to the tag. Refused where something stands in the way."""
    if re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", version) is None:
        raise Refused(f"{version or 'no version'}: give one like 1.2.3, as in make release VERSION=1.2.3")
    if git("status", "--porcelain"):
        raise Refused("the work tree is not clean: commit or stash first")
    if git("tag", "--list", f"v{version}"):
        raise Refused(f"the tag v{version} exists")
    before = {path: path.read_text(encoding="utf-8") for path in (CHANGELOG, CODE)}
    after = {CHANGELOG: dated(before[CHANGELOG], version, on), CODE: versioned(before[CODE], version)}
    kept = False
    try:
        for path, text in after.items():
            path.write_text(text, encoding="utf-8")
        build_and_try(version)
        if check_only:
            print(f"{version} can be released; nothing was committed or tagged")
            return
        if after != before:
            git("commit", "--quiet", "-m", f"Release {version}", "--", *map(str, after))
        git("tag", "--annotate", "-m", f"toolvet {version}", f"v{version}")
        kept = True
    finally:
        if not kept:
            for path, text in before.items():
                path.write_text(text, encoding="utf-8")
    print(f"Released {version}: tagged v{version}, built in {DIST.name}/. Push the commit and the tag.")


def dated(changelog: str, version: str, on: date) -> str:
    """The changelog with what was unreleased under the version, and an empty Unreleased above it.

    A section that has the version's name already stays as it is, as long as nothing is unreleased.
    """
    head, heading, rest = changelog.partition(UNRELEASED)
    if not heading:
        raise Refused(f"CHANGELOG.md has no line {UNRELEASED.strip()}")
    notes = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0].strip()
    has_section = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", rest, re.MULTILINE) is not None
    if has_section and notes:
        raise Refused(f"CHANGELOG.md has a section {version}, and unreleased changes: take another version")
    if has_section:
        return changelog
    if not notes:
        raise Refused("CHANGELOG.md has nothing under Unreleased: write what changed")
    return f"{head}{UNRELEASED}\n## [{version}] - {on.isoformat()}\n{rest}"


def versioned(code: str, version: str) -> str:
    """The package's first module with that version."""
    text, times = re.subn(r'^__version__ = "[^"]*"$', f'__version__ = "{version}"', code, flags=re.MULTILINE)
    if times != 1:
        raise Refused(f"{CODE.name} has no line __version__")
    return text


def build_and_try(version: str) -> None:
    """Build the wheel and the sdist into dist/, and run each in an environment that has nothing else."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", "-d", str(DIST))
    for built in (f"toolvet-{version}-py3-none-any.whl", f"toolvet-{version}.tar.gz"):
        try_out(DIST / built, version)
        print(f"{built}: installs, says its version and runs the demo")


def try_out(built: Path, version: str) -> None:
    """Install it as a user would, and do there what needs no terminal."""
    with tempfile.TemporaryDirectory(prefix="toolvet-release-") as folder:
        run(sys.executable, "-m", "venv", f"{folder}/venv")
        programs = Path(folder, "venv", "Scripts" if os.name == "nt" else "bin")
        run(str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(built))
        said = run(str(programs / "toolvet"), "--version", cwd=folder).strip()
        if said != f"toolvet {version}":
            raise Refused(f"{built.name} says it is {said}")
        if "To open the app" not in run(str(programs / "toolvet"), "demo", cwd=folder):
            raise Refused(f"the demo of {built.name} does not come to its end")


def run(*command: str, cwd: str | Path = ROOT) -> str:
    """What the command printed; Refused with all that it said where it failed. It has no terminal."""
    home = {} if cwd == ROOT else {"HOME": str(cwd), "TMPDIR": str(cwd)}
    ran = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **home},
        check=False,
    )
    if ran.returncode:
        raise Refused(f"{' '.join(command)} ended with status {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def git(*arguments: str) -> str:
    """What git printed, without the last line end."""
    return run("git", *arguments).strip()


if __name__ == "__main__":
    raise SystemExit(main())
