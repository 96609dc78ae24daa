"""Every way in which a command writes, or reads a workspace, for the tests in which calls of the system fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys import HARBOUR

ON = ("--on", "2026-11-20")
LATER = ("--on", "2026-11-24")
FILE = "assessments/tool/2026-11-02-ada.toml"

Command = tuple[str, ...]

APPROVED: Command = (
    *("decide", "tool", "--decision", "approve-with-conditions", "--by", "Ada", "--rationale", "We wait.", *ON),
    *("--condition", "Report", "--owner", "CIO", "--due", "2026-11-25"),
)
SENT: Command = ("questions", "tool", "--for", "colleague", "-o", "filled.csv", *ON)
ANSWERED: Command = ("readiness", "--import", "answers.csv", "--organisation", HARBOUR, "--on", "2026-11-02")
CLOSED: Command = ("readiness", "--close", *ON)
PROVEN: Command = ("condition", "tool", "1", "--met", "--evidence", "evidence/proof.txt", *ON)
SECOND: Command = ("import", "filled.csv", "--for", "tool", "--by", "Bea", "--from", "colleague", "--write", *ON)


@dataclass(frozen=True)
class Way:
    """A command, what is typed into it, and the commands to run first.

    `is_random`: it names what it writes by chance. `is_long`: only the long runs try it.
    """

    arguments: Command
    typed: str = ""
    after: tuple[Command, ...] = ()
    is_long: bool = False
    is_random: bool = False


def _reports() -> Iterator[Way]:
    for ending in ("md", "html", "json", "docx"):
        yield Way(("tool", "-o", f"report.{ending}", *ON), after=(APPROVED, PROVEN))
    yield Way(("tool", "-o", "report.pdf", *ON), after=(APPROVED,), is_long=True)
    yield Way(("tool", "--for", "requester", "-o", "answer.eml", *ON), after=(APPROVED,))
    yield Way(("tool", "--template", "own.md", "-o", "own-report.md", *ON), is_long=True)


def _surveys() -> Iterator[Way]:
    yield Way(ANSWERED[1:], is_random=True, is_long=True)
    yield Way(CLOSED[1:], after=(ANSWERED,))
    yield Way((HARBOUR, "--until", "2026-12-11", *ON), after=(ANSWERED,))
    yield Way((HARBOUR, "--until", "2026-12-11", *ON), after=(ANSWERED, CLOSED), is_long=True)
    yield Way(("--form", HARBOUR, "--until", "2026-12-11", "-o", "form.html", *ON))
    yield Way(("--form", HARBOUR, "-o", "form.csv"))
    yield Way(("--form", HARBOUR, "-o", "words.toml"))
    for ending in ("html", "docx", "json", "xlsx"):
        yield Way(("-o", f"result.{ending}", *ON), after=(ANSWERED, CLOSED))


WRITES: Mapping[str, tuple[Way, ...]] = {
    "assess": (
        Way(("Tool", "--plain"), "1\nquit\n"),
        Way(("Other", "--plain"), "1\n" + 9 * "\n" + "quit\n"),
        Way(("Tool", "--again", "--plain", *ON), "quit\n", after=(APPROVED,)),
        Way(("Tool", "--new", "--plain", *ON), "quit\n"),
        Way((HARBOUR, "--survey", "--plain", *ON), "1\n2\n3\nquit\n", after=(ANSWERED,), is_random=True, is_long=True),
    ),
    "compare": (
        Way(("-o", "compared.html", *ON)),
        Way(("-o", "compared.md", *ON), after=(SENT, SECOND)),
        Way(("-o", "compared.xlsx", *ON)),
    ),
    "condition": (
        Way(("tool", "1", "--met", "--evidence", "evidence/proof.txt", *ON), after=(APPROVED,)),
        Way(("tool", "1", "--move", "2027-01-15", "--why", "A month more.", *ON), after=(APPROVED,)),
    ),
    "decide": (
        Way(("tool", "--decision", "hold", "--by", "Ada", "--rationale", "We wait.", *ON)),
        Way(("tool", "--decision", "hold", "--by", "Ada", "--rationale", "No.", *LATER), after=(APPROVED, PROVEN)),
    ),
    "demo": (Way((), is_long=True, is_random=True),),
    "export": (
        Way(("-o", "tables", *ON), after=(APPROVED, PROVEN)),
        Way(("-o", "tables", "--format", "jsonl", *ON), is_long=True),
        Way(("-o", "tables.xlsx", *ON)),
        Way(("-o", "results.json", "--format", "oscal", *ON), after=(APPROVED,)),
    ),
    "import": (
        Way(SECOND[1:], after=(SENT,)),
        Way(("filled.csv", "--for", "tool", "--by", "Bea", "--list", "left-out.csv", *ON), after=(SENT,)),
        Way(("asked.csv", "--as", "rubric", "--write")),
    ),
    "list": (Way(("-o", "list.xlsx", *ON), after=(APPROVED, PROVEN)),),
    "migrate": (Way((FILE, "--write")), Way((FILE, "--write", *ON[2:]), after=(APPROVED,))),
    "new-rubric": (Way(("own",)), Way(("own", "--survey")), Way(("own", "--from", "house", "-o", "own.toml"))),
    "panel": (Way(("tool", "--settle", "--by", "Kim", *ON), after=(SENT, SECOND)),),
    "questions": (
        Way(("house", "-o", "sheet.md")),
        Way(("tool", "--for", "vendor", "-o", "sheet.xlsx", *ON)),
        Way(("tool", "--for", "colleague", "-o", "sheet.html", *ON)),
        Way(SENT[1:]),
    ),
    "readiness": tuple(_surveys()),
    "register": tuple(
        Way(("-o", f"register.{ending}", *ON), after=(APPROVED,)) for ending in ("html", "csv", "json", "xlsx", "md")
    ),
    "report": tuple(_reports()),
    "rubrics": (Way(("--show", "house", "-o", "house.html")), Way(("--show", "house", "-o", "house.md"))),
    "score": (Way(("tool", "-o", "score.xlsx", *ON)),),
    "sign": (Way(("tool", "--key", "key", *ON), is_long=True, after=(APPROVED,)),),
    "subject": (
        Way(("tool", "--users", "600")),
        Way(("tool", "--name", "Other tool")),
        Way(("tool", "--users", "600", "--by", "Ada", *ON), after=(APPROVED, PROVEN)),
        Way(("tool", "--archive", *ON)),
        Way(("tool", "--restore", *ON), after=(("subject", "tool", "--archive", *ON),)),
    ),
    "tolerate": (Way(("tool", "--owner", "Ada", "--why", "In use.", "--until", "2027-01-01", *ON)),),
    "withdraw": (Way(("tool", "--why", "A breach.", *ON), after=(APPROVED,)),),
}
"""By command. One that writes and is not here fails a test."""

READS: Mapping[str, tuple[Way, ...]] = {
    "check": (Way((".",), after=(APPROVED, PROVEN)),),
    "completion": (Way(("bash",)),),
    "config": (Way(("show",)),),
    "diff": (Way((FILE, FILE)),),
    "doctor": (Way(()),),
    "help": (Way(("decide",)),),
    "history": (Way(("tool", *ON), after=(APPROVED, PROVEN)),),
    "keys": (Way((), is_long=True),),
    "schema": (Way(("rubric",)),),
    "serve": (Way(("--port", "nowhere")),),
    "verify": (Way((".",), after=(APPROVED, PROVEN)),),
}
SHOWS: Mapping[str, tuple[Way, ...]] = {
    "panel": (Way(("tool", *ON), after=(SENT, SECOND)),),
    "compare": (Way((*ON, "--json")),),
    "condition": (Way(("tool", *ON), after=(APPROVED, PROVEN)),),
    "list": (
        Way(ON, after=(APPROVED, PROVEN)),
        Way(("--due", "30", "--format", "ics", *ON), after=(APPROVED,)),
        Way(("--gate", *LATER), after=(APPROVED,)),
    ),
    "readiness": (Way(ON, after=(ANSWERED, CLOSED)),),
    "register": (Way(ON, after=(APPROVED,)),),
    "report": (Way(("tool", *ON), after=(APPROVED, PROVEN)),),
    "rubrics": (Way(()),),
    "score": (Way(("tool", "--gate", "approve", *ON), after=(APPROVED,)),),
}
"""What commands that can write show without writing."""
