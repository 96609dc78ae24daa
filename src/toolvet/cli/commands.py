"""The names of all commands, and the parser. Only the arguments of the named command are loaded, for a fast start."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from toolvet import __version__
from toolvet.cli.parser import Parser, add_common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.cli.parser import Commands

COMMANDS = {
    "assess": ("start or resume an assessment", "arguments"),
    "subject": ("show or change what is known about a tool", "decision_arguments"),
    "check": ("check rubrics, assessments and decisions", "arguments"),
    "score": ("print the scorecards of assessments", "arguments"),
    "panel": ("see where several reviewers part, and settle it", "arguments"),
    "compare": ("compare tools side by side", "arguments"),
    "readiness": ("compare what people expect with what they get", "arguments"),
    "decide": ("record a decision", "arguments"),
    "condition": ("record that a condition is met or moved", "decision_arguments"),
    "withdraw": ("withdraw an approval", "decision_arguments"),
    "tolerate": ("allow a tool that nobody has assessed", "decision_arguments"),
    "sign": ("sign a decision with your ssh key", "decision_arguments"),
    "verify": ("verify that nothing was changed since it was decided", "decision_arguments"),
    "history": ("show what happened to a tool", "decision_arguments"),
    "diff": ("show what differs between two files", "decision_arguments"),
    "report": ("write the approval report", "arguments"),
    "questions": ("write a sheet for a vendor or colleague", "exchange_arguments"),
    "import": ("import filled-in sheets", "exchange_arguments"),
    "export": ("write the workspace as tables", "exchange_arguments"),
    "register": ("list what is approved, refused and under review, for everybody", "decision_arguments"),
    "list": ("list what is in the workspace", "arguments"),
    "rubrics": ("list the rubrics, or show one", "arguments"),
    "new-rubric": ("begin a rubric of your own", "arguments"),
    "migrate": ("move an assessment to another version of its rubric", "arguments"),
    "schema": ("print the JSON Schema of a file or of a command's JSON", "program_arguments"),
    "demo": ("open a copy of the worked examples", "program_arguments"),
    "serve": ("show the app in a browser on this machine", "program_arguments"),
    "completion": ("print a script that completes commands in a shell", "program_arguments"),
    "help": ("show a command's help, or a topic", "program_arguments"),
    "doctor": ("show versions, folders, and what each feature still needs", "program_arguments"),
    "config": ("say where config.toml is, what is set, and what is wrong with it", "program_arguments"),
    "keys": ("list the keys of the screens", "program_arguments"),
}
"""What each command does, in a few words, and the module with its arguments, in a function `add_<command>`."""

_OF_ALL = {"help", "completion"}
"""The commands that need the arguments of every other."""


def build_parser(words: Sequence[str] = ("help",)) -> Parser:
    """The parser for a command line of these words, or of all commands.

    Parsing gives `run`, as "module:function", and the command's own options.
    """
    parser = Parser(
        prog="toolvet",
        usage="toolvet [COMMAND] [OPTIONS]",
        description="Vet collaboration and video tools: a rubric, evidence, exact scores, and a report that can be "
        "checked.\nWithout a command, toolvet opens the workspace on screen.",
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
    parser.set_defaults(run="assess:open_workspace", parser=parser, workspace=None)
    parser.set_defaults(color="auto", quiet=False, verbose=False, plain=False, no_charts=False)
    parser.add_argument("-V", "--version", action="version", version=f"toolvet {__version__}", help="show the version")
    add_common(parser)
    commands: Commands = parser.add_subparsers(title="commands", metavar="COMMAND", prog="toolvet", parser_class=Parser)
    named = COMMANDS.keys() & set(words)
    shown = COMMANDS if not named or named & _OF_ALL else sorted(named)
    for name in shown if words else ():  # without a word, none of them can be meant
        summary, module = COMMANDS[name]
        if named:
            commands.summary = summary
            getattr(import_module(f"toolvet.cli.{module}"), f"add_{name.replace('-', '_')}")(commands)
        else:
            commands.add_parser(name, help=summary, add_help=False)
    parser.set_defaults(root=parser)
    parser.commands = dict(commands.choices)
    return parser
