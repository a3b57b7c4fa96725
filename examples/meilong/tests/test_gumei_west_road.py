"""Gumei West Road: 40 shops, 8 of permitted trades open one trade after the other; no gatherings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from at_the_gate import SITES, ask, at, crossing, load, open_ledger, reasons, resident, said, visitor
from epiguard import Effect, InvalidValueError, Policy, PolicyError, from_plain, to_plain
from epiguard_meilong.gatherings import CountObserved
from epiguard_meilong.permitted_trades import PermittedTrades

POLICY = load("gumei_west_road")
[TRADES] = [each.rule for each in POLICY.rules if isinstance(each.rule, PermittedTrades)]


def test_forty_shops_of_which_eight_open_by_date() -> None:
    """Trade by trade; before the first day none, in the end 8, and 32 stay shut."""
    register = TRADES.register(date(2020, 2, 14))
    assert len(register) == 40
    assert sum(each.open for each in register) == 8
    counts = [
        sum(each.open for each in TRADES.register(date(2020, month, day)))
        for month, day in ((1, 26), (1, 27), (1, 31), (2, 3), (2, 10))
    ]
    assert counts == [0, 2, 5, 7, 8]


def test_the_way_to_an_open_shop_and_to_all_others() -> None:
    """On the 14th exactly the 8 open ones let customers in; the others say why not."""
    when = at(2, 14)
    for shop in TRADES.register(when.date()):
        asked = crossing("south-end", "in", when, visitor(), purpose=f"shop:{shop.id}")
        decision = ask(POLICY, asked)
        assert decision.effect is (Effect.ALLOW if shop.open else Effect.DENY)
        if not shop.open:
            assert reasons(decision) == [f"{TRADES.names[shop.trade]}目前不在准许恢复营业的业态内,该店歇业"]
            assert reasons(decision, "en")[0].startswith(f"{shop.trade}: not among the trades")


def test_a_trade_that_opens_later_says_when() -> None:
    """The bank is shut on the 9th and opens on the 10th."""
    bank = next(each.id for each in TRADES.register(date(2020, 2, 14)) if each.trade == "bank")
    shut = ask(POLICY, crossing("south-end", "in", at(2, 9), visitor(), purpose=f"shop:{bank}"))
    assert reasons(shut) == ["银行自2020-02-10起方可恢复营业,该店目前歇业"]
    opened = ask(POLICY, crossing("south-end", "in", at(2, 10), visitor(), purpose=f"shop:{bank}"))
    assert opened.effect is Effect.ALLOW


def test_a_shop_that_the_register_does_not_know() -> None:
    """Nothing is guessed: the guard asks which one is meant."""
    decision = ask(POLICY, crossing("south-end", "in", at(2, 14), visitor(), purpose="shop:s-99"))
    assert (decision.effect, decision.lifted_by) == (Effect.HOLD, ("name-the-shop",))


OPEN_SHOP, SHUT_SHOP = "s-01", "s-05"


@pytest.mark.parametrize(
    "written",
    [
        "shop:{}",
        "shop：{}",
        "shop﹕{}",
        "shop: {}",
        "shop :{}",
        "  SHOP:{}",
        "Shop:{}",
        "ｓｈｏｐ：{}",
        "s\u200bhop:{}",
        "shop\u00a0{}",
        "shop/{}",
        "shop {}",
        "#shop:{}!",
        "{}",
        "to {} for lunch",
        "去{}",
    ],
)
@pytest.mark.parametrize(
    "shop", [str, str.upper, lambda each: each.replace("-", "－"), lambda each: each.replace("-", "–")]
)
def test_a_shop_is_named_however_it_is_written(written: str, shop: Callable[[str], str]) -> None:
    """Width, case, blanks, dashes and what nobody sees change nothing: shut is shut, open is open."""
    for name, effect in ((SHUT_SHOP, Effect.DENY), (OPEN_SHOP, Effect.ALLOW)):
        asked = crossing("south-end", "in", at(2, 14), visitor(), purpose=written.format(shop(name)))
        decision = ask(POLICY, asked)
        assert decision.effect is effect
        assert ("allow", "shop-open") in said(decision) or effect is Effect.DENY


@pytest.mark.parametrize(
    "purpose",
    ["shop", "shop:", "shop：s-99", "shops", "shop:s-0", "shop:s-011", "shop:s-01 and another", "shopping"],
)
def test_whoever_speaks_of_a_shop_and_names_none_is_asked_which(purpose: str) -> None:
    """Nothing is taken for no shop that may mean one."""
    decision = ask(POLICY, crossing("south-end", "in", at(2, 14), visitor(), purpose=purpose))
    assert (decision.effect, decision.lifted_by) == (Effect.HOLD, ("name-the-shop",))


def test_of_several_shops_each_has_its_answer() -> None:
    """One that is shut closes the way, whatever stands beside it."""
    asked = crossing("south-end", "in", at(2, 14), visitor(), purpose=f"shop:{OPEN_SHOP}、{SHUT_SHOP}")
    assert said(ask(POLICY, asked)) >= {("allow", "shop-open"), ("deny", "trade-not-permitted")}


@given(st.text(max_size=20))
def test_no_purpose_of_whatever_text_opens_a_shop_that_is_shut(text: str) -> None:
    """Whatever stands around its id, or nothing does; and nothing makes the rule fail."""
    assert ask(
        POLICY, crossing("south-end", "in", at(2, 14), visitor(), purpose=f"shop:{text}")
    ).effect in set(Effect)
    beside = ask(
        POLICY, crossing("south-end", "in", at(2, 14), visitor(), purpose=f"shop:{SHUT_SHOP} {text}")
    )
    assert beside.effect is not Effect.ALLOW
    assert not [each for each in beside.verdicts if each.fault is not None]


def test_the_street_is_everybodys() -> None:
    """Who walks through, lives there, or leaves a shop that is shut, is not asked about shops."""
    assert ask(POLICY, crossing("north-end", "in", at(2, 14), visitor())).effect is Effect.ALLOW
    assert (
        ask(POLICY, crossing("north-end", "in", at(2, 14), resident(), purpose="home")).effect is Effect.ALLOW
    )
    out = crossing("north-end", "out", at(2, 14), visitor(), purpose="shop:s-05")
    assert ask(POLICY, out).effect is Effect.ALLOW


def test_a_gathering_is_an_alert_from_a_count() -> None:
    """More than the limit is one, the limit is none; somebody is sent to look, and nobody is named."""
    ledger = open_ledger(POLICY, when=at(2, 14))
    for minute, count in enumerate((0, 9, 10, 11)):
        ledger.record(CountObserved(place="stretch-2", count=count, at=at(2, 14, 10, minute)), by="camera-2")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject, alert.at) == ("gathering", "stretch-2", at(2, 14, 10, 3))
    assert alert.text("zh") == "现场计数11人,超过10人,疑似聚集,请到场查看"
    [duty] = ledger.duties()
    assert duty.due == at(2, 14, 10, 3) + timedelta(minutes=15)


def test_every_gathering_is_an_alert_of_its_own() -> None:
    """The next count over the limit is told again; the same one, told twice, is not."""
    ledger = open_ledger(POLICY, when=at(2, 14))
    for minute in (0, 0, 20):
        ledger.record(CountObserved(place="stretch-2", count=30, at=at(2, 14, 10, minute)), by="camera-2")
    assert len(ledger.alerts()) == 2


def test_a_count_is_a_fact_like_any_other() -> None:
    """It goes to plain data and back; half a person and a negative crowd are refused."""
    seen = CountObserved(place="stretch-2", count=12, at=at(2, 14))
    assert from_plain(to_plain(seen)) == seen
    for count in (-1, True, 1.5, "12"):
        with pytest.raises(InvalidValueError, match=r"^CountObserved\.count: expected a whole number of peo"):
            CountObserved(place="stretch-2", count=count)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("place", ["", "王小明家门口", "13800138000", "stretch 2", 7])
def test_a_place_tells_nothing_of_anybody(place: str) -> None:
    """It is shown in alerts and logs: a name, an address or a number is refused, and not repeated."""
    with pytest.raises(InvalidValueError, match=r"^CountObserved\.place: expected ") as caught:
        CountObserved(place=place, count=1)
    assert not place or str(place) not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("bank = 2020-02-10\n", "no shop has the trade 'banck'; correct it in permitted or in shops"),
        ('s-01 = "pharmacy"\n', "expected text in quotes, got a whole number"),
        ('s-02 = "convenience-store"\n', "give each shop an id that differs from the others"),
    ],
)
def test_a_slip_in_the_register_is_refused(wrong: str, message: str) -> None:
    """A trade that no shop has would never open; a shop without a trade is none."""
    text = (SITES / "gumei_west_road.toml").read_text(encoding="utf-8")
    slips = {
        "bank = 2020-02-10\n": "banck = 2020-02-10\n",
        's-01 = "pharmacy"\n': "s-01 = 1\n",
        's-02 = "convenience-store"\n': '"Ｓ-01" = "convenience-store"\n',
    }
    slip = slips[wrong]
    with pytest.raises(PolicyError) as caught:
        Policy.loads(text.replace(wrong, slip))
    assert message in str(caught.value)
