"""Compiles parts of the C kernel, without Python, under two sanitizers."""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from epiguard.matching import _select

__all__ = ["KERNEL", "missing", "sanitized"]

KERNEL = Path(_select.__file__).parent / "_csrc"


CHECKS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def missing(folder: Path) -> str | None:
    """Why nothing can be compiled under sanitizers here; nothing where it can.

    Args:
        folder: Where to try.
    """
    cc = _compiler()
    if cc is None:
        return "no C compiler"
    (folder / "empty.c").write_text("int main(void) { return 0; }\n", encoding="ascii")
    probe = subprocess.run(
        [cc, *CHECKS, "empty.c", "-o", "empty"], cwd=folder, capture_output=True, check=False
    )
    return "this compiler has no sanitizers" if probe.returncode else None


def sanitized(folder: Path, driver: str, sources: Iterable[str], kernel: Path = KERNEL) -> Path:
    """A program of a driver and some files of the kernel; any read out of bounds ends it.

    Args:
        folder: An empty one.
        driver: A program in C.
        sources: Names of the kernel's files.
        kernel: Where these lie.
    """
    (folder / "driver.c").write_text(driver, encoding="ascii")
    flags = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", f"-I{kernel}"]
    files = [str(kernel / each) for each in sources]
    command = [_compiler() or "cc", *flags, *CHECKS, "driver.c", *files, "-o", "driver"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "driver"


def _compiler() -> str | None:
    return shutil.which(str(sysconfig.get_config_var("CC") or "cc").split()[0])
