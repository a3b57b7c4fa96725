"""Bad site files: each is refused when it is loaded, with file, key, what was expected and what to do.

The cases stand in golden/bad_site_files.txt, each with its message; one without ``[site]`` gets a good one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from epiguard.errors import EpiguardError, PolicyError, RuleLoadError
from epiguard.policy import Policy
from epiguard.rules._rule import rule_name
from policy.broken_rules import BROKEN

GOLDEN = Path(__file__).parent / "golden" / "bad_site_files.txt"
INTRODUCTION, *CASES = GOLDEN.read_text(encoding="utf-8").split("\n=== ")
HEAD = '[site]\nid = "caohang"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "north"}]\n'


def message_of(text: str) -> str:
    """What loading a site file says."""
    if "[site]" not in text and "site =" not in text and "no site" not in text:
        text = HEAD + text
    named = [each for each in BROKEN if f'use = "{rule_name(each)}"' in text]
    try:
        Policy.loads(text, rules=named)
    except PolicyError as error:
        return f"{type(error).__name__}: {error}"
    return "it was loaded"


def test_every_message_is_as_recorded() -> None:
    """The whole file, exactly: messages are part of the interface."""
    parts = [case.partition("\n---\n")[0] for case in CASES]
    actual = [f"{part}\n---\n{message_of(part.partition(chr(10))[2])}\n" for part in parts]
    assert "\n=== ".join([INTRODUCTION, *actual]) == GOLDEN.read_text(encoding="utf-8")


def test_there_are_enough_cases() -> None:
    """Every kind of mistake we could think of, each under a name of its own."""
    assert len(CASES) >= 30
    assert len({case.partition("\n")[0] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case).partition("\n")[0])
def test_a_message_says_where_and_what(case: str) -> None:
    """File first, then what was expected and what came."""
    message = case.partition("\n---\n")[2]
    assert message.startswith(("PolicyError: site.toml", "RuleLoadError: site.toml"))
    assert ": expected " in message
    assert ", got " in message
    assert message.count("\n") == 1


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    """Saved by an editor in GB 18030."""
    path = tmp_path / "site.toml"
    path.write_bytes('[site]\nid = "caohang"\nname = "曹行村"\n'.encode("gb18030"))
    with pytest.raises(PolicyError) as caught:
        Policy.load(path)
    assert str(caught.value) == (
        "site.toml: expected text in UTF-8, got bytes in line 3 that are not; save it as UTF-8"
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The message names the file and not the folders above it."""
    with pytest.raises(PolicyError) as caught:
        Policy.load(tmp_path / "caohang.toml")
    assert str(caught.value) == "caohang.toml: expected a site file, got no such file; check the path"


def test_a_folder(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(PolicyError, match=r"expected a site file, got a folder; name the file in it"):
        Policy.load(tmp_path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Notepad puts one there."""
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xef\xbb\xbf" + HEAD.encode())
    assert Policy.load(path).site.id == "caohang"


def test_one_root_for_all() -> None:
    """Whoever catches the root, or ``PolicyError``, catches every refusal of a policy."""
    assert issubclass(RuleLoadError, PolicyError)
    assert issubclass(PolicyError, EpiguardError)
