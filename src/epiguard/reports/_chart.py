"""Bars and their labels placed on a drawing; the page draws them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from epiguard.reports._words import Words

__all__ = ["WITHHELD", "Bar", "Cell", "Chart", "bars", "columns"]

#: All drawings are as wide as a telephone shows them, so that their text keeps its size there.
WIDTH = 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 16, 24
_PLOT = 140
_ROW, _THICK = 40, 13
_VALUE_ROOM = 56
_DIGIT = 7.5

Cell = Words | str | float | None
#: Stands where a count is withheld.
WITHHELD = "*"


@attrs.frozen
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    css: str


@attrs.frozen
class Text:
    """A text at a place; ``anchor`` is SVG's start, middle or end."""

    x: float
    y: float
    anchor: str
    css: str
    words: Words


@attrs.frozen
class Bar:
    """A bar: its label, and its parts as style and value; nothing where a value is withheld."""

    label: Words
    parts: tuple[tuple[str, int | None], ...]

    @property
    def total(self) -> int:
        """The sum of the parts that are shown."""
        return sum(value or 0 for _, value in self.parts)

    @property
    def number(self) -> Words:
        """What stands at its end."""
        return _number(self.total) if all(value is not None for _, value in self.parts) else (WITHHELD,) * 2


@attrs.frozen(kw_only=True)
class Chart:
    """A drawing, and the same figures as a table for whoever does not see it.

    Attributes:
        key: Unique on the page.
        title: What it shows.
        height: Of the drawing.
        boxes: Its bars.
        lines: Heights of its grid lines.
        texts: Its labels.
        legend: Style and name of each part.
        headings: Of the table.
        rows: Of the table.
    """

    key: str
    title: Words
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[float, ...] = ()
    texts: tuple[Text, ...] = ()
    legend: tuple[tuple[str, Words], ...] = ()
    headings: tuple[Words, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def width(self) -> int:
        """Of the drawing."""
        return WIDTH


def _number(value: int) -> Words:
    return f"{value}", f"{value}"


def _step(most: int) -> int:
    """A round distance between grid lines: about four of them."""
    rough = max(most, 1) / 4
    power = 10 ** max(0, math.floor(math.log10(rough))) if rough >= 1 else 1
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= rough)


def _numbered(given: Sequence[Bar], slot: float) -> Sequence[int]:
    """Which bars show their number: all if all fit, else the highest and the last.

    Numbers on the low bars alone would look as if the others were nothing.
    """
    totals = [bar.total for bar in given]
    most = max(totals, default=0)
    if slot >= _DIGIT * len(str(most)):
        return range(len(given))
    highest, last = totals.index(most), len(given) - 1
    near = (last - highest) * slot < 2 * _DIGIT * len(str(most))
    return (highest,) if near else (highest, last)


def columns(
    key: str, title: Words, given: Sequence[Bar], *, headings: Sequence[Words], rows: Sequence[Sequence[Cell]]
) -> Chart:
    """Upright bars side by side, with a scale.

    Args:
        key: Unique on the page.
        title: What it shows.
        given: The bars, left to right.
        headings: Of the table.
        rows: Of the table.
    """
    most = max((bar.total for bar in given), default=0)
    step = _step(most)
    top = max(step, math.ceil(most / step) * step)
    slot = (WIDTH - _LEFT - _RIGHT) / max(len(given), 1)
    base = _TOP + _PLOT
    boxes: list[Box] = []
    texts: list[Text] = []
    lines = []
    for mark in range(0, top + 1, step):
        height = base - _PLOT * mark / top
        lines.append(height)
        texts.append(Text(_LEFT - 5, height + 3.5, "end", "scale", _number(mark)))
    every = max(1, math.ceil(36 / slot))
    numbered = _numbered(given, slot)
    for index, bar in enumerate(given):
        middle = _LEFT + slot * (index + 0.5)
        floor = float(base)
        for css, value in bar.parts:
            height = _PLOT * (value or 0) / top
            floor -= height
            boxes.append(Box(middle - slot * 0.36, floor, slot * 0.72, height, css))
        if bar.number[0] != "0" and index in numbered:
            texts.append(Text(middle, floor - 3.5, "middle", "value", bar.number))
        if (len(given) - 1 - index) % every == 0:
            texts.append(Text(middle, base + 15, "middle", "scale", bar.label))
    return Chart(
        key=key, title=title, height=base + _BOTTOM, boxes=tuple(boxes), lines=tuple(lines),
        texts=tuple(texts), headings=tuple(headings), rows=tuple(map(tuple, rows)),
    )  # fmt: skip


def bars(  # noqa: PLR0913 - the parts of a chart
    key: str,
    title: Words,
    given: Sequence[Bar],
    *,
    headings: Sequence[Words],
    rows: Sequence[Sequence[Cell]],
    legend: Sequence[tuple[str, Words]] = (),
) -> Chart:
    """Lying bars, each under its label, so that a long label has room on a telephone.

    Args:
        key: Unique on the page.
        title: What it shows.
        given: The bars, top to bottom.
        headings: Of the table.
        rows: Of the table.
        legend: Style and name of the parts.
    """
    most = max((bar.total for bar in given), default=0) or 1
    boxes: list[Box] = []
    texts: list[Text] = []
    for index, bar in enumerate(given):
        top = index * _ROW
        texts.append(Text(0, top + 13, "start", "label", bar.label))
        x = 0.0
        for css, value in bar.parts:
            width = (WIDTH - _VALUE_ROOM) * (value or 0) / most
            if value:
                boxes.append(Box(x, top + 19, max(width, 1.5), _THICK, css))
            x += width
        texts.append(Text(x + 5, top + 30, "start", "value", bar.number))
    return Chart(
        key=key, title=title, height=max(len(given), 1) * _ROW, boxes=tuple(boxes), texts=tuple(texts),
        legend=tuple(legend), headings=tuple(headings), rows=tuple(map(tuple, rows)),
    )  # fmt: skip
