import hashlib
import json
from pathlib import Path

from plotly.offline import get_plotlyjs_version

import fellowship_pipeline.dashboard as dashboard

STATIC = Path(dashboard.__file__).parent / "static"


def test_the_bundle_is_the_one_named_and_of_the_version_that_plotly_draws_with() -> None:
    named = json.loads((STATIC / "plotly-bundle.json").read_text())
    content = (STATIC / named["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == named["sha256"]
    assert named["version"] == get_plotlyjs_version()
    assert f"v{named['version']}".encode() in content[:200]
    assert "MIT" in (STATIC / "plotly-LICENSE.txt").read_text()


def test_scripts_stay_inside_their_elements() -> None:
    for name in ("plotly-cartesian.min.js", "page.js"):
        text = (STATIC / name).read_text(encoding="utf-8")
        assert "</script" not in text.lower()
        assert "<!--" not in text
        assert "\r" not in text
