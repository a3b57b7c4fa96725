"""Who lives here, by household registration. The figures add up."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from epiguard.identifiers import RegionCode
from epiguard.situation import State

__all__ = ["Population", "population_figures"]


@attrs.frozen(kw_only=True)
class Population:
    """Residents: residents = local + non_local + region_unknown; those of a key region are among them."""

    residents: int
    local: int
    non_local: int
    region_unknown: int
    key_region: int


def population_figures(state: State, key_regions: Iterable[RegionCode]) -> Population:
    """Count the residents on record who have not left.

    Household registration selects whom to call; alone it restricts nobody.

    Args:
        state: The sum of the facts.
        key_regions: Whose household registration is counted by itself.
    """
    keys = tuple(key_regions)
    home = RegionCode(state.site.region).province if state.site.region is not None else None
    regions = [
        person.registered_region
        for person in state.people.values()
        if person.resident and person.id not in state.gone
    ]
    known = [region for region in regions if region is not None and home is not None]
    local = sum(region.province == home for region in known)
    return Population(
        residents=len(regions),
        local=local,
        non_local=len(known) - local,
        region_unknown=len(regions) - len(known),
        key_region=sum(
            region is not None and any(region.within(each) for each in keys) for region in regions
        ),
    )
