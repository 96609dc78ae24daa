"""Reports on hostile data in a real Chromium: no script runs, no request leaves, only http and https can be clicked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from browser import PROGRAM, Browser, browser_in
from naughty import NAUGHTY, in_lots
from places import two_tools
from report_sample import ASSESSMENT, html_report, make_decision, make_sample, requester_report
from screens import hostile_rubric
from toolvet.cli.main import main
from toolvet.domain.assessment import Answer, Evidence
from toolvet.report.formats import ReportFormat
from toolvet.text.escape import spelled

LOTS = in_lots(1500)
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium is installed")


class Canary:
    """A server on this machine that notes who calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        calls = self.calls

        class Noting(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                calls.append(self.path)
                self.send_response(404)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A server to be named in the data."""
    listening = Canary()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """A fresh browser."""
    with browser_in(tmp_path / "browser") as opened:
        yield opened


def calling(address: str) -> str:
    """Every way of calling a server, or of running a script, that a text could try."""
    run = "window.pwned=1"
    return (
        f"<script>{run};fetch('{address}/fetch')</script><img src={address}/img onerror={run}>"
        f"<link rel=stylesheet href={address}/link><style>@import '{address}/import';*{{background:url({address}/css)}}"
        f"</style><iframe src={address}/frame></iframe><object data={address}/object></object>"
        f"<svg onload={run}><image href={address}/svg /></svg><video poster={address}/poster></video>"
        f"\"'><body onload={run} background={address}/body></title></style></script></svg><script>{run}</script>"
        f" ![i]({address}/markdown) [x](javascript:{run}) <javascript:{run}> url({address}/text)"
    )


def reports(folder: Path, text: str) -> list[Path]:
    """The reports in HTML with that text in every field: two approvals, two for whoever asked, and a comparison."""
    case = two_tools(folder / "w", text, hostile_rubric(text))
    root = ("--workspace", str(case.workspace.root))
    pages = [folder / f"{name}.html" for name in ("approval", "requester", "comparison", "decided", "answer")]
    assert main(["report", str(case.file.path), "-o", str(pages[0]), *root]) == 0
    assert main(["report", str(case.file.path), "--for", "requester", "-o", str(pages[1]), *root]) == 0
    assert main(["compare", "-o", str(pages[2]), *root]) == 0
    decision = replace(make_decision(), rationale=text, consulted=(text,), considered=(text,), links=(text,))
    sources = (
        text,
        "javascript:window.pwned=1",
        "data:text/html,x",
        "https://good.example/a",
        "//live.example",
        "file:///",
    )
    answer = Answer(level=2, note=text, evidence=tuple(Evidence(source) for source in sources))
    sample = make_sample(decision, assessment=ASSESSMENT.with_answer("every-device", answer))
    pages[3].write_text(html_report(sample), encoding="utf-8")
    pages[4].write_text(requester_report(sample, ReportFormat.HTML), encoding="utf-8")
    return pages


LIVE_PARTS = """(() => {
  const all = [...document.querySelectorAll('*')];
  const outside = value => /^(?!data:|#|https?:)/.test(value.trim());
  return [
    ...all.filter(each => ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'BASE', 'LINK'].includes(each.tagName)),
    ...all.filter(each => [...each.attributes].some(one => one.name.startsWith('on'))),
    ...all.filter(each => each.hasAttribute('href') && !/^(https?:|#)/.test(each.getAttribute('href'))),
    ...all.filter(each => each.hasAttribute('src') && !each.getAttribute('src').startsWith('data:')),
  ].map(each => each.outerHTML.slice(0, 200));
})()"""


def looked_at(browser: Browser, page: Path) -> dict[str, Any]:
    """What the page did and what is live in it; as it should be where all is empty."""
    browser.open(page)
    browser.wait("document.readyState === 'complete'")
    events = list(browser.events)
    requests = [
        each["params"]["request"]["url"] for each in events if each.get("method") == "Network.requestWillBeSent"
    ]
    return {
        "ran": browser.run("window.pwned ?? null"),
        "live": browser.run(LIVE_PARTS),
        "requests": [url for url in requests if not url.startswith(("file:", "data:"))],
    }


NOTHING: dict[str, Any] = {"ran": None, "live": [], "requests": []}


def test_a_page_that_escapes_nothing_runs_and_calls(browser: Browser, canary: Canary, tmp_path: Path) -> None:
    page = tmp_path / "naive.html"
    page.write_text(f"<!doctype html><title>naive</title><p>{calling(canary.address)}</p>", encoding="utf-8")
    found = looked_at(browser, page)
    assert found["ran"] == 1
    assert found["live"] != []
    assert canary.calls != []


def test_no_report_runs_or_calls_anything(browser: Browser, canary: Canary, tmp_path: Path) -> None:
    pages = reports(tmp_path, calling(canary.address))
    assert {page.name: looked_at(browser, page) for page in pages} == {page.name: NOTHING for page in pages}
    assert canary.calls == []


@pytest.mark.parametrize(
    "lot", [0, *(pytest.param(at, marks=pytest.mark.torture) for at in range(1, len(in_lots(1500))))]
)
def test_no_naughty_string_is_live_in_a_report(browser: Browser, tmp_path: Path, lot: int) -> None:
    pages = reports(tmp_path, in_lots(1500)[lot])
    assert {page.name: looked_at(browser, page) for page in pages} == {page.name: NOTHING for page in pages}


def test_every_naughty_string_can_be_read_in_a_report(browser: Browser, tmp_path: Path) -> None:
    words = [text for text in NAUGHTY if text.isprintable() and len(text) < 100 and text == " ".join(text.split())]
    answer = Answer(level=2, evidence=tuple(Evidence(text) for text in words))
    page = tmp_path / "page.html"
    page.write_text(html_report(make_sample(None, assessment=ASSESSMENT.with_answer("every-device", answer))), "utf-8")
    browser.open(page)
    shown = browser.run("document.body.textContent")
    assert [text for text in words if spelled(text) not in shown] == []
