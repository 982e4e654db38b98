#!/usr/bin/env python3
"""Three schools on one service: one asks for all that it can, one works as usual, and what the third one asks for must come in time.

The first uploads bombs and lists of 20,000 students, asks why 24 at a time about a plan of 20,000, keeps 300 plans of 60 s and a
batch of 3,000 classes queued, and holds sockets. The third uploads 100 KB, divides that list and sends a batch of one class, again
and again: each must be done within 15 s. At the end the same process must be alive, and all processes together must never have had
more than 1 GB of memory. Nothing is needed but the program and Python.
"""

import argparse
import http.client
import io
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

IN_TIME = 15.0
MOST_MEMORY = 1 << 30
ROUND_SECONDS = 6.0
BOUNDARY = "soak-boundary"
SUBJECTS = ["chinese", "math", "english", "physics", "chemistry", "biology", "history", "geography", "politics"]


class School:
    """A school's caller behind the proxy: an address and a token of its own."""

    def __init__(self, port, token, address):
        self.port, self.token, self.address = port, token, address
        self.seen = Counter()

    def headers(self, more=None):
        return {"Authorization": f"Bearer {self.token}", "X-Forwarded-For": self.address, **(more or {})}

    def ask(self, method, path, body=None, headers=None, timeout=120):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, self.headers(headers))
            answer = connection.getresponse()
            data = answer.read()
            self.seen[answer.status] += 1
            return answer.status, data
        finally:
            connection.close()

    def post(self, path, value, headers=None):
        body = json.dumps(value).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json", **(headers or {})})

    def upload(self, path, parts):
        """Parts are field, file name, bytes."""
        body = io.BytesIO()
        for field, name, data in parts:
            file = f'; filename="{name}"' if name else ""
            body.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{file}\r\n\r\n'.encode())
            body.write(data)
            body.write(b"\r\n")
        body.write(f"--{BOUNDARY}--\r\n".encode())
        return self.ask("POST", path, body.getvalue(), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    def list(self, data):
        status, answer = self.upload("/v1/lists", [("file", "list.csv", data)])
        return json.loads(answer)["id"] if status == 201 else None


def csv(students, classes=1, subjects=3, seed=1):
    """An invented list without names."""
    draw = random.Random(seed)
    rows = ["id,class,gender," + ",".join(SUBJECTS[:subjects])]
    for i in range(students):
        marks = ",".join(str(draw.randint(30, 100)) for _ in range(subjects))
        rows.append(f"{i:06},c{i % classes:04},{draw.choice(('female', 'male'))},{marks}")
    return "\n".join(rows).encode()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def bombs():
    """Small files that unfold to more than anybody has: name and bytes."""
    cell = '<table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>a</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="2000">{cell}</table:table-row>'
    tables = "".join(f'<table:table table:name="t{i}">{row}</table:table>' for i in range(200))
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in [("office", "office"), ("table", "table"), ("text", "text")]
    )
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    ods = zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    cells = "".join(f'<c t="inlineStr"><is><t>a{i}</t></is></c>' for i in range(500))
    rows = f'<worksheet xmlns="{main}"><sheetData>' + f"<row>{cells}</row>" * 200 + "</sheetData></worksheet>"
    sheets = "".join(f'<sheet name="s{i}" sheetId="{i}" r:id="r{i}"/>' for i in range(1, 101))
    targets = "".join(f'<Relationship Id="r{i}" Type="{relations}/worksheet" Target="worksheets/s{i}.xml"/>' for i in range(1, 101))
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = [
        ("[Content_Types].xml", f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'),
        ("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{sheets}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{targets}</Relationships>'),
        *[(f"xl/worksheets/s{i}.xml", rows) for i in range(1, 101)],
    ]
    empty = zipped([(f"{i}.csv", b"") for i in range(60_000)])
    return [("bomb.ods", ods), ("bomb.xlsx", zipped(parts)), ("empty.zip", empty), ("zeros.csv", b"0," * (7 << 20))]


class Service:
    """`fenzu serve` behind a proxy, on SQLite in a folder of its own."""

    def __init__(self, program, folder):
        database = f"sqlite:{folder}/fenzu.db"
        self.tokens = [self.token(program, database, school) for school in ("first", "second", "third")]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [program, "serve", "--database", database, "--listen", f"127.0.0.1:{self.port}", "--trust-proxy"]
        environment = {**os.environ, "RUST_LOG": "warn", "FENZU_LANG": "en"}
        self.log = open(f"{folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stderr=self.log, env=environment)
        self.peak = 0

    @staticmethod
    def token(program, database, school):
        made = subprocess.run([program, "token", "create", "--school", school, "--database", database], capture_output=True, text=True, check=True)
        return next(word for word in made.stdout.split() if word.startswith("fenzu_"))

    def ready(self):
        for _ in range(300):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                return connection.getresponse().status == 200
            except OSError:
                time.sleep(0.1)
        return False

    def memory(self):
        """Resident bytes of the service, and of the processes that solve for it."""
        page, own, solving = os.sysconf("SC_PAGE_SIZE"), 0, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                resident = int((stat.parent / "statm").read_text().split()[1]) * page
                own += resident * (int(stat.parent.name) == self.process.pid)
                solving += resident * (int(fields[1]) == self.process.pid)
            except (OSError, IndexError, ValueError):
                continue
        return own, solving

    def watch(self, ended):
        while not ended.wait(0.5):
            self.peak = max(self.peak, sum(self.memory()))


def again(ended, work):
    """Does it again and again; what is refused or breaks off is the point."""
    def loop():
        while not ended.is_set():
            try:
                work()
            except (OSError, http.client.HTTPException):
                pass
            ended.wait(0.05)
    threading.Thread(target=loop, daemon=True).start()


def attack(school, ended):
    """All that the first school does."""
    files, large = bombs(), csv(20_000, 1, 3, 7)
    listed = school.list(large)
    asked = {"list": listed, "groups": 400, "model": "project-teams", "time_limit": 2}
    plan = json.loads(school.post("/v1/plans", asked, {"Prefer": "wait=60"})[1])
    # Its plan is there before it queues what would come before it.
    while plan["state"] not in ("done", "failed"):
        time.sleep(0.5)
        plan = json.loads(school.ask("GET", f"/v1/plans/{plan['id']}")[1])
    print(f"its plan of 20,000 students is {plan['state']}", flush=True)
    small = school.list(csv(60, 1, 9, 3))

    def bomb():
        name, data = random.choice(files)
        door = random.choice(["lists", "staff", "groups", "batches"])
        school.upload(f"/v1/{door}", [("lists" if door == "batches" else "file", name, data)])

    def upload():
        one = school.list(large)
        if one:
            time.sleep(1)
            school.ask("DELETE", f"/v1/lists/{one}")

    def why():
        school.post(f"/v1/plans/{plan['id']}/why", {"student": f"{random.randrange(20_000):06}"})

    def queue():
        return school.post("/v1/plans", {"list": small, "groups": 6, "prove": "all", "time_limit": 60})[0] == 202

    def body():
        value = {"list": {"students": [{"id": i, "math": i % 100} for i in range(300_000)]}, "groups": 5}
        school.post("/v1/plans", value)

    def hold():
        """A body that does not come, a head that does not come, or events of a plan that waits."""
        with socket.create_connection(("127.0.0.1", school.port)) as held:
            head = "".join(f"{name}: {value}\r\n" for name, value in school.headers().items())
            kind = random.choice(["body", "head", "events"])
            if kind == "events":
                held.sendall(f"GET /v1/plans/{plan['id']}/events HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
            elif kind == "body":
                multipart = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: 16000000"
                held.sendall(f"POST /v1/lists HTTP/1.1\r\nHost: x\r\n{head}{multipart}\r\n\r\n--".encode())
            else:
                held.sendall(b"GET / HTTP/1.1\r\nHost: ")
            held.settimeout(30)
            while held.recv(65536) and not ended.is_set():
                time.sleep(1)

    print(f"its plans of 60 s: {sum(queue() for _ in range(300))}", flush=True)
    lists = [(f"{i}.csv", csv(30, 1, 3, i)) for i in range(3_000)]
    status, answer = school.upload("/v1/batches", [("lists", "all.zip", zipped(lists)), ("request", "", b'{"groups": 5, "time_limit": 10}')])
    print(f"its batch of 3,000 classes: {status} {json.loads(answer).get('state')}", flush=True)
    for work, times in [(bomb, 3), (upload, 2), (why, 24), (queue, 1), (body, 2), (hold, 200)]:
        for _ in range(times):
            again(ended, work)


def usual(school):
    """What the second school does: a class now and then."""
    listed = school.list(csv(50, 1, 3, random.randrange(1_000)))
    school.post("/v1/plans", {"list": listed, "groups": 5}, {"Prefer": "wait=60"})
    time.sleep(2)


def done(school, place, timeout=120):
    begun = time.monotonic()
    while time.monotonic() - begun < timeout:
        status, data = school.ask("GET", place)
        answer = json.loads(data)
        if status == 200 and answer["state"] not in ("queued", "running"):
            return answer["state"] == "done"
        time.sleep(0.1)
    return False


def measured(school, number):
    """One round of the third school: seconds of each thing, and what went wrong."""
    grade, one = csv(3_600, 72, 3, number), csv(50, 1, 3, number)
    times, wrong = {}, []

    def timed(name, work):
        begun = time.monotonic()
        try:
            if not work():
                wrong.append(f"{name} was refused or failed")
        except (OSError, http.client.HTTPException) as error:
            wrong.append(f"{name}: {error!r}")
        times[name] = time.monotonic() - begun

    timed("upload", lambda: school.list(grade))

    def plan():
        listed = school.list(one)
        status, data = school.post("/v1/plans", {"list": listed, "groups": 5}, {"Prefer": "wait=60"})
        return status == 200 and json.loads(data)["state"] == "done"

    def batch():
        status, data = school.upload("/v1/batches", [("lists", "7-1.csv", one), ("request", "", b'{"groups": 5}')])
        return status == 202 and done(school, f"/v1/batches/{json.loads(data)['id']}")

    timed("plan", plan)
    timed("batch", batch)
    wrong += [f"{name} took {seconds:.1f} s" for name, seconds in times.items() if seconds > IN_TIME]
    return times, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--fenzu", default="target/release/fenzu")
    asked = parser.parse_args()
    ended, rounds, wrong = threading.Event(), [], []
    with tempfile.TemporaryDirectory() as folder:
        service = Service(asked.fenzu, folder)
        if not service.ready():
            sys.exit("the service does not start")
        first, second, third = (School(service.port, token, f"10.0.0.{at}") for at, token in enumerate(service.tokens, 1))
        threading.Thread(target=service.watch, args=(ended,), daemon=True).start()
        attack(first, ended)
        again(ended, lambda: usual(second))
        begun, number = time.monotonic(), max(1, round(asked.seconds / ROUND_SECONDS))
        for at in range(number):
            time.sleep(max(0.0, begun + at * ROUND_SECONDS - time.monotonic()))
            times, failed = measured(third, at)
            rounds.append(times)
            wrong += [f"round {at}: {why}" for why in failed]
            told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in times.items())
            own, solving = (memory >> 20 for memory in service.memory())
            print(f"{at + 1} of {number}: {told}; {own} + {solving} MB{''.join(f' — {why}' for why in failed)}", flush=True)
        ended.set()
        alive = service.process.poll() is None and service.ready()
        service.process.terminate()
        service.process.wait(60)
        for name in ("upload", "plan", "batch"):
            seconds = sorted(times[name] for times in rounds)
            print(f"{name}: median {seconds[len(seconds) // 2]:.1f} s, longest {seconds[-1]:.1f} s")
        print(f"answers to the first school: {dict(first.seen)}; to the second: {dict(second.seen)}; to the third: {dict(third.seen)}")
        print(f"most memory of all processes: {service.peak >> 20} MB; the same process at the end: {'yes' if alive else 'NO'}")
        if service.peak > MOST_MEMORY:
            wrong.append("more memory than 1 GB")
        if not alive:
            wrong.append("the process is not alive, or not ready")
            service.log.seek(0)
            print(service.log.read()[-2000:])
    for why in wrong:
        print(f"FAILED: {why}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
