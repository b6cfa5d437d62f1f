"""Seconds and memory from tokens to word vectors: this workbook beside plain numpy + ARPACK, scipy, scikit-learn, Python.

    python benchmarks/cooccurrence.py [--reviews N] [--repeats R] [--sample N]

Every method runs in a process of its own, all take turns in one run, and all read the same file of morphemes: the 712,404
reviews of NSMC where they are available (LAB_DATA_DIR or the cache), the embedded reviews otherwise. Methods too slow for
that get the first SAMPLE texts, and so does ours beside them. What each counts is compared with ours cell by cell; the one
that counts something else (whole reviews in place of windows) is marked. Writes data/results/cooccurrence_benchmark.csv.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from itertools import chain
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from benchmark_files import commit, head  # noqa: E402  beside this file

WINDOW, SIZE, K = 5, 20_000, 100
RESULT = ROOT / "data" / "results" / "cooccurrence_benchmark.csv"


class Watch:
    """Seconds per stage."""

    def __init__(self):
        self.seconds, self.last = {}, time.perf_counter()

    def __call__(self, stage):
        now = time.perf_counter()
        self.seconds[stage], self.last = now - self.last, now


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        yield from (line.split() for line in file)


# --- methods: path → (counts or None, words, vectors or None, seconds per stage) ---------------------------------------


def ours(path, factorise=True):
    import scipy.linalg  # noqa: F401  loaded before the watch starts, as in the other methods
    import threadpoolctl  # noqa: F401

    from lab_utils import cooccurrence

    cooccurrence.count_cooccurrences([["하나", "둘"]])  # compiles, or loads what was compiled before
    watch = Watch()
    vocabulary = cooccurrence.build_vocabulary(path, SIZE)
    watch("vocabulary")
    ids, offsets = cooccurrence.encode(path, vocabulary)
    watch("encode")
    counts = cooccurrence.count_encoded(ids, offsets, len(vocabulary), window=WINDOW)
    watch("count")
    return counts, vocabulary.words, factors(counts, watch) if factorise else None, watch.seconds


def ours_streamed(path):
    import scipy.linalg  # noqa: F401
    import threadpoolctl  # noqa: F401

    from lab_utils import cooccurrence

    cooccurrence.count_cooccurrences([["하나", "둘"]])
    watch = Watch()
    counts, vocabulary = cooccurrence.count_cooccurrences(path, window=WINDOW, max_vocabulary=SIZE)
    watch("count")
    return counts, vocabulary.words, factors(counts, watch), watch.seconds


def factors(counts, watch):
    from lab_utils import pmi, svd

    positive = pmi.ppmi(counts)
    watch("ppmi")
    U, S, _ = svd.truncated_svd(positive, K)
    watch("svd")
    return svd.word_vectors(U, S)


def plain_vocabulary(path, watch):
    counter = Counter(chain.from_iterable(lines(path)))
    words = sorted(counter, key=lambda word: (-counter[word], word))[:SIZE]
    watch("vocabulary")
    return words


def plain_encode(path, words, watch):
    index = {word: number for number, word in enumerate(words)}
    sentences = [[index[token] for token in tokens if token in index] for tokens in lines(path)]
    lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
    ids = np.fromiter(chain.from_iterable(sentences), np.int32, lengths.sum())
    sentence = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    watch("encode")
    return ids, sentence


def numpy_arpack(path, index=np.int64, number_type=float):
    """What one writes with numpy and scipy: pairs as one integer each, sorted; PPMI on the non-zeros; svds."""
    from scipy import sparse
    from scipy.sparse.linalg import svds

    watch = Watch()
    words = plain_vocabulary(path, watch)
    ids, sentence = plain_encode(path, words, watch)
    size, pairs = len(words), []
    wide = ids.astype(np.uint32 if size**2 < 1 << 32 else np.uint64)
    for distance in range(1, WINDOW + 1):
        same = sentence[:-distance] == sentence[distance:]
        pairs.append(wide[:-distance][same] * wide.dtype.type(size) + wide[distance:][same])
    pairs = np.concatenate(pairs)
    pairs.sort()
    first = np.flatnonzero(np.diff(pairs, prepend=pairs[:1] + 1))
    number = np.diff(first, append=len(pairs)).astype(float)
    row, column = np.divmod(pairs[first].astype(np.int64), size)
    right = sparse.csr_array((number, (row, column)), shape=(size, size))
    counts = right + right.T.tocsr()
    watch("count")
    cells = counts.tocoo()
    row, column = cells.coords
    marginal, total = counts.sum(axis=0), counts.sum()
    value = np.log(cells.data * total / (marginal[row] * marginal[column]))
    keep = value > 0
    positive = sparse.csr_array((value[keep].astype(number_type), (row[keep].astype(index), column[keep].astype(index))), shape=counts.shape)
    watch("ppmi")
    U, S, _ = svds(positive, K, v0=np.random.default_rng(0).uniform(-1, 1, size).astype(number_type))
    watch("svd")
    return counts, words, U * S**0.5, watch.seconds


def numpy_arpack_narrow(path):
    """The same with indices and values of 32 bits from the PMI on, which scipy does not do by itself."""
    return numpy_arpack(path, np.int32, np.float32)


def scipy_sparse(path):
    """One (row, column, 1) triple per pair, summed by scipy's conversion from coo to csr."""
    from scipy import sparse

    watch = Watch()
    words = plain_vocabulary(path, watch)
    ids, sentence = plain_encode(path, words, watch)
    size = len(words)
    right = sparse.csr_array((size, size))
    for distance in range(1, WINDOW + 1):
        same = sentence[:-distance] == sentence[distance:]
        a, b = ids[:-distance][same], ids[distance:][same]
        right = right + sparse.coo_array((np.ones(len(a)), (a, b)), shape=(size, size)).tocsr()
    counts = right + right.T.tocsr()
    watch("count")
    return counts, words, None, watch.seconds


def plain_python(path):
    from scipy import sparse

    from lab_utils.cooccurrence import count_slowly

    watch = Watch()
    words = plain_vocabulary(path, watch)
    known = set(words)
    sentences = [[token for token in tokens if token in known] for tokens in lines(path)]
    watch("encode")
    counter = count_slowly(sentences, WINDOW)
    watch("count")
    index = {word: number for number, word in enumerate(words)}
    cells = np.array([(index[a], index[b], number) for (a, b), number in counter.items()])
    return sparse.csr_array((cells[:, 2].astype(float), cells[:, :2].T), shape=(len(words),) * 2), words, None, watch.seconds


def sklearn_pairs(path):
    """CountVectorizer whose "words" are pairs within the window: the same counts, by way of strings."""
    from scipy import sparse
    from sklearn.feature_extraction.text import CountVectorizer

    watch = Watch()
    words = plain_vocabulary(path, watch)
    known = set(words)
    texts = [[token for token in tokens if token in known] for tokens in lines(path)]
    watch("encode")

    def pairs(tokens):
        return [f"{a} {b}" for i, a in enumerate(tokens) for b in tokens[i + 1:i + 1 + WINDOW]]

    vectorizer = CountVectorizer(analyzer=pairs)
    number = vectorizer.fit_transform(texts).sum(axis=0)
    index = {word: i for i, word in enumerate(words)}
    cells = np.array([[index[word] for word in pair.split(" ")] for pair in vectorizer.get_feature_names_out()])
    right = sparse.csr_array((np.asarray(number).ravel().astype(float), cells.T), shape=(len(words),) * 2)
    counts = right + right.T.tocsr()
    watch("count")
    return counts, words, None, watch.seconds


def sklearn_documents(path):
    """CountVectorizer and XᵀX: pairs within a whole review, which is another quantity."""
    from sklearn.feature_extraction.text import CountVectorizer

    watch = Watch()
    words = plain_vocabulary(path, watch)
    X = CountVectorizer(analyzer=str.split, vocabulary=words).transform(" ".join(tokens) for tokens in lines(path))
    watch("encode")
    X.T @ X
    watch("count")
    return None, words, None, watch.seconds


WHOLE = {"ours": ours, "ours, count_cooccurrences": ours_streamed, "numpy + ARPACK": numpy_arpack,
         "numpy + ARPACK, 32 bits": numpy_arpack_narrow, "scipy coo → csr": scipy_sparse}
SAMPLE = {"ours (counts only)": lambda path: ours(path, factorise=False), "plain Python (count_slowly)": plain_python,
          "scikit-learn, pairs as features": sklearn_pairs, "scikit-learn, XᵀX of whole reviews ≠ windows": sklearn_documents}


# --- one measurement in one process -----------------------------------------------------------------------------------


def measure(name, path):
    """Run one method and print JSON: seconds per stage, peak memory, a fingerprint of the counts, agreement with people."""
    start = time.perf_counter()
    counts, words, vectors, seconds = (WHOLE | SAMPLE)[name](path)
    outside = time.perf_counter() - start - sum(seconds.values())  # imports, and compiling where it is needed
    report = {"seconds": seconds, "peak_mb": peak_memory(), "preparation": outside}
    if counts is not None:  # equal sums over random vectors mean equal matrices, words in the same order
        probe = np.random.default_rng(0).integers(0, 1000, (len(words), 2)).astype(float)
        report["counts"] = [len(words), words[0], words[-1], int(counts.nnz), int(probe[:, 0] @ (counts @ probe[:, 1]))]
    if vectors is not None:
        from lab_utils import datasets, evaluation
        from lab_utils.cooccurrence import Vocabulary

        if datasets.available("ws353-ko"):
            vocabulary = Vocabulary(words, np.zeros(len(words), np.int64))
            result = evaluation.word_similarity(vectors, vocabulary, datasets.load("ws353-ko"))
            report |= {"rho": result.rho, "low": result.low, "high": result.high, "pairs": result.n_covered}
    print(json.dumps(report))


def peak_memory() -> float:
    """Megabytes that this process held at its peak."""
    status = Path("/proc/self/status")  # Linux: ru_maxrss would start from what the parent process holds
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10
    if sys.platform == "win32":
        import psutil

        return psutil.Process().memory_info().peak_wset / 2**20
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # macOS


def corpus(reviews):
    """A name and a file of morphemes."""
    from lab_utils import datasets, tokenization

    name = "nsmc-stars" if datasets.available("nsmc-stars") else "graded-reviews"
    texts = datasets.load(name)["text"]
    tokens = tokenization.morphemes(texts, cache=name)
    return name, head(tokens.path, reviews) if reviews else tokens.path


def compare(methods, path, repeats):
    """Let the methods take turns; a row for each with the seconds of every stage."""
    runs = {name: [] for name in methods}
    for turn in range(repeats):
        for name in methods:
            done = subprocess.run([sys.executable, __file__, "--measure", name, str(path)], capture_output=True, text=True,
                                  encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})
            if done.returncode:
                sys.exit(f"{name}:\n{done.stderr}")
            runs[name].append(json.loads(done.stdout.splitlines()[-1]))
            print(f"[{turn + 1}/{repeats}] {name}: {sum(runs[name][-1]['seconds'].values()):.2f} s", file=sys.stderr)
    rows, reference = [], next(iter(runs.values()))
    base = min(sum(run["seconds"].values()) for run in reference)
    for name, results in runs.items():
        totals = [sum(run["seconds"].values()) for run in results]
        for run in results:
            if "counts" in run and run["counts"] != reference[0]["counts"]:
                sys.exit(f"{name} does not count what ours counts: {run['counts']} and {reference[0]['counts']}")
        row = {"method": name, "same_counts": "counts" in results[0], "total_min_s": min(totals),
               "total_median_s": median(totals), "ratio_to_ours": min(totals) / base,
               "peak_mb": max(run["peak_mb"] for run in results),
               "preparation_s": max(run["preparation"] for run in results)}
        for stage in ("vocabulary", "encode", "count", "ppmi", "svd"):
            row[f"{stage}_min_s"] = min(run["seconds"].get(stage, np.nan) for run in results)
            row[f"{stage}_median_s"] = median(run["seconds"].get(stage, np.nan) for run in results)
        rows.append(row | {key: results[0].get(key, np.nan) for key in ("rho", "low", "high", "pairs")})
    return rows


def markdown(rows):
    """The table to read: minimum (median) of the seconds."""
    stages = ("vocabulary", "encode", "count", "ppmi", "svd", "total")
    out = ["| method | texts | " + " | ".join(f"{s}, s" for s in stages) + " | ÷ ours | peak MB | WS353-ko ρ |",
           "|" + "---|" * (len(stages) + 5)]
    for row in rows:
        cells = ["–" if np.isnan(row[f"{s}_min_s"]) else f"{row[f'{s}_min_s']:.2f} ({row[f'{s}_median_s']:.2f})"
                 for s in stages]
        rho = "–" if np.isnan(row["rho"]) else f"{row['rho']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
        out.append(f"| {row['method']} | {row['texts']:,} | {' | '.join(cells)} | {row['ratio_to_ours']:.2f} "
                   f"| {row['peak_mb']:.0f} | {rho} |")
    return "\n".join(out)


def main():
    import pandas as pd

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reviews", type=int, help="only the first so many texts")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sample", type=int, default=20_000, help="texts for the slow methods")
    parser.add_argument("--measure", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        return measure(options.measure[0], Path(options.measure[1]))

    name, path = corpus(options.reviews)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows = []
    for methods, file in ((WHOLE, path), (SAMPLE, head(path, options.sample))):
        texts = sum(1 for _ in lines(file))
        tokens = sum(map(len, lines(file)))
        rows += [{"corpus": name, "texts": texts, "tokens": tokens} | row for row in compare(methods, file, options.repeats)]
    about = {"command": " ".join(["python benchmarks/cooccurrence.py", *sys.argv[1:]]), "commit": commit(),
             "date": date.today().isoformat(), "cores": os.cpu_count(), "load_before": round(load, 2),
             "python": platform.python_version(), "numpy": np.__version__}
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame([row | about for row in rows]).round(4).to_csv(RESULT, index=False, encoding="utf-8")
    print(markdown(rows))
    print(f"\n{name}, {rows[0]['tokens']:,} morphemes, vocabulary {SIZE:,}, window {WINDOW}, k = {K}; minimum (median) of "
          f"{options.repeats}; {os.cpu_count()} cores, load {load:.1f} at the start. Compiling or loading compiled code and "
          f"imports come on top: ours {rows[0]['preparation_s']:.1f} s.")
    if load > 0.5 * (os.cpu_count() or 1):
        print("⚠ The machine was busy: trust the ratios, not the seconds, and repeat on an idle one.")


if __name__ == "__main__":
    main()
