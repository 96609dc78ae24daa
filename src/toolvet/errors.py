"""Errors that a person can do something about."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


# pathlib costs a fifth of a bare start and is needed here for type checkers only, who take this name for true.


class ToolvetError(Exception):
    """What is wrong, and what to do about it.

    Each line stays one, whatever is named in it: a file name with a line break must not look like a message of ours.
    """

    status = 3

    def __init__(self, *lines: str) -> None:
        super().__init__(*(_on_one_line(line) for line in lines))

    def __str__(self) -> str:
        return "\n".join(self.args)


def _on_one_line(text: str) -> str:
    """The text with a picture for each line break; other control characters are made visible where it goes out."""
    return text.translate(_BREAKS) if "\n" in text or "\r" in text else text


_BREAKS = {ord("\n"): "\u240a", ord("\r"): "\u240d"}


class UsageError(ToolvetError):
    """The command was called in a way that cannot work."""

    status = 2


class TooFewAnswered(ToolvetError):
    """A round of a survey cannot be closed with so few people."""

    status = 1


class NoTemporaryFolder(UsageError):
    """Something needs a temporary folder, and it cannot be made or written to."""

    def __init__(self, what: str, error: OSError) -> None:
        problem = error.strerror or str(error)
        super().__init__(f"{what} needs a temporary folder; set TMPDIR to one you can write to ({problem})")


class NotEnoughMemory(ToolvetError):
    """The computer, or a limit set on it, does not allow as much memory as something needs."""

    def __init__(self) -> None:
        super().__init__(
            "there is not enough memory for this. What was saved is safe; allow toolvet more, or ask for less at once."
        )


class PassphraseNeeded(UsageError):
    """A key has a passphrase, and there is no terminal to type it in."""


class NoSuchSubject(UsageError):
    """The workspace has no subject with that name."""


class SeveralSubjects(UsageError):
    """The name may be that of any of these folders."""

    def __init__(self, name: str, found: list[str]) -> None:
        super().__init__(f'"{name}" may be any of {", ".join(found)}; say which')
        self.found = found


class Problem:
    """One thing wrong in one file.

    `line` counts from 1; None means the file as a whole. With `warning` the file can still be used.
    """

    __slots__ = ("line", "message", "path", "warning")

    def __init__(self, path: Path, line: int | None, message: str, *, warning: bool = False) -> None:
        self.path = path
        self.line = line
        self.message = message
        self.warning = warning

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line is not None else f"{self.path}"
        return _on_one_line(f"{place}: {self.message}")

    def __repr__(self) -> str:
        return f"Problem({self})"


class UnusableFile(ToolvetError):
    """A file that cannot be used, with everything that is wrong in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(*map(str, problems))
        self.problems = problems

    @property
    def is_unread(self) -> bool:
        """Whether the system cannot read a file that is there, which may be as it should."""
        cause = self.__cause__
        if isinstance(cause, UnusableFile):
            return cause.is_unread
        return isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError)


class TerminalGone(ToolvetError):
    """The terminal hung up, as it does when a connection drops."""

    status = 129


class NotSaved(ToolvetError):
    """A file could not be written; what was there before is unchanged."""


class Conflict(NotSaved):
    """Somebody else changed the file since it was read; ours was kept beside it.

    `kept` is the path of our version, or None if even keeping it failed.
    """

    def __init__(self, message: str, kept: Path | None) -> None:
        super().__init__(message)
        self.kept = kept
