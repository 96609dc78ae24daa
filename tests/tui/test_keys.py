"""One key, one meaning: every key that a screen declares, walked."""

from __future__ import annotations

from collections import defaultdict

from toolvet.tui.keys import declared_keys

TWO_LABELS = {
    "y": "a dialog that asks for yes or no stands over the screen, and its two answers are y and n",
    "n": "as y",
    "space": "marks what is under the cursor; in a text it turns the page",
}
"""Keys with two labels, each with the reason."""


def test_every_key_has_an_id_by_which_it_can_be_configured() -> None:
    assert [(key.where, key.key) for key in declared_keys() if not key.id] == []


def test_a_key_has_one_label_wherever_it_is_shown() -> None:
    labels = defaultdict(set)
    for key in declared_keys():
        if not key.is_of_place:
            labels[key.key].add(key.label)
    two = {key: found for key, found in labels.items() if len(found) > 1 and not TWO_LABELS.get(key)}
    assert two == {}


def test_an_id_stands_for_one_label() -> None:
    labels = defaultdict(set)
    for key in declared_keys():
        if not key.is_of_place:
            labels[key.id].add(key.label)
    assert {name: found for name, found in labels.items() if len(found) > 1} == {}


def test_nothing_needs_a_function_key_or_a_key_that_terminals_keep() -> None:
    """ctrl+s and ctrl+q stop some terminals, and not every keyboard has function keys."""
    ways = defaultdict(set)
    for key in declared_keys():
        ways[(key.where, key.id)].add(key.key)
    alone = {
        where
        for where, keys in ways.items()
        if all(each in ("ctrl+s", "ctrl+q") or _is_function(each) for each in keys)
    }
    assert alone == {("ToolvetApp", "light-or-dark")}, "the palette has this one"


def _is_function(key: str) -> bool:
    return key[:1] == "f" and key[1:].isdigit()
