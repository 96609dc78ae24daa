"""`toolvet help`: the help of a command, or a page about a topic."""

from __future__ import annotations

import argparse

from toolvet.cli.output import put
from toolvet.cli.parser import not_one_of
from toolvet.errors import UsageError

TOPICS = {
    "files": (
        "where everything is kept",
        """\
A workspace is a folder, usually in git:

  assessments/SUBJECT/   one file for each review
  decisions/SUBJECT/     what was decided; never overwritten
  reports/               what you write out
  rubrics/               rubrics of your own, and a copy of each one used
  policy/                thresholds of your own: policy/RUBRIC.toml
  evidence/              files that answers rest on

toolvet uses the nearest folder upwards with assessments/ in it, else the current
one. --workspace and TOOLVET_WORKSPACE come first. All files are TOML; toolvet
check . tells what is wrong with any of them, with file and line.""",
    ),
    "scoring": (
        "ranges, must-haves and verdicts",
        """\
Every score is a range. The floor counts each open question at 0, the ceiling at
its top; observed counts only what is known, and coverage says how much that is.

  reject                   a must-have that rejects is missed, or no answer can
                           lift the tool over the lower threshold
  hold                     something must be found out first, or a must-have
                           that only holds is missed
  approve-with-conditions  the floors reach the lower threshold
  approve                  they reach the higher one, and must-haves are proven

Thresholds are house policy: every report prints them. toolvet score --explain
shows the arithmetic, toolvet rubrics --show ID the whole rubric.""",
    ),
    "statuses": (
        "exit statuses, for scripts",
        """\
  0    done
  1    the answer is no: check found problems, a gate failed
  2    wrong usage, or no terminal
  3    a file cannot be used; stderr names it
  70   a bug in toolvet; the trace is in the log
  129, 130, 141, 143   the terminal closed, interrupted, nobody reads, ended

Data goes to stdout, messages go to stderr. --json is for programs.""",
    ),
    "environment": (
        "variables that toolvet reads",
        """\
  TOOLVET_WORKSPACE   the workspace; --workspace comes before it
  TOOLVET_REVIEWER    your name; otherwise git's user.name
  NO_COLOR            no colours, on screen and in text
  COLUMNS             the width of text that goes to a file or pipe
  TMPDIR              where toolvet demo puts its copy
  XDG_STATE_HOME      where you left off, and drafts""",
    ),
}
"""For each topic, what it is about in a few words, and its page."""


def show_help(options: argparse.Namespace) -> int:
    """Print the help of a command, a topic's page, or everything there is help about."""
    commands = options.root.commands
    if options.topic is None:
        put(options.root.format_help() + "\n" + _list_of_topics())
    elif options.topic in TOPICS:
        put(TOPICS[options.topic][1])
    elif options.topic in commands:
        put(commands[options.topic].format_help())
    else:
        raise UsageError(not_one_of(options.topic, [*TOPICS, *commands]))
    return 0


def _list_of_topics() -> str:
    rows = [f"  {topic:<18}{summary}" for topic, (summary, _) in TOPICS.items()]
    return "\n".join(["help topics:", *rows, "", "toolvet help TOPIC shows a page, toolvet help COMMAND a command."])
