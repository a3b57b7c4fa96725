"""Personal text that does not show itself: the plain value is asked for by name, with ``.value``."""

from __future__ import annotations

from typing import Any, Self

from epiguard.errors import InvalidValueError, kind_of

__all__ = ["Masked"]


class Masked:
    """A frozen personal value; ``repr``, ``str`` and ``format`` show a mask, ``.value`` the plain text.

    Subclasses define ``_parse`` (text as written to canonical text, strict) and may define ``_mask``.
    Equality and hashing go by type and canonical value. It is deliberately not an attrs class, so that
    ``attrs.asdict`` of whatever holds it does not lay the value bare.
    """

    __slots__ = ("_value",)
    _value: str

    #: What a message calls this value and what it expects.
    field = "value"
    expected = "text"

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise InvalidValueError(self.field, expected=self.expected, got=kind_of(text))
        object.__setattr__(self, "_value", self._parse(text))

    @classmethod
    def of(cls, value: Self | str) -> Self:
        """Return ``value`` as this type, parsing text strictly.

        Raises:
            InvalidValueError: If the text is not a valid value of this type.
        """
        return value if isinstance(value, cls) else cls(value)  # type: ignore[arg-type]  # whatever it is, it is checked there

    @classmethod
    def _parse(cls, text: str) -> str:
        """Turn text as written into the canonical value, or raise."""
        value = text.strip()
        if not value:
            raise cls._refused(text)
        return value

    @classmethod
    def _refused(cls, text: object, do: str = "") -> InvalidValueError:
        return InvalidValueError(cls.field, expected=cls.expected, got=kind_of(text), do=do)

    @property
    def value(self) -> str:
        """The plain value. Asking for it is the one way to see it."""
        return self._value

    def _mask(self) -> str:
        """What may be shown; by default nothing of the value."""
        return "…"

    def __setattr__(self, name: str, value: Any) -> None:  # noqa: ANN401 - the signature of object
        raise AttributeError(f"{type(self).__name__} is frozen; make a new one instead of setting {name!r}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen; {name!r} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other._value == self._value

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._mask()!r})"

    def __str__(self) -> str:
        return self._mask()

    def __format__(self, spec: str) -> str:
        return format(self._mask(), spec)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._value,)
