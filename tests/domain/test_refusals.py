"""What the system refuses is told in words, whatever Python calls it."""

from __future__ import annotations

import errno
import os

import pytest

from epiguard.errors import refusal_of


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "nothing of that name"),
        (errno.EEXIST, "a file of that name"),
        (errno.EISDIR, "a folder"),
        (errno.ENOTDIR, "a file where a folder of the path should be"),
        (errno.EACCES, "a place that the system does not let you use"),
        (errno.ENOSPC, os.strerror(errno.ENOSPC).lower()),
    ],
)
def test_a_refusal_in_words(number: int, words: str) -> None:
    """No class name, and no path: the caller says where."""
    told = refusal_of(OSError(number, os.strerror(number), "/home/x/secret.csv"))
    assert told == words
    assert "Error" not in told
    assert "secret" not in told


def test_an_error_without_words_of_its_own() -> None:
    """Made without a number, it says at least what it is."""
    assert refusal_of(OSError()) == "a refusal of the system"
