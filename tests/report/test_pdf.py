"""The report as PDF: what it says, that foreign text is text, and what is said where it cannot be made."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from hostile_report import hostile_document
from report_sample import make_decision, make_sample, make_survey
from toolvet.errors import UsageError
from toolvet.report.approval.document import Document
from toolvet.report.formats import ApprovalReport, RequesterReport, markdown_pdf
from toolvet.report.native import NO_TYPST


@pytest.fixture
def typst() -> Any:
    return pytest.importorskip("typst", reason="the extra pdf is not installed")


@pytest.fixture
def pdfium(typst: Any) -> Any:  # noqa: ARG001 - nothing to read without it
    return pytest.importorskip("pypdfium2", reason="nothing here reads a PDF's text")


def _pages(pdfium: Any, content: bytes) -> list[str]:
    document = pdfium.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def _sample() -> Document:
    return make_sample(make_decision(), surveys=(make_survey(),))


def test_without_the_extra_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError) as caught:
        ApprovalReport(_sample()).pdf()
    assert str(caught.value) == NO_TYPST


def test_the_first_page_stands_by_itself(pdfium: Any) -> None:
    pages = _pages(pdfium, ApprovalReport(_sample()).pdf())
    assert pages[0].startswith("Tool Business: approval report Approved with conditions")
    assert pages[1].startswith("Verdict and decision")


def test_the_whole_report_is_in_it(pdfium: Any) -> None:
    text = "".join(_pages(pdfium, ApprovalReport(_sample()).pdf())).replace(" ", "")
    for words in (
        "Which shortfalls it would close",
        "Beyond email",
        "The arithmetic",
        "Tried on three phones.",
        "12" * 32,
    ):
        assert words.replace(" ", "") in text


def test_foreign_text_can_be_read_and_does_nothing(pdfium: Any) -> None:
    content = ApprovalReport(hostile_document()).pdf()
    text = " ".join(_pages(pdfium, content)).replace(" ", "")
    assert "<script>alert(1)</script>[x](javascript:alert(2))![i](https://beacon.example/x.png)" in text
    assert "{{7*7}}{%raw%}&lt;b&gt;`a`**b**" in text
    assert "<U+001B>]0;title<U+0007><U+202E>" in text
    addresses = re.findall(rb"/URI ?\(([^)]*)\)", content)
    assert [address for address in addresses if not address.startswith((b"http://", b"https://"))] == []
    assert re.search(rb"/(JavaScript|OpenAction|Launch|EmbeddedFile|AA)\b", content) is None


def test_what_typst_would_read_as_markup_is_text(pdfium: Any) -> None:
    foreign = '#panic("x") #image("/etc/passwd") $x^2$ *a* _b_ @c <d> = e'
    escaped = re.sub(r"([*_<])", r"\\\1", foreign)
    assert foreign in " ".join(_pages(pdfium, markdown_pdf(escaped)))


@pytest.mark.parametrize(
    "text",
    ["", "漢字 עברית العربية 👩‍👩‍👧", "x" * 20_000, f"<https://e.example/{'x' * 9000}>", "\uffff\ufdd0\U000e0001"],
)
def test_any_text_can_be_laid_out(typst: Any, text: str) -> None:  # noqa: ARG001 - it is needed all the same
    assert markdown_pdf(text).startswith(b"%PDF")


def test_it_is_tagged_for_reading_aloud(typst: Any) -> None:  # noqa: ARG001 - it is needed all the same
    content = ApprovalReport(_sample()).pdf()
    for name in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid:part"):
        assert name in content


def test_the_half_page_for_whoever_asked_is_one_page(pdfium: Any) -> None:
    pages = _pages(pdfium, RequesterReport(_sample()).pdf())
    assert [page.partition(":")[0] for page in pages] == ["Your request"]
