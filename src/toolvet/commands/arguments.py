"""How each command is called. Light: what a command needs is imported when it runs."""

from __future__ import annotations

from toolvet import __version__
from toolvet.commands.decide_arguments import add_decide
from toolvet.commands.options import VERDICTS, add_command, add_common, add_json, add_on, add_output, whole
from toolvet.commands.parser import Parser
from toolvet.commands.readiness_arguments import add_readiness
from toolvet.commands.rubric_arguments import add_check, add_migrate, add_new_rubric, add_rubrics, add_schema

TYPE_CHECKING = False  # see toolvet.commands.options
if TYPE_CHECKING:
    from toolvet.commands.options import Commands

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
    parser.set_defaults(run="screens:open_workspace", parser=parser, workspace=None, color="auto")
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
        run="scoring:score_files",
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
        run="reporting:write_report",
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
        run="listing:list_subjects",
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
