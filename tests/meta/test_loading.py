"""What ``import epiguard`` loads: the face alone; each part, rule and big library when first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import epiguard

#: What takes long to load, and what a program may never need.
LATE = {
    *("phonenumbers", "cattrs", "sqlite3", "psycopg", "openpyxl", "jinja2", "hypothesis", "tomllib"),
    *(
        "epiguard.matching",
        "epiguard.reconciliation",
        "epiguard.ledger",
        "epiguard.policy",
        "epiguard.intake",
    ),
    *("epiguard.reports", "epiguard.day", "epiguard.cli", "epiguard.testing"),
}
#: What deciding needs none of, either.
NOT_TO_DECIDE = LATE - {"epiguard.policy", "tomllib", "cattrs"}


def loaded_by(code: str) -> set[str]:
    """Name the modules that a fresh interpreter has loaded after running some code."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    return set(done.stdout.split())


def test_importing_loads_the_face_alone() -> None:
    """Neither a library that takes long nor a part that nobody has asked for yet, nor any rule."""
    loaded = loaded_by("import epiguard")
    assert loaded & LATE == set()
    assert {name for name in loaded if name.startswith("epiguard.rules")} == set()


def test_deciding_loads_no_more_than_it_needs() -> None:
    """A gate that decides loads no ledger and no matcher, and of the rules those that its site names."""
    loaded = loaded_by(
        "from epiguard import Crossing, Policy, Situation\n"
        'Policy.loads(\'site = {id = "s", zone = "UTC"}\\nrules = [{use = "lanes"}]\')'
    )
    assert loaded & NOT_TO_DECIDE == set()
    assert "epiguard.rules.lanes" in loaded
    assert "epiguard.rules.couriers" not in loaded


def test_what_deciding_takes_is_loaded_without_what_it_does_not() -> None:
    """Before a policy is read: no metadata, no TOML, no built-in rule, no work of a committee, no ledger."""
    loaded = loaded_by("from epiguard import Crossing, Policy, Situation, Traveller")
    assert loaded & (LATE - {"epiguard.policy"}) == set()
    assert loaded & {"email.message", "importlib.metadata", "zipfile"} == set()
    assert {name for name in loaded if name.startswith("epiguard.work.")} == set()
    rules = {name for name in loaded if name.startswith("epiguard.rules.") and "._" not in name}
    assert rules == {"epiguard.rules.hookspecs"}


def test_a_ledger_is_loaded_without_what_a_committee_does_beside_the_gate() -> None:
    """A gate that records what it decides hands out nothing and delivers nothing."""
    loaded = loaded_by("from epiguard import Ledger")
    assert {name for name in loaded if name.startswith("epiguard.work.")} == set()
    assert loaded & (LATE - {"epiguard.policy", "epiguard.ledger", "sqlite3"}) == set()


def test_control_finds_what_is_loaded() -> None:
    """Somebody who asks for the ledger has loaded it."""
    assert "epiguard.ledger" in loaded_by("from epiguard import Ledger") & LATE


def test_each_name_on_offer_is_its_parts() -> None:
    """What the face gives is the very object of the part, and ``dir`` shows it before it was asked for."""
    for name in set(epiguard.__all__) - {"__version__"}:
        assert getattr(epiguard, name).__module__.startswith("epiguard.")
    assert set(epiguard.__all__) <= set(dir(epiguard))


def test_a_name_that_is_none_is_refused() -> None:
    """As by any module."""
    with pytest.raises(AttributeError, match="module 'epiguard' has no attribute 'Polciy'"):
        _ = epiguard.Polciy
