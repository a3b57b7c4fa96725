"""Which distributions may offer rules: the site file's list, checked before anything of them is imported."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from epiguard.errors import InvalidValueError, RuleLoadError, refusal_of

if TYPE_CHECKING:  # it loads half of the e-mail package with it
    from importlib.metadata import Distribution, EntryPoint, PackagePath

__all__ = ["Pin", "check_admitted", "check_pinned", "content_hash"]

#: The library's own distribution, which needs no admission, but may be pinned.
OWN = "epiguard"
_HASH = re.compile(r"sha256:[0-9a-f]{64}")
#: Written by the installer, and different on every machine.
_INSTALLERS = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def _hash(value: str | None) -> str | None:
    if value is not None and not _HASH.fullmatch(value):
        raise InvalidValueError(
            "Pin.hash",
            expected="'sha256:' and 64 hexadecimal digits",
            got=f"text of {len(value)} characters",
            do="take it from the message that a wrong one gives",
        )
    return value


@attrs.frozen(kw_only=True)
class Pin:
    """What a site file asks of a distribution that offers rules.

    Attributes:
        version: The one version that may be loaded.
        hash: The hash of everything the distribution installed, as :func:`content_hash` makes it.
    """

    version: str | None = None
    hash: str | None = attrs.field(default=None, converter=_hash)


def check_pinned(plugins: Mapping[str, Pin], where: str) -> None:
    """Refuse a list that does not hold of what is installed, whether a rule of it is used today or not.

    A name that admits nothing, or a pin that nobody looks at, would look like a check, and check nothing.

    Args:
        plugins: Name of a distribution to what is asked of it.
        where: File and section, for messages.

    Raises:
        RuleLoadError: If one of them is not installed, or is of another version or content.
    """
    from importlib import metadata  # noqa: PLC0415 - only where a file has such a list

    for name, pin in plugins.items():
        try:
            distribution = metadata.distribution(name)
        except (metadata.PackageNotFoundError, ValueError):  # of a blank name
            raise RuleLoadError(
                f"{where}.{name}",
                expected="the name of an installed distribution",
                got="one that is not installed",
                do="install it, correct its name, or remove the table",
            ) from None
        _check(distribution, pin, f"{where}.{name}")


def check_admitted(entry: EntryPoint, where: str, plugins: Mapping[str, Pin] | None) -> None:
    """Refuse an entry point of a distribution that the site file does not admit.

    Args:
        entry: What would be imported next.
        where: File and key, for messages.
        plugins: Name of a distribution to what is asked of it, which :func:`check_pinned` has checked;
            nothing admits every installed one.

    Raises:
        RuleLoadError: If it is not admitted, or its content is pinned and another place would be imported.
    """
    if plugins is None:
        return
    name = entry.dist.name if entry.dist is not None else "unknown"
    own = Pin() if _normal(name) == OWN else None
    pin = next((pin for each, pin in plugins.items() if _normal(each) == _normal(name)), own)
    if entry.dist is None or pin is None:
        raise RuleLoadError(
            where,
            expected="a rule of epiguard or of a distribution named under [plugins]",
            got=f"{entry.name!r} of {name}",
            do=f"add [plugins.{name}] if its code is trusted",
        )
    if pin.hash is not None:
        _check_it_is_imported(entry, entry.dist, where)


def _check(distribution: Distribution, pin: Pin, where: str) -> None:
    name = distribution.name
    if pin.version is not None and pin.version != distribution.version:
        raise RuleLoadError(
            where,
            expected=f"{name} {pin.version}, as [plugins.{name}] says",
            got=f"version {distribution.version}",
            do="install that version, or review the other one and change the pin",
        )
    if pin.hash is None:
        return
    found = content_hash(distribution, where)
    if found != pin.hash:
        raise RuleLoadError(
            where,
            expected=f"{name} with the content that [plugins.{name}] pins",
            got=found,
            do="review what is installed; if it is right, put this hash into the site file",
        )


def _check_it_is_imported(entry: EntryPoint, distribution: Distribution, where: str) -> None:
    # Another folder on the path may hold a package of the same name, which would be imported in its place.
    top = entry.value.partition(":")[0].partition(".")[0]
    try:
        spec = find_spec(top)
    except ValueError:  # in place already, and made by hand
        spec = None
    # Without an origin it is a namespace, whose parts may lie anywhere.
    found = Path(spec.origin).resolve() if spec is not None and spec.origin is not None else None
    listed = {Path(str(each.locate())).resolve() for each in distribution.files or () if each.suffix == ".py"}
    if found not in listed:
        raise RuleLoadError(
            where,
            expected=f"package {top!r} to be imported from what {distribution.name} installed",
            got="another place, or none",
            do="remove the other one from the path, or pin the version only",
        )


def content_hash(distribution: Distribution, where: str) -> str:
    """A hash of all files that a distribution installed, whatever machine they are on.

    Raises:
        RuleLoadError: If its files are not known or not there: an editable installation has none.
    """
    digest = hashlib.sha256()
    files = sorted(filter(_counts, distribution.files or ()), key=lambda each: each.as_posix())
    # An editable installation has a path file in place of the code, and nothing else to go by.
    # The metadata of a source folder list files by name and may be found in the current one.
    recorded = distribution.read_text("RECORD") is not None
    code = any(each.suffix == ".py" for each in files) and not any(each.suffix == ".pth" for each in files)
    if not (recorded and code):
        raise RuleLoadError(
            where,
            expected=f"{distribution.name} installed from a wheel, so that its content can be checked",
            got="an editable installation, or one without a list of files",
            do="install it without --editable, or pin its version only",
        )
    for file in files:
        try:
            content = file.read_binary()
        except OSError as error:
            raise RuleLoadError(
                where,
                expected=f"all files of {distribution.name}",
                got=refusal_of(error),
                do="reinstall it",
            ) from None
        digest.update(f"{file.as_posix()}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def _counts(file: PackagePath) -> bool:
    return file.suffix != ".pyc" and file.name not in _INSTALLERS and ".." not in file.parts


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
