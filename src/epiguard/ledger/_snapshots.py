"""Snapshots: what the first entries of a ledger add up to, put away so that it need not be added up again.

A snapshot is only ever a shortcut. One that is damaged, or was made by other code, of another site or with
other kinds of facts at hand, or is not of the entries that are there, is passed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from inspect import get_annotations

import attrs

from epiguard.errors import PlainDataError
from epiguard.facts import FACT_KINDS
from epiguard.ledger._payload import canonical
from epiguard.ledger._store import Order
from epiguard.places import Site
from epiguard.plain import PLAIN_VERSION, to_plain
from epiguard.situation import SNAPSHOT_VERSION, State, freeze, thaw

__all__ = ["Snapshot", "seal", "shape_of", "unseal"]

#: What of this package decides what facts add up to.
_PARTS = frozenset(
    (
        *("crossings", "days", "decisions", "duties", "facts", "fields", "identifiers", "ledger", "passes"),
        *("people", "places", "plain", "quarantine", "registrations", "situation"),
    )
)


@attrs.frozen(kw_only=True)
class Snapshot:
    """What the entries up to a position add up to.

    Attributes:
        state: Their sum.
        position: Of the last of them.
        order: Of the last of them.
        hash: Of the last of them.
        heads: The last sequence and hash of every writer.
        erasing: The positions of those among them that say what was erased.
        shapes: The kinds of facts among them, each with how it was read.
    """

    state: State
    position: int
    order: Order
    hash: str
    heads: Mapping[str, tuple[int, str]]
    erasing: Iterable[int]
    shapes: Mapping[str, str]


def seal(snapshot: Snapshot) -> bytes:
    """A snapshot as it is kept."""
    head = {
        "code": _code(),
        "site": _site(snapshot.state.site),
        "position": snapshot.position,
        "order": snapshot.order,
        "hash": snapshot.hash,
        "heads": snapshot.heads,
        "erasing": list(snapshot.erasing),
        "shapes": snapshot.shapes,
    }
    data = f"{canonical(head)}\n{freeze(snapshot.state)}".encode()
    return hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def unseal(data: bytes, site: Site) -> Snapshot | None:
    """The snapshot that was kept; nothing where it is not to be relied on.

    Args:
        data: As it was kept.
        site: Whose ledger it is, as the policy of today says.
    """
    check, _, rest = data.partition(b"\n")
    if hashlib.sha256(rest).hexdigest().encode() != check:
        return None
    try:
        head, _, text = rest.decode().partition("\n")
        said = json.loads(head)
        if said["code"] != _code() or said["site"] != _site(site):
            return None
        if any(shape_of(kind) != shape for kind, shape in said["shapes"].items()):
            return None
        stamp, writer, sequence = said["order"]
        return Snapshot(
            state=thaw(site, text),
            position=said["position"],
            order=(stamp, writer, sequence),
            hash=said["hash"],
            heads={name: (number, last) for name, (number, last) in said["heads"].items()},
            erasing=said["erasing"],
            shapes=said["shapes"],
        )
    except (PlainDataError, AttributeError, KeyError, TypeError, ValueError):
        return None


def shape_of(kind: str) -> str:
    """How facts of a kind are read now; empty where nobody here knows it, and they are passed over."""
    known = FACT_KINDS.get(kind)
    if known is None:
        return ""
    # As written in the class: what attrs says changes once something in this process resolves the types.
    said = {name: kind for base in reversed(known.__mro__) for name, kind in get_annotations(base).items()}
    fields = ",".join(f"{each.name}:{said.get(each.name)}" for each in attrs.fields(known))
    return f"{known.__module__}.{known.__qualname__}({fields})"


def _site(site: Site) -> str:
    return hashlib.sha256(canonical(to_plain(site)).encode()).hexdigest()


@cache
def _code() -> str:
    """What facts add up to is decided by this package's own sources, whatever its version says."""
    found = hashlib.sha256(f"{SNAPSHOT_VERSION} {PLAIN_VERSION}".encode())
    for each in sorted(files("epiguard").iterdir(), key=lambda entry: entry.name):
        if each.name.removesuffix(".py") in _PARTS:
            _digest(each, found)
    return found.hexdigest()


def _digest(entry: Traversable, into: hashlib._Hash) -> None:
    if entry.is_dir():
        for each in sorted(entry.iterdir(), key=lambda inner: inner.name):
            _digest(each, into)
    elif entry.name.endswith(".py"):
        into.update(entry.read_bytes())
