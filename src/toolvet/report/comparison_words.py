"""A comparison in sentences: what the evidence separates, why the first is first, and what would change it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from toolvet.domain.comparison import Ranked, is_separated, separated_pairs
from toolvet.domain.difference import Difference, differences
from toolvet.domain.robustness import Edge, LeaderHolds, Robustness
from toolvet.domain.scorecard import ReasonCode, Scorecard
from toolvet.domain.verdict import percent
from toolvet.report.comparison import Comparison, Entry
from toolvet.report.text import listed, plural

_SHOWN = 6
"""Sentences of one kind: more than these nobody reads, and the table has the figures."""

_NAMED = 12
"""Tools among which each separated pair is named."""

_DECIDING_QUESTIONS = 2


def separation_lines(comparison: Comparison) -> tuple[str, ...]:
    """Ties, whom the evidence does not separate from the first, and how it stands among the others."""
    entries = comparison.entries
    return (
        *_ties(entries),
        *_open_scopes(entries),
        *_against_the_first(entries),
        *_among_the_others(entries[1:]),
    )


def why_first(comparison: Comparison, robustness: Robustness | None) -> str:
    """One sentence: why the first is first, and what would change it."""
    first, *others = comparison.entries
    if not others:
        return f"Only {first.name} is compared, so nothing can pass it."
    second = others[0]
    if second.scorecard.verdict is not first.scorecard.verdict:
        return _first_by_verdict(first, second)
    change = _change(first, second, robustness)
    if second.rank == first.rank:
        names = _some([entry.name for entry in comparison.entries if entry.rank == first.rank])
        return f"{names} share the first place, with the same verdict and the same figures; {change}."
    return f"{first.name} is first because {_better_figures(first, second)}; {change}."


def points(value: Fraction) -> str:
    """Points with their sign, to two decimals: "+4.25", "−0.50"."""
    return f"{'−' if value < 0 else '+'}{hundredths(abs(value))}"


def hundredths(value: Fraction) -> str:
    """A figure of 0 or more to two decimals, half up."""
    whole = int(value * 100 + Fraction(1, 2))
    return f"{whole // 100}.{whole % 100:02}"


def apart(one: Fraction, other: Fraction) -> tuple[str, str]:
    """Two figures to one decimal, or to two where one decimal would hide that they differ."""
    if one != other and percent(one) == percent(other):
        return hundredths(one), hundredths(other)
    return percent(one), percent(other)


def _ties(entries: Sequence[Entry]) -> Iterator[str]:
    for rank, tied in groupby(entries, key=lambda entry: entry.rank):
        names = [entry.name for entry in tied]
        if len(names) > 1:
            yield f"{_some(names)} share rank {rank}: the same verdict and the same figures."


def _open_scopes(entries: Sequence[Entry]) -> Iterator[str]:
    names = [entry.name for entry in entries if entry.scorecard.scope_open]
    if names and len(entries) > 1:
        verb, them = ("has", "it") if len(names) == 1 else ("have", "them")
        yield f"{_some(names)} {verb} scope facts not given; until they are, nothing is separated from {them}."


def _against_the_first(entries: Sequence[Entry]) -> Iterator[str]:
    first, *others = entries
    near = [entry for entry in others if not _are_separated(first, entry)]
    far = [entry.name for entry in others if entry not in near]
    if far:
        yield f"Evidence separates {first.name} from {_some(far)}."
    for entry in near[:_SHOWN]:
        yield f"Evidence does not separate {first.name} and {entry.name}{_against(first, entry)}."
    if len(near) > _SHOWN:
        yield f"Nor does it separate {first.name} from {plural(len(near) - _SHOWN, 'other')} further down."


def _among_the_others(others: Sequence[Entry]) -> Iterator[str]:
    if len(others) < 2:
        return
    pairs, separated = len(others) * (len(others) - 1) // 2, _separated_pairs(others)
    if not separated:
        yield f"Nor does it separate {'the other two' if len(others) == 2 else 'any two of the others'}."
    elif separated == pairs:
        yield f"It separates {'the other two' if len(others) == 2 else 'every two of the others'}."
    elif len(others) > _NAMED:
        yield f"Among the others it separates {separated:,} of {pairs:,} pairs; --json names them."
    else:
        found = separated_pairs([Ranked(entry.rank, entry.candidate) for entry in others])
        words = [f"{better.name} from {worse.name}" for better, worse in found]
        yield f"Among the others it separates {separated} of {pairs} pairs: {_some(words)}."


def _separated_pairs(entries: Sequence[Entry]) -> int:
    """How many pairs are separated: for each floor the ceilings below it, for a thousand tools make half a million."""
    ranges = [entry.scorecard.overall for entry in entries if not entry.scorecard.scope_open]
    ceilings = sorted(one.ceiling for one in ranges if one is not None)
    return sum(bisect_left(ceilings, one.floor) for one in ranges if one is not None)


def _are_separated(one: Entry, other: Entry) -> bool:
    return is_separated(one.candidate, other.candidate) or is_separated(other.candidate, one.candidate)


def _some(words: Sequence[str]) -> str:
    if len(words) <= _SHOWN:
        return listed(list(words))
    return f"{', '.join(words[:_SHOWN])} and {len(words) - _SHOWN} more"


def _against(one: Entry, other: Entry) -> str:
    ours, theirs = one.scorecard.overall, other.scorecard.overall
    if ours is None or theirs is None:
        return ": nothing is scored"
    return (
        f": {percent(ours.floor)} to {percent(ours.ceiling)} against "
        f"{percent(theirs.floor)} to {percent(theirs.ceiling)}"
    )


def _first_by_verdict(first: Entry, second: Entry) -> str:
    ours, theirs = first.scorecard.verdict.words, second.scorecard.verdict.words
    return (
        f"{first.name} is first because its verdict, {ours}, goes before the {theirs} of {second.name}, the next; "
        f"no weighting of the criteria would change that, only another verdict: "
        f"{second.name} would need {listed(list(_needs(second.scorecard)))}."
    )


def _needs(scorecard: Scorecard) -> Iterator[str]:
    """What stands between a scorecard and a better verdict, in few words."""
    counts = Counter(reason.code for reason in scorecard.reasons)
    kinds = (
        (ReasonCode.MUST_HAVE_FAILED, "failed must-have to be raised", "failed must-haves to be raised"),
        (ReasonCode.MUST_HAVE_MISSED, "missed must-have to be raised", "missed must-haves to be raised"),
        (ReasonCode.SCOPE_OPEN, "scope fact to be given", "scope facts to be given"),
        (ReasonCode.MUST_HAVE_UNKNOWN, "open must-have to be met", "open must-haves to be met"),
        (ReasonCode.MUST_HAVE_UNSUPPORTED, "must-have to be supported", "must-haves to be supported"),
        (ReasonCode.CONTROL_ZERO, "question of control to be raised", "questions of control to be raised"),
        (ReasonCode.MUST_HAVE_UNPROVEN, "must-have to be proven", "must-haves to be proven"),
    )
    for code, one, many in kinds:
        if counts[code]:
            yield plural(counts[code], one, many)
    if counts[ReasonCode.COVERAGE_LOW] or counts[ReasonCode.NOTHING_TO_SCORE]:
        yield "more answers"
    if counts[ReasonCode.PROVEN_LOW]:
        yield "more evidence better than a claim"
    if counts[ReasonCode.NOT_APPLICABLE_HIGH]:
        yield 'fewer answers of "not applicable"'
    if counts[ReasonCode.CANNOT_REACH]:
        yield "higher levels, for open answers alone cannot lift it"
    low = (ReasonCode.CRITERION_LOW, ReasonCode.OVERALL_LOW, ReasonCode.UNDECIDED)
    if any(counts[code] for code in low):
        yield "higher floors"


def _better_figures(first: Entry, second: Entry) -> str:
    both = f"both have the verdict {first.scorecard.verdict.words} and"
    ours, theirs = first.scorecard.overall, second.scorecard.overall
    if ours is None or theirs is None:
        return f"{both} only it is scored"
    if ours.floor != theirs.floor:
        higher, lower = apart(ours.floor, theirs.floor)
        most = [part for part in differences(first.scorecard, second.scorecard) if part.points > 0]
        by = listed([_part_words(part) for part in most[:_DECIDING_QUESTIONS]])
        return f"{both} its floor is {higher} against {lower} of {second.name}, most by {by}"
    if theirs.observed is None or ours.observed is None:
        return f"{both} the floors are the same, but nothing is observed of {second.name}"
    higher, lower = apart(ours.observed, theirs.observed)
    return f"{both} the floors are the same, but it is observed at {higher} against {lower} of {second.name}"


def _part_words(part: Difference) -> str:
    return f"{part.ours.question.title} ({points(part.points)})"


def _change(first: Entry, second: Entry, robustness: Robustness | None) -> str:
    parts = [_change_of_weight(first, robustness)]
    ours, theirs = first.scorecard.overall, second.scorecard.overall
    if ours is not None and theirs is not None and theirs.ceiling > ours.floor > theirs.floor:
        parts.append(f"its own open answers could lift {second.name} to {percent(theirs.ceiling)}")
    return ", and ".join(parts)


def _change_of_weight(first: Entry, robustness: Robustness | None) -> str:
    if robustness is None or robustness.leader.file != first.candidate.file:
        return f"weights cannot be tried, for {first.name} has a criterion without a score"
    if len(robustness.first_share) == 1:
        return "weights cannot be tried, for no other tool of its verdict has a score in every criterion"
    nearest = robustness.nearest_change()
    if nearest is None:
        return "no weighting of a criterion would change that"
    return change_words(*nearest)


def change_words(hold: LeaderHolds, edge: Edge) -> str:
    """Which tool would lead at which weight of which criterion."""
    rival = edge.rival.name if edge.rival is not None else "another"
    side = "less" if edge is hold.low else "more"
    if edge.share == hold.weight:
        return f"at these weights {rival} has the same floor, and would lead if {hold.criterion.title} weighed {side}"
    then, now = apart(100 * edge.share, 100 * hold.weight)
    return f"{rival} would lead if {hold.criterion.title} weighed {side} than {then} percent instead of {now}"
