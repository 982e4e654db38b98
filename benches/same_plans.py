#!/usr/bin/env python3
"""Whether two programs make the same plans of the same classes.

Classes of all shapes, with rules, models, teachers and last semesters, are drawn from a seed and divided by each program; work
ends the runs, never the clock. What a program says of a class, its plan, its judge's card and its faults, times left out, makes one
SHA-256. Nothing is needed but the programs and Python.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SUBJECTS = ["chinese", "math", "english", "physics", "chemistry", "biology", "history", "geography", "politics"]
FLAGS = ["left_behind", "boarding"]
MODELS = ["responsibility-groups", "project-teams", "class-division", "diversity"]
LAYERS = [("top", 3, "优等生"), ("middle", 5, "中等生"), ("struggling", 2, "学困生")]
WEIGHTS = [1, 2, 3, "1/3", "2/7", "1/150"]
# No run may come near it: then the clock would have decided.
SECONDS = 600


def run(program, arguments):
    """Exit code, what was printed, and what was told."""
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=SECONDS)
    return done.returncode, done.stdout, done.stderr


def made(program, arguments):
    code, _, told = run(program, arguments)
    if code != 0:
        raise SystemExit(f"{' '.join(map(str, arguments))}: {told}")


def without_times(value):
    if isinstance(value, dict):
        return {key: 0 if key.endswith("_seconds") else without_times(part) for key, part in value.items()}
    return [without_times(part) for part in value] if isinstance(value, list) else value


def some(rng, items, least=1):
    return rng.sample(items, rng.randint(least, len(items))) if len(items) >= least else []


def goal(rng, name, level, subjects, flags):
    """A goal as a model has it, its columns and their weights by chance."""
    columns = {"counts": ["gender", *flags], "means": subjects, "worst": subjects, "spread": subjects, "diversity": subjects}
    drawn = {"goal": name, "level": level, "weight": rng.choice(WEIGHTS)}
    if rng.random() < 0.3:
        drawn["tolerance"] = rng.choice([0.1, 0.5, 1.0, 2.0])
    of = columns.get(name, [])
    if of and rng.random() < 0.3:
        of = drawn["columns"] = some(rng, of)
    if of and rng.random() < 0.3:
        drawn["column_weights"] = {column: rng.choice(WEIGHTS) for column in some(rng, of)}
    return drawn


def model(rng, subjects, flags):
    """A model of its own: goals in any order, alone or several on a level."""
    always = ["tiers", "counts"] + (["means", "worst", "spread", "diversity"] if subjects else [])
    names = some(rng, always)
    names += [name for name in ["visits", "partners"] if rng.random() < 0.2]
    level, goals = 1, []
    for name in names:
        level += rng.choice([0, 1, 1, 1]) if goals else 0
        goals.append(goal(rng, name, level, subjects, flags))
    layers = [{"key": key, "ratio": ratio, "label": {"zh": zh, "en": key}} for key, ratio, zh in LAYERS]
    enforce = "rule" if rng.random() < 0.2 else "goal"
    drawn = {"name": "drawn", "title": {"zh": "抽样", "en": "drawn"}, "goals": goals, "prove_through": rng.choice(names[:2]),
             "paired_help": rng.random() < 0.5, "tiers": {"layers": layers, "enforce": enforce}}
    if drawn["prove_through"] in ["visits", "partners"]:
        drawn["prove_through"] = names[0]
    if rng.random() < 0.2:
        drawn["rules"] = {"never_alone": [{"column": "gender"}]}
    return drawn


def rules(rng, ids, groups):
    drawn = {}
    if rng.random() < 0.6:
        drawn["apart"] = [rng.sample(ids, rng.randint(2, min(groups + 1, 4))) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.5:
        drawn["together"] = [rng.sample(ids, rng.randint(2, 3))]
    if rng.random() < 0.4:
        drawn["pin"] = [{"student": student, "group": rng.randint(1, groups)} for student in rng.sample(ids, rng.randint(1, 3))]
    if rng.random() < 0.2:
        drawn["never_alone"] = [{"column": "gender"}]
    return drawn


class Drawn:
    """One class, or a few with teachers: its files in a folder, and what is asked of it."""

    def __init__(self, program, seed, number, folder):
        self.rng = rng = random.Random(f"{seed}/{number}")
        self.folder, self.previous = folder / str(number), []
        self.folder.mkdir()
        sort = rng.choices(["class", "semester", "school"], [70, 20, 10])[0]
        self.language = rng.choice(["zh", "en"])
        self.subjects = self.flags = []
        draw = {"class": self.one_class, "semester": self.semester, "school": self.school}[sort]
        draw(program, rng.randrange(1 << 32))
        students = [list(csv.DictReader(open(file, encoding="utf-8-sig"))) for file in self.lists]
        size = min(map(len, students))
        groups = rng.randint(2, max(2, min(8, size // 3)))
        self.asked = [f"--groups={groups}"] if rng.random() < 0.8 else [f"--size={max(2, size // groups)}"]
        self.ask(groups, [row[next(iter(row))] for row in students[0]])
        self.name = f"{sort} of {size}, {len(self.subjects)} subjects, {' '.join(self.asked)}".replace(str(folder), "")

    def sample(self, program, seed, file, more=()):
        rng = random.Random(seed)
        students = rng.choice([8, 9, 12, 16, 24, 30, 36, 41, 47, 50, 50, 60, 90])
        self.subjects = SUBJECTS[: rng.choice([0, 1, 2, 3, 3, 3, 4, 5, 6, 9])]
        options = ["--seed", seed, "--students", students, "--subjects", len(self.subjects), "--output", file, *more]
        options += ["--half-points"] if rng.random() < 0.3 else []
        no_tiers, no_flags = rng.random() < 0.3, rng.random() < 0.3
        options += ["--no-tiers"] if no_tiers and self.subjects else []
        options += ["--no-flags"] if no_flags else []
        self.flags = [] if no_flags else FLAGS
        options += ["--absent", 5] if rng.random() < 0.2 else []
        made(program, ["sample", "class", *options])

    def one_class(self, program, seed):
        self.lists = [self.folder / "list.csv"]
        self.sample(program, seed, self.lists[0])

    def semester(self, program, seed):
        """The same students half a year later, and their groups of then."""
        before, plan = self.folder / "before.csv", self.folder / "before.json"
        self.sample(program, seed, before)
        self.lists = [self.folder / "list.csv"]
        self.sample(program, seed, self.lists[0], ["--semester", 2])
        made(program, ["solve", before, "--work", 2000, "--time-limit", SECONDS, "--size", self.rng.choice([3, 5, 8]), "--output", plan])
        # The file's own digest stands in later plans.
        plan.write_text(json.dumps(without_times(json.loads(plan.read_text(encoding="utf-8")))), encoding="utf-8")
        self.previous = ["--previous", plan] + (["--keep"] if self.rng.random() < 0.5 else [])

    def school(self, program, seed):
        """Some classes whose groups get teachers."""
        made(program, ["sample", "school", "--classes", self.rng.randint(1, 3), "--seed", seed, "--output", self.folder / "school"])
        self.lists = sorted((self.folder / "school" / "classes").iterdir())
        self.previous = ["--teachers", self.folder / "school" / "staff.csv"]

    def ask(self, groups, ids):
        rng = self.rng
        chosen = ["--model", rng.choice(MODELS)] if rng.random() < 0.4 else []
        if not chosen and rng.random() < 0.8:
            chosen = ["--model", self.written("model.json", model(rng, self.subjects, self.flags))]
        self.shared = [*chosen, *self.previous]
        if rng.random() < 0.35 and len(self.lists) == 1:
            self.shared += ["--rules", self.written("rules.json", rules(rng, ids, groups))]
        self.asked += ["--work", rng.choice([1000, 100_000, 1_000_000, 5_000_000]), "--seed", rng.randint(1, 9)]
        self.asked += rng.choice([[], [], ["--prove", "all"], ["--prove", "counts"]])
        self.asked = [str(option) for option in [*self.asked, *self.shared]]

    def written(self, name, value):
        (self.folder / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return self.folder / name

    def told(self, program):
        """All that a program says of it, as text, and how it ended."""
        tongue = ["--lang", self.language]
        fixed = ["--time-limit", SECONDS, "--threads", 1, "--format", "json"]
        code, plan, faults = run(program, [*tongue, "solve", *self.lists, *self.asked, *fixed])
        told = [code, faults]
        if plan:
            file = self.folder / f"plan{os.getpid()}.json"
            file.write_text(plan, encoding="utf-8")
            lists = [part for file in self.lists for part in ("--list", file)]
            verdict = run(program, [*tongue, "check", file, *lists, *self.shared, "--format", "json"])
            told += [without_times(json.loads(plan)), *verdict]
        return json.dumps(told, ensure_ascii=False, sort_keys=True).replace(str(self.folder), ""), code


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def look(program, against, seed, number, folder):
    """The digest of one class, its name, how it ended, and the other program's digest."""
    drawn = Drawn(program, seed, number, folder)
    told, code = drawn.told(program)
    other = digest(drawn.told(against)[0]) if against else None
    return digest(told), drawn.name, code, other


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--fenzu", default="target/release/fenzu", help="the program")
    asked.add_argument("--against", help="another, such as an earlier version")
    asked.add_argument("--classes", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--output", type=Path, default=Path("target/same-plans.txt"), help="one digest a class, and one of all")
    asked = asked.parse_args()
    program, against = (path and str(Path(path).resolve()) for path in (asked.fenzu, asked.against))
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        looks = [pool.submit(look, program, against, asked.seed, n, Path(folder)) for n in range(asked.classes)]
        found = [one.result() for one in looks]
    lines = [f"{told}  {n:03} exit {code}: {name}" for n, (told, name, code, _) in enumerate(found)]
    whole = digest("\n".join(told for told, *_ in found))
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text("\n".join([*lines, f"{whole}  all", ""]), encoding="utf-8")
    ends = Counter(code for _, _, code, _ in found)
    ends = ", ".join(f"{ends[code]} {word}" for code, word in [(0, "plans"), (3, "proved infeasible"), (2, "refused"), (4, "unknown"), (1, "failed")])
    print(f"{len(found)} classes ({ends}): SHA-256 {whole}")
    unlike = [line for line, (told, _, _, other) in zip(lines, found) if against and told != other]
    for line in unlike:
        print(f"differs: {line}")
    if against:
        print(f"{len(found) - len(unlike)} of {len(found)} the same")
    sys.exit(1 if unlike else 0)


if __name__ == "__main__":
    main()
