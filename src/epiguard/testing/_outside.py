"""Seeing that a function reaches outside: for a clock, the environment, a file, the network, chance."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

__all__ = ["ReachedOutside", "kept_inside"]

T = TypeVar("T")
_MODULES = {
    "time": "the clock",
    "_socket": "the network",
    "_ssl": "the network",
    "select": "the network",
    "_random": "chance",
    "io": "a file",
    "_io": "a file",
    "posix": "the operating system",
    "nt": "the operating system",
    "_posixsubprocess": "the operating system",
    "_locale": "the locale",
}
_CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")
_ENVIRONMENT = {
    getattr(type(os.environ), name).__code__: "the environment"
    for name in ("__getitem__", "__iter__", "__len__")
}


class ReachedOutside(BaseException):
    """The function reached for something; it did not get it."""


def kept_inside(call: Callable[[], T]) -> T:
    """What a function gives that is not let out.

    Args:
        call: Takes nothing. Whatever it imports or reads once and for all it must have done before.

    Raises:
        ReachedOutside: If it reached out, also where it would have caught that.
    """
    reached: list[str] = []

    def watch(frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401 - whatever is called
        what = None
        if event == "c_call":
            what = _outside(called)
            if called is hash and frame.f_code.co_name != "__hash__":  # a value's own is nobody's seed yet
                what = "the hash seed"
        elif event == "call":
            what = _ENVIRONMENT.get(frame.f_code)
        if what is not None:
            reached.append(what)
            raise ReachedOutside(what)

    before, collecting = sys.getprofile(), gc.isenabled()
    gc.disable()  # whoever watches the collector may look at the clock, and is not the function
    sys.setprofile(watch)
    try:
        given = call()
    finally:
        sys.setprofile(before)
        if collecting:
            gc.enable()
        if reached:
            raise ReachedOutside(reached[0])
    return given


def _outside(called: Any) -> str | None:  # noqa: ANN401 - whatever is called
    name = getattr(called, "__qualname__", "")
    if name in _CLOCKS or any(name.endswith(f".{clock.partition('.')[2]}") for clock in _CLOCKS):
        return "the clock"
    owner = getattr(called, "__self__", None)
    module = getattr(called, "__module__", None) or getattr(type(owner), "__module__", "")
    if name.startswith("Random."):
        module = "_random"
    if name.startswith("socket."):
        module = "_socket"
    return _MODULES.get(module or "")
