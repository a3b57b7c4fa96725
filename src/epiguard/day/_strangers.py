"""Which of a stranger's forms their period and duties stand under, from one run to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import attrs

from epiguard.reconciliation import FormNotInRegister

__all__ = ["under_their_first"]


def under_their_first(
    forms: Iterable[FormNotInRegister], dealt_with: Callable[[str], bool]
) -> tuple[FormNotInRegister, ...]:
    """Put all forms of one stranger under the one that was dealt with first.

    A stranger who fills in another form the next day is still the same person: they have their period and
    their calls under the form that came in first, whichever of the two would stand first in a list.

    Args:
        forms: With ``same_as``: the first of each stranger has none.
        dealt_with: Whether a period or a duty stands under a form, by its id.

    Returns:
        The forms in the same order.
    """
    listed = tuple(forms)
    theirs: defaultdict[str, list[str]] = defaultdict(list)
    for each in listed:
        theirs[each.same_as or each.registration.id].append(each.registration.id)
    first = {
        root: next((form for form in [root, *members] if dealt_with(form)), root)
        for root, members in theirs.items()
    }
    return tuple(
        attrs.evolve(each, same_as=None if root == each.registration.id else root)
        for each in listed
        for root in [first[each.same_as or each.registration.id]]
    )
