"""Fields to type in, which keep every character as it is and show none that a terminal would act upon."""

from __future__ import annotations

from rich.text import Text
from textual.content import Content
from textual.widgets import Input, TextArea

from toolvet.report.text import visible

LONGEST_TEXT = 20_000
"""Characters a text field of a file may have (PRODUCT.md, Files)."""


SHORT = 24
"""Characters of a value that is rather typed anew than changed."""


class LineField(Input):
    """One line. With `goes_on` it is written on at its end: somebody was in the midst of it."""

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

    @property
    def _value(self) -> Text:
        # Textual draws from this; one cell for each character, so that the cursor stands where it should
        return Text(_drawn(self.value), no_wrap=True, overflow="ignore", end="")


class TextField(TextArea):
    """Several lines; Tab goes on to the next field."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        hint = Content(visible(placeholder, keep_line_breaks=True))
        super().__init__(value, placeholder=hint, id=id, soft_wrap=True, tab_behavior="focus")

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn."""
        return Text(_drawn(self.document.get_line(line_index)), end="", no_wrap=True)

    def on_mount(self) -> None:
        """Go on writing at the end."""
        self.move_cursor(self.document.end)


def _drawn(text: str) -> str:
    """The text with one visible character for each that is not."""
    if visible(text) == text:
        return text
    return "".join(character if visible(character) == character else _picture(character) for character in text)


def _picture(character: str) -> str:
    picture = visible(character)
    return picture if len(picture) == 1 else "\ufffd"
