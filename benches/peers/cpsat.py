"""OR-Tools CP-SAT on the assignment model."""

from __future__ import annotations

import time

from classroom import Classroom
from ortools.sat.python import cp_model
from outcome import Outcome


def solve(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    start = time.perf_counter()
    model = cp_model.CpModel()
    x = [[model.new_bool_var(f"x_{s}_{g}") for g in range(room.groups)] for s in range(room.students)]
    rows(model, x, room)
    model.minimize(sum(deviations(model, x, room) if goal == "deviation" else ranges(model, x, room)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    status = solver.solve(model)
    took = time.perf_counter() - start
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(None, took, note=solver.status_name(status).lower())
    group_of = [next(g for g in range(room.groups) if solver.boolean_value(x[s][g])) for s in range(room.students)]
    bound = solver.best_objective_bound / room.groups if goal == "deviation" else None
    return Outcome(group_of, took, status == cp_model.OPTIMAL, bound)


def rows(model: cp_model.CpModel, x: list[list], room: Classroom) -> None:
    for s in range(room.students):
        model.add_exactly_one(x[s])
    for g in range(room.groups):
        model.add(sum(x[s][g] for s in range(room.students)) == room.size)
        for kind in room.kinds:
            model.add_linear_constraint(sum(x[s][g] for s in kind.members), kind.least, kind.most)


def deviations(model: cp_model.CpModel, x: list[list], room: Classroom) -> list:
    costs = []
    for c, marks in enumerate(room.marks):
        total = room.total(c)
        for g in range(room.groups):
            off = room.groups * sum(marks[s] * x[s][g] for s in range(room.students)) - total
            cost = model.new_int_var(0, room.groups * total, f"e_{c}_{g}")
            model.add(cost >= off)
            model.add(cost >= -off)
            costs.append(cost)
    return costs


def ranges(model: cp_model.CpModel, x: list[list], room: Classroom) -> list:
    costs = []
    for c, marks in enumerate(room.marks):
        low, high = (model.new_int_var(0, room.total(c), f"{end}_{c}") for end in ("low", "high"))
        for g in range(room.groups):
            total = sum(marks[s] * x[s][g] for s in range(room.students))
            model.add(low <= total)
            model.add(total <= high)
        costs.append(high - low)
    return costs
