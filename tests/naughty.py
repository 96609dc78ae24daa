"""More than 500 strings that have broken programs, each of which is only text to us."""

# ruff: noqa: RUF001 letters that look like others are what is meant here
from __future__ import annotations

import unicodedata
from itertools import product

CONTROLS = tuple(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))
TURNS = tuple("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
UNSEEN = tuple(
    "\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2028\u2029\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\ufe0f\ufff9\U000e0041"
)
QUOTES = (
    "'",
    '"',
    "'''",
    '"""',
    "`",
    "``",
    "\\",
    "\\\\",
    "\\'",
    '\\"',
    "\\n",
    "\\u001b",
    "«»",
    "„“",
    "‘’",
    "'\"`",
    '"""\n"""',
)

SEQUENCES = (
    "\x1b[2J\x1b[H",
    "\x1b[31mred\x1b[0m",
    "\x1b[?1049h",
    "\x1b[?25l",
    "\x1b[6n",
    "\x1b[c",
    "\x1bc",
    "\x1b(0lqk\x1b(B",
    "\x1b]0;title\x07",
    "\x1b]2;title\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;http://live.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]52;p;cHduZWQ=\x1b\\",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]9;notice\x07",
    '\x1bP$q"p\x1b\\',
    "\x1bPtmux;\x1b\x1b]2;title\x07\x1b\\",
    "\x1bktitle\x1b\\",
    "\x1b_Gf=24;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x9b31mred",
    "\x9d2;title\x9c",
    "\x9d52;c;cHduZWQ=\x9c",
    "\x90tmux;title\x9c",
    "a\x08\x08b",
    "one\rtwo",
    "\x0e\x0f",
    "\x1b",
    "\x1b[",
    "\x1b]",
)
MARKUP = (
    "[@click=app.quit]x[/]",
    "[@click=app.bell]x[/]",
    "[@click='app.quit()']x",
    "[@click=screen.dismiss]x[/]",
    "[/]",
    "[/b]",
    "[[/]]",
    "[b]",
    "[bold red on blue]x",
    "[link=http://live.example]x[/link]",
    "[on red]",
    "[$error]x[/]",
    "[not-a-style]x[/not-a-style]",
    "[=]",
    "[]",
    "[ ]",
    "[",
    "]",
    "\\[b]",
    "\\\\[b]",
    "[b]x[/i]",
    ":smile:",
    "SSO [SAML]",
    "$text",
    "$x",
    "${x}",
    "^a-~",
)
HTML = tuple(
    f"{opening}{payload}"
    for opening, payload in product(
        ("", "'>", '">', "-->", "</title>", "</script>", "</svg>", "</td></table>"),
        (
            "<script>document.title='pwned'</script>",
            "<img src=x onerror=document.title='pwned'>",
            "<svg onload=document.title='pwned'>",
            "<a href=javascript:alert(1)>x</a>",
            "<iframe srcdoc='<script>parent.document.title=1</script>'>",
            "<style>*{display:none}</style>",
            "<base href=http://live.example/>",
            "<meta http-equiv=refresh content='0;url=http://live.example/'>",
            "<form action=http://live.example/><button>x",
            "<b>bold</b>",
        ),
    )
)
ENTITIES = (
    "&lt;b&gt;",
    "&amp;",
    "&#60;",
    "&#x1b;",
    "&nbsp;",
    "&",
    "&;",
    "<",
    ">",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?php",
    "%3Cscript%3E",
)
MARKDOWN = tuple(
    f"{start}{text}"
    for start, text in product(
        ("", "x ", "\n"),
        (
            "# heading",
            "- item",
            "1. item",
            "> quote",
            "    code",
            "```",
            "~~~",
            "---",
            "|a|b|",
            "| - |",
            "![i](http://live.example/i.png)",
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "[x](file:///etc/passwd)",
            "[x]: http://live.example",
            "<http://live.example>",
            "<javascript:alert(1)>",
            "http://live.example/a_b_c",
            "www.live.example",
            "me@live.example",
            "**b** _i_ ~~s~~",
            "$x^2$",
            "[^1]",
            "a\\",
            "a  ",
        ),
    )
)
TEMPLATES = (
    "{{ 7*7 }}",
    "{{ document }}",
    "{{ ''.__class__.__mro__ }}",
    "{% raw %}",
    "{% endraw %}",
    "{% include '/etc/passwd' %}",
    "{# no #}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{0}",
    "{}",
    "{name!r}",
    "%s",
    "%n",
    "%(x)s",
    "#{7*7}",
    "<%= 7 %>",
    "$(id)",
    "`id`",
    "#let x = 1",
    '#read("/etc/passwd")',
)
SQL = (
    "'; DROP TABLE answers; --",
    "' OR '1'='1",
    "1; SELECT 1",
    '" OR ""="',
    "admin'--",
    "') OR ('a'='a",
    "1 UNION SELECT NULL",
    "\\'; --",
    "NULL",
    "null",
    "None",
    "nil",
    "undefined",
    "true",
    "false",
    "nan",
    "inf",
)
SHELL = (
    "; rm -rf /",
    "| cat /etc/passwd",
    "&& id",
    "$HOME",
    "~",
    "~root",
    "*",
    "?",
    "-rf",
    "--help",
    "-",
    "--",
    "> /dev/null",
    "!!",
    "\n id",
)
PATHS = (
    "../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd",
    "//server/share",
    "C:\\con",
    "CON",
    "nul.txt",
    "aux",
    ".",
    "..",
    "...",
    "a/b",
    "a\\b",
    "a:b",
    "file:///etc/passwd",
    "evidence/../../x",
    "evidence/",
    "a.",
    ".hidden",
    "x" * 300,
)
FORMULAS = tuple(
    f"{sign}{rest}"
    for sign, rest in product(
        ("=", "+", "-", "@", "\t=", "\r=", " =", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'=", '"='),
        ("1+1", "cmd|'/c calc'!A1", 'HYPERLINK("http://live.example","x")', "SUM(A1:A9)"),
    )
)
NUMBERS = (
    "0",
    "-0",
    "1e309",
    "1_000",
    "0x10",
    "1.10",
    "01",
    "1,5",
    "٣",
    "²",
    "½",
    "∞",
    "1" * 400,
    "-1",
    "2026-11-21",
    "12:00",
)
DATA = (
    "a,b",
    "a;b",
    "a\tb",
    "a\nb",
    "a\r\nb",
    '"a","b"',
    "a = 1",
    "[table]",
    "[[table]]",
    "# comment",
    '{"a": 1}',
    "\\u0000",
    "#:schema x",
    "seal = 'x'",
)
LETTERS = (
    "e\u0301",
    "é",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "a" + "\u0300" * 200,
    "ﷺ",
    "שלום",
    "مرحبا",
    "עברית and English",
    "שָׁלוֹם",
    "हिन्दी",
    "ไทย",
    "한국어",
    "각",
    "日本語",
    "ｆｕｌｌ",
    "𝕬𝖇𝖈",
    "ǅ",
    "ß",
    "İı",
    "ﬁ",
    "Å",
    "Å",
    "\U0010fffd",
    "\ue000",
    "\ufffd",
    "\ufdd0",
    "\uffff",
)
EMOJI = ("😀", "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇺🇳", "1️⃣", "❤️", "🤷🏻‍♀️", "🇦", "👩🏿‍🚀", "😀" * 50, "🏴󠁧󠁢󠁥󠁮󠁧󠁿")
SPACES = tuple(f"a{space}b" for space in "\u00a0\u1680\u2000\u2002\u2003\u2007\u2009\u200a\u202f\u205f\u3000\x85")
LONG = ("word " * 400, "x" * 2000, "\n" * 50 + "x", "a\n" * 200, "|" * 500, "[" * 500, "(" * 500, "*" * 500, "\\" * 501)


def _all() -> tuple[str, ...]:
    set_in_words = (f"before{each}after" for each in (*CONTROLS, *TURNS, *UNSEEN))
    plain = (
        *(*QUOTES, *SEQUENCES, *MARKUP, *HTML, *ENTITIES, *MARKDOWN, *TEMPLATES, *SQL, *SHELL, *PATHS, *FORMULAS),
        *(*NUMBERS, *DATA, *LETTERS, *EMOJI, *SPACES, *LONG, *set_in_words),
    )
    return tuple(dict.fromkeys(plain))


NAUGHTY = _all()
"""All of them, each once."""

LIVE = frozenset((*CONTROLS, *TURNS, "\u2028", "\u2029", "\ufeff", "\ufff9", "\U000e0041")) - {"\n"}
"""Characters that no terminal is to get out of a text."""


def in_lots(size: int) -> list[str]:
    """All of them joined into texts of at most about that many characters, a space between."""
    lots = [""]
    for each in NAUGHTY:
        if len(lots[-1]) + len(each) > size:
            lots.append("")
        lots[-1] = f"{lots[-1]} {each}" if lots[-1] else each
    return lots


def printable(text: str) -> bool:
    """Whether nothing in the text acts on a terminal, lines aside."""
    return not LIVE & set(text) and not any(unicodedata.category(each) == "Cs" for each in text)


def toml_text(text: str) -> str:
    """The text as it stands between the quotes of a TOML string."""
    return "".join(each if each.isprintable() and each not in '"\\' else f"\\U{ord(each):08x}" for each in text)
