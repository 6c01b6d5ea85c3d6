"""``python -m benchmarks.bill FOLDER``: the bill of materials of the runtime, and the licenses in it.

``sbom.cdx.json`` (CycloneDX, with the lock's hashes) and ``licenses.md``, by cyclonedx-py from the environment that
runs this. Belongs here: what of the environment is the runtime, its hashes. Does not belong here: what is known of the
packages (``audit``).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[1]
LOCK = CHECKOUT / "requirements" / "runtime.txt"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
UNKNOWN = "not said"
Pins = dict[str, dict[str, list[str]]]


def pinned(lock: str) -> Pins:
    """The hashes of each package of a lock, by its name and version: some have one for older Pythons, too."""
    found: Pins = {}
    hashes: list[str] = []
    for line in lock.splitlines():
        if pin := PINNED.match(line):
            hashes = []
            found.setdefault(normal(pin[1]), {})[pin[2]] = hashes
        elif said := HASH.search(line):
            hashes.append(said[1])
    return found


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def of_runtime(bill: Mapping[str, Any], lock: Pins) -> dict[str, Any]:
    """The bill of those components that the lock pins, with its hashes, and of what depends on what among them."""
    kept = [
        {
            **{key: value for key, value in one.items() if key not in ("externalReferences", "properties")},
            "externalReferences": [
                {
                    "type": "distribution",
                    "url": f"pkg:pypi/{normal(one['name'])}@{one['version']}",
                    "hashes": [
                        {"alg": "SHA-256", "content": found}
                        for found in lock[normal(one["name"])].get(one["version"], ())
                    ],
                }
            ],
        }
        for one in bill["components"]
        if normal(one["name"]) in lock
    ]
    refs = {one["bom-ref"] for one in kept}
    depends = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", ()) if ref in refs]}
        for one in bill.get("dependencies", ())
        if one["ref"] in refs
    ]
    product = {"type": "application", "name": "fellowship-pipeline", "version": version("fellowship-pipeline")}
    return {**bill, "components": kept, "dependencies": depends, "metadata": {"component": product}}


def licenses(bill: Mapping[str, Any]) -> str:
    """A table of the components, each with its licenses."""
    rows = [
        f"| {one['name']} | {one['version']} | {', '.join(_said(one)) or UNKNOWN} |"
        for one in sorted(bill["components"], key=lambda one: normal(one["name"]))
    ]
    return "\n".join(["| package | version | license |", "| --- | --- | --- |", *rows, ""])


def _said(component: Mapping[str, Any]) -> list[str]:
    said = component.get("licenses", ())
    names = [one.get("expression") or one["license"].get("id") or one["license"]["name"] for one in said]
    return [name.removeprefix("License :: OSI Approved :: ") for name in names]


def main(folder: Path) -> int:
    """Writes both files; 1 where this environment has a package in another version than the lock's."""
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / "all.json"
        given = ("environment", "--output-reproducible", "--of", "JSON", "-o", str(made), sys.executable)
        subprocess.run([sys.executable, "-m", "cyclonedx_py", *given], check=True)
        lock = pinned(LOCK.read_text(encoding="utf-8"))
        bill = of_runtime(json.loads(made.read_text(encoding="utf-8")), lock)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(bill, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "licenses.md").write_text(licenses(bill), encoding="utf-8")
    here = {normal(one["name"]): one for one in bill["components"]}
    other = [name for name, one in here.items() if one["version"] not in lock[name]]
    silent = [name for name, one in here.items() if not _said(one)]
    print(
        f"{folder}: {len(here)} of {len(lock)} locked packages are in this environment (the rest is of other systems)"
    )
    for name in other:
        print(f"{name}: not the locked version", file=sys.stderr)
    for name in silent:
        print(f"{name}: its package says no license; read its source", file=sys.stderr)
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else "build/bill")))
