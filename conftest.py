"""What every test run shares: Hypothesis profiles, and documents whose examples are run.

The blocks of README.md and docs/**/*.md are tests, run from top to bottom in a folder of the document's own:

- ``python``: executed, in one namespace per document; one that starts with ``>>>`` is compared as a doctest.
- ``console``: each ``$ epiguard ...`` line is run and its output compared; ``...`` stands for any text.
  ``$ python ...`` and ``$ pytest ...`` run too, and ``$ echo $?`` shows how the last command ended.
  A command that fails must be followed by ``$ echo $?``.
- any language right under a line ``<!-- file: NAME -->``: written to that file, and not executed.
- all other blocks are text for the reader.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, settings
from sybil import Document, Example, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.integration.pytest import SybilFile
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

# A slow machine is no bug, so no example has a deadline. In CI every run draws the same examples.
settings.register_profile("default", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "default")

FILE_COMMENT = re.compile(r"^[ \t]*<!-- *file: *(?P<name>.*?) *-->(?=[ \t]*$)", re.MULTILINE)
FENCE = RawFencedCodeBlockLexer(re.compile(r"[ \t]*(?P<language>[^\s`]*)[^\n]*\n"))
COMPARISON = doctest.ELLIPSIS | doctest.REPORT_NDIFF | doctest.DONT_ACCEPT_BLANKLINE

# -P: like the installed command, `epiguard` does not find modules in the current folder.
PROGRAMS = {"epiguard": ["-P", "-m", "epiguard"], "pytest": ["-m", "pytest"], "python": []}
SHELL_WORDS = {"|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1"}


class Page(Document):
    """A document whose namespace is a module, so that classes defined in it know where they belong."""

    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        self.module = ModuleType("page_" + re.sub(r"\W", "_", Path(path).stem))
        self.namespace = vars(self.module)


def blocks(page: Document) -> Iterator[Region]:
    """Find the blocks of a document that do something."""
    comments = {comment.end(): comment["name"] for comment in FILE_COMMENT.finditer(page.text)}
    for region in outermost(FENCE(page)):
        for end in [end for end in comments if region.start < end < region.end]:
            del comments[end]  # it is an example of such a comment
        name = comments.pop(len(page.text[: region.start].rstrip()), None)
        if name is None:
            yield from runnable(page, region)
        else:
            yield Region(region.start, region.end, (name, str(region.lexemes["source"])), write_file)
    for end, name in comments.items():
        raise not_run(page, end, f"no block follows <!-- file: {name} -->")


def runnable(page: Document, region: Region) -> Iterator[Region]:
    """Say how a block is run, if it is; refuse one that only looks as if it were."""
    language, source = region.lexemes["language"], region.lexemes["source"]
    if language == "python" and source.startswith(">>>"):
        for part in DocTestStringParser(DocTestEvaluator(doctest.ELLIPSIS))(source, page.path):
            part.adjust(region, source)
            yield part
    elif language == "python":
        yield Region(region.start, region.end, source, PythonEvaluator())
    elif language == "console":
        yield Region(region.start, region.end, str(source), run_console)
    elif language.lower() in {"py", "python", "python3", "pycon"}:
        raise not_run(page, region.start, f"a block in {language!r} would not be run: call it 'python'")
    elif source.startswith("$ ") or language.lower() == "console":
        raise not_run(page, region.start, "a session in a shell would not be run: call it 'console'")


def outermost(regions: Iterable[Region]) -> list[Region]:
    """Leave out blocks shown inside another block."""
    kept: list[Region] = []
    for region in sorted(regions, key=lambda region: (region.start, -region.end)):
        if not kept or region.start >= kept[-1].end:
            kept.append(region)
    return kept


def not_run(page: Document, position: int, problem: str) -> Exception:
    """Make the error that stops the collection of a document."""
    return pytest.Collector.CollectError(f"{page.path}, {page.line_column(position)}: {problem}")


def write_file(example: Example) -> str | None:
    """Write a block to the file its comment names."""
    name, text = example.parsed
    path = Path(name)
    if not name or path.is_absolute() or ".." in path.parts:
        return f"<!-- file: {name} --> must name a file in the document's own folder"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return None


def run_console(example: Example) -> str | None:
    """Run the commands of a session and compare what they say; return what differs."""
    steps = re.split(r"^\$ ", example.parsed.replace("\\\n", ""), flags=re.MULTILINE)
    if steps.pop(0).strip():
        return "a session begins with '$ ' and a command"
    status = 0
    for step in steps:
        command, _, want = step.partition("\n")
        if command.strip() == "echo $?":
            got, status = f"{status}\n", 0
        elif status:
            break
        else:
            words = shlex.split(command)
            if not words or words[0] not in PROGRAMS or SHELL_WORDS & set(words):
                return (
                    f"$ {command}\nonly {', '.join(PROGRAMS)} and 'echo $?' are run here, and without a shell"
                )
            done = subprocess.run(  # noqa: S603 - the document is ours
                [sys.executable, *PROGRAMS[words[0]], *words[1:]],
                env=os.environ | {"PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "100"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=300,
                check=False,
            )
            got, status = done.stdout, done.returncode
        difference = compare(command, want, got)
        if difference:
            return difference
    if status:
        return f"a command ended with {status}; if it should, let '$ echo $?' and {status} follow"
    return None


def compare(command: str, want: str, got: str) -> str | None:
    """Compare output as doctest does, blanks at the ends of lines aside; return the difference."""
    want, got = ("".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines()) for text in (want, got))
    checker = doctest.OutputChecker()
    if checker.check_output(want, got, COMPARISON):
        return None
    return f"$ {command}\n" + checker.output_difference(doctest.Example(command, want), got, COMPARISON)


@contextlib.contextmanager
def own_folder(page: Page) -> Iterator[None]:
    """Give a document a folder of its own to work in, from which Python imports; clean up after it."""
    with tempfile.TemporaryDirectory() as name, contextlib.chdir(name):
        folder = os.path.realpath(name)
        sys.path.insert(0, folder)
        sys.modules[page.module.__name__] = page.module
        try:
            yield
        finally:
            sys.path.remove(folder)
            del sys.modules[page.module.__name__]
            for module_name, module in list(sys.modules.items()):
                if (getattr(module, "__file__", None) or "").startswith(folder + os.sep):
                    del sys.modules[module_name]


PAGES = Sybil(parsers=[blocks], document_types={".md": Page})


class PageFile(SybilFile):
    """The examples of one document; they build on each other, so with xdist use ``--dist=loadfile``."""

    folder: contextlib.ExitStack

    def setup(self) -> None:
        """Enter the document's own folder."""
        [page] = self.documents
        assert isinstance(page, Page)
        self.folder = contextlib.ExitStack()
        self.folder.enter_context(own_folder(page))

    def teardown(self) -> None:
        """Leave it."""
        self.folder.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
    """Collect README.md and whatever Markdown lies under docs."""
    here = Path(__file__).parent
    if file_path == here / "README.md" or (file_path.suffix == ".md" and here / "docs" in file_path.parents):
        return PageFile.from_parent(parent, path=file_path, sybils=[PAGES])
    return None
