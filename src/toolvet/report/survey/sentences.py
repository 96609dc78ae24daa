"""What a survey's result says, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from toolvet.domain.disclosure import SPREAD_FROM, LadderEnd
from toolvet.domain.gaps import (
    NO_FIGURES,
    NO_GROUP,
    AnswerSide,
    AreaGap,
    Figures,
    QuestionGap,
    Readiness,
    Side,
    gap_position,
    is_asked_of,
)
from toolvet.domain.rubric import Policy, Question, Reading, rung_alone
from toolvet.report.approval.document import Fact
from toolvet.report.survey.result import (
    Round,
    Survey,
    WaitingRound,
    ask_again_on,
    balance_count,
    has_gap_figure,
    not_known,
    out_of_balance,
    unjudged,
    widest_gap,
    widest_shortfall,
    with_reading,
)
from toolvet.text.escape import listed, plural, shortened
from toolvet.text.labels import NO_FIGURE, day, number

WITHHELD = "withheld"
NOT_ASKED = "not asked"
READING_MARKS = {
    Reading.OVER_BUILT: "▲",
    Reading.SWEET_SPOT: "✓",
    Reading.NEAR: "≈",
    Reading.SLIPPING: "▽",
    Reading.SHORT: "▼",
}
READING_TITLES = {
    Reading.SHORT: "Short: a whole rung is missing",
    Reading.SLIPPING: "Slipping: on the way to short",
    Reading.OVER_BUILT: "Over-built: more than people ask for; look at what it costs",
}
READING_MEANINGS = {
    Reading.OVER_BUILT: "more than people ask for; check what it costs",
    Reading.SWEET_SPOT: "enough, with some room",
    Reading.NEAR: "almost enough; leave it and ask again",
    Reading.SLIPPING: "on the way to short; find out what moved",
    Reading.SHORT: "a whole rung is missing; start here",
}
HOUSE_POLICY = (
    "The limits of the readings, the smallest group shown and the time until the next survey are house policy; no "
    "source we read says how wide a gap may be."
)


HOW_COMPUTED = (
    "Every figure of a question is over the people who answered both sides. Expected and delivered are means in rungs "
    "of the question's ladder, 0 the lowest; the gap is delivered minus expected. The spread, the population standard "
    f"deviation, is shown from {SPREAD_FROM} people on.",
    "A mean at or near an end of its ladder tells what each person said, so it is shown in words; its gap is then "
    "shown as a reading alone, taken at that end.",
    "An area is the mean of its questions' gaps by weight, over the gaps shown as figures. It is in balance when that "
    "lies in the sweet spot and no question in it is short.",
)
CANNOT_TELL = (
    "A gap is the difference of two opinions and less certain than either: read it with the number of people and the "
    "spread, and ignore a few tenths of a rung.",
    "The same gap can mean low demands poorly met or high demands nearly met. Read both means first.",
    "A mean hides two camps: a wide spread is a reason to look at the groups, or to go and ask.",
    "What is extreme this time tends to be less so next time, even if nothing was done.",
    "It shows what people expect and what they get, not what pays off or what is safe.",
)


def level_figure(mean: Fraction | float | None) -> str:
    """A mean or spread in rungs to two decimals, or a dash."""
    return NO_FIGURE if mean is None else f"{float(mean):.2f}"


def gap_figure(gap: Fraction | None) -> str:
    """A gap with its sign: "-1.50", "+0.25", "0.00"."""
    if gap is None:
        return NO_FIGURE
    return f"{float(gap):+.2f}" if gap else "0.00"


def marked_reading(reading: Reading | None) -> str:
    """A reading as mark and word: "▼ short"."""
    return NO_FIGURE if reading is None else f"{READING_MARKS[reading]} {reading.value}"


def balance_words(found: AreaGap) -> str:
    """Whether an area is in balance, as mark and words; a dash where no gap may be shown."""
    if found.gap is None:
        return NO_FIGURE
    return {True: "✓ in balance", False: "✗ out of balance", None: "? not known"}[found.in_balance]


def group_words(group: str) -> str:
    """What a group is called."""
    return "no group given" if group == NO_GROUP else group


def answer_words(readiness: Readiness) -> str:
    """The result in a few sentences, with what cannot be judged, and what the means leave out."""
    return " ".join(filter(None, (balance_sentences(readiness), left_out_words(readiness))))


def balance_sentences(readiness: Readiness) -> str:
    """Which areas are in balance, and how many questions cannot be judged."""
    _, measured = balance_count(readiness)
    if not measured:
        return "Too few people answered both sides of a question for any gap to be shown."
    words = _balance_sentence(readiness, measured)
    withheld = len(unjudged(readiness))
    if withheld:
        words += f" {plural(withheld, 'question')} cannot be judged: the gap would reveal what a few people answered."
    return words


def left_out_words(readiness: Readiness) -> str:
    """The questions whose gap is a reading alone and in no area's mean; empty where there are none."""
    _, measured = balance_count(readiness)
    without = [
        f"{one.question.quoted} ({one.whole.gap.reading})"
        for one in readiness.questions
        if one.whole.gap is not None and not has_gap_figure(one.whole)
    ]
    if not without or not measured:
        return ""
    return f"The area means leave out {listed(without)}: a side is at or near an end of the ladder."


def _balance_sentence(readiness: Readiness, measured: int) -> str:
    names = listed([f'"{found.criterion.title}"' for found in out_of_balance(readiness)])
    unknown = listed([f'"{found.criterion.title}"' for found in not_known(readiness)])
    if unknown:
        not_so = f" Out of balance: {names}." if names else ""
        return f"{balance_count_words(readiness)}.{not_so} Not known: {unknown}."
    if measured == 1:
        return f"The one area that could be measured is {f'out of balance: {names}' if names else 'in balance'}."
    if not names:
        return f"All {measured} areas that could be measured are in balance."
    return f"{balance_count_words(readiness)}. Out of balance: {names}."


def balance_count_words(readiness: Readiness) -> str:
    """The same in few words: "2 of 4 areas in balance"."""
    balanced, measured = balance_count(readiness)
    return f"{balanced} of {plural(measured, 'area')} in balance" if measured else "too few answers to show a gap"


NEAR_WORDS = {LadderEnd.TOP: "at or near the top", LadderEnd.BOTTOM: "at or near the bottom"}

_BRIEF_NEAR = {LadderEnd.TOP: "near top", LadderEnd.BOTTOM: "near 0"}


def brief_mean_words(side: Side) -> str:
    """The same for a narrow column: "2.75", "near top"."""
    return level_figure(side.mean) if side.near is None else _BRIEF_NEAR[side.near]


def mean_words(side: Side | None, nothing: str = NO_FIGURE) -> str:
    """A side's mean, or in words where it stands: "2.75", "at or near the top"."""
    if side is None:
        return nothing
    return level_figure(side.mean) if side.near is None else NEAR_WORDS[side.near]


def raised_words(organisation: str, then: Round, now: Round) -> dict[str, str]:
    """From what to what, for each question of which people expect more in the later round, by its id."""
    before = {one.question.id: one for one in then.readiness.questions}
    return {
        one.question.id: f"More is expected than at the last review: {one.question.quoted}, {mean_words(old)} → "
        f"{mean_words(new)} of {one.question.top} ({organisation}, {day(then.closed_on)} → {day(now.closed_on)})."
        for one in now.readiness.questions
        if then.closed_on is not None
        and now.closed_on is not None
        and (was := before.get(one.question.id)) is not None
        and was.question.top == one.question.top
        and (old := was.whole.expected) is not None
        and (new := one.whole.expected) is not None
        and new.position(one.question.top) > old.position(one.question.top)
    }


def nothing_words(one: QuestionGap, group: str | None = None) -> str:
    """Why a figure is not there: "not asked", "withheld" or "nobody answered"; of everybody or of one group."""
    if group is not None and not is_asked_of(one.question, group):
        return NOT_ASKED
    return WITHHELD if one.withheld else "nobody answered"


def pair_words(one: QuestionGap, figures: Figures) -> str:
    """Both means with the gap: "1.33 of 3.00, gap -1.67"; "delivered 1.33, expected at or near the top"."""
    nothing = nothing_words(one)
    if any(side is None or side.near is not None for side in (figures.expected, figures.delivered)):
        return f"delivered {mean_words(figures.delivered, nothing)}, expected {mean_words(figures.expected, nothing)}"
    sides = " of ".join(mean_words(side, nothing) for side in (figures.delivered, figures.expected))
    return f"{sides}, gap {nothing if figures.gap is None else gap_figure(figures.gap.mean)}"


def figures_words(one: QuestionGap, figures: Figures) -> str:
    """Both means with the gap, the expected one first: "expected 3.00, delivered 1.33, of 4; gap -1.67 ▼ short"."""
    gap = figures.gap
    figure = "" if gap is None or gap.mean is None else f"{gap_figure(gap.mean)} "
    reading = NO_FIGURE if gap is None else marked_reading(gap.reading)
    return f"{sides_words(figures)}, of {one.question.top}; gap {figure}{reading}"


def sides_words(figures: Figures) -> str:
    """Both means: "expected 3.00, delivered 1.33"."""
    return f"expected {mean_words(figures.expected)}, delivered {mean_words(figures.delivered)}"


def widest_gap_words(readiness: Readiness) -> str:
    """The question to look at first: 'widest shortfall: "Beyond email", expected 3.00, …', if any."""
    widest = widest_shortfall(readiness) or widest_gap(readiness)
    if widest is None or widest.whole.gap is None:
        return ""
    label = "widest shortfall" if gap_position(widest) < 0 else "widest gap"
    return f"{label}: {widest.question.quoted}, {figures_words(widest, widest.whole)}"


def answered_words(readiness: Readiness) -> str:
    """How many answered: "16 people answered"."""
    return f"{plural(readiness.people, 'person', 'people')} answered"


def reading_sentences(readiness: Readiness) -> Iterator[str]:
    """Which questions fall short, slip or are over-built, the widest gap first."""
    for reading, words in (
        (Reading.SHORT, "Short"),
        (Reading.SLIPPING, "Slipping"),
        (Reading.OVER_BUILT, "Over-built"),
    ):
        found = with_reading(readiness, reading)
        if found:
            yield f"{words}: {shortened([one.question.quoted for one in found])}."
        elif reading is not Reading.SLIPPING:
            yield f"{words}: nothing{' that can be judged' if unjudged(readiness) else ''}."


def nearest_rung(mean: Fraction, *, up: bool) -> int:
    """The rung nearest to a mean; half way between two the upper one where `up`, else the lower."""
    rung, rest = divmod(mean, 1)
    half = Fraction(1, 2)
    return int(rung) + (1 if rest > half or (up and rest == half) else 0)


def from_to(one: QuestionGap) -> tuple[int, int] | None:
    """The rungs nearest to what is delivered and to what is expected; None if either mean is not shown."""
    expected, delivered = one.whole.expected, one.whole.delivered
    if expected is None or delivered is None:
        return None
    top = one.question.top
    return nearest_rung(delivered.position(top), up=False), nearest_rung(expected.position(top), up=True)


def ladder_words(one: QuestionGap) -> str:
    """The step between delivered and expected in words of the ladder."""
    rungs = from_to(one)
    if rungs is None:
        return ""
    delivered, expected = (rung_words(one.question, rung) for rung in rungs)
    if rungs[0] == rungs[1]:
        return f"Both are nearest to {delivered}; the difference is smaller than a rung."
    verb = "people ask only for" if rungs[0] > rungs[1] else "expected is"
    return f"Delivered is nearest to {delivered}; {verb} {expected}."


def rung_words(question: Question, rung: int) -> str:
    """A rung quoted by itself, with its number: '"Up to a week." (rung 2 of 4)'."""
    return f'"{rung_alone(question.levels, rung)}" (rung {rung} of {question.top})'


def policy_words(policy: Policy) -> tuple[Fact, ...]:
    over, slipping, short = (number(value) for value in (policy.over_built, policy.slipping, policy.short))
    return (
        Fact("Over-built", f"a gap of +{over} or more: more than people ask for, check the cost"),
        Fact("Sweet spot", f"from 0 up to +{over}"),
        Fact("Near", f"below 0, down to {slipping}"),
        Fact("Slipping", f"below {slipping}, above {short}"),
        Fact("Short", f"{short} or less"),
        Fact("Smallest group shown", plural(policy.smallest_group, "person", "people")),
        Fact("Ask again", f"after {plural(policy.valid_months, 'month')}"),
    )


def withheld_words(readiness: Readiness) -> str:
    """Which figures are withheld and why; empty if none are."""
    overall = len(unjudged(readiness))
    by_group = sum(one.withheld for one in readiness.questions) - overall
    if not overall and not by_group:
        return ""
    smallest = readiness.rubric.policy.smallest_group
    parts = [
        f"those over everybody on {plural(overall, 'question')}" if overall else "",
        f"those of a single group on {plural(by_group, 'question')}" if by_group else "",
    ]
    return (
        f"Some figures are withheld, {listed([part for part in parts if part])}: they come from fewer than {smallest} "
        "people, or would let somebody work out an answer. Withheld answers still "
        "count in the overall figures where these are shown."
    )


def one_sided_words(readiness: Readiness) -> str:
    """How many answered only one side of each question; empty if nobody did."""
    found = [f"{one.question.quoted} {one.one_sided}" for one in readiness.questions if one.one_sided]
    if not found:
        return ""
    return f"Answered on one side only, and in no figure: {listed(found)}."


def help_words(readiness: Readiness, groups: Mapping[str, int]) -> str:
    """How many more people would show what is withheld for want of them: "3 more people of \"it\""; empty if none."""
    least = readiness.rubric.policy.smallest_group
    wanted = [
        f'{plural(least - people, "more person", "more people")} from "{group_words(group)}"'
        for group in readiness.rubric.groups
        if 0 < (people := groups.get(group, 0)) < least
    ]
    wanted += list(_missing_answers(readiness, groups))
    few = [one for one in readiness.questions if one.whole == NO_FIGURES and one.people + one.one_sided]
    if few:
        missing = max(1, min(least - one.people for one in few))
        titles = shortened([one.question.quoted for one in few])
        more = plural(missing, "more answer")
        wanted.append(f"at least {more} to both sides of {titles}")
    if not wanted:
        return ""
    return f"To show more next time, get {listed(wanted)}."


_MOST_MISSING = 3


def _missing_answers(readiness: Readiness, groups: Mapping[str, int]) -> Iterator[str]:
    """The groups that are large enough, of which too few answered both sides of a question."""
    least = readiness.rubric.policy.smallest_group
    found = [
        f'{plural(least - people, "more answer")} from "{group_words(group)}" to both sides of {one.question.quoted}'
        for one in readiness.questions
        for group, people in one.small.items()
        if group != NO_GROUP and groups.get(group, 0) >= least
    ]
    yield from found[:_MOST_MISSING]
    if len(found) > _MOST_MISSING:
        yield f"{len(found) - _MOST_MISSING} more of this kind"


def withheld_here_words(smallest: int) -> str:
    """Why some figure of a question is not shown."""
    return f"Some figures are withheld: they come from fewer than {smallest} people, or would give away an answer."


def people_words(found: Round) -> str:
    """How many answered, and when."""
    people = plural(found.readiness.people, "person", "people")
    if found.first is None or found.last is None:
        return f"{people}, undated"
    if found.first == found.last:
        return f"{people}, {day(found.first)}"
    return f"{people}, {day(found.first)} to {day(found.last)}"


def closed_words(found: Round) -> str:
    """When the round was closed; empty where that is not known."""
    return "" if found.closed_on is None else f"Round closed on {day(found.closed_on)}."


def open_words(open_: WaitingRound, *, is_first: bool = False) -> str:
    """How many answered since the last round was closed, and until when others can; empty if nobody did.

    `is_first`: none was closed yet.
    """
    until = "" if open_.until is None else f"Answers up to {day(open_.until)} count."
    if not open_.people and not is_first:
        return f"The next round is open. {until}" if until else ""
    return f"{_waiting_words(open_, is_first=is_first)} {until}".rstrip()


def who_may_words(open_: WaitingRound) -> str:
    """Whom the survey asks; empty without groups."""
    return f"Who may answer: {', '.join(open_.groups)}." if open_.groups else ""


def _waiting_words(open_: WaitingRound, *, is_first: bool) -> str:
    since = "" if is_first else "Since the round was closed, "
    answered = f"{plural(open_.people, 'person', 'people')} answered"
    missing = open_.least - open_.people
    if missing > 0:
        more = plural(missing, "more person", "more people")
        return f"{since}{answered}; the {'' if is_first else 'next '}round can be closed with {more}."
    return f"{since}{answered}; close the round to see the result."


def who_words(found: Round) -> str:
    """How many answered for each group; those too small to be shown are added up."""
    smallest = found.rubric.policy.smallest_group
    order = [group for group in (*found.rubric.groups, NO_GROUP) if group in found.groups]
    named = [f"{group_words(group)} {found.groups[group]}" for group in order if found.groups[group] >= smallest]
    rest = sum(found.groups[group] for group in order if found.groups[group] < smallest)
    if rest:
        named.append(f"{rest} in groups of fewer than {smallest}")
    return f"Who answered: {', '.join(named)}." if named else ""


def ask_again_words(survey: Survey) -> str:
    due = ask_again_on(survey.now)
    if due is None:
        return "The answers are undated, so there is no date to ask again."
    if survey.later is not None:
        return f"A later round closed on {day(survey.later)}."
    if due < survey.on:
        return f"This result is out of date: the survey was due again by {day(due)}."
    return f"Ask again by {day(due)}: expectations change."


def wording_words(found: Round) -> str:
    """How many answered an earlier wording of the questions; empty if nobody did."""
    if not found.earlier_wording:
        return ""
    people = plural(found.earlier_wording, "person", "people")
    return f"{people} answered an earlier wording of the rubric; their answers count unchanged."


SIDES = {AnswerSide.EXPECTED: "What you expect", AnswerSide.DELIVERED: "What you get"}
UNNAMED = "Your name is neither asked for nor stored; the file is named with a random number."


def number_words(number: str) -> str:
    """The number by which a person can go on with their answers."""
    return (
        f"Your number: {number}. Note it: it is not shown again, and only with it can you come back to your answers. "
        "Nobody else is shown them."
    )


NOTE_CAUTION = "Anyone who has the file can read it. Write nothing that could identify you."


def asked_words(question: Question, side: AnswerSide) -> str:
    """What is asked about the ladder on that side."""
    return (question.expected if side is AnswerSide.EXPECTED else question.delivered) or question.text
