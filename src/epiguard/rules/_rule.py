"""The class rules derive from, and the verdicts they return."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from epiguard.decisions import Claim, Effect, Restricts, Verdict
from epiguard.duties import Alert, Duty
from epiguard.situation import Standing

__all__ = ["Rule", "allow", "deny", "hold", "no_objection"]


class Rule:
    """A rule: an attrs class whose fields are its settings and whose hooks are marked ``hookimpl``.

    Class attributes:
        source: The notice and paragraph the rule comes from; a site file may name another.
        restricts: Movement (the default) or safety; leave waives only movement.
        hooks_version: The version of the hooks the rule was written for.
    """

    source: ClassVar[str] = ""
    restricts: ClassVar[Restricts] = Restricts.MOVEMENT
    hooks_version: ClassVar[int] = 1


def _verdict(  # noqa: PLR0913 - every one is a part of a verdict
    effect: Effect,
    code: str,
    zh: str,
    en: str,
    about: Standing | None,
    *,
    grants: bool = False,
    lifted_by: str | None = None,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    return Verdict(
        effect=effect,
        code=code,
        texts={"zh": zh, "en": en},
        traveller=about.index if about is not None else None,
        grants=grants,
        lifted_by=lifted_by,
        claims=tuple(claims),
        duties=tuple(duties),
        alerts=tuple(alerts),
    )


def allow(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that the crossing may pass in principle.

    Args:
        code: What it is, in kebab case.
        zh: Chinese text; where it is missing the English one is shown.
        en: English text; where it is missing the Chinese one is shown.
        about: The traveller it is about; nothing means the whole party.
        claims: What is used up if the crossing is allowed.
        duties: What must be done if the crossing is allowed.
        alerts: What must be looked at, whether or not it is allowed.
    """
    return _verdict(
        Effect.ALLOW, code, zh, en, about, grants=True, claims=claims, duties=duties, alerts=alerts
    )


def no_objection(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    claims: Iterable[Claim] = (),
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that this rule does not stand in the way, without allowing anything by itself.

    It is how a restricting rule attaches claims, duties or alerts to a crossing that others allow.
    Arguments as of :func:`allow`.
    """
    return _verdict(Effect.ALLOW, code, zh, en, about, claims=claims, duties=duties, alerts=alerts)


def hold(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    lifted_by: str,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say that nothing may say yes yet.

    Args:
        code: What it is, in kebab case.
        lifted_by: What would lift it, in kebab case, such as ``"measure-temperature"``.
        zh: Chinese text.
        en: English text.
        about: The traveller it is about.
        duties: What must be done now.
        alerts: What must be looked at.
    """
    return _verdict(Effect.HOLD, code, zh, en, about, lifted_by=lifted_by, duties=duties, alerts=alerts)


def deny(  # noqa: PLR0913 - every one is a part of a verdict
    code: str,
    *,
    zh: str = "",
    en: str = "",
    about: Standing | None = None,
    duties: Iterable[Duty] = (),
    alerts: Iterable[Alert] = (),
) -> Verdict:
    """Say no. Arguments as of :func:`hold`."""
    return _verdict(Effect.DENY, code, zh, en, about, duties=duties, alerts=alerts)
