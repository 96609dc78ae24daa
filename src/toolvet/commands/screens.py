"""`toolvet` by itself."""

from __future__ import annotations

import argparse
import os

from toolvet.commands.given import workspace_given
from toolvet.files.workspace import Workspace
from toolvet.tui.app import run_app
from toolvet.tui.start import Start


def open_workspace(options: argparse.Namespace) -> int:
    """Open the workspace on screen, whether or not there is anything in it yet."""
    return run_screens(options, workspace_given(options))


def run_screens(options: argparse.Namespace, workspace: Workspace, start: Start | None = None) -> int:
    """Run the app, in colour or not as --color says, and give its exit status."""
    if options.color == "never":
        os.environ["NO_COLOR"] = "1"
    elif options.color == "always":
        os.environ.pop("NO_COLOR", None)
    return run_app(workspace, getattr(options, "on", None), start)
