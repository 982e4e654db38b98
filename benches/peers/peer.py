"""One run of one solver in a process of its own: python3 peer.py MODULE FUNCTION LIST GROUPS GOAL SECONDS THREADS → Outcome as JSON.

Of its own because the packages bring shared libraries of the same names (OR-Tools and highspy both HiGHS), and because a peer
that crashes or overruns must not take the others with it.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

from classroom import Classroom, read
from outcome import Outcome

# Seconds beyond its limit after which a run is ended from outside.
GRACE = 60


def run(entry: str, room: Classroom, goal: str, seconds: float, threads: int) -> Outcome:
    """Runs `module.function` on a class; what goes wrong in it is told in the outcome's note."""
    module, function = entry.split(".")
    command = [sys.executable, __file__, module, function, str(room.path), str(room.groups), goal, str(seconds)]
    try:
        done = subprocess.run([*command, str(threads)], capture_output=True, text=True, timeout=seconds + GRACE)
    except subprocess.TimeoutExpired:
        return Outcome(None, seconds + GRACE, note="overruns")
    if done.returncode:
        last = (done.stderr.strip() or "nothing said").splitlines()[-1]
        print(f"  {last}", file=sys.stderr)
        return Outcome(None, 0.0, note=f"fails: {last.split(':')[0]}")
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    module, function, path, groups, goal, seconds, threads = sys.argv[1:]
    room = read(Path(path), int(groups))
    solve = getattr(importlib.import_module(module), function)
    before = sum(os.times()[:4])
    outcome = solve(room, goal, float(seconds), int(threads))
    print(json.dumps(dataclasses.asdict(outcome) | {"processor": sum(os.times()[:4]) - before}))


if __name__ == "__main__":
    main()
