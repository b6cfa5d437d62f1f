"""What the benchmarks share: a shorter corpus beside the whole one, the commit of the code, and the table of results."""

import csv
import os
import shutil
import subprocess
from itertools import islice
from pathlib import Path


def head(path: Path, number: int) -> Path:
    """The first texts of a token file, as a file of its own beside it."""
    short = path.with_name(f"{path.stem}-first-{number}.txt")
    if not short.exists():
        part = short.with_suffix(".part")
        with open(path, encoding="utf-8", newline="\n") as file, open(part, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(islice(file, number))
        os.replace(part, short)
    return short


def commit() -> str:
    """The commit of the checkout, shortened; empty where there is none, or no git."""
    if not shutil.which("git"):
        return ""
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def write(path: Path, rows: list[dict]) -> None:
    """Rows as CSV, numbers with six digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: f"{value:.6g}" if isinstance(value, float) else value for name, value in row.items()} for row in rows)
