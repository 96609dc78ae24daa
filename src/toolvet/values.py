"""Frozen values with slots, made when they are needed.

`dataclass` here is that of the standard library for frozen classes with slots, but compiles a class's `__init__` when
the first instance is made, and nothing else. The standard one compiles six methods of every class at import: half a
millisecond each, and there are more than 250 classes.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """A frozen value: made from its fields, equal by them, and never changed."""
        if not (frozen and slots):
            raise TypeError("only for frozen classes with slots; take that of dataclasses for others")
        return _value_class


Value = TypeVar("Value")
Made = TypeVar("Made")


def once_each(make: Callable[[Value], Made]) -> Callable[[Value], Made]:
    """The same, done once for each object: of thousands of values many are the same ones."""
    kept: dict[int, tuple[Value, Made]] = {}

    def made_of(value: Value) -> Made:
        found = kept.get(id(value))
        if found is None:
            found = kept[id(value)] = (value, make(value))  # as long as it is kept, nothing else has its id
        return found[1]

    return made_of


def _value_class(kind: type) -> type:
    own = set(vars(kind))
    kind.__doc__ = kind.__doc__ or kind.__name__  # otherwise it is worked out from the signature, which compiles it
    value: type = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    compared = _values_getter(value, lambda field: field.compare)
    hashed = _values_getter(value, lambda field: field.compare if field.hash is None else field.hash)

    def is_equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    methods = {
        "__init__": _InitAtFirstUse(value),
        "__eq__": is_equal,
        "__hash__": lambda self: hash(hashed(self)),
        "__repr__": _shown,
        "__setattr__": _refuse_to_assign,
        "__delattr__": _refuse_to_delete,
        "__getstate__": _state_of,
        "__setstate__": _take_state,
    }
    for name, method in methods.items():
        if name not in own:
            setattr(value, name, method)
    return value


def _values_getter(value: Any, wanted: Callable[[Any], bool]) -> Callable[[Any], tuple[object, ...]]:
    names = [field.name for field in dataclasses.fields(value) if wanted(field)]
    if not names:
        return lambda _: ()
    return attrgetter(*names) if len(names) > 1 else attrgetter(names[0], names[0])  # one alone would give no tuple


class _InitAtFirstUse:
    """Stands for `__init__` until somebody asks for it, and then puts the compiled one in its own place."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __get__(self, instance: object | None, owner: type | None = None) -> Any:
        init = _compiled_init(self._value)
        self._value.__init__ = init
        return init if instance is None else init.__get__(instance)


def _compiled_init(value: Any) -> Any:
    """`__init__` as a person would write it, but for the setters, since plain assignment is refused."""
    given: dict[str, object] = {"_absent": _ABSENT}
    parameters, lines = ["self"], []
    for field in dataclasses.fields(value):
        name = field.name
        given[f"_set_{name}"] = vars(value)[name].__set__
        if field.default_factory is not dataclasses.MISSING:
            given[f"_make_{name}"] = field.default_factory
            parameters.append(f"{name}=_absent")
            lines.append(f"_set_{name}(self, _make_{name}() if {name} is _absent else {name})")
            continue
        if field.default is not dataclasses.MISSING:
            given[f"_default_{name}"] = field.default
            parameters.append(f"{name}=_default_{name}")
        else:
            parameters.append(name)
        lines.append(f"_set_{name}(self, {name})")
    if hasattr(value, "__post_init__"):
        lines.append("self.__post_init__()")
    body = "\n  ".join(lines or ["pass"])
    text = f"def made({', '.join(given)}):\n def __init__({', '.join(parameters)}):\n  {body}\n return __init__"
    found: dict[str, Any] = {}
    exec(text, vars(sys.modules[value.__module__]), found)
    init = found["made"](**given)
    init.__qualname__ = f"{value.__qualname__}.__init__"
    init.__annotations__ = {field.name: field.type for field in dataclasses.fields(value)} | {"return": None}
    return init


_ABSENT = object()


def _shown(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_assign(_: object, name: str, __: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state_of(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _take_state(self: Any, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
