"""Fields to type in, which keep every character as it is and show none that a terminal would act upon."""

from __future__ import annotations

from rich.text import Text
from textual.content import Content
from textual.document._document import EditResult
from textual.document._edit import Edit
from textual.events import Paste
from textual.widget import Widget
from textual.widgets import Input, TextArea

from toolvet.storage.toml_input import TEXT_CHARACTERS
from toolvet.text.escape import visible

LONGEST_TEXT = TEXT_CHARACTERS
"""Characters a text field may have: as many as a file takes."""

NOT_TAKEN = "Not taken"
FULL = f"A text may have {LONGEST_TEXT:,} characters, and it would be longer. Nothing was cut: all is as it was before."

SHORT = 24
"""Characters of a value that is rather typed anew than changed."""


class LineField(Input):
    """One line. With `goes_on` it is written on at its end: somebody was in the midst of it."""

    _full_at: str | None = None

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 Textual's word
        goes_on: bool = False,
    ) -> None:
        super().__init__(value, placeholder=visible(placeholder), id=id, max_length=LONGEST_TEXT)
        if goes_on:
            self.select_on_focus = False
        elif len(value) > SHORT:
            # all of a date is typed anew; of a sentence one reads the beginning and changes a word
            self.select_on_focus = False
            self.cursor_position = 0

    def _on_paste(self, event: Paste) -> None:
        """Take all lines as one: the field's own paste would drop all but the first without a word."""
        event.prevent_default()
        event.stop()
        self._full_at = None
        self.replace(" ".join(event.text.splitlines()).strip(), *sorted(self.selection))

    def restricted(self) -> None:
        """Say that it was not taken, which is always because it is too long; of a key held down only once."""
        if self._full_at != self.value:
            self._full_at = self.value
            _say_full(self)

    @property
    def _value(self) -> Text:
        # Textual draws from this; one cell for each character, so that the cursor stands where it should
        return Text(_drawn(self.value), no_wrap=True, overflow="ignore", end="")


class TextField(TextArea):
    """Several lines; Tab goes on to the next field."""

    _full_at: str | None = None

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        hint = Content(visible(placeholder, keep_line_breaks=True))
        super().__init__(value, placeholder=hint, id=id, soft_wrap=True, tab_behavior="focus")

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn."""
        return Text(_drawn(self.document.get_line(line_index)), end="", no_wrap=True)

    def edit(self, edit: Edit) -> EditResult:
        """Do it, unless the text would grow beyond what a file takes; then say so, and leave all as it was."""
        grown = len(edit.text) - len(self.get_text_range(edit.top, edit.bottom))
        if grown <= 0 or len(self.text) + grown <= LONGEST_TEXT:
            return super().edit(edit)
        if grown > 1 or self._full_at != self.text:  # as in LineField.restricted
            self._full_at = self.text
            _say_full(self)
        return EditResult(self.cursor_location, "")

    def on_mount(self) -> None:
        """Go on writing at the end."""
        self.move_cursor(self.document.end)


def _say_full(field: Widget) -> None:
    field.app.notify(FULL, title=NOT_TAKEN, severity="warning", markup=False)


def _drawn(text: str) -> str:
    """The text with one visible character for each that is not."""
    if visible(text) == text:
        return text
    return "".join(character if visible(character) == character else _picture(character) for character in text)


def _picture(character: str) -> str:
    picture = visible(character)
    return picture if len(picture) == 1 else "\ufffd"
