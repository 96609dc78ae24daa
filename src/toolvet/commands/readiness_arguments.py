"""How `toolvet readiness` is called: the result of a survey, the form to answer it with, and taking answers in."""

from __future__ import annotations

from toolvet.commands.options import add_command, add_json, add_on, add_output, day

TYPE_CHECKING = False  # see toolvet.commands.options
if TYPE_CHECKING:
    from toolvet.commands.options import Commands


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
