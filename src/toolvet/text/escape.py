"""Makes foreign text safe for each output, and fits text to lines and columns.

Values stay as they were typed. What a terminal or document would act upon is made visible where the text is output:
every character can still be read, and none has an effect.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence

_ALWAYS = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks, overrides and isolates that turn text round
    "\u2028\u2029\ufeff\ufff0-\ufffb"  # line and paragraph separator, byte order mark, annotations
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\uffa0"  # nobody sees these
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"  # nor these, of shorthand and music
    "\ud800-\udfff"  # lone surrogates
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags: letters that nobody sees
)
_JOINERS = "\u200c\u200d"
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINED = f"\u0600-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc{_EMOJI}"
"""Letters of scripts that joiners shape (Arabic, those of India and around it), and emoji."""
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_VARIED = f"\u00a9\u00ae\u203c\u2049\u2122\u2139\u1000-\u109f{_EMOJI}{_HAN}"
"""What has variants that a selector behind it chooses."""
_BLANK = "\u2800"
_UNSAFE = (
    f"[{_ALWAYS}{_JOINERS}\ufe00-\ufe0f\U000e0100-\U000e01ef{_BLANK}](?:(?<=[{_ALWAYS}])"
    # Joiners belong between letters of some scripts and parts of emoji, and selectors behind what has variants.
    f"|(?<=[{_JOINERS}])(?:(?<![{_JOINED}\ufe0f].)|(?![{_JOINED}]))"
    f"|(?<=[\ufe00-\ufe0f])(?<![{_VARIED}].)(?!\u20e3)"
    f"|(?<=[\U000e0100-\U000e01ef])(?<![{_HAN}].)"
    # The blank of Braille belongs between its signs; alone it is a name that nobody sees.
    f"|(?<={_BLANK})(?<![\u2801-\u28ff].)(?![\u2801-\u28ff]))"
)
_ORDER = (
    r":(?=:(?i:(?:error|warning|notice|debug|echo|(?:end)?group)\b|(?:add|remove|set|save|stop|internal)-))"
    r"|(?<=#)#(?=[A-Za-z]*\[)"
)
"""What a build server takes for an order within the output of a command: "::error::", "##[error]", "##vso["."""
_LETTERS = " -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e"
_NARROW = f"[{_LETTERS}]*"
_PLAIN = re.compile(f"[{_LETTERS}\u2190-\u27ff]*")
"""Text in which nothing is unsafe: nearly all there is. The other patterns take 5 ms to compile, so they wait."""


def visible(text: str, *, keep_line_breaks: bool = False) -> str:
    """Show everything that a terminal would act upon or a reader would not see.

    Control codes become their pictures (ESC is ␛), others their code point (`<U+202E>`). With `keep_line_breaks` lines
    stay lines, and a tab becomes four spaces.
    """
    return _shown(text, _picture, keep_line_breaks=keep_line_breaks)


def spelled(text: str, *, keep_line_breaks: bool = False) -> str:
    """As `visible`, with code points throughout (`<U+001B>`), because many fonts lack the pictures."""
    return _shown(text, _code_point, keep_line_breaks=keep_line_breaks)


def encodable(text: str) -> str:
    """The text with `?` for each byte of a file name that is no UTF-8, for formats that are."""
    return text.encode(errors="replace").decode()


def one_line(text: str) -> str:
    """The text visible and on one line; a line break and the space around it become one space."""
    return visible(joined(text))


def is_narrow(text: str) -> bool:
    """Whether `one_line` leaves it as it is, and each letter takes one column: true of most, and soon seen."""
    return "::" not in text and "##" not in text and re.fullmatch(_NARROW, text) is not None


def joined(text: str) -> str:
    """The text with its lines joined by one space; a single line stays as it is."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text


def looks_of(text: str) -> str:
    """What texts that look alike have in common: blanks and the composition of letters are not seen."""
    return " ".join(unicodedata.normalize("NFKC", visible(text)).split())


def told_apart(named: Sequence[tuple[str, str]]) -> list[str]:
    """The names, each with the folder behind it where those of several folders look alike."""
    looks = [looks_of(name) for name, _ in named]
    folders: dict[str, set[str]] = {}
    for look, (_, folder) in zip(looks, named, strict=True):
        folders.setdefault(look, set()).add(folder)
    return [
        f"{name} [{folder}]" if len(folders[look]) > 1 else name
        for look, (name, folder) in zip(looks, named, strict=True)
    ]


def _shown(text: str, show: Callable[[re.Match[str]], str], *, keep_line_breaks: bool) -> str:
    if "::" in text or "##" in text:
        text = re.sub(_ORDER, show, text)
    if keep_line_breaks and not _PLAIN.fullmatch(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        return "\n".join(_shown_line(line, show) for line in text.split("\n"))
    return _shown_line(text, show)


def _shown_line(line: str, show: Callable[[re.Match[str]], str]) -> str:
    return line if _PLAIN.fullmatch(line) else re.sub(_UNSAFE, show, line)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else _code_point(match)


def _code_point(match: re.Match[str]) -> str:
    return f"<U+{ord(match[0]):04X}>"


_MARKS = r"(?i:[\\`*_\[\]<>|~$]|&(?=[#A-Za-z])|(?<=[A-Za-z]):(?=//)|(?<=www)\.)"
_AT_START = r"^(\s*)([#+\-=]|:(?=:)|\d+(?=[.)](?:\s|$)))"
_SAFE_ADDRESS = r"https?://[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+"


UNLINKED = "<!-- -->"
"""Parts what GitHub would link whatever backslashes it has: mail addresses, people, issues."""
_LINKED = r"(?i:@(?=\w)|(?<!&)#(?=\d)|\bGH-(?=\d))"


def markdown(text: str) -> str:
    """The text for one line of Markdown, with no live mark, tag, link, image or line break."""
    line = one_line(text)
    kept = line.strip()  # four spaces would begin a block of code, two would break the line
    begins, ends = " " * line[:1].isspace(), " " * (kept != "" and line[-1].isspace())
    return _escaped_line(f"{begins}{kept}{ends}")


def markdown_cell(text: str) -> str:
    """As `markdown`, for a table's cell, where no list or heading can begin."""
    return _unlinked(re.sub(_MARKS, _with_backslash, one_line(text).strip()))


def markdown_lines(text: str) -> tuple[str, ...]:
    """As `markdown`, line by line; the caller joins them."""
    return tuple(_escaped_line(line.strip()) for line in visible(text, keep_line_breaks=True).split("\n"))


def markdown_address(text: str) -> str:
    """A plain http or https address as a link to itself, anything else as text."""
    return f"<{text}>" if is_address(text) else markdown(text)


def is_address(text: str) -> bool:
    """Whether the text is a plain http or https address and nothing else."""
    return re.fullmatch(_SAFE_ADDRESS, text) is not None


def _escaped_line(line: str) -> str:
    escaped = re.sub(_MARKS, _with_backslash, line)
    return _unlinked(re.sub(_AT_START, _start_with_backslash, escaped))


def _unlinked(escaped: str) -> str:
    return re.sub(_LINKED, rf"\g<0>{UNLINKED}", escaped)


def _with_backslash(match: re.Match[str]) -> str:
    return "\\" + match[0]


def _start_with_backslash(match: re.Match[str]) -> str:
    space, mark = match.groups()
    # "1." begins a list; its dot is what is escaped, and the digits stay
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


_FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20]"  # the last four are the full-width ones, which some locales take
_BEGINS_FORMULA = rf"[\t\r]|[\s\"]*{_FORMULA}"  # programs drop blanks before it
_FORMULA_INSIDE = rf"[;\n](?:[^\S\n]|[\"'])*+(?={_FORMULA})"
_PLAIN_NUMBER = r"-(\d+(\.\d+)?)?"
_PLAIN_CELL = re.compile(r"[0-9A-Za-z][0-9A-Za-z .]*")


def csv_cell(text: str) -> str:
    """The text for a spreadsheet's cell; an apostrophe goes before what would be a formula.

    So does what stands behind a semicolon or a line break: where semicolons part cells, a program finds other cells in
    the line, and none of our quotes. A lone "-" and a plain negative number are not formulas.
    """
    if _PLAIN_CELL.fullmatch(text):  # as most are
        return text
    shown = re.sub(_FORMULA_INSIDE, r"\g<0>'", visible(text, keep_line_breaks=True))
    if re.match(_BEGINS_FORMULA, text) and re.fullmatch(_PLAIN_NUMBER, text) is None:
        return "'" + shown
    return shown


def json_text(value: object) -> str:
    """The value as indented JSON, with `\\u…` for what a terminal would act upon."""
    text, shown = "", re.sub(_ORDER, _json_escape, json.dumps(value, ensure_ascii=False, indent=2))
    while shown != text:  # a joiner may stand in ASCII once what was before it is escaped
        text, shown = shown, re.sub(_UNSAFE, _json_escape, shown)
    return text


def _json_escape(match: re.Match[str]) -> str:
    if match[0] == "\n":  # between the parts; json.dumps has escaped every one inside text
        return "\n"
    return json.dumps(match[0])[1:-1] if match[0] not in ":#" else f"\\u{ord(match[0]):04x}"


def how_to_add(package: str) -> str:
    """How to install a package that only an extra brings."""
    return f"pipx inject toolvet {package}, or in toolvet's environment pip install {package}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """The number and its noun: "1 question", "3 questions"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str], *, last: str = "and") -> str:
    """The parts as in a sentence: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def wrapped(text: str, width: int, *, hanging: int = 0) -> str:
    """The text in lines of that width, made visible; later lines are indented by `hanging` columns."""
    indent = len(text) - len(text.lstrip(" "))
    return textwrap.fill(
        one_line(text[indent:]),
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def paragraph(sentences: Iterable[str], width: int) -> str:
    """Each sentence that says something, on lines of its own."""
    return "\n".join(wrapped(sentence, width) for sentence in sentences if sentence)


def ended(text: str) -> str:
    """The text with a full stop, unless it ends like a sentence already."""
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?", "…")) or not stripped else f"{stripped}."


_SHOWN_TITLES = 6  # more names than these make a sentence nobody reads


def shortened(titles: Sequence[str]) -> str:
    """The first of the titles as in a sentence, and how many more there are."""
    if len(titles) <= _SHOWN_TITLES:
        return listed(titles)
    return f"{', '.join(titles[:_SHOWN_TITLES])} and {len(titles) - _SHOWN_TITLES} more"


def fitted(text: str, columns: int) -> str:
    """Cut or pad the text to that many terminal columns; wide letters take two, combining marks none."""
    kept, used = "", 0
    for letter in text:
        width = _columns(letter)
        if used + width > columns:
            break
        kept, used = kept + letter, used + width
    return kept + " " * (columns - used)


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


_RULER = r"-+(?:  -+)+"
_GAP = r"(?<=\S) {2,}(?=\S)|^ *(?:[-*+!•] |\d{1,2}[.:] )"
_PIPED = r"\| *:?-+:? *(?:\| *:?-+:? *)+\|"
_NARROWEST = 6


def fit_text(text: str, columns: int) -> str:
    """The text in lines no wider than that, unless a single word is.

    Sentences wrap under their own start. Tables break their cells or, if they have too many, become a block a row.
    """
    lines, fitted_lines, at = text.split("\n"), [], 0
    while at < len(lines):
        end = at + 1
        if end < len(lines) and (re.fullmatch(_RULER, lines[end]) or re.fullmatch(_PIPED, lines[end])):
            while end < len(lines) and lines[end].strip():
                end += 1
            fitted_lines += _fit_table(lines[at:end], columns)
        else:
            fitted_lines += _fit_line(lines[at], columns)
        at = end
    return "\n".join(fitted_lines)


def _fit_line(line: str, columns: int) -> list[str]:
    if columns_of(line) <= columns:
        return [line]
    gap = re.search(_GAP, line)
    hanging = len(line) - len(line.lstrip()) if gap is None else gap.end()
    return _lines_of(line, columns, hanging=hanging if hanging <= columns // 2 else 4)


def _lines_of(text: str, columns: int, *, hanging: int = 0) -> list[str]:
    """The text broken at blanks, its later lines indented; unlike `wrapped`, by columns and keeping inner blanks."""
    lines, line = [], ""
    for word in re.findall(r" *[^ ]+", text):
        if line.strip() and columns_of(line + word) > columns:
            lines.append(line)
            word = " " * hanging + word.lstrip()
            line = ""
        line += word
    return [*lines, line]


def _fit_table(lines: Sequence[str], columns: int) -> list[str]:
    """The table of these lines, with narrower cells, or as a block for each row."""
    if max(map(columns_of, lines)) <= columns:
        return list(lines)
    rows = [_cells(line, lines[1]) for line in (lines[0], *lines[2:])]
    widths = [max(columns_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    room = columns - 2 * (len(widths) - 1)
    least = [
        max(columns_of(word) for cell in column for word in (*cell.split(), "-")) for column in zip(*rows, strict=True)
    ]
    if sum(min(each, max(word, _NARROWEST)) for each, word in zip(widths, least, strict=True)) > room:
        return [line for row in rows[1:] for line in _block(rows[0], row, columns)]
    while sum(widths) > room:
        spare = [width - max(word, _NARROWEST) for width, word in zip(widths, least, strict=True)]
        widths[max(range(len(widths)), key=lambda column: (spare[column] > 0, widths[column]))] -= 1
    drawn = [[_lines_of(cell, width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    ruler = ["  ".join("-" * width for width in widths)]
    head, *body = [_row(row, widths) for row in drawn]
    return [*head, *ruler, *(line for row in body for line in row)]


def _cells(line: str, ruler: str) -> list[str]:
    if ruler.startswith("|"):
        return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    cells, at, width = [], 0, 0
    ends = [match.end() for match in re.finditer("-+ *", ruler)]
    for end in ends:
        cell = ""
        while at < len(line) and (width < end or end == ends[-1]):
            cell, width, at = cell + line[at], width + columns_of(line[at]), at + 1
        cells.append(cell.strip())
    return cells


def _row(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    height = max(map(len, cells))
    padded = [[*cell, *[""] * (height - len(cell))] for cell in cells]
    return [
        "  ".join(fitted(part, width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in zip(*padded, strict=True)
    ]


def _block(headers: Sequence[str], row: Sequence[str], columns: int) -> list[str]:
    named = [f"{header}: {cell}" for header, cell in zip(headers, row, strict=True) if cell]
    return [*(line for each in named for line in _lines_of(each, columns, hanging=2)), ""]
