"""The scope facts, one at a time and one key each. They decide which questions apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.getters import query_one
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from toolvet.domain.rubric import Rubric, ScopeFact
from toolvet.tui.kit.content import (
    Choices,
    Keys,
    TitleBar,
    below_each_other,
    entitle,
    in_a_row,
    on_one_line,
    shown,
    titled,
)
from toolvet.tui.screen import Place
from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class FactsGiven:
    """The facts as they were given; `finished` is false where the person went back."""

    scope: Mapping[str, str]
    finished: bool


class FactOptions(Choices):
    """The options of a fact; `digits` are the keys that give one."""

    digits = ""


class FactsScreen(Place[FactsGiven]):
    """One fact in the middle, all of them at the left where there is room. `ending` says what comes after the last.

    `given_now` takes the facts after each change, to be saved.
    """

    CSS_PATH = "facts.tcss"
    HELP = (
        "Facts about the tool and its setting. They decide which questions apply; one left open is asked again later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,n", "next", "Next", key_display="→", tooltip="Leave this fact open for now.", id="next"),
        Binding("left,p", "previous", "Previous", key_display="←", tooltip="Back to the fact before.", id="previous"),
        Binding(
            "ctrl+g,f2",
            "finish",
            "Continue",
            key_display="f2",
            tooltip="Go on; those left open can be given later.",
            id="continue",
        ),
        Binding("f", "finish", "Scope facts", show=False, tooltip="Leave the facts and go on.", id="facts"),
        Binding("delete,backspace", "clear", "Clear", show=False, tooltip="Take back what was given.", id="clear"),
    ]

    options = query_one("#fact-options", FactOptions)

    def __init__(
        self,
        rubric: Rubric,
        given: Mapping[str, str],
        *,
        subject: str,
        ending: str,
        given_now: Callable[[Mapping[str, str]], object] | None = None,
    ) -> None:
        super().__init__()
        self._given_now = given_now
        self._facts = rubric.scope
        self._scope = dict(given)
        self._subject = subject
        self._ending = ending
        self._widest = max((len(fact.id) for fact in self._facts), default=0)
        self._at = next((at for at, fact in enumerate(self._facts) if fact.id not in self._scope), 0)

    def compose(self) -> ComposeResult:
        yield TitleBar("Scope facts", self._subject)
        with Horizontal(id="facts"):
            with titled(VerticalScroll(id="facts-list", can_focus=False), "Facts"):
                yield Static(id="facts-given")
            with titled(Vertical(id="fact"), "Fact"):
                yield Static(id="fact-text")
                yield FactOptions(id="fact-options")
                yield Static(id="fact-after")
        yield Keys()

    def on_mount(self) -> None:
        self._show()

    @property
    def _fact(self) -> ScopeFact:
        return self._facts[self._at]

    def _show(self) -> None:
        fact, given = self._fact, self._scope.get(self._fact.id)
        about = f" · about the {fact.about}" if fact.about else ""
        entitle(self.query_one("#fact"), f"Fact {self._at + 1} of {len(self._facts)}{about}")
        about_it = () if fact.help is None else ("", shown(fact.help, "not bold $text-muted"))
        self.query_one("#fact-text", Static).update(below_each_other(shown(fact.text), *about_it))
        with self.prevent(OptionList.OptionHighlighted):
            self.options.set_options(Option(row) for row in self._option_rows())
            self.options.highlighted = fact.options.index(given) if given in fact.options else None
        self._mark_cursor()
        keys = [_key_of(fact, at) for at in range(len(fact.options))]
        self.options.digits = " ".join(keys) if len(keys) < 3 else f"{keys[0]}–{keys[-1]}"
        self.options.focus()
        self.refresh_bindings()
        self.query_one("#facts-given", Static).update(
            below_each_other(*(self._line(at, each) for at, each in enumerate(self._facts)))
        )
        open_count = sum(each.id not in self._scope for each in self._facts)
        every = len(self._facts)
        entitle(self.query_one("#facts-list"), "Facts", f"{every - open_count} of {every} given")
        after = (
            f"{open_count} still open; leave open what you do not know. {self._ending}" if open_count else self._ending
        )
        self.query_one("#fact-after", Static).update(on_one_line(after))

    def _option_rows(self) -> list[Content]:
        given, at = self._scope.get(self._fact.id), self.options.highlighted
        return [
            _option(_key_of(self._fact, index), option, given=option == given, under_cursor=index == at)
            for index, option in enumerate(self._fact.options)
        ]

    @on(OptionList.OptionHighlighted)
    def _mark_cursor(self) -> None:
        for index, row in enumerate(self._option_rows()):
            self.options.replace_option_prompt_at_index(index, row)

    def _line(self, at: int, fact: ScopeFact) -> Content:
        given = self._scope.get(fact.id)
        cursor = "▸ " if at == self._at else "  "
        answer = on_one_line(given, "bold") if given is not None else Content.styled("·", "$text-muted")
        name = on_one_line(fact.id.replace("-", " "))
        return in_a_row(Content.styled(cursor, "$text-primary"), name.pad_right(self._widest - len(name)), "  ", answer)

    def on_key(self, event: Key) -> None:
        """A digit gives the fact and goes on; where it is yes or no, so do y and n."""
        if event.character in self._fact.letters:
            event.stop()
            self._give(self._fact.letters[event.character])
        elif event.character is not None and event.character in "123456789":
            event.stop()
            if int(event.character) <= len(self._fact.options):
                self._give(int(event.character) - 1)

    @on(OptionList.OptionSelected)
    def _give_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._give(event.option_index)

    def _give(self, option: int) -> None:
        self._scope[self._fact.id] = self._fact.options[option]
        self._tell()
        self.action_next()

    def _tell(self) -> None:
        if self._given_now is not None:
            self._given_now(dict(self._scope))

    def action_next(self) -> None:
        """The next fact; behind the last, finish."""
        if self._at + 1 == len(self._facts):
            self.action_finish()
        else:
            self._at += 1
            self._show()

    def action_previous(self) -> None:
        """The fact before; before the first, back."""
        if self._at == 0:
            self.action_back()
        else:
            self._at -= 1
            self._show()

    def action_clear(self) -> None:
        self._scope.pop(self._fact.id, None)
        self._tell()
        self._show()

    def action_finish(self) -> None:
        self.dismiss(FactsGiven(dict(self._scope), finished=True))

    def action_back(self) -> None:
        """Back; what was given stays."""
        self.dismiss(FactsGiven(dict(self._scope), finished=False))


def _key_of(fact: ScopeFact, option: int) -> str:
    return next((letter for letter, place in fact.letters.items() if place == option), str(option + 1))


def _option(key: str, option: str, *, given: bool, under_cursor: bool) -> Content:
    pressed = Content.styled(f"{key}  ", "bold $footer-key-foreground")
    mark = Content.styled("  given", "$text-success") if given else ""
    return in_a_row("▸ " if under_cursor else "  ", pressed, "● " if given else "○ ", on_one_line(option), mark)
