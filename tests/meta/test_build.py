"""Wheels with and without the C extension: each is what its name says, and a broken one is never built."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
EXTENSION = f"epiguard/matching/_native{SUFFIX}"
compiler = shutil.which((os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0])

pytestmark = pytest.mark.skipif(
    int(importlib.metadata.version("setuptools").split(".")[0]) < 77 and os.environ.get("CI") != "true",
    reason="setuptools is older than pyproject.toml asks for",
)
needs_compiler = pytest.mark.skipif(compiler is None, reason="there is no C compiler")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a build needs, with stale extensions wherever an earlier build may have left one."""
    copy = tmp_path / "tree"
    shutil.copytree(
        ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.so", "*.egg-info")
    )
    for name in ("LICENSE", "MANIFEST.in", "README.md", "pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, copy / name)
    specifier = f"{sysconfig.get_platform()}-{sys.implementation.cache_tag}"
    for folder in ("build/lib", f"build/lib.{specifier}", "src"):
        stale = copy / folder / EXTENSION
        stale.parent.mkdir(parents=True, exist_ok=True)
        stale.write_bytes(b"stale")
        stale.with_name("_native_of_another_day.so").write_bytes(b"stale")
    objects = copy / f"build/temp.{specifier}/src/epiguard/matching/_csrc"
    objects.mkdir(parents=True)
    (objects / "kernel.o").write_bytes(b"stale")
    return copy


def build(
    tree: Path, kind: str = "wheel", before: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Build as pip does, without its isolation: the result, if there is one, is the one file in dist."""
    code = f"from setuptools import build_meta\n{before}\nbuild_meta.build_{kind}('dist')"
    (tree / "dist").mkdir()
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("EPIGUARD_")}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=tree,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def built(tree: Path) -> Path:
    """Return the one file that was built."""
    [file] = (tree / "dist").iterdir()
    return file


def packed(wheel: Path) -> set[str]:
    """Name the files of the package in a wheel."""
    return {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("epiguard/")}


def pure_files(tree: Path) -> set[str]:
    """Name the files of src that belong into every wheel."""
    source = tree / "src"
    left_out = {".c", ".h", ".so", ".pyc"}
    return {
        file.relative_to(source).as_posix()
        for file in (source / "epiguard").rglob("*")
        if file.is_file() and file.suffix not in left_out
    }


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"CC": "/bin/false"}, "no working C compiler was found; install one, or name it in CC"),
        ({"CC": "/no/such/compiler"}, "no working C compiler was found; install one, or name it in CC"),
        ({"EPIGUARD_NO_EXTENSION": "1"}, "EPIGUARD_NO_EXTENSION=1 asks for none"),
    ],
)
def test_pure_wheel(tree: Path, environment: dict[str, str], reason: str) -> None:
    """Without a compiler, or on request, the wheel is tagged pure, is pure, and the build says so and why."""
    done = build(tree, **environment)
    assert done.returncode == 0, done.stderr
    assert f"epiguard is built WITHOUT its C extension: {reason}." in done.stderr
    assert built(tree).name.endswith("-py3-none-any.whl")
    assert packed(built(tree)) == pure_files(tree)


@needs_compiler
def test_wheel_with_extension(tree: Path, tmp_path: Path) -> None:
    """With a compiler the wheel holds all of src and one fresh extension, which loads and runs."""
    done = build(tree)
    assert done.returncode == 0, done.stderr
    assert "WITHOUT" not in done.stderr
    assert not built(tree).name.endswith("-none-any.whl")
    assert packed(built(tree)) == pure_files(tree) | {EXTENSION}
    zipfile.ZipFile(built(tree)).extractall(tmp_path / "site")  # noqa: S202 - we have just packed it
    code = "from epiguard.matching import _native as n; print(n.__file__, n.osa_distance('王小', '小王', 1))"
    asked = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout == f"{tmp_path / 'site' / EXTENSION} 1\n", asked.stderr


@needs_compiler
def test_broken_extension_breaks_the_build(tree: Path) -> None:
    """With a compiler, C sources that do not compile are an error with the way out, not a pure wheel."""
    kernel = tree / "src/epiguard/matching/_csrc/kernel.c"
    kernel.write_text(kernel.read_text(encoding="ascii") + "\nthis is not C\n", encoding="ascii")
    done = build(tree)
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(
        "epiguard's C extension was not built: its C sources do not compile, see above. "
        "To do without it, set EPIGUARD_NO_EXTENSION=1."
    )
    assert not list((tree / "dist").glob("*.whl"))


@needs_compiler
def test_missing_python_headers_break_the_build(tree: Path) -> None:
    """With a compiler but without Python.h, the error names the package to install and the way out."""
    nowhere = "import distutils.sysconfig as s; s.get_python_inc = lambda *_, **__: '/nowhere'"
    done = build(tree, before=nowhere)
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].endswith(
        "epiguard's C extension was not built: "
        "Python.h is missing: install python3-dev (or python3-devel) for this Python. "
        "To do without it, set EPIGUARD_NO_EXTENSION=1."
    )
    assert not list((tree / "dist").glob("*.whl"))


def test_unclear_wish_breaks_the_build(tree: Path) -> None:
    """A value of EPIGUARD_NO_EXTENSION that is neither 0 nor 1 is refused, not guessed at."""
    done = build(tree, EPIGUARD_NO_EXTENSION="yes")
    assert done.returncode != 0
    assert "EPIGUARD_NO_EXTENSION: expected 1, 0 or no such variable, got 'yes'" in done.stderr


def test_pure_editable_install_removes_the_extension(tree: Path) -> None:
    """An editable install without the extension leaves none in src that Python would go on importing."""
    done = build(tree, kind="editable", EPIGUARD_NO_EXTENSION="1")
    assert done.returncode == 0, done.stderr
    assert not list((tree / "src").rglob("*.so"))


C_SOURCES = [path.name for path in (ROOT / "src/epiguard/matching/_csrc").iterdir()]


def test_source_archive_holds_the_c_sources(tree: Path) -> None:
    """A source archive made without a compiler can be built with one."""
    done = build(tree, kind="sdist", CC="/bin/false")
    assert done.returncode == 0, done.stderr
    with tarfile.open(built(tree)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    c_sources = {f"src/epiguard/matching/_csrc/{name}" for name in C_SOURCES}
    assert names >= c_sources | {"setup.py", "LICENSE"} | {f"src/{name}" for name in pure_files(tree)}
    assert not any(name.endswith(".so") for name in names)
