"""The running scorecard: verdict, ranges, must-haves, coverage, progress."""

from __future__ import annotations

from fractions import Fraction

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from toolvet.domain.passes import progress
from toolvet.domain.scorecard import MustHaveState, Scorecard, ScoreRange
from toolvet.domain.verdict import percent, threshold
from toolvet.report.charts import range_bar
from toolvet.tui.widgets.marks import (
    MUST_HAVE,
    MUST_HAVE_SIGNS,
    MUST_HAVE_STYLES,
    MUST_HAVE_WORDS,
    VERDICT_STYLES,
    verdict_mark,
)
from toolvet.tui.widgets.plain_text import on_one_line, shown

SHORTEST_BAR = 12
NARROWEST = 20
LEGEND = "┣ floor  ● observed  ┫ ceiling  │ needed: with conditions, to approve"


def verdict_words(scorecard: Scorecard) -> Content:
    """The sign and the word of the verdict, in its colour."""
    return Content.styled(verdict_mark(scorecard.verdict), f"bold {VERDICT_STYLES[scorecard.verdict]}")


def range_rows(title: str, score_range: ScoreRange | None, width: int, marks: tuple[Fraction, ...]) -> list[Content]:
    """Three rows: the title, the bar, the figures; two where nothing counts."""
    head = on_one_line(title, "bold").truncate(width, ellipsis=True)
    if score_range is None:
        return [head, Content.styled("nothing counts here", "$text-muted")]
    bar = Content.styled(range_bar(score_range, max(SHORTEST_BAR, width), marks), "$text-primary")
    return [head, bar, _spread(Content.styled(range_words(score_range), "$text-muted"), Content(""), width)]


def range_words(score_range: ScoreRange) -> str:
    """Floor, observed and ceiling as they stand on the bar: "41.2 ┣ ● 78.0 ┫ 88.1"."""
    observed = "none" if score_range.observed is None else percent(score_range.observed)
    return f"{percent(score_range.floor)} ┣ ● {observed} ┫ {percent(score_range.ceiling)}"


def must_have_rows(scorecard: Scorecard, width: int) -> list[Content]:
    """How many must-haves are met, and where the others stand, the worst first."""
    order = (
        MustHaveState.FAILED,
        MustHaveState.UNKNOWN,
        MustHaveState.EXPIRED,
        MustHaveState.NOT_APPLICABLE,
    )
    states = [must_have.state for must_have in scorecard.must_haves]
    met = f"{states.count(MustHaveState.MET)} of {len(states)} met"
    return [_spread(Content.styled("Must-haves", "bold"), Content(met), width)] + [
        Content.styled(
            f"{MUST_HAVE_SIGNS[state]} {states.count(state)} {MUST_HAVE_WORDS[state]}", MUST_HAVE_STYLES[state]
        )
        for state in order
        if state in states
    ]


def unmet(scorecard: Scorecard) -> int:
    """How many must-haves are not met."""
    return sum(must_have.state is not MustHaveState.MET for must_have in scorecard.must_haves)


def minutes_words(minutes: int) -> str:
    """Minutes as a person says them: "45 min", "2 h 05"."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def panel_rows(scorecard: Scorecard, width: int) -> list[Content]:
    """The whole panel at that width."""
    width = max(NARROWEST, width)
    policy = scorecard.rubric.policy
    rows = [verdict_words(scorecard), *_why(scorecard, width), Content("")]
    rows += range_rows("The whole", scorecard.overall, width, (policy.conditional.overall, policy.approve.overall))
    rows.append(Content(""))
    marks = (policy.conditional.criterion, policy.approve.criterion)
    for scored in scorecard.criteria:
        rows += range_rows(scored.criterion.title, scored.range, width, marks)
    rows += [Content(""), *must_have_rows(scorecard, width), Content("")]
    done = progress(scorecard)
    coverage = Fraction(0) if scorecard.overall is None else scorecard.overall.coverage
    rows += [
        _spread(Content("Coverage"), Content(f"{percent(coverage)} of {threshold(policy.coverage)} needed"), width),
        _spread(Content("Answered"), Content(f"{done.answered} of {done.total}"), width),
        Content(""),
        Content.styled("┣ floor ● observed ┫ ceiling", "$text-muted"),
        Content.styled("│ to pass: with conditions,", "$text-muted"),
        Content.styled("  and to approve", "$text-muted"),
    ]
    return rows


def one_line(scorecard: Scorecard) -> Content:
    """The scorecard on one line, for narrow screens."""
    overall = scorecard.overall
    done = progress(scorecard)
    missing = unmet(scorecard)
    parts = [
        verdict_words(scorecard),
        Content("nothing counts" if overall is None else range_words(overall)),
        Content(f"{MUST_HAVE} {missing} unmet" if missing else f"{MUST_HAVE} all met"),
        Content.styled(f"{done.answered}/{done.total} answered", "$text-muted"),
    ]
    return Content("  ").join(parts)


class ScorePanel(Widget):
    """The panel at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._scorecard: Scorecard | None = None

    def show(self, scorecard: Scorecard) -> None:
        """Show this scorecard."""
        if scorecard is self._scorecard:
            return
        self._scorecard = scorecard
        self.refresh(layout=len(panel_rows(scorecard, self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        """As many rows as the panel has."""
        return 0 if self._scorecard is None else len(panel_rows(self._scorecard, width))

    def render(self) -> Content:
        """The rows."""
        return Content("\n").join([] if self._scorecard is None else panel_rows(self._scorecard, self.size.width))


class ScoreLine(Static):
    """The scorecard in one line."""

    def show(self, scorecard: Scorecard) -> None:
        """Show this scorecard."""
        self.update(one_line(scorecard), layout=False)


def _why(scorecard: Scorecard, width: int) -> list[Content]:
    """The first reason, and how many more there are."""
    if not scorecard.reasons:
        return []
    first = shown(scorecard.reasons[0].text, "$text-muted").wrap(width)[:3]
    more = len(scorecard.reasons) - 1
    return first + ([Content.styled(f"and {more} more: r review", "$text-muted")] if more else [])


def _spread(left: Content, right: Content, width: int) -> Content:
    return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right
