"""Seconds and cost of GloVe: this workbook beside Stanford's C programme, on one co-occurrence file.

    python benchmarks/glove.py --glove-bin PATH [--window 5] [--epochs 15] [--threads 2] [--repeats 3] [--reviews N]

PATH is the programme ``glove``, already built by whoever runs this (github.com/stanfordnlp/GloVe, Apache-2.0); without it its row is
left out, and a line says so. The counts of all NSMC reviews (the embedded encyclopedia where they are not available), weighted by
1/distance, are written once, in that programme's binary format and in random order; both read that file, take turns, and train with the
same dimension, threads, x_max, alpha, learning rate and epochs. Seconds run from opening the file to vectors in memory (the C programme:
to vectors on disk; ours: without compiling, which happens once per installation). The cost is compared twice: as reported during the last
epoch, and recomputed in float64 from the finished vectors of both. Ours visits the matrix block by block, the C programme all cells at
random: a third row, ours with a single block (one thread, first turn only), shows what that order does to cost and speed. Writes
data/results/glove_benchmark.csv.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from benchmark_files import commit, write  # noqa: E402  beside this file

RESULT = ROOT / "data" / "results" / "glove_benchmark.csv"
CELL = np.dtype([("word", "<i4"), ("context", "<i4"), ("value", "<f8")])  # the C programme's record; words are numbered from 1
X_MAX, ALPHA, RATE = 10.0, 0.75, 0.05
OURS, THEIRS = "ours (float32)", "Stanford GloVe (C, double)"
ONE_BLOCK = "ours, all cells in one block"  # the order that the C programme has: at random over the whole matrix


def write_cells(counts, path) -> None:
    """The non-zero cells as records in random order; checked by reading them back."""
    cells = counts.tocoo()
    order = np.random.default_rng(0).permutation(cells.nnz)
    records = np.empty(cells.nnz, CELL)
    records["word"], records["context"], records["value"] = cells.row[order] + 1, cells.col[order] + 1, cells.data[order]
    records.tofile(path)
    following = np.corrcoef(records["word"][:-1], records["word"][1:])[0, 1]
    if abs(following) > 0.01 or (read_cells(path, counts.shape[0]) != counts).nnz:
        sys.exit(f"{path}: not the counts in random order (correlation of neighbouring words {following:.3f})")


def read_cells(path, size):
    from scipy import sparse

    records = np.fromfile(path, CELL)
    return sparse.coo_array((records["value"], (records["word"] - 1, records["context"] - 1)), shape=(size, size)).tocsr()


def measure_ours(options) -> None:
    """Train once in this process and print JSON."""
    from lab_utils import glove
    from lab_utils.glove import GloVe

    if options.one_block:
        glove.BLOCK_BYTES, glove.MIN_BLOCKS = sys.maxsize, 1
    start = time.perf_counter()
    GloVe(options.dimensions, epochs=1).fit(np.ones((2, 2)))  # compiles, or loads what was compiled before
    import scipy.sparse  # noqa: F401

    preparation, start = time.perf_counter() - start, time.perf_counter()
    counts = read_cells(options.measure / "cells.bin", options.words)
    model = GloVe(options.dimensions, x_max=X_MAX, alpha=ALPHA, epochs=options.epochs, learning_rate=RATE, seed=options.seed,
                  workers=options.threads).fit(counts)
    seconds = time.perf_counter() - start
    np.savez(options.measure / "ours.npz", w=model.word_vectors_, c=model.context_vectors_, bw=model.word_biases_, bc=model.context_biases_)
    print(json.dumps({"seconds": seconds, "preparation": preparation, "costs": model.costs_.tolist()}))


def run_ours(options, folder, seed, *more):
    command = [sys.executable, __file__, "--measure", str(folder), "--seed", str(seed), "--words", str(options.words),
               *(part for name in ("dimensions", "epochs", "threads") for part in (f"--{name}", str(getattr(options, name)))), *more]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})
    if done.returncode:
        sys.exit(done.stderr)
    with np.load(folder / "ours.npz") as stored:
        return json.loads(done.stdout.splitlines()[-1]), [stored[name] for name in ("w", "c", "bw", "bc")]


def run_one_block(options, folder, seed):
    return run_ours(options, folder, seed, "--one-block")


def run_theirs(options, folder, seed):
    command = [str(options.glove_bin), "-input-file", str(folder / "cells.bin"), "-vocab-file", str(folder / "vocabulary.txt"),
               "-save-file", str(folder / "theirs"), "-vector-size", str(options.dimensions), "-iter", str(options.epochs),
               "-threads", str(options.threads), "-x-max", str(X_MAX), "-alpha", str(ALPHA), "-eta", str(RATE), "-binary", "1",
               "-seed", str(seed + 1), "-verbose", "1"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    seconds = time.perf_counter() - start
    costs = [float(cost) for cost in re.findall(r"cost: ([0-9.]+)", done.stderr)]
    if done.returncode or len(costs) != options.epochs:
        sys.exit(f"{options.glove_bin}:\n{done.stderr}")
    table = np.fromfile(folder / "theirs.bin").reshape(2, options.words, options.dimensions + 1)
    return {"seconds": seconds, "preparation": 0.0, "costs": costs}, [table[0, :, :-1], table[1, :, :-1], table[0, :, -1], table[1, :, -1]]


def judged(options, parts, counts, vocabulary) -> dict:
    """Cost in float64 and, where the word pairs are at hand, agreement with people, of the finished vectors."""
    from lab_utils import datasets, evaluation
    from lab_utils.glove import GloVe

    model = GloVe(options.dimensions, x_max=X_MAX, alpha=ALPHA)
    model.word_vectors_, model.context_vectors_, model.word_biases_, model.context_biases_ = parts
    found = {"model_cost": model.cost(counts), "rho": np.nan, "low": np.nan, "high": np.nan, "pairs": 0}
    if datasets.available("ws353-ko"):
        result = evaluation.word_similarity(parts[0] + parts[1], vocabulary, datasets.load("ws353-ko"))
        found |= {"rho": result.rho, "low": result.low, "high": result.high, "pairs": result.n_covered}
    return found


def corpus(options):
    """A name, counts and vocabulary."""
    from lab_utils import cooccurrence, datasets, movie_reviews, tokenization

    if datasets.available("nsmc-stars"):
        name, tokens = "nsmc-stars", movie_reviews.tokens(options.reviews)
    else:
        name, tokens = "encyclopedia", tokenization.morphemes(datasets.load("encyclopedia").sentence, cache="encyclopedia")
    return name, *cooccurrence.count_cooccurrences(tokens, window=options.window, max_vocabulary=10**6, min_count=5, weighting="harmonic")


def rows_of(options):
    """A row for each method, from runs that take turns."""
    name, counts, vocabulary = corpus(options)
    options.words = len(vocabulary)
    methods = {OURS: run_ours} | ({THEIRS: run_theirs} if options.glove_bin else {}) | {ONE_BLOCK: run_one_block}
    runs = {method: [] for method in methods}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_cells(counts, folder / "cells.bin")
        (folder / "vocabulary.txt").write_text("".join(f"w{n} {count}\n" for n, count in enumerate(vocabulary.counts)), encoding="utf-8")
        for turn in range(options.repeats):
            for method, run in methods.items():
                if method == ONE_BLOCK and turn:
                    continue
                found, parts = run(options, folder, turn)
                runs[method].append(found | {"final_cost": found["costs"][-1]} | judged(options, parts, counts, vocabulary))
                print(f"[{turn + 1}/{options.repeats}] {method}: {found['seconds']:.2f} s, cost {found['costs'][-1]:.5f}, "
                      f"of the finished model {runs[method][-1]['model_cost']:.5f}", file=sys.stderr)
    rows = []
    for method, found in runs.items():
        seconds = [run["seconds"] for run in found]
        ratios = [run["seconds"] / ours["seconds"] for run, ours in zip(found, runs[OURS], strict=False)]  # one block: the first turn
        row = {"corpus": name, "words": options.words, "cells": counts.nnz, "window": options.window, "dimensions": options.dimensions,
               "epochs": options.epochs, "threads": 1 if method == ONE_BLOCK else options.threads, "method": method, "turns": len(found),
               "train_min_s": min(seconds), "train_median_s": median(seconds),
               "cells_per_s": counts.nnz * options.epochs / min(seconds), "ratio_to_ours": median(ratios), "ratio_low": min(ratios),
               "ratio_high": max(ratios), "preparation_s": max(run["preparation"] for run in found)}
        for key in ("final_cost", "model_cost"):
            values = [run[key] for run in found]
            row |= {key: median(values), f"{key}_low": min(values), f"{key}_high": max(values),
                    f"{key}_to_ours": median(values) / median(run[key] for run in runs[OURS])}
        rows.append(row | {key: median(run[key] for run in found) for key in ("rho", "low", "high", "pairs")})
    return rows


def markdown(rows):
    out = ["| method | train, s | ÷ ours (range) | M cells/s | cost, last epoch | cost, finished | WS353-ko ρ |", "|" + "---|" * 7]
    for row in rows:
        out.append(f"| {row['method']} | {row['train_min_s']:.2f} ({row['train_median_s']:.2f}) | {row['ratio_to_ours']:.2f} "
                   f"({row['ratio_low']:.2f}–{row['ratio_high']:.2f}) | {row['cells_per_s'] / 1e6:.2f} | {row['final_cost']:.5f} "
                   f"({row['final_cost_to_ours'] - 1:+.1%}) | {row['model_cost']:.5f} ({row['model_cost_to_ours'] - 1:+.1%}) "
                   f"| {row['rho']:.3f} [{row['low']:.3f}, {row['high']:.3f}] |")
    return "\n".join(out)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--glove-bin", type=Path, help="Stanford's programme `glove`, already built")
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--dimensions", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--reviews", type=int, help="only so many reviews, drawn evenly over the corpus")
    parser.add_argument("--result", type=Path, default=RESULT)
    parser.add_argument("--commit", default="", help="to state where there is no git")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--one-block", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--words", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        return measure_ours(options)
    if options.glove_bin and not (options.glove_bin.is_file() and os.access(options.glove_bin, os.X_OK)):
        sys.exit(f"--glove-bin {options.glove_bin}: not a programme that can be run.")
    if not options.glove_bin:
        print(f"⚠ {THEIRS} is left out: give the path of the built programme with --glove-bin.")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows = rows_of(options)
    shown = [f"…/{Path(part).name}" if Path(part).is_absolute() else part for part in arguments]
    about = {"repeats": options.repeats, "seeds": " ".join(map(str, range(options.repeats))),
             "command": " ".join(["python benchmarks/glove.py", *shown]), "commit": options.commit or commit(),
             "date": date.today().isoformat(), "device": f"CPU, {os.cpu_count()} cores, {platform.machine()}", "load_before": round(load, 2),
             "python": platform.python_version(), "numpy": np.__version__}
    write(options.result, [row | about for row in rows])
    print(markdown(rows))
    print(f"\n{rows[0]['corpus']}: {rows[0]['words']:,} words, {rows[0]['cells']:,} cells, {options.dimensions} dimensions, "
          f"{options.epochs} epochs, {options.threads} threads; minimum (median) of {options.repeats} turns. "
          f"Compiling or loading compiled code: {rows[0]['preparation_s']:.1f} s.")
    if load > 0.5 * (os.cpu_count() or 1):
        print("⚠ The machine was busy: trust the ratios, not the seconds, and repeat on an idle one.")


if __name__ == "__main__":
    main(sys.argv[1:])
