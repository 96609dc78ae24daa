"""Signatures made by OpenSSH with the person's own key, and checked against the workspace's allowed signers."""

from __future__ import annotations

import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from toolvet.errors import NoTemporaryFolder, PassphraseNeeded, ToolvetError, UsageError
from toolvet.storage.toml_input import is_file, is_there, note, read_content
from toolvet.values import dataclass

NAMESPACE = "decision@toolvet"
"""What the signature is for: one made for anything else does not count."""

ALLOWED_SIGNERS = "allowed_signers"
_PROGRAM = "ssh-keygen"
_SECONDS = 60
_NO_PROGRAM = f"{_PROGRAM} is not on this machine; install OpenSSH 8.2 or later"


class SignatureState(StrEnum):
    """Whose signature it is, as far as this workspace knows."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    BAD = "bad"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a check of a signature found. `signer` is the name in allowed_signers; `why` says what went wrong."""

    state: SignatureState
    signer: str | None = None
    why: str = ""


def make_signature(message: bytes, key: Path, *, has_terminal: bool) -> str:
    """The signature of the message by that key. UsageError with what to do where it cannot be made.

    PassphraseNeeded where the key has one, which can only be typed in a terminal.
    """
    if not is_file(key):
        raise UsageError(f"there is no key {key}; make one with ssh-keygen -t ed25519, or name yours with --key")
    environment = dict(os.environ)
    if not has_terminal:
        # Without a terminal nobody could type a passphrase: fail instead of opening a window or waiting.
        environment["SSH_ASKPASS_REQUIRE"] = "never"
    with _folder() as folder:
        file = folder / "message"
        file.write_bytes(message)
        command = [_PROGRAM, "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(file)]
        ran = _run(command, b"", environment, new_session=not has_terminal)
        if ran.returncode:
            raise _not_signed(key, ran.stderr, has_terminal=has_terminal)
        return Path(f"{file}.sig").read_text(encoding="ascii")


def check_signature(message: bytes, signature: str, allowed_signers: Path) -> SignatureCheck:
    """Whether the signature fits the message, and whose it is by that list, which need not be there."""
    note(allowed_signers)
    try:
        listed = read_content(allowed_signers) if is_there(allowed_signers) else None
        with _folder() as folder:
            file = folder / "signature"
            file.write_text(signature, encoding="utf-8")
            if listed is not None:
                (folder / ALLOWED_SIGNERS).write_bytes(listed)
            return _check(message, file, folder / ALLOWED_SIGNERS)
    except ToolvetError as error:
        return SignatureCheck(SignatureState.UNCHECKED, why=str(error))


def public_key(signature: str) -> bytes:
    """The key that the signature says it was made with; empty where it is none of OpenSSH's."""
    lines = (line for line in signature.splitlines() if not line.startswith("-----"))
    try:
        blob = b64decode("".join(lines), validate=True)
    except ValueError:
        return b""
    start = len(b"SSHSIG") + 8  # after the version and the length of the key
    return blob[start : start + int.from_bytes(blob[start - 4 : start])]


@contextmanager
def _folder() -> Iterator[Path]:
    try:
        with TemporaryDirectory(prefix="toolvet-") as folder:
            yield Path(folder)
    except OSError as error:
        raise NoTemporaryFolder("a signature", error) from error


def _check(message: bytes, signature: Path, allowed_signers: Path) -> SignatureCheck:
    given = ["-n", NAMESPACE, "-s", str(signature)]
    fits = _run([_PROGRAM, "-Y", "check-novalidate", *given], message)
    if fits.returncode:
        return SignatureCheck(SignatureState.BAD)
    if not is_file(allowed_signers):
        return SignatureCheck(SignatureState.UNKNOWN, why=f"there is no {ALLOWED_SIGNERS} in this workspace")
    allowed = ["-f", str(allowed_signers)]
    found = _run([_PROGRAM, "-Y", "find-principals", *allowed, "-s", str(signature)], b"")
    for name in found.stdout.decode(errors="replace").splitlines() if not found.returncode else ():
        if not _run([_PROGRAM, "-Y", "verify", *allowed, "-I", name, *given], message).returncode:
            return SignatureCheck(SignatureState.KNOWN, name)
    return SignatureCheck(SignatureState.UNKNOWN, why=f"the key is not among those of {ALLOWED_SIGNERS}")


def _run(
    command: Sequence[str], given: bytes, environment: dict[str, str] | None = None, *, new_session: bool = False
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command,
            input=given,
            capture_output=True,
            env=environment,
            start_new_session=new_session,
            timeout=None if environment is not None and not new_session else _SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise UsageError(_NO_PROGRAM) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolvetError(f"{_PROGRAM} could not be run: {error}") from error


def _not_signed(key: Path, stderr: bytes, *, has_terminal: bool) -> UsageError:
    said = " ".join(stderr.decode(errors="replace").split())
    if "passphrase" in said.casefold() and not has_terminal:
        return PassphraseNeeded(
            f"{key} has a passphrase, and there is no terminal to type it in; add the key to ssh-agent and name the "
            f"public key with --key {key}.pub"
        )
    other = "sign again" if not said or "passphrase" in said.casefold() else "name another key of OpenSSH"
    return UsageError(f"{_PROGRAM} did not sign with {key}: {said or 'it was ended before'}; {other}")
