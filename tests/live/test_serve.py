"""The app in a real browser: answered there, saved here, and served to nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from browser import PROGRAM, browser_in
from house import assessed
from real_terminal import PATIENCE, TOOLVET
from served import serving as serving_at
from toolvet.cli.main import main
from toolvet.storage.reader import read_assessment

pytest.importorskip("textual_serve")
aiohttp = pytest.importorskip("aiohttp")
serve = pytest.importorskip("toolvet.cli.serve")

ANSWERED = "Network.responseReceived"


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    """The file of an assessment in which nothing is answered."""
    folder = tmp_path / "w"
    folder.mkdir()
    return assessed(folder, {}, scope={"outsiders": "no"})


@pytest.fixture
def serving(assessment: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that serves that workspace."""
    environment = {**os.environ, "TERM": "dumb", "TOOLVET_REVIEWER": "A. Reviewer"}
    with subprocess.Popen(
        [TOOLVET, "serve", "--port", "0", "--workspace", str(assessment.parents[2])],
        stderr=subprocess.PIPE,
        env=environment,
        cwd=assessment.parents[2],
        encoding="utf-8",
    ) as process:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0


@pytest.fixture
def address(serving: subprocess.Popen[str]) -> str:
    """The address at which it is served."""
    assert serving.stderr is not None
    return serving.stderr.readline().split()[1]


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


def test_every_answer_says_that_nothing_foreign_may_run(address: str) -> None:
    page, _, token = address.partition("?token=")
    for path, status in (("", 200), ("static/js/textual.js", 200), ("download/none", 404)):
        assert status_of(f"{page}{path}", Cookie=f"toolvet={token}") == status
        assert "default-src 'self'" in header_of(f"{page}{path}", "Content-Security-Policy", token)


def header_of(url: str, name: str, token: str) -> str:
    request = urllib.request.Request(url, headers={"Cookie": f"toolvet={token}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers[name])
    except urllib.error.HTTPError as error:
        return str(error.headers[name])


def visitors_of(root: Path) -> list[int]:
    """The processes that show that workspace to a visitor."""
    wanted = f"toolvet\0--workspace\0{root}\0".encode()
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if wanted in _content(path)]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it has ended


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the processes cannot be seen here")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_the_app_of_a_visitor_ends_with_serve(
    serving: subprocess.Popen[str], address: str, assessment: Path, number: signal.Signals
) -> None:
    page, _, token = address.partition("?token=")
    root = assessment.parents[2]
    status_of(page)

    async def visit() -> None:
        async with (
            aiohttp.ClientSession(headers={"Cookie": f"toolvet={token}"}) as session,
            session.ws_connect(f"{page}ws?width=80&height=24", origin=page.rstrip("/")) as socket,
        ):
            await asyncio.wait_for(socket.receive(), PATIENCE)
            assert len(visitors_of(root)) == 1
            serving.send_signal(number)
            deadline = time.monotonic() + PATIENCE
            while visitors_of(root):
                assert time.monotonic() < deadline, "the app is left running"
                await asyncio.sleep(0.05)

    asyncio.run(visit())
    assert serving.wait(PATIENCE) == (-number if number == signal.SIGKILL else 0)


def test_no_module_that_lies_in_the_current_folder_is_run(address: str, assessment: Path, tmp_path: Path) -> None:
    page, _, token = address.partition("?token=")
    status_of(page)
    ran = tmp_path / "ran"
    for name in ("tomli.py", "toolvet.py", "textual.py"):
        (assessment.parents[2] / name).write_text(f"open({str(ran)!r}, 'w')\n")

    async def visit() -> None:
        async with (
            aiohttp.ClientSession(headers={"Cookie": f"toolvet={token}"}) as session,
            session.ws_connect(f"{page}ws?width=80&height=24", origin=page.rstrip("/")) as socket,
        ):
            async with asyncio.timeout(PATIENCE):
                async for message in socket:
                    if b"Tool" in message.data:
                        return

    asyncio.run(visit())
    assert not ran.exists()


KEYS = json.dumps(["stdin", "a" * 200_000])


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the processes cannot be seen here")
@pytest.mark.parametrize("is_left", [True, False])
def test_the_app_of_a_visitor_who_sent_many_keys_ends_without_going_through_them(
    address: str, assessment: Path, *, is_left: bool
) -> None:
    """Once the visitor has left, or by a signal."""
    page, _, token = address.partition("?token=")
    root = assessment.parents[2]
    status_of(page)

    async def visit() -> int:
        async with (
            aiohttp.ClientSession(headers={"Cookie": f"toolvet={token}"}) as session,
            session.ws_connect(f"{page}ws?width=80&height=24", origin=page.rstrip("/")) as socket,
        ):
            while b"Tool" not in (await asyncio.wait_for(socket.receive(), PATIENCE)).data:
                pass
            await socket.send_str(KEYS)
            await asyncio.wait_for(socket.receive(), PATIENCE)
            (visitor,) = visitors_of(root)
            if not is_left:
                os.kill(visitor, signal.SIGTERM)
                await until_gone()
        return visitor

    async def until_gone() -> None:
        used = 0.0
        while visitors := visitors_of(root):
            used = max(used, *map(seconds_of, visitors))
            assert used < KEYS_SECONDS, "the app goes through all of the keys"
            await asyncio.sleep(0.05)

    asyncio.run(visit())
    asyncio.run(until_gone())


KEYS_SECONDS = 12
"""Of the processor, for an app that starts, takes keys for a moment and ends; all of these keys take minutes."""


def seconds_of(process: int) -> float:
    """How long that process has had the processor."""
    fields = _content(Path(f"/proc/{process}/stat")).rpartition(b")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def test_a_window_that_nobody_has_is_refused(address: str) -> None:
    page, _, token = address.partition("?token=")
    cookie = f"toolvet={token}"
    for size in ("width=1000000&height=24", "width=80&height=0", "width=80&height=-1", "width=&height=24"):
        assert status_of(f"{page}ws?{size}", Cookie=cookie) == 400


def test_a_page_that_is_not_ours_is_left(serving: subprocess.Popen[str], address: str, assessment: Path) -> None:
    page, _, token = address.partition("?token=")
    status_of(page)

    async def visit(sent: str) -> None:
        async with (
            aiohttp.ClientSession(headers={"Cookie": f"toolvet={token}"}) as session,
            session.ws_connect(f"{page}ws?width=80&height=24", origin=page.rstrip("/")) as socket,
        ):
            await asyncio.wait_for(socket.receive(), PATIENCE)
            await socket.send_str(sent)
            async with asyncio.timeout(PATIENCE):
                async for _ in socket:
                    pass

    for sent in ("no JSON", "{}", "[]", '["resize"]', "[" * 100_000):
        asyncio.run(visit(sent))
    assert status_of(f"{page}ws?width=80&height=24", Cookie=f"toolvet={token}") == 400
    serving.send_signal(signal.SIGINT)
    _, said = serving.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert visitors_of(assessment.parents[2]) == []


async def test_hanging_up_on_an_app_that_has_gone_meanwhile_is_no_error() -> None:
    app = await asyncio.create_subprocess_exec("true", stdin=asyncio.subprocess.PIPE)
    assert app.stdin is not None
    app.stdin.close()
    await app.wait()
    while getattr(app.stdin.transport, "_loop", None) is not None:  # what asyncio forgets once the pipe is closed
        await asyncio.sleep(0)
    serve._hang_up(SimpleNamespace(stdin=app.stdin))


def test_a_path_of_windows_is_quoted_as_its_shell_wants_it() -> None:
    words = ["C:\\Program Files\\python.exe", "-m", "toolvet", "--workspace", "D:\\vetting"]
    assert (
        serve.command_line(words, for_windows=True)
        == '"C:\\Program Files\\python.exe" -m toolvet --workspace D:\\vetting'
    )
    assert serve.command_line(["a b", "c"], for_windows=False) == "'a b' c"


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
def test_a_proxy_cannot_name_the_reviewer_on_windows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Windows has no env, and no quoting of its shell would hold what a visitor sends."""
    monkeypatch.setattr("toolvet.cli.serve.IS_WINDOWS", True)
    assert main(["serve", "--reviewer-header", "X-Reviewer", "--workspace", str(tmp_path)]) == 2


@pytest.mark.skipif(os.name == "nt", reason="a header of a proxy names nobody on Windows")
def test_each_visitor_works_as_the_reviewer_whom_the_proxy_names(tmp_path: Path) -> None:
    async def form_of(session: Any, page: str, name: str) -> None:
        headers = {"X-Reviewer": name}
        async with session.ws_connect(
            f"{page}ws?width=80&height=24", origin=page.rstrip("/"), headers=headers
        ) as socket:
            await socket.send_json(["stdin", "a"])
            shown = b""
            async with asyncio.timeout(PATIENCE):
                while name.encode() not in shown:
                    shown += await socket.receive_bytes()

    async def both(page: str, token: str) -> None:
        async with aiohttp.ClientSession(headers={"Cookie": f"toolvet={token}"}) as session:
            await asyncio.gather(form_of(session, page, "Ada Marsh"), form_of(session, page, "Tom $(Pell)"))
            for names in ([], ["Mallory", "Ada Marsh"]):
                headers = [("X-Reviewer", name) for name in names]
                with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                    await session.ws_connect(f"{page}ws", origin=page.rstrip("/"), headers=headers)

    with serving_at(tmp_path, "--reviewer-header", "X-Reviewer") as address:
        page, _, token = address.partition("?token=")
        asyncio.run(both(page, token))


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
