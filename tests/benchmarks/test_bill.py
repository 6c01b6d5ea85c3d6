"""The bill of materials: what of an environment the lock pins, with its hashes and licenses."""

from __future__ import annotations

from benchmarks.bill import LOCK, licenses, of_runtime, pinned

PINS = f"""\
a-b==1.0 ; python_version >= "3.11" \\
    --hash=sha256:{"0" * 64} \\
    --hash=sha256:{"1" * 64}
    # via c
c==1 ; python_version < "3.12"
c==2 ; python_version >= "3.12"
"""
BILL = {
    "components": [
        {"bom-ref": "A_b==1.0", "name": "A_b", "version": "1.0", "licenses": [{"license": {"id": "MIT"}}]},
        {"bom-ref": "tool==9", "name": "tool", "version": "9", "externalReferences": [{"url": "file:///somewhere"}]},
        {"bom-ref": "c==2", "name": "c", "version": "2"},
    ],
    "dependencies": [{"ref": "c==2", "dependsOn": ["A_b==1.0", "tool==9"]}, {"ref": "tool==9"}],
}


def test_what_a_lock_pins() -> None:
    assert pinned(PINS) == {"a-b": {"1.0": ["0" * 64, "1" * 64]}, "c": {"1": [], "2": []}}


def test_the_projects_own_lock_pins_each_with_hashes() -> None:
    lock = pinned(LOCK.read_text(encoding="utf-8"))
    assert "duckdb" in lock
    assert all(hashes for versions in lock.values() for hashes in versions.values())


def test_only_the_runtime_is_listed_with_the_locks_hashes_and_no_place_of_this_machine() -> None:
    made = of_runtime(BILL, pinned(PINS))
    assert [one["name"] for one in made["components"]] == ["A_b", "c"]
    assert [one["content"] for one in made["components"][0]["externalReferences"][0]["hashes"]] == ["0" * 64, "1" * 64]
    assert made["dependencies"] == [{"ref": "c==2", "dependsOn": ["A_b==1.0"]}]
    assert "file:" not in str(made)


def test_licenses_and_packages_that_say_none() -> None:
    assert licenses(of_runtime(BILL, pinned(PINS))).splitlines()[2:] == ["| A_b | 1.0 | MIT |", "| c | 2 | not said |"]
