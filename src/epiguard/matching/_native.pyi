# Written here because C source carries no annotations; a test compares it with the reference.
def osa_distance(a: str, b: str, limit: int, /) -> int: ...
def slip_rows(
    text: str,
    alphabet: str,
    start: int,
    end: int,
    slips: int,
    family: int,
    starts: memoryview,
    marks: memoryview,
    rows: memoryview,
    residents: int,
    few: int,
    first: int,
    /,
) -> list[int]: ...
