"""The soak's short form; the long one is ``make soak MINUTES=10``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_short_soak() -> None:
    # GIVEN a host under everything at once WHEN it is watched for some seconds THEN nothing is lost, doubled or left
    command = [sys.executable, str(Path(__file__).resolve().parent / "soak.py"), "0.04", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
