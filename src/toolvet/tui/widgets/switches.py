"""Facts as switches: each key press moves one through its options and "not given"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from toolvet.domain.preview import Switch
from toolvet.tui.widgets.plain_text import in_a_row, on_one_line

NOT_GIVEN = "not given"
NAME_WIDTH = 18


class Switches(OptionList):
    """One row for each switch, with what is given."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "Change", key_display="→", tooltip="The fact's next option; enter too."),
        Binding("left", "turn(-1)", "Back", show=False, tooltip="The fact's option before."),
        Binding("delete,backspace", "clear_one", "Not given", show=False, tooltip="As if nobody had said."),
        *(Binding(str(digit), f"choose({digit - 1})", f"Option {digit}", show=False) for digit in range(1, 10)),
    ]

    class Turned(Message):
        """A switch was set to that option; None where it is not given any more."""

        def __init__(self, switch: Switch, option: str | None) -> None:
            super().__init__()
            self.switch = switch
            self.option = option

    def __init__(self) -> None:
        super().__init__(id="switches")
        self._switches: tuple[Switch, ...] = ()
        self._given: Mapping[Switch, str] = {}

    @property
    def chosen(self) -> Switch | None:
        """The switch under the cursor."""
        at = self.highlighted
        return None if at is None or at >= len(self._switches) else self._switches[at]

    def show(self, switches: Sequence[Switch], given: Mapping[Switch, str]) -> None:
        """Show these switches with what is given; the cursor stays where it is."""
        at = self.highlighted or 0
        self._switches, self._given = tuple(switches), dict(given)
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(_row(switch, given.get(switch))) for switch in self._switches])
            self.highlighted = min(at, len(self._switches) - 1) if self._switches else None

    def action_turn(self, by: int) -> None:
        """Move the switch under the cursor on by so many."""
        if (switch := self.chosen) is not None:
            states = (None, *switch.options)
            at = states.index(self._given.get(switch))
            self.post_message(self.Turned(switch, states[(at + by) % len(states)]))

    def action_clear_one(self) -> None:
        """The switch under the cursor as not given."""
        if (switch := self.chosen) is not None:
            self.post_message(self.Turned(switch, None))

    def action_choose(self, option: int) -> None:
        """Set the switch under the cursor to the option of that number."""
        if (switch := self.chosen) is not None and option < len(switch.options):
            self.post_message(self.Turned(switch, switch.options[option]))

    @on(OptionList.OptionSelected)
    def _turn_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_turn(1)


def _row(switch: Switch, given: str | None) -> Content:
    name = on_one_line(switch.id.replace("-", " ")).truncate(NAME_WIDTH, ellipsis=True, pad=True)
    value = Content.styled(f"· {NOT_GIVEN}", "$text-muted") if given is None else on_one_line(f"● {given}", "bold")
    return in_a_row(name, " ", value)
