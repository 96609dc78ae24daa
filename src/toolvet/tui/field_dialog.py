"""Several short fields in one dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from toolvet.tui.half_typed import Keep
from toolvet.tui.text_dialogs import TypingDialog
from toolvet.tui.widgets.fields import LineField
from toolvet.tui.widgets.frame import KeyHint


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its name in the answer, its label, what stands in it, an example, and what it is checked by."""

    name: str
    label: str
    value: str = ""
    example: str = ""
    required: bool = False
    check: Callable[[str], str | None] | None = None

    def fault(self, text: str) -> str | None:
        """What is wrong with that text; None where nothing is."""
        if not text:
            return "this is needed." if self.required else None
        return self.check(text) if self.check else None


class AskFields(TypingDialog[dict[str, str]]):
    """The texts by name, trimmed. Enter goes on, and behind the last field keeps them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Asked],
        *,
        text: str = "",
        drafted: Keep | None = None,
        taken_up: Mapping[str, str] | None = None,
    ) -> None:
        before = {field.name: field.value.strip() for field in fields}
        left = before | dict(taken_up) if taken_up else None
        super().__init__(title, text, before=before, taken_up=left, drafted=drafted)
        self._fields = tuple(fields)

    def compose_answer(self) -> ComposeResult:
        for field in self._fields:
            with Horizontal(classes="dialog-row"):
                yield Label(field.label, classes="dialog-label", markup=False)
                example = f"e.g. {field.example}" if field.example else ""
                yield LineField(
                    self.first[field.name],
                    placeholder=example,
                    id=f"dialog-{field.name}",
                    goes_on=self.is_taken_up,
                )
        yield Static("", id="dialog-fault", markup=False)
        yield KeyHint(("enter", "Next field, then keep", "screen.go_on"), ("esc", "Back", "screen.back"))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        """The next field; behind the last keep them all."""
        if self.focused is not None and self.focused.id == f"dialog-{self._fields[-1].name}":
            self.action_keep()
        else:
            self.focus_next()

    def action_keep(self) -> None:
        """Give the texts, unless something is wrong with one."""
        texts = self.typed
        for field in self._fields:
            fault = field.fault(texts[field.name])
            if fault is not None:
                self.say(f"✗ {field.label}: {fault}")
                self._input(field).focus()
                return
        self.dismiss(texts)

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the fields, by name, trimmed."""
        return {field.name: self._input(field).value.strip() for field in self._fields}

    def _input(self, field: Asked) -> LineField:
        return self.query_one(f"#dialog-{field.name}", LineField)
