"""How each command is called. Light: what a command needs is imported when it runs."""

from __future__ import annotations

import argparse

from toolvet import __version__
from toolvet.cli.parser import (
    VERDICTS,
    Add,
    Begin,
    Parser,
    add_command,
    add_common,
    add_json,
    add_on,
    add_output,
    day,
    whole,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.cli.parser import Commands


def add_decide(commands: Commands) -> None:
    """Add the command to the others."""
    parser = add_command(
        commands,
        "decide",
        "record a decision",
        run="decide:decide",
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


def add_readiness(commands: Commands, table_formats: tuple[str, ...]) -> None:
    """Add the command to the others."""
    parser = add_command(
        commands,
        "readiness",
        "what people expect against what they get",
        run="readiness:readiness",
        usage="toolvet readiness [NAME|FILE...] [OPTIONS]",
        examples=(
            "toolvet readiness                         the result of the survey in the workspace",
            "toolvet readiness --by group              and of each group that is large enough",
            "toolvet readiness --groups managers employees",
            "toolvet readiness -o readiness.html       the report; also .md and .json",
            'toolvet readiness --form "Harbour Cooperative" -o survey.html',
            "toolvet readiness --import *.toml answers.csv",
        ),
        description="Sets what people expect beside what is delivered, in rungs of one ladder.\n"
        "What only few people answered is not shown.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME|FILE", help="the organisation, or answer files; else all there are"
    )
    parser.add_argument("--by", choices=("group",), metavar="WHAT", help="group: every group that can be shown")
    parser.add_argument("--groups", nargs=2, metavar=("GROUP", "GROUP"), help="these two side by side")
    parser.add_argument("--since", type=day, metavar="DATE", help="this round began that day; else its calendar year")
    parser.add_argument("--rubric", metavar="RUBRIC", help="the survey's id, where there are several")
    parser.add_argument("--format", choices=table_formats, metavar="FORMAT", help=", ".join(table_formats))
    add_output(parser, "write the report; FILE ends in .html, .md or .json")
    add_on(parser)
    add_json(parser)
    survey = parser.add_argument_group("asking, without a terminal")
    survey.add_argument("--form", action="store_true", help="write the survey as one HTML page, or a blank .csv")
    survey.add_argument("--group", metavar="GROUP", help="with --form: for that group only")
    survey.add_argument(
        "--import", dest="imports", action="store_true", help="take answer files (.toml) and spreadsheets (.csv) in"
    )
    survey.add_argument("--organisation", metavar="NAME", help="with --import: whom a spreadsheet is about")


SCHEMAS = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "policy")
"""The files room's names; a test holds them together."""

CHECK_FORMATS = ("text", "json", "github")


def add_check(commands: Commands) -> None:
    """`toolvet check`."""
    parser = add_command(
        commands,
        "check",
        "check rubrics, assessments and decisions",
        run="check:check",
        usage="toolvet check PATH... [OPTIONS]",
        examples=(
            "toolvet check .",
            "toolvet check rubrics/house.toml",
            "toolvet check rubrics --format github     annotations, in a workflow on GitHub",
        ),
        description="Prints every problem as file:line: what is wrong, and what to do.\n"
        "Status 1 if there is any beyond a warning.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with all that is in it")
    parser.add_argument("--format", choices=CHECK_FORMATS, default="text", metavar="FORMAT", help="text, json, github")
    add_json(parser)


def add_rubrics(commands: Commands) -> None:
    """`toolvet rubrics`."""
    parser = add_command(
        commands,
        "rubrics",
        "list what there is to ask with, or show one",
        run="rubrics:list_rubrics",
        usage="toolvet rubrics [OPTIONS]",
        examples=(
            "toolvet rubrics",
            "toolvet rubrics --show collaboration-tool",
            "toolvet rubrics --show house -o house.html",
        ),
    )
    parser.add_argument("--show", metavar="ID", help="print that rubric as a document")
    parser.add_argument("--version", metavar="VERSION", help="with --show: this version; else the newest")
    add_output(parser, "with --show: where to; FILE ends in .md or .html")
    add_json(parser)


def add_new_rubric(commands: Commands) -> None:
    """`toolvet new-rubric`."""
    parser = add_command(
        commands,
        "new-rubric",
        "begin a rubric of one's own",
        run="rubrics:new_rubric",
        usage="toolvet new-rubric ID [OPTIONS]",
        examples=("toolvet new-rubric password-managers", "toolvet new-rubric house -o drafts/house.toml"),
        description="Writes a small rubric that works as it stands, with comments on what to change.",
    )
    parser.add_argument("id", metavar="ID", help="its name: lower-case letters, digits and hyphens")
    parser.add_argument("-o", "--output", metavar="FILE", help="where to; else rubrics/ID.toml in the workspace")


def add_migrate(commands: Commands) -> None:
    """`toolvet migrate`."""
    parser = add_command(
        commands,
        "migrate",
        "take an assessment over to another version of its rubric",
        run="rubrics:migrate_file",
        usage="toolvet migrate FILE [OPTIONS]",
        examples=(
            "toolvet migrate assessments/zoom/2026-11-02-ada.toml           show what would become of it",
            "toolvet migrate assessments/zoom/2026-11-02-ada.toml --write",
        ),
        description="Shows question by question what becomes of each answer; nothing is dropped. Writes only with "
        "--write:\ninto the file, or, where a decision rests on it, into a new one.",
    )
    parser.add_argument("file", metavar="FILE", help="an assessment")
    parser.add_argument("--to", metavar="VERSION", help="the version to go to; else the newest")
    parser.add_argument("--write", action="store_true", help="write it")
    parser.add_argument("--confirm-seal", action="store_true", help="you have checked a file whose seal does not match")
    add_json(parser)


def add_schema(commands: Commands) -> None:
    """`toolvet schema`."""
    parser = add_command(
        commands,
        "schema",
        "print the JSON Schema of a kind of file",
        run="rubrics:print_schema",
        usage="toolvet schema KIND",
        examples=("toolvet schema rubric > rubric.schema.json",),
    )
    parser.add_argument("kind", choices=SCHEMAS, metavar="KIND", help=", ".join(SCHEMAS))


# These words are the domain's enums; a test holds them together, so that the domain is not imported for --help.
SITTINGS = ("trial", "console", "reading", "contract")
TABLE_FORMATS = ("simple", "grid", "github", "html", "latex", "tsv", "csv", "json")


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
    parser.set_defaults(run="assess:open_workspace", parser=parser, workspace=None, color="auto")
    parser.add_argument("--version", action="version", version=f"toolvet {__version__}")
    add_common(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog="toolvet", parser_class=Parser)
    for add in (
        _add_assess,
        add_check,
        _add_score,
        _add_compare,
        _add_readiness,
        add_decide,
        _add_report,
        _add_questions,
        _add_list,
        add_rubrics,
        add_new_rubric,
        add_migrate,
        add_schema,
        _add_demo,
    ):
        add(commands)
    return parser


def _add_assess(commands: Commands) -> None:
    parser = add_command(
        commands,
        "assess",
        "start or resume an assessment",
        run="assess:assess",
        usage="toolvet assess [NAME] [OPTIONS]",
        examples=(
            'toolvet assess "Zoom Workplace"',
            "toolvet assess zoom --plain",
            'toolvet assess --survey "Harbour Cooperative"    answer a survey',
        ),
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the tool, or the start of its folder's name")
    parser.add_argument("--survey", action="store_true", help="answer a survey about NAME, as another person, unnamed")
    parser.add_argument("--plain", action="store_true", help="ask line by line, for screen readers and scripts")


def _add_score(commands: Commands) -> None:
    parser = add_command(
        commands,
        "score",
        "print the scorecard of assessments",
        run="score:score_files",
        usage="toolvet score SUBJECT|FILE... [OPTIONS]",
        examples=(
            "toolvet score zoom                        the subject's latest assessment",
            "toolvet score assessments/zoom/2026-11-02-ada.toml",
            "toolvet score FILE --explain              the arithmetic, to be redone by hand",
            "toolvet score FILE --on 2027-11-01        as it will stand that day",
            "toolvet score FILE --gate approve         status 1 below that verdict",
        ),
    )
    parser.add_argument("files", nargs="+", metavar="SUBJECT|FILE", help="tools, or files of assessments")
    parser.add_argument("--explain", action="store_true", help="show the arithmetic")
    add_on(parser)
    parser.add_argument("--gate", choices=VERDICTS, metavar="VERDICT", help="status 1 if a verdict is worse than this")
    add_json(parser)


def _add_compare(commands: Commands) -> None:
    parser = add_command(
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
    add_output(parser, "write the report; FILE ends in .html, .md or .json")
    add_on(parser)
    add_json(parser)


def _add_readiness(commands: Commands) -> None:
    add_readiness(commands, TABLE_FORMATS)


def _add_report(commands: Commands) -> None:
    parser = add_command(
        commands,
        "report",
        "write the approval report",
        run="report:write_report",
        usage="toolvet report SUBJECT|FILE [OPTIONS]",
        examples=(
            "toolvet report zoom                       Markdown on stdout",
            "toolvet report zoom -o zoom.html          one file, prints well; also .pdf, .md and .json",
            "toolvet report zoom --for requester       half a page for whoever asked",
            "toolvet report zoom --template board.md   by a template of one's own (Jinja2)",
        ),
    )
    parser.add_argument("subject", metavar="SUBJECT|FILE", help="the tool, or an assessment's file")
    add_output(parser, "where to; its ending (.md, .html, .pdf, .json) says what")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=("board", "requester"),
        default="board",
        metavar="WHOM",
        help="board or requester",
    )
    parser.add_argument(
        "--template", metavar="FILE", help="fill in this one instead of ours, for Markdown or HTML: docs/reports.md"
    )
    add_on(parser)


def _add_questions(commands: Commands) -> None:
    parser = add_command(
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
    add_output(parser, "where to; else stdout")


def _add_list(commands: Commands) -> None:
    parser = add_command(
        commands,
        "list",
        "list what is in the workspace",
        run="list:list_subjects",
        usage="toolvet list [OPTIONS]",
        examples=("toolvet list", "toolvet list --due 30"),
    )
    parser.add_argument(
        "--due", type=whole, metavar="DAYS", help="only what expires, falls due or is promised within so many days"
    )
    add_on(parser)
    add_json(parser)


def _add_demo(commands: Commands) -> None:
    parser = add_command(
        commands,
        "demo",
        "open a copy of the worked examples",
        run="demo:demo",
        usage="toolvet demo",
        examples=("toolvet demo",),
        description="Copies the worked examples to a fresh folder and opens them. Without a terminal it prints them\n"
        "scored, compared and listed, writes one report, and says where.",
    )
    parser.set_defaults(on=None, due=None)
