"""A class list as numbers: what every solver here is given.

The assignment model x[s, g] of models/formulation.md, levels 1 to 3, for groups of equal size n = N / G:
  rows     sum_g x[s, g] = 1;  sum_s x[s, g] = n;  for each tier and each kind k: floor(C_k / G) <= x_gk <= ceil(C_k / G)
  goal     deviation: minimise sum_g,c |G * S_gc - T_c|, which is 1 / n of the level's scaled value; or
           range: minimise sum_c (max_g S_gc - min_g S_gc)
With equal sizes floor and ceil of every tier are the optimum of level 1, and of every kind that of level 2.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

NOT_COUNTED = {"id", "name"}


@dataclass(frozen=True)
class Kind:
    """Students who share a tier, a gender or a flag, and how many of them a group may have."""

    column: str
    value: str
    members: list[int]
    least: int
    most: int


@dataclass(frozen=True)
class Classroom:
    """One class to be divided into `groups` groups of `size`."""

    path: Path
    rows: list[dict[str, str]]
    groups: int
    subjects: list[str]
    kinds: list[Kind]
    marks: list[list[int]]
    """`marks[c][s]`, whole points."""

    @property
    def students(self) -> int:
        return len(self.rows)

    @property
    def size(self) -> int:
        return len(self.rows) // self.groups

    def total(self, subject: int) -> int:
        return sum(self.marks[subject])


def read(path: Path, groups: int) -> Classroom:
    """Reads a list of `fenzu sample class`: id, name, gender, subjects, tier, flags of 0 and 1."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    header = list(rows[0])
    if len(rows) % groups:
        raise ValueError(f"{path}: {len(rows)} students do not make {groups} equal groups")
    subjects = header[header.index("gender") + 1 : header.index("tier")]
    counted = [column for column in header if column not in NOT_COUNTED and column not in subjects]
    marks = [[int(row[column]) for row in rows] for column in subjects]
    return Classroom(path, rows, groups, subjects, kinds(rows, counted, groups), marks)


def kinds(rows: list[dict[str, str]], columns: list[str], groups: int) -> list[Kind]:
    """Every value of a tier or gender, the 1 of a flag."""
    found = []
    for column in columns:
        values = sorted({row[column] for row in rows} - {""})
        for value in ["1"] if set(values) <= {"0", "1"} else values:
            members = [s for s, row in enumerate(rows) if row[column] == value]
            found.append(Kind(column, value, members, len(members) // groups, -(-len(members) // groups)))
    return found
