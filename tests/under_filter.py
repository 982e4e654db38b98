"""Runs a command as a systemd unit would let it: under_filter.py UNIT COMMAND…

The unit's SystemCallFilter, as systemd-analyze knows its sets, and MemoryDenyWriteExecute become a seccomp filter (x86-64): what
is not allowed fails with EPERM, as SystemCallErrorNumber says.
"""

import ctypes
import os
import re
import struct
import subprocess
import sys

NUMBERS = "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
ALLOW, KILL, EPERM = 0x7FFF0000, 0x80000000, 0x00050001
X86_64 = 0xC000003E
WRITE, EXECUTE = 2, 4
# Offsets in struct seccomp_data: number, architecture, the third argument's low half.
NUMBER, ARCHITECTURE, THIRD = 0, 4, 32
LOAD, EQUALS, AND, RETURN = 0x20, 0x15, 0x54, 0x06


def members(name):
    """System calls of a set, or the one of this name."""
    if not name.startswith("@"):
        return {name}
    told = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in told.splitlines()[1:]]
    return set().union(*(members(line) for line in lines if line and not line.startswith("#")))


def allowed(unit):
    calls = set()
    for value in re.findall(r"^SystemCallFilter=(.*)$", unit, re.MULTILINE):
        named = set().union(*(members(word) for word in value.lstrip("~").split()))
        calls = calls - named if value.startswith("~") else calls | named
    # Always allowed, so that a program can be started at all.
    return calls | members("@default") | {"execve"}


def program(unit):
    with open(NUMBERS, encoding="ascii") as file:
        numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", file.read()))
    steps = [(LOAD, 0, 0, ARCHITECTURE), (EQUALS, 1, 0, X86_64), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if "MemoryDenyWriteExecute=yes" in unit:
        for call, mask in [("mmap", WRITE | EXECUTE), ("mprotect", EXECUTE), ("pkey_mprotect", EXECUTE)]:
            steps += [(EQUALS, 0, 5, int(numbers[call])), (LOAD, 0, 0, THIRD), (AND, 0, 0, mask), (EQUALS, 0, 1, mask)]
            steps += [(RETURN, 0, 0, EPERM), (LOAD, 0, 0, NUMBER)]
    for call in sorted(allowed(unit) & numbers.keys()):
        steps += [(EQUALS, 0, 1, int(numbers[call])), (RETURN, 0, 0, ALLOW)]
    steps.append((RETURN, 0, 0, EPERM))
    return steps


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        steps = program(file.read())
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in [(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, MODE_FILTER, head, 0, 0)]:
        if libc.prctl(*call) != 0:
            sys.exit(os.strerror(ctypes.get_errno()))
    os.execvp(sys.argv[2], sys.argv[2:])


main()
