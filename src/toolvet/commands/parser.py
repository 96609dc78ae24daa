"""An argument parser whose help begins with examples, and which asks "did you mean" of a mistyped word.

Every start of the program passes through here, so that nothing heavy is imported.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from toolvet.errors import UsageError

# As typing's own, without the two milliseconds that typing takes: a type checker takes this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

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
        from toolvet.commands.suggestions import not_one_of

        raise argparse.ArgumentError(action, not_one_of(str(value), [str(choice) for choice in action.choices]))


def _unknown_words(words: Sequence[str], parser: argparse.ArgumentParser) -> str:
    from toolvet.commands.suggestions import not_one_of  # for mistakes only, as above

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
