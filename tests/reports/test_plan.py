"""What the report is told beside the facts: a stated population, stated changes, key regions."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest

from epiguard import Person, PolicyError
from epiguard.facts import PersonEnrolled
from epiguard.reports import ReportPlan, daily_report, helper_list

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
PULE = {"total": 2012, "parts": {"local": 1226, "non_local": 786}, "of_whom": {"key_region": 28}}


def populated(world: Any) -> Any:
    """The account's 2012 people: 1226 local, 786 from elsewhere, 28 of them from the key region."""
    regions = ["310112"] * 1226 + ["420106"] * 28 + ["340100"] * 758
    people = (Person(id=f"p-{n}", registered_region=region) for n, region in enumerate(regions))
    world.add(*(PersonEnrolled(each) for each in people))
    return world.state


def test_a_population_that_adds_up(world: Any) -> None:
    """2012 = 1226 + 786, of whom 28: in the register as stated, and nothing is to be said."""
    report = daily_report(populated(world), day=DAY, now=NOW, plan=ReportPlan.of({"population": PULE}))
    living = report.population
    assert (living.residents, living.local, living.non_local, living.key_region) == (2012, 1226, 786, 28)
    assert report.findings == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total": 2013}, ["1226 + 786 = 2012, not 2013", "residents: 2013 stated, 2012 in the register"]),
        ({"of_whom": {"key_region": 29}}, ["of a key region: 29 stated, 28 in the register"]),
        ({"of_whom": {"infants": 2500}}, ["infants: 2500 is no part of 2012"]),
    ],
)
def test_a_population_that_does_not_add_up_says_so(
    world: Any, change: dict[str, Any], said: list[str]
) -> None:
    """Against itself and against the register, in both languages."""
    plan = ReportPlan.of({"population": {**PULE, **change}})
    found = daily_report(populated(world), day=DAY, now=NOW, plan=plan).findings
    assert len(found) == len(said)
    for (zh, en), expected in zip(found, said, strict=True):
        assert expected in en
        assert any("\u4e00" <= each <= "\u9fff" for each in zh)


def test_falls_beyond_everything_are_flagged(world: Any) -> None:
    """Of 529.5, 161.7 and 600.8 per cent none can be of the month before; 84.1 can."""
    changes = {"community": -529.5, "street": -161.7, "village": -600.8, "town": -84.1}
    plan = ReportPlan.of({"stated_changes": changes})
    report = daily_report(world.state, day=DAY, now=NOW, plan=plan, alarms={"2020-01": 6295, "2020-02": 1000})
    assert [en.split(":")[0] for _, en in report.findings] == ["community", "street", "village"]
    months = report.months
    assert (months.of_month_before, months.of_this_month) == (-84.1, -529.5)
    assert (months.month_before, months.this_month) == (6295, 1000)


def test_without_a_count_of_the_months_nothing_is_known(world: Any) -> None:
    """Not known is not zero, and of a month without any alert there is no percentage."""
    months = daily_report(world.state, day=DAY, now=NOW).months
    assert (months.this_month, months.of_month_before) == (None, None)
    months = daily_report(world.state, day=DAY, now=NOW, alarms={"2020-02": 3}).months
    assert (months.this_month, months.month_before, months.of_month_before) == (3, 0, None)


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"key_region": ["42"]}, r"site.toml: report.key_region: .*did you mean 'key_regions'"),
        ({"population": {"totl": 3}}, r"report.population.total: expected .*, got nothing"),
        ({"population": 3}, r"site.toml: report.population: expected a table"),
        ({"population": {"total": "many"}}, r"report.population.total: expected .*, got text"),
        ({"population": {"total": -1}}, r"site.toml: report.population.total: expected .* from 0"),
        ({"population": {"total": 3, "parts": {"local": "two"}}}, r"report.population.parts.local: expected"),
        ({"population": {"total": 3, "part": {}}}, r"report.population.part: .*did you mean 'parts'"),
        ({"stated_changes": {"a": "much"}}, r"site.toml: report.stated_changes.a: expected a number"),
        ({"stated_changes": {"a": math.nan}}, r"site.toml: report.stated_changes: expected a finite number"),
        ({"stated": {"forms.received": -1}}, r"site.toml: report.stated: expected .* from 0"),
        ({"withhold_below": 1}, r"site.toml: report.withhold_below: expected a whole number from 2 to 100"),
        ({"withhold_below": True}, r"site.toml: report.withhold_below: expected a whole number"),
        ({"key_regions": ["nowhere"]}, r"site.toml: report.key_regions\[1\]: expected six digits"),
        ({"key_regions": ["240000"]}, r"site.toml: report.key_regions: expected regions of provinces that"),
    ],
)
def test_a_bad_section_says_what_was_expected(section: dict[str, Any], message: str) -> None:
    """File and key are named."""
    with pytest.raises(PolicyError, match=message):
        ReportPlan.of(section)


def test_a_helper_sees_only_their_share(village: Any) -> None:
    """The list of one helper holds their duties and nobody else's."""
    mine = village.duty("tell-returnee", "p-3", basis="q-9", assignee="leader-4")
    sheet = helper_list(village.state, "leader-4", day=DAY, now=NOW)
    assert [row["duty"] for row in sheet.records()] == [mine.id]
    assert helper_list(village.state, "leader-5", day=DAY, now=NOW).rows == ()
