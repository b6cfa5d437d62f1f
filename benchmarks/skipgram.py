"""Words per second of word2vec with negative sampling: this workbook's numba kernel and torch model beside gensim.

    python benchmarks/skipgram.py [--texts N] [--epochs E] [--repeats R] [--workers W] [--sample N] [--device cpu|cuda]
    python benchmarks/skipgram.py --agreement [--seeds S]

Every method runs in a process of its own, all take turns in one run on the same file of morphemes (the reviews of NSMC where
they are available, the embedded encyclopedia otherwise) with the same settings: dimension 100, window 5, 5 negatives, minimum
count 5, subsampling 1e-3, learning rate 0.025. Words are those of the vocabulary, before subsampling, times epochs; seconds are
those of training alone (compiling and the vocabulary apart). Ratios are taken within a turn. The torch model, too slow for all
of it on a CPU, gets the first SAMPLE texts, and the numba kernel and gensim beside it. Writes data/results/skipgram_benchmark.csv.

--agreement trains ours and gensim with several seeds, at 5 and 15 epochs, and writes data/results/lesson03_ws353.csv: Spearman's ρ
with WS353-ko, the mean of the seeds, with intervals over pairs.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from benchmark_files import commit, head  # noqa: E402  beside this file

RESULTS = ROOT / "data" / "results"
SETTINGS = {"dimensions": 100, "window": 5, "negatives": 5, "min_count": 5, "subsample": 1e-3, "learning_rate": 0.025}
RATES = {"torch": 0.1}  # of AdaGrad

# --- methods: (file, options) → matrix, vocabulary, words trained, seconds ------------------------------------------------


def ours(path, options, **changes):
    from lab_utils.skipgram import SkipGram

    model = SkipGram(**SETTINGS | {"epochs": options.epochs, "workers": options.workers, "seed": options.seed, "device": options.device} | changes)
    small = [["하나", "둘", "셋"] * 3] * 9
    SkipGram(**{name: getattr(model, name) for name in ("method", "backend", "device")}, epochs=1).fit(small)  # compiles, starts the device
    model.fit(path)
    return model.vectors_, model.vocabulary_, int(model.vocabulary_.counts.sum()) * options.epochs, model.seconds_


def torch_model(path, options):
    return ours(path, options, backend="torch", learning_rate=RATES["torch"])


def gensim_model(path, options, sg=1, iterable=False, **changes):
    from gensim.models import Word2Vec
    from gensim.models.word2vec import LineSentence

    from lab_utils.vectors import from_keyed_vectors

    corpus = {"corpus_iterable": LineSentence(str(path))} if iterable else {"corpus_file": str(path)}
    model = Word2Vec(vector_size=SETTINGS["dimensions"], window=SETTINGS["window"], negative=SETTINGS["negatives"], sg=sg,
                     min_count=SETTINGS["min_count"], workers=options.workers, alpha=SETTINGS["learning_rate"], seed=options.seed + 1,
                     min_alpha=SETTINGS["learning_rate"] * 1e-4, **{"sample": SETTINGS["subsample"]} | changes)
    model.build_vocab(**corpus)
    start = time.perf_counter()
    model.train(**corpus, total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=options.epochs)
    seconds = time.perf_counter() - start
    matrix, vocabulary = from_keyed_vectors(model.wv)
    return matrix, vocabulary, int(vocabulary.counts.sum()) * options.epochs, seconds


WHOLE = {"ours, numba": ours, "gensim, corpus_file": gensim_model,
         "gensim, iterable": lambda path, options: gensim_model(path, options, iterable=True),
         "ours, numba, CBOW": lambda path, options: ours(path, options, method="cbow"),
         "gensim, corpus_file, CBOW": lambda path, options: gensim_model(path, options, sg=0)}
SAMPLE = {"ours, numba": ours, "gensim, corpus_file": gensim_model, "ours, torch": torch_model}
BASE = {"ours, numba, CBOW": "gensim, corpus_file, CBOW", "gensim, corpus_file, CBOW": "gensim, corpus_file, CBOW"}


# --- one measurement in one process ---------------------------------------------------------------------------------------


def measure(name, path, options):
    """Run one method and print JSON: words, seconds of training, seconds of all, cosines of the pairs that people judged."""
    start = time.perf_counter()
    matrix, vocabulary, words, seconds = (WHOLE | SAMPLE)[name](path, options)
    print(json.dumps({"words": words, "seconds": seconds, "all": time.perf_counter() - start, **judged(matrix, vocabulary)}))


def judged(matrix, vocabulary):
    from lab_utils import datasets, evaluation

    if not datasets.available("ws353-ko"):
        return {}
    pairs = datasets.load("ws353-ko")
    cosines, scores = evaluation.pair_cosines(matrix, vocabulary, pairs)
    if len(scores) < 3:  # a corpus too small to say anything
        return {}
    return {"cosines": cosines.tolist(), "scores": scores.tolist(), "total": len(pairs)}


def child(name, path, options):
    given = [part for key in ("epochs", "workers", "seed", "device") if getattr(options, key) is not None
             for part in (f"--{key}", str(getattr(options, key)))]
    command = [sys.executable, __file__, "--measure", name, str(path), *given]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1"})
    if done.returncode:
        sys.exit(f"{name}:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def rho_of(cosines, scores):
    """Mean over the seeds of Spearman's ρ; cosines (pairs, seeds)."""
    from lab_utils.evaluation import spearman

    return float(np.mean([spearman(column, scores) for column in cosines.T]))


def agreement_with_people(runs, base=None):
    """ρ with its interval over pairs, and by how much it is above that of ``base``, with the paired interval."""
    from lab_utils.evaluation import bootstrap_interval

    if "cosines" not in runs[0]:
        return {}
    cosines, scores = np.array([run["cosines"] for run in runs]).T, np.array(runs[0]["scores"])
    low, high = bootstrap_interval(rho_of, cosines, scores)
    row = {"rho": rho_of(cosines, scores), "low": low, "high": high, "pairs": len(scores), "pairs_total": runs[0]["total"]}
    if base is not None:
        other = np.array([run["cosines"] for run in base]).T
        gain = bootstrap_interval(lambda a, b, c: rho_of(a, c) - rho_of(b, c), cosines, other, scores)
        row |= {"gain": row["rho"] - rho_of(other, scores), "gain_low": gain[0], "gain_high": gain[1]}
    return row


# --- speed ----------------------------------------------------------------------------------------------------------------


def compare(methods, path, options):
    """Let the methods take turns; a row for each."""
    runs = {name: [] for name in methods}
    for turn in range(options.repeats):
        for name in methods:
            runs[name].append(child(name, path, options))
            speed = runs[name][-1]["words"] / runs[name][-1]["seconds"]
            print(f"[{turn + 1}/{options.repeats}] {name}: {speed / 1e3:,.0f} k words/s", file=sys.stderr)
    rows = []
    for name, results in runs.items():
        base = BASE.get(name, "gensim, corpus_file")
        speeds = [run["words"] / run["seconds"] for run in results]
        ratios = [speed * other["seconds"] / other["words"] for speed, other in zip(speeds, runs[base], strict=True)]
        people = agreement_with_people(results[:1], runs[base][:1] if base != name else None)
        rows.append({"method": name, "words": results[0]["words"], "words_per_s_max": max(speeds), "words_per_s_median": median(speeds),
                     "words_per_s_min": min(speeds), "compared_with": base, "ratio_to_gensim": median(ratios), "ratio_low": min(ratios),
                     "ratio_high": max(ratios), "with_imports_and_compiling_s": median(run["all"] for run in results),
                     **{key: people.get(key, np.nan) for key in ("rho", "low", "high", "gain", "gain_low", "gain_high", "pairs", "pairs_total")}})
    return rows


def corpus(texts):
    """A name and a file of morphemes."""
    from lab_utils import datasets, tokenization

    name, column = ("nsmc-stars", "text") if datasets.available("nsmc-stars") else ("encyclopedia", "sentence")
    path = tokenization.morphemes(datasets.load(name)[column], cache=name).path
    return name, head(path, texts) if texts else path


def about(options, name):
    """What a reader needs to run it again."""
    import gensim
    import numba
    import torch

    device = f"{os.cpu_count()} cores, {platform.machine()}"
    if options.device == "cuda":
        device += f", {torch.cuda.get_device_name()} (torch row)"
    return {"corpus": name, "command": " ".join(["python benchmarks/skipgram.py", *options.shown]),
            "commit": options.commit or commit() or "unknown", "device": device, "date": date.today().isoformat(),
            "workers": options.workers, "python": platform.python_version(),
            "numba": numba.__version__, "gensim": gensim.__version__, "torch": torch.__version__}


def markdown(rows):
    """The table to read: median of the words per second, ratio within a turn with its range."""
    out = ["| method | words | k words/s | × gensim (range) | WS353-ko ρ [95 %] | ρ − gensim's [95 %] |", "|" + "---|" * 6]
    for row in rows:
        rho, gain = ("–" if np.isnan(row[a]) else f"{row[a]:{sign}.3f} [{row[b]:{sign}.3f}, {row[c]:{sign}.3f}]"
                     for a, b, c, sign in (("rho", "low", "high", ""), ("gain", "gain_low", "gain_high", "+")))
        out.append(f"| {row['method']} | {row['words'] / 1e6:.1f} M | {row['words_per_s_median'] / 1e3:,.0f} "
                   f"| {row['ratio_to_gensim']:.2f} ({row['ratio_low']:.2f}–{row['ratio_high']:.2f}) | {rho} | {gain} |")
    return "\n".join(out)


def speed(options):
    import pandas as pd

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    name, path = corpus(options.texts)
    sample = path if options.device == "cuda" else head(path, options.sample)
    rows = compare(WHOLE, path, options) + compare(SAMPLE, sample, options)
    for row, file in zip(rows, [path] * len(WHOLE) + [sample] * len(SAMPLE), strict=True):
        with open(file, "rb") as lines:
            row["texts"] = sum(1 for _ in lines)
    frame = pd.DataFrame(rows).assign(epochs=options.epochs, repeats=options.repeats, seed=options.seed, load_before=round(load, 2),
                                      **about(options, name))
    frame.to_csv(options.result or RESULTS / "skipgram_benchmark.csv", index=False, float_format="%.4f", lineterminator="\n")
    print(markdown(rows))
    if load > 0.5 * (os.cpu_count() or 1):
        print("⚠ The machine was busy: trust the ratios, not the words per second, and repeat on an idle one.")


# --- agreement of ours and gensim's -----------------------------------------------------------------------------------------

LONGER = {"epochs": 15, "subsample": 1e-4}
PLAN = {  # name → (ours?, changes, compared with)
    "우리, 5번": (True, {}, None),
    "gensim, 5번": (False, {}, "우리, 5번"),
    "우리, 15번": (True, {"epochs": 15}, "우리, 5번"),
    "우리, 5번, t = 1e-4": (True, {"subsample": 1e-4}, "우리, 5번"),
    "우리, 15번, t = 1e-4": (True, LONGER, "우리, 5번"),
    "gensim, 15번, t = 1e-4": (False, LONGER, "우리, 15번, t = 1e-4"),
    "우리, CBOW, 5번": (True, {"method": "cbow"}, "우리, 5번"),
    "gensim, CBOW, 5번": (False, {"sg": 0}, "우리, CBOW, 5번"),
}


def agreement(options):
    """Train every setting with every seed; a row for each setting."""
    import pandas as pd

    from lab_utils import datasets

    if not (datasets.available("ws353-ko") and datasets.available("nsmc-stars")):
        sys.exit("--agreement needs the reviews (nsmc-stars) and the judgements (ws353-ko): set LAB_DATA_DIR.")
    name, path = corpus(options.texts)
    runs, rows = {}, []
    for setting, (is_ours, changes, base) in PLAN.items():
        runs[setting] = []
        for seed in range(options.seeds):
            changed = argparse.Namespace(**vars(options) | {"seed": seed, "epochs": changes.get("epochs", 5)})
            rest = {key: value for key, value in changes.items() if key != "epochs"}
            if not is_ours and "subsample" in rest:
                rest["sample"] = rest.pop("subsample")
            matrix, vocabulary, _, seconds = (ours if is_ours else gensim_model)(path, changed, **rest)
            runs[setting].append(judged(matrix, vocabulary))
            print(f"{setting}, seed {seed}: {seconds:.0f} s", file=sys.stderr, flush=True)
        people = agreement_with_people(runs[setting], runs[base] if base else None)
        scores = np.array(runs[setting][0]["scores"])
        each = [rho_of(np.array([run["cosines"]]).T, scores) for run in runs[setting]]
        rows.append({"설정": setting, "시드 수": options.seeds, "rho": people["rho"], "아래": people["low"], "위": people["high"],
                     "시드 사이": float(np.std(each)), "기준": base, "차이": people.get("gain"), "차이 아래": people.get("gain_low"),
                     "차이 위": people.get("gain_high"), "쌍": people["pairs"], "전체": people["pairs_total"]})
        seeds = ", ".join(map(str, range(options.seeds)))
        pd.DataFrame(rows).assign(**about(options, name), seed=seeds).to_csv(options.result or RESULTS / "lesson03_ws353.csv", index=False,
                                                                             float_format="%.4f", lineterminator="\n")
    print(pd.DataFrame(rows).to_string(index=False))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, help="only the first so many texts")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--sample", type=int, default=10_000, help="texts for the torch model on a CPU")
    parser.add_argument("--device", help="of the torch model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--agreement", action="store_true", help="compare quality over seeds and epochs in place of speed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--result", type=Path)
    parser.add_argument("--commit", default="", help="to state where there is no git")
    parser.add_argument("--measure", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.shown = [f"…/{Path(part).name}" if Path(part).is_absolute() else part for part in arguments]
    if options.measure:
        measure(options.measure[0], Path(options.measure[1]), options)
    elif options.agreement:
        agreement(options)
    else:
        speed(options)


if __name__ == "__main__":
    main(sys.argv[1:])
