"""Tables of the Compare screen by criterion, by question and by difference, and the details of their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from textual.content import Content
from textual.widgets import Static

from toolvet.domain.assessment import Answer, Evidence
from toolvet.domain.comparison import Robustness
from toolvet.domain.findings import FindingCode
from toolvet.domain.rubric import Criterion
from toolvet.domain.scorecard import AnswerState, MustHaveState, QuestionScore, Scorecard, ScoreRange, Verdict
from toolvet.report.comparison.ranking import Comparison, Entry, Why, WhyPart, signed_points, total_words
from toolvet.report.comparison.sentences import first_words, separation_lines, why_first
from toolvet.report.scorecard import range_cell
from toolvet.text.charts import range_bar
from toolvet.text.escape import plural
from toolvet.text.labels import (
    ANSWER_SIGNS,
    ANSWER_STYLES,
    MARKED,
    MUST_HAVE_SIGNS,
    MUST_HAVE_STYLES,
    NO_FIGURE,
    VERDICT_SIGNS,
    VERDICT_STYLES,
    figure,
    share,
    share_needed,
    state_words,
)
from toolvet.text.sentences import finding_words, reason_words
from toolvet.tui.assess.question import evidence_words
from toolvet.tui.kit.content import bar, in_a_row, on_one_line, shown
from toolvet.tui.kit.grid import GAP, Column, Table
from toolvet.tui.kit.score_panel import verdict_words

FIGURES_HEADING = "floor  obs. ceil."
RANGE_WIDTH, BRIEF_WIDTH = 9, 7
CRITERIA_LEGEND = "✓ reaches approve  ◐ reaches conditions  ? open  ✗ fails"
BAR_LEGEND = "┣ floor  ● observed  ┫ ceiling  ┊ to approve"
COVERAGE_WIDTH = 10
NAME_WIDTH = 25
SHORTEST_NAME, LONGEST_NAME = 20, 34


class CriteriaTable(Table):
    """A tool on two lines: its figures with what each criterion reaches; below them its verdict and its bar.

    Where that is too wide, a line: its verdict, and the range of each criterion in whole numbers.
    """

    def __init__(self, comparison: Comparison, marked: Sequence[int], width: int, height: int) -> None:
        self._entries, self._marked = comparison.entries, marked
        titles = [criterion.title for criterion in comparison.rubric.criteria]
        count, rank = len(self._entries), len(str(len(self._entries)))
        whole = [heading_lines(title) for title in titles]
        behind = [len(FIGURES_HEADING), *(_wide_enough(lines, RANGE_WIDTH + 2) for lines in whole), COVERAGE_WIDTH]
        longest = name_width(self._entries, least=NAME_WIDTH)
        room = width - 3 - rank - sum(each + GAP for each in behind)
        self._is_brief = room < min(longest, SHORTEST_NAME)
        if self._is_brief:
            brief = [brief_heading(title) for title in titles]
            verdicts = (_brief_verdict(entry.scorecard).cell_length for entry in self._entries)
            behind = [max(*verdicts, len("verdict")), *(_wide_enough(lines, BRIEF_WIDTH) for lines in brief)]
            longest = max(NAME_WIDTH, longest)
            room = max(SHORTEST_NAME, width - 3 - rank - sum(each + GAP for each in behind))
            self._headings = [(Content("#"),), (Content("tool"),), (Content("verdict"),), *brief]
        else:
            last = (Content("coverage"), Content("must-haves"))
            self._headings = [(Content("#"),), (Content("tool, verdict"),), (Content(FIGURES_HEADING),), *whole, last]
        columns = (
            Column(rank, is_right=True),
            Column(min(longest, room)),
            *(Column(each, is_right=at > 0) for at, each in enumerate(behind)),
        )
        lines = 1 if self._is_brief else 3 if 3 * count + 3 <= height else 2
        super().__init__(count, columns, kept=2, lines=lines, head=max(map(len, self._headings)))

    def heading(self, column: int) -> Sequence[Content]:
        return self._headings[column]

    def cell(self, row: int, line: int, column: int) -> Content:
        entry = self._entries[row]
        scorecard = entry.scorecard
        if line > 1:
            return Content("")
        if column == 0:
            return Content(str(entry.rank) if line == 0 else "")
        if column == 1:
            name = lettered_name(entry, is_marked=row in self._marked)
            return name if line == 0 else verdict_words(scorecard)
        if self._is_brief and column == 2:
            return _brief_verdict(scorecard)
        if column == 2:
            return _overall(scorecard, line)
        if column - 3 == len(scorecard.criteria):
            coverage = None if scorecard.overall is None else scorecard.overall.coverage
            return Content(share(coverage)) if line == 0 else must_have_counts(scorecard)
        return self._criterion(scorecard, column - 3) if line == 0 else Content("")

    def _criterion(self, scorecard: Scorecard, at: int) -> Content:
        """What the range reaches, and the range."""
        score_range = scorecard.criteria[at].range
        if score_range is None or not scorecard.is_started:
            return Content.styled(NO_FIGURE, "$text-muted")
        policy = scorecard.rubric.policy
        if score_range.floor >= policy.approve.criterion:
            sign, style = "✓", "$text-success"
        elif score_range.floor >= policy.conditional.criterion:
            sign, style = "◐", "$text-conditions"
        elif score_range.ceiling < policy.conditional.criterion:
            sign, style = "✗", "$text-error"
        else:
            sign, style = "?", "$text-warning"
        figures = f"{brief_span(score_range):>5}" if self._is_brief else f"{span(score_range):>{RANGE_WIDTH}}"
        return in_a_row(Content.styled(sign, style), f" {figures}")


def _brief_verdict(scorecard: Scorecard) -> Content:
    words = verdict_words(scorecard)
    return words if scorecard.verdict is not Verdict.APPROVE_WITH_CONDITIONS else words[:2] + "CONDITIONS"


def _wide_enough(lines: Sequence[Content], least: int) -> int:
    return max(least, *(line.cell_length for line in lines))


def lettered_name(entry: Entry, *, is_marked: bool = False) -> Content:
    """A tool's letter and name, after a sign where the tool is marked."""
    letter = Content.styled(f"{entry.letter} ", "$text-primary")
    return in_a_row(MARKED if is_marked else "", letter, on_one_line(entry.name, "bold"))


def first_headline(comparison: Comparison) -> Content:
    """Who is first and what that is worth, in the colour of the verdict."""
    verdict = comparison.entries[0].scorecard.verdict
    return on_one_line(f"{VERDICT_SIGNS[verdict]} {first_words(comparison.entries)}", f"bold {VERDICT_STYLES[verdict]}")


class Headline(Static):
    """What a comparison comes to, on one line, or on two where it is long.

    How many is known before anything is laid out, for the table below is spaced by the room that is left.
    """

    def __init__(self, words: Content) -> None:
        super().__init__(words, id="headline")
        self._words = words

    def on_mount(self) -> None:
        self.say(self._words)

    def say(self, words: Content) -> None:
        """Show these words."""
        self._words = words
        self.update(words)
        self.fit()

    def fit(self) -> None:
        """Take the second line where the words need it."""
        self.set_class(self._words.cell_length > self.app.size.width - 2, "-long")


def name_width(entries: Sequence[Entry], *, least: int) -> int:
    """The width of a column of names: that of the longest name, within limits."""
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
    """Floor and ceiling: "45.8–79.2", or "100.0" where they are the same."""
    if score_range is not None and score_range.floor == score_range.ceiling:
        return figure(score_range.floor)
    return range_cell(score_range)


def brief_span(score_range: ScoreRange) -> str:
    """Whole numbers that the range lies between: "45–80"; the figure where both ends are the same."""
    whole = f"{floor(score_range.floor)}–{ceil(score_range.ceiling)}"
    return figure(score_range.floor) if score_range.floor == score_range.ceiling else whole


def brief_heading(title: str) -> tuple[Content, ...]:
    """A title on at most three short lines."""
    lines: list[str] = []
    for word in re.findall(r"[^ -]+-?", on_one_line(title).plain):
        while len(word) > BRIEF_WIDTH + 1:
            lines.append(f"{word[:BRIEF_WIDTH]}-")
            word = word[BRIEF_WIDTH:]
        lines.append(word)
        if len(lines) > 3:
            lines[-2:] = [f"{lines[-2]} {word}"]
    return tuple(Content(line).truncate(BRIEF_WIDTH + 1, ellipsis=True) for line in lines)


def heading_lines(title: str) -> tuple[Content, ...]:
    """A title on at most two lines, broken where the column becomes narrowest."""
    whole = on_one_line(title).plain
    breaks = [match.end() for match in re.finditer(r"[ -]", whole)]
    ways = [(whole[:at].rstrip(), whole[at:]) for at in breaks]
    if not ways:
        return (Content(whole).truncate(14, ellipsis=True),)
    best = min(ways, key=lambda way: max(map(len, way)))
    return tuple(Content(line).truncate(14, ellipsis=True) for line in best)


def _overall(scorecard: Scorecard, line: int) -> Content:
    overall = scorecard.overall if scorecard.is_started else None
    if line == 1:
        return _bar(overall, len(FIGURES_HEADING), scorecard.rubric.policy.approve.overall)
    if overall is None:
        return Content.styled(f"{NO_FIGURE:>5}{NO_FIGURE:>6}{NO_FIGURE:>6}", "$text-muted")
    observed, ceiling = figure(overall.observed), figure(overall.ceiling)
    return in_a_row(Content.styled(f"{figure(overall.floor):>5}", "bold"), f"{observed:>6}{ceiling:>6}")


def _bar(score_range: ScoreRange | None, width: int, needed: Fraction) -> Content:
    return Content("") if score_range is None else bar(range_bar(score_range, width, (needed,)))


STEP, NO_STEP = "▰", "▱"
HEADING_LINES = 3
QUESTIONS_LEGEND = "? unknown  · not answered  – not applicable  ↻ expired  must-have ✓ ✗"


class QuestionTable(Table):
    """A question a row, a tool a column, and in each cell the level with its mark."""

    def __init__(self, comparison: Comparison, marked: Sequence[int], width: int, *, only_differences: bool) -> None:
        self._comparison = comparison
        self._marked = marked
        self._must_haves = [must_have_states(entry.scorecard) for entry in comparison.entries]
        self.rows = self._rows(only_differences=only_differences)
        columns = _question_columns(comparison, width)
        longest = max(len(entry.name) for entry in comparison.entries) + len(comparison.entries[-1].letter)
        head = min(HEADING_LINES, 1 + longest // max(1, columns[-1].width - 2))
        super().__init__(len(self.rows), columns, head=head)

    def heading(self, column: int) -> Sequence[Content]:
        if column == 0:
            return (Content("question"),)
        entry, width = self._comparison.entries[column - 1], self.columns[column].width
        lines = lettered_name(entry, is_marked=column - 1 in self._marked).wrap(width)
        if len(lines) > self.head:
            lines = [*lines[: self.head - 1], in_a_row(lines[self.head - 1], " …").truncate(width, ellipsis=True)]
        return lines

    def title(self, row: int) -> Content | None:
        """The criterion's title above its questions."""
        place = self.rows[row]
        return on_one_line(f" {place.title}", "bold") if isinstance(place, Criterion) else None

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        place = self.rows[row]
        if isinstance(place, Criterion):
            return Content("")
        if column == 0:
            return on_one_line(self._comparison.entries[0].scorecard.questions[place].question.heading)
        scored = self._comparison.entries[column - 1].scorecard.questions[place]
        return level_mark(scored, self._must_haves[column - 1].get(scored.question.id))

    def place(self, row: int) -> int | None:
        """The place of the row's question in the rubric; None for a title, and where there is no row."""
        place = self.rows[row] if 0 <= row < len(self.rows) else None
        return place if isinstance(place, int) else None

    @property
    def places(self) -> tuple[int, ...]:
        """The questions shown, by their place in the rubric."""
        return tuple(row for row in self.rows if isinstance(row, int))

    def row_of(self, place: int) -> int:
        """The row of that question, or of the next one shown."""
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
        cells = set()
        for entry, must_haves in zip(self._comparison.entries, self._must_haves, strict=True):
            scored = entry.scorecard.questions[place]
            cells.add((scored.level, scored.state, scored.applies is False, must_haves.get(scored.question.id)))
            if len(cells) > 1:
                return True
        return False


def _question_columns(comparison: Comparison, width: int) -> tuple[Column, ...]:
    """The question, then the tools, as wide as there is room for their names."""
    longest = max((len(question.heading) for _, question in comparison.rubric.questions()), default=8)
    title_width = max(16, min(longest, width // 2 - 6, 44))
    room = (width - title_width - 2 * GAP) // len(comparison.entries) - GAP
    return (Column(title_width), *[Column(max(9, min(room, 22)))] * len(comparison.entries))


def level_mark(scored: QuestionScore, must_have: MustHaveState | None) -> Content:
    """The level with its steps, or the sign of the answer's state, and the sign of a must-have's state."""
    if scored.applies is False:
        return _mark(None, 0, AnswerState.NOT_APPLICABLE, None)
    return _mark(scored.level, scored.question.top, scored.state, must_have)


@lru_cache(maxsize=1024)  # few cells on a screen differ, and looking one up is faster than making it
def _mark(level: int | None, top: int, state: AnswerState, must_have: MustHaveState | None) -> Content:
    sign = "" if state is AnswerState.ANSWERED else ANSWER_SIGNS[state]
    steps = "" if level is None else f"{level} {STEP * level}{NO_STEP * (top - level)}"
    words = Content.styled(" ".join(part for part in (steps, sign) if part), ANSWER_STYLES[state])
    if must_have is None or MUST_HAVE_SIGNS[must_have] == sign:
        return words
    return in_a_row(words, " ", Content.styled(MUST_HAVE_SIGNS[must_have], f"bold {MUST_HAVE_STYLES[must_have]}"))


def must_have_states(scorecard: Scorecard) -> dict[str, MustHaveState]:
    """The state of each must-have, by its question's id."""
    return {must_have.question.id: must_have.state for must_have in scorecard.must_haves}


POINTS_WIDTH = 7
LEVEL_WIDTH = 10
LONGEST_TITLE = 46
LONGEST_BAR = 41


class WhyTable(Table):
    """A question a row: its points with a bar, and both levels. The last row is the sum."""

    def __init__(self, reason: Why, width: int) -> None:
        self.reason = reason
        self._largest = max((abs(part.points) for part in reason.parts), default=Fraction(1))
        self._ours = {scored.question.id: scored for scored in reason.first.scorecard.questions}
        self._theirs = {scored.question.id: scored for scored in reason.second.scorecard.questions}
        room = width - POINTS_WIDTH - 2 * LEVEL_WIDTH - 6 * GAP
        titles = max((len(self._label(part)) for part in reason.parts), default=8)
        title_width = max(12, min(titles, LONGEST_TITLE, room - 9))
        bar_width = max(9, min(LONGEST_BAR, room - title_width)) | 1  # odd, so that there is a middle
        columns = (
            Column(POINTS_WIDTH, is_right=True),
            *(Column(each) for each in (title_width, LEVEL_WIDTH, LEVEL_WIDTH, bar_width)),
        )
        lead = POINTS_WIDTH + 1 + GAP
        self._sum = Content(total_words(reason)).wrap(max(20, width - lead - 4))
        super().__init__(len(reason.parts) + len(self._sum), columns, kept=2)

    @property
    def places(self) -> tuple[int, ...]:
        """The questions of the parts, by their place in the rubric."""
        places = {question: place for place, question in enumerate(self._ours)}
        return tuple(places[part.question] for part in self.reason.parts)

    def heading(self, column: int) -> Sequence[Content]:
        first, second = self.reason.first.letter, self.reason.second.letter
        bar = f"{second} ◂│▸ {first}".center(self.columns[-1].width)
        return (Content(("points", "question", first, second, bar)[column]),)

    def title(self, row: int) -> Content | None:
        """The sum and what it means, below the parts; the cursor never goes there."""
        line = row - len(self.reason.parts)
        if line < 0:
            return None
        points = "" if line else signed_points(self.reason.total)
        return in_a_row(f"{points:>{POINTS_WIDTH + 1}}{'':{GAP}}", self._sum[line]).stylize("bold")

    def cell(self, row: int, line: int, column: int) -> Content:  # noqa: ARG002 - a row has one line
        if row >= len(self.reason.parts):
            return Content("")
        part = self.reason.parts[row]
        match column:
            case 0:
                return Content.styled(signed_points(part.points), "bold" if part.points > 0 else "$text-warning")
            case 1:
                return on_one_line(self._label(part))
            case 2:
                return level_mark(self._ours[part.question], None)
            case 3:
                return level_mark(self._theirs[part.question], None)
            case _:
                drawn = Content.styled(self._bar(part.points), "$text-primary" if part.points > 0 else "$text-warning")
                is_odd = part.remark and part.points < 0  # where the other half is empty
                return in_a_row(drawn, Content.styled(" same level", "$text-muted")) if is_odd else drawn

    def _label(self, part: WhyPart) -> str:
        return self._ours[part.question].question.heading

    def _bar(self, value: Fraction) -> str:
        """Points for the first tool go to the right of the middle, points for the second to the left."""
        half = (self.columns[-1].width - 1) // 2
        length = max(1, round(half * abs(value) / self._largest))
        bar = "━" * length
        return f"{'':{half}}│{bar}" if value > 0 else f"{bar:>{half}}│"


REASONS = 2


def about_tool(entry: Entry, comparison_words: Sequence[str]) -> Iterator[Content]:
    """A tool's verdict with its first reasons and its findings, and the comparison in sentences."""
    about = _reasons(entry.scorecard)
    sentences = [shown(sentence, "$text-muted" if at else "") for at, sentence in enumerate(comparison_words)]
    own = [*([about] if about else []), *_proof(entry)]
    # The first sentence says already why the first tool is first
    yield from ([*sentences[:1], *own, *sentences[1:]] if entry.rank == 1 else [*own, Content(""), *sentences])


def _reasons(scorecard: Scorecard) -> Content:
    reasons = scorecard.reasons
    words = [on_one_line(f"{reason_words(reason, scorecard)} ") for reason in reasons[:REASONS]]
    if len(reasons) > REASONS:
        words.append(Content.styled(f"And {plural(len(reasons) - REASONS, 'more reason')}.", "$text-muted"))
    return in_a_row(*words)


def _proof(entry: Entry) -> Iterator[Content]:
    """How much is answered and proven, and the finding that "not applicable" made the verdict better."""
    overall = entry.scorecard.overall
    if overall is not None:
        policy = entry.scorecard.rubric.policy
        proven = f"proven {share_needed(overall.proven, policy.proven)} to approve"
        yield Content.styled(f"Coverage {share_needed(overall.coverage, policy.coverage)}; {proven}.", "$text-muted")
    for finding in entry.tool.findings:
        if finding.code is FindingCode.NOT_APPLICABLE_HELPS:
            yield shown(finding_words(finding, entry.scorecard), "$text-warning")


def in_sentences(comparison: Comparison, robustness: Robustness | None) -> tuple[str, ...]:
    """Why the first tool is first and what would change it, then which tools the evidence separates."""
    first = why_first(comparison, robustness)
    return (first[:1].upper() + first[1:], *separation_lines(comparison, in_brief=True))


def about_cell(entry: Entry, others: Sequence[Entry], place: int) -> Iterator[Content]:
    """The question, the answer of the current tool, and those of the others."""
    question = entry.scorecard.questions[place].question
    yield shown(question.text, "$text-muted")
    for each in (entry, *others):
        answer = each.tool.assessment.answer(question.id)
        yield from _stands(each, answer_description(each.scorecard.questions[place], answer), answer.evidence)


def answer_description(scored: QuestionScore, answer: Answer) -> Content:
    """The level with its rung in words; else what was tried, or why it is not applicable."""
    if scored.applies is False:
        return Content.styled("does not apply under the scope given", "$text-muted")
    if scored.level is not None:
        expired = ", expired" if scored.state is AnswerState.EXPIRED else ""
        rung = shown(scored.question.levels[scored.level])
        return in_a_row(Content.styled(f"level {scored.level} of {scored.question.top}{expired}: ", "bold"), rung)
    said = answer.unknown or answer.not_applicable
    words = Content.styled(state_words(scored.state), "bold")
    return in_a_row(words, ": ", shown(said)) if said else words


def about_part(reason: Why, part: WhyPart) -> Iterator[Content]:
    """Both answers behind one part of the difference."""
    for entry, side in ((reason.first, part.first), (reason.second, part.second)):
        level = Content.styled(side.level, "bold")
        words = in_a_row(level, ": ", shown(side.rung)) if side.rung else level
        yield from _stands(entry, words, side.evidence)
    if part.remark:
        yield shown(f"({part.remark})", "$text-muted")


def _stands(entry: Entry, words: Content, evidence: Sequence[Evidence]) -> Iterator[Content]:
    yield in_a_row(lettered_name(entry), "  ", words)
    for each in evidence:
        yield in_a_row("  ", evidence_words(each))
