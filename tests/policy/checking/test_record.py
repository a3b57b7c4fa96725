"""What a check answered is kept as a text: the same everywhere, read back, and compared with later."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import (
    Crossing,
    Direction,
    Effect,
    ExportError,
    Policy,
    PolicyError,
    Role,
    Situation,
    Verdict,
    WatchListed,
)
from epiguard.cli import main
from epiguard.fields import FrozenMapping
from epiguard.policy.checking import WELL, CheckRecord, _check
from epiguard.policy.checking._factors import values_of
from epiguard.policy.checking._spelling import read_value, read_word, value, word
from epiguard.policy.checking._world import World
from epiguard.rules import Rule, deny, hookimpl

SITE = """
[site]
id = "plum-court"
zone = "Asia/Shanghai"
checkpoints = [{ id = "north" }]

[[rules]]
use = "admit-kinds"
kinds = ["resident", "visitor"]

[[rules]]
use = "temperature"
limit = 37.3

[[rules]]
use = "curfew"
since = 2020-02-09
closes = 22:30:00
"""


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller world than a site's: the tests take seconds."""
    monkeypatch.setattr(_check, "MOST_OF_A_RULE", 80)
    monkeypatch.setattr(_check, "MOST_PAIRS", 100)


def changed(*changes: tuple[str, str]) -> str:
    """The site, written otherwise."""
    text = SITE
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def recorded(text: str = SITE, rules: Iterable[type[Rule]] = ()) -> CheckRecord:
    """What a site answers, written and read."""
    return CheckRecord.loads(Policy.loads(text, rules=tuple(rules)).check().record.text())


def test_a_record_is_what_was_answered_and_reads_back_as_it_was() -> None:
    """Every case of the check, with its answer; the text of what was read is the text that was read."""
    record = Policy.loads(SITE).check().record
    text = record.text()
    again = CheckRecord.loads(text)
    assert again == record
    assert again.text() == text
    assert {each.effect for each in record.answers.values()} == set(Effect)


def test_the_cases_on_record_are_decided_as_they_were() -> None:
    """Asked again, one by one, beside the check's own world: the naive way to compare."""
    policy = Policy.loads(SITE)
    record = policy.check().record
    world = World(policy._policed(), values_of(policy.site, policy.rules, ()), set(record.base))
    for assignment, said in record.asked():
        decision = world.decide(assignment)
        assert decision.effect is said.effect
        assert {each.rule for each in decision.verdicts} == {each.rule for each in said.verdicts}
    assert policy.compare(record) == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("limit = 37.3", "limit = 37.4", (Effect.HOLD, Effect.ALLOW, "temperature")),
        ("closes = 22:30:00", "closes = 22:31:00", (Effect.DENY, Effect.ALLOW, "curfew")),
        ("since = 2020-02-09", "since = 2020-02-10", (Effect.DENY, Effect.ALLOW, "curfew")),
        (', "visitor"]', "]", (Effect.ALLOW, Effect.HOLD, "admit-kinds")),
    ],
)
def test_a_change_is_told_with_its_smallest_example(
    old: str, new: str, told: tuple[Effect, Effect, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a tenth of a degree, by a minute, by a day, by a kind of traveller; the example runs."""
    policy = Policy.loads(changed((old, new)))
    differences = policy.check(against=recorded()).differences
    assert policy.compare(recorded()) == differences
    [found, *_] = [each for each in differences if (each.before, each.after, *each.rules) == told]
    monkeypatch.setattr(Policy, "load", lambda _: policy)
    exec(compile(found.example, "example", "exec"), {})  # noqa: S102 - what is tested


def test_what_a_verdict_says_in_words_is_not_on_record() -> None:
    """Only what somebody at the gate gets: another source is no difference."""
    text = changed(("limit = 37.3", 'limit = 37.3\nsource = "another notice"'))
    assert Policy.loads(text).compare(recorded()) == ()


def test_a_verdict_that_only_asks_for_something_else_is_a_difference() -> None:
    """The effect stays; what would lift the hold does not."""
    line = "temperature/fever-retest: hold, lifted by retest"
    text = recorded().text()
    assert line in text
    others = Policy.loads(SITE).compare(CheckRecord.loads(text.replace(line, f"{line}-twice")))
    assert others
    for each in others:
        assert (each.before, each.rules) == (each.after, ("temperature",))


def test_a_record_is_the_same_whatever_the_hash_seed() -> None:
    """Sets have another order in every process; a record has not."""
    code = "import sys; from epiguard import Policy; print(Policy.load(sys.argv[1]).check().record.text())"
    site = Path(__file__).parents[3] / "examples" / "meilong" / "variations" / "curfew_both_ways.toml"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, str(site)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


class ByGuests(Rule):
    """Reads what a check cannot make up: a purpose, counts and facts."""

    def boundaries(self) -> dict[str, list[object]]:
        """A word with signs of ours, counts, and a fact."""
        fact = WatchListed(person="p-1", reason="return", until=date(2020, 2, 20))
        return {"purpose": ["tea|=; and 糕"], "counts": [{"guests": 3}], "facts": [[fact]]}

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Look at all three."""
        [first, *_] = situation.standings
        if (*first.notes, *first.watches) and situation.counts.get("guests"):
            return deny("full", zh="满", en="full")
        return deny("tea", zh="茶", en="tea") if crossing.purpose else None


def test_values_that_a_rule_names_itself_are_recorded_too() -> None:
    """A purpose with any sign in it, counts and facts are read back, and asked again."""
    rules = (ByGuests,)
    record = recorded(SITE, rules)
    said = {name for case in record.answers for name, _ in case}
    assert {"purpose", "counts", "facts"} <= said
    assert Policy.loads(SITE, rules=rules).compare(record) == ()
    assert Policy.loads(f'{SITE}\n[[rules]]\nuse = "by-guests"\nuntil = 2020-02-09\n', rules=rules).compare(
        record
    )


@given(st.text())
def test_any_text_is_a_word_and_back(text: str) -> None:
    """Without a blank, and without a sign that a record is made of."""
    assert read_word(word(text)) == text
    assert not set(word(text)) & set(" |=;,/\n")


VALUES = {
    "temperature": st.floats(30, 45),
    "time": st.times(),
    "day": st.dates(),
    "direction": st.sampled_from(Direction),
    "role": st.none() | st.sampled_from(Role),
    "asked": st.sampled_from([True, False, None]),
    "returned_on": st.none() | st.integers(0, 60),
    "purpose": st.none() | st.text(),
    "counts": st.dictionaries(st.text(), st.integers()).map(FrozenMapping),
}


@given(st.data())
def test_any_value_is_written_and_read_back(data: st.DataObject) -> None:
    """Of whatever kind its factor is."""
    name = data.draw(st.sampled_from(sorted(VALUES)))
    held = data.draw(VALUES[name])
    assert read_value(name, value(name, held)) == held


def test_every_factor_at_its_best_is_written_and_read_back() -> None:
    """None is forgotten."""
    for name, held in WELL.items():
        assert read_value(name, value(name, held)) == held


FIRST = "epiguard check record 1 of plum-court"
BASE = "unless said otherwise: direction=in gate=north vehicle=- day=2020-02-14 who=resident role=-"
SAYS = "what verdicts say, unless written beside them:\n    admit-kinds/admitted: allow"
RIGHT = f"{FIRST}\n{BASE}\n\n{SAYS}\n\nallow: admit-kinds/admitted\n    as said above\n    role=staff\n"


def test_a_record_can_be_written_by_hand() -> None:
    """Two people who may come in."""
    record = CheckRecord.loads(RIGHT)
    assert record.text() == RIGHT.replace("    as said above\n    role=staff\n", "    role=-|staff\n")
    assert [dict(case) for case in record.answers] == [{}, {"role": Role.STAFF}]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            FIRST,
            "epiguard check record 2 of plum-court",
            " line 1: expected a record that begins with",
        ),
        (BASE, "unless said otherwise: direction=in", " line 2: expected a value of each of"),
        ("direction=in gate", "direction=up gate", " line 2: expected lines as a check writes them"),
        (SAYS, "nothing", " line 4: expected 'what verdicts say"),
        (
            "allow: admit-kinds/admitted\n",
            "perhaps: admit-kinds/admitted\n",
            " line 7: expected lines",
        ),
        ("allow: admit-kinds/admitted\n", "allow: visitors/host-agreed\n", " line 7: expected lines"),
        ("role=staff", "role=robot", " line 9: expected lines"),
        ("role=staff", "asked=yes", " line 9: expected lines"),
        ("role=staff", "role=staff role=staff", " line 9: expected lines"),
        ("role=staff", "role", " line 9: expected lines"),
        (
            "    role=staff\n",
            "\nhold: /unreviewed (hold)\n    role=-\n",
            " line 11: expected one answer to each case",
        ),
        (RIGHT[RIGHT.index(SAYS) :], "", ": expected 'epiguard check record 1' and answers"),
    ],
)
def test_what_is_no_record_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    """It says where, what was expected, and what to do."""
    assert old in RIGHT
    with pytest.raises(PolicyError) as caught:
        CheckRecord.loads(RIGHT.replace(old, new), name="kept.txt")
    assert str(caught.value).startswith(f"kept.txt{message}")
    assert "--record" in str(caught.value)


def test_a_record_of_a_gate_that_is_gone_is_refused() -> None:
    """Nobody could be asked there."""
    text = changed(('id = "north"', 'id = "south"'))
    with pytest.raises(PolicyError, match="gate: expected gates of the site file"):
        Policy.loads(text).check(against=recorded())


def test_a_file_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    """Missing, no text, or no folder; what was there stays."""
    with pytest.raises(PolicyError, match=r"kept\.txt: expected a readable record"):
        CheckRecord.load(tmp_path / "kept.txt")
    (tmp_path / "kept.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="no UTF-8"):
        CheckRecord.load(tmp_path / "kept.txt")
    with pytest.raises(ExportError, match=r"kept\.txt: expected a file that can be written"):
        CheckRecord.loads(RIGHT).save(tmp_path / "nowhere" / "kept.txt")


def test_the_command_keeps_a_record_and_compares_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ends with 0 where the answers are as they were, and with 1 where one is another; then shows it."""
    site, kept = tmp_path / "site.toml", tmp_path / "kept.txt"
    site.write_text(SITE, encoding="utf-8")
    assert main(["check", str(site), "--record", str(kept)]) == 0
    assert main(["check", str(site), "--against", str(kept)]) == 0
    assert "becomes" not in capsys.readouterr().out
    site.write_text(changed(("limit = 37.3", "limit = 37.5")), encoding="utf-8")
    assert main(["check", str(site), "--against", str(kept)]) == 1
    printed = capsys.readouterr().out
    assert "hold becomes allow: temperature" in printed
    assert "temperature=37.3" in printed


@attrs.frozen
class Unsure(Rule):
    """Nobody passes a clock that is off."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Verdict | None:
        """Deny."""
        return deny("unsure", zh="否", en="no") if situation.clock_suspect else None


@pytest.mark.parametrize(("bound", "spoken"), [("", False), ("clock_bound_minutes = 10\n", True)])
def test_a_suspect_clock_is_tried_where_the_site_watches_its_clocks(bound: str, spoken: bool) -> None:
    """Elsewhere no clock can be suspect, so a rule that waits for one says nothing."""
    text = changed(('zone = "Asia/Shanghai"\n', f'zone = "Asia/Shanghai"\n{bound}'))
    check = Policy.loads(text, rules=[Unsure]).check()
    assert ("never-matters:unsure" not in {each.id for each in check.findings}) == spoken
    assert (
        any(said.rule == "unsure" for each in check.record.answers.values() for said in each.verdicts)
        == spoken
    )


def test_nobody_invented_by_a_check_is_anybody() -> None:
    """A record names no person but those of the small world, and no plate or number of theirs."""
    text = recorded().text()
    for personal in ("沪A", "皖B", "1985", "name"):
        assert personal not in text
    assert time(22, 30) in {held for case in recorded().answers for name, held in case if name == "time"}
