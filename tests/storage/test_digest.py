from __future__ import annotations

import hashlib
import tomllib
from decimal import Decimal
from pathlib import Path

from toolvet.storage.reader import read_rubric
from toolvet.storage.rubric_library import shipped
from toolvet.storage.toml_input import rubric_digest

DATA = Path(__file__).parent.parent / "data"


def digest_of(text: str) -> str:
    return rubric_digest(tomllib.loads(text, parse_float=Decimal))


def test_digest_is_over_compact_json_with_sorted_keys() -> None:
    document = 'title = "Füße"\nweight = 1.50\nday = 2026-11-02\nlist = ["b", "a"]\n[policy]\ncoverage = 80\n'
    json = '{"day":"2026-11-02","list":["b","a"],"title":"Füße","weight":1.5}'
    assert digest_of(document) == "sha256:" + hashlib.sha256(json.encode()).hexdigest()


def test_comments_layout_and_policy_do_not_change_it() -> None:
    plain = 'id = "a"\nlevels = ["x", "y"]\n'
    other = '# words\nlevels = [\n  "x",\n  "y",\n]\nid = \'a\'\n[policy]\ncoverage = 12\n'
    assert digest_of(plain) == digest_of(other)


def test_any_word_changes_it() -> None:
    assert digest_of('levels = ["x", "y"]') != digest_of('levels = ["x", "z"]')


def test_order_of_a_list_changes_it() -> None:
    assert digest_of('levels = ["x", "y"]') != digest_of('levels = ["y", "x"]')


def test_a_default_written_out_changes_it() -> None:
    text = (DATA / "good" / "rubric.toml").read_text()
    assert digest_of(text) != digest_of(text.replace('axis = "experience"', 'axis = "experience"\nsummary = ""'))


def test_a_rubric_that_was_read_carries_its_digest() -> None:
    path = shipped("rubrics") / "collaboration-tool.toml"
    assert read_rubric(path).digest == digest_of(path.read_text())
