"""Make the picture of the README from the running app: `python docs/make_pictures.py`."""

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


async def take_assess(folder: Path) -> str:
    """The Assess screen on the invented tool, before it was decided, as SVG."""
    shutil.copytree(HERE.parent / "examples", folder, dirs_exist_ok=True)
    shutil.rmtree(folder / "decisions")
    subject = Workspace(folder).subject("harbour-rooms-team")
    file = next(found for found in subject.assessments if found.assessment.reviewer.name == "Ada Marsh")
    app = ToolvetApp(Workspace(folder), DAY, Start(Opening.ASSESS, file=file))
    async with app.run_test(size=(120, 36)) as pilot:
        for _ in range(28):
            await pilot.press("n")
        await pilot.pause(0.5)
        return app.export_screenshot(title="toolvet assess harbour-rooms-team")


def main() -> None:
    """Write the pictures beside this file."""
    os.environ.pop("NO_COLOR", None)
    with TemporaryDirectory() as folder:
        picture = asyncio.run(take_assess(Path(folder)))
    # The fonts would be fetched from the network; whatever monospace font there is will do.
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    (HERE / "assess.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
