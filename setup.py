"""Build the one C extension, or say loudly why there is none; all else is in pyproject.toml.

- No working C compiler, or ``EPIGUARD_NO_EXTENSION=1``: a pure Python package, and a notice.
- A compiler, and the extension compiles: it is part of the package.
- A compiler, and the extension does not compile: the build fails.
"""

import contextlib
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py
from setuptools.errors import CCompilerError, CompileError, ExecError, PlatformError, SetupError

# setuptools brings distutils to a Python that no longer has it, so these stand after it.
from distutils.ccompiler import new_compiler  # isort: skip
from distutils.sysconfig import customize_compiler  # isort: skip

OPT_OUT = "EPIGUARD_NO_EXTENSION"
PACKAGE = "src/epiguard/matching"
UNIX_FLAGS = ["-std=c11", "-O2", "-Wall", "-Wextra"]
MSVC_FLAGS = ["/std:c11", "/O2", "/W4"]


def why_pure() -> str | None:
    """Return the reason for a pure Python package, or nothing if the extension is to be built."""
    wish = os.environ.get(OPT_OUT, "")
    if wish not in {"", "0", "1"}:
        raise SetupError(f"environment variable {OPT_OUT}: expected 1, 0 or no such variable, got {wish!r}")
    if wish == "1":
        return f"{OPT_OUT}=1 asks for none"
    if not compiler_works():
        return "no working C compiler was found; install one, or name it in CC"
    return None


def compiler_works() -> bool:
    """Compile and link an empty program with the extension's compiler; Python.h plays no part in it."""
    compiler = new_compiler()
    customize_compiler(compiler)  # honours CC
    # From inside the folder, because objects are laid out by the path of their source.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("probe.c").write_text("#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n")
        try:
            compiler.link_executable(compiler.compile(["probe.c"]), "probe")
        except (CCompilerError, ExecError, PlatformError):
            return False
    return True


@functools.cache  # once in a build: what this build itself has put there stays
def remove_left_overs(build_lib: str) -> None:
    """Empty the folder a wheel is packed from: whatever an earlier build left there would go in unasked."""
    shutil.rmtree(Path(build_lib, "epiguard"), ignore_errors=True)


class BuildPython(build_py):
    """Collect the Python modules; if they are all there is, say so."""

    def run(self) -> None:  # noqa: D102 - the setuptools command interface
        remove_left_overs(self.build_lib)
        if WHY_PURE is not None:
            if self.editable_mode:
                for stale in Path(PACKAGE).glob("_native*.so"):
                    stale.unlink()
            rule = "*" * 78
            print(
                f"{rule}\nepiguard is built WITHOUT its C extension: {WHY_PURE}.\n"
                f"It gives the same answers, more slowly.\n{rule}",
                file=sys.stderr,
            )
        super().run()


class BuildExtension(build_ext):
    """Compile the extension anew every time, and fail with a reason."""

    def run(self) -> None:  # noqa: D102 - the setuptools command interface
        remove_left_overs(self.build_lib)
        self.force = True
        super().run()

    def build_extension(self, ext: Extension) -> None:  # noqa: D102 - the setuptools command interface
        ext.extra_compile_args = MSVC_FLAGS if self.compiler.compiler_type == "msvc" else UNIX_FLAGS
        try:
            super().build_extension(ext)
        except CompileError as error:
            if any(Path(folder, "Python.h").exists() for folder in self.compiler.include_dirs):
                cause = "its C sources do not compile, see above"
            else:
                cause = "Python.h is missing: install python3-dev (or python3-devel) for this Python"
            raise CompileError(
                f"epiguard's C extension was not built: {cause}. To do without it, set {OPT_OUT}=1."
            ) from error


C_SOURCES = (
    *(
        "answer",
        "build",
        "homes",
        "index",
        "kernel",
        "leads",
        "marks",
        "memory",
        "module",
        "module_plain",
        "names",
        "numbers",
        "overlay",
    ),
    *("phones", "plain", "plain_home", "plain_row", "record", "score", "slips", "stages", "text"),
)
C_HEADERS = (
    *(
        "build",
        "compare",
        "index",
        "kernel",
        "kinds",
        "memory",
        "module",
        "overlay",
        "record",
        "search",
        "slips",
    ),
    "plain",
    "text",
)
EXTENSION = Extension(
    "epiguard.matching._native",
    sources=[f"{PACKAGE}/_csrc/{name}.c" for name in C_SOURCES],
    depends=[f"{PACKAGE}/_csrc/{name}.h" for name in C_HEADERS],
)
WHY_PURE = why_pure()

setup(
    ext_modules=[] if WHY_PURE else [EXTENSION],
    cmdclass={"build_py": BuildPython, "build_ext": BuildExtension},
)
