"""The results as markdown: what does not depend on the machine first."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fenzu import Verdict
from outcome import Outcome

BEGIN, END = "<!-- peers:begin -->", "<!-- peers:end -->"
PACKAGES = ("ortools", "pyscipopt", "highspy", "team-formation", "team-former")


@dataclass(frozen=True)
class Cell:
    """One solver on one class."""

    case: str
    solver: str
    limit: float
    outcome: Outcome
    verdict: Verdict | None


@dataclass(frozen=True)
class Pair:
    """A cell beside fenzu's on the same class."""

    cell: Cell
    ours: Cell

    def deviation(self) -> float | None:
        """Ratio of the summed deviations; none without a plan or where fenzu's is 0."""
        if self.cell.verdict is None or not self.ours.verdict.deviation:
            return None
        return self.cell.verdict.deviation / self.ours.verdict.deviation

    def time(self) -> str:
        """Ratio of the times; a solver that its limit ended would have taken longer. None where fenzu's own run was ended."""
        if self.ours.outcome.seconds >= self.ours.limit:
            return "–"
        more = "> " if self.cell.outcome.seconds >= self.cell.limit else ""
        return more + short(self.cell.outcome.seconds / self.ours.outcome.seconds)


def document(cells: list[Cell], machine: str, threads: int) -> str:
    """Both tables with what must be known to read them."""
    ours = {cell.case: cell for cell in cells if cell.solver == "fenzu"}
    pairs = [Pair(cell, ours[cell.case]) for cell in cells]
    return "\n\n".join([summary(pairs), *about(), details(pairs), measured(cells, machine, threads)])


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def summary(pairs: list[Pair]) -> str:
    rows = []
    for solver in dict.fromkeys(pair.cell.solver for pair in pairs):
        of_solver = [pair for pair in pairs if pair.cell.solver == solver]
        ratios = sorted(ratio for pair in of_solver if (ratio := pair.deviation()) is not None)
        middle = short(ratios[len(ratios) // 2]) if ratios else "–"
        spread = f"{short(ratios[0])} … {short(ratios[-1])}" if ratios else "–"
        plans = sum(pair.cell.verdict is not None for pair in of_solver)
        proved = sum(pair.cell.outcome.proved for pair in of_solver)
        broken = sum(pair.cell.verdict is not None and pair.cell.verdict.outside > 0 for pair in of_solver)
        counts = [f"{plans} of {len(of_solver)}", str(proved), str(broken)]
        rows.append([solver, *counts, middle, spread])
    head = ["solver", "plans", "proved", "tiers or counts uneven", "deviation ÷ fenzu's, median", "least … most"]
    return table(head, rows)


def details(pairs: list[Pair]) -> str:
    head = ["class", "solver", "deviation ÷ fenzu's", "time ÷ fenzu's", "outside", "summed deviation", "bound", "proved"]
    head += ["sum of mean ranges", "seconds (limit)", "of processor", ""]
    rows, last = [], None
    for pair in pairs:
        case = "" if pair.cell.case == last else pair.cell.case
        last = pair.cell.case
        rows.append([case, pair.cell.solver, *values(pair)])
    return table(head, rows)


def values(pair: Pair) -> list[str]:
    outcome, verdict = pair.cell.outcome, pair.cell.verdict
    seconds = f"{outcome.seconds:.2f} ({pair.cell.limit:g})"
    processor = "–" if outcome.processor is None else f"{outcome.processor:.2f}"
    if verdict is None:
        return ["no plan", "–", "–", "–", "–", "no", "–", seconds, processor, outcome.note]
    ratio = pair.deviation()
    bound = "–" if outcome.bound is None else f"{outcome.bound:.2f}"
    proved = "yes" if outcome.proved else "–" if outcome.bound is None else "no"
    shown = ["–" if ratio is None else short(ratio), pair.time(), f"{verdict.outside:g}", f"{verdict.deviation:.2f}"]
    return [*shown, bound, proved, f"{verdict.ranges:.2f}", seconds, processor, outcome.note]


def short(ratio: float) -> str:
    return f"{ratio:.0f}" if ratio >= 100 else f"{ratio:.3g}"


def about() -> list[str]:
    return [
        "*Summed deviation* (points): over subjects and groups, how far the group's sum of marks is from its share; fenzu's level"
        " means. *Outside*: students outside floor and ceiling of their tier, gender or flag. Both are computed by `fenzu check`"
        " from the plan alone, whoever made it. *Bound*: what the solver itself proves of the summed deviation; *proved*: it says"
        " that its own goal is optimal. CP-SAT, SCIP and HiGHS are given the assignment model with tiers and counts as rows, so"
        " they solve one level where fenzu solves five; \"range\" minimises the ranges of the group sums instead. The group"
        " makers cannot express the problem and get what they can take. *Of processor*: seconds over all threads, which other work"
        " on the machine does not change."
    ]


def measured(cells: list[Cell], machine: str, threads: int) -> str:
    versions = ", ".join(f"{package} {installed(package)}" for package in PACKAGES)
    return (
        f"Measured by `make bench-peers`, one run after the other with {threads} threads each; {machine}. {share(cells, threads)}"
        f" {versions}."
    )


def share(cells: list[Cell], threads: int) -> str:
    """How busy the machine was: what CP-SAT, which never waits, got of its threads."""
    runs = [cell.outcome for cell in cells if cell.solver == "CP-SAT" and cell.outcome.processor is not None]
    wanted = threads * sum(run.seconds for run in runs)
    if not wanted:
        return ""
    got = sum(run.processor for run in runs) / wanted
    return f"CP-SAT's threads ran {100 * got:.0f} % of the time" + ("." if got > 0.9 else "; the rest went to other work.")


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def write_between_markers(page: Path, text: str) -> None:
    """Replaces what stands between the markers."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
