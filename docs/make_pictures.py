"""Take the pictures of the README from the running app: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from toolvet.storage.workspace import Workspace
from toolvet.tui.app import ToolvetApp
from toolvet.tui.start import Opening, Start

HERE = Path(__file__).parent
DAY = date(2026, 11, 21)


async def take(workspace: Path, title: str, *keys: str, start: Start | None = None) -> str:
    """The screen after those keys, as SVG."""
    app = ToolvetApp(Workspace(workspace), DAY, start)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.5)
        await pilot.press(*keys)
        await pilot.pause(3)  # until a comparison is put into words
        return app.export_screenshot(title=title)


async def take_assess(workspace: Path) -> str:
    """The Assess screen on the invented tool, before it was decided."""
    shutil.rmtree(workspace / "decisions")
    subject = Workspace(workspace).subject("harbour-rooms-team")
    file = next(found for found in subject.assessments if found.assessment.reviewer.name == "Ada Marsh")
    keys = ("n",) * 28
    return await take(workspace, "toolvet assess harbour-rooms-team", *keys, start=Start(Opening.ASSESS, file=file))


async def take_all(workspace: Path) -> dict[str, str]:
    """The pictures by name; the last one changes the workspace."""
    return {
        "home": await take(workspace, "toolvet"),
        "compare": await take(workspace, "toolvet", "c"),
        "assess": await take_assess(workspace),
    }


def main() -> None:
    """Write the pictures beside this file."""
    os.environ.pop("NO_COLOR", None)
    with TemporaryDirectory() as folder:
        os.environ |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), folder)  # nobody's own settings
        workspace = Path(folder) / "examples"
        shutil.copytree(HERE.parent / "examples", workspace)
        for name, picture in asyncio.run(take_all(workspace)).items():
            # The fonts would be fetched from the network; whatever monospace font there is will do.
            plain = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
            (HERE / f"{name}.svg").write_text(plain, encoding="utf-8")


if __name__ == "__main__":
    main()
