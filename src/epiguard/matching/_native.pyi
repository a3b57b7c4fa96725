# Written here because C source carries no annotations; a test compares it with the reference.
def osa_distance(a: str, b: str, limit: int, /) -> int: ...
def slip_rows(
    text: str,
    alphabet: str,
    start: int,
    end: int,
    family: int,
    starts: memoryview,
    marks: memoryview,
    rows: memoryview,
    residents: int,
    few: int,
    first: int,
    /,
) -> list[int]: ...
def read_plain(texts: tuple[str | None, ...], forms: bytes, /) -> tuple[bytes, int]: ...
def plain_rows(columns: tuple[tuple[object, ...] | None, ...], forms: bytes, /) -> list[bytes | None]: ...
def find_many(
    image: memoryview,
    overlay: bytes,
    readings: tuple[bytes, ...],
    prior: int,
    stranger: int,
    exact: bytes,
    limit: int,
    rejected: tuple[tuple[bytes, ...], ...],
    /,
) -> tuple[bytes, ...]: ...
def grades(
    image: memoryview, overlay: bytes, reading: bytes, prior: int, exact: bytes, row: int, /
) -> bytes: ...
def household(image: memoryview, overlay: bytes, row: int, /) -> list[int]: ...
def person_id(image: memoryview, overlay: bytes, row: int, /) -> str: ...
def row_of(image: memoryview, overlay: bytes, person: bytes, /) -> int | None: ...
def build(records: tuple[bytes, ...], characters: bytes, /) -> tuple[bytes, ...]: ...
