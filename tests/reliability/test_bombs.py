"""Files made to hurt are told of soon and in little memory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bombs import GOOD, KINDS, bombs
from running import figures_of

MEGABYTES = 300
SIZES = [False, pytest.param(True, marks=pytest.mark.torture)]


def is_good(figures: dict[str, Any]) -> bool:
    """No traceback, not killed because it never ended, and within the bar of memory.

    The bar of two seconds is `make bench`'s to hold: how long they are depends on what else the machine does.
    """
    is_told = figures["said"] != "killed" and not figures["said"].startswith("TRACEBACK")
    return is_told and figures["megabytes"] < MEGABYTES


def results_of(reader: str, folder: Path) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = figures_of("read_hostile", reader, folder)
    print(f"{len(results)} files, at most {max(one['seconds'] for one in results)} s of the processor", end=" ")
    print(f"and {max(one['megabytes'] for one in results)} MB: {reader}")
    return results


def write_odd_files(folder: Path, kind: str) -> None:
    """What is no regular file, or no text."""
    good = (GOOD / f"{kind}.toml").read_bytes()
    (folder / f"{kind}: folder.toml").mkdir()
    os.mkfifo(folder / f"{kind}: pipe.toml")
    (folder / f"{kind}: device.toml").symlink_to("/dev/zero")
    (folder / f"{kind}: link.toml").symlink_to(GOOD / f"{kind}.toml")
    (folder / f"{kind}: link to nowhere.toml").symlink_to("nowhere")
    (folder / f"{kind}: link to itself.toml").symlink_to(f"{kind}: link to itself.toml")
    with (folder / f"{kind}: sparse file of 1 GB.toml").open("wb") as sparse:
        sparse.truncate(1 << 30)
    texts = {
        "Latin-1": good.replace(b'"', b'"\xff'),
        "UTF-16": good.decode().encode("utf-16"),
        "byte order mark alone": b"\xef\xbb\xbf",
        "carriage returns alone": good.replace(b"\n", b"\r"),
        "zero byte": good + b"\0",
        "zero bytes": b"\0" * 1000,
        "escaped zero": good + b'x = "\\u0000"',
        "surrogate": good + b'x = "\\ud800"',
        "surrogate in UTF-8": good.replace(b'"', b'"\xed\xa0\x80'),
        "overlong UTF-8": good.replace(b'"', b'"\xc0\xaf'),
    }
    for name, text in texts.items():
        (folder / f"{kind}: {name}.toml").write_bytes(text)


@pytest.mark.parametrize("every", SIZES)
@pytest.mark.parametrize("kind", [*KINDS, "survey"])
def test_bomb_is_told_of_within_the_bars(kind: str, every: bool, tmp_path: Path) -> None:
    for name, content in bombs(kind, every=every).items():
        (tmp_path / name).write_bytes(content)
    assert [one for one in results_of("toolvet", tmp_path) if not is_good(one)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_odd_file_is_told_of_within_the_bars(kind: str, tmp_path: Path) -> None:
    write_odd_files(tmp_path, kind)
    results = results_of("toolvet", tmp_path)
    assert [one for one in results if not is_good(one) or one["said"] == "read"] == []


def test_plain_reader_fails_the_same_check(tmp_path: Path) -> None:
    write_odd_files(tmp_path, "assessment")
    wanted = {"500 brackets", "dotted key of 40 kB", "whole number of 5,000 digits", "as long a list as is let in"}
    for name, content in bombs("assessment", every=False).items():
        if name.removeprefix("assessment: ") in wanted:
            (tmp_path / name).write_bytes(content)
    bad = [one["file"].removeprefix("assessment: ") for one in results_of("naive", tmp_path) if not is_good(one)]
    assert {"500 brackets", "dotted key of 40 kB", "pipe.toml", "sparse file of 1 GB.toml"} <= set(bad)
