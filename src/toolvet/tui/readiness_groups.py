"""Asking whose answers the Readiness screen is to show."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from toolvet.errors import UsageError
from toolvet.tui.dialogs import Choice, ChooseOne
from toolvet.tui.readiness_view import View

NO_GROUP_SHOWN = "No group can be shown: in each too few people answered."
ONE_GROUP_SHOWN = "Only one group can be shown: in each of the others too few people answered."


async def ask_for_group(app: App[object], view: View) -> tuple[str, ...] | None:
    """The group that the person picks, nothing in it for everybody; None where they went back."""
    if not view.groups:
        raise UsageError(NO_GROUP_SHOWN)
    everybody: Choice[tuple[str, ...]] = Choice((), f"everybody ({view.survey.now.readiness.people})")
    choices = [everybody]
    choices += [Choice((group,), view.named(group)) for group in view.groups]
    chosen: tuple[str, ...] = () if view.group is None else (view.group,)
    return await app.push_screen_wait(ChooseOne("Whose answers?", choices, chosen=chosen))


async def ask_for_two(app: App[object], view: View) -> tuple[str, str] | None:
    """The two groups that the person picks; None where they went back."""
    two = view.two
    if two is None:
        raise UsageError(
            NO_GROUP_SHOWN if not view.groups else "Only one group can be shown: in the others too few people answered."
        )
    if len(view.groups) == 2:
        return two[1], two[0]  # with two there is nothing to pick: they change sides
    first = await _one_of(app, view, "Which group at the left?", view.groups, two[0])
    if first is None:
        return None
    others = [group for group in view.groups if group != first]
    second = await _one_of(app, view, "And which beside it?", others, two[1])
    return None if second is None else (first, second)


async def _one_of(app: App[object], view: View, title: str, groups: Sequence[str], chosen: str) -> str | None:
    choices = [Choice(group, view.named(group)) for group in groups]
    return await app.push_screen_wait(ChooseOne(title, choices, chosen=chosen))
