"""fenzu as a solver, and `fenzu check` as the judge of every plan, whoever made it."""

from __future__ import annotations

import csv
import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from classroom import Classroom
from outcome import Outcome

PROGRAM = Path(__file__).resolve().parents[2] / "target" / "release" / "fenzu"


def sample(path: Path, students: int, subjects: int, seed: int) -> None:
    """Writes an invented class."""
    size = ["--students", str(students), "--subjects", str(subjects), "--seed", str(seed)]
    subprocess.run([PROGRAM, "sample", "class", *size, "--output", path], check=True)


def solve(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    """The whole command, from the file to the end of the process."""
    command = [PROGRAM, "solve", room.path, "--groups", str(room.groups), "--format", "json"]
    command += ["--time-limit", str(seconds), "--threads", str(threads)]
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    took = time.perf_counter() - start
    plan = json.loads(done.stdout)
    plan = plan[0] if isinstance(plan, list) else plan
    means = next(level for level in plan["goals"] if level["name"] == "means")
    group = {student: g for g, record in enumerate(plan["groups"]) for student in record["students"]}
    note = f"proved after {means['proved_seconds']:.2f} s" if means["proved"] else ""
    return Outcome([group[row["id"]] for row in room.rows], took, means["proved"], means["bound"], note)


@dataclass(frozen=True)
class Verdict:
    """What the judge and arithmetic say of a plan."""

    outside: float
    """Students outside their tier's or kind's floor and ceiling, summed: values of levels 1 and 2."""
    deviation: float
    """Value of level means: summed deviation in points."""
    ranges: float
    """Sum over subjects of the range of group means, in points."""


def judge(room: Classroom, group_of: list[int], plan: Path) -> Verdict:
    """Writes the plan as id,group and has `fenzu check` judge it."""
    with plan.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "group"])
        writer.writerows([row["id"], group + 1] for row, group in zip(room.rows, group_of))
    command = [PROGRAM, "check", plan, "--list", room.path, "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the judge refuses {plan.name}: {(done.stdout + done.stderr).strip()[:300]}")
    value = {level["name"]: level["value"] for level in json.loads(done.stdout)["verdicts"][0]["goals"]}
    return Verdict(value["tiers"] + value["counts"], value["means"], mean_ranges(room, group_of))


def mean_ranges(room: Classroom, group_of: list[int]) -> float:
    total = 0.0
    for marks in room.marks:
        sums = [sum(mark for mark, at in zip(marks, group_of) if at == g) for g in range(room.groups)]
        total += (max(sums) - min(sums)) / room.size
    return total
