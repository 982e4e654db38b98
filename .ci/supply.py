"""What fenzu is made of. `check`: licences, bans and sources, as deny.toml says; `advisories`: known holes; `sbom FILE`: CycloneDX."""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
DATABASE = "https://github.com/RustSec/advisory-db"
# C and C++ that crates bring along: where in the crate their version stands.
BUNDLED = {
    "highs-sys": ("HiGHS", "MIT", "HiGHS/Version.txt", r"HIGHS_MAJOR=(\d+)\s+HIGHS_MINOR=(\d+)\s+HIGHS_PATCH=(\d+)"),
    "libmimalloc-sys": ("mimalloc", "MIT", "c_src/mimalloc/v3/include/mimalloc.h", r"#define MI_MALLOC_VERSION\s+(\d)(\d\d)(\d\d)"),
    "libsqlite3-sys": ("SQLite", "blessing", "sqlite3/sqlite3.h", r'#define SQLITE_VERSION\s+"(\d+)\.(\d+)\.(\d+)"'),
}


def made_of():
    """Packages that the program is built from, by id, and what each needs."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", TARGET]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    nodes = {node["id"]: node["deps"] for node in told["resolve"]["nodes"]}
    needs, todo = {}, [told["resolve"]["root"]]
    while todo:
        package = todo.pop()
        if package not in needs:
            built = [dep["pkg"] for dep in nodes[package] if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])]
            needs[package] = sorted(set(built))
            todo += built
    return {package["id"]: package for package in told["packages"] if package["id"] in needs}, needs, told["resolve"]["root"]


def expression(package):
    """Its licence in SPDX; one that is told by a file alone is known by its words."""
    if package["license"]:
        return re.sub(r"\s*/\s*", " OR ", package["license"])
    text = Path(package["manifest_path"]).with_name(package["license_file"] or "LICENSE").read_text(encoding="utf-8")
    return "MIT" if "Permission is hereby granted, free of charge" in text else "unknown"


def allows(words, allowed):
    """Whether an expression holds where these licences are allowed; takes its words away."""

    def one():
        word = words.pop(0)
        if word == "(":
            held = allows(words, allowed)
            words.pop(0)
            return held
        if words[:1] == ["WITH"]:
            del words[:2]
        return word in allowed

    def both():
        held = one()
        while words[:1] == ["AND"]:
            words.pop(0)
            held = one() and held
        return held

    held = both()
    while words[:1] == ["OR"]:
        words.pop(0)
        held = both() or held
    return held


def number(version):
    """A version to be compared; what stands before a release is less than it."""
    head, _, early = version.split("+")[0].partition("-")
    parts = [int(part) for part in head.split(".")]
    return (*parts, *[0] * (3 - len(parts)), early == "", early)


def fits(version, requirement):
    """Whether a version is within `>= 1.2, < 2`, as advisories write it."""
    for part in requirement.split(","):
        sign, wanted = re.fullmatch(r"\s*(>=|<=|>|<|=|\^|~)?\s*(\S+)\s*", part).groups()
        have, want = number(version), number(wanted)
        if sign in ("^", "~", None):
            fixed = 2 if sign == "~" else next((at + 1 for at in range(3) if want[at]), 3)
            holds = have >= want and have[:fixed] == want[:fixed]
        else:
            holds = {">=": have >= want, "<=": have <= want, ">": have > want, "<": have < want, "=": have == want}[sign]
        if not holds:
            return False
    return True


def advisories():
    """The advisories, where their database can be had."""
    place = ROOT / ".tools" / "advisory-db"
    get = ["git", "-C", str(place), "pull", "--quiet"] if place.exists() else ["git", "clone", "--quiet", "--depth", "1", DATABASE, str(place)]
    try:
        fresh = subprocess.run(get, capture_output=True, timeout=60).returncode == 0
    except subprocess.TimeoutExpired:
        fresh = False
    if not fresh:
        print("supply: the database of advisories cannot be had here" + (": an older copy is used" if place.exists() else ""))
    files = sorted(place.glob("crates/*/RUSTSEC-*.md"))
    print(f"supply: {len(files)} advisories")
    for file in files:
        head = re.search(r"```toml\n(.*?)\n```", file.read_text(encoding="utf-8"), re.DOTALL)
        told = tomllib.loads(head.group(1))
        if "withdrawn" not in told["advisory"]:
            yield told


def check():
    config = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    packages = made_of()[0]
    allowed = set(config["licenses"]["allow"])
    denied = {ban["crate"] for ban in config["bans"]["deny"]}
    wrong = []
    for package in packages.values():
        name = f"{package['name']} {package['version']}"
        if not allows(re.findall(r"[()]|[^\s()]+", expression(package)), allowed):
            wrong.append(f"{name}: the licence {expression(package)} is not allowed")
        if package["name"] in denied:
            wrong.append(f"{name} is banned")
        if package["source"] != REGISTRY and not Path(package["manifest_path"]).is_relative_to(ROOT):
            wrong.append(f"{name} comes from {package['source']}")
    own = [package for package in packages.values() if package["source"] is None]
    needed = [dep for package in own for dep in package["dependencies"] if "path" not in dep]
    wrong += [f"{dep['name']}: any version" for dep in needed if dep["req"] == "*"]
    ended(packages, wrong)


def holes():
    packages = made_of()[0]
    versions = {}
    for package in packages.values():
        versions.setdefault(package["name"], []).append(package["version"])
    wrong = []
    for told in advisories():
        advisory, safe = told["advisory"], told["versions"].get("patched", []) + told["versions"].get("unaffected", [])
        # Notices of other kinds (unmaintained) are no holes.
        for version in versions.get(advisory["package"], []) if "informational" not in advisory else []:
            if not any(fits(version, requirement) for requirement in safe):
                wrong.append(f"{advisory['package']} {version}: {advisory['id']} {advisory.get('url', '')}")
    ended(packages, wrong)


def ended(packages, wrong):
    print("\n".join([f"supply: {len(packages)} packages, {len(wrong)} faults", *wrong]))
    sys.exit(1 if wrong else 0)


def purl(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package, checksums):
    name, version = package["name"], package["version"]
    told = {"type": "library", "bom-ref": purl(package), "name": name, "version": version, "purl": purl(package)}
    told["licenses"] = [{"expression": expression(package)}]
    if (name, version) in checksums:
        told["hashes"] = [{"alg": "SHA-256", "content": checksums[name, version]}]
    return told


def bundled(package):
    """What a crate brings along that is no crate."""
    name, licence, file, pattern = BUNDLED[package["name"]]
    text = (Path(package["manifest_path"]).parent / file).read_text(encoding="utf-8")
    version = ".".join(str(int(part)) for part in re.search(pattern, text).groups())
    return {"type": "library", "bom-ref": f"{name}@{version}", "name": name, "version": version,
            "licenses": [{"license": {"id": licence}}]}


def sbom(file):
    packages, needs, root = made_of()
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    checksums = {(entry["name"], entry["version"]): entry["checksum"] for entry in lock["package"] if "checksum" in entry}
    components = [component(package, checksums) for id, package in packages.items() if id != root]
    brought = {id: bundled(package) for id, package in packages.items() if package["name"] in BUNDLED}
    depend = {purl(packages[id]): [purl(packages[need]) for need in needed] for id, needed in needs.items()}
    for id, part in brought.items():
        depend[purl(packages[id])].append(part["bom-ref"])
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # The same lock file, the same document.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(lock, sort_keys=True))}",
        "version": 1,
        "metadata": {"component": {**component(packages[root], checksums), "type": "application"}},
        "components": sorted(components + list(brought.values()), key=lambda one: (one["name"], one["version"])),
        "dependencies": [{"ref": ref, "dependsOn": needed} for ref, needed in sorted(depend.items())],
    }
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"{file}: {len(told['components'])} components")


if __name__ == "__main__":
    {"check": check, "advisories": holes, "sbom": sbom}[sys.argv[1]](*sys.argv[2:])
