"""What became of the forms: found, to be asked about, strangers, missing, wrong. They add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import attrs

from epiguard.errors import ExportError
from epiguard.registrations import Registration, RegistrationSource
from epiguard.reports._counts import NO_COUNTS, frozen
from epiguard.situation import State

if TYPE_CHECKING:  # see _returnees
    from epiguard.reconciliation import Reconciliation

__all__ = ["Forms", "form_figures"]


@attrs.frozen(kw_only=True)
class Forms:
    """Figures about forms; ``None`` where no reconciliation was given: nothing is known, which is not 0."""

    received: int
    today: int
    confirmed: int
    matched: int | None = None
    to_confirm: int | None = None
    not_in_register: int | None = None
    same_on_both: int | None = None
    unregistered: int | None = None
    contradictory: int | None = None
    by_source: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)


def form_figures(state: State, day: date, reconciliation: Reconciliation | None) -> Forms:
    """Count the forms.

    Args:
        state: The sum of the facts.
        day: The site's day.
        reconciliation: Of all forms of the state, if it was made.

    Raises:
        ExportError: If the reconciliation leaves a form out, names one twice or knows another one.
    """
    received = state.registrations
    sources = Counter(form.source for form in received.values())
    figures = Forms(
        received=len(received),
        today=sum(
            form.submitted_at is not None and state.site.day_of(form.submitted_at) == day
            for form in received.values()
        ),
        confirmed=sum(form in received for form in state.confirmed),
        by_source={source.value: sources[source] for source in RegistrationSource},
    )
    if reconciliation is None:
        return figures
    _check_complete(state, reconciliation)
    return attrs.evolve(
        figures,
        matched=len(reconciliation.matched),
        to_confirm=len(reconciliation.to_confirm),
        not_in_register=len(reconciliation.not_in_register),
        same_on_both=_same_on_both(reconciliation),
        unregistered=len(reconciliation.unregistered),
        contradictory=len(reconciliation.contradictory),
    )


def _listed(reconciliation: Reconciliation) -> Iterator[Registration]:
    for match in reconciliation.matched:
        yield match.registration
    for unsure in reconciliation.to_confirm:
        yield unsure.registration
    for stranger in reconciliation.not_in_register:
        yield stranger.registration


def _check_complete(state: State, reconciliation: Reconciliation) -> None:
    listed = Counter(form.id for form in _listed(reconciliation))
    missing = len(state.registrations.keys() - listed.keys())
    unknown = len(listed.keys() - state.registrations.keys())
    twice = sum(count > 1 for count in listed.values())
    if missing or unknown or twice:
        raise ExportError(
            "forms",
            expected="every form once: received = matched + to confirm + not in the register",
            got=f"{missing} missing, {twice} twice and {unknown} unknown of {len(state.registrations)}",
            do="reconcile all forms of the record, then report",
        )


def _same_on_both(reconciliation: Reconciliation) -> int:
    sources: defaultdict[str, set[RegistrationSource]] = defaultdict(set)
    for match in reconciliation.matched:
        sources[match.person_id].add(match.registration.source)
    for stranger in reconciliation.not_in_register:
        first = stranger.same_as or stranger.registration.id
        sources[f"form:{first}"].add(stranger.registration.source)
    both = {RegistrationSource.PAPER, RegistrationSource.QUESTIONNAIRE}
    return sum(both <= theirs for theirs in sources.values())
