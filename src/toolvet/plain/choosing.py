"""Which rubric, where there are several."""

from __future__ import annotations

from collections.abc import Sequence

from toolvet.domain.rubric import Rubric
from toolvet.errors import ToolvetError
from toolvet.plain.talk import Special, ask_choice, tell


def choose_rubric(rubrics: Sequence[Rubric], what: str) -> Rubric:
    """The only one of these, or the one the person picks; `what` they are called. ToolvetError where there is none."""
    if not rubrics:
        raise ToolvetError(f"there is no {what} that can be used; toolvet rubrics says why")
    if len(rubrics) == 1:
        return rubrics[0]
    tell(f"Which {what}?")
    chosen = ask_choice("Number:", [f"{rubric.title} ({rubric.id} {rubric.version})" for rubric in rubrics])
    return rubrics[0] if isinstance(chosen, Special) else rubrics[chosen]
