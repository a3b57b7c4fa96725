"""Something owed until it is done, and something wrong that must be looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, cast

import attrs

from epiguard.fields import (
    FrozenMapping,
    as_member,
    identifier,
    instance,
    instant,
    optional_identifier,
)
from epiguard.messages import as_texts

__all__ = ["Alert", "Duty", "DutyState", "Outcome", "Route"]


class Route(Enum):
    """How somebody can be reached."""

    PHONE = "phone"
    DOOR = "door"


class Outcome(Enum):
    """What came of an attempt."""

    REACHED = "reached"
    DONE = "done"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"
    REFUSED = "refused"
    COULD_NOT_BE_DONE = "could-not-be-done"
    LOST_TO_FOLLOW_UP = "lost-to-follow-up"

    @property
    def settles(self) -> bool:
        """Whether it ends the duty; a call that reached nobody leaves it open."""
        return self in (Outcome.REACHED, Outcome.DONE)


class DutyState(Enum):
    """Open until done; closed where it fell away (the person died or moved)."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


#: Stands for an id that nobody gave: it is made when it is first asked for.
_LATER: Final = cast("str", object())


class _LateId:
    """The id of a duty or an alert that was made without one, until it is in the object itself.

    It is made of what the thing is about, so that generating it twice creates nothing new.
    """

    def __init__(self, prefix: str, parts: Callable[[Any], tuple[object, ...]]) -> None:
        self._prefix, self._parts = prefix, parts

    def __get__(self, thing: Any, _: object = None) -> Any:  # noqa: ANN401 - a duty or an alert
        if thing is None:
            return self
        made = thing.__dict__["id"] = _id_of(self._prefix, *self._parts(thing))
        return made


_check_duty_id = identifier("Duty.id")
_check_alert_id = identifier("Alert.id")


def _id_of(prefix: str, *parts: object) -> str:
    text = "\x1f".join(_text_of(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:16]}"


def _text_of(part: object) -> str:
    if isinstance(part, datetime) and part.tzinfo is not None:
        # The same instant gives the same id, in whatever zone it is told.
        return part.astimezone(UTC).isoformat()
    return str(part) if part is not None else ""


def _route(value: Route | str | None) -> Route | None:
    return None if value is None else as_member(Route, value, "Duty.route")


def _duty_texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    return as_texts(texts, "Duty.texts")


@attrs.frozen(kw_only=True, slots=False)  # a policy copies it, see decisions.changed
class Duty:
    """Something owed: a call, a check, a visit.

    Attributes:
        kind: What, in kebab case, such as ``"tell-landlord"``.
        subject: The person (or form, household, checkpoint) it is about.
        contact: Whom to contact, where that is another person.
        due: When it is due.
        route: How; a duty to reach somebody without a phone is a door visit, never "reached".
        basis: What tells it from another duty of its kind about the same subject: the id of the period or
            form it comes from, a day, an instant; nothing personal.
        assignee: Who shall do it.
        source: The notice or rule it comes from.
        texts: What to do, in Chinese (``zh``) and English (``en``).
        closed_by: The kind of fact about the same subject with which it is over, such as
            ``"quarantine-ordered"``: nobody ticks off by hand what the record tells.
        id: Made of kind, subject, contact and basis.
    """

    kind: str = attrs.field(validator=identifier("Duty.kind"))
    subject: str = attrs.field(validator=identifier("Duty.subject"))
    contact: str | None = attrs.field(default=None, validator=optional_identifier("Duty.contact"))
    due: datetime | None = attrs.field(default=None, validator=instant("Duty.due", optional=True))
    route: Route | None = attrs.field(default=None, converter=_route)
    basis: str | None = attrs.field(default=None, validator=instance(str, "Duty.basis", optional=True))
    assignee: str | None = attrs.field(default=None, validator=optional_identifier("Duty.assignee"))
    source: str = attrs.field(default="", validator=instance(str, "Duty.source"))
    texts: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_duty_texts, repr=False)
    closed_by: str | None = attrs.field(default=None, validator=optional_identifier("Duty.closed_by"))
    id: str = attrs.field(default=_LATER)

    def __attrs_post_init__(self) -> None:
        if self.id is _LATER:
            del self.__dict__["id"]
        else:
            _check_duty_id(self, None, self.id)

    def text(self, language: str = "zh") -> str:
        """What to do, in a language; the other one where it is missing; else the kind."""
        return self.texts.get(language) or next(iter(self.texts.values()), self.kind)


def _alert_texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    return as_texts(texts, "Alert.texts")


@attrs.frozen(kw_only=True, slots=False)  # a policy copies it, see decisions.changed
class Alert:
    """Something wrong that must be looked at; it says what happened, not who is to blame.

    Attributes:
        kind: What, in kebab case, such as ``"quarantine-breach"``.
        subject: The person (or form, checkpoint) it is about.
        at: When it happened.
        checkpoint: Where, if at one.
        basis: What tells it from another alert of its kind at the same instant: the id of the period,
            household or decision it comes from, a field, a count; nothing personal.
        source: The notice or rule it comes from.
        texts: What happened, in Chinese (``zh``) and English (``en``).
        id: Made of kind, subject, instant, checkpoint and basis.
    """

    kind: str = attrs.field(validator=identifier("Alert.kind"))
    subject: str = attrs.field(validator=identifier("Alert.subject"))
    at: datetime | None = attrs.field(default=None, validator=instant("Alert.at", optional=True))
    checkpoint: str | None = attrs.field(default=None, validator=optional_identifier("Alert.checkpoint"))
    basis: str | None = attrs.field(default=None, validator=instance(str, "Alert.basis", optional=True))
    source: str = attrs.field(default="", validator=instance(str, "Alert.source"))
    texts: Mapping[str, str] = attrs.field(factory=FrozenMapping, converter=_alert_texts, repr=False)
    id: str = attrs.field(default=_LATER)

    def __attrs_post_init__(self) -> None:
        if self.id is _LATER:
            del self.__dict__["id"]
        else:
            _check_alert_id(self, None, self.id)

    def text(self, language: str = "zh") -> str:
        """What happened, in a language; the other one where it is missing; else the kind."""
        return self.texts.get(language) or next(iter(self.texts.values()), self.kind)


setattr(Duty, "id", _LateId("duty", lambda of: (of.kind, of.subject, of.contact, of.basis)))  # noqa: B010 - see _LateId
setattr(Alert, "id", _LateId("alert", lambda of: (of.kind, of.subject, of.at, of.checkpoint, of.basis)))  # noqa: B010
