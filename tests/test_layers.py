"""The arrows of the house: which room may import which, and what a bare start may load."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "toolvet"
BELOW = {
    "errors": set(),
    "values": set(),
    "domain": {"errors", "values"},
    "storage": {"errors", "values", "domain"},
    "text": {"errors", "values", "domain"},
    "report": {"errors", "values", "domain", "text"},
    "services": {"errors", "values", "domain", "storage", "text", "report"},
    "tui": {"errors", "values", "domain", "storage", "text", "report", "services"},
    "prompt": {"errors", "values", "domain", "storage", "text", "report", "services"},
    "cli": {"errors", "values", "domain", "storage", "text", "report", "services", "tui", "prompt"},
    "__main__": {"cli"},
}
HEAVY = (
    "textual",
    "jsonschema",
    "tabulate",
    "jinja2",
    "dataclasses",
    "tomli",
    "tomllib",
    "importlib.metadata",
    "toolvet.domain",
)


def room_of(module: str) -> str | None:
    """The room of a module of ours: "toolvet.domain.scope" is in "domain"; None for what is not ours."""
    parts = module.split(".")
    return parts[1] if parts[0] == "toolvet" and len(parts) > 1 else None


def imports_of(path: Path) -> set[str]:
    """Every module that the file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            found.add(str(node.module))
    return found


def modules_of(room: str) -> list[Path]:
    """The files of a room."""
    folder = SOURCE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_the_rooms_below_it(room: str) -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} imports {module}"
        for path in modules_of(room)
        for module in sorted(imports_of(path))
        if room_of(module) not in {None, room} | BELOW[room]
    ]
    assert wrong == []


def test_the_domain_imports_nothing_third_party() -> None:
    foreign = {
        module.split(".")[0]
        for path in modules_of("domain")
        for module in imports_of(path)
        if module.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == {"toolvet"}


def test_screens_never_import_the_app() -> None:
    importers = [path.name for path in modules_of("tui") if "toolvet.tui.app" in imports_of(path)]
    assert importers == []


def test_every_room_is_known() -> None:
    names = {path.stem for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert names - {"__init__"} == set(BELOW)


def test_no_module_imports_itself_in_a_circle() -> None:
    paths = {module_name(path): path for path in SOURCE.rglob("*.py")}
    imports = {name: {each for each in imports_of(path) if each in paths} for name, path in paths.items()}
    order = TopologicalSorter(imports)
    order.prepare()  # raises CycleError, which names the circle


def module_name(path: Path) -> str:
    """The dotted name of a module of ours."""
    parts = ("toolvet", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_by(*arguments: str) -> set[str]:
    """The modules that running these arguments loads beyond those of a parser that does nothing."""
    bare = "import sys, argparse; argparse.ArgumentParser().parse_args([]); print(*sys.modules, file=sys.stderr)"
    ours = "import sys; from toolvet.cli.main import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    sets = [
        subprocess.run(
            [sys.executable, "-c", program, *given], capture_output=True, encoding="utf-8", check=True
        ).stderr.split()
        for program, given in ((bare, ()), (ours, arguments))
    ]
    return set(sets[1]) - set(sets[0])


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_bare_start_loads_no_heavy_room(option: str) -> None:
    assert sorted(name for name in loaded_by(option) if name.startswith(HEAVY)) == []


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_bare_start_loads_nothing_that_only_commands_need(option: str) -> None:
    assert loaded_by(option) & {"typing", "pathlib", "datetime", "difflib"} == set()


@pytest.mark.parametrize("screen", ["home", "assess"])
def test_a_first_screen_loads_nothing_that_only_reports_and_surveys_need(screen: str) -> None:
    shown = f"toolvet.cli.assess, toolvet.tui.app, toolvet.tui.navigation, toolvet.tui.{screen}.screen"
    program = f"import sys, {shown}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True).stdout
    needless = (
        "toolvet.report.approval.document",
        "toolvet.services.reports",
        "toolvet.services.surveys",
        "toolvet.domain.gaps",
        "toolvet.text.tables",
        "textual.widgets._text_area",
        "jinja2",
        "tabulate",
        "jsonschema",
    )
    assert sorted(name for name in loaded.split() if name.startswith(needless)) == []


POSIX_ONLY = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}


def test_nothing_is_imported_that_windows_has_not_unless_the_platform_is_asked() -> None:
    wrong = []
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:  # within a condition or a function the platform is asked first
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            wrong += [f"{path.relative_to(SOURCE)} imports {name}" for name in names if name in POSIX_ONLY]
    assert wrong == []


def test_every_text_file_is_opened_in_utf_8_not_in_the_encoding_of_the_machine() -> None:
    wrong = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            is_text = name in ("read_text", "write_text") and not any(
                isinstance(word, ast.Constant) and "b" in str(word.value) for word in node.args[1:2]
            )
            if is_text and not any(keyword.arg == "encoding" for keyword in node.keywords):
                wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert wrong == []
