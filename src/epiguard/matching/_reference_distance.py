"""Edit distance in plain Python: the specification of the compiled twin in ``_csrc/kernel.c``."""

from __future__ import annotations

__all__ = ["osa_distance"]


def osa_distance(a: str, b: str, limit: int, /) -> int:
    """Return the optimal string alignment distance of two texts, or limit + 1 if it is more than limit.

    The distance is the fewest insertions, deletions, substitutions and swaps of two neighbours that turn
    ``a`` into ``b``, where no part is edited twice.
    It counts Unicode code points, so normalise first if one letter may be written in several ways.

    Args:
        a: One text.
        b: The other; the order makes no difference.
        limit: The largest distance of interest, 0 or more. A small one is much faster.

    Returns:
        The distance if it is at most ``limit``, otherwise ``limit + 1``.

    Raises:
        TypeError: If ``a`` or ``b`` is not text or ``limit`` is not a whole number.
        ValueError: If ``limit`` is negative.
    """
    for name, value, kind in (("a", a, str), ("b", b, str), ("limit", limit, int)):
        if not isinstance(value, kind):
            raise TypeError(f"osa_distance: {name} must be {kind.__name__}, not {type(value).__name__}")
    if limit < 0:
        raise ValueError("osa_distance: limit must be 0 or more")
    if abs(len(a) - len(b)) > limit:
        return limit + 1

    # table[i][j] is the distance of the first i code points of `a` and the first j of `b`; three rows of it
    # are enough, because a swap reaches back two rows and nothing reaches further.
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, here in enumerate(a, start=1):
        row = [i]
        for j, there in enumerate(b, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (here != there))
            if i > 1 and j > 1 and here == b[j - 2] and there == a[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        # From two rows that are all beyond the limit there is no way back below it.
        if min(row) > limit and min(above) > limit:
            return limit + 1
        before, above = above, row
    return min(above[-1], limit + 1)
