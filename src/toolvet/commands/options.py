"""Options that several commands share, and how the words given are read."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from toolvet.commands.parser import Parser

# As typing's own, without the two milliseconds that typing takes: a type checker takes this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    Commands = Any  # argparse keeps to itself the type of what add_subparsers gives.

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
