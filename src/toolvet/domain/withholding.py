"""Which groups of a survey may be shown, so that no few people can be worked out from what is shown."""

from __future__ import annotations

from collections.abc import Mapping


def shown_groups(people: Mapping[str, int], smallest: int) -> frozenset[str]:
    """The groups that may be shown beside the whole, of those with at least one person.

    A group of fewer than `smallest` is withheld, and then further ones, the smallest first, until those withheld
    together are `smallest` or more: what is missing from the whole must not be a few people either. Of a whole smaller
    than that nothing is shown.
    """
    present = {group: count for group, count in people.items() if count}
    if sum(present.values()) < smallest:
        return frozenset()
    shown = {group: count for group, count in present.items() if count >= smallest}
    withheld = sum(present.values()) - sum(shown.values())
    while 0 < withheld < smallest and shown:
        next_one = min(shown, key=lambda group: (shown[group], group))
        withheld += shown.pop(next_one)
    return frozenset(shown)
