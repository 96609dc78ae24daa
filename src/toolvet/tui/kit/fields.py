"""Text fields that keep every character as typed and show none that a terminal would act on."""

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
"""Characters, as many as a file takes."""

NOT_TAKEN = "Too long"
FULL = f"A text can have at most {LONGEST_TEXT:,} characters. Nothing was added or cut."

SHORT = 24
"""Up to so many characters, people retype a value rather than change it."""


class LineField(Input):
    """One line. With `goes_on` the cursor starts at the end, because somebody was typing when the field was drawn."""

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
            # people retype a whole date; in a sentence they read the beginning and change a word
            self.select_on_focus = False
            self.cursor_position = 0

    def _on_paste(self, event: Paste) -> None:
        """Paste several lines as one. Textual would silently drop all but the first."""
        event.prevent_default()
        event.stop()
        self._full_at = None
        self.replace(" ".join(event.text.splitlines()).strip(), *sorted(self.selection))

    def restricted(self) -> None:
        """Say that the text is too long, only once for a key held down."""
        if self._full_at != self.value:
            self._full_at = self.value
            _say_full(self)

    @property
    def _value(self) -> Text:
        # Textual draws this; one cell for each character keeps the cursor in the right place
        return Text(_drawn(self.value), no_wrap=True, overflow="ignore", end="")


class TextField(TextArea):
    """Several lines. Tab goes to the next field."""

    _full_at: str | None = None

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        hint = Content(visible(placeholder, keep_line_breaks=True))
        super().__init__(value, placeholder=hint, id=id, soft_wrap=True, tab_behavior="focus")

    def get_line(self, line_index: int) -> Text:
        return Text(_drawn(self.document.get_line(line_index)), end="", no_wrap=True)

    def edit(self, edit: Edit) -> EditResult:
        """Make the edit, or refuse it and say so where the text would be longer than a file takes."""
        grown = len(edit.text) - len(self.get_text_range(edit.top, edit.bottom))
        if grown <= 0 or len(self.text) + grown <= LONGEST_TEXT:
            return super().edit(edit)
        if grown > 1 or self._full_at != self.text:  # as in LineField.restricted
            self._full_at = self.text
            _say_full(self)
        return EditResult(self.cursor_location, "")

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)


def _say_full(field: Widget) -> None:
    field.app.notify(FULL, title=NOT_TAKEN, severity="warning", markup=False)


def _drawn(text: str) -> str:
    """Replace each invisible character by one visible character."""
    if visible(text) == text:
        return text
    return "".join(character if visible(character) == character else _picture(character) for character in text)


def _picture(character: str) -> str:
    picture = visible(character)
    return picture if len(picture) == 1 else "\ufffd"
