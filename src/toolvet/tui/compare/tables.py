"""The table by criterion, and what the other tables of the Compare screen have in common with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache

from textual.content import Content
from textual.widget import Widget

from toolvet.domain.assessment import Answer
from toolvet.domain.robustness import Robustness
from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard, ScoreRange
from toolvet.report.comparison.ranking import (
    Comparison,
    Entry,
    Why,
    WhyPart,
    WhySide,
    signed_points,
    total_words,
    why_heading,
)
from toolvet.report.comparison.sentences import separation_lines, why_first
from toolvet.report.comparison.tables import range_cell
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import (
    ANSWER_SIGNS,
    ANSWER_STYLES,
    ANSWER_WORDS,
    MARKED,
    MUST_HAVE_SIGNS,
    MUST_HAVE_STYLES,
    figure,
)
from toolvet.tui.assess.question import evidence_words
from toolvet.tui.kit.content import in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import GAP, Column
from toolvet.tui.kit.score_panel import verdict_words

FIGURES_HEADING = " floor observed ceiling"
RANGE_WIDTH = 10
COVERAGE_WIDTH = 9
NAME_WIDTH = 25
LONGEST_NAME = 34


class CriteriaTable:
    """A tool on two lines: its figures, and below them its verdict and its ranges as bars."""

    kept = 2
    head = 2

    def __init__(self, comparison: Comparison, marked: Sequence[int], *, spaced: bool) -> None:
        self._comparison = comparison
        self._marked = marked
        self.lines = 3 if spaced else 2

    @property
    def row_count(self) -> int:
        """One for each tool."""
        return len(self._comparison.entries)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Rank, tool, the overall range, one for each criterion, coverage with the must-haves below it."""
        widths = [max(RANGE_WIDTH, *(line.cell_length for line in lines)) for lines in self._headings[3:-1]]
        return (
            Column(len(str(self.row_count)), is_right=True),
            Column(name_width(self._comparison.entries, least=NAME_WIDTH)),
            Column(len(FIGURES_HEADING)),
            *(Column(width, is_right=True) for width in widths),
            Column(COVERAGE_WIDTH, is_right=True),
        )

    @cached_property
    def _headings(self) -> Sequence[Sequence[Content]]:
        return (
            (Content("#"),),
            (Content("tool, verdict"),),
            (Content(FIGURES_HEADING),),
            *(heading_lines(criterion.title) for criterion in self._comparison.rubric.criteria),
            (Content("coverage"), Content("must-have")),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What the figures are."""
        return self._headings[column]

    def title(self, row: int) -> Content | None:  # noqa: ARG002 - every row is a tool
        """None: every row is a tool."""
        return None

    def cell(self, row: int, line: int, column: int) -> Content:
        """The figures on the first line, verdict and bars on the second."""
        entry = self._comparison.entries[row]
        if line > 1:
            return Content("")
        if column == 0:
            return Content(str(entry.rank) if line == 0 else "")
        if column == 1:
            return named(entry, is_marked=row in self._marked) if line == 0 else verdict_words(entry.scorecard)
        if column == 2:
            return _overall(entry.scorecard, line)
        if column == len(self.columns) - 1:
            return _coverage(entry.scorecard) if line == 0 else must_have_counts(entry.scorecard)
        score_range = entry.scorecard.criteria[column - 3].range
        if line == 0:
            return Content(span(score_range))
        return _bar(score_range, RANGE_WIDTH, entry.scorecard.rubric.policy.approve.criterion)


def named(entry: Entry, *, is_marked: bool = False) -> Content:
    """The letter and the name, with the mark of one that is marked."""
    letter = Content.styled(f"{entry.letter} ", "$text-primary")
    return in_a_row(MARKED if is_marked else "", letter, on_one_line(entry.name, "bold"))


def name_width(entries: Sequence[Entry], *, least: int) -> int:
    """Room for the longest name, within limits."""
    longest = max((len(entry.letter) + on_one_line(entry.name).cell_length for entry in entries), default=0)
    return max(least, min(LONGEST_NAME, longest + 2))  # the blank after the letter, and room for a mark


def must_have_counts(scorecard: Scorecard) -> Content:
    """How many must-haves failed and how many are not known: "✗1 ?4"; "✓ all" where all are met."""
    states = [must_have.state for must_have in scorecard.must_haves]
    failed = states.count(MustHaveState.FAILED)
    unknown = len(states) - failed - states.count(MustHaveState.MET)
    if not failed and not unknown:
        return Content.styled("✓ all" if states else "none", "$text-success")
    parts = [Content.styled(f"✗{failed}", "$text-error")] if failed else []
    parts += [Content.styled(f"?{unknown}", "$text-warning")] if unknown else []
    return Content(" ").join(parts)


def span(score_range: ScoreRange | None) -> str:
    """Floor and ceiling, once where they are the same: "45.8–79.2", "100.0"."""
    if score_range is not None and score_range.floor == score_range.ceiling:
        return figure(score_range.floor)
    return range_cell(score_range)


def heading_lines(title: str) -> tuple[Content, ...]:
    """A title on at most two lines, broken where it leaves the narrower column."""
    whole = on_one_line(title).plain
    breaks = [match.end() for match in re.finditer(r"[ -]", whole)]
    ways = [(whole[:at].rstrip(), whole[at:]) for at in breaks]
    if not ways:
        return (Content(whole).truncate(14, ellipsis=True),)
    best = min(ways, key=lambda way: max(map(len, way)))
    return tuple(Content(line).truncate(14, ellipsis=True) for line in best)


def _overall(scorecard: Scorecard, line: int) -> Content:
    overall = scorecard.overall
    if line == 1:
        return _bar(overall, len(FIGURES_HEADING), scorecard.rubric.policy.approve.overall)
    floor, *others = (None,) * 3 if overall is None else (overall.floor, overall.observed, overall.ceiling)
    observed, ceiling = (figure(value) for value in others)
    return in_a_row(Content.styled(f"{figure(floor):>6}", "bold"), f"{observed:>9}{ceiling:>8}")


def _bar(score_range: ScoreRange | None, width: int, needed: Fraction) -> Content:
    return (
        Content("")
        if score_range is None
        else Content.styled(range_bar(score_range, width, (needed,)), "$text-primary")
    )


def _coverage(scorecard: Scorecard) -> Content:
    return Content(figure(None if scorecard.overall is None else scorecard.overall.coverage))


STEP, NO_STEP = "▰", "▱"
HEADING_LINES = 3
QUESTIONS_LEGEND = "? unknown  · not answered  – not applicable  ↻ expired   must-have: ✓ met  ✗ failed"


class QuestionTable:
    """A question a row, a tool a column, the level and its mark in each cell."""

    kept = 1
    lines = 1

    def __init__(self, comparison: Comparison, marked: Sequence[int], width: int, *, only_differences: bool) -> None:
        self._comparison = comparison
        self._marked = marked
        self._width = width
        self._must_haves = [must_have_states(entry.scorecard) for entry in comparison.entries]
        self.rows = self._rows(only_differences=only_differences)

    @property
    def row_count(self) -> int:
        """Questions and the titles of their criteria."""
        return len(self.rows)

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The question, and the tools as wide as there is room for their names."""
        count = len(self._comparison.entries)
        longest = max((len(question.title) for _, question in self._comparison.rubric.questions()), default=8)
        title_width = max(16, min(longest, self._width // 2 - 6, 44))
        room = (self._width - title_width - 2 * GAP) // count - GAP
        width = max(9, min(room, 22))
        return (Column(title_width), *[Column(width)] * count)

    @cached_property
    def head(self) -> int:
        """As many lines as the longest name takes, three at most."""
        longest = max(len(entry.name) for entry in self._comparison.entries) + len(self._comparison.entries[-1].letter)
        return min(HEADING_LINES, 1 + longest // max(1, self.columns[-1].width - 2))

    def heading(self, column: int) -> Sequence[Content]:
        """The letter and the name of the tool."""
        if column == 0:
            return (Content("question"),)
        entry, width = self._comparison.entries[column - 1], self.columns[column].width
        lines = named(entry, is_marked=column - 1 in self._marked).wrap(width)
        if len(lines) > self.head:
            lines = [*lines[: self.head - 1], in_a_row(lines[self.head - 1], " …").truncate(width, ellipsis=True)]
        return lines

    def title(self, row: int) -> Content | None:
        """The criterion's title above its questions."""
        place = self.rows[row]
        return on_one_line(place.title, "bold $text-secondary") if isinstance(place, Criterion) else None

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """The question's title, or the level of a tool."""
        place = self.rows[row]
        if isinstance(place, Criterion):
            return Content("")
        if column == 0:
            return on_one_line(self._comparison.entries[0].scorecard.questions[place].question.title)
        scored = self._comparison.entries[column - 1].scorecard.questions[place]
        return level_mark(scored, self._must_haves[column - 1].get(scored.question.id))

    def place(self, row: int) -> int | None:
        """Which of the rubric's questions the row is about; None for a title, and where there is no row."""
        place = self.rows[row] if 0 <= row < len(self.rows) else None
        return place if isinstance(place, int) else None

    @property
    def places(self) -> tuple[int, ...]:
        """The questions that are shown, by their place in the rubric."""
        return tuple(row for row in self.rows if isinstance(row, int))

    def row_of(self, place: int) -> int:
        """The row of that question, or of the next that is shown."""
        rows = [at for at, row in enumerate(self.rows) if isinstance(row, int) and row >= place]
        return rows[0] if rows else max(0, len(self.rows) - 1)

    def _rows(self, *, only_differences: bool) -> list[int | Criterion]:
        rows: list[int | Criterion] = []
        above: Criterion | None = None
        for place, (criterion, _) in enumerate(self._comparison.rubric.questions()):
            if only_differences and not self._differ(place):
                continue
            if criterion is not above:
                above = criterion
                rows.append(criterion)
            rows.append(place)
        return rows

    def _differ(self, place: int) -> bool:
        """Whether anything that a cell shows differs."""
        cells = set()
        for entry, must_haves in zip(self._comparison.entries, self._must_haves, strict=True):
            scored = entry.scorecard.questions[place]
            cells.add((scored.level, scored.state, scored.applies is False, must_haves.get(scored.question.id)))
            if len(cells) > 1:
                return True
        return False


def level_mark(scored: QuestionScore, must_have: MustHaveState | None) -> Content:
    """The level with its steps, or the sign of what is there instead, and where a must-have stands."""
    if scored.applies is False:
        return _mark(None, 0, AnswerState.NOT_APPLICABLE, None)
    return _mark(scored.level, scored.question.top, scored.state, must_have)


@lru_cache(maxsize=1024)  # a screen of cells has few that differ, and each takes longer to make than to look up
def _mark(level: int | None, top: int, state: AnswerState, must_have: MustHaveState | None) -> Content:
    sign = "" if state is AnswerState.ANSWERED else ANSWER_SIGNS[state]
    steps = "" if level is None else f"{level} {STEP * level}{NO_STEP * (top - level)}"
    words = Content.styled(" ".join(part for part in (steps, sign) if part), ANSWER_STYLES[state])
    if must_have is None or MUST_HAVE_SIGNS[must_have] == sign:
        return words
    return in_a_row(words, " ", Content.styled(MUST_HAVE_SIGNS[must_have], f"bold {MUST_HAVE_STYLES[must_have]}"))


def must_have_states(scorecard: Scorecard) -> dict[str, MustHaveState]:
    """Where each must-have stands, by its question's id."""
    return {must_have.question.id: must_have.state for must_have in scorecard.must_haves}


POINTS_WIDTH = 7
LEVEL_WIDTH = 10
LONGEST_TITLE = 40
LONGEST_BAR = 41


class WhyTable:
    """A question a row: its points with a bar, and both levels. The last row is the sum."""

    kept = 2
    lines = 1
    head = 1

    def __init__(self, reason: Why, width: int) -> None:
        self.reason = reason
        self._width = width
        self._largest = max((abs(part.points) for part in reason.parts), default=Fraction(1))
        self._ours = {scored.question.id: scored for scored in reason.first.scorecard.questions}
        self._theirs = {scored.question.id: scored for scored in reason.second.scorecard.questions}

    @property
    def places(self) -> tuple[int, ...]:
        """The questions of the parts, by their place in the rubric."""
        places = {question: place for place, question in enumerate(self._ours)}
        return tuple(places[part.question] for part in self.reason.parts)

    @property
    def row_count(self) -> int:
        """The parts and the sum."""
        return len(self.reason.parts) + 1

    @cached_property
    def columns(self) -> Sequence[Column]:
        """Points, question, both levels, and the points as a bar."""
        titles = max((len(part.title) for part in self.reason.parts), default=8)
        title_width = max(12, min(titles, LONGEST_TITLE, self._width - POINTS_WIDTH - 2 * LEVEL_WIDTH - 6 * GAP - 9))
        room = self._width - title_width - POINTS_WIDTH - 2 * LEVEL_WIDTH - 6 * GAP
        bar_width = max(9, min(LONGEST_BAR, room)) | 1  # odd, so that there is a middle
        return (
            Column(POINTS_WIDTH, is_right=True),
            Column(title_width),
            Column(LEVEL_WIDTH),
            Column(LEVEL_WIDTH),
            Column(bar_width),
        )

    def heading(self, column: int) -> Sequence[Content]:
        """What stands below."""
        first, second = self.reason.first.letter, self.reason.second.letter
        bar = f"{second} ◂│▸ {first}".center(self.columns[-1].width)
        return (Content(("points", "question", first, second, bar)[column]),)

    def title(self, row: int) -> Content | None:
        """The sum, which is no row to stand on, and what it means."""
        if row < len(self.reason.parts):
            return None
        total = f"{signed_points(self.reason.total):>{POINTS_WIDTH + 1}}{'':{GAP}}{total_words(self.reason)}"
        return Content.styled(total, "bold")

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        """One of the figures of a part."""
        if row >= len(self.reason.parts):
            return Content("")
        part = self.reason.parts[row]
        match column:
            case 0:
                return Content.styled(signed_points(part.points), "bold" if part.points > 0 else "$text-warning")
            case 1:
                return on_one_line(part.title)
            case 2:
                return level_mark(self._ours[part.question], None)
            case 3:
                return level_mark(self._theirs[part.question], None)
            case _:
                return Content.styled(self._bar(part.points), "$text-primary" if part.points > 0 else "$text-warning")

    def _bar(self, value: Fraction) -> str:
        """To the right of the middle what speaks for the first, to the left what speaks for the second."""
        half = (self.columns[-1].width - 1) // 2
        length = max(1, round(half * abs(value) / self._largest))
        bar = "━" * length
        return f"{'':{half}}│{bar}" if value > 0 else f"{bar:>{half}}│"


def why_words(reason: Why) -> Content:
    """Who stands before whom, and by how much."""
    return on_one_line(why_heading(reason), "bold")


REASONS = 2


class Details(Widget):
    """Paragraphs, wrapped, and cut at the end where there is no room for them all."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._paragraphs: tuple[Content, ...] = ()

    def show(self, paragraphs: Iterator[Content]) -> None:
        """Show these."""
        self._paragraphs = tuple(paragraphs)
        self.refresh()

    def render(self) -> Content:
        """As many lines as there is room for."""
        width, height = self.size.width, self.size.height
        lines = [line for paragraph in self._paragraphs for line in (paragraph.wrap(max(1, width)) or [Content("")])]
        if len(lines) > height > 0:
            cut = lines[height - 1].truncate(max(1, width - 2)).rstrip()
            lines = [*lines[: height - 1], in_a_row(cut, Content.styled(" …", "$text-muted"))]
        return Content("\n").join(lines)


def about_tool(entry: Entry, comparison_words: Sequence[str]) -> Iterator[Content]:
    """The tool's verdict with its first reasons, then the comparison in sentences, the first the weightiest."""
    reasons = entry.scorecard.reasons
    words = [on_one_line(f" {reason.text}") for reason in reasons[:REASONS]]
    if len(reasons) > REASONS:
        words.append(Content.styled(f" And {plural(len(reasons) - REASONS, 'more reason')}.", "$text-muted"))
    head = in_a_row(
        Content.styled(f"{entry.letter} ", "$text-primary"),
        on_one_line(entry.name, "bold"),
        "  ",
        verdict_words(entry.scorecard),
    )
    about = in_a_row(head, " ", *words)
    sentences = [shown(sentence, "$text-muted" if at else "") for at, sentence in enumerate(comparison_words)]
    # Of the first the sentence says already why it stands there
    yield from (
        [*sentences[:1], Content(""), about, *sentences[1:]] if entry.rank == 1 else [about, Content(""), *sentences]
    )


def in_sentences(comparison: Comparison, robustness: Robustness | None) -> tuple[str, ...]:
    """Why the first is first and what would change it, then what the evidence separates."""
    first = why_first(comparison, robustness)
    return (first[:1].upper() + first[1:], *separation_lines(comparison))


def about_cell(entry: Entry, other: Entry, place: int) -> Iterator[Content]:
    """The question, how that tool stands on it in words, and then the one it is compared with."""
    question = entry.scorecard.questions[place].question
    yield in_a_row(on_one_line(question.title, "bold"), "  ", shown(question.text, "$text-muted"))
    yield from _stands(entry, entry.scorecard.questions[place])
    if other is not entry:
        yield from _stands(other, other.scorecard.questions[place])


def _stands(entry: Entry, scored: QuestionScore) -> Iterator[Content]:
    answer = entry.tool.assessment.answer(scored.question.id)
    yield in_a_row(
        Content.styled(f"{entry.letter} ", "$text-primary"),
        on_one_line(entry.name, "bold"),
        "  ",
        answer_words(scored, answer),
    )
    for evidence in answer.evidence:
        yield in_a_row("  ", evidence_words(evidence))


def answer_words(scored: QuestionScore, answer: Answer) -> Content:
    """The level with its rung in words; what was tried, or why it is not applicable."""
    if scored.applies is False:
        return Content.styled("does not apply under the scope given", "$text-muted")
    if scored.level is not None:
        expired = ", expired" if scored.state is AnswerState.EXPIRED else ""
        rung = shown(scored.question.levels[scored.level])
        return in_a_row(Content.styled(f"level {scored.level} of {scored.question.top}{expired}: ", "bold"), rung)
    said = answer.unknown or answer.not_applicable
    words = Content.styled(ANSWER_WORDS[scored.state], "bold")
    return in_a_row(words, ": ", shown(said)) if said else words


def about_part(reason: Why, part: WhyPart) -> Iterator[Content]:
    """Both answers behind one part of the difference."""
    for entry, side in ((reason.first, part.first), (reason.second, part.second)):
        yield from _side(entry, side)
    if part.remark:
        yield shown(f"({part.remark})", "$text-muted")


def _side(entry: Entry, side: WhySide) -> Iterator[Content]:
    level = Content.styled(side.level, "bold")
    words = in_a_row(level, ": ", shown(side.rung)) if side.rung else level
    yield in_a_row(Content.styled(f"{entry.letter} ", "$text-primary"), on_one_line(entry.name, "bold"), "  ", words)
    for evidence in side.evidence:
        yield in_a_row("  ", evidence_words(evidence))
