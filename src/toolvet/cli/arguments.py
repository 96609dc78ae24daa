"""Arguments of the commands that vet, compare and survey. What a command needs is imported when it runs."""

from __future__ import annotations

import argparse

from toolvet.cli.parser import (
    VERDICTS,
    Add,
    Begin,
    add_command,
    add_json,
    add_language,
    add_on,
    add_output,
    parse_day,
    said,
    whole_number,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.cli.parser import Commands

# Words of the domain and of storage, repeated so that --help imports neither; a test compares them.
TABLE_FORMATS = ("simple", "grid", "github", "html", "latex", "tsv", "csv", "json")


def add_assess(commands: Commands) -> None:
    parser = add_command(
        commands,
        "assess",
        run="assess:assess",
        usage="toolvet assess [NAME] [OPTIONS]",
        examples=(
            'toolvet assess "Zoom Workplace"',
            "toolvet assess zoom --plain                      line by line, without a screen",
            "toolvet assess zoom --again                      review it again, a year later",
            "toolvet assess zoom --new                        assess it as another reviewer",
            'toolvet assess --survey "Harbour Cooperative"    answer a survey, as a new person',
            "toolvet assess 830114520977                      go on with your own answers",
        ),
    )
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="the tool, or the start of its folder's name; or your number in a survey",
    )
    parser.add_argument("--survey", action="store_true", help="answer a survey about NAME as a new, unnamed person")
    begun = parser.add_mutually_exclusive_group()
    begun.add_argument(
        "--again", action="store_true", help="review it again: start from the last answers, each to be confirmed"
    )
    begun.add_argument("--new", action="store_true", help="begin an assessment of your own, without anybody's answers")
    add_on(parser)


def add_check(commands: Commands) -> None:
    parser = add_command(
        commands,
        "check",
        run="check:check",
        usage="toolvet check PATH... [OPTIONS]",
        examples=(
            "toolvet check .",
            "toolvet check rubrics/house.toml",
            "toolvet check rubrics --format github     annotations for a workflow on GitHub",
        ),
        description="Print every problem as file:line: what is wrong, and what to do.\n"
        "The exit status is 1 if there is anything beyond warnings.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder with everything in it")
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", metavar="FORMAT", help="text, json or github"
    )
    add_json(parser)


def add_score(commands: Commands) -> None:
    parser = add_command(
        commands,
        "score",
        run="score:score_files",
        usage="toolvet score SUBJECT|FILE... [OPTIONS]",
        examples=(
            "toolvet score zoom                        the tool's latest assessment",
            "toolvet score assessments/zoom/2026-11-02-ada.toml",
            "toolvet score FILE --explain              with the arithmetic, to redo by hand",
            "toolvet score FILE --on 2027-11-01        as of that day",
            "toolvet score FILE --gate approve         exit status 1 below that verdict",
        ),
    )
    parser.add_argument("files", nargs="+", metavar="SUBJECT|FILE", help="tools, or files of assessments")
    parser.add_argument("--explain", action="store_true", help="show the arithmetic")
    add_output(parser, "write them to FILE, which ends in .xlsx")
    add_on(parser)
    parser.add_argument("--gate", choices=VERDICTS, metavar="VERDICT", help="exit with 1 if a verdict is below this")
    add_json(parser)


def add_panel(commands: Commands) -> None:
    parser = add_command(
        commands,
        "panel",
        run="compare:panel",
        usage="toolvet panel SUBJECT [OPTIONS]",
        examples=(
            "toolvet panel zoom                        where its reviewers part, and how far they agree",
            'toolvet panel zoom --settle --by "Tool board"',
            "toolvet assess zoom --plain               then settle the rest",
        ),
        description="Show the newest assessment of each reviewer side by side: where they part, the widest first, and\n"
        "how far they agree. A decision can rest on what they settle, as on any assessment.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    parser.add_argument(
        "--settle",
        action="store_true",
        help="begin the settled assessment: take over what all agree on, leave the rest",
    )
    parser.add_argument("--by", type=said, metavar="NAME", help="with --settle: who settles it; default: the reviewer")
    add_on(parser)
    add_json(parser)


def add_compare(commands: Commands) -> None:
    parser = add_command(
        commands,
        "compare",
        run="compare:compare_tools",
        usage="toolvet compare [SUBJECT|FILE...] [OPTIONS]",
        examples=(
            "toolvet compare                           every tool in the workspace, ranked",
            "toolvet compare zoom webex --why          the questions that make the difference",
            "toolvet compare --by question --differences",
            "toolvet compare --robustness              the weights at which another tool would lead",
            "toolvet compare -o comparison.html        the whole report; also .md, .pdf, .docx, .json, .xlsx",
        ),
        description="Rank tools by verdict, floor and observed score, and show where they are too close to call.",
    )
    parser.add_argument("names", nargs="*", metavar="SUBJECT|FILE", help="tools or assessments; default: all")
    parser.add_argument("--rubric", metavar="RUBRIC", help="only assessments under the rubric with this id")
    parser.add_argument(
        "--by", choices=("criterion", "question"), default="criterion", metavar="WHAT", help="criterion or question"
    )
    parser.add_argument("--differences", action="store_true", help="by question, only where they differ")
    parser.add_argument("--robustness", action="store_true", help="how far the weights can move, and who leads then")
    parser.add_argument("--why", action="store_true", help="what makes the difference between two tools, with evidence")
    parser.add_argument("--format", choices=TABLE_FORMATS, metavar="FORMAT", help=", ".join(TABLE_FORMATS))
    add_output(parser, "write the report; FILE ends in .html, .md, .pdf, .docx, .json or .xlsx")
    add_on(parser)
    add_json(parser)


def add_readiness(commands: Commands) -> None:
    parser = add_command(
        commands,
        "readiness",
        run="readiness:readiness",
        usage="toolvet readiness [NAME|FILE...] [OPTIONS]",
        examples=(
            "toolvet readiness                         the result of the survey in the workspace",
            "toolvet readiness --by group              with each group that is large enough",
            "toolvet readiness --groups managers employees",
            "toolvet readiness -o readiness.html       the report; also .md, .pdf, .docx, .json, .xlsx",
            'toolvet readiness --form "Harbour Cooperative" -o survey.html',
            "toolvet readiness --until 2026-12-11      the last day whose answers the open round counts",
            "toolvet readiness --import *.toml answers.xlsx",
            "toolvet readiness --close                 end the round and count it",
        ),
        description="Compare what people expect with what they get, in levels of one ladder.\n"
        "Answers count in closed rounds. What would give an answer away is not shown.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME|FILE", help="the organisation, or the file of a closed round")
    parser.add_argument("--by", choices=("group",), metavar="WHAT", help="group: every group that can be shown")
    parser.add_argument("--groups", nargs=2, metavar=("GROUP", "GROUP"), help="compare these two groups")
    parser.add_argument("--rubric", metavar="RUBRIC", help="the id of the survey, if there are several")
    parser.add_argument("--format", choices=TABLE_FORMATS, metavar="FORMAT", help=", ".join(TABLE_FORMATS))
    add_language(parser)
    add_output(parser, "write the report; FILE ends in .html, .md, .pdf, .docx, .json or .xlsx")
    add_on(parser)
    add_json(parser)
    survey = parser.add_argument_group("asking people who do not use toolvet")
    survey.add_argument("--form", action="store_true", help="write the survey as one HTML page, or as a blank .csv")
    survey.add_argument("--group", metavar="GROUP", help="with --form: for this group only")
    survey.add_argument(
        "--words", metavar="FILE", help="with --form: its own words in another language; -o FILE.toml writes them"
    )
    survey.add_argument(
        "--import", dest="imports", action="store_true", help="import answer files (.toml), .csv and .xlsx"
    )
    survey.add_argument(
        "--until", type=parse_day, metavar="DATE", help="how long the round is open; later answers go to the next one"
    )
    survey.add_argument("--close", action="store_true", help="close the round: count its answers, for good")
    survey.add_argument("--organisation", metavar="NAME", help="with --import: whom a spreadsheet is about")


def add_decide(commands: Commands) -> None:
    parser = add_command(
        commands,
        "decide",
        run="decide:decide",
        usage="toolvet decide SUBJECT [OPTIONS]",
        examples=(
            "toolvet decide zoom                       on screen",
            'toolvet decide zoom --decision hold --by "Tool board" --rationale "Report due in spring."',
            'toolvet decide zoom --decision approve-with-conditions --by "Tool board" '
            '--condition "Conformance report" --owner "Vendor management" --due 2027-03-31',
        ),
        description="Open the screen or, with --decision and --by, record the decision at once.\n"
        "To let a tool be used that nobody has assessed, see toolvet tolerate.",
    )
    parser.add_argument("subject", metavar="SUBJECT", help="the tool, or the start of its folder's name")
    parser.add_argument("--assessment", metavar="FILE", help="the assessment it rests on, if there are several")
    parser.add_argument("--dry-run", action="store_true", help="with --decision: show what would be recorded")
    parser.add_argument("--confirm-seal", action="store_true", help="you have checked a file whose seal is broken")
    parser.add_argument("--decision", choices=VERDICTS, metavar="VERDICT", help=", ".join(VERDICTS))
    parser.add_argument("--by", type=said, metavar="NAME", help="who decides")
    parser.add_argument("--rationale", metavar="TEXT", help="why; required if it differs from the verdict")
    parser.add_argument(
        "--valid-until", type=parse_day, metavar="DATE", help="the last day of the approval; default: as suggested"
    )
    add_on(parser, "the day of the decision")
    group = parser.add_argument_group("what goes with it", "Each of these except --users can be given several times.")
    group.add_argument("--consulted", action="append", default=[], metavar="NAME", help="who was consulted")
    group.add_argument("--considered", action="append", default=[], metavar="NAME", help="an alternative considered")
    group.add_argument("--link", action="append", default=[], metavar="URL", help="a ticket, or minutes")
    group.add_argument("--left-off", action="append", default=[], metavar="TEXT", help="what the approval excludes")
    group.add_argument("--users", type=whole_number, metavar="NUMBER", help="for how many; default: as requested")
    _add_conditions(parser)


def _add_conditions(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "conditions and waivers",
        "--owner and --due follow a condition; --owner, --reason, --control and --expires follow a waiver.",
    )
    group.add_argument(
        "--condition", action=Begin, type=said, dest="parts", default=[], metavar="TEXT", help="what must be done"
    )
    group.add_argument("--waive", action=Begin, dest="parts", metavar="QUESTION", help="a must-have to set aside")
    group.add_argument("--owner", action=Add, type=said, metavar="NAME", help="who is responsible for it")
    group.add_argument("--due", action=Add, type=parse_day, metavar="DATE", help="when the condition has to be met")
    group.add_argument("--reason", action=Add, type=said, metavar="TEXT", help="why the must-have is set aside")
    group.add_argument("--control", action=Add, type=said, metavar="TEXT", help="what takes its place")
    group.add_argument("--expires", action=Add, type=parse_day, metavar="DATE", help="when the waiver ends")
    group.add_argument(
        "--offered-conditions", action="store_true", help="add a condition for everything that fell short"
    )
    dropped = parser.add_argument_group(
        "what carries over", "A decision carries these over from the previous one. Leave one out by naming it."
    )
    for name, metavar, what in (
        ("condition", "ID", "a condition, by its id or else its text"),
        ("waiver", "QUESTION", "a waiver"),
        ("left-off", "TEXT", "an exclusion"),
        ("consulted", "NAME", "somebody consulted"),
        ("considered", "NAME", "an alternative considered"),
        ("link", "URL", "a link"),
    ):
        dropped.add_argument(f"--drop-{name}", action="append", default=[], metavar=metavar, help=f"leave out {what}")


def add_report(commands: Commands) -> None:
    parser = add_command(
        commands,
        "report",
        run="report:write_report",
        usage="toolvet report SUBJECT|FILE [OPTIONS]",
        examples=(
            "toolvet report zoom                       print it as Markdown",
            "toolvet report zoom -o zoom.html          one file that prints well; also .pdf, .docx, .md and .json",
            "toolvet report zoom --for requester       half a page for the person who asked; also .txt and .eml",
            "toolvet report zoom --template board.md   with your own template (Jinja2)",
        ),
    )
    parser.add_argument("subject", metavar="SUBJECT|FILE", help="the tool, or the file of an assessment")
    add_output(parser, "write it to FILE, which ends in .md, .html, .pdf, .docx or .json")
    parser.add_argument(
        "--for",
        dest="audience",
        choices=("board", "requester"),
        default="board",
        metavar="WHOM",
        help="board or requester",
    )
    parser.add_argument(
        "--template", metavar="FILE", help="your own template for Markdown or HTML; see docs/reports.md"
    )
    add_language(parser)
    add_on(parser)


def add_list(commands: Commands) -> None:
    parser = add_command(
        commands,
        "list",
        run="list:list_subjects",
        usage="toolvet list [OPTIONS]",
        examples=(
            "toolvet list",
            "toolvet list --due 30                     what needs doing in the next 30 days",
            "toolvet list --due 90 --format ics > due.ics    for a calendar",
            "toolvet list --gate                       exit status 1 if something is overdue",
        ),
    )
    parser.add_argument(
        "--due", type=whole_number, metavar="DAYS", help="only what expires, falls due or is promised within DAYS"
    )
    parser.add_argument(
        "--format", choices=("text", "ics", "csv", "json"), metavar="FORMAT", help="text, ics, csv or json"
    )
    parser.add_argument("--gate", action="store_true", help="exit with 1 if something is overdue")
    add_output(parser, "write it to FILE, which ends in .xlsx")
    add_on(parser)
    add_json(parser)


def add_rubrics(commands: Commands) -> None:
    parser = add_command(
        commands,
        "rubrics",
        run="rubrics:list_rubrics",
        usage="toolvet rubrics [OPTIONS]",
        examples=(
            "toolvet rubrics",
            "toolvet rubrics --show collaboration-tool",
            "toolvet rubrics --show house -o house.html",
        ),
    )
    parser.add_argument("--show", metavar="ID", help="print this rubric as a document")
    parser.add_argument("--version", metavar="VERSION", help="with --show: this version; default: the newest")
    add_output(parser, "with --show: write it to FILE, which ends in .md or .html")
    add_json(parser)


def add_new_rubric(commands: Commands) -> None:
    parser = add_command(
        commands,
        "new-rubric",
        run="rubrics:new_rubric",
        usage="toolvet new-rubric ID [OPTIONS]",
        examples=(
            "toolvet new-rubric password-managers",
            "toolvet new-rubric pulse --survey             a survey of what is expected and delivered",
            "toolvet new-rubric house --from collaboration-tool   a copy to change",
            "toolvet new-rubric house -o drafts/house.toml",
        ),
        description="Write a small rubric that works as it is, with comments on what to change; or copy another.",
    )
    parser.add_argument("id", metavar="ID", help="its name: lower-case letters, digits and hyphens")
    begin = parser.add_mutually_exclusive_group()
    begin.add_argument("--survey", action="store_true", help="a survey instead of a rubric that rates tools")
    begin.add_argument("--from", dest="other", metavar="ID", help="begin with a copy of that rubric, version 1.0.0")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write it to FILE; default: rubrics/ID.toml in the workspace"
    )


def add_migrate(commands: Commands) -> None:
    parser = add_command(
        commands,
        "migrate",
        run="rubrics:migrate_file",
        usage="toolvet migrate FILE [OPTIONS]",
        examples=(
            "toolvet migrate assessments/zoom/2026-11-02-ada.toml           show what would become of it",
            "toolvet migrate assessments/zoom/2026-11-02-ada.toml --write",
        ),
        description="Show what becomes of each answer; nothing is dropped. Only --write changes anything:\n"
        "it writes into the file or, if a decision rests on it, into a new one.",
    )
    parser.add_argument("file", metavar="FILE", help="an assessment")
    parser.add_argument("--to", metavar="VERSION", help="the version to move to; default: the newest")
    parser.add_argument("--write", action="store_true", help="write it")
    parser.add_argument("--confirm-seal", action="store_true", help="you have checked a file whose seal is broken")
    add_json(parser)
