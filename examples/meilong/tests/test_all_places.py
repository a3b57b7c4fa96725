"""What holds at every place, whoever stands at the gate: one test over all site files there are."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import attrs
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from any_crossing import crossings, histories
from at_the_gate import SITES
from epiguard import (
    Alert,
    Crossing,
    CrossingDecided,
    Decision,
    Duty,
    Effect,
    Fact,
    Policy,
    Role,
    Situation,
)

FILES = sorted(SITES.glob("*.toml"))
NINE = {
    "binjiang_market",
    "caohang",
    "caozhong",
    "gumei_west_road",
    "jindu_road",
    "minjian",
    "pule_2",
    "xujing",
    "zhonghai_huanyu",
}
NEWSLETTER = (Path(__file__).with_name("newsletter.txt")).read_text(encoding="utf-8")
PURPOSES = ("shop:s-01", "shop:s-05", "shop:s-99")
CHINESE = re.compile("[\u4e00-\u9fff]")
#: In how many orders the rules of a file are put.
ORDERS = 6
every_place = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def shuffled(text: str, seed: int) -> str:
    """A site file with its ``[[rules]]`` entries in another order, each with its tables."""
    head, *entries = re.split(r"^(?=\[\[rules\]\])", text, flags=re.MULTILINE)
    tail = ""
    for number, entry in enumerate(entries):
        # What follows the last rule and is no table of it belongs to the file.
        other = re.search(r"^\[(?!\[?rules)", entry, flags=re.MULTILINE)
        if other is not None:
            entries[number], tail = entry[: other.start()], tail + entry[other.start() :]
    Random(seed).shuffle(entries)  # noqa: S311 - an order guards no secret
    return head + tail + "\n" + "\n".join(entries)


@cache
def policy_of(path: Path, seed: int | None = None) -> Policy:
    """The policy of a place; with a seed its rules stand in another order."""
    text = path.read_text(encoding="utf-8")
    return Policy.loads(text if seed is None else shuffled(text, seed), name=path.name)


def without_order(decision: Decision) -> tuple[object, ...]:
    """A decision as a thing that has no order, and without the fingerprint of its file."""
    return (
        decision.effect,
        sorted(map(repr, decision.verdicts)),
        sorted(decision.duties, key=lambda each: each.id),
        sorted(decision.alerts, key=lambda each: each.id),
        decision.claim_keys,
    )


def assert_explained(decision: Decision) -> None:
    """Every verdict, duty and alert says something in Chinese, and something else in English."""
    said: list[Alert | Duty] = [*decision.duties, *decision.alerts]
    for texts in (*(each.texts for each in decision.verdicts), *(each.texts for each in said)):
        note(f"{texts}")
        assert CHINESE.search(texts["zh"])
        assert re.search("[a-z]{2}", texts["en"])
        assert texts["zh"] != texts["en"]
    assert decision.reasons
    for verdict in decision.verdicts:
        assert verdict.fault is None
        assert (verdict.lifted_by is not None) == (verdict.effect is Effect.HOLD)


def decide(policy: Policy, asked: Crossing, facts: list[Fact]) -> Decision:
    """The policy's answer after some facts."""
    return policy.decide(asked, Situation.of(facts, asked, site=policy.site))


def test_every_place_is_one_of_the_nine() -> None:
    """Each site file is named after a place of the newsletter; there is none without a place."""
    assert {path.stem for path in FILES} <= NINE
    assert FILES


@every_place
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_decisions(path: Path, data: st.DataObject) -> None:
    """Explained in both languages, the same twice, and the same in whatever order the rules stand."""
    policy = policy_of(path)
    asked = data.draw(crossings(policy.site, PURPOSES))
    facts = data.draw(histories(policy.site))
    decision = decide(policy, asked, facts)
    assert_explained(decision)
    assert decide(policy, asked, facts) == decision
    other = policy_of(path, data.draw(st.integers(0, ORDERS - 1)))
    assert without_order(decide(other, asked, facts)) == without_order(decision)


@every_place
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_nobody_is_trapped_by_a_fever_or_a_closed_gate(path: Path, data: st.DataObject) -> None:
    """Whoever lives here and has no fever is never refused the way home by the place's last word.

    A hold names what lifts it; a refusal is a lane's (another gate takes them), or that of a closed shop.
    """
    policy = policy_of(path)
    asked = data.draw(crossings(policy.site))
    decision = decide(policy, asked, data.draw(histories(policy.site)))
    if asked.direction.value == "in":
        for verdict in decision.verdicts:
            home = verdict.traveller is not None and asked.travellers[verdict.traveller].person == "p-7"
            assert not (home and verdict.effect is Effect.DENY)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem != "gumei_west_road"], ids=lambda path: path.stem
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whoever_says_they_came_back_and_is_let_in_owes_their_days(path: Path, data: st.DataObject) -> None:
    """The order, that is: at every place where people live, on every day from which its rule holds."""
    policy = policy_of(path)
    since = next(each.entry.since for each in policy.rules if each.entry.use == "order-quarantine")
    asked, facts = data.draw(crossings(policy.site)), data.draw(histories(policy.site))
    inward = attrs.evolve(
        asked, direction="in", travellers=[attrs.evolve(asked.travellers[0], returning_from="420106")]
    )
    decision = decide(policy, inward, facts)
    situation = Situation.of(facts, inward, site=policy.site)
    [standing] = situation.standings
    # Under leave the verdict is waived with its duty, and the duty follows from the crossing.
    following = policy.follow_up(CrossingDecided(decision, at=inward.at), situation)
    owed = {each.kind for each in (*decision.duties, *following.duties)}
    days = [each.anchor_day for each in (*standing.periods, *standing.past_periods)]
    ordered = any(each >= decision.day - timedelta(days=2) for each in days)
    nobody = standing.subject is None and standing.registered
    let_in = decision.effect is Effect.ALLOW and standing.role in {Role.RESIDENT, Role.VISITOR, Role.STAFF}
    if let_in and not ordered and not nobody and (since is None or decision.day >= since):
        assert "order-quarantine" in owed
    elif decision.effect is Effect.ALLOW:
        assert "order-quarantine" not in owed


@every_place
def test_the_order_does_change(path: Path) -> None:
    """The shuffled file the test above compares with has the same rules, in another order."""
    before = [each.entry.id for each in policy_of(path).rules]
    orders = [[each.entry.id for each in policy_of(path, seed).rules] for seed in range(ORDERS)]
    assert all(sorted(each) == sorted(before) for each in orders)
    assert any(each != before for each in orders)


@every_place
def test_every_rule_cites_the_newsletter_or_says_that_it_is_ours(path: Path) -> None:
    """What stands as a quotation is one; what was added says so, and why."""
    for rule in Policy.load(path).rules:
        notice = rule.source.notice
        if notice.startswith("ours: "):
            assert len(notice) > len("ours: because")
            continue
        assert CHINESE.search(notice), f"{rule.entry.id}: neither quoted nor ours"
        for part in re.split("[;;]", notice):
            quoted = part.rpartition(": ")[2].strip()
            assert quoted in NEWSLETTER, f"{rule.entry.id}: not a quotation: {quoted}"


@every_place
def test_whoever_is_sent_elsewhere_is_told_by_a_rule_of_the_file(path: Path) -> None:
    """Every rule of the file is offered by an installed package, and the file names no other."""
    for rule in Policy.load(path).rules:
        assert rule.source.distribution.partition(" ")[0] in {"epiguard", "epiguard-meilong"}


@every_place
def test_a_check_finds_nothing_serious(path: Path) -> None:
    """Nobody is trapped, or the site file says why that is so."""
    assert [each.id for each in Policy.load(path).check().serious] == []
