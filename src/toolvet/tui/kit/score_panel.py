"""The running scorecard: verdict, ranges, must-haves, coverage, progress."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from toolvet.domain.assessment import Pass, minutes_left, progress
from toolvet.domain.scorecard import MustHaveState, Scorecard, ScoreRange, Verdict
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import (
    MUST_HAVE_SIGNS,
    MUST_HAVE_STYLES,
    NOT_STARTED,
    NOT_STARTED_SIGN,
    VERDICT_STYLES,
    figure,
    percent,
    share,
    share_needed,
    state_words,
    verdict_mark,
)
from toolvet.text.sentences import reason_words, settled_words
from toolvet.tui.kit.content import bar, in_a_row, on_one_line, shown

_SHORTEST_BAR = 12
_NARROWEST = 20
_LINE_BAR = 20
_SPACED_FROM = 40
"""Lines of the terminal from which a blank line stands between the criteria."""
WORST_FIRST = (MustHaveState.FAILED, MustHaveState.UNKNOWN, MustHaveState.EXPIRED, MustHaveState.NOT_APPLICABLE)
RANGE_LEGEND = "┣ floor  ● observed  ┫ ceiling  ┊ needed: with conditions, to approve"


def verdict_words(found: Scorecard | Verdict) -> Content:
    """The sign and the word of the verdict, in its colour; that there is no answer yet goes before it."""
    if isinstance(found, Scorecard) and not found.is_started:
        return not_started_words()
    verdict = found if isinstance(found, Verdict) else found.verdict
    return Content.styled(verdict_mark(verdict), f"bold {VERDICT_STYLES[verdict]}")


def verdict_chip(found: Scorecard) -> Content:
    """The verdict on a ground in its own colour."""
    words = verdict_words(found)
    return words.pad_left(1).pad_right(1).stylize(f"{words.spans[0].style} reverse")


def not_started_words() -> Content:
    return Content.styled(f"{NOT_STARTED_SIGN} {NOT_STARTED.upper()}", "bold $text-muted")


def _range_rows(title: str, score_range: ScoreRange | None, width: int, marks: tuple[Fraction, ...]) -> list[Content]:
    """Three rows: the title, the bar, the figures; two where nothing counts."""
    head = on_one_line(title, "bold").truncate(width, ellipsis=True)
    if score_range is None:
        return [head, Content.styled("nothing counts here", "$text-muted")]
    figures = _three(figure(score_range.floor), figure(score_range.observed), figure(score_range.ceiling), width)
    return [head, bar(range_bar(score_range, max(_SHORTEST_BAR, width), marks)), Content(figures)]


def _three(left: str, middle: str, right: str, width: int) -> str:
    """Three words over that width, as the figures below a bar stand."""
    half = (width + len(middle)) // 2
    return f"{left}{middle:>{max(1, half - len(left))}}{right:>{max(1, width - half)}}"


_LONGEST_BAR, _SHORTEST_IN_TABLE = 50, 20
_TO_APPROVE = "  to approve"


def range_table(scorecard: Scorecard, width: int, *, has_all: bool = False) -> Iterator[Content]:
    """A bar for each criterion and overall, with what its floor lacks to approve; `has_all` adds the other figures."""
    policy = scorecard.rubric.policy
    behind = (("observed", 10), ("ceiling", 9), ("coverage", 10), ("proven", 8)) if has_all else (("ceiling", 9),)
    room = width - 7 - sum(each for _, each in behind) - len(_TO_APPROVE)
    longest = max(on_one_line(scored.criterion.title).cell_length for scored in scorecard.criteria)
    title_width = max(14, min(26, longest, room - _SHORTEST_IN_TABLE))
    bar_width = max(8, min(_LONGEST_BAR, room - title_width))
    heads = "".join(f"{head:>{each}}" for head, each in behind)
    scale = f"{'0':<{max(1, bar_width - 3)}}100"
    yield Content.styled(f"{'':<{title_width}} floor {scale}{heads}{_TO_APPROVE}", "$text-muted")
    marks = (policy.conditional.criterion, policy.approve.criterion)
    rows = [(scored.criterion.title, scored.range, marks, "") for scored in scorecard.criteria]
    rows.append(("Overall", scorecard.overall, (policy.conditional.overall, policy.approve.overall), "bold"))
    for title, found, own, style in rows:
        head = on_one_line(title, style).truncate(title_width, ellipsis=True, pad=True)
        if found is None:
            yield in_a_row(head, Content.styled(" nothing counts here", "$text-muted"))
            continue
        scores = (figure(found.observed), figure(found.ceiling), share(found.coverage), share(found.proven))
        values = scores if has_all else scores[1:2]
        figures = "".join(f"{value:>{each}}" for value, (_, each) in zip(values, behind, strict=True))
        short = own[1] - found.floor
        lacks = f"{percent(short):>7} more" if short > 0 else "    ✓ enough"
        drawn = bar(range_bar(found, bar_width, own))
        yield in_a_row(head, f" {percent(found.floor):>5} ", drawn, figures, Content.styled(lacks, "$text-muted"))


def range_words(score_range: ScoreRange) -> str:
    """Floor and ceiling in words: "floor 41.2, ceiling 88.1"."""
    return f"floor {percent(score_range.floor)}, ceiling {percent(score_range.ceiling)}"


def _must_have_rows(scorecard: Scorecard, width: int) -> list[Content]:
    states = [must_have.state for must_have in scorecard.must_haves]
    met = f"{states.count(MustHaveState.MET)} of {len(states)} met"
    return [_spread(Content.styled("Must-haves", "bold"), Content(met), width)] + [
        Content.styled(f"{MUST_HAVE_SIGNS[state]} {states.count(state)} {state_words(state)}", MUST_HAVE_STYLES[state])
        for state in WORST_FIRST
        if state in states
    ]


def _must_have_words(scorecard: Scorecard) -> Content:
    """Such as "must-haves 4/18", in the colour of the worst."""
    states = [must_have.state for must_have in scorecard.must_haves]
    worst = next((state for state in WORST_FIRST if state in states), MustHaveState.MET)
    return Content.styled(f"must-haves {states.count(MustHaveState.MET)}/{len(states)}", MUST_HAVE_STYLES[worst])


def minutes_words(minutes: int) -> str:
    """Minutes as a person says them: "45 min", "2 h 05"."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def left_words(chosen: Pass, scorecard: Scorecard) -> str:
    """What is left to do in that pass: "12 open, 45 min left", "18 open", "all known", "45 min at most"."""
    if chosen is Pass.QUICKEST:
        facts = f"{plural(len(scorecard.scope_open), 'scope fact')} open, " if scorecard.scope_open else ""
        return settled_words(scorecard) or f"{facts}{minutes_words(minutes_left(chosen, scorecard))} at most"
    done = progress(scorecard, chosen)
    return f"{done.open} open{_minutes_left_words(chosen, scorecard)}" if done.open else "all known"


def _minutes_left_words(chosen: Pass, scorecard: Scorecard) -> str:
    """How long what nobody tried yet takes; empty where all that is open is unknown."""
    done = progress(scorecard, chosen)
    to_do = done.total - done.answered + done.expired
    return f", {minutes_words(minutes_left(chosen, scorecard))} left" if to_do else ""


def _panel_rows(scorecard: Scorecard, width: int, *, with_reason: bool, spaced: bool) -> list[Content]:
    width = max(_NARROWEST, width)
    policy = scorecard.rubric.policy
    rows = [*_why(scorecard, width), Content("")] if with_reason else []
    rows.append(Content.styled(_three("floor", "observed", "ceiling", width), "$text-muted"))
    rows += _range_rows("Overall", scorecard.overall, width, (policy.conditional.overall, policy.approve.overall))
    marks = (policy.conditional.criterion, policy.approve.criterion)
    for scored in scorecard.criteria:
        rows += [Content("")] if spaced else []
        rows += _range_rows(scored.criterion.title, scored.range, width, marks)
    rows += [Content(""), *_must_have_rows(scorecard, width), Content("")]
    coverage = Fraction(0) if scorecard.overall is None else scorecard.overall.coverage
    proven = Fraction(0) if scorecard.overall is None else scorecard.overall.proven
    done = progress(scorecard)
    rows += [
        _spread(Content("Coverage"), Content(share_needed(coverage, policy.coverage)), width),
        _spread(Content("Proven"), Content(share_needed(proven, policy.proven)), width),
        _spread(Content("Known"), Content(f"{done.known} of {done.total}"), width),
        _spread(Content("Open"), Content(f"{done.open}{_minutes_left_words(Pass.ALL, scorecard)}"), width),
    ]
    return rows


def scorecard_line(scorecard: Scorecard, width: int) -> Content:
    """The scorecard on one line, for narrow screens: with its bar where that fits, else in figures."""
    done, overall = progress(scorecard), scorecard.overall
    known = Content.styled(f"{done.known}/{done.total} known", "$text-muted")
    if overall is None:
        parts = [Content("nothing counts yet")]
    else:
        policy = scorecard.rubric.policy
        drawn = bar(range_bar(overall, _LINE_BAR, (policy.conditional.overall, policy.approve.overall)))
        parts = [
            in_a_row(percent(overall.floor), " ", drawn, " ", percent(overall.ceiling)),
            Content(range_words(overall)),
        ]
    rows = [
        Content("  ").join([verdict_words(scorecard), range_, _must_have_words(scorecard), *rest])
        for range_ in parts
        for rest in ([known], [])
    ]
    return next((row for row in rows if row.cell_length <= width), rows[-1])


class ScorePanel(Widget):
    def __init__(self, *, with_reason: bool = True) -> None:
        """The panel begins with the first reason, unless that is said elsewhere."""
        super().__init__()
        self._with_reason = with_reason
        self._scorecard: Scorecard | None = None

    def show(self, scorecard: Scorecard) -> None:
        if scorecard is self._scorecard:
            return
        self._scorecard = scorecard
        self.refresh(layout=len(self._rows(self.size.width)) != self.size.height)

    def _rows(self, width: int) -> list[Content]:
        spaced = self.app.size.height >= _SPACED_FROM
        return (
            []
            if self._scorecard is None
            else _panel_rows(self._scorecard, width, with_reason=self._with_reason, spaced=spaced)
        )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.size.width))


class ScoreLine(Widget):
    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._scorecard: Scorecard | None = None

    def show(self, scorecard: Scorecard) -> None:
        if scorecard is not self._scorecard:
            self._scorecard = scorecard
            self.refresh()

    def render(self) -> Content:
        return Content("") if self._scorecard is None else scorecard_line(self._scorecard, self.content_size.width)


def _why(scorecard: Scorecard, width: int) -> list[Content]:
    """The first reason, and how many more there are."""
    if not scorecard.reasons:
        return []
    first = shown(reason_words(scorecard.reasons[0], scorecard), "$text-muted").wrap(width)[:3]
    more = len(scorecard.reasons) - 1
    return first + ([Content.styled(f"and {more} more", "$text-muted")] if more else [])


def _spread(left: Content, right: Content, width: int) -> Content:
    return left.pad_right(max(1, width - left.cell_length - right.cell_length)) + right
