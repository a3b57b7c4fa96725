"""The pytest plug-in: a fixture that gives the rules of the site under test."""

from __future__ import annotations

from importlib.metadata import entry_points

import pytest

from policy.checking.a_site import SOUND

pytest_plugins = ["pytester"]

USES_IT = """
from hypothesis import given, settings
from epiguard.testing import crossings

def test_it(policy):
    assert policy.site.id == "plum-court"

@given(crossings())
@settings(max_examples=2)
def test_in_a_property(policy, crossing):
    assert policy.site.id == "plum-court"
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a site file in a folder beside its tests."""
    pytester.mkdir("sites")
    (pytester.path / "sites" / "site.toml").write_text(SOUND, encoding="utf-8")
    return pytester


def test_it_is_offered_to_pytest() -> None:
    """By its entry point."""
    [found] = [each for each in entry_points(group="pytest11") if each.value.startswith("epiguard.")]
    assert found.value == "epiguard.pytest_plugin"


def test_the_configuration_names_the_site(project: pytest.Pytester) -> None:
    """Beside the configuration file, wherever pytest is started; properties may use it."""
    project.makeini("[pytest]\nepiguard_site = sites/site.toml\n")
    project.makepyfile(USES_IT)
    project.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_a_module_names_its_own(project: pytest.Pytester) -> None:
    """With rules under development; the mark is known, also where marks are strict."""
    project.makepyfile(
        USES_IT
        + """
import attrs
import pytest
from epiguard.rules import Rule, deny, hookimpl

class NoCars(Rule):
    source = "test"

    @hookimpl
    def review_crossing(self, crossing):
        return deny("no-cars", zh="x", en="x") if crossing.vehicle else None

pytestmark = pytest.mark.epiguard_site("sites/site.toml", rules=[NoCars])

def test_its_rules(policy):
    assert policy.rules[-1].entry.id == "no-cars"
"""
    )
    project.runpytest_inprocess("--strict-markers").assert_outcomes(passed=3)


def test_without_a_name_it_says_what_to_do(project: pytest.Pytester) -> None:
    """Where and how to name the file."""
    project.makepyfile("def test_it(policy):\n    pass\n")
    result = project.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*expected the name of a site file, got none; write pytestmark*"])


def test_nothing_of_the_library_is_loaded_before_it_is_asked_for(project: pytest.Pytester) -> None:
    """Other projects in the environment pay nothing for it."""
    project.makepyfile(
        "import sys\n"
        "def test_it():\n"
        "    loaded = [each for each in sys.modules if each.startswith(('epiguard.policy', 'hypothesis.'))]\n"
        "    assert loaded == []\n"
    )
    project.runpytest_subprocess("-p", "no:hypothesispytest", "-p", "no:xdist").assert_outcomes(passed=1)
