"""``python -m benchmarks.audit [LOCK …]``: what is known of the locked packages' vulnerabilities, by pip-audit.

Exits with 0 where every package was asked after and nothing is known, or only what ``requirements/audit.yaml`` lets
stand until a day to come; 1 where something else is, or an exception is over or answers nothing; 2 where the database
does not answer for all of them: pip-audit itself passes then. Belongs here: the exceptions, the verdict. Does not
belong here: how vulnerabilities are found, or the list of packages (``bill``).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

CHECKOUT = Path(__file__).parents[1]
EXCEPTIONS = CHECKOUT / "requirements" / "audit.yaml"
LOCKS = ("runtime.txt", "dev.txt")


class Excepted(BaseModel):
    """A vulnerability that may stand until a day, and why."""

    model_config = ConfigDict(extra="forbid")
    id: str
    package: str
    until: date
    why: str


@dataclass(frozen=True)
class Verdict:
    """What is wrong, a line each; and of how many packages the database said something."""

    found: tuple[str, ...]
    asked: int
    unanswered: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0, 1 or 2, as the module says."""
        return 1 if self.found else 2 if self.unanswered or not self.asked else 0


def judged(packages: Iterable[Mapping[str, object]], exceptions: Sequence[Excepted], today: date) -> Verdict:
    """The verdict on pip-audit's list of packages (each with ``name``, and ``vulns`` or ``skip_reason``)."""
    found, unanswered, used, asked = [], [], set(), 0
    for package in packages:
        name = str(package["name"])
        if "skip_reason" in package:
            unanswered.append(name)
            continue
        asked += 1
        for known in package["vulns"]:  # type: ignore[attr-defined]
            ids = {known["id"], *known.get("aliases", ())}
            excepted = next((one for one in exceptions if one.package == name and one.id in ids), None)
            if excepted is None:
                mended = ", ".join(known.get("fix_versions", ())) or "no version yet"
                found.append(f"{name} {package['version']}: {known['id']}, mended by {mended}")
                continue
            used.add(excepted.id)
            if excepted.until <= today:
                found.append(f"{name}: the exception for {excepted.id} was until {excepted.until}")
    if not unanswered:
        found += [
            f"{one.package}: the exception for {one.id} answers nothing" for one in exceptions if one.id not in used
        ]
    return Verdict(tuple(found), asked, tuple(unanswered))


def asked_of(lock: Path) -> list[Mapping[str, object]]:
    """pip-audit's list of the packages of a lock; empty where its database cannot be reached at all."""
    given = ("-r", str(lock), "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off")
    made = subprocess.run([sys.executable, "-m", "pip_audit", *given], capture_output=True, text=True, check=False)
    try:
        packages: list[Mapping[str, object]] = json.loads(made.stdout)["dependencies"]
    except ValueError:
        print((made.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1][:300], file=sys.stderr)
        return []
    return packages


def main(*locks: str) -> int:
    """Prints the verdict on each lock; the worst of their exit codes, found before unanswered."""
    listed = yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8"))
    exceptions = TypeAdapter(list[Excepted]).validate_python(listed)
    paths = [CHECKOUT / "requirements" / name for name in locks or LOCKS]
    packages = {str(one["name"]): one for path in paths for one in asked_of(path)}
    verdict = judged(packages.values(), exceptions, date.today())
    print("\n".join([*verdict.found, f"{verdict.asked} packages asked after, {len(verdict.found)} findings"]))
    if verdict.exit_code == 2:
        print(
            f"the database of vulnerabilities said nothing of {len(verdict.unanswered) or 'any'} packages: "
            "they are not audited; try again where the network reaches it",
            file=sys.stderr,
        )
    return verdict.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
