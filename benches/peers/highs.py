"""HiGHS on the assignment model."""

from __future__ import annotations

import time

import highspy
from classroom import Classroom
from outcome import Outcome


def solve(room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    if goal != "deviation":
        raise ValueError("only the deviation is written for HiGHS")
    start = time.perf_counter()
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("threads", threads)
    model.setOptionValue("parallel", "on" if threads > 1 else "off")
    x = [[model.addBinary() for _ in range(room.groups)] for _ in range(room.students)]
    model.minimize(build(model, x, room))
    took = time.perf_counter() - start
    info = model.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Outcome(None, took, note="no plan")
    values = model.getSolution().col_value
    group_of = [max(range(room.groups), key=lambda g: values[x[s][g].index]) for s in range(room.students)]
    optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Outcome(group_of, took, optimal, max(0.0, info.mip_dual_bound) / room.groups)


def build(model: highspy.Highs, x: list[list], room: Classroom):
    """Adds the rows; returns the objective."""
    for s in range(room.students):
        model.addConstr(model.qsum(x[s]) == 1)
    costs = []
    for g in range(room.groups):
        model.addConstr(model.qsum(x[s][g] for s in range(room.students)) == room.size)
        for kind in room.kinds:
            count = model.qsum(x[s][g] for s in kind.members)
            model.addConstr(count >= kind.least)
            model.addConstr(count <= kind.most)
        for c, marks in enumerate(room.marks):
            total = model.qsum(room.groups * marks[s] * x[s][g] for s in range(room.students))
            cost = model.addVariable(lb=0)
            model.addConstr(total - cost <= room.total(c))
            model.addConstr(total + cost >= room.total(c))
            costs.append(cost)
    return model.qsum(costs)
