"""What the packages offer in ``__all__`` exists and is described."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest

import epiguard


def face_names() -> list[str]:
    """Name every package and every public module of epiguard; ``__main__`` is a program, not a face."""
    names = [module.name for module in pkgutil.walk_packages(epiguard.__path__, "epiguard.")]
    return ["epiguard", *(name for name in names if "._" not in name)]


def undescribed(module: ModuleType) -> list[str]:
    """List the classes and functions a module offers without a docstring of their own."""
    missing = []
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isclass(value) or inspect.isroutine(value):
            own = value.__dict__.get("__doc__") if inspect.isclass(value) else value.__doc__
            if not (own or "").strip():
                missing.append(name)
    return missing


@pytest.mark.parametrize("name", face_names())
def test_exports_exist_once(name: str) -> None:
    """Every module says what it offers: sorted or not, each name once, public, and really there."""
    module = importlib.import_module(name)
    assert hasattr(module, "__all__"), f"{name} has no __all__"
    offered = list(module.__all__)
    assert len(set(offered)) == len(offered)
    assert [export for export in offered if not hasattr(module, export)] == []
    assert [export for export in offered if export.startswith("_") and export != "__version__"] == []


@pytest.mark.parametrize("name", face_names())
def test_exports_are_described(name: str) -> None:
    """Every class and function on offer has a docstring of its own, and so has the module."""
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip()
    assert undescribed(module) == []


def test_control_finds_what_is_not_described() -> None:
    """A class without docstring, also under a described parent, and a function without one are found."""

    class Described:
        """It is described."""

    class Child(Described):
        pass

    def function() -> None:
        pass

    planted = ModuleType("planted")
    offered = {"CONSTANT": 1, "Child": Child, "Described": Described, "function": function}
    vars(planted).update(offered, __all__=list(offered))
    assert undescribed(planted) == ["Child", "function"]
