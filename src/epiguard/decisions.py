"""What a policy answers: verdicts, their combination's result, and what was waived or overridden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

import attrs

from epiguard.crossings import Crossing
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import (
    FrozenMapping,
    as_instances,
    as_member,
    identifier,
    instance,
    instant,
    optional_identifier,
    whole,
)
from epiguard.identifiers import FreeText
from epiguard.messages import as_texts
from epiguard.passes import PassApplication

__all__ = [
    "Claim",
    "Decision",
    "Effect",
    "Override",
    "PassDecision",
    "Restricts",
    "Source",
    "Verdict",
    "changed",
    "fill",
    "once",
    "unfilled",
]

T = TypeVar("T")


class Effect(Enum):
    """Allow (放行), hold (暂留) or deny (拒绝). Deny beats hold beats allow."""

    ALLOW = "allow"
    HOLD = "hold"
    DENY = "deny"

    @property
    def rank(self) -> int:
        """0 for allow, 1 for hold, 2 for deny."""
        return _RANK[self]

    @classmethod
    def worst(cls, effects: Iterable[Effect]) -> Effect:
        """The one that beats the others; allow where there is none."""
        worst = _ALLOW
        for each in effects:
            if each is _DENY:
                return each
            if each is _HOLD:
                worst = each
        return worst


# Bound once: on Python 3.11 to look a member up in its enumeration takes longer than all else here.
_ALLOW, _HOLD, _DENY = Effect
_RANK = {Effect.ALLOW: 0, Effect.HOLD: 1, Effect.DENY: 2}


class Restricts(Enum):
    """What a rule restricts: leave granted waives movement, never safety."""

    MOVEMENT = "movement"
    SAFETY = "safety"


def _without_bars(text: str) -> str:
    # The bar separates the parts of a key, so that no name or subject may bring one along.
    return text.replace("%", "%25").replace("|", "%7C")


#: For how many days something can be claimed (ours): each is a key in the store.
LONGEST_CLAIM = 366


@attrs.frozen(kw_only=True)
class Claim:
    """Something that can be had once: a unique key in the store, written with the fact on allow.

    Rules that claim the same thing of the same subject share it. So a plug-in either means another's claim,
    such as ``"exit"``, or puts its own name before its own: ``"qingpu-errand"``.

    Attributes:
        name: What is claimed, such as ``"exit"``.
        subject: Who claims it: a person's or a household's id.
        days: For how many days, from the day of the crossing on; nothing means for ever.
        slot: Which of several that may be had.
    """

    name: str = attrs.field(validator=identifier("Claim.name"))
    subject: str = attrs.field(validator=identifier("Claim.subject"))
    days: int | None = attrs.field(
        default=1, validator=whole("Claim.days", least=1, most=LONGEST_CLAIM, optional=True)
    )
    slot: int = attrs.field(default=0, validator=whole("Claim.slot", least=0, most=1000))

    @property
    def stem(self) -> str:
        """What all keys of this name and subject begin with."""
        return f"{_without_bars(self.name)}|{_without_bars(self.subject)}|"

    def keys(self, day: date) -> tuple[str, ...]:
        """The unique keys, one per day claimed.

        Args:
            day: The site's day of the crossing.

        Returns:
            Keys such as ``"exit|p-7|2020-02-14|0"``.
        """
        if self.days is None:
            return (f"{self.stem}ever|{self.slot}",)
        stem, slot = self.stem, self.slot
        if self.days == 1:
            return (f"{stem}{day.isoformat()}|{slot}",)
        dates = (day + timedelta(days=each) for each in range(self.days))
        return tuple(f"{stem}{each.isoformat()}|{slot}" for each in dates)

    @staticmethod
    def subject_of(key: str) -> str:
        """Who claims by a key; empty where it is no key of a claim."""
        name, _, rest = key.partition("|")
        subject = rest.partition("|")[0].replace("%7C", "|").replace("%25", "%")
        return subject if name else ""


_check_days = whole("once(days=)", least=1, most=LONGEST_CLAIM)


def once(name: str, subject: str, *, per: str = "day", days: int = 1, slot: int = 0) -> Claim:
    """A claim to something that may be had once.

    Args:
        name: What, such as ``"exit"``.
        subject: Who: a person's or a household's id.
        per: ``"day"`` or ``"ever"``.
        days: With ``per="day"``: once in so many days; 2 claims today and tomorrow, so that whoever
            went out yesterday holds today's key already.
        slot: Which of several: the third exit of a day that allows three has slot 2.

    Raises:
        InvalidValueError: If ``per`` is neither, or ``days`` or ``slot`` is no such number.
    """
    if per not in ("day", "ever"):
        raise InvalidValueError("once(per=)", expected="'day' or 'ever'", got=kind_of(per))
    if type(days) is not int or days != 1:
        _check_days(None, None, days)
    return Claim(name=name, subject=subject, days=days if per == "day" else None, slot=slot)


def _restricts(value: Restricts | str) -> Restricts:
    return as_member(Restricts, value, "Source.restricts")


@attrs.frozen(kw_only=True)
class Source:
    """Where a verdict comes from: the entry of the policy, its rule, its notice and its dates."""

    entry: str = attrs.field(validator=instance(str, "Source.entry"))
    rule: str = attrs.field(validator=instance(str, "Source.rule"))
    distribution: str = attrs.field(default="", validator=instance(str, "Source.distribution"))
    notice: str = attrs.field(default="", validator=instance(str, "Source.notice"))
    since: date | None = None
    until: date | None = None
    restricts: Restricts = attrs.field(default=Restricts.MOVEMENT, converter=_restricts)


def _effect(value: Effect | str) -> Effect:
    return as_member(Effect, value, "Verdict.effect")


def _texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    return as_texts(texts, "Verdict.texts")


def _claims(values: Iterable[Claim]) -> tuple[Claim, ...]:
    return as_instances(Claim, values, "Verdict.claims")


def _duties(values: Iterable[Duty]) -> tuple[Duty, ...]:
    return as_instances(Duty, values, "Verdict.duties")


def _alerts(values: Iterable[Alert]) -> tuple[Alert, ...]:
    return as_instances(Alert, values, "Verdict.alerts")


@attrs.frozen(kw_only=True, slots=False)  # see changed
class Verdict:
    """One rule's part of a decision.

    Rules make it with ``allow``, ``no_objection``, ``hold`` or ``deny``; the policy adds the source.

    Attributes:
        effect: Allow, hold or deny.
        code: What it is, in kebab case: stable, for programs.
        texts: Language to text, Chinese (``zh``) and English (``en``); one may be missing.
        traveller: Index of the traveller it is about; nothing means the whole party.
        grants: Whether it says that the crossing may pass in principle; an allow that only has no
            objection does not.
        lifted_by: For a hold: what would lift it, in kebab case, such as ``"measure-temperature"``.
        claims: What an allowed crossing uses up.
        duties: What must be done if the decision stands.
        alerts: What must be looked at.
        source: Filled in by the policy.
        waived: Leave was granted, so it is listed but does not count.
        fault: The rule failed; what is known about that.
    """

    effect: Effect = attrs.field(converter=_effect)
    code: str = attrs.field(validator=identifier("Verdict.code"))
    texts: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_texts, repr=False)
    traveller: int | None = attrs.field(
        default=None, validator=whole("Verdict.traveller", least=0, most=9999, optional=True)
    )
    grants: bool = attrs.field(default=False, validator=instance(bool, "Verdict.grants"))
    lifted_by: str | None = attrs.field(default=None, validator=optional_identifier("Verdict.lifted_by"))
    claims: tuple[Claim, ...] = attrs.field(default=(), converter=_claims)
    duties: tuple[Duty, ...] = attrs.field(default=(), converter=_duties)
    alerts: tuple[Alert, ...] = attrs.field(default=(), converter=_alerts)
    source: Source | None = attrs.field(
        default=None, validator=instance(Source, "Verdict.source", optional=True)
    )
    waived: bool = attrs.field(default=False, validator=instance(bool, "Verdict.waived"))
    fault: str | None = attrs.field(default=None, validator=instance(str, "Verdict.fault", optional=True))

    @property
    def rule(self) -> str:
        """The id of the policy's entry that gave it."""
        return self.source.entry if self.source is not None else ""

    def text(self, language: str = "zh") -> str:
        """The text in a language; where the rule gives only the other one, that; else the code."""
        return self.texts.get(language) or next(iter(self.texts.values()), self.code)


def _overriding(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "Override.reason")


@attrs.frozen(kw_only=True)
class Override:
    """An emergency let through by a named person; applied after the rules, recorded and alerted."""

    reason: FreeText = attrs.field(converter=_overriding)
    by: str = attrs.field(validator=identifier("Override.by"))


def _answer(value: Effect | str) -> Effect:
    return as_member(Effect, value, "Decision.effect")


def _verdicts(values: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return as_instances(Verdict, values, "Decision.verdicts")


def _owed(values: Iterable[Duty]) -> tuple[Duty, ...]:
    return as_instances(Duty, values, "Decision.duties")


def _raised(values: Iterable[Alert]) -> tuple[Alert, ...]:
    return as_instances(Alert, values, "Decision.alerts")


@attrs.frozen(kw_only=True, slots=False)  # see fill
class Decision:
    """The answer to one crossing, with every rule's verdict.

    Attributes:
        crossing: What was asked, in the site's zone.
        day: The site's day of the crossing.
        effect: What holds for the whole party, override included.
        verdicts: All of them, in the order of the policy's entries; the combination does not depend on it.
        duties: What must now be done.
        alerts: What must now be looked at.
        policy_version: Of the policy that decided.
        override: The override that was applied, if any.
        id: Given by the ledger when it was recorded; empty for a pure decision.
        follows: The decision this one asked again.
        at: When it was decided, where a ledger did.
    """

    crossing: Crossing = attrs.field(validator=instance(Crossing, "Decision.crossing"))
    day: date = attrs.field(validator=instance(date, "Decision.day"))
    effect: Effect = attrs.field(converter=_answer)
    verdicts: tuple[Verdict, ...] = attrs.field(default=(), converter=_verdicts)
    duties: tuple[Duty, ...] = attrs.field(default=(), converter=_owed)
    alerts: tuple[Alert, ...] = attrs.field(default=(), converter=_raised)
    policy_version: str = attrs.field(default="", validator=instance(str, "Decision.policy_version"))
    override: Override | None = attrs.field(
        default=None, validator=instance(Override, "Decision.override", optional=True)
    )
    id: str = attrs.field(default="", validator=instance(str, "Decision.id"))
    follows: str | None = attrs.field(default=None, validator=optional_identifier("Decision.follows"))
    at: datetime | None = attrs.field(default=None, validator=instant("Decision.at", optional=True))

    def __bool__(self) -> bool:
        raise InvalidValueError(
            "Decision",
            expected="a look at decision.effect",
            got="a decision used as true or false",
            do="write decision.effect is Effect.ALLOW",
        )

    @property
    def claim_keys(self) -> tuple[str, ...]:
        """The unique keys an allowed crossing uses up; none where it is not allowed or was overridden."""
        if self.effect is not Effect.ALLOW or self.override is not None:
            return ()
        claims = (claim for verdict in self.verdicts if not verdict.waived for claim in verdict.claims)
        return tuple(sorted({key for claim in claims for key in claim.keys(self.day)}))

    @property
    def reasons(self) -> tuple[Verdict, ...]:
        """The verdicts that made it what it is: those of its effect that were not waived.

        Under an override these are the ones that allowed it, if any did; what it overrode are the others.
        """
        return tuple(each for each in self.verdicts if each.effect is self.effect and not each.waived)

    @property
    def deciding(self) -> tuple[Verdict, ...]:
        """The reasons without the ``unreviewed`` of whoever is held or refused for a reason of their own.

        That nobody says yes to them yet is no news then, and asking the committee lifts nothing.
        """
        reasons = self.reasons
        if self.effect is Effect.ALLOW or not any(map(_is_unreviewed, reasons)):
            return reasons
        others = {each.traveller for each in self._against if not _is_unreviewed(each)}
        return tuple(
            each
            for each in reasons
            if not (_is_unreviewed(each) and (None in others or each.traveller in others))
        )

    @property
    def _against(self) -> tuple[Verdict, ...]:
        return tuple(each for each in self.verdicts if each.effect is not Effect.ALLOW and not each.waived)

    @property
    def stopped(self) -> tuple[int, ...]:
        """Indexes of the travellers who may not pass now; the others may choose to go on without them.

        A verdict about the whole party stops everybody.
        """
        if self.effect is Effect.ALLOW:
            return ()
        if any(each.traveller is None for each in self._against):
            return tuple(range(len(self.crossing.travellers)))
        return tuple(sorted({each.traveller for each in self._against if each.traveller is not None}))

    @property
    def lifted_by(self) -> tuple[str, ...]:
        """What would lift the holds, each once; of somebody held for a reason of their own that one alone."""
        wanted = [each.lifted_by for each in self.deciding if each.lifted_by is not None]
        return tuple(dict.fromkeys(wanted))


def _is_unreviewed(verdict: Verdict) -> bool:
    # The policy's own: a rule's verdict of that code would have the rule as its source.
    return verdict.code == "unreviewed" and verdict.source is None


@attrs.frozen(kw_only=True)
class PassDecision:
    """The answer to an application for an exit pass, with every rule's verdict.

    Attributes:
        application: What was asked for, at an instant in the site's zone.
        day: The site's day of the application.
        effect: Allow (the pass is handed out), hold or deny; override included.
        verdicts: All of them, in the order of the policy's entries.
        duties: What must now be done.
        alerts: What must now be looked at.
        policy_version: Of the policy that decided.
        override: The override that was applied, if any.
        id: Given by the ledger when it was recorded; empty for a pure decision.
        at: When it was decided, where a ledger did.
    """

    application: PassApplication = attrs.field(
        validator=instance(PassApplication, "PassDecision.application")
    )
    day: date = attrs.field(validator=instance(date, "PassDecision.day"))
    effect: Effect = attrs.field(converter=_answer)
    verdicts: tuple[Verdict, ...] = attrs.field(default=(), converter=_verdicts)
    duties: tuple[Duty, ...] = attrs.field(default=(), converter=_owed)
    alerts: tuple[Alert, ...] = attrs.field(default=(), converter=_raised)
    policy_version: str = attrs.field(default="", validator=instance(str, "PassDecision.policy_version"))
    override: Override | None = attrs.field(
        default=None, validator=instance(Override, "PassDecision.override", optional=True)
    )
    id: str = attrs.field(default="", validator=instance(str, "PassDecision.id"))
    at: datetime | None = attrs.field(default=None, validator=instant("PassDecision.at", optional=True))

    def __bool__(self) -> bool:
        raise InvalidValueError(
            "PassDecision",
            expected="a look at decision.effect",
            got="a decision used as true or false",
            do="write decision.effect is Effect.ALLOW",
        )

    @property
    def reasons(self) -> tuple[Verdict, ...]:
        """The verdicts that made it what it is."""
        return tuple(each for each in self.verdicts if each.effect is self.effect)

    @property
    def deciding(self) -> tuple[Verdict, ...]:
        """The reasons; at the desk ``unreviewed`` stands alone."""
        return self.reasons

    @property
    def lifted_by(self) -> tuple[str, ...]:
        """What would lift the holds, each once."""
        wanted = [each.lifted_by for each in self.reasons if each.lifted_by is not None]
        return tuple(dict.fromkeys(wanted))


_NOTHING: Mapping[str, Any] = {}


def changed(value: T, changes: Mapping[str, Any] = _NOTHING) -> T:
    """A copy with other values in some fields, which were checked before; what it keeps was checked, too.

    ``attrs.evolve`` converts and checks every field once more, which takes longer than most rules.

    Args:
        value: Of a frozen attrs class without slots, whose fields are in its ``__dict__``.
        changes: Field to value, of the very type the field holds.
    """
    made = unfilled(type(value))
    object.__setattr__(made, "__dict__", {**value.__dict__, **changes})
    return made


#: A decision of values that were checked before is made unfilled, and then filled with all its fields by
#: name: to convert and to check them again would take longer than all rules of a site together.
unfilled = object.__new__
fill = vars(Decision)["__dict__"].__set__
