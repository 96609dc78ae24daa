"""The page of a panel on the Review screen: who took part, where they part, and what was settled."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from toolvet.domain.assessment import progress
from toolvet.domain.panel import Opinions
from toolvet.report.panel_table import (
    PanelPage,
    agreement_words,
    answer_in_full,
    parted_words,
    said_words,
    spread_words,
)
from toolvet.text.escape import fitted, plural
from toolvet.text.labels import progress_words
from toolvet.tui.kit.content import in_a_row, on_one_line
from toolvet.tui.kit.link_list import PageRow, blank, quiet, strong
from toolvet.tui.kit.score_panel import verdict_words
from toolvet.tui.review.pages import Reviewed


def panel_page(reviewed: Reviewed, width: int) -> Iterator[PageRow]:
    """Who took part, where they part, how far they agree, and what only some answered."""
    yield from (quiet(on_one_line(words).plain) for words in reviewed.untold_panel)
    if reviewed.panel is None:
        return
    page, panel = reviewed.panel, reviewed.panel.panel
    for member in panel.members:
        done = progress_words(progress(member.scorecard))
        verdict = verdict_words(member.scorecard)
        yield PageRow(in_a_row("   ", on_one_line(f"{member.name}  ", "bold"), verdict, f"  {done}"), indent=3)
    yield quiet(page.outcome_words or "Not settled yet: B begins the assessment in which you settle it.")
    yield blank()
    yield PageRow(strong(f" {parted_words(panel)}{', the widest first' if panel.parted else ''}"))
    columns = _PanelColumns(page, width)
    if panel.parted:
        yield PageRow(Content.styled(columns.heading("spread"), "$text-muted"), is_drawn=True)
    yield from (columns.row(one, spread_words(one)) for one in panel.parted)
    yield blank()
    if panel.facts:
        yield PageRow(strong(" Scope facts they give differently"))
    for fact in panel.facts:
        given = (f"{name} {option or 'not given'}" for name, option in zip(page.names, fact.options, strict=True))
        yield PageRow(
            in_a_row("   ", on_one_line(f"{fact.fact.text}  "), on_one_line(", ".join(given), "$text-warning")),
            indent=3,
        )
    if panel.facts:
        yield blank()
    yield PageRow(strong(" Agreement"))
    yield quiet(agreement_words(panel.agreement[-1]))
    for found in panel.agreement[:-1]:
        if found.criterion is not None and found.questions:
            words = f"same level {found.same} of {found.questions}, within one {found.within_one}"
            title = on_one_line(found.criterion.title).truncate(24, ellipsis=True, pad=True)
            yield PageRow(in_a_row("   ", title, Content.styled(f"  {words}", "$text-muted")))
    if panel.of_some:
        yield blank()
        yield PageRow(strong(f" Only some answered {plural(len(panel.of_some), 'question')}"))
        yield PageRow(Content.styled(columns.heading(""), "$text-muted"), is_drawn=True)
        yield from (columns.row(one, "") for one in panel.of_some)


class _PanelColumns:
    """The spread, the question, and what each reviewer said, then what was settled, in columns of one width."""

    def __init__(self, page: PanelPage, width: int) -> None:
        self._names = (*page.names, *(() if page.outcome is None else ("settled",)))
        self._outcome = page.outcome
        self._each = max(6, min(14, (width - 33) // len(self._names) - 2))
        self._title = max(18, min(46, width - 12 - len(self._names) * (self._each + 2)))

    def heading(self, spread: str) -> str:
        names = "".join(f"  {fitted(on_one_line(name).plain, self._each)}" for name in self._names)
        return f"   {spread:<6}  {'question':<{self._title}}{names}"

    def row(self, one: Opinions, spread: str) -> PageRow:
        outcome = () if self._outcome is None else (self._outcome.scorecard.question(one.question.id),)
        cells = [
            on_one_line(said_words(scored)).truncate(self._each, ellipsis=True, pad=True)
            for scored in (*one.scores, *outcome)
        ]
        title = on_one_line(one.question.heading).truncate(self._title, ellipsis=True, pad=True)
        parts = [part for cell in cells for part in ("  ", cell)]
        return PageRow(in_a_row(f"   {spread:<6}  ", title, *parts), one.question.id, is_drawn=True)


def opinions_in_full(page: PanelPage, question: str) -> str:
    """Each answer to that question with its note, setting and evidence, and what was settled."""
    settled = () if page.outcome is None else ((f"Settled by {page.outcome.name}", page.outcome),)
    parts = []
    for name, member in (*((one.name, one) for one in page.panel.members), *settled):
        said = answer_in_full(member.scorecard.question(question), member.assessment.answer(question))
        parts.append("\n".join((f"{name}: {said[0]}", *said[1:])))
    return "\n\n".join(parts)
