"""SCIP on the assignment model, in its concurrent mode."""

from __future__ import annotations

import time

from classroom import Classroom
from outcome import Outcome
from pyscipopt import Model, quicksum


def solve(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    if goal != "deviation":
        raise ValueError("only the deviation is written for SCIP")
    start = time.perf_counter()
    model = Model()
    model.hideOutput()
    model.setParam("limits/time", seconds)
    model.setParam("parallel/maxnthreads", threads)
    x = [[model.addVar(f"x_{s}_{g}", vtype="B") for g in range(room.groups)] for s in range(room.students)]
    build(model, x, room)
    model.solveConcurrent()
    took = time.perf_counter() - start
    if model.getNSols() == 0:
        return Outcome(None, took, note="no plan")
    best = model.getBestSol()
    group_of = [max(range(room.groups), key=lambda g: model.getSolVal(best, x[s][g])) for s in range(room.students)]
    return Outcome(group_of, took, model.getStatus() == "optimal", max(0.0, model.getDualbound()) / room.groups)


def build(model: Model, x: list[list], room: Classroom) -> None:
    for s in range(room.students):
        model.addCons(quicksum(x[s]) == 1)
    costs = []
    for g in range(room.groups):
        model.addCons(quicksum(x[s][g] for s in range(room.students)) == room.size)
        for kind in room.kinds:
            count = quicksum(x[s][g] for s in kind.members)
            model.addCons((kind.least <= count) <= kind.most)
        for c, marks in enumerate(room.marks):
            off = room.groups * quicksum(marks[s] * x[s][g] for s in range(room.students)) - room.total(c)
            cost = model.addVar(f"e_{c}_{g}", lb=0)
            model.addCons(cost >= off)
            model.addCons(cost >= -off)
            costs.append(cost)
    model.setObjective(quicksum(costs), "minimize")
