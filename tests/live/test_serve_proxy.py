"""`toolvet serve` behind the proxies of docs/serve.md, as they are configured there."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from real_terminal import PATIENCE, TOOLVET

aiohttp = pytest.importorskip("aiohttp")
pytest.importorskip("textual_serve")
origin_of = pytest.importorskip("toolvet.cli.serve").origin_of

from toolvet.errors import UsageError  # noqa: E402 with the rest of toolvet

GUIDE = Path(__file__).parents[2] / "docs" / "serve.md"
HOST = "vetting.example.com"
NGINX = """\
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    access_log off;
    {temporary}
    include {folder}/site;
}}
"""


def shown(language: str) -> str:
    """The configuration in that language on the page."""
    found = re.search(rf"```{language}\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def words_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.strip()


def nginx(folder: Path, port: int, behind: int) -> list[str]:
    """The command that runs nginx as on the page, at that port."""
    key, certificate, names = folder / "key.pem", folder / "certificate.pem", folder / "names"
    words_of(
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
        *("-keyout", str(key), "-out", str(certificate)),
    )
    names.write_text(f"ada:{words_of('openssl', 'passwd', '-apr1', 'secret')}\n")
    site = shown("nginx")
    for before, after in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/certs/vetting.pem", str(certificate)),
        ("/etc/ssl/private/vetting.key", str(key)),
        ("/etc/nginx/reviewers", str(names)),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    ):
        assert before in site
        site = site.replace(before, after)
    (folder / "site").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers cannot read here
    (folder / "nginx.conf").write_text(NGINX.format(user=user, folder=folder, temporary=temporary))
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "errors")]


def caddy(folder: Path, port: int, behind: int) -> list[str]:
    """The command that runs Caddy as on the page, at that port."""
    version = re.search(r"(\d+)\.(\d+)", words_of("caddy", "version"))
    assert version is not None
    site = shown("caddyfile")
    if (int(version[1]), int(version[2])) < (2, 8):
        site = site.replace("basic_auth", "basicauth")
    site = site.replace("$2a$14$…", words_of("caddy", "hash-password", "--plaintext", "secret"))
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace(HOST, f"{HOST}:{port}")
    options = "{\n    admin off\n    skip_install_trust\n    auto_https disable_redirects\n}\n"
    (folder / "Caddyfile").write_text(options + site)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def running(command: list[str], folder: Path) -> Iterator[Path]:
    """Run that to the end of the block; the file has what it says."""
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "TERM": "dumb"}
    said = folder / f"{Path(command[0]).name}.said"
    with said.open("wb") as sink, subprocess.Popen(command, env=environment, stderr=sink) as process:
        try:
            yield said
        finally:
            process.terminate()


class Here(aiohttp.abc.AbstractResolver):  # type: ignore[misc, name-defined]
    """Every name is this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:  # noqa: ARG002
        found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET}
        return [{**found, "proto": 0, "flags": socket.AI_NUMERICHOST}]

    async def close(self) -> None:
        """Nothing is open."""


async def visit(said: Path) -> None:
    """Be refused without a name, then open the form for a new tool, in which the reviewer is named."""
    async with asyncio.timeout(PATIENCE):
        while not (found := re.search(r"^Open (\S+)$", said.read_text(encoding="utf-8"), re.MULTILINE)):
            await asyncio.sleep(0.1)
    address = found[1]
    page = address.partition("?")[0]
    connector = aiohttp.TCPConnector(resolver=Here(), ssl=False)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(page) as answer:
                    assert answer.status == 401
                    break
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
        name = f"Basic {base64.b64encode(b'ada:secret').decode()}"
        headers = {"Authorization": name, "X-Reviewer": "Mallory"}
        async with session.get(address, headers=headers) as answer:
            assert (answer.status, str(answer.url)) == (200, page)
        terminal = f"{page.replace('https', 'wss')}ws?width=80&height=24"
        async with session.ws_connect(terminal, origin=page.rstrip("/"), headers=headers) as socket_:
            await socket_.send_json(["stdin", "a"])
            seen = b""
            while b"ada" not in seen:
                seen += await socket_.receive_bytes()
        assert b"Mallory" not in seen


@pytest.mark.skipif(os.name == "nt", reason="a header of a proxy names nobody on Windows")
@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_the_app_is_served_through_the_proxy_on_the_page(proxy: Any, tmp_path: Path) -> None:
    if shutil.which(proxy.__name__) is None:
        pytest.skip(f"no {proxy.__name__} is installed")
    workspace, folder = tmp_path / "w", tmp_path / "proxy"
    workspace.mkdir()
    folder.mkdir()
    port, behind = free_port(), free_port()
    options = ("--port", str(behind), "--public-url", f"https://{HOST}:{port}", "--reviewer-header", "X-Reviewer")
    command = [TOOLVET, "serve", "--workspace", str(workspace), *options]
    with running(proxy(folder, port, behind), folder), running(command, folder) as said:
        asyncio.run(visit(said))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Vetting.example.com/", "https://vetting.example.com"),
        ("https://vetting.example.com:443", "https://vetting.example.com"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_address_of_a_proxy_is_kept_as_a_browser_names_it(given: str, kept: str) -> None:
    assert origin_of(given) == kept


@pytest.mark.parametrize(
    "given", ["vetting.example.com", "https://", "ftp://x", "https://x:99999", "https://me@x", "https://x/toolvet"]
)
def test_what_is_no_address_of_a_proxy_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match=f"--public-url {re.escape(given)}: "):
        origin_of(given)
