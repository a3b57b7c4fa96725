"""Imports run in one direction, and modules keep a few laws: read from the sources, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import attrs
import pytest

SRC = Path(__file__).parents[2] / "src"

# A part may import the parts above it, and itself. A part is a module or package right under epiguard.
LAYERS = [
    *("errors", "fields", "messages", "settings", "days", "identifiers"),
    *("people", "places", "registrations", "crossings", "doors", "quarantine", "passes"),
    *("duties", "decisions", "facts", "exports", "plain", "situation", "work"),
    *("rules", "policy", "matching", "reconciliation", "channels", "ledger", "intake", "reports", "day"),
    *("testing", "cli", "pytest_plugin"),
]
FACES = {"epiguard", "epiguard.__main__"}  # they show the parts to the outside and may import any
STRANGERS = {("rules", "matching"), ("matching", "rules")}  # near each other in the list, never in the code
NOBODY_IMPORTS = {"testing", "cli", "pytest_plugin"}
ONLY_IMPORTER = {
    "pluggy": {"epiguard.rules.hookspecs", "epiguard.rules._loading"},
    "epiguard.matching._native": {"epiguard.matching._select"},
}
VAGUE_NAMES = {"utils", "helpers", "common", "misc"}
LONGEST = 600


@attrs.frozen
class Module:
    """A source file."""

    name: str
    text: str = attrs.field(repr=False)
    is_package: bool = False

    @property
    def part(self) -> str:
        """The part it belongs to; empty for ``epiguard`` itself."""
        return part_of(self.name)

    @property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return ast.parse(self.text)


def part_of(name: str) -> str:
    """Name the part of a dotted name: its first component below epiguard."""
    return name.split(".")[1] if "." in name else ""


def read(source: Path) -> list[Module]:
    """Read all modules below a folder."""
    modules = []
    for file in sorted(source.rglob("*.py")):
        path = file.relative_to(source).with_suffix("")
        is_package = path.name == "__init__"
        parts = path.parts[:-1] if is_package else path.parts
        modules.append(Module(".".join(parts), file.read_text(encoding="utf-8"), is_package))
    return modules


# --- what a module imports ---


def imports(module: Module, known: Mapping[str, Module]) -> Iterator[tuple[str, int]]:
    """Yield each module that a module imports, wherever in the file, with its line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            for alias in node.names:
                name = f"{base}.{alias.name}"  # a module in a package, or a name in a module
                yield (name if name in known or name in ONLY_IMPORTER else base), node.lineno
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"} and node.args:
            argument = node.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value, node.lineno


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """Resolve the module a ``from ... import`` names, also where it is relative."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def called(node: ast.Call) -> str:
    """Name the function that is called, without its owner."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


# --- the laws: each yields what breaks it ---


def upward_imports(modules: list[Module]) -> Iterator[str]:
    """A part imports only parts above it in the list; nothing inside imports the face."""
    known = {module.name: module for module in modules}
    for module in modules:
        if module.name not in FACES and module.part not in LAYERS:
            yield f"{module.name}: part {module.part!r} has no place yet; give it one in LAYERS"
        elif module.name not in FACES:
            for name, line in imports(module, known):
                complaint = objection(module.part, name)
                if complaint:
                    yield f"{module.name}, line {line}: {complaint}"


def objection(part: str, name: str) -> str | None:
    """Say why a part must not import a module, if so."""
    target = part_of(name)
    complaint = None
    if name.partition(".")[0] != "epiguard" or target == part:
        pass
    elif name in FACES and part in NOBODY_IMPORTS:
        pass  # they use the library as its users do
    elif name in FACES:
        complaint = f"imports {name}, which shows the parts to the outside; import the part"
    elif target not in LAYERS:
        complaint = f"imports {name}, which has no place in LAYERS"
    elif (part, target) in STRANGERS:
        complaint = f"{part} and {target} never import each other"
    elif target in NOBODY_IMPORTS:
        complaint = f"imports {name}; nothing imports {target}"
    elif LAYERS.index(target) > LAYERS.index(part):
        complaint = f"{part} stands above {target} and must not import {name}"
    return complaint


def unauthorised_imports(modules: list[Module]) -> Iterator[str]:
    """Some modules have one importer, or two."""
    known = {module.name: module for module in modules}
    for module in modules:
        for name, line in imports(module, known):
            for guarded, importers in ONLY_IMPORTER.items():
                if (name == guarded or name.startswith(f"{guarded}.")) and module.name not in importers:
                    allowed = " and ".join(sorted(importers))
                    yield f"{module.name}, line {line}: only {allowed} may import {guarded}"


def cycles(modules: list[Module]) -> Iterator[str]:
    """No module reaches itself by imports, also not by one inside a function."""
    known = {module.name: module for module in modules}
    graph = {module.name: {name for name, _ in imports(module, known) if name in known} for module in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        yield "import cycle: " + " -> ".join(reversed(error.args[1]))


def vague_names(modules: list[Module]) -> Iterator[str]:
    """A module is named after what it holds."""
    for module in modules:
        if VAGUE_NAMES & {part.strip("_") for part in module.name.split(".")}:
            yield f"{module.name}: name it after what it holds"


def long_files(files: Mapping[str, str]) -> Iterator[str]:
    """A file can be read in one sitting."""
    for name, text in files.items():
        length = len(text.splitlines())
        if length > LONGEST:
            yield f"{name}: {length} lines, more than {LONGEST}; divide it by subject"


def faceless_packages(modules: list[Module]) -> Iterator[str]:
    """A package says in ``__all__`` what it offers, and has all of it."""
    for module in modules:
        if module.is_package:
            offered = offer(module)
            if offered is None:
                yield f"{module.name}: its __init__ has no __all__"
                continue
            has = {name for node in module.tree.body for name in bindings(node)}
            has |= {
                other.name.rpartition(".")[2] for other in modules if other.name.startswith(module.name + ".")
            }
            # A module with __getattr__ makes names when they are asked for; test_exports.py asks.
            if "__getattr__" not in has:
                missing = [name for name in offered if name not in has]
                yield from (f"{module.name}: {name!r} is in __all__ and nowhere else" for name in missing)


def offer(module: Module) -> list[str] | None:
    """Return the ``__all__`` of a module, if it has one."""
    for node in module.tree.body:
        if "__all__" in bindings(node) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            return list(ast.literal_eval(node.value))
    return None


def bindings(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top of a module binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.If | ast.Try):
        yield from (
            name.id
            for name in ast.walk(node)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        )


Law = Callable[[list[Module]], Iterator[str]]
LAWS: list[Law] = [upward_imports, unauthorised_imports, cycles, vague_names, faceless_packages]


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    """All modules of src."""
    found = read(SRC)
    assert any(module.name == "epiguard.errors" for module in found)
    return found


@pytest.mark.parametrize("law", LAWS)
def test_laws_of_modules(law: Law, modules: list[Module]) -> None:
    """Our sources keep each law; what breaks it is listed."""
    assert list(law(modules)) == []


def test_files_are_short() -> None:
    """No source file of any language in src is longer than 600 lines."""
    kinds = {".py", ".pyi", ".c", ".h"}
    files = {
        str(file.relative_to(SRC)): file.read_text(encoding="utf-8")
        for file in SRC.rglob("*")
        if file.suffix in kinds
    }
    assert list(long_files(files)) == []


# --- the control: the laws see what they should ---


def fake(sources: Mapping[str, str]) -> list[Module]:
    """Make modules from sources; a name that ends with a slash is a package."""
    return [Module(name.rstrip("/"), text, name.endswith("/")) for name, text in sources.items()]


SOUND = {
    "epiguard/": "from epiguard.rules import Rule\n__all__ = ['Rule']",
    "epiguard.__main__": "from epiguard.cli import main",
    "epiguard.cli": "from epiguard import Rule, errors\nfrom epiguard.day import run",
    "epiguard.day": "import attrs, epiguard.matching\nfrom . import errors\nfrom .rules import Rule",
    "epiguard.errors": "class EpiguardError(Exception): ...",
    "epiguard.matching/": "from ._select import osa_distance\n__all__: list[str] = ['osa_distance']",
    "epiguard.matching._select": "def f():\n    import epiguard.matching._native as native",
    "epiguard.rules/": "from epiguard.rules._loading import Rule\n__all__ = ['Rule', 'hookspecs']",
    "epiguard.rules._loading": "import pluggy\nfrom epiguard.rules import hookspecs\nclass Rule: ...",
    "epiguard.rules.hookspecs": "from pluggy import HookspecMarker",
}


@pytest.mark.parametrize("law", LAWS)
def test_sound_sources_keep_every_law(law: Law) -> None:
    """The laws find nothing wrong with sources that are as they should be."""
    assert list(law(fake(SOUND))) == []


@pytest.mark.parametrize(
    ("law", "name", "text", "complaint"),
    [
        (upward_imports, "epiguard.errors", "import epiguard.days", "errors stands above days and must not"),
        (
            upward_imports,
            "epiguard.errors",
            "from epiguard import day",
            "errors stands above day and must not",
        ),
        (upward_imports, "epiguard.errors", "from .day import run", "errors stands above day and must not"),
        (
            upward_imports,
            "epiguard.days",
            "def f():\n  from epiguard.people import Person",
            "line 2: days stands",
        ),
        (
            upward_imports,
            "epiguard.days",
            "import importlib as i\ni.import_module('epiguard.people')",
            "line 2: days",
        ),
        (
            upward_imports,
            "epiguard.days",
            "if TYPE_CHECKING:\n  from epiguard.people import P",
            "line 2: days stands",
        ),
        (
            upward_imports,
            "epiguard.day",
            "from epiguard import Rule",
            "imports epiguard, which shows the parts",
        ),
        (
            upward_imports,
            "epiguard.day",
            "import epiguard.__main__",
            "imports epiguard.__main__, which shows",
        ),
        (
            upward_imports,
            "epiguard.day",
            "import epiguard.novel",
            "imports epiguard.novel, which has no place",
        ),
        (upward_imports, "epiguard.novel", "", "part 'novel' has no place yet; give it one in LAYERS"),
        (
            upward_imports,
            "epiguard.matching.x",
            "import epiguard.rules",
            "matching and rules never import each",
        ),
        (
            upward_imports,
            "epiguard.rules.x",
            "from .. import matching",
            "rules and matching never import each",
        ),
        (upward_imports, "epiguard.cli", "from epiguard.testing import x", "nothing imports testing"),
        (upward_imports, "epiguard.day", "from epiguard.cli import main", "nothing imports cli"),
        (
            unauthorised_imports,
            "epiguard.policy",
            "import pluggy",
            "line 1: only epiguard.rules._loading and",
        ),
        (unauthorised_imports, "epiguard.rules.x", "from pluggy._hooks import H", "may import pluggy"),
        (
            unauthorised_imports,
            "epiguard.matching.x",
            "from . import _native",
            "only epiguard.matching._select may",
        ),
        (
            unauthorised_imports,
            "epiguard.day",
            "from epiguard.matching._native import f",
            "only epiguard.matching",
        ),
        (
            cycles,
            "epiguard.rules.hookspecs",
            "from epiguard.rules import Rule",
            "import cycle: epiguard.rules",
        ),
        (
            cycles,
            "epiguard.rules.hookspecs",
            "def f():\n  from . import _loading",
            "import cycle: epiguard.rules.",
        ),
        (cycles, "epiguard.day", "import epiguard.day", "import cycle: epiguard.day -> epiguard.day"),
        (vague_names, "epiguard.rules._utils", "", "epiguard.rules._utils: name it after what it holds"),
        (vague_names, "epiguard.common/", "", "epiguard.common: name it after what it holds"),
        (faceless_packages, "epiguard.ledger/", "", "epiguard.ledger: its __init__ has no __all__"),
        (
            faceless_packages,
            "epiguard.rules/",
            "x = 1\n__all__ = ['x', 'y']",
            "'y' is in __all__ and nowhere",
        ),
    ],
)
def test_planted_violations_are_found(law: Law, name: str, text: str, complaint: str) -> None:
    """Each law finds a violation planted among sound sources, and nothing else."""
    [found] = law(fake({**SOUND, name: text}))
    assert complaint in found


def test_long_files_are_found() -> None:
    """600 lines are allowed, 601 are not."""
    assert list(long_files({"a.py": "x\n" * 600})) == []
    assert list(long_files({"a.py": "x\n" * 601})) == ["a.py: 601 lines, more than 600; divide it by subject"]
