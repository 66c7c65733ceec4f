"""Every eleventh program of the core's suites with the sandbox on; `guarded.py` runs them all."""

from __future__ import annotations

import pytest
from guarded import KINDS, outcomes, wrong
from programs import load_all

CHOSEN = [program for kind in KINDS for program in load_all(kind)][::11]


@pytest.mark.timeout(300)
def test_with_the_sandbox_on() -> None:
    # GIVEN workers with every layer WHEN they run programs that loop, take memory and leave marks
    # THEN each ends, the next run is right, no worker is lost, and the hosts end well
    troubles = {
        program.name: wrong(program, outcome, report) for program, outcome, report in outcomes(CHOSEN)
    }
    assert len(troubles) == len(CHOSEN) >= 60
    assert not {name: trouble for name, trouble in troubles.items() if trouble}
