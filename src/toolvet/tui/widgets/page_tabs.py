"""The names of pages in a row, the one that is open marked; a click opens another."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget


class PageTabs(Widget):
    """One line: "1 Verdict  2 Must-haves". The open one stands in brackets, so that it shows without colour.

    Where they do not fit, the names stand one blank apart instead of two.
    """

    class Chosen(Message):
        """A name was clicked."""

        def __init__(self, page: int) -> None:
            super().__init__()
            self.page = page

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__()
        self._names = names
        self._page = 0

    def show(self, page: int) -> None:
        """Mark that page as the open one."""
        self._page = page
        self.refresh()

    def add(self, name: str) -> None:
        """One page more, the last."""
        self._names += (name,)
        self.refresh()

    def render(self) -> Content:
        """The names."""
        return Content("").join([self._tab(page) for page in range(len(self._names))])

    def on_click(self, event: events.Click) -> None:
        """Choose the name that was clicked."""
        event.stop()
        end = 0
        for page in range(len(self._names)):
            end += self._tab(page).cell_length
            if event.x < end:
                self.post_message(self.Chosen(page))
                return

    def _tab(self, page: int) -> Content:
        name = f"{page + 1} {self._names[page]}"
        if page == self._page:
            return Content.styled(f"[{name}]", "bold $text-primary")
        return Content.styled(f" {name}{self._gap}", "$text-muted")

    @property
    def _gap(self) -> str:
        """What follows a name, where there is room for it."""
        wide = sum(len(f" {page} {name} ") for page, name in enumerate(self._names, 1))
        return " " if wide <= self.size.width else ""
