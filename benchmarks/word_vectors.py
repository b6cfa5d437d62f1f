"""PPMI, SVD, skip-gram, CBOW, GloVe and FastText in one table: same corpus, same vocabulary, three seeds, intervals.

    python benchmarks/word_vectors.py [--reviews N] [--seeds 0 1 2] [--methods SVD GloVe …] [--out FILE]

Corpus: the 712,404 reviews of NSMC as morphemes; the 20,000 most frequent words that occur at least 5 times; 100 dimensions.
Measured on WS353-ko (Spearman) and the 10,000 Korean analogies (3CosAdd and 3CosMul, inputs excluded; 3CosAdd with inputs
allowed), with the difference to SVD on the same items; on the vectors as they are, without their mean, and without their mean and
first principal direction. Writes data/results/word_vectors.csv after every model; a row once there is kept (delete the file to start anew).
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lab_utils import cooccurrence, datasets, evaluation, geometry, movie_reviews, pmi, svd  # noqa: E402

SIZE, LEAST, WINDOW, D = 20_000, 5, 5, 100
HUB_WORDS = 5_000  # mean cosine and hubs are measured on the most frequent words
RESULT = ROOT / "data" / "results" / "word_vectors.csv"
KEY = ["method", "seed", "processing", "reviews"]


class Corpus:
    """The reviews and what several methods share."""

    def __init__(self, reviews):
        self.tokens = movie_reviews.tokens(limit=reviews)
        self.reviews = len(self.tokens)
        self.path = self.tokens.path
        self.vocabulary = cooccurrence.build_vocabulary(self.tokens, SIZE, LEAST)

    @cache  # noqa: B019  one corpus per run
    def counts(self, window, weighting):
        counts, vocabulary = cooccurrence.count_cooccurrences(self.tokens, window=window, weighting=weighting, max_vocabulary=SIZE, min_count=LEAST)
        assert vocabulary.words == self.vocabulary.words
        return counts

    @cache  # noqa: B019
    def ppmi(self):
        return pmi.ppmi(self.counts(WINDOW, "uniform"), smoothing=0.75)

    @cache  # noqa: B019
    def svd(self, seed):
        U, S, _ = svd.truncated_svd(self.ppmi(), D, seed=seed)
        return svd.word_vectors(U, S, 0.5)


# --- methods: corpus, seed → matrix whose rows are the words of the vocabulary -------------------------------------------------


def word2vec(corpus, seed, method):
    from lab_utils.skipgram import SkipGram

    model = SkipGram(dimensions=D, window=WINDOW, negatives=5, epochs=15, min_count=LEAST, max_vocabulary=SIZE, subsample=1e-4,
                     seed=seed, method=method).fit(corpus.tokens)
    assert model.vocabulary_.words == corpus.vocabulary.words
    return model.vectors_


def glove(corpus, seed, window):
    from lab_utils.glove import GloVe

    return GloVe(D, x_max=10, epochs=25, seed=seed).fit(corpus.counts(window, "harmonic"), corpus.vocabulary).vectors_


def fasttext(corpus, seed):
    from gensim.models import FastText

    model = FastText(vector_size=D, window=WINDOW, negative=5, sample=1e-4, sg=1, min_n=2, max_n=3, bucket=200_000, min_count=1,
                     workers=os.cpu_count() or 1, seed=seed)
    model.build_vocab_from_freq(dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True)))
    model.train(corpus_file=str(corpus.path), total_words=int(corpus.vocabulary.counts.sum()), epochs=5)
    return model.wv[corpus.vocabulary.words]


METHODS = {  # name → (function, settings in words)
    "PPMI": (lambda corpus, seed: corpus.ppmi(), "window 5, context smoothing .75; no chance involved"),
    "SVD": (lambda corpus, seed: corpus.svd(seed), "of that PPMI, singular values to the power ½"),
    "SGNS": (lambda corpus, seed: word2vec(corpus, seed, "skip-gram"), "window 5, 5 negatives, subsampling 1e-4, 15 epochs"),
    "CBOW": (lambda corpus, seed: word2vec(corpus, seed, "cbow"), "window 5, 5 negatives, subsampling 1e-4, 15 epochs"),
    "GloVe": (lambda corpus, seed: glove(corpus, seed, WINDOW), "window 5, weights 1/distance, x_max 10, 25 epochs"),
    "GloVe, window 15": (lambda corpus, seed: glove(corpus, seed, 15), "window 15, weights 1/distance, x_max 10, 25 epochs"),
    "FastText": (fasttext, "gensim, skip-gram, window 5, 5 negatives, subsampling 1e-4, pieces of 2-3 characters, 5 epochs"),
}
PROCESSING = {"as it is": lambda v: v, "mean removed": lambda v: geometry.all_but_the_top(v, 0),
              "all-but-the-top 1": lambda v: geometry.all_but_the_top(v, 1)}


# --- measures --------------------------------------------------------------------------------------------------------------


def measure(matrix, reference, vocabulary, pairs, items):
    """One row of the table: ``reference`` is what differences are taken to (SVD on the same corpus)."""
    from scipy.stats import skew

    row = {}
    similar = evaluation.word_similarity(matrix, vocabulary, pairs)
    gain = evaluation.similarity_gain(matrix, reference["matrix"], vocabulary, pairs)
    row |= {"ws353": similar.rho, "ws353_low": similar.low, "ws353_high": similar.high, "ws353_pairs": similar.n_covered,
            "ws353_total": similar.n_total, **dict(zip(("ws353_minus_svd", "ws353_minus_svd_low", "ws353_minus_svd_high"), gain, strict=True))}
    add, mul, free = (evaluation.analogy_accuracy(matrix, vocabulary, items, **how) for how in (
        {}, {"method": "mul"}, {"exclude_inputs": False}))
    difference = add.each.astype(float) - reference["analogies"].each
    row |= {"add": add.accuracy, "add_low": add.low, "add_high": add.high,
            "add_minus_svd": difference.mean(),
            **dict(zip(("add_minus_svd_low", "add_minus_svd_high"), evaluation.clustered_interval(difference, add.pair), strict=True)),
            "mul": mul.accuracy, "mul_low": mul.low, "mul_high": mul.high,
            "add_inputs_allowed": free.accuracy, "echoes_inputs_allowed": free.echoes,
            "analogies": add.n_covered, "analogies_total": add.n_total, "analogies_unsolvable": add.n_unsolvable}
    for part in add.by_section.itertuples():
        short = part.section.split("_")[0]
        row |= {f"{short}_add": part.accuracy, f"{short}_low": part.low, f"{short}_high": part.high, f"{short}_covered": part.covered,
                f"{short}_total": part.total}
    if isinstance(matrix, np.ndarray):
        frequent = matrix[:HUB_WORDS]
        row |= {"mean_cosine": geometry.mean_cosine(frequent), "hub_skewness": float(skew(geometry.k_occurrence(frequent, 10)))}
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reviews", type=int, help="only so many reviews, drawn evenly")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    for name in ("nsmc-stars", "ws353-ko", "analogies-ko"):
        if not datasets.available(name):
            sys.exit(f"{name} 자료가 없습니다. LAB_DATA_DIR에 자료 폴더를 적고 다시 실행하세요.")
    corpus = Corpus(options.reviews)
    pairs, items = datasets.load("ws353-ko"), datasets.load("analogies-ko")
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    about = {"command": " ".join(["python benchmarks/word_vectors.py", *sys.argv[1:]]), "commit": commit or "unknown",
             "device": f"CPU, {os.cpu_count()} cores, Python {platform.python_version()}", "date": date.today().isoformat()}
    table = pd.read_csv(options.out) if options.out.exists() else pd.DataFrame(columns=KEY)
    done = set(table[KEY].itertuples(index=False, name=None))

    jobs = [(name, seed) for name in options.methods for seed in (options.seeds[:1] if name == "PPMI" else options.seeds)]
    wanted = {job: [how for how in (PROCESSING if job[0] != "PPMI" else ["as it is"]) if (*job, how, corpus.reviews) not in done] for job in jobs}
    jobs = [job for job in jobs if wanted[job]]
    print(f"{corpus.reviews:,} reviews, {corpus.vocabulary.counts.sum():,} known tokens, {len(corpus.vocabulary):,} words; "
          f"{len(table)} rows there, {sum(map(len, wanted.values()))} to compute", flush=True)
    if jobs:
        base = corpus.svd(0)
        reference = {"matrix": base, "analogies": evaluation.analogy_accuracy(base, corpus.vocabulary, items)}
    for name, seed in jobs:
        function, settings = METHODS[name]
        start = time.perf_counter()
        matrix = function(corpus, seed)
        seconds = time.perf_counter() - start
        rows = []
        for how in wanted[name, seed]:
            row = {"method": name, "seed": seed, "processing": how, "reviews": corpus.reviews, "settings": settings,
                   "tokens": int(corpus.vocabulary.counts.sum()), "vocabulary": len(corpus.vocabulary), "dimensions": matrix.shape[1]}
            row |= measure(PROCESSING[how](matrix), reference, corpus.vocabulary, pairs, items)
            rows.append(row | {"seconds": seconds} | about)
        table = pd.concat([table, pd.DataFrame(rows).round(4)], ignore_index=True) if len(table) else pd.DataFrame(rows).round(4)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        part = options.out.with_suffix(".part")
        table.to_csv(part, index=False, encoding="utf-8", lineterminator="\n")
        os.replace(part, options.out)
        print(f"{name}, seed {seed}: {seconds:.0f} s, ρ {rows[0]['ws353']:.3f}, 3CosAdd {rows[0]['add']:.3f}", flush=True)
    print(summary(table).to_string(index=False))


def summary(table):
    """Mean over the seeds and the range of the seeds, vectors as they are."""
    plain = table[table.processing == "as it is"]
    rows = []
    for name, part in plain.groupby("method", sort=False):
        first = part.iloc[0]
        rows.append({"method": name, "seeds": len(part), "ρ": f"{part.ws353.mean():.3f} ({part.ws353.min():.3f}–{part.ws353.max():.3f})",
                     "95 % (first seed)": f"[{first.ws353_low:.3f}, {first.ws353_high:.3f}]", "pairs": f"{first.ws353_pairs}/{first.ws353_total}",
                     "3CosAdd": f"{part['add'].mean():.3f} ({part['add'].min():.3f}–{part['add'].max():.3f})", "3CosMul": f"{part['mul'].mean():.3f}",
                     "items": f"{first.analogies}/{first.analogies_total}", "seconds": f"{part.seconds.mean():.0f}"})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
