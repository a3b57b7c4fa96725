"""What a check of a policy can find: kinds, severities, and the written reasons that accept a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from epiguard.errors import PolicyError
from epiguard.messages import Message

__all__ = ["Finding", "FindingKind", "Severity", "refuse_unknown"]


class Severity(Enum):
    """Serious: somebody is locked in or out, or let out, by a slip; minor: worth a look."""

    SERIOUS = "serious"
    MINOR = "minor"


class FindingKind(Enum):
    """What is wrong; each kind stands before the colon of a finding's id."""

    FAULT = "fault"
    """A rule fails."""
    NEVER_MATTERS = "never-matters"
    """A rule never changes any decision."""
    CONFLICT = "conflict"
    """One rule says yes to what another always refuses."""
    TRAPPED = "trapped"
    """Somebody can neither pass nor be told what would lift the hold, or may never leave."""
    NO_WAY_HOME = "no-way-home"
    """A resident cannot reach home."""
    NO_CARE = "no-care"
    """A patient cannot reach care."""
    LEAVES_QUARANTINE = "leaves-quarantine"
    """Somebody in quarantine can leave without leave."""
    UNREVIEWED = "unreviewed"
    """No rule looks at a crossing."""
    EMERGENCY_STOPPED = "emergency-stopped"
    """An emergency is refused, not merely held until somebody overrides."""
    HOUSEHOLD_REGISTRATION = "household-registration"
    """A rule decides on household registration (户籍)."""
    DATE_GAP = "date-gap"
    """Between two entries of one rule, or two orders, or two lanes, there are days without any."""
    STALE_REASON = "stale-reason"
    """A reason is written for something that is not found."""


@attrs.frozen(kw_only=True)
class Finding:
    """Something that a check found.

    Attributes:
        id: The kind, a colon and what it is about; under it ``[check]`` of the site file has a reason.
        kind: What is wrong.
        severity: How bad that is.
        rules: The entries that it is about.
        texts: What is wrong, in Chinese and English; nothing personal.
        example: The smallest example as Python code, to be run beside the site file; empty where there is
            none to be run.
        reason: Why it is accepted, where the site file says so.
    """

    id: str
    kind: FindingKind
    severity: Severity
    rules: tuple[str, ...] = ()
    texts: Message
    example: str = ""
    reason: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it is serious and nobody wrote why it is accepted."""
        return self.severity is Severity.SERIOUS and self.reason is None


_KINDS = {each.value for each in FindingKind} - {FindingKind.STALE_REASON.value}


def refuse_unknown(reasons: Mapping[str, object], entries: Iterable[str], where: str) -> None:
    """Refuse a reason for what no check can find, or that says nothing.

    Args:
        reasons: Id of a finding to the reason.
        entries: The ids of the site's entries.
        where: File and section, for messages.

    Raises:
        PolicyError: If a kind is unknown, an id names a rule that the site has not, or a reason is blank.
    """
    known = set(entries)
    for name, reason in reasons.items():
        kind, colon, what = name.partition(":")
        if kind not in _KINDS or not colon or not what:
            raise PolicyError(
                f"{where}.{name}",
                expected="the id of a finding: "
                + ", ".join(sorted(_KINDS))
                + ", a colon and what it is about",
                got="another word",
                do="copy the id that 'epiguard check' prints",
            )
        if kind in _ABOUT_RULES and not set(what.split(":")[0].split("+")) <= known:
            raise PolicyError(
                f"{where}.{name}",
                expected="after the colon the id of an entry of this file",
                got="another word",
                do="correct it, or remove the reason",
            )
        if not isinstance(reason, str) or not reason.strip():
            raise PolicyError(
                f"{where}.{name}", expected="why it is accepted, in words", got="nothing", do="write it down"
            )


#: After their colon stand entries of the file.
_ABOUT_RULES = {
    each.value
    for each in (
        FindingKind.FAULT,
        FindingKind.NEVER_MATTERS,
        FindingKind.CONFLICT,
        FindingKind.HOUSEHOLD_REGISTRATION,
    )
}
