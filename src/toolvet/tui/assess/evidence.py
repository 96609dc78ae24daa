"""Evidence for one question: what is recorded, sources used before, and adding something new."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.assessment import Evidence, Grade
from toolvet.storage.user_state import Unfinished
from toolvet.text.labels import day
from toolvet.tui.kit.content import Choices, KeyHint, in_a_row, on_one_line
from toolvet.tui.kit.dialogs import Choice, ChooseOne, Dialog
from toolvet.tui.kit.text_dialogs import AskLine, half_typed

GRADE_WORDS = {
    Grade.TESTED: "somebody tried the tool, its console, a trial",
    Grade.INDEPENDENT: "nobody gains by it: an audit, a certificate, a test",
    Grade.DOCUMENT: "the provider's own documents or contract",
    Grade.CLAIM: "said or advertised, nothing more",
}

Keep = Callable[[Evidence], None]
Back = Callable[[], None]
Save = Callable[[tuple[Evidence, ...]], str | None]


class EvidenceDialog(Dialog[tuple[Evidence, ...] | None]):
    """Dismissed with the evidence as it is to be. A digit takes a source used before, with its grade and date.

    `save` takes the evidence as it stands after each change; it gives what stood in the way, or None. `half_date`
    gives the place for the date half typed of a source, which no file takes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", tooltip="Name a new source.", id="add"),
        Binding("T", "date_today", "Date it today", tooltip="It was seen again today.", id="date-it-today"),
        Binding("G", "change_grade", "Change its grade", tooltip="How strong it is.", id="change-its-grade"),
        Binding("Y", "change_date", "Change its date", tooltip="When it was seen.", id="change-its-date"),
        Binding("delete,backspace", "remove", "Clear", tooltip="Remove the source from this answer.", id="clear"),
    ]

    def __init__(
        self,
        question_title: str,
        evidence: Sequence[Evidence],
        used: Sequence[Evidence],
        today: Callable[[], date],
        save: Save,
        half_date: Callable[[str], Unfinished],
    ) -> None:
        super().__init__(f"Evidence: {question_title}")
        self._evidence = list(evidence)
        here = {each.source for each in evidence}
        self._used = [each for each in used if each.source not in here]
        self._today = today
        self._save = save
        self._half_date = half_date

    def compose_answer(self) -> ComposeResult:
        yield Choices(id="dialog-choices")
        yield KeyHint(
            ("a", "new source", "screen.add"),
            ("G", "grade", "screen.change_grade"),
            ("Y", "date", "screen.change_date"),
            ("T", "today", "screen.date_today"),
            ("del", "clear", "screen.remove"),
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
        self.dismiss(tuple(self._evidence))

    def action_add(self) -> None:
        """Ask for a new source, its grade and its date; done with the last."""
        self._ask_source(len(self._evidence), Evidence("", date=self._today()), self._add, self._leave_if_empty)

    def _add(self, evidence: Evidence) -> None:
        self.dismiss((*self._evidence, evidence))

    def _leave_if_empty(self) -> None:
        if not self._evidence and not self._used:
            self.dismiss(None)

    def _edit(self, index: int) -> None:
        self._ask_source(index, self._evidence[index], partial(self._put, index), _nothing)

    def action_change_grade(self) -> None:
        index = self._highlighted()
        if index is not None:
            self._ask_grade(self._evidence[index], partial(self._put, index), _nothing)

    def action_change_date(self) -> None:
        index = self._highlighted()
        if index is not None:
            self._ask_date(self._evidence[index], partial(self._put, index), _nothing)

    def action_date_today(self) -> None:
        index = self._highlighted()
        if index is not None:
            self._put(index, replace(self._evidence[index], date=self._today()))

    def action_remove(self) -> None:
        """Remove the highlighted evidence; undo brings it back."""
        index = self._highlighted()
        if index is not None:
            del self._evidence[index]
            self._list()

    def _ask_source(self, index: int, evidence: Evidence, then: Keep, back: Back) -> None:
        """Source, grade and date one after the other; back from one of them leads to the one before.

        What is there so far is saved as the evidence of that index; going back takes it away again.
        """

        def named(source: str) -> Evidence:
            return replace(evidence, source=source, sha256=evidence.sha256 if source == evidence.source else None)

        def go_on(source: str | None) -> None:
            if source is None:
                self._save(tuple(self._evidence))
                back()
                return
            again = partial(self._ask_source, index, named(source), then, back)

            def date_it(graded: Evidence) -> None:
                self._save(self._with(index, graded))
                self._ask_date(graded, then, again)

            self._ask_grade(named(source), date_it, again)

        def save(source: str) -> str | None:
            return self._save(self._with(index, named(source)) if source else tuple(self._evidence))

        hint = "e.g. an address, a document and page, evidence/FILE, or who tried it"
        asking = AskLine("Where was it seen?", evidence.source, hint=hint, required=True, drafted=save)
        self.app.push_screen(asking, go_on)

    def _with(self, index: int, evidence: Evidence) -> tuple[Evidence, ...]:
        return (*self._evidence[:index], evidence, *self._evidence[index + 1 :])

    def _ask_grade(self, evidence: Evidence, then: Keep, back: Back) -> None:
        choices = [Choice(grade, grade.value, words) for grade, words in GRADE_WORDS.items()]
        self.app.push_screen(
            ChooseOne("How strong is this evidence?", choices, chosen=evidence.grade),
            lambda grade: back() if grade is None else then(replace(evidence, grade=grade)),
        )

    def _ask_date(self, evidence: Evidence, then: Keep, back: Back) -> None:
        value = evidence.date.isoformat() if evidence.date else ""
        place = self._half_date(evidence.source)
        half = half_typed(place)

        def leave(typed: str | None) -> None:
            place.forget()
            if typed is None:
                back()
            else:
                then(replace(evidence, date=_date_of(typed)))

        asking = AskLine(
            "Date of the evidence",
            value,
            hint="e.g. 2026-11-21; may be left empty",
            check=_date_fault,
            drafted=half.keep_text,
            taken_up=half.text,
        )
        self.app.push_screen(asking, leave)

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
        self._save(tuple(self._evidence))
        options = self.query_one(OptionList)
        before = options.highlighted or 0
        rows = [Option(_row("●", each)) for each in self._evidence]
        rows += [
            Option(_row(str(number) if number <= 9 else " ", each, "used before: enter takes it"))
            for number, each in enumerate(self._used, 1)
        ]
        options.set_options([*rows, Option(in_a_row(_key("a"), "new source"))])
        options.highlighted = min(before, len(rows))


def _row(key: str, evidence: Evidence, more: str = "") -> Content:
    parts = (
        evidence.grade.value if evidence.grade else "no grade",
        day(evidence.date) if evidence.date else "no date",
        *((more,) if more else ()),
    )
    return in_a_row(_key(key), on_one_line(evidence.source), "\n    ", Content.styled(" · ".join(parts), "$text-muted"))


def _key(key: str) -> Content:
    return Content.styled(f" {key}  ", "bold $text-primary")


def _date_of(typed: str) -> date | None:
    return date.fromisoformat(typed) if typed else None


def _date_fault(typed: str) -> str | None:
    try:
        _date_of(typed)
    except ValueError:
        return "Type the date as year-month-day, such as 2026-11-21, or leave it empty."
    return None


def _nothing() -> None:
    """Back from a change leaves all as it was."""
