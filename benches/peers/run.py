"""Runs fenzu beside other solvers and group makers, and writes the tables that docs/measurements.md shows.

python3 benches/peers/run.py [--seconds S] [--only WORD] [--write]
Needs target/release/fenzu and the packages of requirements.txt; `make bench-peers` sees to both.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path

import fenzu
import peer
from classroom import Classroom, read
from tables import Cell, document, write_between_markers

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "target" / "peers"
THREADS = 2


@dataclass(frozen=True)
class Case:
    """A class and who is run on it."""

    name: str
    path: Path
    """The list; made by `fenzu sample class` unless it is one of datasets/."""
    groups: int
    solvers: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    """Time limits that differ from the solver's own."""


@dataclass(frozen=True)
class Solver:
    """A solver with its goal and the limit of a run."""

    entry: str
    """`module.function`."""
    goal: str
    seconds: float


SOLVERS = {
    "fenzu": Solver("fenzu.solve", "deviation", 10),
    "CP-SAT": Solver("cpsat.solve", "deviation", 60),
    "CP-SAT, range": Solver("cpsat.solve", "range", 60),
    "SCIP": Solver("scip.solve", "deviation", 20),
    "HiGHS": Solver("highs.solve", "deviation", 20),
    "team-formation": Solver("makers.team_formation", "its own", 10),
    "team-former": Solver("makers.team_former", "its own", 10),
}
ALL = ("fenzu", "CP-SAT", "SCIP", "HiGHS", "team-formation", "team-former")
PAIR = ("fenzu", "CP-SAT")


def cases() -> list[Case]:
    usual = [
        Case("class50.csv into 5, 3 subjects", ROOT / "datasets" / "class50.csv", 5, (*ALL, "CP-SAT, range")),
        Case("36 into 6, 3 subjects", sample(36, 3, 1), 6, ALL),
        Case("50 into 5, 4 subjects", sample(50, 4, 1), 5, ALL),
    ]
    wide = [
        Case(f"50 into 5, {subjects} subjects, seed {seed}", sample(50, subjects, seed), 5, PAIR, {"fenzu": 5})
        for subjects in (8, 9)
        for seed in (1, 2, 3)
    ]
    return usual + wide


def sample(students: int, subjects: int, seed: int) -> Path:
    path = FILES / f"class-{students}-{subjects}-{seed}.csv"
    fenzu.sample(path, students, subjects, seed)
    return path


def run(case: Case, name: str, room: Classroom, seconds: float | None) -> Cell:
    solver = SOLVERS[name]
    limit = seconds or case.seconds.get(name, solver.seconds)
    print(f"{case.name}: {name}, at most {limit:g} s", file=sys.stderr, flush=True)
    outcome = peer.run(solver.entry, room, solver.goal, limit, THREADS)
    verdict = None
    if outcome.group_of is not None:
        plan = FILES / f"{room.path.stem}-{name.replace(', ', '-').lower()}.csv"
        verdict = fenzu.judge(room, outcome.group_of, plan)
    return Cell(case.name, name, limit, outcome, verdict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, help="one time limit for every run")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/measurements.md")
    arguments = parser.parse_args()
    FILES.mkdir(parents=True, exist_ok=True)
    cells = []
    for case in cases():
        if arguments.only in case.name:
            room = read(case.path, case.groups)
            cells += [run(case, name, room, arguments.seconds) for name in case.solvers]
    load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    text = document(cells, f"{os.cpu_count()} cores, {platform.machine()}, load at the end {load}", THREADS)
    print(text)
    if arguments.write:
        write_between_markers(ROOT / "docs" / "measurements.md", text)


if __name__ == "__main__":
    main()
