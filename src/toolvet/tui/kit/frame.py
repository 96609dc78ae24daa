"""The frame of every screen: the title bar above, the line of trouble below, and the keys."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from toolvet.tui.kit.content import below_each_other, in_a_row, on_one_line, shown


class TitleBar(Horizontal):
    """One line: the place at the left, and what it is about at the right. Both may be foreign text."""

    def __init__(self, place: str, context: str = "") -> None:
        super().__init__()
        self._place = place
        self._about = context

    def compose(self) -> ComposeResult:
        yield Static(_place(self._place), id="title-place")
        yield Static(on_one_line(self._about), id="title-context")

    def show(self, place: str, context: str) -> None:
        """Change both."""
        self._place, self._about = place, context
        if self.is_mounted:
            self.query_one("#title-place", Static).update(_place(place))
            self.query_one("#title-context", Static).update(on_one_line(context))


class Trouble(Static):
    """What has to be mended, such as NOT SAVED; it stays until it is."""

    def show(self, message: str | None) -> None:
        """Show that message, or, with None, that all is well again."""
        self.set_class(message is not None, "-shown")
        self.update("" if message is None else shown(f"✗ {message}"))


class Keys(Static):
    """The keys that matter here, those of every place last; `?` has all of them. Each can be clicked."""

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._drawn = Content("")
        self.auto_links = False  # they look like keys, not like links

    def on_mount(self) -> None:
        """Follow what can be done here."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._show())
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Show as many as there is room for."""
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
            del parts[-1 - fixed]  # the last ones are those of every place
        keys = Content("  ").join(parts)
        if not keys.is_same(self._drawn):  # Textual tells of the keys more often than they change
            self._drawn = keys
            self.update(keys, layout=False)


class KeyHint(Static):
    """Keys and what they do, on one line; each can be clicked."""

    def __init__(self, *keys: tuple[str, str, str]) -> None:
        super().__init__(in_a_row(*(_key_words(*key) for key in keys)), classes="key-hint")
        self.auto_links = False  # they look like keys, not like links


_EVERYWHERE = ("back", "show_keys", "quit")
_BEHIND = {"step(-1)": 1, "undo": 2, "scope": 3, **{action: 4 + at for at, action in enumerate(_EVERYWHERE)}}
"""What comes behind the other keys; where there is little room, the last but for those of every place go first."""


def _key(display: str, binding: Binding) -> Content:
    words = in_a_row(Content.styled(display, "bold $footer-key-foreground"), " ", binding.description)
    return words.stylize(f"@click=app.simulate_key('{binding.key}')")


def _place(words: str) -> Content:
    return in_a_row(Content.styled("toolvet", "bold $text-primary"), "  ", on_one_line(words))


def _key_words(key: str, words: str, action: str) -> Content:
    pair = in_a_row(Content.styled(key, "bold $footer-key-foreground"), Content.styled(f" {words}", "$text-muted"))
    return in_a_row(pair.stylize(f"@click={action}"), "   ")


class Notice(Static):
    """Sentences below the title; nothing where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._said: tuple[str, ...] = ()

    def show(self, said: tuple[str, ...]) -> None:
        """Show these sentences, one on a line."""
        if said != self._said:
            self._said = said
            self.update(below_each_other(*said))
            self.display = bool(said)


class Status(Horizontal):
    """The place at the left, saving at the right."""

    def compose(self) -> ComposeResult:
        yield Static(id="status-place")
        yield Static(id="status-saving")

    def show_words(self, words: str) -> None:
        """Say where one is, and the keys for going elsewhere."""
        self.query_one("#status-place", Static).update(on_one_line(words), layout=False)

    def show_saving(self, words: str) -> None:
        """Say how saving went."""
        self.query_one("#status-saving", Static).update(on_one_line(words), layout=False)
