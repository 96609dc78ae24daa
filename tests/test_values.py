"""Our data classes do what those of the standard library do, and compile nothing until they are used."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field, replace

import pytest

from toolvet.values import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    first: str
    second: int = 2
    third: list[int] = field(default_factory=list, compare=False)
    fourth: dict[str, int] = field(default_factory=dict, hash=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    first: str
    second: int = 2
    third: list[int] = field(default_factory=list, compare=False)
    fourth: dict[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Lonely:
    only: float


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Checked:
    """Has a mind of its own."""

    level: int

    def __post_init__(self) -> None:
        if self.level < 0:
            raise ValueError("below 0")

    def __repr__(self) -> str:
        return f"<{self.level}>"


KINDS = (Ours, Theirs)


@pytest.mark.parametrize("given", [("a",), ("a", 3), ("a", 3, [1], {"b": 1})])
def test_a_value_shows_its_fields(given: tuple[object, ...]) -> None:
    ours, theirs = (repr(kind(*given)) for kind in KINDS)  # type: ignore[arg-type]
    assert ours == theirs.replace("Theirs", "Ours")


def test_what_is_no_argument_is_refused_with_the_same_words() -> None:
    said = []
    for kind in KINDS:
        with pytest.raises(TypeError) as caught:
            kind()  # type: ignore[call-arg]
        said.append(str(caught.value).replace("Theirs", "Ours"))
    assert said[0] == said[1]


def test_the_parameters_are_the_same() -> None:
    ours, theirs = (inspect.signature(kind).parameters for kind in KINDS)
    assert [(each.name, each.annotation) for each in ours.values()] == [
        (each.name, each.annotation) for each in theirs.values()
    ]
    assert Ours.__match_args__ == Theirs.__match_args__


def test_values_are_equal_by_their_compared_fields_and_kind() -> None:
    assert Ours("a", 2, [1]) == Ours("a", 2, [2])
    assert Ours("a") != Ours("b")
    theirs: object = Theirs("a")
    assert Ours("a") != theirs
    assert Lonely(1.0) == Lonely(1.0)
    assert Lonely(1.0) != Lonely(2.0)
    assert Empty() == Empty()


def test_equal_values_hash_alike() -> None:
    assert hash(Ours("a", 2, [1], {"b": 1})) == hash(Ours("a", 2, [2], {"b": 2}))
    assert len({Lonely(1.0), Lonely(1.0), Lonely(2.0), Empty(), Empty()}) == 3


def test_a_default_is_made_for_each_value() -> None:
    assert Ours("a").third is not Ours("a").third


def test_a_value_cannot_be_changed() -> None:
    value = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'first'"):
        value.first = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'first'"):
        del value.first
    assert replace(value, first="b") == Ours("b")


def test_a_value_can_be_copied_and_sent() -> None:
    value = Ours("a", 3, [1], {"b": 1})
    assert copy.copy(value) == copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value


def test_what_a_class_says_of_itself_stays() -> None:
    assert repr(Checked(1)) == "<1>"
    assert Checked.__doc__ == "Has a mind of its own."
    with pytest.raises(ValueError, match="below 0"):
        Checked(-1)


def test_nothing_is_compiled_before_the_first_value_is_made() -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        one: int

    def is_compiled() -> bool:
        return inspect.isfunction(vars(Fresh)["__init__"])

    before = is_compiled()
    Fresh(1)
    assert (before, is_compiled()) == (False, True)
