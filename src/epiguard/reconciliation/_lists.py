"""What a reconciliation gives: lists of forms and of people without one."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from epiguard.crossings import Crossing
from epiguard.matching import Answer, Candidate
from epiguard.registrations import Registration

__all__ = [
    "CANDIDATES",
    "FORM_NOT_FOUND",
    "NO_FORM",
    "UNLIKELY_BELOW",
    "Contradiction",
    "FormMatch",
    "FormNotInRegister",
    "FormToConfirm",
    "Reconciliation",
    "Unregistered",
]


#: How many candidates of one form are asked.
CANDIDATES = 5
#: A candidate less probable than this is not asked (ours): not one of a thousand such calls is right.
UNLIKELY_BELOW = 0.001

#: Why somebody is on the list of those without a form.
NO_FORM = "no-form"
FORM_NOT_FOUND = "form-not-found"


@attrs.frozen
class FormMatch:
    """A form that is taken to be somebody's.

    Attributes:
        registration: The form.
        person_id: Whose: as a human confirmed, else as the form itself came with, else the best candidate.
        answer: What the register says to it.
    """

    registration: Registration
    person_id: str
    answer: Answer


@attrs.frozen
class FormToConfirm:
    """A form to be asked about.

    Attributes:
        registration: The form.
        answer: What the register says to it, with the candidates and what to ask.
    """

    registration: Registration
    answer: Answer

    @property
    def question(self) -> str | None:
        """The field to ask about; see ``Answer.question``."""
        return self.answer.question

    @property
    def likely(self) -> tuple[Candidate, ...]:
        """The candidates to ask, at most the first ``CANDIDATES``, best first.

        Only those from ``UNLIKELY_BELOW`` on: nobody is phoned, and nobody's number shown, because they live
        somewhere near. Where the form itself leads nowhere, without a complete telephone number or an address
        that can be read, all of the first are kept: one of them is the only way to whoever wrote it.
        """
        first = self.answer.candidates[:CANDIDATES]
        likely = tuple(each for each in first if each.probability >= UNLIKELY_BELOW)
        return likely if self.registration.has_phone or self.registration.has_door else first


@attrs.frozen
class FormNotInRegister:
    """A form of somebody who is not in the register.

    Attributes:
        registration: The form.
        answer: What the register says to it.
        same_as: The id of the first form of the same stranger, where this is a later one.
    """

    registration: Registration
    answer: Answer
    same_as: str | None = None


@attrs.frozen
class Unregistered:
    """A returnee seen at the gate of whom there is no matched form (漏登).

    Attributes:
        crossing: The first crossing at which they were seen.
        traveller_index: Which of the party, from 0.
        person_id: Who, if the gate knew.
        possible_forms: The ids of the forms to be confirmed that may be theirs.
        reason: ``NO_FORM``, or ``FORM_NOT_FOUND`` where the guard says that there is one.
    """

    crossing: Crossing = attrs.field(repr=False)
    traveller_index: int
    person_id: str | None
    possible_forms: tuple[str, ...] = ()
    reason: str = NO_FORM


@attrs.frozen
class Contradiction:
    """A form that says something else than the register (错登).

    Attributes:
        registration: The form.
        person_id: Whose it is taken to be.
        fields: What was written completely and validly, and differs; fields of a form, in their order.
    """

    registration: Registration
    person_id: str
    fields: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Reconciliation:
    """Forms against register and gate log. Every form is in exactly one of the first three lists.

    Attributes:
        matched: Forms that are taken to be somebody's in the register.
        to_confirm: Forms to be asked about.
        not_in_register: Forms of people who are not in the register.
        unregistered: Returnees seen at the gate without a matched form (漏登), in the order they were seen.
        contradictory: Forms that contradict the register (错登).
        persons: Person id to the matched forms of that person: paper and questionnaire are one person.
    """

    matched: tuple[FormMatch, ...] = ()
    to_confirm: tuple[FormToConfirm, ...] = ()
    not_in_register: tuple[FormNotInRegister, ...] = ()
    unregistered: tuple[Unregistered, ...] = ()
    contradictory: tuple[Contradiction, ...] = ()
    persons: Mapping[str, tuple[Registration, ...]] = attrs.field(factory=dict)

    @property
    def duplicates(self) -> Mapping[str, tuple[Registration, ...]]:
        """The people with more than one matched form, and their forms."""
        return {person_id: forms for person_id, forms in self.persons.items() if len(forms) > 1}
