"""Which question is shown, and the way to the others: the same for an assessment, a survey and a preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toolvet.domain.assessment import first_question, next_in
from toolvet.domain.progress import Pass, next_open, questions_in
from toolvet.domain.rubric import Question, Rubric
from toolvet.domain.scorecard import Scorecard


@dataclass(frozen=True, slots=True)
class Route:
    """The ids of the questions that apply and of those to stop at, in the rubric's order.

    `next_open` finds the next open stop after a question, going round, or None.
    """

    applying: tuple[str, ...]
    stops: tuple[str, ...]
    next_open: Callable[[str], str | None]


def assessment_route(scorecard: Scorecard, chosen: Pass) -> Route:
    """Stop at the questions of that pass."""
    applying, stops = (
        tuple(scored.question.id for scored in questions_in(each, scorecard)) for each in (Pass.ALL, chosen)
    )
    return Route(applying, stops, lambda at: next_open(scorecard, at, chosen))


class Navigator:
    """The question that is shown, `at`, on a route through the rubric."""

    def __init__(self, rubric: Rubric, route: Route, wanted: str | None = None) -> None:
        """Begin with the wanted question if the rubric has it, else with the first."""
        self._order = [question.id for _, question in rubric.questions()]
        self._rubric, self.route = rubric, route
        self.at = first_question(rubric, wanted)

    @property
    def question(self) -> Question:
        """The question that is shown."""
        return next(question for _, question in self._rubric.questions() if question.id == self.at)

    @property
    def place(self) -> str:
        """The number of the question among the stops, or a dash."""
        return str(self.route.stops.index(self.at) + 1) if self.at in self.route.stops else "–"

    def follow(self, route: Route) -> bool:
        """Take that route; go to the nearest question if the one shown stopped applying.

        Says whether the number of questions changed. A question that did not apply before either stays: somebody went
        there to look at it.
        """
        before, self.route = self.route, route
        if self.at in before.applying:
            self.go_to_nearest()
        return len(before.applying) != len(route.applying)

    def go_to_nearest(self) -> None:
        """Go to the nearest question that applies, if the one shown does not."""
        if self.at not in self.route.applying:
            at = self._order.index(self.at)
            self.at = min(self.route.applying, key=lambda each: abs(self._order.index(each) - at), default=self.at)

    def step(self, by: int) -> str | None:
        """The id of the nearest stop after the question or, with -1, before it; None at the end."""
        return next_in(self._rubric, self.route.stops, self.at, by)

    def next_open(self) -> str | None:
        """The id of the next open stop, going round; None if no other is open."""
        return self.route.next_open(self.at)
