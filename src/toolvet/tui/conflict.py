"""What differs between two versions of an assessment, point by point, and what is kept of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.rubric import Rubric
from toolvet.domain.settling import Keep, Key, Point
from toolvet.report.text import plural
from toolvet.tui.place import Place
from toolvet.tui.widgets.conflict_words import kept_entries, side_entries, title_of
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.hanging import Hanging
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two versions are called."""

    ours: str
    theirs: str

    def words(self, keep: Keep) -> str:
        """What is kept, as a word or two."""
        return {Keep.OURS: self.ours, Keep.THEIRS: self.theirs, Keep.BOTH: "Both"}[keep]


class PointList(OptionList):
    """The points, in which enter goes from one choice to the next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", show=False, tooltip="Go through the choices for this one."),
        Binding("pagedown", "screen.scroll_sides(1)", "More", key_display="pgdn", tooltip="More of long versions."),
        Binding("pageup", "screen.scroll_sides(-1)", "Back up", show=False, tooltip="Up again in long versions."),
    ]


class ConflictScreen(Place[Mapping[Key, Keep] | None]):
    """Dismissed with what is kept of each point, or None where the person went back and nothing is to change."""

    CSS_PATH = "conflict.tcss"
    HELP = (
        "The file was changed by somebody else while it was changed here. Each row is one thing in which the two "
        "versions differ, with what is kept of it. Where an answer is kept of both, notes and evidence are put "
        "together, and two different levels are to be confirmed: they count once the question is answered anew. "
        "Whatever you choose, a version that is not kept whole is put aside beside the file as .settled."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "save", "Save it so", tooltip="Save the file as it is put together here."),
        Binding("1", "keep('ours')", "Left", tooltip="Keep the version at the left of this one."),
        Binding("2", "keep('theirs')", "Right", tooltip="Keep the version at the right of this one."),
        Binding("3", "keep('both')", "Both", tooltip="Keep what stands in either."),
        Binding("a", "keep_all", "All", tooltip="The same choice for all of them."),
    ]

    list = query_one("#points", PointList)

    def __init__(self, rubric: Rubric, found: tuple[Point, ...], subject: str, sides: Sides) -> None:
        super().__init__()
        self._rubric, self._points, self._subject, self._sides = rubric, found, subject, sides
        self.kept = {point.key: point.offered for point in found}

    def compose(self) -> ComposeResult:
        yield TitleBar("What differs", self._subject)
        yield Static(on_one_line(self._summary()), id="conflict-summary")
        yield PointList(id="points")
        with VerticalScroll(id="versions", can_focus=False):
            with Horizontal(id="version-sides"):
                for side in ("ours", "theirs"):
                    with Vertical(classes="version"):
                        yield Static(id=f"{side}-name")
                        yield Hanging(id=f"{side}-version")
            yield Static(id="kept-name")
            yield Hanging(id="kept-version")
        yield Keys()

    def _summary(self) -> str:
        disputed, all_of_them = sum(point.is_disputed for point in self._points), len(self._points)
        if not disputed:
            return f"{plural(all_of_them, 'point')}, each changed by only one of them; that is kept."
        rest = " The rest only one of them changed." if disputed < all_of_them else ""
        return f"≠ {disputed} of {all_of_them}: each side says something else.{rest}"

    @on(Resize)
    def _fit(self) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        at = self.list.highlighted or 0
        self.list.set_options(Option(self._row(point)) for point in self._points)
        self.list.highlighted = at

    def _row(self, point: Point) -> Content:
        word = self._sides.words(self.kept[point.key])
        sign = Content.styled("≠ " if point.is_disputed else "  ", "$text-warning")
        return in_a_row(Content.styled(f"{word:<10}", "bold"), sign, on_one_line(title_of(point, self._rubric)))

    @property
    def _point(self) -> Point:
        return self._points[self.list.highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _show_versions(self) -> None:
        point, keep = self._point, self.kept[self._point.key]
        for side, value in (("ours", point.ours), ("theirs", point.theirs)):
            name = f"{1 if side == 'ours' else 2}  {getattr(self._sides, side)}"
            self.query_one(f"#{side}-name", Static).update(Content.styled(name, "bold $text-primary"))
            self.query_one(f"#{side}-version", Hanging).show(side_entries(point, value, self._rubric))
        self.query_one("#kept-name", Static).update(
            Content.styled(f"Kept: {self._sides.words(keep)}", "bold $text-success")
        )
        self.query_one("#kept-version", Hanging).show(kept_entries(point, keep, self._rubric))
        self.query_one("#versions").scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _go_through(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        order = [Keep.OURS, Keep.THEIRS, *([Keep.BOTH] if self._point.can_be_both else [])]
        self._choose(self._point, order[(order.index(self.kept[self._point.key]) + 1) % len(order)])

    def action_keep(self, keep: str) -> None:
        """Keep that of the highlighted point, and go to the next."""
        point = self._point
        if keep == Keep.BOTH and not point.can_be_both:
            self.app.notify("Only one of these can stand there: 1 or 2.", markup=False)
            return
        self._choose(point, Keep(keep))
        self.list.action_cursor_down() if point is not self._points[-1] else None

    def _choose(self, point: Point, keep: Keep) -> None:
        self.kept[point.key] = keep
        self.list.replace_option_prompt_at_index(self._points.index(point), self._row(point))
        self._show_versions()

    def action_keep_all(self) -> None:
        """Ask for one choice for all of them."""
        from toolvet.tui.dialogs import Choice, ChooseOne  # two files that differ in one point need no dialog

        choices = [Choice(keep, self._sides.words(keep)) for keep in Keep]
        choices[-1] = Choice(Keep.BOTH, "Both", "Where only one can stand, the first is kept.")
        self.app.push_screen(ChooseOne("What is kept of all of them?", choices), self._keep_all)

    def _keep_all(self, keep: Keep | None) -> None:
        if keep is not None:
            for point in self._points:
                possible = keep is not Keep.BOTH or point.can_be_both
                self.kept[point.key] = keep if possible else Keep.OURS
            self._fill()
            self._show_versions()

    def action_scroll_sides(self, pages: int) -> None:
        """Show more of long versions."""
        sides = self.query_one("#versions")
        sides.scroll_relative(y=pages * max(1, sides.size.height - 1), animate=False)

    def action_save(self) -> None:
        """Give what is kept of each."""
        self.dismiss(dict(self.kept))
