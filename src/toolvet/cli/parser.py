"""An argument parser whose help begins with examples, and which asks "did you mean" of a mistyped word.

Every start of the program passes through here, so that nothing heavy is imported.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches

from toolvet.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    Commands = Any  # argparse keeps to itself the type of what add_subparsers gives.
    from datetime import date


# As typing's own, without the two milliseconds that typing takes: a type checker takes this name for true.

NARROWEST = 40
WIDEST = 100


class Parser(argparse.ArgumentParser):
    """As argparse's, with examples above the help, and errors raised as UsageError."""

    def __init__(self, *, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **settings)
        self.examples = tuple(examples)

    def format_help(self) -> str:
        """The examples, then what argparse says."""
        examples = "".join(f"  {example}\n" for example in self.examples)
        return f"examples:\n{examples}\n{super().format_help()}" if examples else super().format_help()

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """What the arguments say; UsageError for what is not known. A command leaves its parser under `parser`."""
        options, unknown = self.parse_known_args(arguments)
        if unknown:
            options.parser.error(_unknown_words(unknown, options.parser))
        return options

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(f"{message} ('{self.prog} --help' shows how)")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse's own hides that it could not be written, where Python does not buffer
        (file or sys.stdout).write(message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # Private, but there since 3.2: the one place that sees the word, the choices and the argument's name.
        if action.choices is None or value in action.choices:
            return
        # difflib is needed for mistakes only.

        raise argparse.ArgumentError(action, not_one_of(str(value), [str(choice) for choice in action.choices]))


def _unknown_words(words: Sequence[str], parser: argparse.ArgumentParser) -> str:

    if words[0].startswith("-"):
        return not_one_of(words[0].partition("=")[0], list(parser._option_string_actions))
    return f"'{words[0]}' is one word too many"


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


def help_width() -> int:
    """Columns for help: COLUMNS, else the terminal's, else 80; from 40 to 100."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal():
        width = int(columns)
    else:
        try:
            width = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns
        except (OSError, ValueError):
            width = 80
    return max(NARROWEST, min(width or 80, WIDEST)) - 2


# As typing's own, without the two milliseconds that typing takes: a type checker takes this name for true.

# The domain's words; a test holds them together, so that the domain is not imported for --help.
VERDICTS = ("approve", "approve-with-conditions", "hold", "reject")


def add_command(commands: Commands, name: str, summary: str, *, run: str, **settings: Any) -> Parser:
    """A command that runs a function, named as "module:function", with the options all commands share."""
    settings.setdefault("description", f"{summary[:1].upper()}{summary[1:]}.")
    parser: Parser = commands.add_parser(name, help=summary, **settings)
    parser.set_defaults(run=run, parser=parser)
    add_common(parser)
    return parser


def add_common(parser: argparse.ArgumentParser) -> None:
    """Where the workspace is, and colour."""
    # Suppressed defaults: what stands before the command is not overwritten by the command's own.
    parser.add_argument(
        "--workspace", default=argparse.SUPPRESS, metavar="FOLDER", help="instead of the nearest one upwards"
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default=argparse.SUPPRESS,
        metavar="WHEN",
        help="auto, always, never",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """JSON instead of text."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_output(parser: argparse.ArgumentParser, words: str) -> None:
    """Where to write, and whether over a file that is not toolvet's own."""
    parser.add_argument("-o", "--output", metavar="FILE", help=words)
    parser.add_argument("--force", action="store_true", help="with -o: also over a file that toolvet did not write")


def add_on(parser: argparse.ArgumentParser) -> None:
    """The day that everything is computed for."""
    parser.add_argument("--on", type=day, metavar="DATE", help="as of that day, as 2026-11-20; else today")


def day(text: str) -> date:
    """The day written as 2026-11-20; argparse.ArgumentTypeError for anything else."""
    # Only where a date is given: importing it is a tenth of a bare start.
    from datetime import date

    try:
        given = date.fromisoformat(text)
    except ValueError:
        given = None
    if given is None or given.isoformat() != text:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date; write it as 2026-11-20")
    return given


def whole(text: str) -> int:
    """The whole number, 0 or more; argparse.ArgumentTypeError for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 up")
    return int(text)


class Begin(argparse.Action):
    """Begins a condition or waiver: its own text under the option's name."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's signature
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), {str(option_string).lstrip("-"): values}])


class Add(argparse.Action):
    """Adds to the condition or waiver begun last."""

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
    """Says that the word is none of those known, and the nearest, or all of them where none is near."""
    near = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    hint = f"did you mean '{near[0]}'?" if near else f"it can be {', '.join(known)}"
    return f"'{word}' is not known; {hint}"
