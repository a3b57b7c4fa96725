"""The example's rules as an installed package, for tests on a machine where it is not installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
#: What a build leaves behind, and what no wheel of the rules needs.
NOT_NEEDED = ("__pycache__", "*.egg-info", "build", "tests", "jindu_road")

_folders: list[tempfile.TemporaryDirectory[str]] = []


def where_rules_are() -> list[str]:
    """What to put on the path so that the rules are found: nothing where they are installed, else a copy."""
    if not _folders:
        try:
            distribution("epiguard-meilong")
        except PackageNotFoundError:
            _folders.append(tempfile.TemporaryDirectory(prefix="epiguard-meilong-"))
            _install(Path(_folders[0].name))
    return [str(Path(each.name) / "site") for each in _folders]


def remove() -> None:
    """Remove the copy that was made, if one was."""
    for each in _folders:
        sys.path = [entry for entry in sys.path if not entry.startswith(each.name)]
        each.cleanup()
    _folders.clear()


def _install(target: Path) -> None:
    """Install a copy into a folder, asking no index."""
    copy, site = target / "source", target / "site"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(copy)]
    subprocess.run(command, check=True)  # noqa: S603 - pip, on our own files
