"""From a recipe's name to a model folder, and the models that the course ships."""

import csv
import datetime
import json
import platform
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..runtime import cache_folder, data_folder
from .config import RECIPES, Recipe

LICENCES = {"stars": "NSMC: CC0 1.0", "movies": "NSMC: CC0 1.0", "shopping": "Naver shopping (bab2min/corpus): public domain as its README says",
            "graded": "graded reviews of this course: CC BY 4.0"}

PREPARED = {"stars": "raw NSMC reviews with 1, 2, 4 or 5 stars, at most 50,000 a star, exact duplicates dropped, no movie in two parts",
            "movies": "NSMC positive / negative, its test part kept apart (where the published files were not at hand: rebuilt from the raw reviews "
                      "by the published recipe, another draw); duplicates not dropped",
            "shopping": "Naver shopping reviews, exact duplicates dropped, random parts",
            "graded": "generated graded reviews of 3 to 6 words, random parts"}


def shipped(name: str):
    """The trained model of that name from ``data/models``: ``"movies-2d"`` or ``"stars-64d"``."""
    from .pretrained import TransformerVAE

    return TransformerVAE.from_pretrained(data_folder() / "models" / name)


def work_folder(name: str) -> Path:
    """Where a recipe's tokens and checkpoints lie."""
    folder = cache_folder() / "vae" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def train_recipe(name: str | Recipe, folder: Path | None = None, *, prepared: Path | None = None, progress: bool = True,
                 max_seconds: float | None = None, device: str | None = None, **changes):
    """Prepare, train and measure a recipe; the same call goes on after an interruption.

    Parameters
    ----------
    name : str or Recipe
        A key of `config.RECIPES`, or a recipe of one's own.
    folder : Path, optional
        For checkpoint, log and model; a folder of the cache if None.
    prepared : Path, optional
        Folder with ``tokens.npz`` and ``tokenizer.json`` prepared before; prepared from the corpus if None.
    **changes
        Fields of the recipe to change, e.g. ``steps=500``.

    Returns
    -------
    TransformerVAE or None
        None if ``max_seconds`` ended it before its last step.
    """
    from tokenizers import Tokenizer

    from . import data, training
    from .pretrained import TransformerVAE

    recipe = replace(RECIPES[name], **changes) if isinstance(name, str) else replace(name, **changes)
    folder = Path(folder) if folder else work_folder(name if isinstance(name, str) else f"{recipe.data}-{recipe.model.latent}d")
    array, tokenizer = data.prepare(recipe, Path(prepared or folder))
    model = training.train(recipe, array, folder, progress=progress, max_seconds=max_seconds, device=device)
    state = training.load_checkpoint(folder / "checkpoint.pt")["state"]
    if state["step"] < recipe.steps and not state["stopped"]:
        return None
    vae = TransformerVAE(model, Tokenizer.from_file(str(tokenizer)))
    vae.card = card(recipe, vae, array, state, folder / "log.csv")
    return vae


def card(recipe: Recipe, vae, array, state: dict, log: Path) -> dict:
    """What the model is, how it was made, how good it is on test reviews, and its curve on validation reviews."""
    from . import metrics, training

    device = str(vae.device)
    test = array.of(2)
    pick = test[np.linspace(0, len(test) - 1, min(2000, len(test))).astype(int)]
    texts = [vae.tokenizer.decode(array.tokens[array.starts[i]: array.starts[i] + array.lengths[i]].tolist()) for i in pick]
    measured = training.evaluate(vae.model, recipe, training.Corpus(array, device), test)
    found = {"test": {key: round(float(value), 4) for key, value in measured.items()},
             "reconstruction": metrics.reconstruction(vae, texts) if recipe.model.latent else {}}
    git = shutil.which("git")
    commit = subprocess.run([git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip() if git else ""
    return {"recipe": recipe.to_dict(), "metrics": found, "trained": {
        "steps": state["step"], "tokens": state["tokens"], "seconds": round(state["seconds"]), "device": device, "machine": platform.machine(),
        "commit": commit or "unknown", "date": datetime.date.today().isoformat(), "reviews": int((array.parts == 0).sum())},
        "curve": curve(log), "licence": f"weights CC BY 4.0; trained on {LICENCES[recipe.data]}"}


def curve(log: Path) -> list[dict]:
    """Rows of a training's ``log.csv``: what was measured on validation reviews after so many tokens."""
    with open(log, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("step", "tokens", "target", "distortion", "rate", "accuracy")
    return [{name: float(row[name]) for name in names if row[name]} for row in rows]


def model_card(name: str, config: dict, command: str = "") -> str:
    """The README of a model folder, in Markdown, from its ``config.json``: data, recipe, metrics, seed, licence, hash, and the
    command that trains such a model again (that of one machine if none is given)."""
    recipe, trained, metrics = config["recipe"], config["trained"], config["metrics"]
    rows = [(key, value) for part in ("test", "reconstruction") for key, value in metrics.get(part, {}).items()]
    table = "\n".join(f"| {key.replace('_', ' ')} | {value:g} |" for key, value in rows)
    names = ("target", "distortion", "rate", "accuracy")
    measured = [(row["tokens"] / 1e6, *(row.get(name, 0) for name in names)) for row in config.get("curve", [])]
    progress = "\n".join(f"| {tokens:.2f} | {target:g} | {distortion:.1f} | {rate:.1f} | {accuracy:.3f} |"
                         for tokens, target, distortion, rate, accuracy in measured)
    model = config["model"]
    minutes, speed = trained["seconds"] / 60, trained["tokens"] / max(trained["seconds"], 1)
    command = command or f"python -m lab_utils.vae train {name} --steps {recipe['steps']} --out data/models/{name}"
    return f"""# {name}

A Transformer-VAE of {model['latent']} latent dimensions for short Korean reviews, trained by this project.

- **Data.** {trained['reviews']:,} reviews: {PREPARED[recipe['data']]}. Reviews with 3 stars were never seen.
- **Recipe.** `{json.dumps(recipe, ensure_ascii=False)}`
- **Trained.** {trained['steps']:,} steps, {trained['tokens']:,} tokens, {minutes:.0f} minutes on {trained['device']} ({speed:,.0f} tokens/s),
  commit {trained['commit']}, {trained['date']}. Seed {recipe['seed']}: one run, so no spread. {trained.get("note", "")}
- **Again.** `{command}` trains a model of this
  shape with the course's present recipe (`lab_utils/vae/config.py`), which may have changed since; the weights here come from the recipe above.
- **Licence.** {config['licence']}.
- **sha256** of `model.safetensors`: `{config['sha256']}`

Measured on test reviews (all of them; reconstruction on 2,000), by `lab_utils.vae.pipeline.card`:

| | |
|---|---:|
{table}

Distortion, rate and bound are in nats per review, mutual information is an estimate that cannot exceed log(2000) = 7.6 nats.
Token accuracy: the true tokens before are given; BLEU and exact: greedy reconstruction from the mean code.

The training, measured on validation reviews (C: the target of the rate at that time):

| million tokens | C | distortion | rate | accuracy |
|---:|---:|---:|---:|---:|
{progress}
"""
