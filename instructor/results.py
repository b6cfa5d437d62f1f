"""Write the tables on real corpora that lessons show where the corpora are absent: ``python -m instructor.results``.

Needs the corpora (LAB_DATA_DIR, or the network). Every row carries the command, the commit, the seed, the machine and the date.
"""

import datetime
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "data" / "results"


def provenance() -> dict[str, str]:
    """What a reader needs to run it again."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"command": "python -m instructor.results", "commit": commit or "unknown", "seed": "0",
            "device": f"CPU, {os.cpu_count()} cores, Python {platform.python_version()}", "date": datetime.date.today().isoformat()}


def main() -> int:
    from lab_utils import datasets, movie_reviews

    for name in ("nsmc-stars", "ws353-ko"):
        if not datasets.available(name):
            print(f"{name} 자료가 없습니다. LAB_DATA_DIR에 자료 폴더를 적고 다시 실행하세요.", file=sys.stderr)
            return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    reviews = movie_reviews.tokens()
    for name, table in (
        ("lesson01_reviews", movie_reviews.counting_report(reviews)),
        ("lesson02_ws353", movie_reviews.compare_count_models(reviews, datasets.load("ws353-ko"))),
    ):
        table.assign(**provenance()).to_csv(RESULTS / f"{name}.csv", index=False, float_format="%.4f", lineterminator="\n")
        print(f"\n{name}\n{table.to_string(index=False)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
