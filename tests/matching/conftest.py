"""Whatever searches runs on both engines: the compiled one and the one in Python, its specification."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest

from epiguard.matching import _engine, _select
from matching.sanitizers import missing

#: The modules whose tests search an index.
SEARCHING = {
    "test_accuracy",
    "test_changes",
    "test_find",
    "test_index_file",
    "test_latin_names",
    "test_many",
    "test_weights",
}
TWINS = [
    "python",
    pytest.param(
        "c", marks=pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")
    ),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test that searches once with each engine."""
    if metafunc.module.__name__.rpartition(".")[2] in SEARCHING:
        metafunc.parametrize("engine", TWINS, indirect=True, scope="module")


@pytest.fixture(autouse=True, scope="module")
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn, of whatever index is searched."""
    wanted: str = getattr(request, "param", "python" if _select.compiled is None else "c")
    functions = _select.compiled if wanted == "c" else None
    made: WeakKeyDictionary[_engine.Opened, _engine.Engine] = WeakKeyDictionary()

    def engine_of(opened: _engine.Opened) -> _engine.Engine:
        if opened not in made:
            made[opened] = opened.engine_of(functions)
        return made[opened]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_engine.Opened, "engine", property(engine_of))
        yield wanted


@pytest.fixture
def sanitizers(tmp_path: Path) -> None:
    """Skips where nothing can be compiled under sanitizers: there is nothing to run."""
    why = missing(tmp_path)
    if why is not None:
        pytest.skip(why)
