"""Write the tables on real corpora that lessons show where the corpora are absent: ``python -m instructor.results [01 02 06 08 09]``.

Without numbers: all lessons (lesson 06 trains word vectors and takes long). Lesson 03's table: ``benchmarks/skipgram.py --agreement``.
Needs the corpora (LAB_DATA_DIR, or the network). A table is written as soon as it is there; every row carries the command, the
commit, the seed, the machine and the date.
"""

import datetime
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "data" / "results"


def provenance(lesson: str) -> dict[str, str]:
    """What a reader needs to run it again."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"command": f"python -m instructor.results {lesson}", "commit": commit or "unknown", "seed": "0",
            "device": f"CPU, {os.cpu_count()} cores, Python {platform.python_version()}", "date": datetime.date.today().isoformat()}


def counting():
    from lab_utils import movie_reviews

    yield "lesson01_reviews", movie_reviews.counting_report(movie_reviews.tokens())


def count_models():
    from lab_utils import datasets, movie_reviews

    yield "lesson02_ws353", movie_reviews.compare_count_models(movie_reviews.tokens(), datasets.load("ws353-ko"))


def subwords_and_bias():
    from instructor import lesson06_results

    yield from lesson06_results.tables()


def sentence_similarity():
    from instructor import lesson08_results

    yield from lesson08_results.tables()


def fine_tuning():
    from instructor import lesson09_results

    yield from lesson09_results.tables()


TABLES = {"01": counting, "02": count_models, "06": subwords_and_bias, "08": sentence_similarity, "09": fine_tuning}
CORPORA = {"08": ("nsmc-stars", "korsts"), "09": ("korsts", "chatbot")}  # the others: reviews and word pairs


def main(arguments: list[str]) -> int:
    from lab_utils import datasets

    if wrong := [name for name in arguments if name not in TABLES]:
        print(f"{', '.join(wrong)}: 표를 만드는 강의는 {', '.join(TABLES)}입니다.", file=sys.stderr)
        return 2
    for name in sorted({name for lesson in arguments or TABLES for name in CORPORA.get(lesson, ("nsmc-stars", "ws353-ko"))}):
        if not datasets.available(name):
            print(f"{name} 자료가 없습니다. LAB_DATA_DIR에 자료 폴더를 적고 다시 실행하세요.", file=sys.stderr)
            return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    for lesson in arguments or TABLES:
        began = time.perf_counter()
        for name, table in TABLES[lesson]():
            write(lesson, name, table)
            print(f"\n{name} ({time.perf_counter() - began:.0f} s)\n{table.to_string(index=False)}", flush=True)
    return 0


def write(lesson: str, name: str, table) -> None:
    """Write one table with its provenance; a seed of its own goes before the general one."""
    from lab_utils.checkpoint import whole_file

    about = {column: value for column, value in provenance(lesson).items() if column not in table}
    with whole_file(RESULTS / f"{name}.csv") as part:
        table.assign(**about).to_csv(part, index=False, float_format="%.5g", lineterminator="\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
