"""Invented values that the tests of identifiers share, each with the texts that no message may repeat."""

from __future__ import annotations

import pytest

from epiguard.identifiers import (
    CardNumber,
    DocumentNumber,
    PartialId,
    PartialPhone,
    PersonalText,
    PersonName,
    Phone,
    Plate,
    Residence,
    ResidentId,
)
from epiguard.identifiers._masked import Masked

VALUES: list[Masked] = [
    PersonName("王小明"),
    PersonName("欧阳青青"),
    PersonName("Maria Silva"),
    PersonName("王"),
    ResidentId("310115199003070025"),
    Phone("13800138000"),
    Phone("+85251234567"),
    Plate("沪A12345"),
    Plate("沪AD12345"),
    Residence("阳光花园3号楼2单元502室"),
    Residence("12号"),
    CardNumber("00712345"),
    PersonalText("本人住在阳光花园"),
    PartialPhone("138****8000"),
    PartialId("310115????????0025"),
    DocumentNumber("PA0123456"),
]


@pytest.fixture(params=VALUES, ids=lambda value: type(value).__name__)
def personal(request: pytest.FixtureRequest) -> Masked:
    """One value of each type that must not show itself."""
    value = request.param
    assert isinstance(value, Masked)
    return value
