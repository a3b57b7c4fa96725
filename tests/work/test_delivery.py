"""Delivered from the outbox after commit, retried where it failed, and never twice to the same recipient."""

from __future__ import annotations

import io
import json
import threading
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from epiguard import Duty, InvalidValueError, Ledger, LedgerError, PersonLeft, Situation
from epiguard.channels import Channel, ConsoleChannel, FileChannel
from epiguard.rules import Rule, hookimpl
from epiguard.work import (
    Delivery,
    DeliveryFinished,
    DeliveryKind,
    DeliveryOutcome,
    Notice,
    NoticeIssued,
    NoticeReceived,
    NoticeWithdrawn,
    Recurrence,
    in_doubt,
    tried_channels,
    unreached,
)
from epiguard.work._delivery import WAITS
from work.committee import NOON, at, enrolled, home, ledger_of, person, policy

NOTICE = Notice(id="n-1", texts={"zh": "进门测温", "en": "temperature at the gate"}, channels=["app", "sms"])
PEOPLE = [*enrolled("p-1", "p-2", person("p-3", phones=[])), home("h-1", "p-1", "p-2")]


class Recording:
    """A channel that keeps what it is given, and fails as often as it is told."""

    def __init__(self, *failures: str, name: str | None = None) -> None:
        self.got: list[Delivery] = []
        self.failures = list(failures)
        self.name = name

    def deliver(self, delivery: Delivery, _: Situation) -> Any:
        """Take it, or fail in the way that is next."""
        if self.name is not None and delivery.channel != self.name:
            return None
        self.got.append(delivery)
        failure = self.failures.pop(0) if self.failures else ""
        if failure == "raise":
            raise ConnectionError("138 0000 0001 does not answer")
        if failure == "nonsense":
            return True
        return DeliveryOutcome.FAILED if failure else DeliveryOutcome.SENT


def issued(notice: Notice = NOTICE) -> Ledger:
    """A ledger on which a notice was issued."""
    return ledger_of([*PEOPLE, NoticeIssued(notice, at=NOON)])


def test_each_household_gets_it_once() -> None:
    """A household is one recipient, somebody alone another; again, nobody is."""
    ledger, channel = issued(), Recording()
    report = ledger.deliver([channel])
    assert (
        [each.recipient for each in channel.got] == ["h-1", "p-3"] == [each.recipient for each in report.sent]
    )
    assert {(each.channel, each.text("en")) for each in channel.got} == {("app", "temperature at the gate")}
    assert ledger.deliver([channel], at=NOON + timedelta(days=1)).sent == ()
    assert len(channel.got) == 2


@pytest.mark.parametrize("failure", ["no", "raise", "nonsense"])
def test_what_failed_is_tried_again_after_a_while(failure: str) -> None:
    """By the same channel, after the first wait and not before; only for whom it failed."""
    ledger, channel = issued(), Recording(failure)
    report = ledger.deliver([channel])
    assert ([each.recipient for each in report.failed], [each.recipient for each in report.sent]) == (
        ["h-1"],
        ["p-3"],
    )
    assert ledger.deliver([channel], at=NOON + WAITS[0] - timedelta(seconds=1)).sent == ()
    [again] = ledger.deliver([channel], at=NOON + WAITS[0]).sent
    assert (again.recipient, again.attempt, again.id) == ("h-1", 2, "n-1/h-1")
    assert Counter(each.recipient for each in channel.got) == {"h-1": 2, "p-3": 1}


def test_what_a_channel_raises_is_kept_without_its_message() -> None:
    """Its kind only: the message may hold a number."""
    ledger = issued()
    ledger.deliver([Recording("raise")])
    told = [each.fact for each in ledger.facts() if isinstance(each.fact, DeliveryFinished)]
    assert [each.why.value for each in told] == ["Recording raised ConnectionError", ""]


def test_the_next_channel_takes_over() -> None:
    """After the last try of the first; who has no number has no second channel, and is listed."""
    ledger, now = issued(), NOON
    app, sms = Recording(*["no"] * 99, name="app"), Recording(name="sms")
    for wait in (*WAITS, timedelta(0)):
        ledger.deliver([app, sms], at=now)
        now += wait
    ledger.deliver([app, sms], at=now)
    assert [each.recipient for each in sms.got] == ["h-1"]
    assert Counter(each.recipient for each in app.got) == {"h-1": 4, "p-3": 4}
    missing = {
        each.recipient: (each.tried, each.others)
        for each in unreached(ledger.state, NOTICE, now, tried_channels(ledger.state, "n-1"))
    }
    # Sent is not received: the household sent no receipt.
    assert missing == {"h-1": (("app", "sms"), ("phone", "door")), "p-3": (("app",), ("door",))}


def test_a_crash_in_between_is_left_to_a_human() -> None:
    """What was begun and not ended is not made again; a human says what came of it."""

    class Dies:
        def deliver(self, *_: object) -> DeliveryOutcome:
            raise KeyboardInterrupt

    ledger, channel = issued(), Recording()
    with pytest.raises(KeyboardInterrupt):
        ledger.deliver([Dies()])
    [doubtful] = in_doubt(ledger.state)
    assert doubtful.recipient == "h-1"
    assert [each.recipient for each in ledger.deliver([channel], at=NOON + timedelta(days=1)).sent] == ["p-3"]
    found_out = DeliveryFinished(
        message="n-1", recipient="h-1", channel="app", attempt=1, outcome="failed", at=NOON
    )
    ledger.record(found_out, by="cadre-3")
    assert in_doubt(ledger.state) == []
    assert [each.recipient for each in ledger.deliver([channel], at=NOON + timedelta(days=1)).sent] == ["h-1"]


def test_two_who_deliver_at_once_send_each_message_once(tmp_path: Path) -> None:
    """Two ledgers on one file, in two threads, with a channel that waits for both: one of them sends."""
    facts = [*enrolled(*(f"p-{number}" for number in range(1, 9))), NoticeIssued(NOTICE, at=NOON)]
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy(), clock=lambda: NOON) as first:
        first.record_all(facts, by="register")
    channel, start = Recording(), threading.Barrier(2)

    def work(writer: str) -> None:
        with Ledger.open(path, policy=policy(), clock=lambda: NOON, writer=writer) as ledger:
            start.wait()
            ledger.deliver([channel])

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Counter(each.recipient for each in channel.got) == {f"p-{number}": 1 for number in range(1, 9)}


def test_without_the_claim_two_would_send_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: an attempt that claims nothing is made by everybody who finds it in the outbox."""
    ledger, channel = issued(), Recording()
    inner = Recording()

    class Nested:
        """Delivers the same outbox once more while it is asked, as a second process would."""

        def deliver(self, delivery: Delivery, _: Situation) -> DeliveryOutcome:
            channel.got.append(delivery)
            if len(channel.got) == 1:
                ledger.deliver([inner])
            return DeliveryOutcome.SENT

    ledger.deliver([Nested()])
    assert Counter(each.recipient for each in [*channel.got, *inner.got]) == {"h-1": 1, "p-3": 1}
    monkeypatch.setattr("epiguard.work._delivery.DeliveryStarted.claims", ())
    other = issued(attrs.evolve(NOTICE, id="n-2"))
    seen: list[str] = []

    class Twice:
        def deliver(self, delivery: Delivery, _: Situation) -> DeliveryOutcome:
            seen.append(delivery.recipient)
            if len(seen) == 1:
                other.deliver([self])
            return DeliveryOutcome.SENT

    other.deliver([Twice()])
    assert Counter(seen) == {"h-1": 1, "p-3": 2}


def test_nothing_goes_out_inside_a_batch() -> None:
    """What is not committed yet may never be."""
    ledger = issued()
    with ledger.batch(), pytest.raises(LedgerError, match=r"^Ledger\.deliver: expected no batch to be open"):
        ledger.deliver([Recording()])


def test_who_left_or_has_it_gets_nothing() -> None:
    """Nor does anybody once it is withdrawn."""
    ledger = issued()
    ledger.record(PersonLeft(person="p-3", reason="died", cause="death", at=NOON), by="cadre-3")
    ledger.record(NoticeReceived(notice="n-1", recipient="h-1", channel="door", receipt="read"), by="v-2")
    assert ledger.deliver([Recording()]).sent == ()
    later = issued()
    later.record(NoticeWithdrawn(notice="n-1", reason="replaced", at=NOON), by="cadre-3")
    assert later.deliver([Recording()]).sent == ()


def test_the_loudspeaker_says_it_at_its_slots() -> None:
    """Each slot once, within half an hour; a missed one is not made up for, and nobody is woken at night."""
    slots = Recurrence("FREQ=DAILY;BYHOUR=8,18", date(2020, 2, 14))
    ledger = issued(attrs.evolve(NOTICE, channels=["loudspeaker"], slots=slots))
    channel = Recording()
    for now in (at(17, 59), at(18), at(18, 10), at(23), at(8, 29, day=15), at(8, 31, day=16)):
        ledger.deliver([channel], at=now)
    assert [each.due for each in channel.got] == [at(18), at(8, day=15)]
    assert {each.recipient for each in channel.got} == {"loudspeaker"}
    # It reached nobody that one knows of.
    assert [each.recipient for each in unreached(ledger.state, NOTICE, at(23))] == ["h-1", "p-3"]


def test_duties_go_to_whoever_is_to_do_them() -> None:
    """Once; and again to whoever gets it next. They are asked for: a host may show lists instead."""
    ledger, channel = ledger_of(PEOPLE), Recording()
    ledger.owe([Duty(kind="bring-food", subject="p-1", assignee="v-2", texts={"en": "food"})], by="cadre-3")
    ledger.owe([Duty(kind="bring-food", subject="p-2")], by="cadre-3")
    assert ledger.deliver([channel]).sent == ()
    for _ in range(2):
        ledger.deliver([channel], kinds=["duty"])
    assert [(each.recipient, each.kind, each.text()) for each in channel.got] == [
        ("v-2", DeliveryKind.DUTY, "food")
    ]


def test_a_plug_in_delivers() -> None:
    """A rule with the hook is a channel, in force while its entry is; it is asked after the host's own."""
    got: list[str] = []

    @attrs.frozen
    class OwnersApp(Rule):
        """Pushes to an app."""

        source = "test"

        @hookimpl
        def deliver(self, delivery: Delivery) -> DeliveryOutcome | None:
            """Take what is for the app."""
            if delivery.channel != "app":
                return None
            got.append(delivery.recipient)
            return DeliveryOutcome.SENT

    rules = '[[rules]]\nuse = "owners-app"\nsince = 2020-02-14\n'
    ledger = Ledger.open(":memory:", policy=policy(rules, rules=[OwnersApp]), clock=lambda: NOON)
    ledger.record_all([*PEOPLE, NoticeIssued(NOTICE, at=at(day=12))], by="register")
    assert ledger.deliver(at=at(day=13)).sent == ()
    assert [each.recipient for each in ledger.deliver(at=NOON).sent] == ["h-1", "p-3"] == got


def test_console_and_file(tmp_path: Path) -> None:
    """One line each, and one whole file each; both name nobody by more than their pseudonym."""
    shown = io.StringIO()
    ledger = issued()
    channels: list[Channel] = [
        ConsoleChannel(["none"]),
        FileChannel(tmp_path / "none", ["none"]),
        ConsoleChannel(stream=shown),
    ]
    assert all(isinstance(each, Channel) for each in channels)
    ledger.deliver(channels)
    assert shown.getvalue().splitlines() == [
        "2020-02-14T12:00+08:00 app -> h-1: 进门测温",
        "2020-02-14T12:00+08:00 app -> p-3: 进门测温",
    ]
    issued().deliver([FileChannel(tmp_path / "box")])
    files = sorted(each.name for each in (tmp_path / "box").iterdir())
    assert files == ["n-1%2fh-1.1.json", "n-1%2fp-3.1.json"]
    said = json.loads((tmp_path / "box" / files[0]).read_text(encoding="utf-8"))
    assert (said["id"], said["recipient"], said["texts"]["en"]) == (
        "n-1/h-1",
        "h-1",
        "temperature at the gate",
    )


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    """Not an end: it is tried again."""
    (tmp_path / "box").write_text("a file")
    report = issued().deliver([FileChannel(tmp_path / "box")])
    assert len(report.failed) == 2


def test_what_is_no_channel_is_refused() -> None:
    """Before anything is sent."""
    ledger = issued()
    with pytest.raises(InvalidValueError, match=r"^Ledger\.deliver\(channels\): expected channels with"):
        ledger.deliver(["sms"])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(InvalidValueError, match="got a whole number"):
        ledger.deliver([7])  # type: ignore[list-item]  # wrong on purpose
    assert in_doubt(ledger.state) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"audience": []}, r"^Notice\.audience: expected at least one recipient"),
        ({"channels": ["app", "app"]}, r"^Notice\.channels: .* got one twice"),
        ({"channels": []}, r"^Notice\.channels: .* got none"),
        ({"texts": {}}, r"^Notice\.texts: expected a text in some language"),
        ({"channels": ["loudspeaker"]}, r"^Notice\.slots: expected slots where 'loudspeaker'"),
    ],
)
def test_bad_notices_say_what_was_expected(fields: dict[str, Any], message: str) -> None:
    """Each bad field gets one clear error."""
    with pytest.raises(InvalidValueError, match=message):
        Notice(**{"id": "n-1", "texts": {"zh": "进门测温"}, **fields})
