"""Is an installed wheel whole?  Run by the Python of an environment that has the wheel, its extra `cli` and no more.

The package is that environment's, the README's first program runs as it stands there, and `enclave doctor` finds
nothing broken, with a PATH on which there is nothing, no compiler either.

    python -I tools/try_wheel.py
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
# A kernel or container may lack what `enclave doctor` then calls weaker or slower.
FINE = {0, 3}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this Python without the user's packages, in a folder and with a PATH that hold nothing."""
    with tempfile.TemporaryDirectory() as nothing:
        variables = {**os.environ, "PATH": nothing, "PYTHONSAFEPATH": "1", "PYTHONNOUSERSITE": "1"}
        variables.pop("PYTHONPATH", None)
        return subprocess.run(
            [sys.executable, "-W", "error", *arguments],
            cwd=nothing,
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def main() -> int:
    quickstart = re.search(
        r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert quickstart is not None, "the README has no program"
    found = run("-c", "import enclave_subinterp; print(enclave_subinterp.__file__)")
    wanted = [("it is imported", found, found.returncode == 0 and found.stdout.startswith(sys.prefix))]
    program = run("-c", quickstart[1])
    wanted.append(("the README's program runs", program, program.returncode == 0 and not program.stderr))
    doctor = run("-m", "enclave_subinterp", "doctor")
    wanted.append(("enclave doctor is content", doctor, doctor.returncode in FINE))
    for what, ended, good in wanted:
        print(f"{'yes' if good else 'NO ':<4} {what}")
        if not good:
            print(f"exit code {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return 0 if all(good for _, _, good in wanted) else 1


if __name__ == "__main__":
    sys.exit(main())
