"""An argument parser whose help begins with examples, and which asks "did you mean" about a mistyped word.

Every start of the program runs this file, so nothing heavy is imported at the top.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence

from toolvet.errors import UsageError

# Type checkers take this name for true; importing typing costs two milliseconds.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    Commands = Any  # argparse keeps the type of what add_subparsers gives to itself
    from datetime import date

NARROWEST = 40
WIDEST = 100
"""Columns; longer lines are hard to read."""


_OF_SEVERAL_WORDS = frozenset({"SUBJECT", "NAME", "FILE", "PATH", "WORKSPACE"})
"""What an argument is called that names something of the person's own."""


class Parser(argparse.ArgumentParser):
    """argparse's parser with examples above the help, and errors raised as UsageError."""

    def __init__(self, *, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **settings)
        self.examples = tuple(examples)
        self.commands: dict[str, argparse.ArgumentParser] = {}

    def format_help(self) -> str:
        """Put the examples first."""
        lines = [line for example in self.examples for line in example_lines(example, help_width())]
        return "\n".join(["examples:", *lines, "", super().format_help()]) if lines else super().format_help()

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Parse the arguments. UsageError for unknown ones. A command leaves its parser under `parser`."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            word = unknown[0]
            options.parser.error(
                not_one_of(word.partition("=")[0], list(options.parser._option_string_actions))
                if word.startswith("-")
                else f"'{word}' is one word too many{options.parser.remedy}"
            )
        return options

    @property
    def remedy(self) -> str:
        """What to do about a word too many, where it may belong to a name."""
        asked = (str(action.metavar).split("|") for action in self._actions if not action.option_strings)
        takes_name = any(_OF_SEVERAL_WORDS.intersection(each) for each in asked)
        return "; put a name of several words in quotation marks" if takes_name else ""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError instead of printing and exiting."""
        raise UsageError(f"{message} ('{self.prog} --help' shows how)")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse hides a failed write when Python does not buffer
        (file or sys.stdout).write(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # private, but there since 3.2: the one place that sees the word, the choices and the argument's name
        if action.choices is None or value in action.choices:
            return
        raise argparse.ArgumentError(action, not_one_of(str(value), [str(choice) for choice in action.choices]))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal within reason, and the same in every Python: "-o, --output FILE"."""

    def __init__(self, prog: str, **_settings: Any) -> None:
        # With a width given, argparse does not import shutil, which is a third of its own cost.
        super().__init__(prog, width=help_width(), max_help_position=26)

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings or action.nargs == 0:
            return super()._format_action_invocation(action)
        value = self._format_args(action, (action.dest or "").upper())
        return f"{', '.join(action.option_strings)} {value}"

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(_wrapped(" ".join(text.split()), width, indent, indent))


def example_lines(example: str, width: int) -> list[str]:
    """A command and what it does, beside it or below it; a command too long for a line goes on in the next."""
    if len(example) + 2 <= width:
        return [f"  {example}"]
    command, _, purpose = example.partition("   ")
    return [*_shell_lines(command, width), *(_wrapped(purpose.strip(), width, "      ", "      ") if purpose else ())]


def _shell_lines(command: str, width: int) -> list[str]:
    """The command broken between options and words, each line but the last with a backslash at its end."""
    words = re.findall(r'(?:--?[\w-]+ (?!-))?(?:"[^"]*"|[^\s"])+', command)
    lines, line = [], f"  {words[0]}"
    for word in words[1:]:
        if len(line) + len(word) + 3 > width:
            lines.append(f"{line} \\")
            line = f"      {word}"
        else:
            line = f"{line} {word}"
    return [*lines, line]


def _wrapped(text: str, width: int, first: str, later: str) -> list[str]:
    lines, line = [], first
    for word in text.split(" "):
        if line.strip() and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = later + word
        else:
            line = f"{line} {word}" if line.strip() else line + word
    return [*lines, line]


def help_width() -> int:
    """Columns for help, between 40 and 100."""
    return max(NARROWEST, min(terminal_columns(), WIDEST)) - 2


def terminal_columns() -> int:
    """The terminal's real width; without a terminal that of COLUMNS, else 80."""
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
    except (OSError, ValueError):
        columns = os.environ.get("COLUMNS", "")
        return int(columns) or 80 if columns.isdecimal() and len(columns) < 6 else 80


# The domain's words, repeated so that --help does not import it; a test compares them.
VERDICTS = ("approve", "approve-with-conditions", "hold", "reject")


def add_command(commands: Commands, name: str, *, run: str, **settings: Any) -> Parser:
    """Add a command that runs a function, named as "module:function", with the options all commands share."""
    summary: str = commands.summary
    settings.setdefault("description", f"{summary[:1].upper()}{summary[1:]}.")
    parser: Parser = commands.add_parser(name, help=summary, **settings)
    parser.set_defaults(run=run, parser=parser)
    add_common(parser)
    return parser


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command has."""
    group = parser.add_argument_group("options of every command")
    # Suppressed defaults: an option before the command is not overwritten by the command's own.
    for names, settings in (
        (("--workspace",), {"metavar": "FOLDER", "help": "the workspace; default: the nearest one upwards"}),
        (
            ("--color",),
            {"metavar": "WHEN", "choices": ("auto", "always", "never"), "help": "use colour: auto, always or never"},
        ),
        (("--no-index",), {"action": "store_true", "help": argparse.SUPPRESS}),
        (("--plain",), {"action": "store_true", "help": "line by line, without screens and charts"}),
        (("--no-charts",), {"action": "store_true", "help": "leave charts out of the text"}),
        (("-q", "--quiet"), {"action": "store_true", "help": "print no messages, only problems"}),
        (("-v", "--verbose"), {"action": "store_true", "help": "name the workspace and the time it took"}),
    ):
        group.add_argument(*names, default=argparse.SUPPRESS, **settings)


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_output(parser: argparse.ArgumentParser, words: str) -> None:
    parser.add_argument("-o", "--output", metavar="FILE", help=words)
    parser.add_argument("--force", action="store_true", help="with -o: overwrite a file that toolvet did not write")


def add_on(parser: argparse.ArgumentParser, words: str = "judge as of that day") -> None:
    """Add --on, the day that everything is judged on."""
    parser.add_argument("--on", type=parse_day, metavar="DATE", help=f"{words}; default: today")


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add --language, in which a rubric is shown that has it."""
    words = "the questions in that language, if the rubric has it; default: that of config.toml or the locale"
    parser.add_argument("--language", metavar="CODE", help=words)


def parse_day(text: str) -> date:
    """Read a day written as 2026-11-20. argparse.ArgumentTypeError for anything else."""
    # importing it takes a tenth of a bare start
    from datetime import date

    try:
        given = date.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.isoformat() != text:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write it as 2026-11-20")
    return given


def whole_number(text: str) -> int:
    """Read a whole number, 0 or more. argparse.ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def said(text: str) -> str:
    """The text as it is given. argparse.ArgumentTypeError for blanks alone."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty; say something")
    return text


class Begin(argparse.Action):
    """Begins a condition or waiver with its text."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's signature
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), {str(option_string).lstrip("-"): values}])


class Add(argparse.Action):
    """Adds to the last condition or waiver."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        parts = getattr(namespace, "parts", [])
        follows = _FOLLOWS[self.dest]
        if not parts or not any(kind in parts[-1] for kind in follows):
            parser.error(f"{option_string} must follow {' or '.join(f'--{kind}' for kind in follows)}")
        namespace.parts = [*parts[:-1], {**parts[-1], self.dest: values}]


_FOLLOWS = {
    "owner": ("condition", "waive"),
    "due": ("condition",),
    "reason": ("waive",),
    "control": ("waive",),
    "expires": ("waive",),
}


def not_one_of(word: str, known: Sequence[str]) -> str:
    """Say that the word is unknown, with the nearest known one, or all of them if none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'?" if near else f"it can be {', '.join(known)}"
    return f"'{word}' is not known; {hint}"
