"""Dated rules: which rules hold on which day, and for whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Decision, Effect
from epiguard.duties import Duty
from epiguard.errors import PolicyError, RuleLoadError
from epiguard.facts import Fact, PersonEnrolled
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.rules import Rule, allow, deny, hold, hookimpl
from epiguard.situation import Situation, State
from policy.saying import GRANT, saying
from rules.gate import HEAD, RESIDENT, SHANGHAI, SITE, crossing, load, resident, site_file, slice_of

CLOSED = saying("C", lambda _: deny("closed", zh="关闭"))


def at(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2020."""
    return datetime(2020, month, day, hour, minute, tzinfo=SHANGHAI)


def ask(policy: Policy, asked: Crossing, *facts: Fact) -> Decision:
    """What the policy says."""
    return policy.decide(asked, slice_of(asked, *facts, site=policy.site))


# Zhonghai Huanyu in January 2020: one notice after another.
ZHONGHAI = load(
    'use = "admit-kinds"',
    'use = "couriers"\nuntil = 2020-01-28',
    'id = "drop-point"\nuse = "couriers"\nanswer = "deny"\ndrop_point = "西门临时点"\nsince = 2020-01-28',
    'id = "measured-outsiders"\nuse = "temperature"\ndirections = ["in"]\n'
    'applies_to = ["courier", "visitor"]\nsince = 2020-01-22\nuntil = 2020-01-25\n'
    'source = "22日起对外卖、快递等外来人员测量体温后再放行"',
    'use = "temperature"\ndirections = ["in"]\nsince = 2020-01-25',
)


@pytest.mark.parametrize(
    ("day", "unmeasured", "measured"),
    [
        (21, "allow: courier", "allow: courier"),
        (22, "hold: not-measured", "allow: courier"),
        (23, "hold: not-measured", "allow: courier"),
        (26, "hold: not-measured", "allow: courier"),
        (28, "deny: courier-drop-point", "deny: courier-drop-point"),
        (29, "deny: courier-drop-point", "deny: courier-drop-point"),
    ],
)
def test_a_courier_in_january(day: int, unmeasured: str, measured: str) -> None:
    """Free on the 21st, measured from the 22nd, sent to the drop point from the 28th."""
    for temperature, expected in ((None, unmeasured), (36.5, measured)):
        asked = crossing("in", Traveller(role="courier", temperature=temperature), at=at(1, day))
        decision = ask(ZHONGHAI, asked)
        assert f"{decision.effect.value}: {decision.reasons[0].code}" == expected


def test_a_resident_in_january() -> None:
    """Nobody measures residents before the 25th."""
    effects = [
        ask(ZHONGHAI, crossing("in", resident(temperature=None), at=at(1, day)), RESIDENT).effect.value
        for day in (21, 24, 25)
    ]
    assert effects == ["allow", "allow", "hold"]


def test_a_verdict_carries_its_dates_and_its_notice() -> None:
    """The entry's own source comes before the rule's."""
    asked = crossing("in", Traveller(role="courier"), at=at(1, 23))
    [verdict] = [each for each in ask(ZHONGHAI, asked).verdicts if each.rule == "measured-outsiders"]
    source = verdict.source
    assert source is not None
    assert (source.entry, source.rule, source.since, source.until) == (
        "measured-outsiders",
        "temperature",
        date(2020, 1, 22),
        date(2020, 1, 25),
    )
    assert source.notice.startswith("22日起")
    assert source.distribution.startswith("epiguard ")
    [later] = [
        each
        for each in ask(ZHONGHAI, attrs.evolve(asked, at=at(1, 26))).verdicts
        if each.rule == "temperature"
    ]
    assert later.source is not None
    assert later.source.notice.startswith("Meilong town newsletter")


@given(
    st.dates(date(2020, 1, 20), date(2020, 2, 10)),
    st.integers(1, 5),
    st.integers(-1440 * 10, 1440 * 10),
)
def test_a_rule_holds_from_since_up_to_until(since: date, days: int, minutes: int) -> None:
    """Half open, by the site's day, whatever the zone the instant is given in."""
    until = since + timedelta(days=days)
    entries = ('use = "z"', f'use = "c"\nsince = {since}\nuntil = {until}')
    policy = Policy.loads(site_file(*entries), rules=[GRANT, CLOSED])
    moment = at(1, 31) + timedelta(minutes=minutes)
    for zone in (moment.tzinfo, None):
        decision = ask(policy, crossing("out", resident(), at=moment.astimezone(zone)))
        assert (decision.effect is Effect.DENY) == (since <= moment.date() < until)
        assert decision.crossing.at.tzinfo is policy.site.zone


def test_the_day_of_a_site_can_start_later() -> None:
    """At 02:30 the rules of the day before hold."""
    head = HEAD + "day_starts = 03:00:00\n"
    text = site_file('use = "z"', 'use = "c"\nsince = 2020-02-10', head=head)
    policy = Policy.loads(text, rules=[GRANT, CLOSED])
    assert ask(policy, crossing("out", resident(), at=at(2, 10, 2, 30))).effect is Effect.ALLOW
    assert ask(policy, crossing("out", resident(), at=at(2, 10, 3, 0))).effect is Effect.DENY


def test_an_old_crossing_is_replayed_by_the_rules_of_its_day() -> None:
    """The date of the crossing counts, and no clock."""
    entries = ('use = "z"', 'use = "c"\nuntil = 2020-02-10')
    policy = Policy.loads(site_file(*entries), rules=[GRANT, CLOSED])
    assert ask(policy, crossing("out", resident(), at=at(2, 9))).effect is Effect.DENY
    assert ask(policy, crossing("out", resident(), at=at(2, 10))).effect is Effect.ALLOW


def test_one_rule_twice_with_other_dates() -> None:
    """Each entry has an id, and settings of its own."""
    policy = load(
        'use = "admit-kinds"',
        'id = "first"\nuse = "temperature"\nlimit = 38\nuntil = 2020-02-10',
        'id = "then"\nuse = "temperature"\nlimit = 37.3\nsince = 2020-02-10',
    )
    warm = [
        ask(policy, crossing("in", resident(temperature=37.5), at=at(2, day)), RESIDENT) for day in (9, 10)
    ]
    assert [each.effect for each in warm] == [Effect.ALLOW, Effect.HOLD]
    assert warm[1].reasons[0].rule == "then"


def test_equal_entries_both_speak() -> None:
    """Two equal rules under two ids are two rules."""
    policy = Policy.loads(site_file('use = "c"', 'id = "again"\nuse = "c"'), rules=[CLOSED])
    verdicts = ask(policy, crossing("out", resident())).verdicts
    assert [each.rule for each in verdicts if each.effect is Effect.DENY] == ["c", "again"]


@attrs.frozen
class Watch(Rule):
    """Owes a duty for everybody enrolled."""

    @hookimpl
    def follow_up(self, fact: Fact) -> Duty:
        """Owe it."""
        return Duty(kind="watch", subject=fact.subjects[0])


@pytest.mark.parametrize(("day", "duties"), [(9, 0), (10, 1), (11, 0)])
def test_follow_ups_are_dated_too(day: int, duties: int) -> None:
    """By the day the fact happened."""
    entry = 'use = "watch"\nsince = 2020-02-10\nuntil = 2020-02-11'
    policy = Policy.loads(site_file(entry), rules=[Watch])
    fact = PersonEnrolled(Person(id="p-7"), at=at(2, day))
    situation = Situation.about(State(SITE), ("p-7",), at(2, day))
    assert len(policy.follow_up(fact, situation).duties) == duties


# --- applies_to ---


@pytest.mark.parametrize(
    ("kind", "traveller", "applies"),
    [
        ("resident", resident(), True),
        ("resident", resident(role="visitor"), True),
        ("visitor", resident(role="visitor"), False),
        ("visitor", Traveller(), True),
        ("courier", Traveller(role="courier"), True),
        ("staff", resident(role="staff"), True),
        ("emergency", Traveller(role="emergency"), True),
        ("returnee", resident(returning_from="420106"), True),
        ("returnee", resident(), False),
        ("resident", resident(returning_from="420106"), True),
    ],
)
def test_an_entry_applies_to_kinds(kind: str, traveller: Traveller, applies: bool) -> None:
    """A returnee is a kind beside the role; somebody who lives here is no visitor."""
    policy = Policy.loads(site_file(f'use = "c"\napplies_to = ["{kind}"]'), rules=[CLOSED])
    decision = ask(policy, crossing("in", traveller), RESIDENT)
    assert (decision.effect is Effect.DENY) == applies


def test_a_rule_sees_only_those_it_applies_to() -> None:
    """And its verdicts keep the traveller's place in the party."""

    def each_standing(situation: Situation) -> Any:
        return [hold("seen", lifted_by="waiting", zh="等", about=each) for each in situation.standings]

    rule = saying("S", each_standing)
    policy = Policy.loads(site_file('use = "s"\napplies_to = ["courier"]'), rules=[rule])
    party = crossing("in", resident(), Traveller(role="courier"), Traveller(), Traveller(role="courier"))
    decision = ask(policy, party, RESIDENT)
    assert [each.traveller for each in decision.verdicts if each.code == "seen"] == [1, 3]


def test_a_yes_to_the_party_is_a_yes_to_those_it_applies_to() -> None:
    """A visitor does not slip in beside a member of staff."""
    rule = saying("S", lambda _: allow("staff", zh="工作人员"))
    policy = Policy.loads(site_file('use = "s"\napplies_to = ["staff"]'), rules=[rule])
    alone = ask(policy, crossing("in", Traveller(role="staff")))
    together = ask(policy, crossing("in", Traveller(role="staff"), Traveller()))
    assert (alone.effect, together.effect) == (Effect.ALLOW, Effect.HOLD)
    assert [each.traveller for each in together.reasons] == [1]


# --- rules passed directly ---


def test_a_rule_passed_directly_is_added() -> None:
    """With its default settings, under its class name in kebab case; named in the file it takes settings."""
    added = Policy.loads(site_file(), rules=[Watch])
    assert [(each.entry.id, each.source.distribution) for each in added.rules] == [
        ("watch", "passed directly")
    ]
    named = Policy.loads(site_file('use = "watch"\nsince = 2020-02-10'), rules=[Watch])
    assert [each.entry.since for each in named.rules] == [date(2020, 2, 10)]


def test_a_rule_that_is_no_class_is_refused() -> None:
    """What was made of one has its settings already, and the site file is where they stand."""
    with pytest.raises(RuleLoadError, match=r"^rules\[1\]: expected a class .*, got a value of type Watch;"):
        Policy.loads(site_file(), rules=[CLOSED, Watch()])  # type: ignore[list-item]  # wrong on purpose


def test_the_version_follows_what_decides() -> None:
    """The same text gives the same version, another setting or rule another one."""
    one, same = (load('use = "temperature"\nlimit = 37.3').version for _ in range(2))
    others = {
        load(*entries).version for entries in (['use = "temperature"\nlimit = 37.4'], [], ['use = "lanes"'])
    }
    assert one == same
    assert len({one, *others}) == 4


def test_an_unknown_checkpoint_is_an_error_and_no_decision() -> None:
    """Nothing is decided about a gate that the site does not have."""
    policy = load('use = "admit-kinds"')
    asked = crossing("in", resident(), checkpoint="west")
    with pytest.raises(
        LookupError, match=r"Crossing\.checkpoint: expected one of north, south, got another id"
    ):
        ask(policy, asked, RESIDENT)


def test_a_rule_that_applies_to_nobody_is_refused() -> None:
    """An empty list would switch the rule off without a word."""
    site = 'site = {id = "v", zone = "Asia/Shanghai"}\nrules = [{use = "temperature", applies_to = []}]'
    with pytest.raises(PolicyError, match="at least one kind of traveller"):
        Policy.loads(site)
