"""The wheel: built from this checkout, installed where nothing of it was, and run from there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest

import toolvet
from toolvet.cli.commands import COMMANDS

CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Installed:
    """The wheel, and the folder of programs of the environment it was installed into."""

    wheel: Path
    programs: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a program of that environment outside the checkout, without a terminal."""
        return subprocess.run(
            [self.programs / program, *arguments],
            capture_output=True,
            encoding="utf-8",
            cwd=self.programs.parent,
            env={**os.environ, "HOME": str(self.programs.parent), "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            check=False,
        )


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("packaging")
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=CHECKOUT)
    wheel = next(folder.glob("toolvet-*.whl"))
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"))
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    _run(sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "-q", "--no-deps", str(wheel))
    # What it depends on is taken from where the tests run, so that nothing is fetched. The wheel itself comes first.
    site = next((folder / "venv").rglob("site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(wheel, programs)


def _run(*command: str, cwd: Path | None = None) -> None:
    ran = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_wheel_is_what_is_imported(installed: Installed) -> None:
    ran = installed.run("python", "-c", "import toolvet; print(toolvet.__file__)")
    assert Path(ran.stdout.strip()).is_relative_to(installed.programs.parent)


def test_wheel_is_named_by_the_version_in_the_code(installed: Installed) -> None:
    assert installed.wheel.name == f"toolvet-{toolvet.__version__}-py3-none-any.whl"


@pytest.mark.parametrize(
    ("folder", "pattern", "inside"),
    [
        ("src/toolvet", "**/*.py", "toolvet"),
        ("src/toolvet", "**/*.tcss", "toolvet"),
        ("src/toolvet", "**/*.json", "toolvet"),
        ("src/toolvet", "**/*.j2", "toolvet"),
        ("rubrics", "*.toml", "toolvet/rubrics"),
        ("examples", "**/*.toml", "toolvet/examples"),
        ("docs", "*.md", "toolvet/docs"),
    ],
)
def test_wheel_carries_every_file(installed: Installed, folder: str, pattern: str, inside: str) -> None:
    names = zipfile.ZipFile(installed.wheel).namelist()
    wanted = {
        f"{inside}/{path.relative_to(CHECKOUT / folder).as_posix()}" for path in (CHECKOUT / folder).glob(pattern)
    }
    assert wanted != set()
    assert wanted - set(names) == set()


def test_wheel_carries_the_whole_licence(installed: Installed) -> None:
    name = f"toolvet-{toolvet.__version__}.dist-info/licenses/LICENSE"
    assert zipfile.ZipFile(installed.wheel).read(name) == (CHECKOUT / "LICENSE").read_bytes()


def test_wheel_states_licence_and_authors(installed: Installed) -> None:
    name = f"toolvet-{toolvet.__version__}.dist-info/METADATA"
    about = message_from_bytes(zipfile.ZipFile(installed.wheel).read(name))
    assert (about["License-Expression"], about["Author"]) == ("Apache-2.0", "The toolvet authors")


def test_installed_program_lists_the_shipped_rubrics(installed: Installed) -> None:
    ran = installed.run("toolvet", "rubrics")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "collaboration-tool" in ran.stdout


def test_installed_program_explains_the_demo(installed: Installed) -> None:
    ran = installed.run("toolvet", "demo", "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("examples:\n  toolvet demo\n")


def test_installed_program_says_its_version(installed: Installed) -> None:
    ran = installed.run("toolvet", "--version")
    assert ran.stdout == f"toolvet {toolvet.__version__}\n"


def test_wheel_has_a_manual_page_for_each_command(installed: Installed) -> None:
    folder = installed.programs.parent / "share" / "man" / "man1"
    pages = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.1")}
    assert set(pages) == {"toolvet.1", *(f"toolvet-{command}.1" for command in COMMANDS)}
    for name, page in pages.items():
        assert f".SH NAME\n{name.removesuffix('.1').replace('-', chr(92) + '-')} \\- " in page
        assert ".SH EXIT STATUS" in page


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_a_manual_page_is_set_without_a_warning(installed: Installed) -> None:
    page = installed.programs.parent / "share" / "man" / "man1" / "toolvet-decide.1"
    command = ["groff", "-man", "-Tutf8", "-ww", "-P-cbou", str(page)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert ran.stderr == ""
    assert "--drop-condition ID" in ran.stdout
