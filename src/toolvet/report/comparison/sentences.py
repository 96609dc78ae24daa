"""A comparison in sentences: what the evidence separates, why the first is first, and what would change that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from math import comb

from toolvet.domain.advice import Advice, StepKind, way_past
from toolvet.domain.comparison import (
    Candidate,
    Edge,
    LeaderHolds,
    Robustness,
)
from toolvet.domain.findings import FindingCode
from toolvet.domain.rubric import ScopeFact
from toolvet.domain.scorecard import Verdict
from toolvet.domain.separation import (
    Bounds,
    Difference,
    SeparatedPair,
    Separation,
    bounds_of,
    count_separated,
    differences,
    separated_pairs,
    separations,
)
from toolvet.domain.standing import Stands
from toolvet.report.comparison.ranking import Comparison, Entry, apart, edge_and_now, hundredths, signed_points
from toolvet.text.advice_words import brief_step_words
from toolvet.text.escape import listed, plural, shortened
from toolvet.text.labels import day, observed_over, percent

_SHOWN = 6
"""Sentences of one kind: more than these nobody reads, and the table has the figures."""

_NAMED = 12
"""Tools among which each separated pair is named."""

_DECIDING_QUESTIONS = 2


def first_words(entries: tuple[Entry, ...]) -> str:
    """What the rules recommend today of the first, in a sentence; several where they share the place.

    Where they would approve none, an approval that stands is told apart.
    """
    names = listed([entry.name for entry in entries if entry.rank == 1])
    place_words = f"{names} {'ranks' if names == entries[0].name else 'rank'} first"
    match entries[0].scorecard.verdict:
        case Verdict.APPROVE:
            return f"{place_words} and can be approved."
        case Verdict.APPROVE_WITH_CONDITIONS:
            return f"{place_words} and can be approved with conditions."
        case Verdict.HOLD:
            verb = "is" if names == entries[0].name else "are"
            return f"By today's verdicts none can be approved; {names} {verb} first, on hold.{_still_approved(entries)}"
        case Verdict.REJECT:
            return f"By today's verdicts none can be approved; all are rejected.{_still_approved(entries)}"


def _still_approved(entries: Sequence[Entry]) -> str:
    """The approvals that stand, as another sentence."""
    standing = [(entry.name, entry.tool.standing) for entry in entries if entry.tool.standing is not None]
    stand = [(name, each.holds_until) for name, each in standing if each.stands in _APPROVED]
    words = [f"{name}{f' until {day(last)}' if last else ''}" for name, last in stand]
    return f" Still approved by decision: {shortened(words)}." if words else ""


_APPROVED = (Stands.APPROVED, Stands.CONDITIONS_OPEN, Stands.OVERDUE)


def separation_lines(comparison: Comparison, *, in_brief: bool = False) -> tuple[str, ...]:
    """Ties, whom the evidence does not separate from the first, and how it stands among the others.

    Those that are too close to the first stand in a sentence each; `in_brief` in one, by their letters.
    """
    entries = comparison.entries
    bounds = bounds_of([entry.candidate for entry in entries])
    return (
        *_ties(entries),
        *_open_scopes(entries),
        *_against_the_first(entries, bounds, in_brief=in_brief),
        *_among_the_others(entries[1:], [each for place, each in bounds.items() if place]),
    )


def why_first(comparison: Comparison, robustness: Robustness | None) -> str:
    """One sentence: why the first is first, and what would change it."""
    first, *others = comparison.entries
    if not others:
        return f"{first.name} is the only tool compared."
    second = others[0]
    if second.scorecard.verdict is not first.scorecard.verdict:
        return _first_by_verdict(first, second)
    change = _change(first, second, robustness)
    if second.rank == first.rank:
        names = shortened([entry.name for entry in comparison.entries if entry.rank == first.rank])
        return f"{names} share the first place, with the same verdict and the same figures; {change}."
    both = f"it and {second.name} both have the verdict {first.scorecard.verdict.words}"
    return f"{first.name} is first: {both}, {_better_figures(first, second)}; {change}."


def _ties(entries: Sequence[Entry]) -> Iterator[str]:
    for rank, tied in groupby(entries, key=lambda entry: entry.rank):
        names = [entry.name for entry in tied]
        if len(names) > 1:
            yield f"{shortened(names)} share rank {rank}: the same verdict and the same figures."


def _open_scopes(entries: Sequence[Entry]) -> Iterator[str]:
    names = [entry.name for entry in entries if entry.scorecard.scope_open]
    if names and len(entries) > 1:
        verb, them = ("has", "it") if len(names) == 1 else ("have", "them")
        yield f"{shortened(names)} {verb} scope facts to be given; until then, no order with {them} is certain."


def _against_the_first(entries: Sequence[Entry], bounds: Mapping[int, Bounds], *, in_brief: bool) -> Iterator[str]:
    first, *others = entries
    found_each = separations(bounds, len(others))
    behind, ahead = [one for one, _ in found_each], [other for _, other in found_each]
    near = [entry for entry, *found in zip(others, behind, ahead, strict=True) if found == [None, None]]
    if names := _names_of(Separation.CLEAR, others, behind):
        yield f"{first.name} is clearly ahead of {shortened(names)}."
    if names := _names_of(Separation.BY_WEIGHTS, others, behind):
        yield f"{first.name} scores higher than {shortened(names)} at these weights; {_TURNABLE}."
    if names := _names_of(Separation.CLEAR, others, ahead):
        yield f"{shortened(names)} clearly {_score(names)} higher than {first.name}, but with a lower verdict."
    if names := _names_of(Separation.BY_WEIGHTS, others, ahead):
        higher = f"{shortened(names)} {_score(names)} higher than {first.name} at these weights"
        yield f"{higher}, but with a lower verdict; {_TURNABLE}."
    if near and in_brief:
        yield f"{first.letter} is not separated from {', '.join(entry.letter for entry in near)}: too close to call."
        return
    for entry in near[:_SHOWN]:
        yield f"{first.name} and {entry.name} are too close to call{_against(first, entry)}."
    if len(near) > _SHOWN:
        yield f"{first.name} and {plural(len(near) - _SHOWN, 'other')} further down are too close to call as well."


_TURNABLE = "other weights could turn that"


def _names_of(wanted: Separation, entries: Sequence[Entry], separations: Sequence[Separation | None]) -> list[str]:
    return [entry.name for entry, found in zip(entries, separations, strict=True) if found is wanted]


def _score(names: Sequence[str]) -> str:
    return "scores" if len(names) == 1 else "score"


def _among_the_others(others: Sequence[Entry], bounds: Sequence[Bounds]) -> Iterator[str]:
    if len(others) < 2:
        return
    if len(others) > _NAMED:
        yield from _counted_apart(count_separated(bounds), len(others))
        return
    found = tuple(separated_pairs([entry.ranked for entry in others]))
    clear = [pair for pair in found if pair.separation is Separation.CLEAR]
    turnable = [pair for pair in found if pair.separation is Separation.BY_WEIGHTS]
    if len(others) == 2:
        yield _two_apart(others, *found)
        return
    yield _all_apart(len(clear), len(turnable), len(others)) or (
        f"Among the others, {len(clear)} of {comb(len(others), 2)} pairs are clearly apart"
        f"{f': {shortened(_pair_words(clear))}' if clear else ''}."
    )
    if turnable:
        yield f"Among the others, apart only at these weights: {shortened(_pair_words(turnable))}; {_TURNABLE}."


def _two_apart(others: Sequence[Entry], pair: SeparatedPair | None = None) -> str:
    if pair is None:
        return f"{others[0].name} and {others[1].name} are too close to call."
    better, worse = pair.better.name, pair.worse.name
    if pair.separation is Separation.CLEAR:
        return f"{better} is clearly ahead of {worse}."
    return f"{better} scores higher than {worse} at these weights; {_TURNABLE}."


def _counted_apart(counts: Mapping[Separation, int], count: int) -> Iterator[str]:
    clear, turnable = counts.get(Separation.CLEAR, 0), counts.get(Separation.BY_WEIGHTS, 0)
    yield _all_apart(clear, turnable, count) or (
        f"Among the others, {clear:,} of {comb(count, 2):,} pairs are clearly apart; --json names them."
    )
    if turnable:
        yield f"Among the others, apart only at these weights: {turnable:,} pairs; {_TURNABLE}."


def _all_apart(clear: int, turnable: int, count: int) -> str:
    """Where all pairs are alike; else empty."""
    if clear == comb(count, 2):
        return "Every two of the others are clearly apart."
    return "" if clear or turnable else "The others are too close to call among themselves."


def _pair_words(pairs: Sequence[SeparatedPair]) -> list[str]:
    return [f"{pair.better.name} ahead of {pair.worse.name}" for pair in pairs]


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
        f"{first.name} is first because its verdict, {ours}, ranks above that of {second.name}, {theirs}. "
        f"No weighting of the criteria would change that; {_to_pass(first, second)}."
    )


def _to_pass(first: Entry, second: Entry) -> str:
    if second.scorecard.scope_open:
        return f"whether {second.name} can overtake {first.name} depends on scope facts that are not given"
    way = way_past(first.scorecard, second.scorecard, second.tool.assessment)
    if way is None:
        return f"no answers would let {second.name} overtake {first.name}"
    return f"{second.name} would overtake {first.name} once you {_in_brief(way)}"


def _in_brief(way: Advice) -> str:
    """The steps one by one, or, of many, how many of each kind."""
    steps = (*way.needed, *(way.further or ()))
    if way.further is not None and len(steps) <= _LISTED:
        return listed([brief_step_words(step) for step in steps])
    counts = Counter(step.kind for step in steps)
    words = [f"{verb} {plural(counts[kind], what)}" for kind, verb, what in _TO_DO if counts[kind]]
    if way.further is None:
        words.append(f"take at least {plural(way.steps_at_least, 'further step')}")
    return listed(words)


_LISTED = 4
_TO_DO = (
    (StepKind.FIND_OUT, "find out", "answer"),
    (StepKind.RAISE, "raise", "level"),
    (StepKind.NOT_YET_CURRENT, "renew", "answer"),
    (StepKind.SUPPORT, "give evidence for", "must-have"),
    (StepKind.PROVE, "prove", "answer"),
)


def _better_figures(first: Entry, second: Entry) -> str:
    ours, theirs = first.scorecard.overall, second.scorecard.overall
    if ours is None or theirs is None:
        return "and only it is scored"
    if ours.floor != theirs.floor:
        higher, lower = apart(ours.floor, theirs.floor)
        most = [part for part in differences(first.scorecard, second.scorecard) if part.points > 0]
        by = listed([_part_words(part) for part in most[:_DECIDING_QUESTIONS]])
        return f"and its floor is {higher} against {lower}, mostly through {by}"
    if theirs.observed is None or ours.observed is None:
        return f"with the same floor, but {second.name} has no observed figure"
    higher, lower = apart(ours.observed, theirs.observed)
    return f"with the same floor, but its observed figure is {higher} against {lower}"


def _part_words(part: Difference) -> str:
    return f"{part.ours.question.quoted} ({signed_points(part.points)})"


def _change(first: Entry, second: Entry, robustness: Robustness | None) -> str:
    of_weight = _change_of_weight(first, robustness)
    way = way_past(first.scorecard, second.scorecard, second.tool.assessment)
    if way is not None and way.further is not None and len(way.needed) + len(way.further) <= _LISTED:
        return f"{of_weight}; {second.name} would overtake {first.name} once you {_in_brief(way)}"
    ours, theirs = first.scorecard.overall, second.scorecard.overall
    if ours is not None and theirs is not None and theirs.ceiling > ours.floor > theirs.floor:
        return f"{of_weight}; the open answers of {second.name} could lift it to {percent(theirs.ceiling)}"
    return of_weight


def _change_of_weight(first: Entry, robustness: Robustness | None) -> str:
    if robustness is None or robustness.leader.file != first.candidate.file:
        return f"weights cannot be tried because {first.name} has a criterion without a score"
    if len(robustness.first_share) == 1:
        return "weights cannot be tried because no other tool of its verdict has a score in every criterion"
    nearest = robustness.nearest_change()
    if nearest is None:
        return "no weighting of a single criterion would change that"
    return change_words(*nearest)


def change_words(hold: LeaderHolds, edge: Edge) -> str:
    """Which tool would be ahead of the leader at which weight of which criterion."""
    rival = edge.rival.name if edge.rival is not None else "another"
    title, is_low = hold.criterion.title, edge is hold.low
    side = "less" if is_low else "more"
    if edge.share == hold.weight:
        return f'at these weights {rival} has the same floor, and would be ahead if "{title}" weighed {side}'
    then, now = edge_and_now(100 * edge.share, 100 * hold.weight, is_low=is_low)
    return f'{rival} would be ahead if "{title}" weighed {side} than {then}% instead of {now}%'


_GRAVE = {
    FindingCode.RUBRIC_CHANGED: "was answered before the rubric changed",
    FindingCode.SEAL_BROKEN: "was changed outside toolvet: its seal does not match",
}

NOT_GIVEN = "not given"


def scope_lines(comparison: Comparison) -> tuple[str, ...]:
    """Where tools were judged for different settings, so that their figures do not answer the same need."""
    if len(comparison.entries) == 1:
        return ()
    scopes = {id(scope): scope for scope in (entry.tool.assessment.scope for entry in comparison.entries)}
    facts = [fact for fact in comparison.rubric.scope if fact.about == "setting"]
    differing = [fact for fact in facts if len({scope.get(fact.id, NOT_GIVEN) for scope in scopes.values()}) > 1]
    return tuple(_differing(fact, comparison) for fact in differing)


def caveats(comparison: Comparison) -> tuple[str, ...]:
    """Different settings, what is not complete, what was observed in part, and files that need a look."""
    entries = comparison.entries
    open_ones = [entry.name for entry in entries if not entry.scorecard.complete]
    incomplete = (f"Assessments not complete: {listed(open_ones)}.",) if open_ones else ()
    return (*scope_lines(comparison), *incomplete, *observed_in_part(entries), *_grave_findings(entries))


def _differing(fact: ScopeFact, comparison: Comparison) -> str:
    by_option: dict[str, list[str]] = {}
    for entry in comparison.entries:
        by_option.setdefault(entry.tool.assessment.scope.get(fact.id, NOT_GIVEN), []).append(entry.name)
    parts = "; ".join(f"{option} for {listed(names)}" for option, names in by_option.items())
    return f"Judged for different settings. {fact.text} {parts}."


def observed_in_part(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        over = observed_over(entry.scorecard.observed_over, entry.scorecard.criteria)
        if over:
            yield f"For {entry.name}, {over[:1].lower()}{over[1:]}"


def _grave_findings(entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries:
        codes = [finding.code for finding in entry.tool.findings]
        for code, words in _GRAVE.items():
            if code in codes:
                yield f"{entry.name} {words}."


METHOD = (
    "Ranked by floor, with verdicts unchanged. One criterion's share of the total weight varies, in percent, while the "
    "others keep their proportions."
)

NOT_TRIED = "Weights cannot be tried: no tool of the best verdict has a score in every criterion."


def robustness_lines(comparison: Comparison, robustness: Robustness) -> tuple[str, ...]:
    """The nearest change that dethrones the leader, the shares of weightings, and who was left out."""
    is_first = robustness.leader.file == comparison.entries[0].candidate.file
    leads = "leads" if is_first else "leads among those that have a score in every criterion"
    return (
        f"{robustness.leader.name} {leads}. {METHOD}",
        _nearest(robustness),
        *_first_shares(comparison, robustness),
        *_left_out(robustness),
    )


def _nearest(robustness: Robustness) -> str:
    nearest = robustness.nearest_change()
    if nearest is not None:
        return f"Nearest change: {change_words(*nearest)}."
    if len(robustness.first_share) == 1:
        return "Nobody else is in the running, so no weight changes who leads."
    return "Nearest change: none; no share of a single criterion makes another tool lead."


def _first_shares(comparison: Comparison, robustness: Robustness) -> Iterator[str]:
    names = {entry.candidate.file: entry.name for entry in comparison.entries}
    leading = _shares_words(robustness.first_share, names)
    yield f"First in {robustness.draws:,} random weightings (seed {robustness.seed}): {leading}."
    taken = [entry.scorecard for entry in comparison.entries if entry.candidate.file in robustness.first_share]
    if any(scored.counts and scored.state.is_open for scorecard in taken for scored in scorecard.questions):
        leading = _shares_words(robustness.first_share_open, names)
        yield f"First if each open answer is drawn at random too, each rung equally likely: {leading}."


def _shares_words(by_file: Mapping[str, Fraction], names: Mapping[str, str]) -> str:
    shares = sorted(by_file.items(), key=lambda item: -item[1])
    leading = [f"{names[file]} {hundredths(100 * share)}%" for file, share in shares if share]
    never = [names[file] for file, share in shares if not share]
    ending = f"; never {listed(never, last='or')}" if never else ""
    return f"{', '.join(leading)}{ending}"


def _left_out(robustness: Robustness) -> Iterator[str]:
    verdict = robustness.leader.scorecard.verdict
    others = [one.name for one in robustness.left_out if one.scorecard.verdict is not verdict]
    lacking = [_lacking(one) for one in robustness.left_out if one.scorecard.verdict is verdict]
    if others:
        whose = "its" if len(others) == 1 else "their"
        yield f"Left out because {whose} verdict is not {verdict.words}: {listed(others)}."
    if lacking:
        yield f"Left out because a criterion has no score: {listed(lacking)}."


def _lacking(candidate: Candidate) -> str:
    titles = [scored.criterion.title for scored in candidate.scorecard.criteria if scored.range is None]
    return f"{candidate.name} ({', '.join(titles)})"
