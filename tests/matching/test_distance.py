"""The edit distance: its specification in Python, its compiled twin, and the choice between them."""

from __future__ import annotations

import ast
import inspect
import itertools
import os
import random
import shutil
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from epiguard.errors import MatchingError
from epiguard.matching import _reference_distance, _reference_slips, _select

Distance = Callable[[str, str, int], int]

NATIVE = "epiguard.matching._native"
native_built = find_spec(NATIVE) is not None
needs_native = pytest.mark.skipif(not native_built, reason="the extension is not built")
sources = Path(_select.__file__).parent

# One code point that Python stores in one byte, two in two, and two in four.
LETTERS = "ab王小𠀀𪚥"


def native() -> ModuleType:
    """Return the extension; imported here, so that this file loads without it."""
    return __import__(NATIVE, fromlist=["osa_distance"])


@pytest.fixture(scope="session", params=["python", pytest.param("c", marks=needs_native)])
def distance(request: pytest.FixtureRequest) -> Distance:
    """Each twin in turn."""
    module: Any = _reference_distance if request.param == "python" else native()
    function: Distance = module.osa_distance
    return function


def oracle(a: str, b: str) -> int:
    """The recursive definition, as a textbook gives it."""

    @cache
    def upto(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        ways = [upto(i - 1, j) + 1, upto(i, j - 1) + 1, upto(i - 1, j - 1) + (a[i - 1] != b[j - 1])]
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            ways.append(upto(i - 2, j - 2) + 1)
        return min(ways)

    return upto(len(a), len(b))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("abc", "abd", 1),
        ("abc", "ab", 1),
        ("abc", "bac", 1),
        ("abc", "cba", 2),
        ("ca", "abc", 3),  # unrestricted Damerau-Levenshtein says 2: it edits one part twice
        ("abcd", "badc", 2),
        ("kitten", "sitting", 3),
        ("王小明", "王晓明", 1),
        ("王小明", "小王明", 1),
        ("é", "e\N{COMBINING ACUTE ACCENT}", 2),  # code points, not what they look like
        ("ab", "𠀀b", 1),
        ("𠀀𪚥", "𪚥𠀀", 1),
        ("a王", "𠀀a王", 1),
        ("王", "𠀀", 1),
        ("\ud800", "\udfff", 1),  # lone surrogates are code points like any other
        ("a\0b", "a\0c", 1),
        ("x" * 200, "y" * 200, 200),
        ("x" * 200 + "ab", "x" * 200 + "ba", 1),
        ("13812345678", "13821345678", 1),
    ],
)
def test_known_distances(distance: Distance, a: str, b: str, expected: int) -> None:
    """Both twins give the known distance, either way round, whatever the widths of the two texts."""
    assert distance(a, b, 1000) == expected
    assert distance(b, a, 1000) == expected


@pytest.mark.parametrize("limit", range(6))
def test_more_than_the_limit_is_one_more_than_the_limit(distance: Distance, limit: int) -> None:
    """A distance of 3 is given as it is from limit 3 on, and as limit + 1 below."""
    assert distance("kitten", "sitting", limit) == min(3, limit + 1)


@pytest.mark.parametrize("limit", [2**31, 2**63 - 1, 2**63, 2**64, 10**40])
def test_no_limit_is_too_large(distance: Distance, limit: int) -> None:
    """A limit beyond any machine number asks for the full distance."""
    assert distance("kitten", "sitting", limit) == 3
    assert distance("", "王", limit) == 1


def test_texts_longer_than_any_name(distance: Distance) -> None:
    """Texts of hundreds of code points are measured, with and without a narrow limit."""
    ends = "".join(random.Random(4).choices("abc", k=150))
    other = ends.translate(str.maketrans("ab", "王a"))
    full = _reference_distance.osa_distance(ends + other, other + ends, 400)
    assert distance(f"{ends}ab{ends}", f"{ends}ba{ends}", 2) == 1
    assert distance(ends + other, other + ends, 400) == full > 20
    assert distance(ends + other, other + ends, 20) == 21


@needs_native
def test_native_is_fast_where_the_limit_is_narrow() -> None:
    """A million code points within limit 2 are done at once: this would take hours without the band."""
    text = "王小" * 500_000
    assert native().osa_distance("a" + text + "b", "b" + text + "a", 2) == 2
    assert native().osa_distance("a" + text, text + "a", 1) == 2


@example("ca", "abc", 2)
@given(st.text(LETTERS, max_size=7), st.text(LETTERS, max_size=7), st.integers(0, 9))
def test_reference_is_the_textbook_definition(a: str, b: str, limit: int) -> None:
    """The readable reference agrees with the recursive definition at every limit."""
    assert _reference_distance.osa_distance(a, b, limit) == min(oracle(a, b), limit + 1)


def test_all_short_texts(distance: Distance) -> None:
    """On every pair of texts of up to three letters out of three, at every limit, each twin is right."""
    texts = ["".join(letters) for size in range(4) for letters in itertools.product("a王𠀀", repeat=size)]
    for a, b in itertools.product(texts, repeat=2):
        expected = oracle(a, b)
        for limit in range(4):
            assert distance(a, b, limit) == min(expected, limit + 1), (a, b, limit)


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
def test_laws_of_a_distance(a: str, b: str, c: str) -> None:
    """It is 0 for equal texts only, symmetric, at most the longer text; a shared end costs nothing."""
    of = _reference_distance.osa_distance
    assert (of(a, b, 99) == 0) == (a == b)
    assert of(a, b, 99) == of(b, a, 99) <= max(len(a), len(b))
    assert of(a + c, b + c, 99) == of(a, b, 99) == of(c + a, c + b, 99)


@st.composite
def near_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts a few edits apart, of any length up to far beyond the rows that lie on the C stack."""
    a = draw(st.text(LETTERS, max_size=20)) * draw(st.integers(1, 8))
    b = list(a)
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(b)))
        b[at : at + draw(st.integers(0, 2))] = (
            reversed(b[at : at + 2]) if draw(st.booleans()) else draw(st.text(LETTERS, max_size=2))
        )
    return a, "".join(b)


limits = st.integers(0, 12) | st.integers(min_value=0)


@needs_native
@given(near_pairs() | st.tuples(st.text(), st.text()), limits)
def test_twins_agree(pair: tuple[str, str], limit: int) -> None:
    """On near and on unrelated texts of all code points, at any limit, both twins give one answer."""
    assert native().osa_distance(*pair, limit) == _reference_distance.osa_distance(*pair, limit)


def outcome(function: Callable[..., object], *arguments: object, **named: object) -> object:
    """What a call comes to: its value, or its error with the message."""
    try:
        return function(*arguments, **named)
    except Exception as error:  # noqa: BLE001 - whatever it is, the twin must raise it too
        return type(error), str(error)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((b"a", "a", 1), TypeError, "osa_distance: a must be str, not bytes"),
        (("a", None, 1), TypeError, "osa_distance: b must be str, not NoneType"),
        (("a", "a", 1.0), TypeError, "osa_distance: limit must be int, not float"),
        (("a", "a", "1"), TypeError, "osa_distance: limit must be int, not str"),
        (("a", "a", -1), ValueError, "osa_distance: limit must be 0 or more"),
        (("a", "a", -(10**40)), ValueError, "osa_distance: limit must be 0 or more"),
        ((1, 2, -1), TypeError, "osa_distance: a must be str, not int"),
    ],
)
def test_wrong_arguments(
    distance: Distance, arguments: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    """A wrong argument is refused by its kind, never repeated, and in the order of the arguments."""
    assert outcome(distance, *arguments) == (error, message)


@needs_native
@given(
    st.lists(
        st.sampled_from(["王", "", b"a", None, 0, 1, -1, True, 2**70, -(2**70), 1.5, object]),
        min_size=3,
        max_size=3,
    )
)
def test_twins_refuse_alike(arguments: list[object]) -> None:
    """Whatever mixture of values comes in, both twins give the same value or the same error and message."""
    theirs = outcome(_reference_distance.osa_distance, *arguments)
    assert outcome(native().osa_distance, *arguments) == theirs


def test_arguments_are_positional(distance: Distance) -> None:
    """Too few, too many and named arguments are type errors in both twins."""
    call: Callable[..., object] = distance
    for arguments, named in ((("a", "b"), {}), (("a", "b", 1, 1), {}), (("a", "b"), {"limit": 1})):
        with pytest.raises(TypeError):
            call(*arguments, **named)


def test_subclasses_are_welcome(distance: Distance) -> None:
    """A subclass of str or int counts as what it is, and the answer is a plain int."""

    class Name(str):
        __slots__ = ()

    answer = distance(Name("王小明"), Name("王晓明"), True)
    assert (answer, type(answer)) == (1, int)


@needs_native
@pytest.mark.parametrize("name", ["osa_distance", "slip_rows"])
def test_stub_and_native_have_the_signature_of_the_reference(name: str) -> None:
    """The stub, the extension and the reference name the same positional-only arguments."""
    module = _reference_distance if name == "osa_distance" else _reference_slips
    reference = inspect.signature(getattr(module, name))
    names = [(each, parameter.kind) for each, parameter in reference.parameters.items()]
    compiled = inspect.signature(getattr(native(), name))
    assert [(each, parameter.kind) for each, parameter in compiled.parameters.items()] == names

    def arguments(text: str) -> str:
        [found] = [
            node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        return ast.dump(found.args)

    stub = (sources / "_native.pyi").read_text(encoding="utf-8")
    assert arguments(stub) == arguments(inspect.getsource(module))


@pytest.mark.parametrize("module", ["_reference_distance", pytest.param("_native", marks=needs_native)])
def test_no_memory(module: str) -> None:
    """Where memory does not suffice, both twins raise MemoryError and the process goes on."""
    code = f"""
import resource
from epiguard.matching.{module} import osa_distance
a, b = "a" * 40_000_000, "b" * 40_000_000
resource.setrlimit(resource.RLIMIT_AS, (600_000_000, -1))
try:
    osa_distance(a, b, 40_000_000)
except MemoryError:
    print(osa_distance("ab", "ba", 1))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")


# --- the choice between the twins ---


def run_with(wish: str | None) -> subprocess.CompletedProcess[str]:
    """Ask a new process which twin it chose."""
    code = (
        "from epiguard.matching import _select as s; print(s.implementation(), s.osa_distance('ab', 'ba', 1))"
    )
    environment = {key: value for key, value in os.environ.items() if key != "EPIGUARD_MATCHING"}
    environment |= {} if wish is None else {"EPIGUARD_MATCHING": wish}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("wish", "chosen"),
    [
        (None, "c" if native_built else "python"),
        ("python", "python"),
        pytest.param("c", "c", marks=needs_native),
    ],
)
def test_environment_chooses_the_twin(wish: str | None, chosen: str) -> None:
    """EPIGUARD_MATCHING forces either twin; without it the compiled one is used where it was built."""
    done = run_with(wish)
    assert (done.stdout, done.stderr) == (f"{chosen} 1\n", "")


@pytest.mark.parametrize("wish", ["", "C", "rust"])
def test_unknown_twin_is_an_error(wish: str) -> None:
    """A value that names no twin is refused when the module is imported."""
    done = run_with(wish)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "epiguard.errors.MatchingError: environment variable EPIGUARD_MATCHING: "
        f"expected 'c', 'python' or no such variable, got {wish!r}; correct it or unset it"
    )


def test_missing_extension(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extension, Python takes its place; asking for 'c' is then an error with the way out."""
    monkeypatch.setitem(sys.modules, NATIVE, None)  # Python's own way to say "there is no such module"
    assert _select._chosen(None) is None
    assert _select._chosen("python") is None
    with pytest.raises(MatchingError) as caught:
        _select._chosen("c")
    assert str(caught.value) == (
        "environment variable EPIGUARD_MATCHING: expected the compiled extension, because it asks for 'c', "
        "got an installation without it; "
        "install a C compiler and python3-dev and reinstall epiguard, or unset the variable"
    )


@pytest.mark.parametrize(
    "error",
    [
        ImportError("undefined symbol: epiguard_osa_distance", name=NATIVE),
        ModuleNotFoundError("No module named 'something_else'", name="something_else"),
        ModuleNotFoundError("No module named 'epiguard.matching'", name="epiguard.matching"),
    ],
)
def test_broken_extension_is_not_passed_over(monkeypatch: pytest.MonkeyPatch, error: ImportError) -> None:
    """An extension that is there but cannot be loaded raises: a broken build must not look slow."""

    class Broken:
        """Finds the extension and fails to load it."""

        @staticmethod
        def find_spec(name: str, *_: object) -> ModuleSpec | None:
            if name == NATIVE:
                raise error
            return None

    monkeypatch.delitem(sys.modules, NATIVE, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken, *sys.meta_path])
    with pytest.raises(ImportError) as caught:
        _select._chosen(None)
    assert caught.value is error


def test_native_is_built_in_ci() -> None:
    """Where CI=true and a C compiler is there, so is the extension: else half of this file is skipped."""
    if os.environ.get("CI") == "true" and compiler():
        assert native_built


# --- the kernel by itself ---


def compiler() -> str | None:
    """The C compiler the extension is built with, if there is one."""
    command = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    return shutil.which(str(command).split()[0])


# Reads records of five numbers (lengths, widths, limit) and two texts; writes one distance a line.
# Each text lies in a block of exactly its size, so that reading one byte too far is found.
DRIVER = """
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "kernel.h"

static void *read_text(size_t size)
{
    void *text = malloc(size ? size : 1);
    if (text == NULL || fread(text, 1, size, stdin) != size) exit(2);
    return text;
}

int main(void)
{
    uint32_t head[5];
    while (fread(head, sizeof head, 1, stdin) == 1) {
        epiguard_text a = {NULL, head[0], (int)head[2]}, b = {NULL, head[1], (int)head[3]};
        void *a_units = read_text((size_t)head[0] * head[2]), *b_units = read_text((size_t)head[1] * head[3]);
        size_t distance = 0;
        a.units = a_units;
        b.units = b_units;
        if (epiguard_osa_distance(a, b, head[4], &distance) != EPIGUARD_OK) return 3;
        printf("%zu\\n", distance);
        free(a_units);
        free(b_units);
    }
    epiguard_text none = {"", 0, 3};
    size_t untouched = 7;
    return epiguard_osa_distance(none, none, 0, &untouched) == EPIGUARD_BAD_WIDTH && untouched == 7 ? 0 : 4;
}
"""
CODECS = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}


def test_kernel_under_sanitizers(tmp_path: Path) -> None:
    """Without Python, under two sanitizers, the kernel agrees with the reference at every pair of widths."""
    cc = compiler()
    if cc is None:
        pytest.skip("no C compiler")
    flags = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror"]
    checks = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    (tmp_path / "driver.c").write_text(DRIVER, encoding="ascii")
    (tmp_path / "empty.c").write_text("int main(void) { return 0; }\n", encoding="ascii")
    probe = subprocess.run(
        [cc, *checks, "empty.c", "-o", "empty"], cwd=tmp_path, capture_output=True, check=False
    )
    if probe.returncode:
        pytest.skip("this compiler has no sanitizers")
    kernel = sources / "_csrc"
    subprocess.run(
        [cc, *flags, *checks, f"-I{kernel}", "driver.c", str(kernel / "kernel.c"), "-o", "driver"],
        cwd=tmp_path,
        check=True,
    )
    chance = random.Random(2020)
    records, expected = b"", []
    alphabets = {1: "abé", 2: "ab王小", 4: "ab王𠀀"}
    for a_width, b_width in itertools.product(CODECS, repeat=2):
        for size in (0, 1, 2, 5, 9, 62, 63, 64, 65, 150):
            a = "".join(chance.choices(alphabets[a_width], k=size))
            b = "".join(chance.choices(alphabets[b_width], k=chance.randint(max(0, size - 3), size + 3)))
            for limit in (0, 1, 3, 200):
                records += struct.pack("=5I", len(a), len(b), a_width, b_width, limit)
                records += a.encode(CODECS[a_width]) + b.encode(CODECS[b_width])
                expected.append(_reference_distance.osa_distance(a, b, limit))
    done = subprocess.run([tmp_path / "driver"], input=records, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    beyond = [int(line) for line in done.stdout.split()]
    assert len(beyond) == len(expected)
    limits_used = itertools.cycle((0, 1, 3, 200))
    assert [min(found, limit + 1) for found, limit in zip(beyond, limits_used, strict=False)] == expected
