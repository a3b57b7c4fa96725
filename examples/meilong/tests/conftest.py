"""The rules are found as an installed package: where it is not installed, a copy is, for this run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1]
#: What a build leaves behind, and what no wheel of the rules needs.
NOT_NEEDED = ("__pycache__", "*.egg-info", "build", "tests", "jindu_road")

_folder: tempfile.TemporaryDirectory[str] | None = None


def _install(target: Path) -> None:
    """Install a copy into a folder, asking no index."""
    copy, site = target / "source", target / "site"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns(*NOT_NEEDED))
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(copy)]
    subprocess.run(command, check=True)  # noqa: S603 - pip, on our own files
    sys.path.insert(0, str(site))


try:
    distribution("epiguard-meilong")
except PackageNotFoundError:
    # Here, not in a fixture: the tests below import the package when they are collected.
    _folder = tempfile.TemporaryDirectory(prefix="epiguard-meilong-")
    _install(Path(_folder.name))


def pytest_unconfigure(config: pytest.Config) -> None:  # noqa: ARG001 - pytest's signature
    """Remove the copy."""
    if _folder is not None:
        sys.path.remove(str(Path(_folder.name) / "site"))
        _folder.cleanup()
