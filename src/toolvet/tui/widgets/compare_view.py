"""What the pages of the Compare screen show together, and what they say to it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.containers import Container
from textual.message import Message

from toolvet.domain.robustness import Robustness
from toolvet.report.comparison import Comparison, Entry


@dataclass(frozen=True, slots=True)
class View:
    """The comparison and where the person is in it.

    `at` is the tool at hand and `place` the question, counted in ranked order and in the rubric's. `marked` are at
    most two tools. `robustness` is None while it is being worked out, and where weights cannot be tried; `words`,
    the comparison in sentences, are empty meanwhile.
    """

    comparison: Comparison
    robustness: Robustness | None = None
    words: tuple[str, ...] = ()
    at: int = 0
    place: int = 0
    marked: tuple[int, ...] = ()
    only_differences: bool = False

    @property
    def entry(self) -> Entry:
        """The tool at hand."""
        return self.comparison.entries[self.at]

    @property
    def other(self) -> Entry:
        """The one that the tool at hand is compared with."""
        return next((entry for entry in self.pair if entry is not self.entry), self.entry)

    @property
    def pair(self) -> tuple[Entry, Entry]:
        """The two tools to compare closely, the one ranked before first.

        Those that are marked; else the tool at hand with the one that is marked, with the leader, or with the next.
        """
        one, other = self.marked if len(self.marked) == 2 else (self.at, self._other())
        return self.comparison.entries[min(one, other)], self.comparison.entries[max(one, other)]

    def _other(self) -> int:
        others = (at for at in (*self.marked, 0, 1) if at != self.at and at < len(self.comparison.entries))
        return next(others, self.at)


class AtTool(Message):
    """The cursor went to another tool, or to another question of it."""

    def __init__(self, at: int, place: int | None = None) -> None:
        super().__init__()
        self.at = at
        self.place = place


class WhyAsked(Message):
    """A tool was chosen: why does it stand where it stands?"""


class AnswersAsked(Message):
    """A question was chosen; `places` are those that can be turned through."""

    def __init__(self, place: int, places: tuple[int, ...]) -> None:
        super().__init__()
        self.place = place
        self.places = places


class Page(Container):
    """One of the pages."""

    is_in_view = False

    def stand(self, *, in_view: bool) -> None:
        """Come into view, or stand aside: beside the screen it keeps its size, so turning to it lays nothing out."""
        self.is_in_view = in_view
        self.styles.offset = (0, 0) if in_view else ("100vw", 0)

    def show(self, view: View) -> None:
        """Show that view."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Let the keys go to what is on the page."""
        raise NotImplementedError
