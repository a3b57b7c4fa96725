"""The ``[calls]`` section of a site's file: who shares the calls, and whether all are asked every day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import as_instances, identifier
from epiguard.settings import build

__all__ = ["CallPlan"]


def _helpers(values: object) -> tuple[str, ...]:
    named = as_instances(str, values, "helpers")  # type: ignore[arg-type]  # whatever it is, it is checked there
    for each in named:
        identifier("helpers")(None, None, each)
    return named


def _kinds(values: object) -> tuple[str, ...]:
    return as_instances(str, values, "kinds")  # type: ignore[arg-type]  # whatever it is, it is checked there


def _daily(value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidValueError("daily_checks", expected="true or false", got=kind_of(value))
    return value


@attrs.frozen(kw_only=True)
class CallPlan:
    """How the calls are shared out.

    Attributes:
        helpers: Pseudonymous ids of landlords, team leaders, firms, volunteers; without any nobody is given
            anything.
        kinds: The duties that are shared out by heads; those of ``screen-by-region`` (按人数分片联系).
        daily_checks: Whether the check of the day is owed for everybody under observation.
    """

    helpers: tuple[str, ...] = attrs.field(default=(), converter=_helpers)
    kinds: tuple[str, ...] = attrs.field(default=("screen-movements",), converter=_kinds)
    daily_checks: bool = attrs.field(default=False, converter=_daily)

    @classmethod
    def of(cls, section: Mapping[str, Any], where: str) -> Self:
        """Read the section.

        Args:
            section: As a TOML reader gives it; empty means that nothing is shared out.
            where: The file for messages.

        Raises:
            PolicyError: If a key is unknown or a value is not of its kind; it names file and key.
        """
        return build(cls, section, f"{where}: calls")
