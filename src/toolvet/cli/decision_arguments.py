"""Arguments of the commands about decisions after they are made. It imports only the parser."""

from __future__ import annotations

from toolvet.cli.parser import Parser, add_command, add_json, add_on, add_output, parse_day, said, whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from toolvet.cli.parser import Commands


def add_condition(commands: Commands) -> None:
    parser = add_command(
        commands,
        "condition",
        run="condition:change_condition",
        usage="toolvet condition SUBJECT [CONDITION] [OPTIONS]",
        examples=(
            "toolvet condition zoom                    list the conditions of the decision",
            "toolvet condition zoom accessibility-report --met --evidence evidence/vpat.pdf",
            'toolvet condition zoom 2 --move 2027-06-30 --why "The vendor needs a month more."',
        ),
        description="Write a record beside the decision; the decision itself never changes.\n"
        "A condition is named by its id or its number.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    parser.add_argument("condition", nargs="?", metavar="CONDITION", help="its id or number; default: list them all")
    parser.add_argument("--met", action="store_true", help="it is met; needs --evidence")
    parser.add_argument("--move", type=parse_day, metavar="DATE", help="it is due on another day; needs --why")
    parser.add_argument(
        "--evidence",
        action="append",
        default=[],
        type=said,
        metavar="SOURCE",
        help="with --met: a file under evidence/, a link or a text; can be given several times",
    )
    parser.add_argument("--why", type=said, metavar="TEXT", help="with --move: the reason")
    _add_recorder(parser)
    add_json(parser)


def add_withdraw(commands: Commands) -> None:
    parser = add_command(
        commands,
        "withdraw",
        run="condition:withdraw_approval",
        usage="toolvet withdraw SUBJECT --why TEXT [OPTIONS]",
        examples=('toolvet withdraw zoom --by CISO --why "Breach reported today."',),
        description="Write a record beside the decision: from that day on nothing is approved.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    parser.add_argument("--why", type=said, required=True, metavar="TEXT", help="the reason, which every report gives")
    _add_recorder(parser, "withdraws")


def add_tolerate(commands: Commands) -> None:
    parser = add_command(
        commands,
        "tolerate",
        run="condition:tolerate_tool",
        usage="toolvet tolerate SUBJECT --owner NAME [OPTIONS]",
        examples=(
            'toolvet tolerate "Old Chat" --owner "Head of Sales" --until 2027-06-30 --by CIO \\',
            '    --why "In use since 2019; reviewed in spring."',
        ),
        description="Record a decision without an assessment: the tool is in use and may stay until that day.\n"
        "It is always shown as tolerated, never as approved. A tool that is new here is entered first.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool: its name, or the start of its folder's name")
    parser.add_argument("--owner", required=True, metavar="NAME", help="who answers for it")
    parser.add_argument("--until", required=True, type=parse_day, metavar="DATE", help="the last day it is tolerated")
    parser.add_argument("--why", type=said, required=True, metavar="TEXT", help="the reason")
    for name, what in (("vendor", "who makes it"), ("plan", "the plan"), ("job", "the job to be done")):
        parser.add_argument(f"--{name}", metavar="TEXT", help=f"of a tool that is new here: {what}")
    parser.add_argument("--by", type=said, metavar="NAME", help="who decides; default: you")
    add_on(parser, "the day of the decision")


def add_sign(commands: Commands) -> None:
    parser = add_command(
        commands,
        "sign",
        run="verify:sign_file",
        usage="toolvet sign SUBJECT|DECISION [OPTIONS]",
        examples=(
            "toolvet sign zoom",
            "toolvet sign decisions/zoom/2026-11-20.toml --key ~/.ssh/id_ed25519",
        ),
        description="Sign the decision, its assessment, rubric, policy, evidence and records, through OpenSSH.\n"
        "Sign again after new records. Put the keys you trust into the workspace's file allowed_signers.",
    )
    parser.add_argument("decision", metavar="SUBJECT|DECISION", help="the tool, or the file of a decision or record")
    parser.add_argument("--key", metavar="FILE", help="the key; default: git's user.signingkey, or ~/.ssh/id_ed25519")
    _add_recorder(parser, "signs")


def add_verify(commands: Commands) -> None:
    parser = add_command(
        commands,
        "verify",
        run="verify:verify",
        usage="toolvet verify [PATH...] [OPTIONS]",
        examples=(
            "toolvet verify                            the whole workspace",
            "toolvet verify decisions/zoom             one tool",
        ),
        description="Check seals, digests, evidence, signatures, and the chain of decisions and records, and compute\n"
        "each verdict again. The exit status is 1 if anything is not as it was recorded. Keep the fingerprint\n"
        "somewhere else: it changes with every decision and record that is added or removed, even the last one.",
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a workspace, or folders and files in it")
    add_json(parser)


def add_history(commands: Commands) -> None:
    parser = add_command(
        commands,
        "history",
        run="subject:show_history",
        usage="toolvet history SUBJECT [OPTIONS]",
        examples=("toolvet history zoom",),
        description="List assessments, decisions and records in order, with what changed from each to the next.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    add_on(parser)
    add_json(parser)


def add_diff(commands: Commands) -> None:
    parser = add_command(
        commands,
        "diff",
        run="subject:show_difference",
        usage="toolvet diff FILE [FILE] [OPTIONS]",
        examples=(
            "toolvet diff assessments/zoom/2025-11-02-ada.toml assessments/zoom/2026-11-02-ada.toml",
            "toolvet diff decisions/zoom/2026-11-20.toml      one file in words, for git's textconv",
        ),
    )
    parser.add_argument("before", metavar="FILE", help="an assessment, decision, record, rubric or policy")
    parser.add_argument("after", nargs="?", metavar="FILE", help="the later file; without it, print the first in words")


def _add_recorder(parser: Parser, does: str = "records") -> None:
    parser.add_argument("--by", type=said, metavar="NAME", help=f"who {does} it; default: you")
    parser.add_argument("--note", metavar="TEXT", help="what else there is to know")
    add_on(parser, "the day from which it counts")


def add_register(commands: Commands) -> None:
    parser = add_command(
        commands,
        "register",
        run="register:write_register",
        usage="toolvet register [OPTIONS]",
        examples=(
            "toolvet register                          print it as Markdown",
            "toolvet register -o register.html         one page to search; also .md, .csv, .json, .xlsx",
        ),
    )
    add_output(parser, "write it to FILE, which ends in .md, .html, .csv, .json or .xlsx")
    add_on(parser)
    add_json(parser)


def _or_empty(parse: Callable[[str], object]) -> Callable[[str], object]:
    """The same, but an empty text stays one: it removes a fact."""
    return lambda text: text if text == "" else parse(text)


def add_subject(commands: Commands) -> None:
    parser = add_command(
        commands,
        "subject",
        run="subject:show_subject",
        usage="toolvet subject SUBJECT [OPTIONS]",
        examples=(
            "toolvet subject zoom",
            'toolvet subject zoom --users 600 --why "Sales joined."',
            "toolvet subject zoom --archive            it is no longer used",
        ),
        description="Show or change what is known about a tool. "
        "Changes go into the assessments that no decision rests on. What was decided on stays as it was: a record "
        "beside the decision says what is right from today on.\n"
        'An empty text ("") removes a fact. The folder keeps its name.',
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    for name, what in (
        ("name", "the tool"),
        ("vendor", "who makes it"),
        ("plan", "the plan"),
        ("deployment", "how it is run"),
        ("job", "the job to be done"),
        ("requested-by", "who asked for it"),
        ("yearly-cost", "what it costs a year"),
        ("reviewer", "who assessed it"),
    ):
        parser.add_argument(f"--{name}", metavar="TEXT", help=what)
    parser.add_argument("--requested-on", type=_or_empty(parse_day), metavar="DATE", help="when it was asked for")
    parser.add_argument("--answer-by", type=_or_empty(parse_day), metavar="DATE", help="when an answer is promised")
    parser.add_argument("--users", type=_or_empty(whole_number), metavar="NUMBER", help="for how many people")
    parser.add_argument("--why", metavar="TEXT", help="why it is changed")
    parser.add_argument("--by", metavar="NAME", help="who records it; default: you")
    parser.add_argument("--archive", action="store_true", help="take it off the lists; nothing is deleted")
    parser.add_argument("--restore", action="store_true", help="take it back from the archive")
    add_on(parser, "the day from which it counts")
    add_json(parser)
