"""The examples in README.md and docs are run by the root conftest.py; this tests how it does that."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def read(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project that has our conftest.py and nothing else."""
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    return pytester


def run(project: pytest.Pytester, readme: str, *options: str) -> pytest.RunResult:
    """Run a README and return what pytest made of it."""
    (project.path / "README.md").write_text(readme, encoding="utf-8")
    return project.runpytest_inprocess("README.md", "--import-mode=importlib", *options)


def test_our_documents_are_among_the_tests() -> None:
    """A bare ``pytest`` runs README.md and docs, and keeps the blocks of a document on one worker."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    options = settings["tool"]["pytest"]["ini_options"]
    assert {"README.md", "docs"} <= set(options["testpaths"])
    assert "--dist=loadfile" in options["addopts"].split()


def test_a_document_that_holds(read: pytest.Pytester) -> None:
    """Blocks run in order and share names, files and folder; doctests, sessions and written files work."""
    readme = """
# Title

```python
x = 1
```

A file:

<!-- file: site/site.toml -->
```toml
name = "岗亭"
```

1. In a list:

   ```python
   from pathlib import Path
   assert (x, Path("site/site.toml").read_text(encoding="utf-8")) == (1, 'name = "岗亭"\\n')
   ```

<!-- file: rule.py -->

```python
closes = 22
raise_nothing = None
```

```python
import rule
assert rule.closes == 22
```

```python
>>> x + 1
2
>>> list(range(100))
[0, 1, ..., 99]
```

```console
$ python -c "print('one'); print('two')"
one
...
$ python -c "import sys; print('岗亭', \\
file=sys.stderr); sys.exit(3)"
岗亭
$ echo $?
3
```

```bash
never run
```

~~~text
$pid
~~~
"""
    result = run(read, readme)
    result.assert_outcomes(passed=8)


def test_documents_under_docs(read: pytest.Pytester) -> None:
    """Markdown is collected at any depth under docs, and nowhere else."""
    for place in ("docs", "docs/how-to/deep", "notes"):
        (read.path / place).mkdir(parents=True)
        (read.path / place / "page.md").write_text("```python\nassert True\n```\n", encoding="utf-8")
    read.runpytest_inprocess("--import-mode=importlib").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```python\nassert 1 == 2\n```", "*AssertionError*"),
        ("```python\nundefined\n```", "*NameError*"),
        ("```python\n>>> 1 + 1\n3\n```", "*Expected:*"),
        ("```console\n$ python -c 'print(1)'\n2\n```", "*+ 1*"),
        ("```console\n$ python -c 'print(1)'\n```", "*$ python -c 'print(1)'*"),
        ("```console\n$ python -c 'print(1)'\n1\n$ python -c ''\nmore\n```", "*- more*"),
        (
            "```console\n$ python -c 'exit(2)'\n```",
            "*a command ended with 2; if it should, let '$ echo $?' and 2*",
        ),
        ("```console\n$ python -c 'exit(2)'\n$ python -c ''\n```", "*a command ended with 2*"),
        ("```console\n$ python -c 'exit(2)'\n$ echo $?\n1\n```", "*+ 2*"),
        ("```console\n$ rm -rf x\n```", "*only epiguard, pytest, python and 'echo $?' are run here*"),
        ("```console\n$ python -c '' > out\n```", "*without a shell*"),
        ("```console\noutput without command\n```", "*a session begins with '$ ' and a command*"),
        ("<!-- file: ../x -->\n```toml\na = 1\n```", "*must name a file in the document's own folder*"),
        ("<!-- file: /tmp/x -->\n```toml\na = 1\n```", "*must name a file in the document's own folder*"),
    ],
)
def test_a_failing_block_fails(read: pytest.Pytester, block: str, message: str) -> None:
    """A block that does not hold is a failed test that shows why; the blocks around it still count."""
    result = run(read, f"```python\nx = 1\n```\n\n{block}\n")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([message])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "<!-- file: site.toml -->\n\nNo block.\n\n```toml\n```\n",
            "no block follows <!-- file: site.toml -->",
        ),
        ("```py\nx = 1\n```\n", "line 1, column 1: a block in 'py' would not be run: call it 'python'"),
        ("\n```Python\nx = 1\n```\n", "line 2, column 1: a block in 'Python' would not be run*"),
        ("```bash\n$ epiguard day x\n```\n", "a session in a shell would not be run: call it 'console'"),
        ("```\n$ epiguard day x\n```\n", "a session in a shell would not be run: call it 'console'"),
    ],
)
def test_what_only_looks_like_an_example_is_an_error(read: pytest.Pytester, text: str, message: str) -> None:
    """A block that a reader would take for a tested one, and a file comment without a block, are errors."""
    result = run(read, text)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{message}*"])


def test_blocks_shown_inside_a_block_are_text(read: pytest.Pytester) -> None:
    """A document can show how such blocks are written without running them."""
    shown = "<!-- file: a.toml -->\n```python\nraise SystemExit\n```"
    result = run(read, f"````markdown\n{shown}\n````\n\n```python\nx = 1\n```\n")
    result.assert_outcomes(passed=1)


def test_a_class_in_a_document_knows_its_module(read: pytest.Pytester) -> None:
    """Classes made in a block resolve their annotations and can be pickled, as in a module."""
    readme = """
```python
from __future__ import annotations
import pickle, typing, attrs

@attrs.frozen
class Curfew:
    closes: Hour

Hour = int
assert typing.get_type_hints(Curfew) == {"closes": int}
assert pickle.loads(pickle.dumps(Curfew(22))) == Curfew(22)
assert Curfew.__module__ == "page_README"
```
"""
    run(read, readme).assert_outcomes(passed=1)


def test_a_document_leaves_nothing_behind(read: pytest.Pytester) -> None:
    """Folder, import path and modules of a document are gone when it ends, also when a block failed."""
    readme = """
<!-- file: left_over.py -->
```python
x = 1
```

```python
import left_over, os
raise RuntimeError(os.getcwd())
```
"""
    before = (os.getcwd(), sys.path.copy())  # noqa: PTH109 - the very thing that must not change
    result = run(read, readme)
    result.assert_outcomes(passed=1, failed=1)
    [folder] = {line.rpartition(" ")[2] for line in result.outlines if line.startswith("E ")}
    assert Path(folder).is_absolute()
    assert not Path(folder).exists()
    assert (os.getcwd(), sys.path) == before  # noqa: PTH109
    assert not {"left_over", "page_README"} & set(sys.modules)


def test_blocks_of_a_document_stay_together(read: pytest.Pytester) -> None:
    """With several workers, each document still runs on one of them, in order."""
    chain = "```python\nn = 0\n```\n" + "".join(
        f"```python\nassert n == {i}\nn += 1\n```\n" for i in range(20)
    )
    read.mkdir("docs")
    for name in ("a", "b", "c"):
        (read.path / "docs" / f"{name}.md").write_text(chain, encoding="utf-8")
    options = ("docs", "-n2", "--dist=loadfile", "--import-mode=importlib")
    read.runpytest_subprocess(*options).assert_outcomes(passed=63)


@pytest.mark.parametrize(("ci", "derandomized"), [("true", True), (None, False)])
def test_hypothesis_profiles(
    read: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str | None, *, derandomized: bool
) -> None:
    """In CI every run draws the same examples; no run has a deadline."""
    if ci:
        monkeypatch.setenv("CI", ci)
    else:
        monkeypatch.delenv("CI", raising=False)
    readme = f"""
```python
from hypothesis import settings
assert (settings.default.derandomize, settings.default.deadline) == ({derandomized}, None)
```
"""
    (read.path / "README.md").write_text(readme, encoding="utf-8")
    read.runpytest_subprocess("README.md", "--import-mode=importlib").assert_outcomes(passed=1)
