"""The group makers of PyPI, used as their documentation says. Neither balances several subjects; each is given all it can take."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

import pandas
from classroom import Classroom
from outcome import Outcome


def team_formation(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    """HBS team-formation 2: `diversify` tiers, gender and flags. Marks are numbers, which it can only cluster, the reverse."""
    from team_formation.team_assignment import TeamAssignment

    columns = list(dict.fromkeys(kind.column for kind in room.kinds))
    participants = pandas.DataFrame({column: [row[column] for row in room.rows] for column in columns})
    constraints = pandas.DataFrame({"attribute": columns, "type": "diversify", "weight": 1})
    start = time.perf_counter()
    with silence():
        maker = TeamAssignment(participants, constraints, room.size)
        maker.solve(max_time_in_seconds=seconds)
    took = time.perf_counter() - start
    if not maker.solution_found:
        return Outcome(None, took, note="no plan")
    return Outcome([int(team) for team in maker.participants["team_num"]], took, note="knows no marks")


def team_former(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    """team-former 1: one mean (`wam`: the mean of all subjects) and gender never alone; no tiers, no flags."""
    from team_former.make_teams import allocate_teams

    genders = sorted({row["gender"] for row in room.rows})
    letter = dict(zip(genders, "FM"))
    means = [sum(marks[s] for marks in room.marks) / len(room.marks) for s in range(room.students)]
    table = {
        "Student_ID": [row["id"] for row in room.rows],
        "gender": [letter[row["gender"]] for row in room.rows],
        "wam": means,
    }
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "students.xlsx", Path(folder) / "teams.xlsx"
        pandas.DataFrame(table).to_excel(given, index=False)
        start = time.perf_counter()
        with silence():
            answer = allocate_teams(
                input_file=str(given),
                output_file=str(made),
                min_team_size=room.size,
                max_team_size=room.size,
                max_solve_time=seconds,
            )
        took = time.perf_counter() - start
    if answer is None:
        return Outcome(None, took, note="no plan")
    return Outcome([int(team) for team in answer["team"]], took, note="one mean, no tiers")


@contextlib.contextmanager
def silence():
    """Both print as they go."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield
