"""The pytest plug-in: a fixture ``policy``, the rules of the site under test.

It is loaded by every pytest in whose environment epiguard is installed, so it imports nothing of the library
before a test asks for the fixture.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from epiguard.policy import Policy

__all__ = ["policy", "pytest_addoption", "pytest_configure"]

_OPTION = "epiguard_site"
_MARK = "epiguard_site"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the site file."""
    parser.addini(_OPTION, "the site file of the fixture 'policy', beside the configuration file", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Describe the mark that names another one."""
    config.addinivalue_line(
        "markers",
        f"{_MARK}(path, rules=()): the site file of the fixture 'policy' for this module, beside it, with "
        "rule classes under development",
    )


@pytest.fixture(scope="module")
def policy(request: pytest.FixtureRequest) -> Policy:
    """The rules of the site under test.

    Its file is named by ``pytestmark = pytest.mark.epiguard_site("site.toml")`` in the module, or by
    ``epiguard_site`` in pytest's configuration. A policy never changes, so a module shares one, and
    properties may use it.
    """
    from epiguard.policy import Policy  # noqa: PLC0415 - see the module's docstring

    mark = request.node.get_closest_marker(_MARK)
    if mark is not None and (mark.args or "path" in mark.kwargs):
        name = mark.args[0] if mark.args else mark.kwargs["path"]
        return Policy.load(request.path.parent / name, rules=mark.kwargs.get("rules", ()))
    name = request.config.getini(_OPTION)
    if not name:
        pytest.fail(
            "the fixture 'policy' of epiguard: expected the name of a site file, got none; write "
            f'pytestmark = pytest.mark.{_MARK}("site.toml") in the module, or {_OPTION} = "site.toml" in '
            "pytest's configuration",
            pytrace=False,
        )
    beside = request.config.inipath.parent if request.config.inipath is not None else Path.cwd()
    return Policy.load(beside / name)
