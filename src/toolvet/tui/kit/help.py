"""Help: the keys of a screen with what they do, a palette to find an action by its name, and every key there is."""

from __future__ import annotations

import re
from asyncio import sleep
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from itertools import chain, zip_longest
from pkgutil import walk_packages
from time import monotonic
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.fuzzy import Matcher
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

import toolvet.tui
from toolvet.text.charts import range_legend
from toolvet.text.labels import MUST_HAVE, VERDICT_SIGNS
from toolvet.tui import screens
from toolvet.tui.kit.content import (
    LED,
    Choices,
    KeyHint,
    LineField,
    below_each_other,
    entitle,
    in_a_row,
    key_words,
    on_one_line,
    shown,
)
from toolvet.tui.kit.dialogs import Dialog
from toolvet.tui.kit.find import ELSEWHERE, FIND, WAYS, FindLine, matching
from toolvet.tui.screen import Place, copy_words, notify
from toolvet.values import dataclass

RUN, GO_TO, COPY_IT, SAY_WHERE = "Run", "Go to", "Copy", "Say where"
"""What enter does in the palette: with an action of the place; with one of a place that a key leads to from here; with
a command for the shell; and with all else."""
_BETWEEN = 3
"""Cells between two columns of keys."""
_TWO_COLUMNS_FROM = 90
_LONGEST_WAY, _LOOKS_AGAIN = 5.0, 0.02
"""Seconds until a place that was gone to is not waited for any more, and from one look to the next."""
_AROUND = 3
"""Lines of the dialog's ring, and the one above the keys."""
_MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
_EVERYWHERE = ("back", "show_keys", "quit", "command_palette", "change_ground", "suspend_process", "settings")
_MOVE_LINE = "↑ ↓ ← → home end pgup pgdn move about, and the mouse works too."


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """An action of a place: its keys as they are shown, its name, more about it, how to run it, and its key's id.

    The palette finds it by these `words`, too, and says by the `verb` what enter does.
    """

    keys: str
    name: str
    more: str
    action: str
    node: DOMNode
    id: str = ""
    is_listed: bool = True
    is_move: bool = False
    words: str = ""
    verb: str = RUN

    @property
    def is_everywhere(self) -> bool:
        return self.action.removeprefix("app.") in _EVERYWHERE


def keys_of(app: App[None], screen: Screen[object]) -> tuple[KeyHelp, ...]:
    """Every action of ours that can be run there, once each; Textual's own keys for moving about are left out."""
    found: dict[str, KeyHelp] = {}
    unlisted = screen.UNLISTED if isinstance(screen, Place) else ()
    for active in screen.active_bindings.values():
        binding = active.binding
        action, key = binding.action.removeprefix("app."), app.get_key_display(binding)
        is_idle = isinstance(screen, Place) and action.partition("(")[0] in screen.idle_actions
        own = _own(active)
        if own is None or not active.enabled or is_idle or action.startswith(unlisted):
            continue
        if (known := found.get(action)) is None:
            found[action] = KeyHelp(
                key,
                binding.description,
                own.tooltip or active.tooltip,
                binding.action,
                active.node,
                own.id or "",
                is_listed=not binding.key.isdigit(),
                is_move=binding.key in _MOVES and not binding.show,
            )
        elif key not in known.keys.split() and not known.is_move:
            found[action] = replace(known, keys=f"{known.keys} {key}")
    return tuple(found.values())


def _own(active: ActiveBinding) -> Binding | None:
    """The key as a class of ours declares it; a list or a field of ours has Textual's keys for moving about besides."""
    own = (
        kind.__dict__.get("BINDINGS", ())
        for kind in type(active.node).__mro__
        if kind.__module__.startswith("toolvet.")
    )
    ours = (each for each in chain.from_iterable(own) if isinstance(each, Binding))
    return next((each for each in ours if each.action == active.binding.action), None)


class KeyRows(Widget):
    """Keys with their names and what they do, in two columns where one is too high; what a key does hangs."""

    def __init__(self, keys: Sequence[KeyHelp], about: str) -> None:
        """`about` stands above them."""
        super().__init__(id="key-list-keys")
        self._keys, self._about = tuple(keys), about

    def show(self, keys: Sequence[KeyHelp]) -> None:
        self._keys = tuple(keys)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 Textual's own
        return len(self._rows(width))

    def render(self) -> Content:
        return below_each_other(*self._rows(self.size.width))

    def _rows(self, width: int) -> list[Content]:
        width = max(8, width)  # of a window that has no room, or none yet
        below = self._rows_in(width, is_wide=False)
        above = len(shown(self._about).wrap(width)) + _AROUND if self._about else _AROUND
        fits = len(below) + above <= self.app.size.height
        return below if fits or width < _TWO_COLUMNS_FROM else self._rows_in(width, is_wide=True)

    def _rows_in(self, width: int, *, is_wide: bool) -> list[Content]:
        column = (width - _BETWEEN) // 2 if is_wide else width
        key_width = max((len(key.keys) for key in self._keys), default=0) + 1
        name_width = max((len(key.name) for key in self._keys), default=0) + 2
        rows: list[Content] = []
        for is_everywhere, title in enumerate(("Here", "Everywhere")):
            those = [key for key in self._keys if key.is_everywhere is bool(is_everywhere)]
            if those:
                entries = [_entry(key, column, key_width, name_width) for key in those]
                rows += [Content.styled(title, "bold"), *_in_columns(entries, column if is_wide else None), Content("")]
        verdicts = "   ".join(f"{sign} {verdict.words}" for verdict, sign in VERDICT_SIGNS.items())
        for line in (_MOVE_LINE, range_legend(), f"{MUST_HAVE} must-have   {verdicts}"):
            rows += Content.styled(line, "$text-muted").wrap(width)
        return rows


class KeyList(Dialog[None]):
    """What the place is for, its keys, those of every place, and what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [FIND]

    def __init__(self, about: str, keys: tuple[KeyHelp, ...]) -> None:
        super().__init__("Help")
        self._about, self._keys = about, tuple(key for key in keys if key.is_listed and not key.is_move)

    def compose_answer(self) -> ComposeResult:
        yield FindLine()
        with VerticalScroll(id="key-list"):
            if self._about:
                yield Static(shown(self._about), id="key-list-about")
            yield KeyRows(self._keys, self._about)
        yield KeyHint(("/", "Find", "screen.find"), ("esc", "Back", "screen.back"))

    def on_mount(self) -> None:
        self.query_one("#key-list").focus()

    def action_find(self) -> None:
        self.query_one(FindLine).open()

    @on(FindLine.Asked)
    def _find(self, event: FindLine.Asked) -> None:
        event.stop()
        self.query_one(KeyRows).show(matching(event.words, self._keys, lambda key: f"{key.keys} {key.name} {key.more}"))
        for about in self.query("#key-list-about"):
            about.display = not event.words
        if event.is_over:
            self.query_one("#key-list").focus()


def _entry(key: KeyHelp, width: int, key_width: int, name_width: int) -> list[Content]:
    """The lines about one key in a column of that width."""
    lead = key_width + name_width
    more = Content.styled(key.more, "$text-muted").wrap(max(8, width - lead)) or [Content("")]
    head = in_a_row(
        Content.styled(f"{key.keys:<{key_width}}", "bold $footer-key-foreground"), f"{key.name:<{name_width}}"
    )
    return [head + more[0], *(Content(" " * lead) + line for line in more[1:])]


def _in_columns(entries: Sequence[list[Content]], column: int | None) -> Iterator[Content]:
    """One below the other, or in two columns of that width."""
    if column is None:
        yield from chain.from_iterable(entries)
        return
    half, left = sum(map(len, entries)) / 2, list[Content]()
    rest = list(entries)
    while rest and len(left) < half:
        left += rest.pop(0)
    for one, other in zip_longest(left, chain.from_iterable(rest), fillvalue=Content("")):
        yield one.pad_right(max(0, column + _BETWEEN - one.cell_length)) + other


def key_list(app: App[None], screen: Screen[object]) -> KeyList:
    """What `?` shows of that screen."""
    return KeyList(screen.help_words if isinstance(screen, Place) else "", keys_of(app, screen))


_ROW = 68


def _hints(verb: str) -> tuple[tuple[str, str, str], ...]:
    return ("enter", verb, "screen.choose"), ("esc", "Back", "screen.back")


class CommandList(Dialog[KeyHelp | None]):
    """Every action of the place below, found by its name as it is typed. Dismissed with the one to run."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", "Down", show=False, priority=True, id="down"),
        Binding("up", "move(-1)", "Up", show=False, priority=True, id="up"),
    ]

    def __init__(self, keys: Sequence[KeyHelp], elsewhere: Sequence[KeyHelp] = ()) -> None:
        super().__init__("Commands")
        self._elsewhere = elsewhere
        order = sorted((key for key in keys if not key.is_move), key=lambda key: key.is_everywhere)
        self._keys = [key for key in order if not key.action.endswith(("command_palette", "dialog.back"))]
        self._found: list[KeyHelp] = list(self._keys)

    def compose_answer(self) -> ComposeResult:
        yield LineField(placeholder="Type a name, or what it should do", id="dialog-input")
        yield Choices(id="dialog-choices", classes=LED)
        yield KeyHint(*_hints(RUN))

    def on_mount(self) -> None:
        self._list()

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.strip()
        self._found = commands_for(words, [*self._keys, *self._elsewhere] if words else self._keys)
        self._list()

    def _list(self) -> None:
        choices = self.query_one(Choices)
        rows = [Option(_command_row(key, is_chosen=at == 0)) for at, key in enumerate(self._found)]
        choices.set_options(rows or [Option(Content.styled("Nothing has these words.", "$text-muted"), disabled=True)])
        choices.highlighted = 0 if self._found else None

    @on(OptionList.OptionHighlighted)
    def _say_more(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        for at, key in enumerate(self._found):
            if at < event.option_list.option_count:
                row = _command_row(key, is_chosen=at == event.option_index)
                event.option_list.replace_option_prompt_at_index(at, row)
        verb = self._found[event.option_index].verb if event.option_index < len(self._found) else RUN
        entitle(self.query_one("#dialog"), "Commands", key_words(*_hints(verb)))

    def action_move(self, by: int) -> None:
        choices = self.query_one(Choices)
        (choices.action_cursor_down if by > 0 else choices.action_cursor_up)()

    @on(Input.Submitted)
    def _run_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose()

    @on(OptionList.OptionSelected)
    def _run(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._found[event.option_index])


class FindOne(Dialog[str | None]):
    """One of many by some letters of its name, as they are typed. Dismissed with its id."""

    BINDINGS: ClassVar[list[BindingType]] = CommandList.BINDINGS

    def __init__(self, title: str, named: Sequence[tuple[str, str]]) -> None:
        super().__init__(title)
        self._named = self._found = tuple(named)

    def compose_answer(self) -> ComposeResult:
        yield LineField(placeholder="Type some letters", id="dialog-input")
        yield Choices(id="dialog-choices", classes=LED)
        yield KeyHint(("enter", "Go to", "screen.choose"), ("esc", "Back", "screen.back"))

    def on_mount(self) -> None:
        self._list()

    @on(Input.Changed)
    def _find(self, event: Input.Changed) -> None:
        event.stop()
        self._found = tuple(matching(event.value.strip(), self._named, lambda each: each[1]))
        self._list()

    def _list(self) -> None:
        choices = self.query_one(Choices)
        choices.set_options(Option(on_one_line(name)) for _, name in self._found)
        choices.highlighted = 0 if self._found else None

    def action_move(self, by: int) -> None:
        choices = self.query_one(Choices)
        (choices.action_cursor_down if by > 0 else choices.action_cursor_up)()

    @on(Input.Submitted)
    def _take_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_choose()

    @on(OptionList.OptionSelected)
    def _take(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._found[event.option_index][0])


def commands_for(words: str, keys: Sequence[KeyHelp]) -> list[KeyHelp]:
    """Those named so, then those that say the words, each word as the beginning of one of theirs.

    Where none does, those with the letters in that order, the nearest first.
    """
    asked = words.lower().split()
    if not asked:
        return list(keys)
    said = {key: f"{key.name} {key.more} {key.words}".lower() for key in keys}
    found = [key for key in keys if all(re.search(rf"\b{re.escape(word)}", said[key]) for word in asked)]
    if found:
        return sorted(found, key=lambda key: (not key.name.lower().startswith(words.lower()), _is_named(key, asked)))
    matcher = Matcher(words)
    scored = [(matcher.match(text), key) for key, text in said.items()]
    return [key for score, key in sorted(scored, key=lambda each: -each[0]) if score > 0]


def _is_named(key: KeyHelp, asked: Sequence[str]) -> int:
    """0 where its name says all of these words, else 1."""
    return int(not all(re.search(rf"\b{re.escape(word)}", key.name.lower()) for word in asked))


def _command_row(key: KeyHelp, *, is_chosen: bool) -> Content:
    """Name at the left, key at the right; more about it between them where it is the chosen one."""
    room = _ROW - len(key.keys) - len(key.name) - 4
    more = on_one_line(key.more if is_chosen else "", "$text-muted").truncate(max(0, room), ellipsis=True)
    left = in_a_row(key.name, "  ", more)
    return in_a_row(
        left.pad_right(max(1, _ROW - left.cell_length - len(key.keys))),
        Content.styled(key.keys, "$footer-key-foreground"),
    )


def find_command(app: App[Any]) -> None:
    """Open the palette over the screen that is shown, and run what is chosen there."""

    def run(chosen: KeyHelp | None) -> None:
        if chosen is None:
            return
        if chosen.verb == RUN:
            app.run_worker(app.run_action(chosen.action, chosen.node))
        elif chosen.verb == GO_TO:
            app.run_worker(_go(app, chosen), exclusive=True, group="palette")
        elif chosen.verb == COPY_IT:
            copy_words(app.screen, chosen.keys, "command")
        else:
            _say_where(app, chosen)

    if not isinstance(app.screen, CommandList):
        here = keys_of(app, app.screen)
        app.push_screen(CommandList(called_too(here), done_elsewhere(app, here)), run)


def called_too(here: Sequence[KeyHelp]) -> list[KeyHelp]:
    """The same actions, found by what people call them, too; of a page that says what is on it."""
    words = {(key_id, name): more for name, more, _, key_id in ELSEWHERE}
    called = ((key, words.get((key.id, key.name), "")) for key in here)
    return [replace(key, words=more, more=more if more and _is_page(key) else key.more) for key, more in called]


def done_elsewhere(app: App[Any], here: Sequence[KeyHelp]) -> list[KeyHelp]:
    """What cannot be done here, with where it is done in place of its key, and the action that leads there, if any."""
    known = {(key.id, key.name): key for key in here}  # pages have the same ids in every place
    tool = app.screen.tool if isinstance(app.screen, Place) else ""
    found = []
    for name, words, where, key_id in ELSEWHERE:
        place, _, key = where.partition(": ")
        if not key_id:
            found.append(KeyHelp(where.format(tool=tool).rstrip(), name, words, "", app, verb=COPY_IT))
        elif (key_id, name) not in known:
            opens = known.get(WAYS[name][1:3]) if name in WAYS else None
            way = opens or (known.get(WAYS[place][1:3]) if place != "Home" or _is_above_home(app) else None)
            action, node, verb = ("", app, SAY_WHERE) if way is None else (way.action, way.node, GO_TO)
            shown_where = f"{place}: {_key_now(app, key, key_id)}"
            found.append(KeyHelp(shown_where, name, words, action, node, key_id, verb=RUN if opens else verb))
    return found


def _is_page(key: KeyHelp) -> bool:
    return key.id.startswith("page-")


def _is_above_home(app: App[Any]) -> bool:
    return len(app.screen_stack) > 1 and isinstance(app.screen_stack[-2], screens.HomeScreen)


async def _go(app: App[Any], chosen: KeyHelp) -> None:
    """Go to the place, and there to the page; of any other action there say the key, for it may change something."""
    before = app.screen
    await app.run_action(chosen.action, chosen.node)
    given_up = monotonic() + _LONGEST_WAY
    while app.screen is before or not isinstance(app.screen, Place) or not app.screen.is_mounted:
        if monotonic() > given_up:
            return  # a dialog asks something first, or there was no way after all
        await sleep(_LOOKS_AGAIN)
    there = next((key for key in keys_of(app, app.screen) if (key.id, key.name) == (chosen.id, chosen.name)), None)
    if there is not None and (_is_page(there) or isinstance(app.screen, screens.HomeScreen)):
        await app.run_action(there.action, there.node)
    elif there is not None:
        notify(app.screen, f"{there.keys} {there.name}: {there.more}", seconds=8)
    else:
        _say_where(app, chosen)


def _say_where(app: App[Any], chosen: KeyHelp) -> None:
    place, _, key = chosen.keys.partition(": ")
    shipped, key_id, _, rest = WAYS[place]
    words = f"{chosen.name} is in {place}, key {key}. {_key_now(app, shipped, key_id)} {rest}"
    notify(app.screen, words, seconds=10)


def _key_now(app: App[Any], shipped: str, key_id: str) -> str:
    """The first of the keys that the person has put in its place, as it is shown."""
    first = app._keymap.get(key_id, "").partition(",")[0]
    return app.get_key_display(Binding(first, "", "")) if first else shipped


PLACES = {"escape", "enter", "tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
"""Keys whose meaning is the place that they go to, or the thing that they choose there."""


@dataclass(frozen=True, slots=True)
class DeclaredKey:
    """One key of one screen, list or dialog."""

    key: str
    label: str
    id: str
    where: str
    tooltip: str

    @property
    def is_of_place(self) -> bool:
        return self.key in PLACES or self.key.isdigit()


def declared_keys() -> Iterator[DeclaredKey]:
    """Every key that a class of the screens declares, screen by screen."""
    seen = set()
    for module in walk_packages(toolvet.tui.__path__, "toolvet.tui."):
        for kind in vars(import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == module.name:
                for binding in kind.__dict__.get("BINDINGS", ()):
                    if isinstance(binding, Binding):
                        for key in binding.key.split(","):
                            found = DeclaredKey(
                                key, binding.description, binding.id or "", kind.__name__, binding.tooltip
                            )
                            if found not in seen:
                                seen.add(found)
                                yield found
