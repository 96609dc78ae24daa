"""A comparison as one value: the tools by rank, and why one ranks above another, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor

from toolvet.domain.assessment import Answer, Assessment, Evidence
from toolvet.domain.comparison import Candidate, Ranked, rank
from toolvet.domain.decision import Decision
from toolvet.domain.findings import Finding
from toolvet.domain.rubric import Rubric
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard, is_settled
from toolvet.domain.separation import differences
from toolvet.domain.standing import Standing, last_day_of
from toolvet.text.escape import looks_of, plural, wrapped
from toolvet.text.labels import day, grade_words, percent, state_words
from toolvet.text.record_words import brief_standing
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """What is compared: an assessment's file as it is named, the sha256 of its bytes, and what follows from it.

    `decision` is the one that counts that day, and `standing` how it stands.
    """

    file: str
    sha256: str
    assessment: Assessment
    scorecard: Scorecard
    findings: tuple[Finding, ...] = ()
    decision: Decision | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool in its place. `name` is its own in this comparison, `letter` stands for it on the map: A is the first."""

    rank: int
    letter: str
    candidate: Candidate
    tool: Tool

    @property
    def name(self) -> str:
        """The name it is shown by."""
        return self.candidate.name

    @property
    def ranked(self) -> Ranked:
        """What the rules of comparing need of it."""
        return Ranked(self.rank, self.candidate)

    @property
    def scorecard(self) -> Scorecard:
        return self.tool.scorecard


@dataclass(frozen=True, slots=True)
class Comparison:
    """At least one tool, in ranked order, all scored with one rubric on one day.

    `unusable` says what could not be used or is not as recorded, for its report.
    """

    rubric: Rubric
    on: date
    entries: tuple[Entry, ...]
    unusable: tuple[str, ...] = ()

    @property
    def ranked(self) -> list[Ranked]:
        """The tools with their ranks, as the rules of comparing take them."""
        return [entry.ranked for entry in self.entries]


def compare(tools: Sequence[Tool]) -> Comparison:
    """The comparison of tools that were scored with the same rubric on the same day; ValueError for none."""
    if not tools:
        raise ValueError("nothing to compare")
    by_file = {tool.file: tool for tool in tools}
    candidates = [
        Candidate(tool.file, name, tool.scorecard) for tool, name in zip(tools, unique_names(tools), strict=True)
    ]
    entries = tuple(
        Entry(ranked.rank, letters(place), ranked.candidate, by_file[ranked.candidate.file])
        for place, ranked in enumerate(rank(candidates))
    )
    return Comparison(tools[0].scorecard.rubric, tools[0].scorecard.on, entries)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """What a board asks of one tool, in words; empty where nothing is known."""

    tool: str
    decision: str
    until: str
    verdict: str
    failed: str
    job: str
    users: str
    cost: str


BOARD_HEADERS = ("tool", "decision", "until", "verdict", "must-haves failed", "job", "users", "yearly cost")

NO_DECISION = "no decision yet"


def board_row(entry: Entry) -> BoardRow:
    """The decision that counts and when it ends, the verdict, must-haves that failed by name, and what it is for."""
    subject, scorecard, decision = entry.tool.assessment.subject, entry.scorecard, entry.tool.decision
    standing = entry.tool.standing
    users = subject.users if decision is None else decision.approved_for.users or subject.users
    failed = [one.question.title for one in scorecard.must_haves if one.state is MustHaveState.FAILED]
    open_ones = sum(one.state not in (MustHaveState.FAILED, MustHaveState.MET) for one in scorecard.must_haves)
    last = None if decision is None else last_day_of(decision, standing)
    settled = "" if is_settled(scorecard) else ", provisional"
    return BoardRow(
        tool=f"{entry.letter}. {entry.name}",
        decision=brief_standing(decision, standing) or NO_DECISION,
        until="" if last is None else day(last),
        verdict=f"{scorecard.verdict.words}{settled}",
        failed=f"{'; '.join(failed) or 'none'}{f' ({open_ones} not known)' if open_ones else ''}",
        job=subject.job or "",
        users="" if users is None else str(users),
        cost=subject.yearly_cost or "",
    )


def unique_names(tools: Sequence[Tool]) -> tuple[str, ...]:
    """A name for each: the subject's label, with deployment, reviewer or file where that tells apart what it names."""
    names = [tool.assessment.subject.label for tool in tools]
    for more in (_deployment, _reviewer, _file):
        longer = [more(name, tool) for name, tool in zip(names, tools, strict=True)]
        called: dict[str, set[str]] = {}
        for name, long_name in zip(names, longer, strict=True):
            called.setdefault(looks_of(name).casefold(), set()).add(long_name)
        names = [
            long_name if len(called[looks_of(name).casefold()]) > 1 else name
            for name, long_name in zip(names, longer, strict=True)
        ]
    return tuple(names)


def letters(place: int) -> str:
    """A, B, … Z, AA, AB, … for the places from 0 up."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _deployment(name: str, tool: Tool) -> str:
    deployment = tool.assessment.subject.deployment
    return f"{name}, {deployment}" if deployment else name


def _reviewer(name: str, tool: Tool) -> str:
    reviewer = tool.assessment.reviewer.name
    return f"{name} ({reviewer})" if reviewer else name


def _file(name: str, tool: Tool) -> str:
    return f"{name} [{tool.file}]"


def signed_points(value: Fraction) -> str:
    """Points with their sign, to two decimals: "+4.25", "-0.50"."""
    return f"{'-' if value < 0 else '+'}{hundredths(abs(value))}"


def hundredths(value: Fraction) -> str:
    """A figure of 0 or more to two decimals, half up."""
    whole = int(value * 100 + Fraction(1, 2))
    return f"{whole // 100}.{whole % 100:02}"


def apart(one: Fraction, other: Fraction) -> tuple[str, str]:
    """Two figures to one decimal, or to two where one decimal would hide that they differ."""
    if one != other and percent(one) == percent(other):
        return hundredths(one), hundredths(other)
    return percent(one), percent(other)


def edge_and_now(edge: Fraction, now: Fraction, *, is_low: bool) -> tuple[str, str]:
    """An edge in percent and the share now, with enough decimals to tell them apart.

    The edge is rounded away from the share now, so that whatever is beyond the figure is beyond the edge.
    """
    for places in range(1, _MOST_PLACES):
        scale = 10**places
        rounded = Fraction(floor(edge * scale) if is_low else ceil(edge * scale), scale)
        figures = f"{float(rounded):.{places}f}", f"{float(now):.{places}f}"
        if 0 < rounded < 100 and figures[0] != figures[1]:
            break
    return figures


_MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class WhySide:
    """One tool's answer: the level or state, the rung in words or what was tried, and where it was seen."""

    name: str
    level: str
    rung: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class WhyPart:
    """What one question adds to the first tool's floor over the second's, in points of percent."""

    question: str
    title: str
    points: Fraction
    first: WhySide
    second: WhySide
    remark: str


@dataclass(frozen=True, slots=True)
class Why:
    """The whole difference of two floors, and its parts by size; `same` questions add the same to both."""

    first: Entry
    second: Entry
    total: Fraction
    parts: tuple[WhyPart, ...]
    same: int

    @property
    def floors(self) -> tuple[Fraction, Fraction]:
        """Both overall floors; 0 for a tool of which nothing counts."""
        ranges = [entry.scorecard.overall for entry in (self.first, self.second)]
        ours, theirs = (Fraction(0) if one is None else one.floor for one in ranges)
        return ours, theirs


def why(first: Entry, second: Entry) -> Why:
    """Why the first stands before the second."""
    found = differences(first.scorecard, second.scorecard)
    return Why(
        first=first,
        second=second,
        total=sum((part.points for part in found), Fraction(0)),
        parts=tuple(
            WhyPart(
                question=part.ours.question.id,
                title=part.ours.question.heading,
                points=part.points,
                first=_side(first, part.ours),
                second=_side(second, part.theirs),
                remark=_remark(part.ours, part.theirs),
            )
            for part in found
        ),
        same=len(first.scorecard.questions) - len(found),
    )


def why_heading(reason: Why) -> str:
    """The two tools and their floors; where the verdict decides before the floor, that comes first."""
    return f"{why_question(reason)}: {why_figures(reason)}"


def why_question(reason: Why) -> str:
    """Why the one ranks above the other, or with it."""
    first, second = reason.first, reason.second
    is_level = first.rank == second.rank
    return f"Why {first.name} ranks {'with' if is_level else 'above'} {second.name}"


def why_figures(reason: Why) -> str:
    """The two verdicts where they decide, and both floors."""
    first, second = reason.first, reason.second
    ours, theirs = apart(*reason.floors)
    figures = f"floor {ours} against {theirs}, {signed_points(reason.total)} points"
    if first.scorecard.verdict is second.scorecard.verdict:
        return figures
    return f"{first.scorecard.verdict.words} ranks above {second.scorecard.verdict.words}; {figures}"


def total_words(reason: Why) -> str:
    """What the parts add up to, and what is not among them."""
    same = f" {plural(reason.same, 'question')} add{'s' if reason.same == 1 else ''} the same to both."
    if not reason.parts:
        return f"No question makes a difference between the two floors.{same}"
    # Each is rounded where it is shown, so that their sum by hand may miss by a hundredth here and there.
    rounded = " (exact; each part is rounded to hundredths)" if len(reason.parts) > 1 else ""
    return (
        f"the sum of {plural(len(reason.parts), 'question')}: the whole difference{rounded}."
        f"{same if reason.same else ''}"
    )


def why_text(reason: Why, width: int) -> str:
    """The difference, question by question, in lines of about that width."""
    lines = [wrapped(why_heading(reason), width), ""]
    for part in reason.parts:
        remark = f" ({part.remark})" if part.remark else ""
        lines.append(wrapped(f"{signed_points(part.points):>7}  {part.title}{remark}", width, hanging=9))
        for side in (part.first, part.second):
            lines += _side_lines(side, width)
    lines.append(wrapped(f"{signed_points(reason.total):>7}  {total_words(reason)}", width, hanging=9))
    return "\n".join(lines)


def _source(evidence: Evidence) -> str:
    """The source, its grade, and the day of what was seen."""
    grade = grade_words(evidence.grade)
    return f"{evidence.source} ({grade}, {day(evidence.date)})" if evidence.date else f"{evidence.source} ({grade})"


def _side(entry: Entry, scored: QuestionScore) -> WhySide:
    answer = entry.tool.assessment.answer(scored.question.id)
    return WhySide(entry.name, _level(scored), _rung(scored, answer), answer.evidence)


def _level(scored: QuestionScore) -> str:
    if scored.applies is False:
        return "does not apply"
    if scored.level is None:
        return "not answered" if scored.state is AnswerState.UNANSWERED else state_words(scored.state)
    expired = ", expired" if scored.state is AnswerState.EXPIRED else ""
    return f"level {scored.level} of {scored.question.top}{expired}"


def _rung(scored: QuestionScore, answer: Answer) -> str:
    if scored.level is not None and scored.applies is not False:
        return scored.question.levels[scored.level]
    return answer.unknown or answer.not_applicable or ""


def _remark(ours: QuestionScore, theirs: QuestionScore) -> str:
    """Why the same level is not worth the same: fewer questions count where more do not apply."""
    is_same = ours.level == theirs.level and ours.state is theirs.state and ours.counts and theirs.counts
    return "the same level; it weighs more where fewer questions apply" if is_same else ""


def _side_lines(side: WhySide, width: int) -> Iterator[str]:
    rung = f": {side.rung}" if side.rung else ""
    yield wrapped(f"         {side.name}, {side.level}{rung}", width, hanging=11)
    for evidence in side.evidence:
        yield wrapped(f"           - {_source(evidence)}", width, hanging=13)
    if not side.evidence and side.level.startswith("level"):
        yield "           - no evidence"
