"""The text of the pages of the Review screen. Every row about a question leads to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from textual.content import Content

from toolvet.domain.advice import Advice, Step
from toolvet.domain.assessment import Assessment, Pass, minutes_left, progress, questions_in
from toolvet.domain.findings import Finding
from toolvet.domain.gaps import Effect
from toolvet.domain.scorecard import (
    AnswerState,
    MustHaveState,
    QuestionScore,
    Reason,
    ReasonCode,
    Scorecard,
    ScoreRange,
    Verdict,
)
from toolvet.domain.scoring import Field, Placement, place
from toolvet.report.approval.document import Shortfall, SurveyPart
from toolvet.report.approval.shortfalls import EFFECT_WORDS, HOW_TOLD, ONLY_A_POINTER
from toolvet.report.panel_table import PanelPage
from toolvet.report.survey.sentences import marked_reading
from toolvet.text.advice_words import further_words, least_steps, note_words, step_words, ways_words
from toolvet.text.charts import OBSERVED, MapPoint, map_lines
from toolvet.text.escape import listed, one_line, plural
from toolvet.text.labels import (
    MUST_HAVE,
    MUST_HAVE_SIGNS,
    MUST_HAVE_STYLES,
    answer_mark,
    answer_style,
    house_policy_words,
    map_leans,
    number,
    observed_over,
    percent,
    progress_words,
    proof_words,
    share_needed,
    state_words,
)
from toolvet.text.sentences import finding_parts, finding_words, reason_words, settled_words
from toolvet.tui.kit.content import below_each_other, in_a_row, map_of, on_one_line, shown
from toolvet.tui.kit.link_list import PageRow, blank, line, quiet, quiet_line, strong, title_line
from toolvet.tui.kit.score_panel import WORST_FIRST, minutes_words, range_table, verdict_chip
from toolvet.values import dataclass

NEXT_STEPS, OPEN = "Steps", "Open"
SURVEY_SIGNS = "· questions of this tool that bear on it: enter opens one"
SURVEY, PANEL = "Survey", "Panel"
_ALL_FIGURES_FROM = 100
"""Columns from which the bars have all figures beside them."""
_MEANINGS = {
    Verdict.APPROVE: "Every must-have is met and proven, and every floor is high enough.",
    Verdict.APPROVE_WITH_CONDITIONS: "Good enough to approve once conditions cover what falls short.",
    Verdict.HOLD: "On hold: settle the points below first.",
    Verdict.REJECT: "Ruled out as it is: no total outweighs the points below.",
}
_NOT_STARTED = "No question has an answer yet, so no verdict can be given."


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What there is to review. `advice` is None while it is being worked out, and `surveys` empty until then."""

    assessment: Assessment
    scorecard: Scorecard
    findings: tuple[Finding, ...]
    advice: tuple[Advice, ...] | None = None
    doubts: tuple[str, ...] = ()
    decided: str = ""
    surveys: tuple[SurveyPart, ...] = ()
    panel: PanelPage | None = None
    untold_panel: tuple[str, ...] = ()
    """Why the reviewers of the tool cannot be shown side by side, in lines."""
    room: int = 23
    """Lines that a page has."""


ReviewPage = Callable[[Reviewed, int], Iterator[PageRow]]


def card(reviewed: Reviewed, width: int) -> Content:
    """The verdict, what it means, and what it rests on, to be read across a room."""
    scorecard = reviewed.scorecard
    policy, overall = scorecard.rubric.policy, scorecard.overall
    state = "" if scorecard.complete else ", not complete"
    floor = "nothing counts" if overall is None or not scorecard.is_started else f"floor {percent(overall.floor)}"
    needs = f"needs {number(policy.conditional.overall)} with conditions, {number(policy.approve.overall)} to approve"
    coverage = Fraction(0) if overall is None else overall.coverage
    rows = [
        _spread(
            in_a_row("Today: " if reviewed.decided else "", verdict_chip(scorecard)),
            Content(f"{floor} · {needs}"),
            width,
        ),
        _spread(
            Content(_MEANINGS[scorecard.verdict] if scorecard.is_started else _NOT_STARTED),
            Content.styled(f"coverage {share_needed(coverage, policy.coverage)}", "$text-muted"),
            width,
        ),
        Content.styled(f"{progress_words(progress(scorecard))} questions{state}", "$text-muted"),
    ]
    if reviewed.decided:
        rows.insert(0, on_one_line(f"Decision: {reviewed.decided}", "bold"))
    rows += [Content.styled(f"! {doubt}", "bold $text-error") for doubt in reviewed.doubts]
    return below_each_other(*rows)


def _spread(left: Content, right: Content, width: int) -> Content:
    """Both on one line where they fit, else the left one alone."""
    if left.cell_length + right.cell_length + 2 > width:
        return left
    return left.pad_right(width - left.cell_length - right.cell_length) + right


def verdict_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    """The ranges that the verdict rests on, and the reasons for it."""
    scorecard = reviewed.scorecard
    if scorecard.is_started:
        yield from _ranges(scorecard, width)
        yield blank()
        yield PageRow(strong(" What the verdict rests on"))
    yield from _reason_rows(scorecard)
    if not scorecard.reasons:
        yield PageRow(Content("   Every requirement for approval is met."))
    yield blank()
    policy = scorecard.rubric.policy
    needed = (
        f"Floors needed: to approve {number(policy.approve.criterion)} in each criterion and "
        f"{number(policy.approve.overall)} overall; with conditions {number(policy.conditional.criterion)} and "
        f"{number(policy.conditional.overall)}. Coverage needed: {number(policy.coverage)}%. "
        f"Proven, to approve: {number(policy.proven)}%. {house_policy_words(scorecard.rubric)}"
    )
    yield quiet(needed)


def _reason_rows(scorecard: Scorecard) -> Iterator[PageRow]:
    """A sentence for each reason; facts not given, and must-haves not known, have one for all."""
    unknown = {
        each.question.id: each
        for each in scorecard.must_haves
        if each.state is MustHaveState.UNKNOWN and each.level is None
    }
    facts = {fact.id: fact.text for fact in scorecard.scope_open}

    def kind(reason: Reason) -> str:
        if reason.code is ReasonCode.SCOPE_OPEN and reason.fact in facts:
            return "scope facts are not given"
        is_unknown = reason.code is ReasonCode.MUST_HAVE_UNKNOWN and reason.question in unknown
        return "must-haves are not known" if is_unknown else ""

    for shared, alike in groupby(scorecard.reasons, kind):
        reasons = tuple(alike)
        is_list = bool(shared) and len(reasons) > 1
        if is_list:
            yield PageRow(Content(f"   {len(reasons)} {shared}:"), indent=3)
        for reason in reasons:
            words = reason_words(reason, scorecard)
            if is_list and reason.fact is not None:
                words = facts[reason.fact]
            elif is_list and reason.question is not None:
                must_have = unknown[reason.question]
                words = f"{must_have.question.heading}: needs level {must_have.may_reach}"
            yield PageRow(in_a_row("   · ", on_one_line(words)), reason.question, indent=5)


def summaries(reviewed: Reviewed) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The first lines of three other pages, each with a title and where the rest is."""
    scorecard = reviewed.scorecard
    states = Counter(each.state for each in scorecard.must_haves)
    lines = tuple(
        f"{MUST_HAVE_SIGNS[state]} {states[state]} {state_words(state)}"
        for state in (*WORST_FIRST, MustHaveState.MET)
        if states[state]
    )
    yield f"Must-haves · {states[MustHaveState.MET]} of {len(scorecard.must_haves)} met", "2: all", lines
    words = tuple(f"· {finding_words(each, scorecard)}" for each in reviewed.findings)
    yield f"Findings · {len(words)}", "4: all", words or ("None.",)
    first = reviewed.advice[0] if reviewed.advice else None
    steps: tuple[str, ...] = ("Nothing has to change." if reviewed.advice is not None else "Working them out …",)
    if first is not None:
        steps = tuple(f"· {step_words(step)}" for step in (*first.needed, *(first.further or ())))
    title = NEXT_STEPS if first is None else f"To reach {first.target.words}"
    yield title, "6: all next steps", steps


def counts_of(reviewed: Reviewed) -> tuple[str, ...]:
    """What stands behind the names of the pages."""
    scorecard = reviewed.scorecard
    met = sum(each.state is MustHaveState.MET for each in scorecard.must_haves)
    still_open = len(questions_in(Pass.OPEN, scorecard))
    advice = str(least_steps(reviewed.advice[0])) if reviewed.advice else ""
    parted = () if reviewed.panel is None else ("", str(len(reviewed.panel.panel.parted)))
    return ("", f"{met}/{len(scorecard.must_haves)}", "", str(len(reviewed.findings)), str(still_open), advice, *parted)


def must_have_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    must_haves = reviewed.scorecard.must_haves
    not_met = [each for each in must_haves if each.state is not MustHaveState.MET]
    if not must_haves:
        yield quiet("No must-haves apply.")
        return
    yield PageRow(strong(f" {len(must_haves) - len(not_met)} of {len(must_haves)} must-haves are met"))
    yield quiet("Each must reach its level, whatever the total: a failed one rejects or holds, an unknown one holds.")
    yield blank()
    states = {each.state: f"{MUST_HAVE_SIGNS[each.state]} {state_words(each.state)}  " for each in must_haves}
    state_width = max(map(len, states.values()))
    name_width = max(20, min(44, width - 29 - state_width))
    yield PageRow(
        Content.styled(f"   {'':<{state_width}}{'must-have':<{name_width}} level  needs  evidence", "$text-muted")
    )
    for each in sorted(must_haves, key=lambda each: (*WORST_FIRST, MustHaveState.MET).index(each.state)):
        level = "–" if each.level is None else str(each.level)
        proof = proof_words(each, reviewed.assessment.answer(each.question.id))
        row = in_a_row(
            "   ",
            Content.styled(f"{states[each.state]:<{state_width}}", MUST_HAVE_STYLES[each.state]),
            on_one_line(each.question.heading).truncate(name_width, ellipsis=True, pad=True),
            f" {level:^5}  {each.must_reach:^5}  ",
            Content.styled(proof, "" if proof == "proven" else "$text-warning"),
        )
        yield PageRow(row, each.question.id, indent=3 + state_width)


def map_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    """The sweet-spot map, and in words where the tool lies."""
    placement = place(reviewed.scorecard)
    if placement is None:
        yield quiet("There is no map: no question on one of its two axes counts.")
        return
    yield PageRow(in_a_row(" ", strong(_where_on_map(placement))), indent=1)
    yield quiet(
        f"Experience {_range_words(placement.experience)}.  Control {_range_words(placement.control)}. "
        f"{OBSERVED} is what was observed; its lines reach from floor to ceiling."
    )
    yield blank()
    point = MapPoint(OBSERVED, "", placement.experience, placement.control)
    split = reviewed.scorecard.rubric.policy.approve.criterion
    for drawn in map_lines((point,), split, min(width - 2, 110), max(9, reviewed.room - 8)):
        yield PageRow(in_a_row(" ", map_of(drawn)), is_drawn=True)
    leans = map_leans(reviewed.scorecard.rubric)
    if leans:
        yield blank()
        yield quiet(leans)


_FIELD_MEANINGS = {
    Field.SWEET_SPOT: "easy for people, and under control",
    Field.LOCKED_DOWN: "under control, but not easy for people",
    Field.FREE_FOR_ALL: "easy for people, but not under control",
    Field.NEITHER: "neither easy for people nor under control",
}


def _where_on_map(placement: Placement) -> str:
    """The field where it lies, what that means, and where the open answers could still put it."""
    if not placement.fields:
        return "Not placed yet: too little is answered."
    here, *others = placement.fields
    if not others:
        return f"{here.value.capitalize()}: {_FIELD_MEANINGS[here]}."
    further = "anywhere else" if len(placement.fields) == len(Field) else f"in {listed(others, last='or')}"
    return f"So far {here.value}: {_FIELD_MEANINGS[here]}. Open answers could still put it {further}."


def findings_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:  # noqa: ARG001 - all pages are called alike
    if not reviewed.findings:
        yield quiet("No findings: a careful colleague would have nothing to add.")
        return
    yield PageRow(strong(f" {plural(len(reviewed.findings), 'finding')}: what a careful colleague would point out"))
    yield blank()
    for finding in reviewed.findings:
        words, about = finding_parts(finding, reviewed.scorecard)
        yield line(words, indent=3)
        for question, found in zip(finding.questions, about, strict=False):  # none of a finding about the file
            yield PageRow(in_a_row("   · ", on_one_line(found)), question, indent=5)
        yield blank()


def open_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    """Scope facts not given, and questions with no current answer."""
    scorecard = reviewed.scorecard
    questions = questions_in(Pass.OPEN, scorecard)
    must_haves = {each.question.id for each in scorecard.must_haves}
    minutes = minutes_words(minutes_left(Pass.OPEN, scorecard))
    yield PageRow(strong(f" {plural(len(questions), 'open question')}, about {minutes} of work"))
    deciding = len(questions_in(Pass.QUICKEST, scorecard))
    yield quiet(
        settled_words(scorecard)
        or f"{'All' if deciding == len(questions) else deciding} of them can still change the verdict."
    )
    for fact in scorecard.scope_open:
        yield PageRow(
            in_a_row("   ", Content.styled("scope fact open: ", "$text-warning"), on_one_line(fact.text)), indent=3
        )
    yield blank()
    if not questions:
        yield quiet("Every question that applies has an answer.")
    for scored in questions:
        where = " · ".join(_to_do(scored))
        title = on_one_line(scored.question.heading).truncate(max(20, width // 2), ellipsis=True, pad=True)
        sign = MUST_HAVE if scored.question.id in must_haves else " "
        mark = Content.styled(answer_mark(scored), answer_style(scored))
        yield PageRow(
            in_a_row("   ", mark, f" {sign} ", title, "  ", Content.styled(where, "$text-muted")),
            scored.question.id,
            indent=8,
        )


def change_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:  # noqa: ARG001 - all pages are called alike
    if reviewed.advice is None:
        yield quiet("Working out the fewest steps …")
        return
    if not reviewed.advice and reviewed.scorecard.verdict is not Verdict.APPROVE:
        yield quiet("No answer would lead to a better verdict under this policy.")
    elif not reviewed.advice:
        yield quiet("The verdict is already approve; nothing has to change.")
    else:
        yield title_line(ways_words(reviewed.advice))
        yield blank()
    for way in reviewed.advice:
        yield title_line(f"To reach {way.target.words}")
        yield from _step_rows(way.needed)
        if way.further_steps != 0 or not way.needed:
            yield quiet(further_words(way))
        yield from _step_rows(way.further or ())
        for note in note_words(way):
            yield PageRow(in_a_row("   ", Content.styled(on_one_line(note).plain, "$text-muted")), indent=3)
        yield blank()
    yield quiet("These are the fewest steps, provided they turn out to be true. They are no reason to answer that way.")


def arithmetic_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    """The sums of each criterion and of all, the rules in their order, and last how it all adds up."""
    # seldom opened, and its tables take time to import
    from toolvet.report.approval import arithmetic

    found = arithmetic.sums(reviewed.scorecard)
    for criterion in found.criteria:
        weight = Content.styled(f"  weight {number(criterion.weight)}", "$text-muted")
        yield PageRow(in_a_row(" ", on_one_line(criterion.title, "bold"), weight))
        if criterion.terms:
            room = max(40, min(width - 2, 100))
            spare = room - arithmetic.term_table(criterion, room).index("\n")  # its figures take less than they may
            yield from _term_rows(arithmetic.term_table(criterion, room + max(0, spare)))
        yield from map(quiet_line, (*criterion.formulas, *arithmetic.dropped_words(criterion)))
        yield blank()
    yield title_line(arithmetic.OVERALL_TITLE)
    over = observed_over(reviewed.scorecard.observed_over, reviewed.scorecard.criteria)
    yield from map(quiet_line, (*(found.formulas or ("No question counts.",)), *filter(None, (over,))))
    yield blank()
    yield title_line(arithmetic.RULES_TITLE)
    for rule in arithmetic.rules(reviewed.scorecard):
        decides = rule.outcome is arithmetic.RuleOutcome.DECIDES
        told = shown(f"{rule.place}. {rule.verdict.words}: {rule.text}", "bold" if decides else "")
        yield PageRow(
            in_a_row(" ", told, Content.styled(f"  → {rule.outcome}", "" if decides else "$text-muted")), indent=4
        )
        for compared in rule.compared:
            yield PageRow(in_a_row("    · ", shown(compared, "$text-muted")), indent=6)
    for words in (arithmetic.HOW_IT_ADDS_UP, house_policy_words(reviewed.scorecard.rubric)):
        yield blank()
        yield quiet_line(words)


def _term_rows(table: str) -> Iterator[PageRow]:
    """The lines of a table: its head quiet, a rule below it and above the sum, which is bold."""
    head, rule, *terms, total = table.split("\n")
    drawn = Content.styled(f" {'─' * len(rule)}", "$ring")
    yield PageRow(Content.styled(f" {head}", "$text-muted"), is_drawn=True)
    yield PageRow(drawn, is_drawn=True)
    yield from (PageRow(in_a_row(" ", term), is_drawn=True) for term in terms)
    yield PageRow(drawn, is_drawn=True)
    yield PageRow(in_a_row(" ", shown(total, "bold")), is_drawn=True)


PAGES: tuple[tuple[str, ReviewPage], ...] = (
    ("Verdict", verdict_page),
    ("Must-haves", must_have_page),
    ("Map", map_page),
    ("Findings", findings_page),
    (OPEN, open_page),
    (NEXT_STEPS, change_page),
    ("Sums", arithmetic_page),
)


def _to_do(scored: QuestionScore) -> Iterator[str]:
    question = scored.question
    if question.where is not None:
        yield question.where.value
    if question.minutes is not None:
        yield f"{question.minutes} min"
    if scored.to_confirm:
        yield "to confirm"
    elif scored.state is not AnswerState.UNANSWERED:
        yield state_words(scored.state)


def _step_rows(steps: Sequence[Step]) -> Iterator[PageRow]:
    """Each step with the title of its question bold, and the rung to reach quiet."""
    for step in steps:
        words = on_one_line(step_words(step))
        question = step.question
        if question is not None:
            title = words.plain.find(one_line(question.quoted))
            words = words.stylize("bold", title, title + len(one_line(question.quoted)))
            rung = one_line(question.levels[step.rung or 0])
            if words.plain.endswith(rung):
                words = words.stylize("$text-muted", len(words.plain) - len(rung))
        yield PageRow(in_a_row("   · ", words), question.id if question else None, indent=5)


def _ranges(scorecard: Scorecard, width: int) -> Iterator[PageRow]:
    """A bar for each criterion and overall, its figures, and by how much the floor is short of approve."""
    for row in range_table(scorecard, width - 1, has_all=width >= _ALL_FIGURES_FROM):
        yield PageRow(in_a_row(" ", row), is_drawn=True)
    over = observed_over(scorecard.observed_over, scorecard.criteria)
    if over:
        yield quiet(over)


def _range_words(score_range: ScoreRange) -> str:
    observed = "nothing observed" if score_range.observed is None else f"observed {percent(score_range.observed)}"
    return f"{percent(score_range.floor)} to {percent(score_range.ceiling)}, {observed}"


_STYLES = {
    Effect.CLOSES: "bold $text-success",
    Effect.NARROWS: "bold $text-success",
    Effect.DOES_NOT: "bold $text-error",
    Effect.NOT_KNOWN: "bold $text-warning",
    Effect.NOT_ASKED: "$text-muted",
}
_EFFECT_WIDTH = max(map(len, EFFECT_WORDS.values())) + 2


def survey_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:  # noqa: ARG001 - all pages are called alike
    """Each organisation's shortfalls, and below each the linked answers, which lead to their questions."""
    for survey in reviewed.surveys:
        yield from _survey_rows(survey)
        yield blank()
    yield quiet(f"{HOW_TOLD} {ONLY_A_POINTER}")


def _survey_rows(survey: SurveyPart) -> Iterator[PageRow]:
    effects = Counter(one.effect for one in survey.shortfalls)
    if survey.shortfalls:
        count = f"{effects[Effect.CLOSES]} of {plural(len(survey.shortfalls), 'shortfall')} would close"
        yield title_line(f"{count} · the survey of {one_line(survey.organisation)}")
        yield quiet(survey.answer)
    else:
        yield title_line(survey.answer)
    yield quiet(on_one_line(" ".join((f"Answered by {survey.people}.", *survey.notes))).plain)
    for one in survey.shortfalls:
        if one.linked:
            yield blank()
            yield from _shortfall_rows(one)
    others = [one.title for one in survey.shortfalls if not one.linked]
    if others:
        yield blank()
        yield quiet(f"Also short or slipping, but not covered by this rubric: {listed(others)}.")


def _shortfall_rows(one: Shortfall) -> Iterator[PageRow]:
    effect = Content.styled(f"{one.effect_words:<{_EFFECT_WIDTH}}", _STYLES[one.effect])
    title = on_one_line(one.title, "bold")
    people = plural(one.people, "person", "people")
    reading = Content.styled(f"  {marked_reading(one.reading)}, {people}", "$text-muted")
    yield PageRow(in_a_row("   ", effect, title, reading), indent=3 + _EFFECT_WIDTH)
    yield quiet(f"Delivered {one.delivered_words}, expected {one.expected_words}.")
    for linked in one.linked:
        yield PageRow(in_a_row("   · ", on_one_line(f"{linked.title}: {linked.words}")), linked.question, indent=5)
