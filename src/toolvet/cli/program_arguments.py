"""Arguments of the commands about toolvet itself."""

from __future__ import annotations

import argparse

from toolvet.cli.parser import add_command, add_json, whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from toolvet.cli.parser import Commands

# Words of storage and of the shells, repeated so that --help imports neither; a test compares them.
SHELLS = ("bash", "zsh", "fish", "powershell")
OUTPUTS = ("score", "compare", "panel", "list", "readiness", "check", "rubrics", "migrate", "import")
"""The commands whose JSON has a schema."""

SCHEMAS = ("rubric", "rubric-gap", "assessment", "assessment-gap", "decision", "record", "policy", "round")


def add_schema(commands: Commands) -> None:
    parser = add_command(
        commands,
        "schema",
        run="rubrics:print_schema",
        usage="toolvet schema KIND|COMMAND",
        examples=(
            "toolvet schema rubric > rubric.schema.json",
            "toolvet schema score                      what toolvet score --json prints",
        ),
    )
    parser.add_argument(
        "kind",
        choices=(*SCHEMAS, *OUTPUTS),
        metavar="KIND|COMMAND",
        help=f"a file: {', '.join(SCHEMAS)}; or a command: {', '.join(OUTPUTS)}",
    )


def add_demo(commands: Commands) -> None:
    parser = add_command(
        commands,
        "demo",
        run="demo:demo",
        usage="toolvet demo",
        examples=("toolvet demo", "toolvet demo --plain   line by line"),
        description="Copy the worked examples to a new folder and open them; a copy in which nothing was changed is\n"
        "deleted at the end. Without a terminal, print them scored, compared and listed, and write one report.",
    )
    parser.set_defaults(on=None, due=None, format=None, gate=False)


def add_serve(commands: Commands) -> None:
    parser = add_command(
        commands,
        "serve",
        run="serve:serve",
        usage="toolvet serve [OPTIONS]",
        examples=("toolvet serve", "toolvet serve --port 8100"),
        description="Serve the app to browsers on this machine, at an address that is shown only to you.\n"
        "It has no accounts and no TLS; docs/serve.md says what a proxy in front of it must do.",
    )
    parser.add_argument("--port", type=whole_number, default=8000, metavar="PORT", help="default: 8000; 0: any")
    parser.add_argument(
        "--public-url", metavar="URL", help="the address that visitors open, if a proxy is in front of it"
    )
    parser.add_argument(
        "--reviewer-header",
        metavar="HEADER",
        help="the header in which a proxy names the reviewer; default: your name for everybody",
    )


def add_completion(commands: Commands) -> None:
    parser = add_command(
        commands,
        "completion",
        run="completion:complete",
        usage="toolvet completion SHELL",
        examples=(
            "toolvet completion bash > ~/.local/share/bash-completion/completions/toolvet",
            "toolvet completion zsh > ~/.zfunc/_toolvet       in a folder of $fpath",
            "toolvet completion fish > ~/.config/fish/completions/toolvet.fish",
            "toolvet completion powershell >> $PROFILE",
        ),
    )
    parser.add_argument("shell", nargs="?", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.add_argument("--names", choices=("subjects", "rubrics", "topics"), help=argparse.SUPPRESS)


def add_help(commands: Commands) -> None:
    parser = add_command(
        commands,
        "help",
        run="program:show_help",
        usage="toolvet help [TOPIC]",
        examples=("toolvet help scoring", "toolvet help decide", "toolvet help docs/faq.md"),
    )
    parser.add_argument(
        "topic",
        nargs="?",
        metavar="TOPIC",
        help="a command; files, scoring, statuses or environment; or a page such as docs/faq.md",
    )


def add_doctor(commands: Commands) -> None:
    add_command(
        commands,
        "doctor",
        run="program:diagnose",
        usage="toolvet doctor",
        examples=("toolvet doctor",),
    )


def add_config(commands: Commands) -> None:
    parser = add_command(
        commands,
        "config",
        run="program:config",
        usage="toolvet config [path|show|check|schema]",
        examples=(
            "toolvet config path                       where the file is or would be",
            "toolvet config check                      find mistakes, and keys that would mean two things",
        ),
        description="Show or check config.toml: theme, reviewer, editor, language, reduced_motion, keys.",
    )
    actions = ("path", "show", "check", "schema")
    parser.add_argument(
        "action",
        nargs="?",
        choices=actions,
        default="show",
        metavar="ACTION",
        help="path, show (the default), check or schema",
    )


def add_keys(commands: Commands) -> None:
    parser = add_command(
        commands,
        "keys",
        run="program:keys",
        usage="toolvet keys [OPTIONS]",
        examples=("toolvet keys                              every key, what it does, and its id",),
    )
    add_json(parser)
