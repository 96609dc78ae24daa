"""How each command is called. Light: what a command needs is imported when it runs."""

from __future__ import annotations

import argparse

from toolvet import __version__
from toolvet.commands.options import Add, Begin, add_common, add_json, add_on, day, whole
from toolvet.commands.parser import Parser

# As typing's own, without the two milliseconds that typing takes: a type checker takes this name for true.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Commands = Any  # argparse keeps to itself the type of what add_subparsers gives.

# These words are the domain's enums; a test holds them together, so that the domain is not imported for --help.
VERDICTS = ("approve", "approve-with-conditions", "hold", "reject")
SITTINGS = ("trial", "console", "reading", "contract")
TABLE_FORMATS = ("simple", "grid", "github", "html", "latex", "tsv", "csv", "json")
SCHEMAS = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision")


def build_parser() -> Parser:
    """The whole of it: parsing gives `run`, as "module:function", and the command's own options."""
    parser = Parser(
        prog="toolvet",
        usage="toolvet [COMMAND] [OPTIONS]",
        description="Vet collaboration and video tools: a rubric, evidence, exact scores, and a report that can be "
        "checked.\nWithout a command it opens the workspace on screen.",
        examples=(
            "toolvet demo                              look around in worked examples",
            "toolvet                                   open the workspace of this folder",
            'toolvet assess "Zoom Workplace"           start or resume an assessment',
            "toolvet score assessments/*/*.toml        print scorecards",
            "toolvet report zoom -o report.html        write the approval report",
        ),
        epilog="exit status: 0 done; 1 the answer is no; 2 wrong usage or no terminal; 3 a file cannot be used; "
        "130 interrupted",
    )
    parser.set_defaults(run="screens:open_workspace", parser=parser, workspace=None, color="auto")
    parser.add_argument("--version", action="version", version=f"toolvet {__version__}")
    add_common(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog="toolvet", parser_class=Parser)
    for add in (
        _add_assess,
        _add_check,
        _add_score,
        _add_compare,
        _add_decide,
        _add_report,
        _add_questions,
        _add_list,
        _add_rubrics,
        _add_schema,
        _add_demo,
    ):
        add(commands)
    return parser


def _add_assess(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "assess",
        "start or resume an assessment",
        run="assess:assess",
        usage="toolvet assess [NAME] [OPTIONS]",
        examples=('toolvet assess "Zoom Workplace"', "toolvet assess zoom --plain"),
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the tool, or the start of its folder's name")
    parser.add_argument("--plain", action="store_true", help="ask line by line, for screen readers and scripts")


def _add_check(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "check",
        "check rubrics, assessments and decisions",
        run="checking:check",
        usage="toolvet check PATH... [--json]",
        examples=("toolvet check .", "toolvet check rubrics/house.toml"),
        description="Prints every problem as file:line: what is wrong, and what to do.\nStatus 1 if there is any.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with all that is in it")
    add_json(parser)


def _add_score(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "score",
        "print the scorecard of assessments",
        run="scoring:score_files",
        usage="toolvet score FILE... [OPTIONS]",
        examples=(
            "toolvet score assessments/zoom/2026-11-02-ada.toml",
            "toolvet score FILE --explain              the arithmetic, to be redone by hand",
            "toolvet score FILE --on 2027-11-01        as it will stand that day",
            "toolvet score FILE --gate approve         status 1 below that verdict",
        ),
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="assessments")
    parser.add_argument("--explain", action="store_true", help="show the arithmetic")
    add_on(parser)
    parser.add_argument("--gate", choices=VERDICTS, metavar="VERDICT", help="status 1 if a verdict is worse than this")
    add_json(parser)


def _add_compare(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "compare",
        "compare tools side by side",
        run="compare:compare_tools",
        usage="toolvet compare [SUBJECT|FILE...] [OPTIONS]",
        examples=(
            "toolvet compare                           all in the workspace, by rank",
            "toolvet compare zoom webex --why          which questions make the difference",
            "toolvet compare --by question --differences",
            "toolvet compare --robustness              the weights at which another would lead",
            "toolvet compare -o comparison.html        the whole report; also .md and .json",
        ),
        description="Ranks tools by verdict, floor and observed, and says what the evidence does not separate.",
    )
    parser.add_argument("names", nargs="*", metavar="SUBJECT|FILE", help="tools or assessments; else all there are")
    parser.add_argument("--rubric", metavar="RUBRIC", help="with all: only those under the rubric of this id")
    parser.add_argument(
        "--by", choices=("criterion", "question"), default="criterion", metavar="WHAT", help="criterion or question"
    )
    parser.add_argument("--differences", action="store_true", help="by question, only where they differ")
    parser.add_argument("--robustness", action="store_true", help="how far the weights can move, and who leads then")
    parser.add_argument("--why", action="store_true", help="for two tools: what makes the difference, with evidence")
    parser.add_argument("--format", choices=TABLE_FORMATS, metavar="FORMAT", help=", ".join(TABLE_FORMATS))
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report; FILE ends in .html, .md or .json")
    add_on(parser)
    add_json(parser)


def _add_decide(commands: Commands) -> None:
    parser = _add_command(
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
        "--offered-conditions", action="store_true", help="add a condition for each thing that fell short of approve"
    )


def _add_report(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "report",
        "write the approval report",
        run="reporting:write_report",
        usage="toolvet report SUBJECT|FILE [OPTIONS]",
        examples=(
            "toolvet report zoom                       Markdown on stdout",
            "toolvet report zoom -o zoom.html          one file, prints well; also .md and .json",
            "toolvet report zoom --for requester       half a page for whoever asked",
        ),
    )
    parser.add_argument("subject", metavar="SUBJECT|FILE", help="the tool, or an assessment's file")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to; its ending (.md, .html, .json) says what")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=("board", "requester"),
        default="board",
        metavar="WHOM",
        help="board or requester",
    )
    add_on(parser)


def _add_questions(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "questions",
        "print a blank sheet for a vendor or colleague",
        run="rubrics:questions",
        usage="toolvet questions [RUBRIC] [OPTIONS]",
        examples=("toolvet questions --where contract -o contract.md", "toolvet questions --format csv"),
    )
    parser.add_argument("rubric", nargs="?", metavar="RUBRIC", help="a rubric's id; else the first that rates tools")
    parser.add_argument("--where", choices=SITTINGS, metavar="SITTING", help=f"only those of {', '.join(SITTINGS)}")
    parser.add_argument("--format", choices=("md", "csv"), metavar="FORMAT", help="md or csv; else as FILE ends")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to; else stdout")


def _add_list(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "list",
        "list what is in the workspace",
        run="listing:list_subjects",
        usage="toolvet list [OPTIONS]",
        examples=("toolvet list", "toolvet list --due 30"),
    )
    parser.add_argument(
        "--due", type=whole, metavar="DAYS", help="only what expires, falls due or is promised within so many days"
    )
    add_on(parser)
    add_json(parser)


def _add_rubrics(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "rubrics",
        "list what there is to ask with",
        run="rubrics:list_rubrics",
        usage="toolvet rubrics [--json]",
        examples=("toolvet rubrics",),
    )
    add_json(parser)


def _add_schema(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "schema",
        "print the JSON Schema of a kind of file",
        run="rubrics:print_schema",
        usage="toolvet schema KIND",
        examples=("toolvet schema rubric > rubric.schema.json",),
    )
    parser.add_argument("kind", choices=SCHEMAS, metavar="KIND", help=", ".join(SCHEMAS))


def _add_demo(commands: Commands) -> None:
    parser = _add_command(
        commands,
        "demo",
        "open a copy of the worked examples",
        run="demo:demo",
        usage="toolvet demo",
        examples=("toolvet demo",),
        description="Copies the worked examples to a fresh folder and opens them. Without a terminal it prints them\n"
        "scored and listed, writes one report, and says where.",
    )
    parser.set_defaults(on=None, due=None)


def _add_command(commands: Commands, name: str, summary: str, *, run: str, **settings: Any) -> Parser:
    settings.setdefault("description", f"{summary[:1].upper()}{summary[1:]}.")
    parser: Parser = commands.add_parser(name, help=summary, **settings)
    parser.set_defaults(run=run, parser=parser)
    add_common(parser)
    return parser
