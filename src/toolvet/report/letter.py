"""The requester's half page as plain text, and as a mail to send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from toolvet.report.approval.document import Document
from toolvet.report.formats import ReportFormat, requester_report
from toolvet.report.markup import blocks_of, plain_text
from toolvet.text.escape import one_line, spelled, wrapped

_WIDTH = 72


def letter_text(document: Document) -> str:
    """The letter as lines of at most 72 columns."""
    blocks = blocks_of(requester_report(document, ReportFormat.MARKDOWN))
    return spelled("\n\n".join(_paragraphs(blocks)), keep_line_breaks=True) + "\n"


def letter_mail(document: Document) -> bytes:
    """The letter as a draft without an address, which mail programs open to be sent."""
    mail = EmailMessage(policy=SMTP)
    # "=?" begins an encoded word, which the mail would decode: whatever it holds could be a header of its own.
    mail["Subject"] = one_line(f"Your request: {document.subject}").replace("=?", "= ?")
    mail["X-Unsent"] = "1"
    mail.set_content(letter_text(document))
    return mail.as_bytes()


def _paragraphs(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        match block["kind"]:
            case "heading":
                title = plain_text(block["runs"])
                yield f"{title}\n{'-' * min(len(title), _WIDTH)}"
            case "list":
                items = (plain_text(inner["runs"]) for item in block["items"] for inner in item)
                yield "\n".join(wrapped(f"- {one_line(item)}", _WIDTH, hanging=2) for item in items)
            case _:
                yield wrapped(one_line(plain_text(block.get("runs", ()))), _WIDTH)
