"""How `toolvet decide` is called: a decision has more parts than anything else."""

from __future__ import annotations

import argparse

from toolvet.commands.options import VERDICTS, Add, Begin, add_command, add_on, day, whole

TYPE_CHECKING = False  # see toolvet.commands.options
if TYPE_CHECKING:
    from toolvet.commands.options import Commands


def add_decide(commands: Commands) -> None:
    """Add the command to the others."""
    parser = add_command(
        commands,
        "decide",
        "record a decision",
        run="deciding:decide",
        usage="toolvet decide SUBJECT [OPTIONS]",
        examples=(
            "toolvet decide zoom                       on screen",
            'toolvet decide zoom --decision hold --by "Tool board" --rationale "Report due in spring."',
            'toolvet decide zoom --decision approve-with-conditions --by "Tool board" \\',
            '    --condition "Conformance report" --owner "Vendor management" --due 2027-03-31',
        ),
        description="Opens the screen, or, with --decision and --by, records it at once.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    parser.add_argument("--assessment", metavar="FILE", help="the assessment it rests on, where there are several")
    parser.add_argument("--confirm-seal", action="store_true", help="you have checked a file whose seal does not match")
    parser.add_argument("--decision", choices=VERDICTS, metavar="VERDICT", help=", ".join(VERDICTS))
    parser.add_argument("--by", metavar="NAME", help="who decides")
    parser.add_argument("--rationale", metavar="TEXT", help="why; required where it differs from the verdict")
    parser.add_argument("--valid-until", type=day, metavar="DATE", help="the last day it holds; else the day offered")
    add_on(parser)
    _add_lists(parser)
    _add_conditions(parser)


def _add_lists(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what goes with it", "Each can be given several times, but for --users.")
    group.add_argument("--consulted", action="append", default=[], metavar="NAME", help="who was asked")
    group.add_argument("--considered", action="append", default=[], metavar="NAME", help="what else was looked at")
    group.add_argument("--link", action="append", default=[], metavar="URL", help="a ticket, minutes")
    group.add_argument("--left-off", action="append", default=[], metavar="TEXT", help="what is not approved")
    group.add_argument("--users", type=whole, metavar="NUMBER", help="for how many; else as asked for")


def _add_conditions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "conditions and waivers",
        "--owner and --due belong to the condition before them; --owner, --reason, --control, --expires to the waiver.",
    )
    group.add_argument("--condition", action=Begin, dest="parts", default=[], metavar="TEXT", help="what is to be done")
    group.add_argument("--waive", action=Begin, dest="parts", metavar="QUESTION", help="a must-have that is set aside")
    group.add_argument("--owner", action=Add, metavar="NAME", help="who answers for it")
    group.add_argument("--due", action=Add, type=day, metavar="DATE", help="when the condition has to be met")
    group.add_argument("--reason", action=Add, metavar="TEXT", help="why the must-have is set aside")
    group.add_argument("--control", action=Add, metavar="TEXT", help="what stands in for it")
    group.add_argument("--expires", action=Add, type=day, metavar="DATE", help="when the waiver ends")
    group.add_argument(
        "--drop-condition",
        action="append",
        default=[],
        metavar="ID",
        help="do not take over this condition of the decision before, named by its id, or by its text without one",
    )
    for name, metavar, what in (
        ("waiver", "QUESTION", "this waiver"),
        ("left-off", "TEXT", "this exclusion"),
        ("consulted", "NAME", "who was asked"),
        ("considered", "NAME", "what else was looked at"),
        ("link", "URL", "this link"),
    ):
        group.add_argument(
            f"--drop-{name}", action="append", default=[], metavar=metavar, help=f"the same for {what} of that decision"
        )
    group.add_argument(
        "--offered-conditions", action="store_true", help="add a condition for each thing that fell short of approve"
    )
