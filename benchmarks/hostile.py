"""How long the worst of the files made to hurt takes to be told of."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl

from benchmarks.figures import Figure
from benchmarks.starts import TOOLVET, environment
from benchmarks.workspaces import SUBJECT

RELIABILITY = Path(__file__).parents[1] / "tests" / "reliability"


def hostile_figure(folder: Path) -> Figure:
    """The most processor time that a single file takes, in seconds, against the two it may take."""
    sys.path.insert(0, str(RELIABILITY))
    from bombs import KINDS, bombs  # a module of the tests, found by the line above

    folder.mkdir()
    for kind in KINDS:
        for name, content in bombs(kind, every=True).items():
            (folder / name).write_bytes(content)
    command = (sys.executable, str(RELIABILITY / "read_hostile.py"), "toolvet", str(folder))
    paths = dict(environment()) | {"PYTHONPATH": f"{RELIABILITY}:{RELIABILITY.parent}"}
    told = subprocess.run(command, env=paths, capture_output=True, check=True)
    files = json.loads(told.stdout)
    worst = max(files, key=lambda file: file["seconds"])
    return Figure("worst hostile file", worst["seconds"], 2.0, "s", f"{worst['file']}; of {len(files)}")


_MEASURED = """
import json, resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
_SHEET = "xl/worksheets/sheet1.xml"
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def import_figures(workspace: Path, folder: Path) -> list[Figure]:
    """The most processor time and memory that refusing a single file takes when it is imported."""
    folder.mkdir()
    worst: dict[str, tuple[float, str]] = {"s": (0, ""), "MB": (0, "")}
    files = {**_workbooks(), **_texts()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
        take = (TOOLVET, "import", str(folder / name), "--for", SUBJECT, "--workspace", str(workspace))
        command = (sys.executable, "-c", _MEASURED, *take)
        told = subprocess.run(command, env=environment(), capture_output=True, check=True)
        status, seconds, megabytes = json.loads(told.stdout)
        if status != 3:
            raise RuntimeError(f"{name} ended with {status}")
        worst = {"s": max(worst["s"], (seconds, name)), "MB": max(worst["MB"], (megabytes, name))}
    bars = {"s": ("worst hostile import", 2.0), "MB": ("its memory", 300.0)}
    return [
        Figure(title, worst[unit][0], bar, unit, f"{worst[unit][1]}; of {len(files)}")
        for unit, (title, bar) in bars.items()
    ]


def _workbooks() -> Mapping[str, bytes]:
    parts = {
        "unpacked.xlsx": {_SHEET: _HEAD + b" " * 400 * 1024**2},
        "just-under.xlsx": {_SHEET: _HEAD + b"<row><c><v>" + b"1" * 15 * 1024**2},
        "rows.xlsx": {_SHEET: _HEAD + b'<row><c r="A1"><v>1</v></c></row>' * 1_000_000},
        "empty-rows.xlsx": {_SHEET: _HEAD + b"<row/>" * 390_000},
        "last-cells.xlsx": {_SHEET: _HEAD + b'<row><c r="XFD1"><v>1</v></c></row>' * 90_000},
        "attributes.xlsx": {_SHEET: _HEAD + b"<row " + b" ".join(b'a%d="1"' % at for at in range(300_000)) + b"/>"},
        "deep.xlsx": {_SHEET: b"<a>" * 190_000 + b"</a>" * 190_000},
        "entities.xlsx": {_SHEET: b'<!DOCTYPE a [<!ENTITY a "b">]>' + _HEAD},
        "macros.xlsx": {"xl/vbaProject.bin": b"macro"},
        "parts.xlsx": {f"xl/{number}.xml": b"<a/>" for number in range(50_000)},
    }
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    made = {}
    for name, changes in parts.items():
        content = io.BytesIO()
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
            for part in (each for each in old.namelist() if each not in changes):
                new.writestr(part, old.read(part))
            for part, text in changes.items():
                new.writestr(part, text)
        made[name] = content.getvalue()
    return {**made, "password.xlsx": bytes.fromhex("D0CF11E0A1B11AE1") + bytes(200_000)}


def _texts() -> Mapping[str, bytes]:
    doubling = b"".join(b"%c: &%c [%s]\n" % (97 + at, 97 + at, b"*%c, " % (96 + at) * 9) for at in range(1, 10))
    return {
        "aliases.yaml": b"a: &a [x]\n" + doubling,
        "flow.yaml": b"[" + b"{a: b}," * 130_000 + b"]",
        "deep.yaml": b"[" * 500_000,
        "large.json": b"[" + b'"%s",' % (b"x" * 1_000) * 100_000 + b"1]",
        "tables.json": b"[" + b'{"a":{}},' * 1_000_000 + b"1]",
        "quotes.json": b'{"a": "' + b'"' * 9_000_000,
        "digits.json": b'{"a": ' + b"9" * 9_000_000 + b"}",
        "numbers.json": b"[" + b"1," * 4_900_000 + b"1]",
        "quote.csv": b'question,answer\n"' + b"x," * 4_900_000,
        "lines.csv": b"\n" * 9_900_000,
        "rows.csv": b"question,answer\n" + b"a,1\n" * 1_000_000,
        "cells.csv": b"," * 9_900_000,
        "zeros.csv": bytes(9_000_000),
        "utf16.csv": b"\xff\xfe" + b"\xd8" * 9_000_001,
    }
