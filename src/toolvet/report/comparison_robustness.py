"""How far the ranking can be trusted, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from toolvet.domain.comparison import Candidate
from toolvet.domain.robustness import Edge, LeaderHolds, Robustness
from toolvet.domain.verdict import percent
from toolvet.report.comparison import Comparison
from toolvet.report.comparison_tables import Cells
from toolvet.report.comparison_words import change_words, hundredths
from toolvet.report.text import listed

HEADERS = ("criterion", "weight now", "first from", "to", "then leads")

METHOD = (
    "By floor, with verdicts as they are; one criterion's share of the whole weight moves, in percent, "
    "and the others keep their proportions."
)

NOT_TRIED = "Weights cannot be tried: no tool of the best verdict has a score in every criterion."


def holds_cells(robustness: Robustness) -> Cells:
    """For each criterion the shares of weight between which the leader stays first, and who leads beyond."""
    rows = tuple(
        (
            hold.criterion.title,
            percent(100 * hold.weight),
            percent(100 * hold.low.share),
            percent(100 * hold.high.share),
            _beyond(hold),
        )
        for hold in robustness.holds
    )
    return Cells(HEADERS, rows, ("left", "right", "right", "right", "left"))


def robustness_lines(comparison: Comparison, robustness: Robustness) -> tuple[str, ...]:
    """The nearest change that dethrones the leader, the shares of weightings, and who was left out."""
    is_first = robustness.leader.file == comparison.entries[0].candidate.file
    leads = "leads" if is_first else "leads among those that have a score in every criterion"
    return (
        f"{robustness.leader.name} {leads}. {METHOD}",
        _nearest(robustness),
        _first_shares(comparison, robustness),
        *_left_out(robustness),
    )


def _beyond(hold: LeaderHolds) -> str:
    if hold.low.rival is None and hold.high.rival is None:
        return "nobody"
    return "; ".join(f"{side}: {edge.rival.name}" for side, edge in _sides(hold) if edge.rival is not None)


def _sides(hold: LeaderHolds) -> tuple[tuple[str, Edge], tuple[str, Edge]]:
    return ("below", hold.low), ("above", hold.high)


def _nearest(robustness: Robustness) -> str:
    nearest = robustness.nearest_change()
    if nearest is not None:
        return f"Nearest change: {change_words(*nearest)}."
    if len(robustness.first_share) == 1:
        return "Nobody else is in the running, so no weight changes who leads."
    return "Nearest change: none; no share of a single criterion makes another tool lead."


def _first_shares(comparison: Comparison, robustness: Robustness) -> str:
    names = {entry.candidate.file: entry.name for entry in comparison.entries}
    shares = sorted(robustness.first_share.items(), key=lambda item: -item[1])
    leading = [f"{names[file]} in {hundredths(100 * share)} percent" for file, share in shares if share]
    never = [names[file] for file, share in shares if not share]
    ending = f"; never {listed(never, last='or')}" if never else ""
    return (
        f"Of {robustness.draws:,} weightings drawn at random (seed {robustness.seed}), first: "
        f"{', '.join(leading)}{ending}."
    )


def _left_out(robustness: Robustness) -> Iterator[str]:
    verdict = robustness.leader.scorecard.verdict
    others = [one.name for one in robustness.left_out if one.scorecard.verdict is not verdict]
    lacking = [_lacking(one) for one in robustness.left_out if one.scorecard.verdict is verdict]
    if others:
        yield f"Left out, for a verdict other than {verdict.words}: {listed(others)}."
    if lacking:
        yield f"Left out, for a criterion without a score: {listed(lacking)}."


def _lacking(candidate: Candidate) -> str:
    titles = [scored.criterion.title for scored in candidate.scorecard.criteria if scored.range is None]
    return f"{candidate.name} ({', '.join(titles)})"
