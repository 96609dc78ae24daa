"""Golden files: text as it was seen last, compared in one way and renewed in one way, `make golden`."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"
RENEWS = bool(os.environ.get("RENEW_GOLDEN"))


def is_golden(name: str, text: str) -> bool:
    """Whether the text is that of the golden file of that name, which else fails with the lines that differ."""
    path = Path(name)
    golden = GoldenFiles(str(path.parent), path.suffix)
    golden.take(path.stem, text)
    golden.finish_one()
    return True


class GoldenFiles:
    """The golden files of one test: all of that folder whose names end so, and no others."""

    def __init__(self, folder: str, ending: str) -> None:
        self._folder, self._ending = GOLDEN / folder, ending
        self._seen: set[str] = set()
        self._differences: list[str] = []

    def take(self, name: str, text: str) -> None:
        """Compare the text with the golden file of that name; where they are renewed, write it."""
        assert name not in self._seen, f"two are called {name}"
        self._seen.add(name)
        path = self._folder / f"{name}{self._ending}"
        shown = str(path.relative_to(GOLDEN))
        content = f"{text.rstrip()}\n"
        if RENEWS:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
        elif not path.is_file():
            self._differences.append(f"{shown} is not there; this is what it would hold:\n\n{content}")
        elif (golden := path.read_bytes().decode()) != content:
            lines = unified_diff(golden.splitlines(), content.splitlines(), shown, "now", lineterm="")
            self._differences.append("\n".join(lines))

    def finish(self) -> None:
        """Fail with every difference, and with every file that nothing looks like any more."""
        for path in sorted(self._folder.glob(f"*{self._ending}")):
            if path.name.removesuffix(self._ending) in self._seen:
                continue
            if RENEWS:
                path.unlink()
            else:
                self._differences.append(f"{path.relative_to(GOLDEN)} is there, but nothing looks like it any more.")
        self.finish_one()

    def finish_one(self) -> None:
        """Fail with every difference; others may look like the other files there."""
        assert not self._differences, "\n\n".join([*self._differences, "If that is meant, `make golden` renews them."])
