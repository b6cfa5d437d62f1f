"""Everything that CI runs, in order: ``python -m instructor.ci`` (what ``make test`` calls). Stops at nothing; sums up."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def steps() -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and additional environment of every step."""
    python = sys.executable
    smoke = {"LAB_PROFILE": os.environ.get("LAB_PROFILE", "smoke"), "TQDM_DISABLE": "1"}
    pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    nbval = [*pytest, "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=900", "--timeout=1800", "-o", "addopts="]
    return [
        ("ruff", [python, "-m", "ruff", "check", "."], {}),
        ("yamllint", [python, "-m", "yamllint", "-d", "{extends: default, rules: {line-length: disable, truthy: disable, document-start: disable}}",
                      ".github", "environment.yml"], {}),
        ("workflow schema", [python, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", ".github/workflows/ci.yml"], {}),
        ("student edition is what the lessons build", [python, "-m", "instructor.build", "--check"], {}),
        ("solved edition", [python, "-m", "instructor.build", "--solved-only"], {}),
        ("unit tests", pytest, {}),
        ("nbval, student edition", [*nbval, "notebooks"], {**smoke, "LAB_STRICT": "", "LAB_EDITION": "student"}),
        ("nbval, solved edition (strict)", [*nbval, "build/solved"], {**smoke, "LAB_STRICT": "1", "LAB_EDITION": "solved"}),
    ]


def main() -> int:
    results = []
    for name, command, extra in steps():
        print(f"\n=== {name}", flush=True)
        start = time.perf_counter()
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, **extra}, check=False).returncode
        results.append((name, code, time.perf_counter() - start))
    print("\n=== summary")
    for name, code, seconds in results:
        print(f"{'ok    ' if code == 0 else 'FAILED'} {seconds:7.1f} s  {name}")
    return int(any(code for _, code, _ in results))


if __name__ == "__main__":
    sys.exit(main())
