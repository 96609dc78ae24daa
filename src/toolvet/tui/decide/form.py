"""The form of a decision: one row for each part, changed by enter and the letter keys."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.decision import Waiver
from toolvet.domain.scorecard import MustHave
from toolvet.services.decision_draft import Draft, Offer, to_waive
from toolvet.text.escape import listed, plural
from toolvet.text.labels import DECISION_STYLES, MUST_HAVE_SIGNS, day, state_words, verdict_mark
from toolvet.tui.decide.ask import ask_about
from toolvet.tui.decide.draft import FormPart, OpenDraft, PartAt
from toolvet.tui.kit.content import Choices, in_a_row, on_one_line
from toolvet.tui.kit.text_dialogs import HalfTyped
from toolvet.tui.screen import tells_errors
from toolvet.values import dataclass

_LABEL_WIDTH = 15
_NARROWEST = 40
_CARRIED = "carried over"
RECORD_WORDS = "Review and record"
_FEW_WAIVERS = 4
"""Up to so many must-haves to waive are never folded."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row: the part it is about, its label and its value."""

    about: PartAt
    label: str
    value: Content
    brief: Content | None = None
    """What stands for the value while the cursor is elsewhere, on one line."""

    def drawn(self, width: int, *, is_here: bool) -> Content:
        """The value beside the label, wrapped below itself."""
        if self.brief is None or is_here:
            lines = self.value.wrap(width - _LABEL_WIDTH) or [Content("")]
        else:
            lines = [self.brief.truncate(width - _LABEL_WIDTH, ellipsis=True)]
        value = Content("\n" + " " * _LABEL_WIDTH).join(lines)
        return in_a_row(Content.styled(f"{self.label:<{_LABEL_WIDTH}}", "$text-muted"), value)


class DecisionForm(Choices):
    """Draws the draft and edits it. Suggested conditions and many waivers are folded away until asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Change", tooltip="Change this part.", id="change"),
        Binding("d", "finish", "Decide", tooltip="Review the decision and record it.", id="decide"),
        Binding("space", "take", "Mark", tooltip="Take the highlighted condition, or leave it out.", id="mark"),
        Binding("a", "add", "Add", tooltip="Write a condition of your own.", id="add"),
        Binding(
            "delete,backspace", "remove", "Clear", show=False, tooltip="Remove a condition of your own.", id="clear"
        ),
    ]

    class Changed(Message):
        """The draft has changed."""

    class Finished(Message):
        """The decision is to be reviewed and recorded."""

    def __init__(self, decided: OpenDraft) -> None:
        super().__init__(id="parts")
        self._decided = decided
        self._rows: tuple[FormRow, ...] = ()
        self._unfolded: set[FormPart] = set()
        self._width = _NARROWEST

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Draw the draft, with the highlight where it was."""
        self._width = max(_NARROWEST, self.scrollable_content_region.width - 2)
        at, about = self.highlighted or 0, self._about if self._rows else None
        self._rows = form_rows(self._decided, width=self._width, unfolded=self._unfolded)
        at = next((now for now, row in enumerate(self._rows) if row.about == about), min(at, len(self._rows) - 1))
        self.set_options(Option(row.drawn(self._width, is_here=index == at)) for index, row in enumerate(self._rows))
        self.highlighted = at

    @on(OptionList.OptionHighlighted)
    def _unfold_row(self) -> None:
        """Show the whole text of the row under the cursor."""
        for index, row in enumerate(self._rows):
            if row.brief is not None:
                prompt = row.drawn(self._width, is_here=index == self.highlighted)
                self.replace_option_prompt_at_index(index, prompt)
        self.scroll_to_highlight()

    def go_to(self, part: FormPart) -> None:
        """Put the cursor on that part; for waivers on the first row about them."""
        parts = {part, FormPart.WAIVER} if part is FormPart.WAIVERS else {part}
        self.highlighted = next((at for at, row in enumerate(self._rows) if row.about.part in parts), self.highlighted)

    @property
    def _about(self) -> PartAt:
        return self._rows[self.highlighted or 0].about

    def _change(self, draft: Draft) -> None:
        self._decided.change(draft)
        self.draw()
        self.post_message(self.Changed())

    @on(OptionList.OptionSelected)
    def _change_part(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        about = self._about
        match about.part:
            case FormPart.OFFERS | FormPart.WAIVERS as part:
                self._unfolded ^= {part}
                self.draw()
                self.highlighted = event.option_index + (part in self._unfolded)
            case FormPart.RECORD:
                self.action_finish()
            case _:
                self.ask(about, {})

    @work(exclusive=True)
    @tells_errors
    async def ask(self, about: PartAt, texts: Mapping[str, str]) -> None:
        """Ask about that part and take the answer; `texts` are those of an interrupted dialog."""
        half = HalfTyped(texts, partial(self._decided.save_typed, about))
        draft = await ask_about(self.app, about, self._decided, half)
        self._change(draft or self._decided.draft)

    def action_finish(self) -> None:
        self.post_message(self.Finished())

    def action_take(self) -> None:
        about, draft = self._about, self._decided.draft
        if about.part is FormPart.CONDITION:
            self._unfolded.add(FormPart.OFFERS)  # what was just left out stays in sight
            offer = draft.offers[about.at]
            self._change(draft.with_offer(about.at, replace(offer, taken=not offer.taken)))

    def action_add(self) -> None:
        self.ask(PartAt(FormPart.ADD), {})

    def action_remove(self) -> None:
        """Remove a condition of one's own; space leaves out a suggested one."""
        about, draft = self._about, self._decided.draft
        if about.part is FormPart.CONDITION and draft.offers[about.at].own:
            self._change(draft.with_offer(about.at, None))


def form_rows(decided: OpenDraft, *, width: int, unfolded: Collection[FormPart]) -> tuple[FormRow, ...]:
    """Every row, in the order in which a decision is made."""
    draft, decision = decided.draft, decided.draft.decision
    departs = decision.decision is not decided.scorecard.verdict
    mark = Content.styled(verdict_mark(decision.decision), f"bold {DECISION_STYLES[decision.decision]}")
    rationale = "required: the decision departs from the verdict" if departs else "optional; a sentence helps readers"
    over = draft.over
    return (
        _row(FormPart.DECISION, "Decision", mark),
        _row(FormPart.RATIONALE, "Rationale", _text_or(decision.rationale, rationale, needed=departs)),
        *_condition_rows(decided, width - _LABEL_WIDTH - 4, is_unfolded=FormPart.OFFERS in unfolded),
        *_waiver_rows(decided, width - _LABEL_WIDTH, is_unfolded=FormPart.WAIVERS in unfolded),
        *_approval_rows(decided),
        _row(FormPart.CONSULTED, "Consulted", _several(decision.consulted, over.consulted, "nobody")),
        _row(FormPart.CONSIDERED, "Considered", _considered_words(decided)),
        _row(FormPart.LINKS, "Links", _several(decision.links, over.links, "none")),
        *_validity_rows(draft),
        _row(FormPart.DECIDED_BY, "Decided by", _text_or(decision.decided_by, "required", needed=True)),
        _row(FormPart.RECORD, "", _record_words(len(decided.missing()))),
    )


def _row(
    part: FormPart, label: str, value: Content, *, at: int = 0, question: str = "", brief: Content | None = None
) -> FormRow:
    return FormRow(PartAt(part, at, question), label, value, brief)


def _condition_rows(decided: OpenDraft, width: int, *, is_unfolded: bool) -> Iterator[FormRow]:
    """What was carried over, then what is suggested below a row that folds it, then one's own."""
    draft, labels = decided.draft, iter(("Conditions",))
    suggested = [at for at, offer in enumerate(draft.offers) if not offer.own and not offer.carried]
    for at, offer in enumerate(draft.offers):
        if at in suggested[:1]:
            taken = sum(draft.offers[each].taken for each in suggested)
            more = f", {taken} marked" if taken else ""
            words = f"{plural(len(suggested), 'suggested condition')}{more}"
            hint = "enter folds" if is_unfolded else f"enter shows {'it' if len(suggested) == 1 else 'them'}"
            yield _row(FormPart.OFFERS, next(labels, ""), _fold_words(words, hint, is_unfolded=is_unfolded))
        if offer.is_shown or is_unfolded:
            brief = None if offer.is_shown else _brief_words(offer, decided)
            whole = _offer_words(offer, max(8, width))
            yield _row(FormPart.CONDITION, next(labels, ""), whole, at=at, brief=brief)
    key = Content.styled("a", "bold $footer-key-foreground")
    yield _row(FormPart.ADD, next(labels, ""), in_a_row(key, Content.styled("  add a condition", "$text-muted")))


def _fold_words(words: str, hint: str, *, is_unfolded: bool) -> Content:
    return in_a_row(f"{'▾' if is_unfolded else '▸'} {words}", Content.styled(f"  {hint}", "$text-muted"))


_TASK = re.compile(r"Find out|Provide evidence|Record the evidence|\w+")


def _brief_words(offer: Offer, decided: OpenDraft) -> Content:
    """What is to be done about which question, for a list of suggestions."""
    question = decided.opened.rubric.question(offer.condition.id or "")
    task = _TASK.match(offer.condition.text)
    about = offer.condition.text if question is None or task is None else f"{task[0]}: {question.heading}"
    return in_a_row(Content.styled("☐ ", "$text-muted"), on_one_line(about))


def _offer_words(offer: Offer, width: int) -> Content:
    """The whole text, quiet where it is not taken; else with owner and due date below it."""
    condition = offer.condition
    if not offer.taken:
        rows = on_one_line(condition.text, "$text-muted").wrap(width)
        return in_a_row(Content.styled("☐ ", "$text-muted"), Content("\n  ").join(rows))
    due = "no due date" if condition.due is None else f"due {day(condition.due)}"
    more = [condition.owner or "no owner", due, *([_CARRIED] if offer.carried else [])]
    rows = [*on_one_line(condition.text).wrap(width), *on_one_line(" · ".join(more), "$text-muted").wrap(width)]
    return in_a_row(Content.styled("☑ ", "bold $text-success"), Content("\n  ").join(rows))


def _waiver_rows(decided: OpenDraft, width: int, *, is_unfolded: bool) -> Iterator[FormRow]:
    """A row for each must-have that is not met; many stay folded below one that says how many need a waiver."""
    must_haves, labels = to_waive(decided.draft, decided.scorecard), iter(("Waivers",))
    bare = sum(decided.draft.waiver(each.question.id) is None for each in must_haves)
    is_foldable = len(must_haves) > _FEW_WAIVERS
    if is_foldable:
        of_all = "" if bare == len(must_haves) else f"{bare} of "
        need = f"{of_all}{len(must_haves)} must-haves not met need a waiver"
        words = need if bare else f"{len(must_haves)} must-haves waived"
        hint = "enter folds" if is_unfolded else "enter shows them"
        yield _row(FormPart.WAIVERS, next(labels), _fold_words(words, hint, is_unfolded=is_unfolded))
    if is_unfolded or not is_foldable:
        yield from (
            _row(FormPart.WAIVER, next(labels, ""), words, question=must_have.question.id)
            for must_have, words in zip(must_haves, _waiver_columns(decided.draft, must_haves, width), strict=True)
        )


def _waiver_columns(draft: Draft, must_haves: Sequence[MustHave], width: int) -> Iterator[Content]:
    """Each must-have, and in a column beside it its waiver, or what it needs: in signs where words would not fit."""
    titles = [on_one_line(each.question.heading) for each in must_haves]
    longest = min(max((title.cell_length for title in titles), default=0), width - 4 - len("? needs 2"))
    room = width - 4 - longest
    ending = "" if len(must_haves) > _FEW_WAIVERS else " or a waiver"  # of many, the row above says so
    words = [_bare_words(each, ending) for each in must_haves]
    if max(map(len, words), default=0) > room:
        words = [_bare_words(each, "", is_brief=True) for each in must_haves]
    for title, bare, must_have in zip(titles, words, must_haves, strict=True):
        waiver = draft.waiver(must_have.question.id)
        mark = (
            Content.styled("✗ ", "bold $text-error") if waiver is None else Content.styled("✓ ", "bold $text-success")
        )
        said = bare if waiver is None else _waived_words(draft, waiver)
        lines = on_one_line(said, "$text-muted").wrap(room)
        beside = Content("\n" + " " * (longest + 4)).join(lines)
        yield in_a_row(mark, title.truncate(longest, ellipsis=True, pad=True), "  ", beside)


def _bare_words(must_have: MustHave, ending: str, *, is_brief: bool = False) -> str:
    """What is known of a must-have without a waiver, and what it needs: "unknown, needs 2", "? needs 2"."""
    if is_brief:
        known = MUST_HAVE_SIGNS[must_have.state] if must_have.level is None else f"at {must_have.level},"
    else:
        known = f"{state_words(must_have.state)}," if must_have.level is None else f"at level {must_have.level},"
    return f"{known} needs {must_have.may_reach}{ending}"


def _waived_words(draft: Draft, waiver: Waiver) -> str:
    carried = f" · {_CARRIED}" if waiver in draft.over.waivers else ""
    return f"{waiver.owner}, until {day(waiver.expires)}{carried}"


def _approval_rows(decided: OpenDraft) -> Iterator[FormRow]:
    draft, approved = decided.draft, decided.draft.decision.approved_for
    if not draft.is_approval:
        return
    data = f", data {approved.scope['data']}" if "data" in approved.scope else ""
    scope = f"{len(approved.scope)} of {plural(len(decided.opened.rubric.scope), 'scope fact')}{data}"
    yield _row(FormPart.SCOPE, "Approved for", on_one_line(scope))
    users = "any number of users" if approved.users is None else plural(approved.users, "user")
    plan = f"plan {approved.plan}" if approved.plan else "any plan"
    off = _marked(approved.left_off, draft.over.left_off)
    not_covered = f"not covered: {listed(off)}" if off else "no exclusions"
    yield _row(FormPart.LIMITS, "", on_one_line(f"{users} · {plan} · {not_covered}"))


def _validity_rows(draft: Draft) -> Iterator[FormRow]:
    if draft.is_approval:
        until = draft.decision.valid_until
        yield _row(FormPart.VALID_UNTIL, "Valid until", _text_or(None if until is None else day(until), "no end"))


def _record_words(missing: int) -> Content:
    if not missing:
        return Content.styled(f" d  {RECORD_WORDS} ", "bold reverse $primary")
    words = Content.styled(f"{plural(missing, 'thing')} missing before it can be recorded", "$text-warning")
    return in_a_row(Content.styled("d  ", "bold $footer-key-foreground"), words)


def _text_or(text: str | None, otherwise: str, *, needed: bool = False) -> Content:
    if text:
        return on_one_line(text)
    return Content.styled(otherwise, "$text-warning" if needed else "$text-muted")


def _considered_words(decided: OpenDraft) -> Content:
    words = _several(decided.draft.decision.considered, decided.draft.over.considered, "no alternatives")
    if not decided.to_consider:
        return words
    hint = f"  enter offers {plural(len(decided.to_consider), 'other tool')}"
    return in_a_row(words, Content.styled(hint, "$text-muted"))


def _several(texts: Sequence[str], before: Sequence[str], otherwise: str) -> Content:
    return _text_or("; ".join(_marked(texts, before)), otherwise)


def _marked(texts: Sequence[str], before: Sequence[str]) -> list[str]:
    return [f"{text} ({_CARRIED})" if text in before else text for text in texts]
