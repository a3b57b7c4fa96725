"""Compiles parts of the C kernel, without Python, under two sanitizers."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import pytest

from epiguard.matching import _select

__all__ = ["KERNEL", "sanitized"]

KERNEL = Path(_select.__file__).parent / "_csrc"


def sanitized(folder: Path, driver: str, sources: Iterable[str]) -> Path:
    """A program of a driver and some files of the kernel; any read out of bounds ends it.

    Without a compiler, or where it knows no sanitizers, the test is skipped: there is nothing to run.

    Args:
        folder: An empty one.
        driver: A program in C.
        sources: Names of the kernel's files.
    """
    cc = shutil.which(str(sysconfig.get_config_var("CC") or "cc").split()[0])
    if cc is None:
        pytest.skip("no C compiler")
    checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    (folder / "driver.c").write_text(driver, encoding="ascii")
    (folder / "empty.c").write_text("int main(void) { return 0; }\n", encoding="ascii")
    probe = subprocess.run(
        [cc, *checks, "empty.c", "-o", "empty"], cwd=folder, capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("this compiler has no sanitizers")
    flags = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{KERNEL}"]
    files = [str(KERNEL / each) for each in sources]
    subprocess.run([cc, *flags, *checks, "driver.c", *files, "-o", "driver"], cwd=folder, check=True)
    return folder / "driver"
