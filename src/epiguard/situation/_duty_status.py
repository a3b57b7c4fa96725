"""How a duty stands: what is owed, and what came of it so far."""

from __future__ import annotations

from datetime import datetime

import attrs

from epiguard.days import to_utc
from epiguard.duties import Duty, DutyState, Outcome, Route

__all__ = ["DutyStatus"]


@attrs.frozen(kw_only=True)
class DutyStatus:
    """A duty, the attempts at it so far, and whether it is open, done or closed."""

    duty: Duty
    state: DutyState = DutyState.OPEN
    attempts: tuple[tuple[datetime | None, Outcome], ...] = ()
    opened_at: datetime | None = None
    settled_at: datetime | None = None

    def opened_after(self, at: datetime | None) -> bool:
        """Whether it was opened later; what is not known when is as old as the record."""
        return self.opened_at is not None and (at is None or to_utc(self.opened_at) > to_utc(at))

    def attempted(self, at: datetime | None, outcome: Outcome) -> DutyStatus:
        """With one more attempt, which settles it where its outcome does and it is open."""
        attempts = (*self.attempts, (at, outcome))
        if outcome.settles and self.state is DutyState.OPEN:
            return attrs.evolve(self, attempts=attempts, state=DutyState.DONE, settled_at=at)
        return attrs.evolve(self, attempts=attempts)

    # What a duty says of itself, so that whoever works through them need not ask twice.

    @property
    def id(self) -> str:
        """The duty's id."""
        return self.duty.id

    @property
    def kind(self) -> str:
        """What is owed."""
        return self.duty.kind

    @property
    def subject(self) -> str:
        """Whom it is about."""
        return self.duty.subject

    @property
    def contact(self) -> str | None:
        """Whom to contact, where that is another person."""
        return self.duty.contact

    @property
    def due(self) -> datetime | None:
        """When it is due."""
        return self.duty.due

    @property
    def route(self) -> Route | None:
        """How somebody can be reached."""
        return self.duty.route

    @property
    def basis(self) -> str | None:
        """The id of what it comes from."""
        return self.duty.basis

    @property
    def assignee(self) -> str | None:
        """Who shall do it."""
        return self.duty.assignee

    def overdue(self, now: datetime) -> bool:
        """Whether it is open and its time is over."""
        return self.state is DutyState.OPEN and self.due is not None and to_utc(self.due) < to_utc(now)

    def text(self, language: str = "zh") -> str:
        """What to do, in a language."""
        return self.duty.text(language)
