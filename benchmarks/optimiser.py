"""How much sooner a Transformer-VAE learns with Muon than with AdamW alone: same model, same batches, same seeds.

    python benchmarks/optimiser.py [--steps 800] [--every 200] [--seeds 0 1 2] [--tokens-folder build/gpu/tokens/stars-4000]

Without a folder of tokens the embedded reviews are used (`reviews-class`, half a minute a run on one core). Each run trains with a
linear warm-up of 100 steps and no decay, and measures the validation part at every look. Writes data/results/optimiser_benchmark.csv.
"""

import argparse
import platform
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from benchmark_files import commit, write  # noqa: E402  beside this file


def run(array, recipe, kind, rate, steps, every, seed):
    """Yield (step, seconds of training, measurements) at every look."""
    import torch

    from lab_utils.vae import training
    from lab_utils.vae.data import Batches
    from lab_utils.vae.model import VAE

    torch.manual_seed(seed)
    model = VAE(recipe.model).train()
    recipe = replace(recipe, learning_rate=rate, seed=seed)
    if kind == "AdamW":
        optimisers = [torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=recipe.weight_decay, fused=True)]
    else:
        optimisers = training.make_optimisers(model, recipe, "cpu")
    corpus, batches, validation = training.Corpus(array, "cpu"), Batches(array.lengths, array.of(0), recipe.tokens, seed), array.of(1)[:2000]
    dtype, scaler, seconds = training.half_precision("cpu"), torch.amp.GradScaler("cpu", enabled=False), 0.0
    for step in range(steps):
        began = time.perf_counter()
        for optimiser in optimisers:
            optimiser.zero_grad(set_to_none=True)
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 100)
        torch.manual_seed(step)
        training._gradients(model, recipe, corpus, batches[step], step, 1, dtype, scaler)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        seconds += time.perf_counter() - began
        if (step + 1) % every == 0:
            yield step + 1, seconds, training.evaluate(model, recipe, corpus, validation)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=800)
    parser.add_argument("--every", type=int, default=200)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--learning-rates", type=float, nargs="+", default=[1e-3, 3e-3])
    parser.add_argument("--tokens-folder", type=Path)
    parser.add_argument("--result", type=Path, default=ROOT / "data" / "results" / "optimiser_benchmark.csv")
    options = parser.parse_args()

    import tempfile

    from lab_utils.vae.config import RECIPES
    from lab_utils.vae.data import TokenArray, prepare
    from lab_utils.vae.training import _tune_cpu

    _tune_cpu()
    if options.tokens_folder:
        recipe, array = RECIPES["stars-64d"], TokenArray.load(options.tokens_folder / "tokens.npz")
    else:
        recipe = RECIPES["reviews-class"]
        with tempfile.TemporaryDirectory() as folder:
            array, _ = prepare(recipe, Path(folder))
    rows = []
    for seed in options.seeds:
        for kind in ("AdamW", "Muon"):
            for rate in options.learning_rates:
                for step, seconds, found in run(array, recipe, kind, rate, options.steps, options.every, seed):
                    measured = {name: round(found[name], 4) for name in ("distortion", "rate", "accuracy")}
                    rows.append({"data": recipe.data, "optimiser": kind, "learning_rate": rate, "seed": seed, "step": step,
                                 "seconds": round(seconds, 1)} | measured)
                    print(rows[-1], flush=True)
    common = {"command": " ".join(["python benchmarks/optimiser.py", *sys.argv[1:]]), "commit": commit(), "device": f"cpu {platform.machine()}",
              "date": date.today().isoformat()}
    write(options.result, [row | common for row in rows])


if __name__ == "__main__":
    main()
