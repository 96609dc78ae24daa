"""One question and how two tools stand on it: both answers with their evidence, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Static

from toolvet.domain.scorecard import QuestionScore
from toolvet.report.comparison import Entry
from toolvet.tui.place import Place
from toolvet.tui.widgets.compare_details import answer_words
from toolvet.tui.widgets.compare_matrix import level_mark, must_have_states
from toolvet.tui.widgets.frame import Keys, TitleBar
from toolvet.tui.widgets.hanging import Entry as Labelled
from toolvet.tui.widgets.hanging import Hanging
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line, shown
from toolvet.tui.widgets.question_text import evidence_words, head


class BothAnswersScreen(Place[int]):
    """Dismissed with the place, in the rubric, of the question that was last shown."""

    CSS_PATH = "compare.tcss"
    HELP = "One question and how two tools stand on it. The letters beside the ladder say who stands on which rung."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,right,tab", "turn(1)", "Next question", key_display="n"),
        Binding("p,left,shift+tab", "turn(-1)", "Question before", key_display="p"),
    ]

    body = query_one("#both", VerticalScroll)

    def __init__(self, first: Entry, second: Entry, places: Sequence[int], at: int) -> None:
        """`places` are the questions to turn through, by their place in the rubric; `at` is the one to begin with."""
        super().__init__()
        self.pair = (first, second)
        self._places = tuple(places)
        self._at = self._places.index(at)

    @property
    def place(self) -> int:
        """The place of the question that is shown."""
        return self._places[self._at]

    def compose(self) -> ComposeResult:
        yield TitleBar("Compare", self._names())
        with VerticalScroll(id="both"):
            yield Static(id="both-question")
            yield Hanging(id="both-ladder")
            with Horizontal(id="both-sides"):
                for side in ("first", "second"):
                    with Vertical(classes="side"):
                        yield Static(id=f"{side}-name")
                        yield Hanging(id=f"{side}-answer")
        yield Keys()

    def on_mount(self) -> None:
        """Begin with the question that was chosen."""
        self.body.focus()
        self._show()

    def action_turn(self, by: int) -> None:
        """The next question, or the one before, going round."""
        self._at = (self._at + by) % len(self._places)
        self._show()
        self.body.scroll_home(animate=False)

    def action_back(self) -> object:
        """Leave, and say which question was shown last."""
        return self.dismiss(self.place)

    def _names(self) -> str:
        return " · ".join(entry.name for entry in self.pair)

    def _show(self) -> None:
        first = self.pair[0].scorecard
        scored = first.questions[self.place]
        must_have = next((each for each in first.must_haves if each.question.id == scored.question.id), None)
        self.query_one("#both-question", Static).update(
            head(scored, None if must_have is None else must_have.must_reach)
        )
        self.query_one("#both-ladder", Hanging).show(self._ladder(scored))
        for side, entry in zip(("first", "second"), self.pair, strict=True):
            own = entry.scorecard.questions[self.place]
            self.query_one(f"#{side}-name", Static).update(_name(entry, own))
            self.query_one(f"#{side}-answer", Hanging).show(tuple(_answer(entry, own)))

    def _ladder(self, scored: QuestionScore) -> tuple[Labelled, ...]:
        """The rungs, the highest first, with the letters of those that stand there."""
        levels = [(entry.letter, entry.scorecard.questions[self.place]) for entry in self.pair]
        rungs = []
        for level in range(scored.question.top, -1, -1):
            here = [letter for letter, own in levels if own.level == level and own.applies is not False]
            label = f"{' '.join(here):>5} {'▸' if here else ' '}{level}"
            rungs.append((label, shown(scored.question.levels[level], "bold" if here else "$text-muted")))
        return tuple(rungs)


def _name(entry: Entry, scored: QuestionScore) -> Content:
    state = must_have_states(entry.scorecard).get(scored.question.id)
    name = in_a_row(Content.styled(f"{entry.letter} ", "$text-primary"), on_one_line(entry.name, "bold"))
    return in_a_row(name, "\n", level_mark(scored, state))


def _answer(entry: Entry, scored: QuestionScore) -> Iterator[Labelled]:
    answer = entry.tool.assessment.answer(scored.question.id)
    yield "Answer", answer_words(scored, answer)
    if answer.answered is not None:
        yield "On", Content(answer.answered.isoformat())
    if answer.note:
        yield "Note", shown(answer.note)
    if answer.setting:
        yield "Setting", shown(answer.setting)
    for index, evidence in enumerate(answer.evidence):
        yield "Evidence" if index == 0 else "", evidence_words(evidence)
    if not answer.evidence:
        yield "Evidence", Content.styled("none", "$text-muted")
