"""The guide: it names only files that exist, every command in it runs, its recipes do what they say, and it builds."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from golden_app import workspace_copy
from golden_walks import EXAMPLES
from surveys import twelve
from toolvet.cli.commands import build_parser
from toolvet.cli.main import main

ROOT = Path(__file__).parents[1]
PLACES = ("", "src/toolvet", "docs", "tests", "tests/reliability")
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("docs/*.md"), ROOT / "README.md"))
_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SCREENS = (
    *("toolvet", "toolvet demo", "toolvet --plain", "toolvet assess 830114520977"),
    'toolvet assess --survey "Harbour Cooperative"',
)
"""These open screens or wait for somebody; other tests open them."""
NEEDS = {"sign": "a key", "serve": "somebody who stops it", "migrate": "a rubric that has changed"}
"""These need what no workspace of examples has; tests of their own run them."""
SAYS_NO = {
    "toolvet list --gate": 1,
    "toolvet readiness --close": 1,  # nobody has answered since the last round
    "toolvet import zoom.xlsx --for zoom --write --take audit-trail": 2,  # the sheet came back as it was sent
}


@pytest.mark.parametrize("guide", ["CONTRIBUTING.md", "docs/architecture.md", "docs/guarantees.md"])
def test_a_guide_names_only_files_that_exist(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    named = re.findall(r"`(?!\.\.)([\w./-]+/[\w.-]*|[\w-]+\.(?:py|toml|md|lock))`", text)
    missing = [path for path in named if not any((ROOT / place / path).exists() for place in PLACES)]
    assert named
    assert missing == []


@pytest.mark.parametrize("guide", ["CONTRIBUTING.md", "docs/architecture.md"])
def test_a_guide_names_only_what_the_source_names(guide: str) -> None:
    named = re.findall(r"`([A-Za-z_][\w.]*)(?:\(\w*\)|=)?`", (ROOT / guide).read_text(encoding="utf-8"))
    parts = {part for name in named if not name.endswith((".md", ".toml")) for part in name.split(".")}
    source = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("src/toolvet/**/*.py"))
    assert parts
    assert parts - set(re.findall(r"\w+", source)) == set()


def blocks(page: str, *languages: str) -> list[str]:
    """The code blocks of the page in these languages, without the indent of a list."""
    found = _FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [text for language, text in found if language in languages]


def commands(page: str) -> Iterator[str]:
    """Every line of the page that runs toolvet, with what a backslash goes on with."""
    for block in blocks(page, "", "sh", "console", "powershell"):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            command = line.strip().removeprefix("$ ")
            if re.match(r"toolvet\b|(cat|printf) .*\| toolvet\b", command):
                yield re.sub(r"\s+#.*$", "", command)


@pytest.fixture
def workspace() -> Iterator[Path]:
    """A copy of the examples, with the files that the pages take as given."""
    with workspace_copy(EXAMPLES) as root:
        for name in ("evidence", "answers", "wheels"):
            (root / name).mkdir(exist_ok=True)
        (root / "caiq.csv").write_text("ID,Question\n1,Is there a second factor?\n", encoding="utf-8")
        (root / "asvs.csv").write_text(
            "req_id,section_name,req_description\n1,Access,Is there a second factor?\n", encoding="utf-8"
        )
        (root / "answers.csv").write_text(twelve(), encoding="utf-8")
        answer = next(root.glob("assessments/harbour-cooperative/2026-11-02-*.toml"))
        shutil.copyfile(answer, root / "answers" / answer.name)
        (template,) = blocks("docs/reports.md", "jinja")
        (root / "board.md").write_text(template, encoding="utf-8")
        (root / "board.html").write_text("<p>{{ document.subject }}</p>", encoding="utf-8")
        yield root


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """The status of the command; a pipe into it is made here, a file that it is sent to is left out."""
    before, bar, after = command.rpartition(" | ")
    words = shlex.split(after if bar else command)
    words = words[: words.index(">")] if ">" in words else words
    words = [str(path) for word in words[1:] for path in (sorted(Path().glob(word)) if "*" in word else (word,))]
    sent = b""
    if bar:
        first, *rest = shlex.split(before)
        sent = Path(rest[0]).read_bytes() if first == "cat" else rest[0].replace("\\n", "\n").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))
    return main(words)


@pytest.mark.parametrize("page", [page for page in PAGES if any(commands(page))])
def test_every_command_shown_runs_in_this_order(
    page: str, workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(workspace)
    if page == "docs/decision-life.md":
        Path("evidence/vpat.pdf").write_bytes(b"%PDF-")
    failed = []
    for command in commands(page):
        if command in SCREENS or command.split()[1] in NEEDS:
            continue
        if "caiq.xlsx" in command:
            command = command.replace("caiq.xlsx", "caiq.csv")
        status = run(command, monkeypatch)
        is_withdrawn = page == "docs/decision-life.md" and command == "toolvet list --gate"  # nothing is due any more
        if status != (0 if is_withdrawn else SAYS_NO.get(command, 0)):
            failed.append((command, status, capsys.readouterr().err))
    assert failed == []


@pytest.mark.parametrize("page", [*PAGES, "CONTRIBUTING.md"])
def test_every_command_in_a_sentence_is_one_that_there_is(page: str) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    program = build_parser()
    unknown = []
    for command in re.findall(r"`(toolvet [^`]*)`", text):
        words = shlex.split(command)[1:]
        name = next((word for word in words if not word.startswith("-")), None)
        parser = program if name is None else program.commands.get(name)
        known = {
            option for one in (program, parser) if one for action in one._actions for option in action.option_strings
        }
        if parser is None or {word for word in words if re.match("--?[a-z]", word, re.IGNORECASE)} - known:
            unknown.append(command)
    assert unknown == []


def load_yaml(text: str) -> Any:
    """The document; YAML comes with the program that builds the site."""
    return pytest.importorskip("yaml").safe_load(text)


def recipes() -> list[Any]:
    """The recipes for GitHub, GitLab and pre-commit."""
    return [load_yaml(block) for block in blocks("docs/ci.md", "yaml")]


def recipe_lines() -> list[str]:
    github, gitlab, _ = recipes()
    steps = [str(step["run"]) for step in github["jobs"]["toolvet"]["steps"] if "run" in step]
    return [line for line in (*steps, *gitlab["toolvet"]["script"]) if "pip install" not in line]


def test_each_line_of_the_recipes_passes_on_the_examples(workspace: Path) -> None:
    environment = {**os.environ, "CI_PIPELINE_SOURCE": "push", "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    lines = [line for line in dict.fromkeys(recipe_lines()) if line != "toolvet list --gate"]
    script = "set -e\n" + "\n".join(lines)
    ran = subprocess.run(["bash", "-c", script], cwd=workspace, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()


def test_the_hook_for_pre_commit_checks_the_files_of_a_workspace_and_no_others(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (hook,) = recipes()[2]["repos"][0]["hooks"]
    names = [path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if path.is_file()]
    chosen = [name for name in names if re.search(hook["files"], name)]
    assert {name.split("/")[0] for name in chosen} == {"assessments", "decisions"}
    monkeypatch.chdir(workspace)
    assert main([*shlex.split(hook["entry"])[1:], *chosen]) == 0
    (workspace / chosen[0]).write_text("format = 1\n", encoding="utf-8")
    assert main([*shlex.split(hook["entry"])[1:], chosen[0]]) == 1
    assert chosen[0] in capsys.readouterr().out


def test_the_pages_are_plain_markdown_for_any_builder() -> None:
    special = re.compile(
        r"^ *(?:!!!|\?\?\?|===) |\{[:#%{]|:(?:material|octicons|fontawesome)-|\[\[|^ *:::", re.MULTILINE
    )
    found = []
    for path in (*ROOT.glob("docs/**/*.md"), ROOT / "README.md"):
        text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", path.read_text(encoding="utf-8")))
        found += [(path.name, match[0]) for match in special.finditer(text)]
    assert found == []


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs-material is not installed")
def test_the_site_builds_without_a_warning_and_has_every_page(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr
    listed = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if page not in listed] == []
    missing = [page for page in pages if not (tmp_path / "site" / page.replace(".md", ".html")).is_file()]
    assert [page for page in missing if not page.endswith("README.md")] == []


def test_the_first_screenful_of_the_readme_says_what_it_is_and_shows_it() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert len(re.findall(r"!\[[^\]]+\]\(docs/pictures/[\w-]+\.svg\)", first)) == 2
    assert re.findall(r"^\$ (make \w+)", first, re.MULTILINE) == ["make run", "make test"]


def test_the_page_of_screens_shows_each_picture_in_both_themes() -> None:
    taken = {path.name for path in (ROOT / "docs" / "pictures").glob("*.svg")}
    names = re.findall(r'^    "(\w+)": \(', (ROOT / "docs" / "make_pictures.py").read_text(encoding="utf-8"), re.M)
    assert {f"{name}-{theme}.svg" for name in names for theme in ("dark", "light")} == taken
    shown = set(re.findall(r"pictures/([\w-]+\.svg)", (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")))
    assert shown == taken
