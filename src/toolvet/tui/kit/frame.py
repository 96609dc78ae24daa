"""What frames every screen: the title bar, notices and trouble, the status line and the keys."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown


class TitleBar(Horizontal):
    """One line with the name of the screen and what it is about. Both may be foreign text."""

    def __init__(self, place: str, context: str = "") -> None:
        super().__init__()
        self._place = place
        self._about = context

    def compose(self) -> ComposeResult:
        yield Static(_place(self._place), id="title-place")
        yield Static(on_one_line(self._about), id="title-context")

    def show(self, place: str, context: str) -> None:
        self._place, self._about = place, context
        if self.is_mounted:
            self.query_one("#title-place", Static).update(_place(place))
            self.query_one("#title-context", Static).update(on_one_line(context))


class Trouble(Static):
    """A problem that stays on screen until it is solved, such as NOT SAVED."""

    def show(self, message: str | None) -> None:
        """Show the message; None hides it."""
        self.set_class(message is not None, "-shown")
        self.update("" if message is None else shown(f"✗ {message}"))


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
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.enabled:
                once.setdefault(active.binding.action.removeprefix("app."), active)
        ordered = sorted(once.items(), key=lambda item: _BEHIND.get(item[0], 0))
        fixed = sum(action in _EVERYWHERE for action in once)
        parts = [_key(self.app.get_key_display(active.binding), active.binding) for _, active in ordered]
        room = self.size.width - 2
        while len(parts) > fixed and sum(part.cell_length + 2 for part in parts) - 2 > room:
            del parts[-1 - fixed]  # the last ones work on every screen
        keys = Content("  ").join(parts)
        if not keys.is_same(self._drawn):  # Textual announces the keys more often than they change
            self._drawn = keys
            self.update(keys, layout=False)


class KeyHint(Static):
    """Keys and what they do, on one line. Each can be clicked."""

    def __init__(self, *keys: tuple[str, str, str]) -> None:
        super().__init__(in_a_row(*(_key_words(*key) for key in keys)), classes="key-hint")
        self.auto_links = False  # they look like keys, not like links


_EVERYWHERE = ("back", "show_keys", "quit")
_BEHIND = {"step(-1)": 1, "undo": 2, "scope": 3, **{action: 4 + at for at, action in enumerate(_EVERYWHERE)}}
"""These come after the other keys. Where space is short, the last before those of every screen is dropped first."""


def _key(display: str, binding: Binding) -> Content:
    words = in_a_row(Content.styled(display, "bold $footer-key-foreground"), " ", binding.description)
    return words.stylize(f"@click=app.simulate_key('{binding.key}')")


def _place(words: str) -> Content:
    return in_a_row(Content.styled("toolvet", "bold $text-primary"), "  ", on_one_line(words))


def _key_words(key: str, words: str, action: str) -> Content:
    pair = in_a_row(Content.styled(key, "bold $footer-key-foreground"), Content.styled(f" {words}", "$text-muted"))
    return in_a_row(pair.stylize(f"@click={action}"), "   ")


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


class Status(Horizontal):
    """One line: where the person is at the left, whether all is saved at the right."""

    def compose(self) -> ComposeResult:
        yield Static(id="status-place")
        yield Static(id="status-saving")

    def show_words(self, words: str) -> None:
        self.query_one("#status-place", Static).update(on_one_line(words), layout=False)

    def show_saving(self, words: str) -> None:
        self.query_one("#status-saving", Static).update(on_one_line(words), layout=False)
