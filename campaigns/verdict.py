"""What a campaign says: each promise kept or broken, each control found or missed."""

from __future__ import annotations

__all__ = ["Verdict"]


class Verdict:
    """What a campaign found; prints each line as it comes."""

    def __init__(self) -> None:
        self.kept = True

    def promise(self, what: str, *, kept: bool, figures: str) -> None:
        """A promise, and whether it was kept."""
        self.kept = self.kept and kept
        print(f"{'kept  ' if kept else 'BROKEN'}  {what}: {figures}", flush=True)

    def control(self, what: str, *, found: bool, figures: str) -> None:
        """Something broken on purpose, and whether it was found out."""
        self.kept = self.kept and found
        print(f"{'found ' if found else 'MISSED'}  control, {what}: {figures}", flush=True)

    def end(self) -> int:
        """What the command ends with."""
        return 0 if self.kept else 1
