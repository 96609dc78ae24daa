"""Foreign text on screen, never taken as markup or control codes, and the widgets and fields that show it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from rich.segment import Segment
from rich.style import Style as RichStyle
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import Paste
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from toolvet.domain.scoring import Field
from toolvet.storage.toml_input import TEXT_CHARACTERS
from toolvet.text.charts import MARK, TRACK
from toolvet.text.escape import one_line, visible


def shown(foreign: str, style: str = "") -> Content:
    """The text as typed, in one style, with control characters made visible. Line breaks stay."""
    return _styled(visible(foreign, keep_line_breaks=True), style)


def on_one_line(foreign: str, style: str = "") -> Content:
    """As `shown`, with line breaks turned into spaces."""
    return _styled(one_line(foreign), style)


def in_a_row(*parts: Content | str) -> Content:
    """The parts one after the other. A plain string is text, never markup."""
    return Content.assemble(*(_as_content(part) for part in parts))


def below_each_other(*parts: Content | str) -> Content:
    """Each part on a line of its own."""
    return Content("\n").join(_as_content(part) for part in parts)


def drawn(widget: Widget, line: Content, width: int) -> Strip:
    """Draw one line of a widget whose text cannot be selected with the mouse.

    Textual's own way records the place of every piece for selection, which takes six times as long.
    """
    return Strip(line.truncate(width, pad=True).render_segments(widget.visual_style), width)


Framed = TypeVar("Framed", bound=Widget)

BAR = "▌"
"""Stands before the chosen row, so that it is told without colour."""
HERE = "on $block-cursor-background"
"""The ground of the chosen row in the pane with the focus."""


def under_cursor(row: Content, width: int, *, has_focus: bool, is_barred: bool = True) -> Content:
    """The chosen row, whose first cell is blank: a bar there, and a ground where its pane has the focus."""
    if is_barred:
        row = Content.styled(BAR, "$primary" if has_focus else "$text-muted") + row[1:]
    row = row.truncate(width, pad=True)
    return row.stylize_before(HERE) if has_focus else row


def entitle(pane: Widget, title: Content | str = "", below: Content | str = "") -> None:
    """Put words into the upper and the lower edge of a pane, drawn again only where they changed."""
    for edge, words in (("title", title), ("subtitle", below)):
        content = on_one_line(words) if isinstance(words, str) else words
        before = getattr(pane, f"_border_{edge}", None)
        if before is None if not content else before is not None and content.is_same(before):
            continue
        setattr(pane, f"_border_{edge}", content or None)
        size, offset = pane.outer_size, pane.content_offset
        # Textual would draw the whole pane again
        pane.refresh(Region(0, 0 if edge == "title" else size.height - 1, size.width, 1).translate(-offset))


def titled(pane: Framed, title: Content | str, below: Content | str = "") -> Framed:
    """The widget as a pane with these words in its edges."""
    pane.add_class("pane")
    entitle(pane, title, below)
    return pane


class SidePane(VerticalScroll):
    """A pane about what is chosen in another. Tab leads into it, and it says so where it has more than can be seen."""

    about = below = ""

    def watch_show_vertical_scrollbar(self) -> None:
        self.name_after(self.about, self.below)

    def name_after(self, about: str, below: str = "") -> None:
        """Name what is chosen in the upper edge, with more about it in the lower one."""
        self.about, self.below = about, below
        keys = "tab, then ↑ ↓: scroll" if self.show_vertical_scrollbar else ""
        entitle(self, about, " · ".join(filter(None, (below, keys))))


def bar(words: str) -> Content:
    """A bar of `text/charts` in the colour of text, its track and thresholds quieter."""
    content = Content(words)
    for found in _TRACKS.finditer(words):
        content = content.stylize("$text-muted" if found[0] == MARK else "$ring", found.start(), found.end())
    return content


def map_of(words: str) -> Content:
    """A line of the sweet-spot map: axes, thresholds and the names of fields quiet, the sweet spot's bold."""
    content = Content(words)
    for found in _QUIET_ON_MAP.finditer(words):
        content = content.stylize("$text-muted", found.start(), found.end())
    spot = words.find(Field.SWEET_SPOT)
    return content if spot < 0 else content.stylize("bold", spot, spot + len(Field.SWEET_SPOT))


_QUIET_ON_MAP = re.compile(
    rf"^ *\d* [┤└]─*|^ *0 .*|[┊┄]+|control \(up\).*|{Field.LOCKED_DOWN}|{Field.FREE_FOR_ALL}|{Field.NEITHER}"
)
_TRACKS = re.compile(rf"{TRACK}+|{MARK}")


LED = "-led"
"""The class of a list that the keys of a field above it move: its chosen row looks as if the list had the focus."""


class Choices(OptionList):
    """A list whose highlighted option has a bar before it. Textual tells it by its ground alone."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        line = self.scroll_offset.y + y
        if line >= len(self._lines) or self._lines[line][0] != self.highlighted or strip.cell_length == 0:
            return strip
        style = strip.crop(0, 1)._segments[0].style
        bar = RichStyle.parse(
            self.app.get_css_variables()["primary" if self.has_focus or self.has_class(LED) else "text-muted"]
        )
        return Strip.join([Strip([Segment(BAR, (style or RichStyle()) + bar)], 1), strip.crop(1)])


def _as_content(part: Content | str) -> Content:
    return shown(part) if isinstance(part, str) else part


def _styled(safe: str, style: str) -> Content:
    return Content.styled(safe, style) if style else Content(safe)


LABEL_WIDTH = 10

Entry = tuple[str, Content]


def hanging(entries: Sequence[Entry], width: int, label_width: int = LABEL_WIDTH) -> list[Content]:
    """Wrap texts to that width, with the labels in a column of their own. Labels are our words; texts are safe."""
    rows: list[Content] = []
    for label, text in entries:
        wrapped = text.wrap(max(8, width - label_width)) or [Content("")]
        rows.append(Content.styled(f"{label:<{label_width}}", "$text-muted") + wrapped[0])
        rows += [Content(" " * label_width) + row for row in wrapped[1:]]
    return rows


class LaidOutOnce(Widget):
    """Its size follows from one layout: Textual would lay out the whole screen a second time for each that changes."""

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:  # noqa: ARG002 Textual's own
        return super()._size_updated(size, virtual_size, container_size, layout=False)


class Hanging(LaidOutOnce):
    """Labelled texts, wrapped to the width of the widget."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()
        self._wrapped: tuple[int, list[Content]] | None = None

    def show(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) == self._entries:
            return
        self._entries, self._wrapped = tuple(entries), None
        # laying out the whole screen again is what takes time, and only a change of height needs it
        self.refresh(layout=len(self._rows(self.size.width)) != self.size.height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return len(self._rows(width))

    def render(self) -> Content:
        return Content("\n").join(self._rows(self.size.width))

    def _rows(self, width: int) -> list[Content]:
        """The rows, wrapped once for each width: Textual asks for the height several times before it draws."""
        if self._wrapped is None or self._wrapped[0] != width:
            self._wrapped = width, hanging(self._entries, width)
        return self._wrapped[1]


class Bullets(LaidOutOnce):
    """Lines of which those that begin with "· " or a sign hang under their own text."""

    def __init__(self, lines: Sequence[Content] = (), *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 Textual's word
        super().__init__(id=id, classes=classes)
        self._lines = tuple(lines)

    def show(self, lines: Sequence[Content]) -> None:
        if self._lines != tuple(lines):
            self._lines = tuple(lines)
            self.refresh(layout=self.styles.is_auto_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return len(self._wrapped(width))

    def render(self) -> Content:
        return Content("\n").join(self._wrapped(self.size.width))

    def _wrapped(self, width: int) -> list[Content]:
        rows: list[Content] = []
        for line in self._lines:
            bullet = _BULLET.match(line.plain)
            indent = 0 if bullet is None else bullet.end()
            head, rest = line[:indent], line[indent:]
            wrapped = rest.wrap(max(8, width - indent)) or [Content("")]
            rows += [head + wrapped[0], *(Content(" " * indent) + row for row in wrapped[1:])]
        return rows


_BULLET = re.compile(r" *[^\w\s\"“(] ")


class Details(Widget):
    """Wrapped paragraphs, cut at the end where there is no room for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._paragraphs: tuple[Content, ...] = ()

    def show(self, paragraphs: Iterable[Content]) -> None:
        before, self._paragraphs = self._paragraphs, tuple(paragraphs)
        is_same = len(before) == len(self._paragraphs) and all(map(Content.is_same, before, self._paragraphs))
        if not is_same:
            self.refresh()

    def render(self) -> Content:
        width, height = self.size.width, self.size.height
        lines: list[Content] = []
        for paragraph in self._paragraphs:
            lines += paragraph.wrap(max(1, width)) or [Content("")]
            if len(lines) > height > 0:
                break  # what follows is not seen
        if len(lines) > height > 0:
            cut = lines[height - 1].truncate(max(1, width - 2)).rstrip()
            lines = [*lines[: height - 1], in_a_row(cut, Content.styled(" …", "$text-muted"))]
        return Content("\n").join(lines)


LONGEST_TEXT = TEXT_CHARACTERS
"""Characters, as many as a file takes."""

NOT_TAKEN = "Too long"
FULL = f"A text can have at most {LONGEST_TEXT:,} characters. Nothing was added or cut."

SHORT = 24
"""Up to so many characters, people retype a value rather than change it."""


class LineField(Input):
    """One line. With `goes_on` the cursor starts at the end, because somebody was typing when the field was drawn."""

    _full_at: str | None = None

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 Textual's word
        goes_on: bool = False,
    ) -> None:
        super().__init__(value, placeholder=visible(placeholder), id=id, max_length=LONGEST_TEXT)
        # people retype a whole date; a sentence or a list they go on with
        self.select_on_focus = not goes_on and len(value) <= SHORT

    def _on_paste(self, event: Paste) -> None:
        """Paste several lines as one. Textual would silently drop all but the first."""
        event.prevent_default()
        event.stop()
        self._full_at = None
        self.replace(" ".join(event.text.splitlines()).strip(), *sorted(self.selection))

    def restricted(self) -> None:
        """Say that the text is too long, only once for a key held down."""
        if self._full_at != self.value:
            self._full_at = self.value
            say_full(self)

    @property
    def _value(self) -> Text:
        # Textual draws this; one cell for each character keeps the cursor in the right place
        return Text(pictured(self.value), no_wrap=True, overflow="ignore", end="")


def say_full(field: Widget) -> None:
    field.app.notify(FULL, title=NOT_TAKEN, severity="warning", markup=False)


def pictured(text: str) -> str:
    """Replace each invisible character by one visible character."""
    if visible(text) == text:
        return text
    return "".join(character if visible(character) == character else _picture(character) for character in text)


def _picture(character: str) -> str:
    picture = visible(character)
    return picture if len(picture) == 1 else "\ufffd"


class TitleBar(Horizontal):
    """One line: the app, the screen and what it is about; at the right the state, such as the day or "saved"."""

    def __init__(self, place: str, about: str = "", state: str = "") -> None:
        """All three may be foreign text."""
        super().__init__()
        self._place, self._about, self._state = place, about, state

    def compose(self) -> ComposeResult:
        yield Static(_place(self._place, self._about), id="title-place")
        yield Static(on_one_line(self._state), id="title-state")

    def show(self, place: str, about: str) -> None:
        self._place, self._about = place, about
        if self.is_mounted:
            self.query_one("#title-place", Static).update(_place(place, about), layout=False)

    def show_state(self, words: str) -> None:
        """Show the state, in green where it begins with a tick."""
        if words != self._state:
            is_longer, self._state = len(words) != len(self._state), words
            style = "$text-success" if words.startswith("✓") else ""
            self.query_one("#title-state", Static).update(on_one_line(words, style), layout=is_longer)


class Trouble(Static):
    """A problem that stays on screen until it is solved, such as NOT SAVED."""

    def show(self, message: str | None) -> None:
        """Show the message; None hides it."""
        self.set_class(message is not None, "-shown")
        self.update("" if message is None else shown(f"✗ {message}"))


@runtime_checkable
class SaysKeys(Protocol):
    """A screen that says which keys need not be shown, and what others do there now."""

    @property
    def idle_actions(self) -> frozenset[str]:
        """The actions that would only say why they do nothing."""
        ...

    @property
    def key_words(self) -> Mapping[str, str]:
        """The words for actions that are named otherwise now."""
        ...

    @property
    def quiet_actions(self) -> frozenset[str]:
        """The actions that work, though their keys are not shown."""
        ...


@runtime_checkable
class TakesDigits(Protocol):
    """A widget in which digits choose; `digits` says which do now, such as "0–4"."""

    @property
    def digits(self) -> str: ...


class Keys(Static):
    """The keys of this screen, then those of every screen, as many as fit. A click presses one; `?` lists them all."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._drawn = Content("")
        self.auto_links = False  # they look like keys, not like links

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._show())
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        once: dict[str, ActiveBinding] = {}
        says = self.screen if isinstance(self.screen, SaysKeys) else None
        idle, quiet = (says.idle_actions, says.quiet_actions) if says else (frozenset[str](), frozenset[str]())
        said: Mapping[str, str] = says.key_words if says else {}
        for active in self.screen.active_bindings.values():
            action = active.binding.action.removeprefix("app.")
            if active.binding.show and active.enabled and action not in quiet and action.partition("(")[0] not in idle:
                once.setdefault(action, active)
        ordered = sorted(once.items(), key=lambda item: _BEHIND.get(item[0], 0))
        parts = {
            action: _key(self.app.get_key_display(active.binding), active.binding, said.get(action))
            for action, active in ordered
        }
        focused = self.screen.focused
        if isinstance(focused, TakesDigits) and focused.digits and "pick_rung" not in idle:
            parts = {_DIGITS: in_a_row(Content.styled(focused.digits, "bold $footer-key-foreground"), " Pick"), **parts}
        for action in _first_to_go(parts):
            if sum(part.cell_length + 2 for part in parts.values()) - 2 <= self.size.width:
                break
            del parts[action]
        keys = Content("  ").join(parts.values())
        if not keys.is_same(self._drawn):  # Textual announces the keys more often than they change
            self._drawn = keys
            self.update(keys, layout=False)


class KeyHint(Static):
    """Keys and what they do, on one line. Each can be clicked. A dialog moves them into its lower edge."""

    def __init__(self, *keys: tuple[str, str, str]) -> None:
        self.words = key_words(*keys)
        super().__init__(self.words, classes="key-hint")
        self.auto_links = False  # they look like keys, not like links


def key_words(*keys: tuple[str, str, str]) -> Content:
    """Keys, what they do, and the actions of a click, on one line."""
    return Content("  ").join(_key_words(*key) for key in keys)


_EVERYWHERE = ("back", "command_palette", "show_keys", "quit")
_DIGITS = "digits"
_BEHIND = {"step(-1)": 1, "travel(-1)": 2, "scope": 3, **{action: 4 + at for at, action in enumerate(_EVERYWHERE)}}
"""These come after the other keys."""


def _first_to_go(actions: Iterable[str]) -> list[str]:
    """What is left out where space is short: q, which everybody tries, then the last key of this screen, and so on."""
    known = list(actions)
    return [
        *(each for each in known if each == "quit"),
        *(each for each in reversed(known) if each not in (*_EVERYWHERE, _DIGITS)),
    ]


def _key(display: str, binding: Binding, said: str | None) -> Content:
    words = in_a_row(Content.styled(display, "bold $footer-key-foreground"), " ", said or binding.description)
    return words.stylize(f"@click=app.simulate_key('{binding.key}')")


def _place(words: str, about: str) -> Content:
    parts = (on_one_line(words, "bold"), "  ", on_one_line(about)) if about else (on_one_line(words, "bold"),)
    return in_a_row(Content.styled("toolvet", "$text-muted"), "  ", *parts)


def _key_words(key: str, words: str, action: str) -> Content:
    pair = in_a_row(Content.styled(key, "bold $footer-key-foreground"), Content.styled(f" {words}", "$text-muted"))
    return pair.stylize(f"@click={action}")


class Notice(Static):
    """Sentences below the title, one on a line; hidden where there are none."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._said: tuple[str, ...] = ()

    def show(self, said: tuple[str, ...]) -> None:
        if said != self._said:
            self._said = said
            self.update(below_each_other(*said))
            self.display = bool(said)
