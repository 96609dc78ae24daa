"""The weights of the criteria, each as a slider with the shares between which the leader stays first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from toolvet.domain.comparison import Ranked
from toolvet.domain.robustness import DRAWS, SEED, LeaderHolds
from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import ScoreRange
from toolvet.domain.verdict import percent
from toolvet.domain.what_if import Shares
from toolvet.report.charts import range_bar
from toolvet.report.comparison_words import change_words
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown

LONGEST_BAR = 50
NARROWEST_TITLE, WIDEST_TITLE = 16, 28
FIGURE_WIDTH = 8


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Weights tried, beside the rubric's `own`, with `chosen` the criterion at hand, and what follows from them.

    `holds` is empty where weights cannot be tried. `pinned`, the first shares with the chosen criterion's weight as
    it is, is None while it is being worked out.
    """

    shares: Shares
    own: Shares
    chosen: int
    ranked: tuple[Ranked, ...]
    holds: tuple[LeaderHolds, ...]
    pinned: Mapping[str, Fraction] | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria that are weighed."""
        return self.ranked[0].candidate.scorecard.rubric.criteria

    @property
    def is_changed(self) -> bool:
        """Whether these are other weights than the rubric's."""
        return self.shares != self.own


class Sliders(Widget, can_focus=True):
    """Up and down choose a criterion, left and right move its weight."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Criterion above", show=False, tooltip="Move the weight of another one."),
        Binding("down", "choose(1)", "Criterion below", show=False),
        Binding("right,plus", "move(1)", "More", key_display="→", tooltip="More weight: a hundredth of the whole."),
        Binding("left,minus", "move(-1)", "Less", key_display="←", tooltip="Less weight: a hundredth of the whole."),
        Binding(
            "greater_than_sign", "move(10)", "Much more", key_display=">", show=False, tooltip="A tenth of the whole."
        ),
        Binding(
            "less_than_sign", "move(-10)", "Much less", key_display="<", show=False, tooltip="A tenth of the whole."
        ),
    ]

    class Moved(Message):
        """The weight of the chosen criterion is to move by so many hundredths."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps

    class Chosen(Message):
        """Another criterion was chosen."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, what_if: WhatIf) -> None:
        super().__init__()
        self._what_if = what_if

    def show(self, what_if: WhatIf) -> None:
        """Show these weights."""
        self._what_if = what_if
        self.refresh()

    def action_choose(self, by: int) -> None:
        """Choose the criterion above or below."""
        place = max(0, min(self._what_if.chosen + by, len(self._what_if.shares) - 1))
        if place != self._what_if.chosen:
            self.post_message(self.Chosen(place))

    def action_move(self, steps: int) -> None:
        """Move the chosen weight."""
        self.post_message(self.Moved(steps))

    def on_click(self, event: events.Click) -> None:
        """Choose the criterion that was clicked."""
        event.stop()
        offset = event.get_content_offset(self)
        place = -1 if offset is None else offset.y - len(self._head())
        if 0 <= place < len(self._what_if.shares):
            self.post_message(self.Chosen(place))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        """The heading, a line for each criterion, and the legend."""
        return len(self._head()) + len(self._what_if.shares) + 1

    def render(self) -> Content:
        """The weights, then what they mean."""
        width, height = self.size.width, self.size.height
        return Content("\n").join([*self._head(), *self._weights(width), _LEGEND][:height])

    def _head(self) -> list[Content]:
        if not self._what_if.is_changed:
            state = Content.styled(" WHAT IF  the rubric's weights; ← → move one", "bold $text-primary")
        else:
            state = in_a_row(
                Content.styled(" WHAT IF: not saved ", "bold reverse $text-warning"),
                Content.styled("  0", "bold $footer-key-foreground"),
                " the rubric's weights",
            )
        return [
            state,
            Content.styled(
                f" {'':{self._title_width()}}{'share':>{FIGURE_WIDTH}}{'rubric':>{FIGURE_WIDTH}}", "$text-muted"
            ),
        ]

    def _title_width(self) -> int:
        longest = max(on_one_line(criterion.title).cell_length for criterion in self._what_if.criteria)
        return max(NARROWEST_TITLE, min(longest + 1, WIDEST_TITLE))

    def _weights(self, width: int) -> Iterator[Content]:
        what_if, title_width = self._what_if, self._title_width()
        bar_width = max(12, min(LONGEST_BAR, width - title_width - 2 * FIGURE_WIDTH - 4))
        for place, criterion in enumerate(self._what_if.criteria):
            share, own = what_if.shares[place], what_if.own[place]
            is_chosen = place == what_if.chosen
            title = on_one_line(criterion.title, "bold" if is_chosen else "").truncate(
                title_width, ellipsis=True, pad=True
            )
            figures = f"{percent(100 * share):>{FIGURE_WIDTH}}{percent(100 * own):>{FIGURE_WIDTH}}  "
            row = in_a_row("▸" if is_chosen else " ", title, figures, self._bar(place, bar_width))
            if is_chosen:
                style = "on $block-cursor-background" if self.has_focus else "on $block-cursor-blurred-background"
                row = row.truncate(width, pad=True).stylize_before(style)
            yield row

    def _bar(self, place: int, width: int) -> Content:
        """The slider: the share now, the rubric's, and between which the leader stays first."""
        share, own = 100 * self._what_if.shares[place], 100 * self._what_if.own[place]
        holds = self._what_if.holds
        low, high = (100 * holds[place].low.share, 100 * holds[place].high.share) if holds else (share, share)
        return Content.styled(range_bar(ScoreRange(low, share, high, share), width, (own,)), "$text-primary")


_LEGEND = Content.styled(" ● share now  │ the rubric's  ┣ ┫ between these the leader stays first", "$text-muted")


def what_if_words(what_if: WhatIf) -> Iterator[Content]:
    """How far the ranking holds, and what the first shares mean."""
    yield shown(_hold_words(what_if))
    title = what_if.criteria[what_if.chosen].title
    share = percent(100 * what_if.shares[what_if.chosen])
    yield shown(
        f"Verdicts stay as they are and go before any weight. First in all: percent of {DRAWS:,} weightings drawn at "
        f"random (seed {SEED}); with {share}: of as many that give {title} that share.",
        "$text-muted",
    )


def _hold_words(what_if: WhatIf) -> str:
    leader = what_if.ranked[0].candidate
    verdict, title = leader.scorecard.verdict, what_if.criteria[what_if.chosen].title
    if not what_if.holds:
        return f"{leader.name} leads; how far that holds cannot be said, for it has a criterion without a score."
    if sum(ranked.candidate.scorecard.verdict is verdict for ranked in what_if.ranked) == 1:
        return f"{leader.name} leads whatever the weights: no other has its verdict, {verdict.words}."
    hold = what_if.holds[what_if.chosen]
    edges = [edge for edge in (hold.low, hold.high) if edge.rival is not None]
    if not edges:
        return f"{leader.name} leads whatever share {title} has, if the others keep their proportions."
    return f"{leader.name} leads. {'; '.join(change_words(hold, edge) for edge in edges)}."
