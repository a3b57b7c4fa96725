"""A module that cannot be imported: the package it needs was forgotten."""

from __future__ import annotations

import a_package_that_nobody_installed  # type: ignore[import-not-found]  # noqa: F401
