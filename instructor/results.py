"""Write the tables on real corpora that lessons show where the corpora are absent: ``python -m instructor.results [01 02 06]``.

Without numbers: all lessons (lesson 06 trains word vectors and takes long). Lesson 03's table: ``benchmarks/skipgram.py --agreement``.
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


def counting() -> dict:
    from lab_utils import movie_reviews

    return {"lesson01_reviews": movie_reviews.counting_report(movie_reviews.tokens())}


def count_models() -> dict:
    from lab_utils import datasets, movie_reviews

    return {"lesson02_ws353": movie_reviews.compare_count_models(movie_reviews.tokens(), datasets.load("ws353-ko"))}


def subwords_and_bias() -> dict:
    from lab_utils import bias, subwords

    units, unknown = subwords.review_report()
    tests, directions = bias.review_report()
    return {"lesson06_units": units, "lesson06_unknown_words": unknown, "lesson06_bias": tests, "lesson06_directions": directions}


TABLES = {"01": counting, "02": count_models, "06": subwords_and_bias}


def main(arguments: list[str]) -> int:
    from lab_utils import datasets

    if wrong := [name for name in arguments if name not in TABLES]:
        print(f"{', '.join(wrong)}: 표를 만드는 강의는 {', '.join(TABLES)}입니다.", file=sys.stderr)
        return 2
    for name in ("nsmc-stars", "ws353-ko"):
        if not datasets.available(name):
            print(f"{name} 자료가 없습니다. LAB_DATA_DIR에 자료 폴더를 적고 다시 실행하세요.", file=sys.stderr)
            return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    for lesson in arguments or TABLES:
        for name, table in TABLES[lesson]().items():
            table.assign(**provenance()).to_csv(RESULTS / f"{name}.csv", index=False, float_format="%.4f", lineterminator="\n")
            print(f"\n{name}\n{table.to_string(index=False)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
