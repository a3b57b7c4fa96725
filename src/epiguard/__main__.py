"""Run the command line with ``python -m epiguard``."""

from __future__ import annotations

import sys

from epiguard.cli import main

sys.exit(main())
