"""``epiguard replay``: recorded crossings by another site file, on the screen and as a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from epiguard.cli import main
from epiguard.ledger import Ledger
from epiguard.policy import Policy
from rules.gate import HEAD, NOON, RESIDENT, crossing, resident, site_file

Replay = Callable[..., int]
OPEN = site_file("use = 'admit-kinds'")
EARLY = site_file("use = 'admit-kinds'", "use = 'curfew'\ncloses = 11:00:00\nopens = 05:00:00")


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    """The command, beside a site with a ledger of four crossings on two days."""
    (tmp_path / "site.toml").write_text(OPEN, encoding="utf-8")
    (tmp_path / "early.toml").write_text(EARLY, encoding="utf-8")
    (tmp_path / "elsewhere.toml").write_text(HEAD.replace('{id = "north"}, ', ""), encoding="utf-8")
    with Ledger.open(tmp_path / "site.db", policy=Policy.load(tmp_path / "site.toml")) as ledger:
        ledger.record(RESIDENT, by="cadre-1", recorded_at=NOON)
        for days in (0, 1):
            for way in ("out", "in"):
                at = NOON + timedelta(days=days, minutes=way == "in")
                ledger.admit(attrs.evolve(crossing(way, resident()), at=at), by="guard-1", recorded_at=at)

    def run(*options: str, candidate: str = "early.toml", ledger: str = "site.db") -> int:
        return main(
            [
                "replay",
                str(tmp_path / "site.toml"),
                *("--ledger", str(tmp_path / ledger)),
                *("--candidate", str(tmp_path / candidate)),
                *options,
            ]
        )

    return run


def test_differences_are_listed_by_rule(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """With counts, texts in both languages, and decisions to look up; differences are no failure."""
    assert replay() == 0
    said, progress = capsys.readouterr()
    assert "4 crossings decided, 2 of them otherwise" in said
    assert "2 x allow becomes deny: curfew: curfew-out" in said
    assert "no leaving between 11:00 and 05:00" in said
    assert "such as main-" in said
    assert progress.split()[:2] == ["crossings", "4"]


def test_only_some_days_as_known_now(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """The second of the two days."""
    assert replay("--as-known", "now", "--since", "2020-02-15", "--until", "2020-02-16") == 0
    assert "2 crossings decided, 1 of them otherwise" in capsys.readouterr().out


def test_the_page_is_written(replay: Replay, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the list."""
    page = tmp_path / "page.html"
    assert replay("--report", str(page)) == 0
    assert f"written: {page}" in capsys.readouterr().out
    assert "early.toml" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ledger": "nothing.db"}, "ledger: expected the file of a ledger"),
        ({"candidate": "elsewhere.toml"}, "checkpoint"),
        ({"candidate": "nothing.toml"}, "nothing.toml: expected a site file"),
    ],
)
def test_what_cannot_be_replayed_is_bad_input(
    replay: Replay, capsys: pytest.CaptureFixture[str], options: dict[str, str], message: str
) -> None:
    """A ledger that is not there, a gate that the candidate has not, no candidate; no traceback."""
    assert replay(**options) == 2
    assert message in capsys.readouterr().err


def test_a_date_is_a_date(replay: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """As argparse refuses it."""
    with pytest.raises(SystemExit):
        replay("--since", "yesterday")
    assert "expected a date, such as 2020-02-14" in capsys.readouterr().err
