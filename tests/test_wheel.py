"""The wheel of a clone, installed with pip in an empty environment, runs the first example."""

from __future__ import annotations

import re
import subprocess
import venv
from pathlib import Path

import pytest

from fellowship_pipeline import __version__

ROOT = Path(__file__).parents[1]


def done(*command: str | Path, cwd: Path) -> str:
    """What the command printed; fails with what it said."""
    ran = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-4000:]
    return ran.stdout


def pins() -> str:
    """The versions of the runtime lock, without hashes: pip would ask for one of the wheel, too."""
    locked = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^[\w.-]+==[^\s\\]+(?: ; [^\\\n]+)?", locked, flags=re.M))


@pytest.mark.long
@pytest.mark.whole_run
@pytest.mark.xdist_group("wheel")
def test_the_wheel_runs_the_first_example_in_an_empty_environment(tmp_path: Path) -> None:
    done("git", "clone", "--quiet", ROOT, tmp_path / "clone", cwd=tmp_path)
    pip_wheel = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path / "dist", tmp_path / "clone")
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    done(python, *pip_wheel, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").iterdir()
    (tmp_path / "pins.txt").write_text(pins(), encoding="utf-8")
    done(python, "-m", "pip", "install", "--quiet", "--constraint", tmp_path / "pins.txt", wheel, cwd=tmp_path)
    fellowship = tmp_path / "empty" / "bin" / "fellowship"
    assert done(fellowship, "--version", cwd=tmp_path) == f"fellowship {__version__}\n"
    done(fellowship, "init", "home", "--example", "datacamp_fellowship", cwd=tmp_path)
    page = Path(done(fellowship, "run", "home", cwd=tmp_path).strip())
    assert (tmp_path / page).is_file()
    kept = Path(done(fellowship, "backup", "home", "backups", cwd=tmp_path).strip())
    assert (tmp_path / kept / "backup.json").is_file()
