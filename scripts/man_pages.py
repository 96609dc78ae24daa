"""Man pages from the parser of the command line, put into the wheel by hatchling: `man toolvet`, `man toolvet-score`.

`python scripts/man_pages.py FOLDER` writes them there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path(__file__).parents[1] / "src"


class ManPages(BuildHookInterface[Any]):
    """Adds the pages to a wheel; an editable install needs none."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages, and name them, and the guide that `toolvet help` shows, as files to install."""
        if version != "editable":
            for path in (SOURCE.parent / "docs").glob("*.md"):
                build_data["force_include"][str(path)] = f"toolvet/docs/{path.name}"
            for path in write_pages(Path(mkdtemp(prefix="toolvet-man-"))):
                build_data["shared_data"][str(path)] = f"share/man/man1/{path.name}"


def write_pages(folder: Path) -> list[Path]:
    """Write a page for the program and one for each command into the folder."""
    sys.path.insert(0, str(SOURCE))
    from toolvet.cli.commands import COMMANDS, build_parser  # reads no third-party package, so any build has it

    root = build_parser()
    pages = {"toolvet": page(root, "vet collaboration and video tools")}
    for name, (summary, _) in COMMANDS.items():
        pages[f"toolvet-{name}"] = page(root.commands[name], summary)
    pages["toolvet"] += _section(
        "COMMANDS", (f".TP\n.B toolvet\\-{_roff(name)}(1)\n{_roff(text)}" for name, (text, _) in COMMANDS.items())
    )
    paths = []
    for name, text in pages.items():
        paths.append(folder / f"{name}.1")
        paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths


def page(parser: argparse.ArgumentParser, summary: str) -> str:
    """One page: name, synopsis, description, options, examples and exit status."""
    name = parser.prog.replace(" ", "-")
    usage = " ".join(str(parser.usage or parser.format_usage().removeprefix("usage: ")).split())
    text = f'.TH "{_roff(name.upper())}" "1" "" "toolvet" "toolvet"\n'
    text += _section("NAME", [f"{_roff(name)} \\- {_roff(summary)}"])
    text += _section("SYNOPSIS", [f".B {_roff(usage)}"])
    text += _section("DESCRIPTION", [_roff(" ".join((parser.description or "").split()))])
    for group in parser._action_groups:  # private, but the only list of them
        shown = [_option(action) for action in group._group_actions if _is_shown(action)]
        text += _section(str(group.title).upper().removeprefix("POSITIONAL "), shown) if shown else ""
    examples = [f".PP\n.nf\n{_roff(re.sub(' {3,}', '   # ', each))}\n.fi" for each in getattr(parser, "examples", ())]
    text += _section("EXAMPLES", examples) if examples else ""
    return text + _section(
        "EXIT STATUS",
        ["0 done; 1 the answer is no; 2 wrong usage or no terminal; 3 a file cannot be used; 130 interrupted."],
    )


def _is_shown(action: argparse.Action) -> bool:
    return action.help is not argparse.SUPPRESS and not isinstance(action, argparse._SubParsersAction)


def _option(action: argparse.Action) -> str:
    metavar = " ".join(action.metavar) if isinstance(action.metavar, tuple) else action.metavar or action.dest.upper()
    value = "" if action.nargs == 0 else f" \\fI{_roff(metavar)}\\fR"
    named = ", ".join(f"\\fB{_roff(each)}\\fR{value}" for each in action.option_strings) or value.strip()
    return f".TP\n{named}\n{_roff((action.help or '').replace('%%', '%'))}"


def _section(title: str, parts: Iterator[str] | list[str]) -> str:
    return f".SH {_roff(title)}\n" + "\n".join(parts) + "\n"


def _roff(text: str) -> str:
    """The text without anything that troff would obey."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "man")
    target.mkdir(parents=True, exist_ok=True)
    print(f"{len(write_pages(target))} pages in {target}")
