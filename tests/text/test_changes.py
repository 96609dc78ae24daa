"""What differs between two of our files, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from toolvet.text.record_words import changed_lines, file_lines, readable_lines

TITLES = {"sign-in": "Sign-in"}
NAMES = st.sampled_from(["id", "question", "source", "text", "level"])
ITEMS = st.dictionaries(NAMES, st.sampled_from(["1", "2", "3", "a", "b"]), min_size=2)


def lines_between(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return list(changed_lines(readable_lines(before), readable_lines(after), TITLES))


def test_a_file_in_lines_names_questions_by_title_and_leaves_out_its_seal() -> None:
    document = {
        "seal": "sha256:0",
        "format": 1,
        "started": date(2026, 11, 2),
        "subject": {"yearly_cost": "EUR 60,000"},
        "answers": {"sign-in": {"level": 2}, "unheard-of": {"unknown": "Asked."}},
        "retired": {"sign-in": {"note": "Old."}},
        "links": ["a", "b"],
        "force": True,
    }
    assert list(file_lines(readable_lines(document), TITLES)) == [
        "started: 2026-11-02",
        "subject, yearly cost: EUR 60,000",
        '"Sign-in", level: 2',
        "unheard-of, unknown: Asked.",
        'kept aside, "Sign-in", note: Old.',
        "links: a; b",
        "force: yes",
    ]


def test_a_change_says_what_was_and_what_is_in_the_order_of_the_later_file() -> None:
    before = {"users": 40, "plan": "Business", "job": "Calls"}
    after = {"job": "Calls", "vendor": "Zoom", "users": 50}
    assert lines_between(before, after) == ["vendor: added, Zoom", "users: 40 → 50", "plan: removed, was Business"]


def test_items_of_a_list_are_named_by_what_identifies_them_wherever_they_stand() -> None:
    report, rooms = {"id": "report", "text": "Obtain it."}, {"id": "rooms", "text": "Lock them."}
    moved = {"conditions": [rooms, {**report, "text": "Obtain it soon."}]}
    assert lines_between({"conditions": [report, rooms]}, moved) == [
        "conditions, report, text: Obtain it. → Obtain it soon."
    ]


def test_an_item_without_a_name_is_counted() -> None:
    before = {"conditions": [{"text": "One.", "owner": "IT"}]}
    after = {"conditions": [{"text": "One.", "owner": "IT"}, {"text": "Two.", "owner": "CIO"}]}
    assert lines_between(before, after) == ["conditions, 2, text: added, Two.", "conditions, 2, owner: added, CIO"]


def test_a_text_of_several_lines_stays_in_its_line() -> None:
    assert lines_between({"note": "One.\nTwo."}, {"note": "One.\nThree."}) == ["note: One. Two. → One. Three."]


@given(st.lists(ITEMS, min_size=1, max_size=4))
def test_no_item_of_a_list_hides_another(items: list[dict[str, str]]) -> None:
    named_by = ("id", "question", "source")
    lines = readable_lines({"conditions": list(items)})
    # What names an item may stand in its name instead of in a line of its own.
    said = sorted((place[-1], value) for place, value in lines.items() if place[-1] not in named_by)
    assert said == sorted((key, value) for item in items for key, value in item.items() if key not in named_by)


@given(st.lists(ITEMS, max_size=3), st.lists(ITEMS, max_size=3))
def test_only_equal_files_differ_in_nothing(ours: list[dict[str, str]], theirs: list[dict[str, str]]) -> None:
    before, after = readable_lines({"a": list(ours)}), readable_lines({"a": list(theirs)})
    assert (list(changed_lines(before, after, {})) == []) == (before == after)
