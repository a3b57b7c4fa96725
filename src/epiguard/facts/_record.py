"""Facts about the record itself: what rules failed at, what left it, what was erased, what merging found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import attrs

from epiguard.decisions import Claim
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts._fact import Fact
from epiguard.fields import FrozenMapping, as_instances, identifier, instance, text, whole
from epiguard.identifiers import FreeText

__all__ = ["ClaimContested", "DataExpired", "ExportMade", "PersonErased", "RuleFailed"]


@attrs.frozen(kw_only=True)
class RuleFailed(Fact):
    """A rule raised, or returned what it may not: at the gate, at the desk, or asked what follows."""

    rule: str = attrs.field(validator=instance(str, "RuleFailed.rule"))
    distribution: str = attrs.field(validator=instance(str, "RuleFailed.distribution"))
    hook: str = attrs.field(validator=instance(str, "RuleFailed.hook"))
    fault: str = attrs.field(validator=instance(str, "RuleFailed.fault"))
    about: str = attrs.field(default="", validator=instance(str, "RuleFailed.about"))
    """The kind of the fact it was asked about."""


def _exported_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "ExportMade.purpose")


def _exported(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "ExportMade.what")


@attrs.frozen(kw_only=True)
class ExportMade(Fact):
    """Personal data left the ledger, for a named purpose."""

    purpose: FreeText = attrs.field(converter=_exported_for)
    what: FreeText = attrs.field(converter=_exported)
    rows: int = attrs.field(default=0, validator=whole("ExportMade.rows", least=0, most=10**9))


@attrs.frozen(kw_only=True)
class ClaimContested(Fact):
    """One of several decisions that claim what can be had once: found where ledgers were merged.

    Each of the ledgers let somebody through without knowing of the other. ``at`` is when the crossing was.

    Attributes:
        claim: The key that both claim, see :meth:`epiguard.Claim.keys`.
        decision: The id of the decision; of the others there is a fact each.
    """

    claim: str = attrs.field(validator=text("ClaimContested.claim"))
    decision: str = attrs.field(validator=identifier("ClaimContested.decision"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whoever claimed it."""
        subject = Claim.subject_of(self.claim)
        return (subject,) if subject else ()


def _others(values: Iterable[str]) -> tuple[str, ...]:
    return as_instances(str, values, "PersonErased.others")


def _erased_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "PersonErased.reason")


@attrs.frozen(kw_only=True)
class PersonErased(Fact):
    """Everything personal about somebody, recorded up to here, was erased. It holds nothing personal itself.

    Attributes:
        person: The pseudonymous id, or the subject of a form.
        others: What was erased with them: their forms' subjects, and households in which nobody else lives.
        reason: Why, without personal data: it stays.
    """

    shared: ClassVar[bool] = True

    person: str = attrs.field(validator=identifier("PersonErased.person"))
    others: tuple[str, ...] = attrs.field(default=(), converter=_others)
    reason: FreeText = attrs.field(converter=_erased_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody whose payloads were erased."""
        return (self.person, *self.others)


def _stretches(values: Iterable[str]) -> tuple[str, ...]:
    return as_instances(str, values, "DataExpired.entries")


def _counts(values: Mapping[str, int]) -> Mapping[str, int]:
    if not isinstance(values, Mapping):
        raise InvalidValueError("DataExpired.counts", expected="a table", got=kind_of(values))
    for each in values.values():
        whole("DataExpired.counts", least=0, most=10**9)(None, None, each)
    return FrozenMapping(values)


@attrs.frozen(kw_only=True)
class DataExpired(Fact):
    """What was recorded is no longer needed, and was erased. It holds nothing personal itself.

    Attributes:
        entries: Which entries lost their payload, in stretches of a writer: ``"main 3-17"``.
        counts: How many of each kind of data.
        reason: The rule it was kept by.
    """

    shared: ClassVar[bool] = True

    entries: tuple[str, ...] = attrs.field(converter=_stretches)
    counts: Mapping[str, int] = attrs.field(factory=FrozenMapping, converter=_counts)
    reason: str = attrs.field(validator=text("DataExpired.reason"))
