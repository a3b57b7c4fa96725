"""Figures that add up or say so: stated populations, months compared with their base, small counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from epiguard.duties import Alert
from epiguard.errors import InvalidValueError
from epiguard.fields import FrozenMapping, frozen_mapping, whole
from epiguard.places import Site

__all__ = ["MonthOnMonth", "StatedPopulation", "alarms_by_month", "suppress"]

_count = whole("count", least=0, most=10**9)


@attrs.frozen(kw_only=True)
class StatedPopulation:
    """A population as somebody stated it: 2012 = 1226 + 786, of whom 28.

    Attributes:
        total: Everybody.
        parts: Name to count; together they are everybody.
        of_whom: Name to count of groups that are among them.
    """

    total: int = attrs.field(validator=whole("StatedPopulation.total", least=0, most=10**9))
    parts: Mapping[str, int] = attrs.field(default=FrozenMapping(), converter=frozen_mapping)
    of_whom: Mapping[str, int] = attrs.field(default=FrozenMapping(), converter=frozen_mapping)

    def problems(self, language: str = "en") -> tuple[str, ...]:
        """What does not add up, in words; none where all does.

        Args:
            language: ``"zh"`` or ``"en"``.
        """
        zh = language == "zh"
        found = []
        together = sum(self.parts.values())
        if self.parts and together != self.total:
            shown = " + ".join(str(each) for each in self.parts.values())
            found.append(f"{shown} = {together}" + (f",不是 {self.total}" if zh else f", not {self.total}"))
        for name, count in (*self.parts.items(), *self.of_whom.items()):
            if not 0 <= count <= self.total:
                no_part = (
                    f"{count} 不可能是 {self.total} 的一部分" if zh else f"{count} is no part of {self.total}"
                )
                found.append(f"{name}: {no_part}")
        return tuple(found)


@attrs.frozen(kw_only=True)
class MonthOnMonth:
    """Two months' counts and the change between them, with both bases.

    The newsletter's "down 529.5 %" cannot be of January: nothing falls by more than all of it. It is
    (January - February) / February, as far as one can tell.

    Attributes:
        before: The earlier month's.
        after: The later month's.
    """

    before: int = attrs.field(validator=_count)
    after: int = attrs.field(validator=_count)

    @property
    def of_before(self) -> float | None:
        """The change in percent of the earlier month, as is usual; nothing where that had none."""
        return None if not self.before else 100 * (self.after - self.before) / self.before

    @property
    def of_after(self) -> float | None:
        """The change in percent of the later month; nothing where that had none."""
        return None if not self.after else 100 * (self.after - self.before) / self.after

    def text(self, language: str = "zh") -> str:
        """Both, each with its base named."""
        zh = language == "zh"
        bases = (
            ("较前月" if zh else "of the earlier month"),
            ("以后月为基数" if zh else "of the later month"),
        )
        shown = [
            f"{base} {value:+.1f}%" if zh else f"{value:+.1f}% {base}"
            for base, value in zip(bases, (self.of_before, self.of_after), strict=True)
            if value is not None
        ]
        return f"{self.before} → {self.after}" + ("" if not shown else f" ({', '.join(shown)})")

    @staticmethod
    def is_possible(change: float) -> bool:
        """Whether a change in percent can be of the earlier month: a fall cannot be beyond 100 %."""
        return change >= -100


def alarms_by_month(alerts: Iterable[Alert], site: Site) -> dict[str, int]:
    """Month, such as ``"2020-02"``, to how many alerts it had; those of an unknown time are left out."""
    months = Counter(f"{site.day_of(each.at):%Y-%m}" for each in alerts if each.at is not None)
    return dict(sorted(months.items()))


def suppress(counts: Mapping[str, int], *, below: int = 5) -> dict[str, int | None]:
    """Counts without the small ones, so that nobody is recognised among few; 0 says nothing of anybody.

    Where those left out could be worked out from the total (only one is, or each of them must be 1), the
    next smallest goes too.

    Args:
        counts: Name to count, all parts of one total.
        below: What is smaller, and not 0, is left out; 5 is ours.

    Returns:
        The same names; nothing stands for what was left out.
    """
    if below < 1:
        raise InvalidValueError("suppress(below=)", expected="1 or more", got="less")
    hidden = {name for name, count in counts.items() if 0 < count < below}
    others = sorted(((count, name) for name, count in counts.items() if count >= below), reverse=True)
    # What is left out is at least 1 each: 0 is shown. So as many ones as names leave nothing to guess.
    while hidden and others and (len(hidden) == 1 or sum(counts[each] for each in hidden) == len(hidden)):
        hidden.add(others.pop()[1])
    return {name: None if name in hidden else count for name, count in counts.items()}
