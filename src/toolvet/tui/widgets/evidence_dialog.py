"""Evidence for one question: what there is, what was used before, and something new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.assessment import Evidence, Grade
from toolvet.tui.dialogs import AskLine, Choice, ChooseOne, Dialog, KeyHint
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line

GRADE_WORDS = {
    Grade.TESTED: "somebody tried it: the tool, its console, a trial",
    Grade.INDEPENDENT: "somebody who gains nothing by it: an audit, a certificate, a test by others",
    Grade.DOCUMENT: "the provider's own documents or contract",
    Grade.CLAIM: "said or advertised, nothing more",
}


class EvidenceDialog(Dialog[tuple[Evidence, ...] | None]):
    """Dismissed with the evidence as it is to be. A digit takes a source used before, with its grade and date."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Another source"),
        Binding("t", "date_today", "Date it today"),
        Binding("g", "change_grade", "Change its grade"),
        Binding("d", "change_date", "Change its date"),
        Binding("delete,backspace", "remove", "Remove it"),
    ]

    def __init__(
        self, question_title: str, evidence: Sequence[Evidence], used: Sequence[Evidence], on_day: date
    ) -> None:
        super().__init__(f"Evidence: {question_title}")
        self._evidence = list(evidence)
        here = {each.source for each in evidence}
        self._used = [each for each in used if each.source not in here]
        self._on_day = on_day

    def compose_answer(self) -> ComposeResult:
        yield OptionList(id="dialog-choices")
        yield KeyHint(
            ("a", "new source", "screen.add"),
            ("g", "grade", "screen.change_grade"),
            ("d", "date", "screen.change_date"),
            ("t", "today", "screen.date_today"),
            ("del", "remove", "screen.remove"),
            ("esc", "Done", "screen.back"),
        )

    def on_mount(self) -> None:
        """Go straight to a new source where there is nothing to choose from."""
        self._list()
        if not self._evidence and not self._used:
            self.action_add()

    def on_key(self, event: Key) -> None:
        """A digit takes the source of that number and is done."""
        digit = event.character
        if digit is not None and digit in "123456789" and int(digit) <= len(self._used):
            event.stop()
            self._take(int(digit) - 1)

    @on(OptionList.OptionSelected)
    def _open_row(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        index = event.option_index
        if index < len(self._evidence):
            self._edit(index)
        elif index < len(self._evidence) + len(self._used):
            self._take(index - len(self._evidence))
        else:
            self.action_add()

    def action_back(self) -> None:
        """Done: the evidence as it stands."""
        self.dismiss(tuple(self._evidence))

    @work
    async def action_add(self) -> None:
        """Ask for a new source, its grade and its date; done with the last."""
        added = await self._asked(Evidence("", date=self._on_day), is_new=True)
        if added is not None:
            self.dismiss((*self._evidence, added))
        elif not self._evidence and not self._used:
            self.dismiss(None)

    @work
    async def _edit(self, index: int) -> None:
        edited = await self._asked(self._evidence[index], is_new=False)
        if edited is not None:
            self._put(index, edited)

    @work
    async def action_change_grade(self) -> None:
        """Ask for the grade of the highlighted evidence."""
        index = self._highlighted()
        if index is not None:
            grade = await self.app.push_screen_wait(_grade_dialog(self._evidence[index]))
            if grade is not None:
                self._put(index, replace(self._evidence[index], grade=grade))

    @work
    async def action_change_date(self) -> None:
        """Ask for the date of the highlighted evidence."""
        index = self._highlighted()
        if index is not None:
            typed = await self.app.push_screen_wait(_date_dialog(self._evidence[index]))
            if typed is not None:
                self._put(index, replace(self._evidence[index], date=_date_of(typed)))

    def action_date_today(self) -> None:
        """Date the highlighted evidence today."""
        index = self._highlighted()
        if index is not None:
            self._put(index, replace(self._evidence[index], date=self._on_day))

    def action_remove(self) -> None:
        """Remove the highlighted evidence; undo brings it back."""
        index = self._highlighted()
        if index is not None:
            del self._evidence[index]
            self._list()

    async def _asked(self, evidence: Evidence, *, is_new: bool) -> Evidence | None:
        title = "Where was it seen?" if is_new else "Where was it seen? (the source)"
        source = await self.app.push_screen_wait(
            AskLine(
                title, evidence.source, hint="address, document and page, evidence/FILE, or who tried it", required=True
            )
        )
        if source is None:
            return None
        grade = await self.app.push_screen_wait(_grade_dialog(evidence))
        if grade is None:
            return None
        typed = await self.app.push_screen_wait(_date_dialog(evidence))
        if typed is None:
            return None
        sha256 = evidence.sha256 if source == evidence.source else None
        return Evidence(source, grade, _date_of(typed), sha256)

    def _take(self, index: int) -> None:
        self.dismiss((*self._evidence, self._used[index]))

    def _put(self, index: int, evidence: Evidence) -> None:
        self._evidence[index] = evidence
        self._list()

    def _highlighted(self) -> int | None:
        """The evidence of this question that is highlighted."""
        index = self.query_one(OptionList).highlighted
        return index if index is not None and index < len(self._evidence) else None

    def _list(self) -> None:
        options = self.query_one(OptionList)
        before = options.highlighted or 0
        rows = [Option(_row("●", each)) for each in self._evidence]
        rows += [
            Option(_row(str(number) if number <= 9 else " ", each, "used before"))
            for number, each in enumerate(self._used, 1)
        ]
        options.set_options([*rows, Option(in_a_row(_key("a"), "new source"))])
        options.highlighted = min(before, len(rows))


def _row(key: str, evidence: Evidence, more: str = "") -> Content:
    parts = (
        evidence.grade.value if evidence.grade else "no grade",
        evidence.date.isoformat() if evidence.date else "no date",
        *((more,) if more else ()),
    )
    return in_a_row(_key(key), on_one_line(evidence.source), "\n    ", Content.styled(" · ".join(parts), "$text-muted"))


def _key(key: str) -> Content:
    return Content.styled(f" {key}  ", "bold $text-primary")


def _grade_dialog(evidence: Evidence) -> ChooseOne[Grade]:
    choices = [Choice(grade, grade.value, words) for grade, words in GRADE_WORDS.items()]
    return ChooseOne("How far does it carry?", choices, chosen=evidence.grade)


def _date_dialog(evidence: Evidence) -> AskLine:
    value = evidence.date.isoformat() if evidence.date else ""
    return AskLine("When was it seen, or dated?", value, hint="2026-11-21; may be left empty", check=_date_fault)


def _date_of(typed: str) -> date | None:
    return date.fromisoformat(typed) if typed else None


def _date_fault(typed: str) -> str | None:
    try:
        _date_of(typed)
    except ValueError:
        return "A date is written year-month-day, as 2026-11-21; leave it empty where there is none."
    return None
