"""Many queries at once: read here, searched by as many threads as there are processors, told in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final, NamedTuple

from epiguard.errors import EpiguardError
from epiguard.matching._answer import Answer
from epiguard.matching._engine import Opened
from epiguard.matching._query import Query
from epiguard.matching._reading import Form

__all__ = ["Asked", "find_many", "processors"]

#: So many queries are searched in one go: a thread takes the interpreter's lock once for all of them.
_PORTION: Final = 64
#: So many portions of each thread are read ahead, or wait to be told. More would only take memory.
_AHEAD: Final = 2

#: What is searched for: what was read of a form, and who is ruled out for it.
Asked = tuple[Form, Collection[str]]


class _Portion(NamedTuple):
    """Queries that are searched in one go, the number of the first, and what was wrong with the next."""

    first: int
    asked: list[Asked]
    wrong: EpiguardError | None = None


class _Found(NamedTuple):
    """What was found of a portion, and what was wrong with the next query."""

    answers: Sequence[bytes]
    wrong: EpiguardError | None


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def find_many(
    opened: Opened, queries: Iterable[Query], ask: Callable[[Query], Asked], limit: int, threads: int
) -> Iterator[Answer]:
    """Find many, in their order.

    Args:
        opened: The index.
        queries: What is known of each. They are taken as answers are asked for, some hundreds ahead.
        ask: Reads a query; it raises what is wrong with it.
        limit: How many candidates to return at most for each.
        threads: How many search at once.

    Yields:
        One answer per query.

    Raises:
        EpiguardError: For the first query that is refused, once all before it were answered; says its number.
    """
    search = partial(_search, opened, limit)
    portions = _portions(queries, ask)
    found = map(search, portions) if threads == 1 else _searched(search, portions, threads)
    for answers, wrong in found:
        yield from (opened.told(each, limit) for each in answers)
        if wrong is not None:
            raise wrong


def _portions(queries: Iterable[Query], ask: Callable[[Query], Asked]) -> Iterator[_Portion]:
    asked: list[Asked] = []
    first = 1
    for number, query in enumerate(queries, start=1):
        try:
            asked.append(ask(query))
        except EpiguardError as error:
            yield _Portion(first, asked, _numbered(error, number))
            return
        if len(asked) == _PORTION:
            yield _Portion(first, asked)
            asked, first = [], number + 1
    if asked:
        yield _Portion(first, asked)


def _searched(
    search: Callable[[_Portion], _Found], portions: Iterator[_Portion], threads: int
) -> Iterator[_Found]:
    """Search portions in threads, a few of them ahead, and hand them out in their order."""
    waiting: deque[Future[_Found]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="epiguard-find") as pool:
        try:
            for portion in portions:
                waiting.append(pool.submit(search, portion))
                if len(waiting) > _AHEAD * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _search(opened: Opened, limit: int, portion: _Portion) -> _Found:
    """Search for all of a portion; where that fails, one by one up to the one that fails."""
    engine = opened.engine
    try:
        readings, rejected = zip(*portion.asked, strict=True) if portion.asked else ((), ())
        return _Found(engine.find_many(readings, limit, rejected), portion.wrong)
    except EpiguardError:
        found: list[bytes] = []
        for number, (reading, out) in enumerate(portion.asked, start=portion.first):
            try:
                found.append(engine.find(reading, limit, out))
            except EpiguardError as error:
                return _Found(found, _numbered(error, number))
        return _Found(found, portion.wrong)


def _numbered(error: EpiguardError, number: int) -> EpiguardError:
    return type(error)(
        f"find_many, query {number}, {error.where}", expected=error.expected, got=error.got, do=error.do
    )
