"""The app in a real browser: answered there, saved here, and served to nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import PROGRAM, browser_in
from house import assessed
from real_terminal import PATIENCE, TOOLVET
from toolvet.cli.main import main
from toolvet.storage.reader import read_assessment

pytest.importorskip("textual_serve")
from toolvet.cli.serve import command_line

ANSWERED = "Network.responseReceived"


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    """The file of an assessment in which nothing is answered."""
    folder = tmp_path / "w"
    folder.mkdir()
    return assessed(folder, {}, scope={"outsiders": "no"})


@pytest.fixture
def address(assessment: Path) -> Iterator[str]:
    """The address at which that workspace is served."""
    environment = {**os.environ, "TERM": "dumb", "TOOLVET_REVIEWER": "A. Reviewer"}
    with subprocess.Popen(
        [TOOLVET, "serve", "--port", "0", "--workspace", str(assessment.parents[2])],
        stderr=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        yield process.stderr.readline().split()[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def status_of(url: str, **headers: str) -> int:
    """The status once the server answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "nothing is served"
            time.sleep(0.05)


def test_nobody_is_served_without_the_token_or_from_another_site(address: str) -> None:
    page, _, token = address.partition("?token=")
    assert status_of(page) == 403
    assert status_of(f"{page}?token=wrong") == 403
    cookie = f"toolvet={token}"
    assert status_of(page, Cookie=cookie) == 200
    assert status_of(f"{page}ws", Cookie=cookie, Origin="http://elsewhere.example") == 403
    assert status_of(page, Cookie=cookie, Host="elsewhere.example") == 403


def test_a_path_of_windows_is_quoted_as_its_shell_wants_it() -> None:
    words = ["C:\\Program Files\\python.exe", "-m", "toolvet", "--workspace", "D:\\vetting"]
    assert command_line(words, for_windows=True) == '"C:\\Program Files\\python.exe" -m toolvet --workspace D:\\vetting'
    assert command_line(["a b", "c"], for_windows=False) == "'a b' c"


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_proxy_cannot_name_the_reviewer_on_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows has no env, and no quoting of its shell would hold what a visitor sends."""
    monkeypatch.setattr("toolvet.cli.serve.IS_WINDOWS", True)
    assert main(["serve", "--reviewer-header", "X-Reviewer", "--workspace", str(tmp_path)]) == 2


@pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")
def test_an_answer_given_in_a_browser_is_saved(address: str, assessment: Path, tmp_path: Path) -> None:
    status_of(address.partition("?")[0])
    with browser_in(tmp_path / "browser") as browser:
        browser.call("Page.navigate", url=address)
        browser.wait("document.body !== null && document.body.classList.contains('-first-byte')")
        browser.run("document.querySelector('textarea').focus()")
        deadline = time.monotonic() + PATIENCE
        while not any(answer.level == 2 for answer in read_assessment(assessment).assessment.answers.values()):
            assert time.monotonic() < deadline, "it was never saved"
            browser.press("Enter", 13, "\r")
            browser.press("2", 50, "2")
            time.sleep(0.2)
        answered = [event["params"]["response"]["url"] for event in browser.events if event["method"] == ANSWERED]
    assert answered != []
    assert [url for url in answered if not url.startswith(("http://127.0.0.1:", "data:"))] == []
