"""The arithmetic as text: `toolvet score --explain`."""

from __future__ import annotations

from toolvet.domain.scorecard import Scorecard
from toolvet.report.arithmetic import CriterionSum, Sums, Term, sums
from toolvet.report.rules import Rule, rules
from toolvet.report.tables import TableFormat, table
from toolvet.report.text import visible, wrapped
from toolvet.report.words import house_policy_words, number, observed_over

HEADERS = ("question", "weight", "level", "value", "open", "observed", "of")
FIGURES_WIDTH = 49
"""Columns that the figures of a row take, at most, as a rule."""
_ALIGN = ("left", "right", "left", *["right"] * 4)

HOW_IT_ADDS_UP = (
    "Value is weight × level / steps, for a level that is current. A question that is unknown, unanswered or expired "
    "is open: it adds 0 to the floor and its whole weight to the ceiling. An expired level still counts as observed, "
    "which is divided by the weight of those with a level (“of”). All figures are percent."
)


def explain(scorecard: Scorecard, width: int = 80) -> str:
    """The sums of every criterion, the overall means, and the rules with what each compared."""
    arithmetic = sums(scorecard)
    parts = [wrapped(HOW_IT_ADDS_UP, width)]
    parts += [_criterion(criterion, width) for criterion in arithmetic.criteria]
    parts.append(_overall(arithmetic, scorecard, width))
    parts.append("Verdict: the first rule that holds")
    parts += [_rule(rule, width) for rule in rules(scorecard)]
    parts.append(wrapped(house_policy_words(scorecard.rubric), width))
    return "\n\n".join(parts)


def term_cells(term: Term) -> tuple[str, ...]:
    """The cells of one term's row, under `HEADERS`."""
    return (
        term.title,
        number(term.weight),
        term.level,
        number(term.value),
        number(term.open),
        number(term.observed),
        number(term.observed_weight),
    )


def _criterion(criterion: CriterionSum, width: int) -> str:
    lines = [f"{visible(criterion.title)} (weight {number(criterion.weight)})"]
    if criterion.terms:
        rows = [_narrowed(term_cells(term), width) for term in (*criterion.terms, criterion.total)]
        lines.append(table(rows, HEADERS, TableFormat.SIMPLE, _ALIGN))
        lines += criterion.formulas
    else:
        lines.append("No question counts, so this criterion drops out.")
    if criterion.left_out:
        lines.append(wrapped(f"Left out: {', '.join(criterion.left_out)}.", width))
    return "\n".join(lines)


def _narrowed(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    """The cells with a title that leaves room for the figures."""
    longest = max(16, width - FIGURES_WIDTH)
    title = cells[0] if len(cells[0]) <= longest else f"{cells[0][: longest - 1]}…"
    return (title, *cells[1:])


def _overall(arithmetic: Sums, scorecard: Scorecard, width: int) -> str:
    lines = ["Overall: the mean over the criteria by weight, times 100"]
    lines += [wrapped(formula, width, hanging=4) for formula in arithmetic.formulas] or ["No question counts."]
    over = observed_over(scorecard.observed_over, scorecard.criteria)
    return "\n".join([*lines, over] if over else lines)


def _rule(rule: Rule, width: int) -> str:
    lines = [wrapped(f"{rule.place}. {rule.verdict.words}: {rule.text}", width, hanging=3)]
    lines += [wrapped(f"   - {compared}", width, hanging=5) for compared in rule.compared]
    lines.append(f"   → {rule.outcome}")
    return "\n".join(lines)
