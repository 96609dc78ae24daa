"""What goes out is readable, and nothing in it is live."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolvet.report.markup import html
from toolvet.text.escape import (
    csv_cell,
    fitted,
    json_text,
    listed,
    markdown,
    markdown_address,
    markdown_lines,
    one_line,
    plural,
    visible,
)

FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_escape_becomes_its_picture() -> None:
    assert visible("a\x1b]0;title\x07b") == "a␛]0;title␇b"


def test_delete_and_c1_become_visible() -> None:
    assert visible("\x7f\x9b31m") == "␡<U+009B>31m"


def test_overrides_become_visible() -> None:
    assert visible("exe.\u202efdp") == "exe.<U+202E>fdp"


def test_a_lone_surrogate_becomes_visible() -> None:
    assert visible("a\ud800b") == "a<U+D800>b"


def test_ordinary_text_is_the_same_object() -> None:
    text = "Zażółć gęślą jaźń 日本語 👩‍💻 [b]bold[/b]"
    assert visible(text) is text


def test_every_character_alone_is_as_safe_in_text_as_in_json() -> None:
    def is_left(character: str) -> bool:
        return json_text(character) == json.dumps(character, ensure_ascii=False)

    characters = (chr(code) for code in range(0x3000) if chr(code) not in '"\\\b\t\n\f\r' and code > 0x1F)
    assert [each for each in characters if (visible(each) == each) != is_left(each)] == []


def test_what_nobody_sees_is_shown() -> None:
    assert visible("a\u200bb\u00adc\u2060d\u3164e") == "a<U+200B>b<U+00AD>c<U+2060>d<U+3164>e"


HIDDEN = ("\u200c", "\u200d", "\u200d\u200c\u200d", "\ufe0f", "\U000e0101")


@pytest.mark.parametrize(
    ("letters", "hidden"),
    [(letters, each) for letters in ("éé", "жж", "λλ", "한글") for each in HIDDEN]
    + [("你好", each) for each in HIDDEN[:3]],
)
def test_nothing_is_hidden_between_letters_that_need_no_joiner(letters: str, hidden: str) -> None:
    shown = "".join(f"<U+{ord(each):04X}>" for each in hidden)
    assert visible(f"{letters[0]}{hidden}{letters[1]}") == f"{letters[0]}{shown}{letters[1]}"


@pytest.mark.parametrize(
    "text",
    ["نمی\u200cدید", "क्\u200dष", "👩\u200d💻", "❤\ufe0f\u200d🔥", "👍🏽", "1\ufe0f\u20e3", "葛\U000e0100", "©\ufe0f"],
)
def test_what_shapes_letters_and_emoji_stays(text: str) -> None:
    assert visible(text) == text


def test_joiners_are_shown_in_ascii_and_left_where_they_shape_letters() -> None:
    assert visible("pay\u200dpal \u200c") == "pay<U+200D>pal <U+200C>"
    assert visible("क्\u200dष") == "क्\u200dष"


def test_selectors_are_shown_where_they_select_nothing() -> None:
    assert visible("a\ufe0f\U000e0101") == "a<U+FE0F><U+E0101>"
    assert visible("1\ufe0f\u20e3 ❤\ufe0f 葛\U000e0100") == "1\ufe0f\u20e3 ❤\ufe0f 葛\U000e0100"


def test_line_breaks_are_pictures_on_one_line() -> None:
    assert visible("a\nb\tc") == "a␊b␉c"


def test_line_breaks_are_kept_where_wanted() -> None:
    assert visible("a\r\nb\rc\n\td\x1b", keep_line_breaks=True) == "a\nb\nc\n    d␛"


def test_one_line_joins_lines_with_a_space() -> None:
    assert one_line("a \n\n b\x1b") == "a b␛"


@given(st.text(alphabet=st.characters(codec=None)))
def test_nothing_a_terminal_acts_upon_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(letter) in FORBIDDEN or letter in TURNING for letter in shown)


@given(st.text(alphabet=st.characters(codec=None)))
def test_json_reads_back_and_holds_nothing_a_terminal_acts_upon(text: str) -> None:
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert visible(written, keep_line_breaks=True) == written


def test_html_is_escaped_and_visible() -> None:
    assert str(html('<script>"x"\x1b</script>')) == "&lt;script&gt;&#34;x&#34;&lt;U+001B&gt;&lt;/script&gt;"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("two\nlines", "two lines"),
        ("<img src=x>", r"\<img src=x\>"),
        ("[x](javascript:alert)", r"\[x\](javascript:alert)"),
        ("![x](https://a.example)", r"!\[x\](https\://a.example)"),
        ("see https://a.example", r"see https\://a.example"),
        ("www.a.example", r"www\.a.example"),
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("*a* _b_ `c` ~~d~~", r"\*a\* \_b\_ \`c\` \~\~d\~\~"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("AT&T, R & D", r"AT\&T, R & D"),
        ("plain - text: 3 (of 4).", "plain - text: 3 (of 4)."),
    ],
)
def test_markdown_is_not_live(text: str, escaped: str) -> None:
    assert markdown(text) == escaped


def test_markdown_lines_are_escaped_each() -> None:
    assert markdown_lines("a\n# b\n\n---") == ("a", r"\# b", "", r"\---")


def test_a_plain_address_is_a_link_in_markdown() -> None:
    assert markdown_address("https://a.example/b?c=1") == "<https://a.example/b?c=1>"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://a.example> <b>", "https://a b", "ftp://a.example", "https://a\u202e"]
)
def test_anything_else_is_no_link_in_markdown(text: str) -> None:
    assert not markdown_address(text).startswith("<")


@pytest.mark.parametrize("text", ["=cmd", "+1", "-x", "@a", "\tx", "\rx", "-1+2", "\uff1da", " =1", "\xa0=1", '"=1'])
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert csv_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["-", "-0.5", "3", "?", "", "a=b"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert csv_cell(text) == text


def test_nouns_follow_their_number() -> None:
    assert [plural(1, "day"), plural(0, "day"), plural(2, "criterion", "criteria")] == ["1 day", "0 days", "2 criteria"]


def test_lists_read_like_sentences() -> None:
    assert [listed(()), listed(("a",)), listed(("a", "b")), listed(("a", "b", "c"))] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("abc", "abc  "), ("abcdefg", "abcde"), ("日本語", "日本 "), ("e\u0301te\u0301", "e\u0301te\u0301  ")],
)
def test_text_fits_the_columns_of_the_terminal(text: str, shown: str) -> None:
    assert fitted(text, 5) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@b.example", "a@<!-- -->b.example"),
        ("xmpp:a@b.example", "xmpp:a@<!-- -->b.example"),
        ("ask @ada", "ask @<!-- -->ada"),
        ("see #12 and gh-12", "see #<!-- -->12 and gh-<!-- -->12"),
        ("www.b.example", "www\\.b.example"),
        ("//b.example", "//b.example"),
        ("[^1]", "\\[^1\\]"),
        ("- [ ] done", "\\- \\[ \\] done"),
        ("::note::", "\\::note::"),
        ("a @ b, C# 1", "a @ b, C# 1"),
    ],
)
def test_what_github_links_by_itself_stays_text(text: str, shown: str) -> None:
    assert markdown(text) == shown


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ('a;"=1+1"', 'a;"\'=1+1"'),
        ("a\r\n@sum", "a\n'@sum"),
        ("a; = b", "a; '= b"),
        ('a;" =b', "a;\" '=b"),
        ("a; b = c", "a; b = c"),
        ("a;\uff1d1", "a;'\uff1d1"),
    ],
)
def test_no_cell_hides_a_formula_behind_what_parts_cells_elsewhere(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "<U+003A>:error::x"),
        ("so ::Add-Mask::x", "so <U+003A>:Add-Mask::x"),
        ("so ##[warning]x", "so #<U+0023>[warning]x"),
        ("##vso[task.setvariable]x", "#<U+0023>vso[task.setvariable]x"),
        ("std::vector, ::1, ## 1", "std::vector, ::1, ## 1"),
    ],
)
def test_no_order_to_a_build_server_stays_one(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert json.loads(json_text(text)) == text
    assert (json_text(text) == f'"{text}"') == (text == shown)


@pytest.mark.parametrize("sign", ["\U0001d173", "\U0001bca0", "\U000e0080", "\ufff0", "\u2800"])
def test_a_sign_that_nobody_sees_is_named(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a<U+{ord(sign):04X}>b"


def test_a_blank_of_braille_stays_between_its_signs() -> None:
    assert visible("\u2801\u2800\u2803") == "\u2801\u2800\u2803"


def test_blanks_at_the_edges_become_one_however_many_there_are_within() -> None:
    within = "a" + " " * 20_000 + "b"  # took three seconds
    assert markdown(f"   {within}  ") == f" {within} "
    assert [markdown("  "), markdown("")] == [" ", ""]
