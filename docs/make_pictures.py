"""Make the pictures of the guide from the running app, in both themes: `python docs/make_pictures.py [NAME …]`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.start import Opening, Start

HERE = Path(__file__).parent
DAY = date(2026, 11, 21)
SCREENS: dict[str, tuple[str, ...]] = {
    "home": (),
    "add": ("a",),
    "facts": ("enter", "f", "right", "right"),
    "assess": ("enter", *("n" for _ in range(28))),
    "evidence": ("enter", "e"),
    "review": ("r",),
    "history": ("r", "h"),
    "decide": ("down", "d"),
    "decision": ("D",),
    "report": ("w",),
    "compare": ("down", "space", "down", "space", "down", "space", "c"),
    "readiness": ("v",),
    "survey": ("v", "a", "enter", "1", "enter", "3", "tab", "1"),
    "rubrics": ("b",),
    "import": ("down", "I", "tilde", "slash", *"jitsi", "full_stop", *"csv", "enter"),
    "preview": ("b", "enter"),
}
"""The keys that lead from Home to each screen."""


SHEET = """\
question,answer,reason,note,source,grade
about.for,vendor
about.answered-by,"Sales, Jitsi"
strong-sign-in,2,,Second factors through the account that people bring.,https://jitsi.example/sign-in,document
browser-no-install,3
does-the-job,3,,"People finished it, see the case study.",https://jitsi.example/cases
accessibility-report,unknown,"Being written, for spring."
survives-a-poor-network,2,,Tried at 300 kbit/s.,https://jitsi.example/network,tested
quiet-hours,not applicable,It sends no notifications.
joiners-and-leavers,9
"""
"""What a vendor sent back."""


async def take(folder: Path, keys: Sequence[str], title: str, *, is_light: bool) -> str:
    """The screen that the keys lead to, as SVG. An undecided tool opens where somebody answered it in full."""
    shutil.copytree(HERE.parent / "examples", folder, dirs_exist_ok=True)
    Path.home().joinpath("jitsi.csv").write_text(SHEET, encoding="utf-8")
    workspace = Workspace(folder)
    start = None
    if keys[:1] == ("enter",):
        shutil.rmtree(folder / "decisions")
        files = workspace.subject("harbour-rooms-team").assessments
        start = Start(Opening.ASSESS, file=next(one for one in files if one.assessment.reviewer.name == "Ada Marsh"))
        keys = keys[1:]
    app = ToolvetApp(workspace, DAY, start)
    async with app.run_test(size=(120, 36)) as pilot:
        app.theme = "toolvet-light" if is_light else "toolvet-dark"
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.5)
        picture = app.export_screenshot(title=title)
    # The fonts would be fetched from the network; whatever monospace font there is will do.
    return re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)


def main() -> None:
    """Write the pictures into `pictures`."""
    os.environ.pop("NO_COLOR", None)
    os.environ["TOOLVET_REVIEWER"] = "Ada Marsh"
    (HERE / "pictures").mkdir(exist_ok=True)
    for name in sys.argv[1:] or SCREENS:
        for theme in ("dark", "light"):
            with TemporaryDirectory() as folder:
                os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = os.environ["HOME"] = f"{folder}/person"
                Path.home().mkdir()
                taking = take(Path(folder) / "vetting", SCREENS[name], "toolvet", is_light=theme == "light")
                picture = asyncio.run(taking)
            (HERE / "pictures" / f"{name}-{theme}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
