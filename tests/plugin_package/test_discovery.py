"""Plug-ins are found by their entry points, and only those that a site file names are imported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SITE = '[site]\nid = "qingpu"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "north"}]\n'
CURFEW = '[[rules]]\nuse = "night-curfew"\nsince = 2020-02-09\ncloses = 21:30:00\n'

PROGRAM = """
import json, sys
from datetime import UTC, datetime
from epiguard import Crossing, EpiguardError, Policy, Situation, Traveller

try:
    policy = Policy.loads(sys.argv[1])
except EpiguardError as error:
    said = f"{type(error).__name__}: {error}"
else:
    asked = Crossing(checkpoint="north", direction="out", at=datetime(2020, 2, 14, 13, 45, tzinfo=UTC),
                     travellers=[Traveller(person="p-7")])
    decision = policy.decide(asked, Situation.of([], asked, site=policy.site))
    said = [
        (each.effect.value, each.code, each.source and each.source.distribution) for each in decision.verdicts
    ]
modules = sorted(name for name in sys.modules if name.startswith(("epiguard_qingpu", "epiguard.rules.")))
print(json.dumps({"said": said, "modules": modules}))
"""


def install(source: Path, target: Path, *options: str) -> Path:
    """Install a package into a folder of its own, from a copy, without asking any index."""
    copy = target.with_name(target.name + "-source")
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    subprocess.run(
        [*command, "--disable-pip-version-check", "--target", str(target), *options, str(copy)], check=True
    )
    return target


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the package was installed."""
    return install(HERE, tmp_path_factory.mktemp("plugins") / "site")


def load(text: str, *folders: Path) -> dict[str, Any]:
    """What a fresh interpreter, which sees the folders, makes of a site file."""
    path = os.pathsep.join([*map(str, folders), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, SITE + text],
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_a_named_rule_is_found_imported_and_asked(installed: Path) -> None:
    """With its settings, and with the distribution it comes from; the package's other modules stay out."""
    result = load(CURFEW, installed)
    assert ["deny", "curfew", "epiguard-qingpu 1.2"] in result["said"]
    assert [each for each in result["modules"] if "qingpu" in each] == ["epiguard_qingpu"]


def test_an_unnamed_rule_is_not_imported(installed: Path) -> None:
    """Installing a plug-in changes nothing; naming a built-in rule imports that one file alone."""
    result = load('[[rules]]\nuse = "lanes"\n', installed)
    assert not [each for each in result["modules"] if "qingpu" in each]
    public = [each for each in result["modules"] if "._" not in each]
    assert public == ["epiguard.rules.hookspecs", "epiguard.rules.lanes"]


def test_a_misspelt_name_suggests_the_right_one(installed: Path) -> None:
    """Also where the right one is a plug-in's, which is not imported for it."""
    result = load('[[rules]]\nuse = "night-curfeu"\n', installed)
    assert result["said"] == (
        "RuleLoadError: site.toml: rules[1].use: expected the name of an installed rule, "
        "got 'night-curfeu', which no installed package offers; did you mean 'night-curfew'? "
        "If not, install the package that offers it"
    )
    assert not [each for each in result["modules"] if "qingpu" in each]


def test_a_plug_in_that_is_not_installed() -> None:
    """The file names it, nobody offers it: the policy does not load without it."""
    said = load(CURFEW)["said"]
    assert "which no installed package offers" in said
    assert said.endswith("install the package that offers it")


def test_a_plug_in_that_cannot_be_imported(installed: Path) -> None:
    """The message names the package to mend; other plug-ins of the package are not harmed."""
    assert load('[[rules]]\nuse = "broken"\n', installed)["said"] == (
        "RuleLoadError: site.toml: rules[1].use: expected rule 'broken' of epiguard-qingpu 1.2 to import, "
        "got ModuleNotFoundError; mend or reinstall epiguard-qingpu 1.2"
    )


def test_settings_of_a_plug_in_are_as_strict_as_ours(installed: Path) -> None:
    """A misspelt one is refused with a suggestion."""
    assert load(CURFEW.replace("closes", "close"), installed)["said"] == (
        "PolicyError: site.toml: rules[1].close: expected one of closes, opens, got an unknown key; "
        "did you mean 'closes'?"
    )


def test_two_packages_that_offer_one_name(installed: Path, tmp_path: Path) -> None:
    """Which of the two is meant is not guessed."""
    other = tmp_path / "other"
    (other / "src").mkdir(parents=True)
    rule = (HERE / "src" / "epiguard_qingpu" / "__init__.py").read_text(encoding="utf-8")
    (other / "src" / "epiguard_other.py").write_text(rule, encoding="utf-8")
    (other / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "epiguard-other"\nversion = "1"\n'
        '[project.entry-points."epiguard.rules"]\nnight-curfew = "epiguard_other:NightCurfew"\n'
        '[tool.setuptools]\npackage-dir = { "" = "src" }\npy-modules = ["epiguard_other"]\n',
        encoding="utf-8",
    )
    result = load(CURFEW, installed, install(other, tmp_path / "installed"))
    assert result["said"] == (
        "RuleLoadError: site.toml: rules[1].use: expected one package that offers the rule, "
        "got 'night-curfew' offered by epiguard-other and epiguard-qingpu; uninstall one of them"
    )
    assert not [each for each in result["modules"] if "qingpu" in each or "other" in each]
