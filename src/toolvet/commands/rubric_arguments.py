"""How the commands are called that are for whoever writes rubrics. Light, as `arguments` is."""

from __future__ import annotations

from toolvet.commands.options import add_command, add_json, add_output

TYPE_CHECKING = False  # see toolvet.commands.options
if TYPE_CHECKING:
    from toolvet.commands.options import Commands

SCHEMAS = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "policy")
"""The files room's names; a test holds them together."""

CHECK_FORMATS = ("text", "json", "github")


def add_check(commands: Commands) -> None:
    """`toolvet check`."""
    parser = add_command(
        commands,
        "check",
        "check rubrics, assessments and decisions",
        run="checking:check",
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
        run="new_rubric:new_rubric",
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
        run="migrating:migrate_file",
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
