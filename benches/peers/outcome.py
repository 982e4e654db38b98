"""What one solver answered about one class."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """A plan with what the solver itself says of it."""

    group_of: list[int] | None
    """Group of each student in the order of the list; none where no plan came."""
    seconds: float
    """From the list in memory to the answer."""
    proved: bool = False
    """The solver says that its own objective is optimal."""
    bound: float | None = None
    """Lower bound of the summed deviation in points, where the solver has one for that goal."""
    note: str = ""
    """What the reader must know: a word or two."""
    processor: float | None = None
    """Seconds of processor time over all threads: what the run took where others share the machine."""
