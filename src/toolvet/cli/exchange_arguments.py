"""Arguments of the commands that send and import sheets and export tables."""

from __future__ import annotations

import argparse

from toolvet.cli.parser import add_command, add_json, add_language, add_on, add_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.cli.parser import Commands

# Words of the domain, repeated so that --help does not import it; a test compares them.
SITTINGS = ("trial", "console", "reading", "contract")
AUDIENCES = ("vendor", "colleague")
SHEET_FORMATS = ("md", "csv", "xlsx", "html")


def add_questions(commands: Commands) -> None:
    parser = add_command(
        commands,
        "questions",
        run="questions:questions",
        usage="toolvet questions [SUBJECT|RUBRIC] [OPTIONS]",
        examples=(
            "toolvet questions --where contract -o contract.md        a blank sheet to print",
            "toolvet questions zoom --for vendor -o zoom.xlsx         for the vendor to fill in",
            "toolvet questions zoom --open --where console -o it.html   what is left, as a form for a colleague",
        ),
        description="Write the questions as a workbook (.xlsx), a table (.csv), a form (.html) or a text (.md).\n"
        "With a subject, only those that apply, with the answers so far; a vendor sees none of\n"
        "your answers. toolvet import reads the filled-in sheet.",
    )
    parser.add_argument(
        "asked", nargs="?", metavar="SUBJECT|RUBRIC", help="a tool, or a rubric's id; default: the first for tools"
    )
    parser.add_argument("--where", choices=SITTINGS, metavar="SITTING", help=f"only one sitting: {', '.join(SITTINGS)}")
    parser.add_argument(
        "--open",
        action="store_true",
        help="only the questions without a current answer, those that settle the verdict soonest first",
    )
    parser.add_argument(
        "--for", dest="audience", choices=AUDIENCES, default="colleague", metavar="WHOM", help="vendor or colleague"
    )
    parser.add_argument(
        "--format", choices=SHEET_FORMATS, metavar="FORMAT", help="md, csv, xlsx or html; default: as FILE ends"
    )
    add_language(parser)
    add_output(parser, "write it to FILE, which ends in .xlsx, .csv, .html or .md; default: print it")
    add_on(parser)


def add_import(commands: Commands) -> None:
    parser = add_command(
        commands,
        "import",
        run="import_:import_files",
        usage="toolvet import FILE... --for SUBJECT [OPTIONS]\n       toolvet import FILE --as rubric [OPTIONS]",
        examples=(
            "toolvet import zoom.xlsx --for zoom              show what is new and what differs",
            "toolvet import zoom.xlsx --for zoom --write      write what is new",
            "toolvet import zoom.xlsx --for zoom --write --take quiet-hours",
            "toolvet import hecvat.xlsx --for zoom            a vendor's HECVAT, CAIQ or accessibility report",
            "toolvet import caiq.xlsx --as rubric             their questions as a rubric",
        ),
        description="Show what a sheet of toolvet questions would change, and write it with --write; or what becomes\n"
        "of another tool's questionnaire as a rubric.\n"
        "A vendor's answers become claims and proposed levels, which do not count until a reviewer\n"
        "confirms them. A colleague's go into their own assessment of the tool.",
    )
    _add_what_to_import(parser)
    add_on(parser)
    add_json(parser)


def _add_what_to_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a filled sheet, or another tool's file")
    parser.add_argument(
        "--as",
        dest="kind",
        choices=("answers", "rubric"),
        default="answers",
        metavar="WHAT",
        help="answers, or rubric: a questionnaire of another tool",
    )
    parser.add_argument("--for", dest="subject", metavar="SUBJECT", help="the tool that the answers are about")
    parser.add_argument(
        "--from",
        dest="sender",
        choices=AUDIENCES,
        metavar="WHO",
        help="vendor or colleague; default: as the sheet says",
    )
    parser.add_argument("--by", metavar="NAME", help="who answered; default: as the sheet says")
    parser.add_argument("--write", action="store_true", help="write what is new")
    parser.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="ID",
        help="with --write: their answer where it differs from yours",
    )
    parser.add_argument("--take-all", action="store_true", help="with --write: theirs wherever they differ")
    parser.add_argument(
        "--list", dest="listing", metavar="FILE", help="write what is left out into FILE, a .csv; - prints it"
    )
    parser.add_argument("--id", metavar="ID", help="with --as rubric: its id; default: the file's name")
    parser.add_argument(
        "--column",
        dest="columns",
        action="append",
        default=[],
        metavar="PART=HEADER",
        help="with --as rubric: the column that holds text, section, ref, title, check, why or levels",
    )


def add_export(commands: Commands) -> None:
    parser = add_command(
        commands,
        "export",
        run="export:export_tables",
        usage="toolvet export [WORKSPACE...] -o FOLDER [OPTIONS]",
        examples=(
            "toolvet export -o tables                       one .csv for each table, and a dictionary",
            "toolvet export -o tables --format jsonl",
            "toolvet export -o tables.xlsx                  all of them in one workbook",
            "toolvet export north south -o tables           two workspaces in the same tables",
            "toolvet export -o results.json --format oscal   OSCAL assessment results, for auditors' programs",
        ),
        description="Write subjects, assessments, answers, evidence, scores, decisions and more as tidy tables.\n"
        "docs/exchange.md says what each column means. Survey answers are left out; see toolvet readiness.",
    )
    parser.add_argument(
        "workspaces", nargs="*", metavar="WORKSPACE", help="workspaces; default: the nearest one upwards"
    )
    parser.add_argument(
        "-o", "--output", required=True, metavar="FOLDER|FILE", help="a folder, or a file that ends in .xlsx or .json"
    )
    parser.add_argument("--force", action="store_true", help="overwrite files that toolvet did not write")
    parser.add_argument(
        "--format",
        choices=("csv", "jsonl", "parquet", "oscal"),
        default="csv",
        metavar="FORMAT",
        help="csv, jsonl, parquet, or oscal",
    )
    add_on(parser)
