"""Everything of the project that deserves a GPU, as one queue in order of worth that goes on where it stopped (`make gpu`).

    python benchmarks/gpu.py prepare              tokens of the corpora, once, on any machine        (build/gpu/tokens/)
    python benchmarks/gpu.py run [--minutes M] [--only NAME] [--out DIR] [--install]
    python benchmarks/gpu.py list                 done and outstanding, with what was measured
    python benchmarks/gpu.py collect DIR          take in what a run on another machine left with --out DIR
    python benchmarks/gpu.py install              finished models that the course ships, to data/models

Without a command: prepare what lacks, then run. With --small --device cpu: the rate sweep alone, with models that two cores
train, to data/results/cpu/. Pieces last at most nine minutes, so a machine that is lent for ten moves the
queue; a long training takes several. `run` needs torch, numpy, safetensors, tokenizers and transformers (tqdm comes with them), the code and
build/gpu/tokens/ (a few MB a corpus): no corpus, no pandas, no network. State: data/results/gpu_manifest.json; tables:
data/results/gpu/; weights: build/gpu/<step>/model, and with --install data/models/. A new step is a line in STEPS.
"""

import argparse
import csv
import dataclasses
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lab_utils import masked_language_model  # noqa: E402  the checkout, whatever is installed
from lab_utils.vae.config import RECIPES, Recipe  # noqa: E402

PIECE = 480        # seconds of training in one piece; with start, measuring and copying it stays below nine minutes
RESERVE = 45       # seconds kept free at the end of --minutes for measuring and copying
SAVE_EVERY = 4000  # steps between checkpoints (128 MB each for the GPU-sized model)
BERT = "bert-8000"
CARRIED = 64e6     # bytes: larger checkpoints are not copied to --out
UNFINISHED = 75    # exit status of a command that goes on at the next call (EX_TEMPFAIL)
SHIPPED = {"stars-64d": 16e6, "movies-2d": 16e6, "korean-bert": 16e6}  # models that the course ships, and how large each may be

# ── what to do ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Step:
    """One entry of the queue: a recipe to train, or a command.

    Attributes
    ----------
    name, about : str
    recipe : Recipe, optional
    command : tuple of str
        Arguments for this Python, where there is no recipe; {device}, {tokens}, {folder}, {tables}, {commit}, {seconds} are filled in.
        A command that was not finished exits with 75, and goes on at the next call; ``found.json`` in its folder says how far it is.
    data, result : str
        Tokens that a command reads, as "corpus-vocabulary", and the table that it writes.
    keep : bool
        Copy the weights to --out.
    least : int
        Seconds without which it is not begun.
    """

    name: str
    about: str
    recipe: Recipe | None = None
    command: tuple[str, ...] = ()
    data: str = ""
    result: str = ""
    keep: bool = False
    least: int = 60

    @property
    def tokens(self) -> str:
        return f"{self.recipe.data}-{self.recipe.model.vocabulary}" if self.recipe else self.data

    @property
    def fingerprint(self) -> str:
        """Changes with whatever would change the result: a changed recipe is outstanding again."""
        content = self.recipe.to_dict() if self.recipe else list(self.command)
        if self.data == BERT:
            content = [content, asdict(masked_language_model.RECIPES[self.name])]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


def gpu_sized(name: str, **changes) -> Recipe:
    """A recipe of the course with 4 + 4 layers (7.7 M parameters, 15.4 MB in half precision) and batches of 8,192 tokens."""
    recipe = RECIPES[name]
    model = replace(recipe.model, encoder_layers=4, decoder_layers=4, dropout=0.1)
    return replace(recipe, model=model, **{"tokens": 8192, "learning_rate": 1.5e-3, "evaluate_every": 1000, **changes})


_STARS = gpu_sized("stars-64d", steps=16_000)  # about 47 epochs
_SWEEP = (4, 8, 16, 20, 40, 60, 90)

STEPS = [
    Step("stars-64d", "별점 리뷰의 64차원 VAE", _STARS, keep=True),
    Step("movies-2d", "긍정·부정 리뷰의 2차원 지도", gpu_sized("movies-2d", steps=8000), keep=True),
    Step("autoencoder-64d", "비교용: 잡음도 KL도 없는 오토인코더", gpu_sized("autoencoder-64d", steps=8000), keep=True),
    # Without z nothing holds it back from learning the reviews by heart: fewer epochs (about 12), more dropout.
    Step("korean-bert", "한국어 작은 BERT: 가려진 토큰 맞히기(강의 07, 문장 임베딩의 출발점)",
         command=("-m", "lab_utils.masked_language_model", "train", "{tokens}", "{folder}", "--device", "{device}", "--seconds", "{seconds}"),
         data="bert-8000", keep=True, least=120),
    Step("language-model", "비교선: 같은 디코더의 언어 모델(z 없음)",
         replace(_STARS, model=replace(_STARS.model, latent=0, dropout=0.2), rate=None, steps=4000, evaluate_every=500, word_dropout=0.0,
                 token_drop=0.0, bag_of_words=0.0, score_weight=0.0)),
    *(Step(f"rate-{rate}", f"rate–distortion 곡선: 목표 KL {rate} nats", replace(_STARS, rate=float(rate), steps=5000)) for rate in _SWEEP),
    Step("shopping-64d", "쇼핑 리뷰의 64차원 VAE", gpu_sized("shopping-64d", steps=12_000), keep=True),
    Step("reviews-class", "수업에서 학습하는 작은 VAE", RECIPES["reviews-class"]),
    Step("benchmark", "학습과 디코딩의 속도를 다른 방법들과 나란히",
         command=("benchmarks/vae.py", "--device", "{device}", "--tokens-folder", "{tokens}", "--layers", "4", "--commit", "{commit}",
                  "--result", "{tables}/vae_benchmark.csv"), data="stars-4000", result="vae_benchmark.csv", least=240),
]

# The same sweep at a size that two CPU cores manage (--small): 1.7 M parameters, half an epoch. Every point has the same budget,
# so the curve and the line compare with each other, not with those of the GPU.
_MINI = replace(RECIPES["stars-64d"], model=replace(RECIPES["stars-64d"].model, width=128, encoder_layers=2, decoder_layers=2), steps=1200,
                learning_rate=2e-3, evaluate_every=400)
SMALL = [
    Step("language-model", "비교선: 같은 디코더의 언어 모델(z 없음)",
         replace(_MINI, model=replace(_MINI.model, latent=0), rate=None, word_dropout=0.0, token_drop=0.0, bag_of_words=0.0, score_weight=0.0)),
    *(Step(f"rate-{rate}", f"rate–distortion 곡선: 목표 KL {rate} nats", replace(_MINI, rate=float(rate))) for rate in (60, 16, 4, 100)),
    Step("autoencoder-64d", "비교용: 잡음도 KL도 없는 오토인코더", replace(_MINI, rate=None)),
    # The line of the model that the course ships: its decoder without z, until more tokens no longer pay (about two epochs).
    Step("language-model-256", "함께 배포하는 stars-64d의 비교선", replace(RECIPES["stars-64d"], model=replace(RECIPES["stars-64d"].model, latent=0),
         rate=None, steps=5000, evaluate_every=500, word_dropout=0.0, token_drop=0.0, bag_of_words=0.0, score_weight=0.0)),
]

# ── where things lie, and what has been done ────────────────────────────────────────────────────────────────────────────


@dataclass
class Queue:
    """The steps with the folders that they read and write."""

    steps: list[Step] = dataclasses.field(default_factory=lambda: STEPS)
    build: Path = ROOT / "build" / "gpu"
    results: Path = ROOT / "data" / "results"
    models: Path = ROOT / "data" / "models"
    name: str = "gpu"
    corpora: Path | None = None  # tokens that another queue has prepared; its own, under ``build``, if None

    @property
    def manifest(self) -> Path:
        return self.results / f"{self.name}_manifest.json"

    @property
    def tables(self) -> Path:
        return self.results / self.name

    def tokens(self, step: Step) -> Path:
        return (self.corpora or self.build / "tokens") / step.tokens

    def entries(self) -> dict[str, dict]:
        """What is known of every step of the queue; of one whose recipe has changed since, only that it is outstanding."""
        known = json.loads(self.manifest.read_text("utf-8"))["steps"] if self.manifest.exists() else {}
        outstanding = {step.name: {"status": "outstanding", "fingerprint": step.fingerprint} for step in self.steps}
        return {name: known[name] if known.get(name, {}).get("fingerprint") == entry["fingerprint"] else entry
                for name, entry in outstanding.items()}

    def record(self, name: str = "", entry: dict | None = None) -> None:
        """Write the manifest in one step, with what is new of a step."""
        entries = self.entries() | ({name: entry} if entry else {})
        content = {"outstanding": [n for n, e in entries.items() if e["status"] != "done"],
                   "done": [n for n, e in entries.items() if e["status"] == "done"], "steps": entries}
        self.results.mkdir(parents=True, exist_ok=True)
        part = self.manifest.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(part, self.manifest)

    def prepared(self, step: Step) -> bool:
        """Whether the tokens that a step reads are there, for this vocabulary and length."""
        folder = self.tokens(step)
        if not all((folder / name).is_file() for name in ("tokens.npz", "tokenizer.json", "prepared.json")):
            return False
        if not step.recipe:
            return True
        model = step.recipe.model
        wanted = {"data": step.recipe.data, "vocabulary": model.vocabulary, "max_tokens": model.max_tokens}
        return json.loads((folder / "prepared.json").read_text("utf-8"))["recipe"] == wanted


def small_queue() -> Queue:
    """The sweep for two CPU cores: folders of its own, for its steps bear the same names, but the same tokens."""
    return Queue(SMALL, ROOT / "build" / "cpu", name="cpu", corpora=Queue().build / "tokens")


def prepare(queue: Queue) -> list[str]:
    """Tokens for every corpus that can be had; the names of those that cannot, each with a line that says why."""
    from lab_utils.vae import data

    missing = []
    for step in queue.steps:
        if not step.tokens or step.tokens in missing or queue.prepared(step) or not (step.recipe or step.data == BERT):
            continue
        from lab_utils.datasets import DataError
        from lab_utils.download import DownloadError

        try:
            if step.recipe:
                array, _ = data.prepare(step.recipe, queue.tokens(step))
            else:
                array = masked_language_model.prepare(masked_language_model.reviews_and_sentences(), masked_language_model.RECIPES[step.name],
                                                      queue.tokens(step))
            print(f"{step.tokens}: 글 {len(array.lengths):,}건, 토큰 {len(array.tokens):,}개 → {queue.tokens(step)}", flush=True)
        except (DataError, DownloadError, ImportError, OSError) as error:
            missing.append(step.tokens)
            print(f"⚠ {step.tokens}: 말뭉치를 준비하지 못해 이 말뭉치를 쓰는 단계를 건너뜁니다.\n  원인: {error}", flush=True)
    return missing


# ── one piece of work ───────────────────────────────────────────────────────────────────────────────────────────────────


def about(device: str, commit: str) -> dict:
    """What every number must carry with it."""
    if not commit and shutil.which("git"):
        commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    name = platform.processor() or platform.machine()
    if device == "cuda":
        import torch

        name = torch.cuda.get_device_name()
    return {"command": " ".join(["python benchmarks/gpu.py", *sys.argv[1:]]), "commit": commit or "unknown", "device": f"{device}: {name}",
            "date": date.today().isoformat()}


def compiles(device: str) -> bool:
    """Whether `torch.compile` works here: it needs a C compiler and Python's headers, which bare machines lack."""
    if device != "cuda":
        return False
    import torch

    try:
        torch.compile(lambda x: (x * 2).relu())(torch.ones(8, device=device))
        return True
    except Exception as error:  # whatever it stumbles on, training also runs without
        print(f"torch.compile이 이 기계에서 되지 않아 쓰지 않습니다({type(error).__name__}).", flush=True)
        return False


def train(queue: Queue, step: Step, seconds: float, device: str, compile: bool, origin: dict) -> dict:
    """Train for so long; at the end of the last piece measure on test reviews and save weights in half precision."""
    import torch
    from tokenizers import Tokenizer

    from lab_utils.vae import data, pipeline, training
    from lab_utils.vae.pretrained import TransformerVAE

    if compile:
        torch._dynamo.reset()  # what was compiled for the model before would count against this one
    folder = queue.build / step.name
    array = data.TokenArray.load(queue.tokens(step) / "tokens.npz")
    model = training.train(step.recipe, array, folder, device=device, save_every=SAVE_EVERY, max_seconds=seconds, compile=compile)
    state = training.load_checkpoint(folder / "checkpoint.pt")["state"]
    found = {"steps": state["step"], "of": step.recipe.steps, "seconds": round(state["seconds"], 1), "tokens": state["tokens"],
             "tokens_per_second": round(state["tokens"] / max(state["seconds"], 1e-9)), "seed": step.recipe.seed}
    done = state["step"] >= step.recipe.steps or state["stopped"]
    vae = TransformerVAE(model, Tokenizer.from_file(str(queue.tokens(step) / "tokenizer.json")))
    vae.save_pretrained(folder / "partial", {"unfinished": found})  # whatever happens to the measuring
    if done:
        card = pipeline.card(step.recipe, vae, array, state, folder / "log.csv")
        card["trained"] |= {"commit": origin["commit"], "device": origin["device"]}
        found["metrics"] = card["metrics"]
        vae.card = {}
        vae.save_pretrained(folder / "model", card)
    return found | {"status": "done" if done else "partial"}


def execute(queue: Queue, step: Step, seconds: float, device: str, commit: str) -> dict:
    """Run a step's command, at most so long."""
    queue.tables.mkdir(parents=True, exist_ok=True)
    folder = queue.build / step.name
    values = {"device": device, "tokens": str(queue.tokens(step)), "folder": str(folder), "tables": str(queue.tables), "commit": commit,
              "seconds": f"{seconds - 30:.0f}"}
    command = [sys.executable, *(part.format(**values) if part.startswith("{") else part for part in step.command)]
    began = time.monotonic()
    try:
        done = subprocess.run(command, cwd=ROOT, timeout=seconds + 30, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False,
                              env=os.environ | {"PYTHONUTF8": "1"})
    except subprocess.TimeoutExpired:
        return {"status": "failed", "error": f"{seconds:.0f}초 안에 끝나지 않았습니다."}
    if done.returncode not in (0, UNFINISHED):
        return {"status": "failed", "error": done.stderr.strip()[-500:]}
    found = folder / "found.json"
    return {"seconds": round(time.monotonic() - began, 1), **(json.loads(found.read_text("utf-8")) if found.exists() else {}),
            "status": "partial" if done.returncode else "done"}


def run(queue: Queue, device: str, *, minutes: float | None = None, only: str | None = None, out: Path | None = None, commit: str = "") -> int:
    """Outstanding steps in order until the time is over; how many are still outstanding. One that fails does not stop the next."""
    deadline = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
    origin = about(device, commit)
    compile = None
    queue.record()
    for step in queue.steps:
        entry = queue.entries()[step.name]
        if only not in (None, step.name) or entry["status"] == "done":
            continue
        if not queue.prepared(step):
            print(f"⏭ {step.name}: 토큰({queue.tokens(step)})이 없어 건너뜁니다. 말뭉치가 있는 곳에서 python benchmarks/gpu.py prepare", flush=True)
            continue
        while entry["status"] != "done":
            seconds = min(PIECE, deadline - time.monotonic() - RESERVE)
            if seconds < min(step.least, PIECE):
                print(f"⏸ {step.name}: 남은 시간이 모자라 시작하지 않습니다.", flush=True)
                break
            print(f"▶ {step.name}: {step.about}", flush=True)
            if compile is None:
                compile = compiles(device)
            try:
                found = (train(queue, step, seconds, device, compile, origin) if step.recipe
                         else execute(queue, step, seconds, device, origin["commit"]))
            except (RuntimeError, OSError, ValueError) as error:
                if compile and step.recipe and isinstance(error, RuntimeError):
                    compile = False
                    print(f"torch.compile을 끄고 다시 해 봅니다: {type(error).__name__}: {str(error).strip()[:200]}", flush=True)
                    continue
                found = {"status": "failed", "error": str(error).strip()[:500]}
            pieces = entry.get("pieces", 0) + 1
            entry = {"fingerprint": step.fingerprint, "pieces": pieces, **found, **origin}
            queue.record(step.name, entry)
            write_tables(queue)
            if out:
                publish(queue, step, out)
            print(line(step, entry), flush=True)
            if entry["status"] == "failed":
                break
    if out:
        publish(queue, None, out)
    return sum(entry["status"] != "done" for entry in queue.entries().values())


# ── results ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

MEASURES = ("distortion", "rate", "bound", "nats_per_token", "accuracy", "active_units", "mutual_information", "score_mae")
COPIES = ("bleu_words", "bleu_tokens", "exact", "token_accuracy")
ORIGIN = ("seed", "device", "commit", "date", "command")


def table(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_tables(queue: Queue) -> None:
    """``models.csv``: every trained model on test reviews; the rate–distortion table and figure; the logs of the trainings."""
    entries = queue.entries()
    rows = []
    for step in queue.steps:
        entry = entries[step.name]
        if step.recipe and "steps" in entry and (log := queue.build / step.name / "log.csv").exists():
            queue.tables.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(log, queue.tables / f"{step.name}_log.csv")
        if not step.recipe or entry["status"] != "done":
            continue
        test, copies = measured(step, entry), entry["metrics"]["reconstruction"]
        rows.append({"model": step.name, "target": "" if step.recipe.rate is None else step.recipe.rate,
                     **{name: entry[name] for name in ("steps", "tokens", "seconds", "tokens_per_second")},
                     **{name: test.get(name, "") for name in MEASURES}, **{name: copies.get(name, "") for name in COPIES},
                     **{name: entry[name] for name in ORIGIN}})
    if rows:
        table(queue.tables / "models.csv", rows)
    if curve := rate_distortion(queue):
        table(queue.tables / "rate_distortion.csv", curve)
        plot(curve, queue.tables / "rate_distortion.png")


def measured(step: Step, entry: dict) -> dict:
    """Figures of a model on test reviews; an autoencoder has no noise, so that its KL means nothing and is left out."""
    test = entry["metrics"]["test"]
    if step.recipe.model.latent and step.recipe.rate is None:
        return {name: value for name, value in test.items() if name not in ("rate", "bound")}
    return test


def rate_distortion(queue: Queue) -> list[dict]:
    """Rows of the models of the sweep's corpus and size, by rate: how far rate + distortion lies above the language model's nats a review.

    −log p(x) ≤ distortion + rate for a VAE, so what it lies above the line is the price of its latent variable (and of the bound's
    slack). The language model is the row with rate 0; an autoencoder has no rate, and so no bound.
    """
    entries = queue.entries()
    done = [step for step in queue.steps if step.recipe and entries[step.name]["status"] == "done"]
    line = next((step for step in done if not step.recipe.model.latent), None)
    first = line or next((step for step in done if step.name.startswith("rate-")), None)
    if first is None:
        return []
    size = (first.tokens, first.recipe.model.width, first.recipe.model.decoder_layers)
    swept = [step for step in done if (step.tokens, step.recipe.model.width, step.recipe.model.decoder_layers) == size]
    height = entries[line.name]["metrics"]["test"]["distortion"] if line else None
    rows = []
    for step in swept:
        test = measured(step, entries[step.name])
        rate = test.get("rate", "") if step.recipe.model.latent else 0.0
        bound = "" if rate == "" else round(test["distortion"] + rate, 4)
        rows.append({"model": step.name, "target": "" if step.recipe.rate is None else step.recipe.rate, "rate": rate,
                     "distortion": test["distortion"], "rate_plus_distortion": bound, "language_model": "" if height is None else height,
                     "above_line": "" if bound == "" or height is None else round(bound - height, 4),
                     **{name: test.get(name, "") for name in ("accuracy", "active_units", "mutual_information")},
                     **{name: entries[step.name][name] for name in ("steps", "tokens", *ORIGIN)}})
    return sorted(rows, key=lambda row: (row["rate"] == "", row["rate"]))


def plot(rows: list[dict], path: Path) -> bool:
    """Distortion over rate with the language-model line; False where matplotlib or the font is not installed."""
    try:
        from matplotlib import pyplot as plt

        from lab_utils.plots import use_korean_font

        use_korean_font()
    except ImportError:
        return False
    points = [row for row in rows if row["rate"] != "" and row["rate"] > 0]
    if not points:
        return False
    figure, axes = plt.subplots(figsize=(6.4, 4.2))
    for label, chosen, marker in (("rate 훑기", [r for r in points if r["model"].startswith("rate-")], "o"),
                                  ("길게 학습", [r for r in points if not r["model"].startswith("rate-")], "s")):
        if chosen:
            axes.plot([r["rate"] for r in chosen], [r["distortion"] for r in chosen], marker + ("-" if marker == "o" else ""), label=label)
    if (height := points[0]["language_model"]) != "":
        end = max(row["rate"] for row in points)
        axes.plot([0, end], [height, height - end], "--", color="0.4", label=f"언어 모델 {height:.1f} nats: rate + distortion이 같은 선")
    axes.set(xlabel="rate: KL(q(z|x) ‖ p(z)), nats", ylabel="distortion: −log p(x|z), 리뷰당 nats")
    axes.legend()
    figure.savefig(path, dpi=110, bbox_inches="tight")
    plt.close(figure)
    return True


def publish(queue: Queue, step: Step | None, out: Path) -> None:
    """To one flat folder: ``results.zip`` (manifest, tables), the step's weights where they are kept, the newest checkpoint if small."""
    out.mkdir(parents=True, exist_ok=True)
    files = [queue.manifest, *sorted(queue.tables.glob("*"))] if queue.tables.exists() else [queue.manifest]
    pack(out / "results.zip", {file.name: file for file in files if file.is_file()})
    if step is None or not (step.recipe or step.keep):
        return
    folder = queue.build / step.name
    if queue.entries()[step.name]["status"] == "done":
        for name in (f"{step.name}.checkpoint.pt", f"{step.name}.partial.zip"):
            (out / name).unlink(missing_ok=True)
        if step.keep:
            pack(out / f"{step.name}.zip", {file.name: file for file in (folder / "model").iterdir()})
    elif (checkpoint := folder / "checkpoint.pt").exists() and checkpoint.stat().st_size < CARRIED:
        copy(checkpoint, out / f"{step.name}.checkpoint.pt")
    elif (folder / "partial").exists():
        pack(out / f"{step.name}.partial.zip", {file.name: file for file in (folder / "partial").iterdir()})


def pack(path: Path, files: dict[str, Path]) -> None:
    part = path.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.write(file, name)
    os.replace(part, path)


def copy(source: Path, target: Path) -> None:
    """In one step: a half-copied file never bears the name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    os.replace(part, target)


def collect(queue: Queue, folder: Path) -> list[str]:
    """Take in what ``run --out`` left: done wins over outstanding, more steps over fewer. The names of the steps that it moved on."""
    moved = []
    with zipfile.ZipFile(folder / "results.zip") as archive:
        theirs = json.loads(archive.read("gpu_manifest.json"))["steps"]
        ours = queue.entries()
        for step in queue.steps:
            entry, mine = theirs.get(step.name, {}), ours[step.name]
            if entry.get("fingerprint") == step.fingerprint and progress(entry) > progress(mine):
                queue.record(step.name, entry)
                moved.append(step.name)
        queue.tables.mkdir(parents=True, exist_ok=True)
        for step in queue.steps:
            name = f"{step.name}_log.csv" if step.recipe else step.result
            if step.name in moved and name in archive.namelist():
                (queue.tables / name).write_bytes(archive.read(name))
    for name in moved:
        if (weights := folder / f"{name}.zip").exists():
            with zipfile.ZipFile(weights) as archive:
                for file in archive.namelist():
                    if Path(file).name != file:
                        raise ValueError(f"{weights}: {file!r} is no plain file name")
                    target = queue.build / name / "model" / file
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(file))
        if (checkpoint := folder / f"{name}.checkpoint.pt").exists():
            copy(checkpoint, queue.build / name / "checkpoint.pt")
    if moved:
        write_tables(queue)
    return moved


def progress(entry: dict) -> tuple[bool, int]:
    return entry.get("status") == "done", entry.get("steps", 0)


def install(queue: Queue) -> list[str]:
    """Copy finished models that the course ships to data/models, after loading each and checking its size."""
    from lab_utils.vae.pipeline import model_card
    from lab_utils.vae.pretrained import TransformerVAE

    installed = []
    for name, limit in SHIPPED.items():
        folder = queue.build / name / "model"
        if queue.entries().get(name, {}).get("status") != "done" or not folder.exists():
            print(f"⏭ {name}: 끝난 모델이 {folder} 에 없어 설치하지 않습니다.")
            continue
        size = sum(file.stat().st_size for file in folder.iterdir())
        if size > limit:
            print(f"✗ {name}: {size / 1e6:.1f} MB로 {limit / 1e6:.0f} MB를 넘어 설치하지 않습니다.")
            continue
        with tempfile.TemporaryDirectory(dir=queue.build) as temporary:
            copied = Path(shutil.copytree(folder, Path(temporary) / name))
            if next(step for step in queue.steps if step.name == name).recipe:
                readme = model_card(name, TransformerVAE.from_pretrained(copied).card, f"python benchmarks/gpu.py run --only {name} --install")
                (copied / "README.md").write_text(readme, encoding="utf-8")
            else:
                masked_language_model.load_pretrained(copied)
            for file in sorted(copied.iterdir()):
                copy(file, queue.models / name / file.name)
        installed.append(name)
        print(f"✓ {name}: {size / 1e6:.1f} MB → {queue.models / name}")
    return installed


# ── reading the queue ───────────────────────────────────────────────────────────────────────────────────────────────────

MARKS = {"done": "✓ 끝남", "partial": "… 하는 중", "failed": "✗ 실패", "outstanding": "· 남음"}


def line(step: Step, entry: dict) -> str:
    """One step in one line, with the numbers that were measured."""
    parts = [step.name.ljust(16), MARKS[entry["status"]]]
    if "steps" in entry:
        parts.append(f"{entry['steps']:,}/{entry['of']:,}걸음 {entry['tokens_per_second']:,}토큰/초")
    if "seconds" in entry:
        parts.append(f"{entry['seconds'] / 60:.1f}분")
    if not step.recipe:
        parts += [f"{name} {value:.3f}" for name, value in entry.get("metrics", {}).items() if isinstance(value, float)]
    elif metrics := entry.get("metrics"):
        test, copies = measured(step, entry), metrics["reconstruction"]
        parts.append(f"D {test['distortion']:.1f}" + (f" + R {test['rate']:.1f} nats" if "rate" in test else " nats"))
        parts.append(f"정확도 {100 * test['accuracy']:.1f} %" + (f", BLEU {copies['bleu_words']:.1f}" if copies else ""))
        if "active_units" in test:
            parts.append(f"활성 {test['active_units']:.0f}/{step.recipe.model.latent}")
    if "error" in entry:
        parts.append(entry["error"].splitlines()[-1] if entry["error"] else "")
    return " · ".join(parts)


def show(queue: Queue) -> None:
    entries = queue.entries()
    for number, step in enumerate(queue.steps, 1):
        print(f"{number:2d}. {line(step, entries[step.name])}" + ("" if queue.prepared(step) else " · 토큰 없음"))
    left = [step.name for step in queue.steps if entries[step.name]["status"] != "done"]
    print(f"끝난 단계 {len(queue.steps) - len(left)}, 남은 단계 {len(left)}" + (f": {', '.join(left)}" if left else ""))


NO_GPU = """이 기계에는 CUDA를 쓸 수 있는 GPU가 없습니다(torch.cuda.is_available()이 False입니다).
이 대기열의 모델과 배치는 GPU에 맞춘 크기라서 CPU에서는 아주 오래 걸립니다.
  해결: GPU가 있는 기계로 저장소와 build/gpu/tokens/ 폴더를 옮겨 python benchmarks/gpu.py run --out 결과폴더 를 실행하고,
        결과폴더를 이리로 가져와 python benchmarks/gpu.py collect 결과폴더 로 받아들이세요.
        그래도 CPU로 하려면 --device cpu 를 붙이세요. --small --device cpu 는 2코어에서 한 시간 안에 끝나는 작은 모델들로 곡선만 그립니다."""


def main(arguments: list[str], queue: Queue | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/gpu.py", description="GPU에서 할 일을 값진 것부터 차례로 합니다. 멈추면 이어서 합니다.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("prepare", help="말뭉치를 토큰 배열로 바꿉니다(GPU 기계에는 이것만 있으면 됩니다)")
    commands.add_parser("list", help="끝난 단계와 남은 단계를 보입니다")
    commands.add_parser("install", help="끝난 모델을 data/models에 설치합니다")
    commands.add_parser("collect", help="다른 기계에서 --out으로 남긴 결과를 받아들입니다").add_argument("folder", type=Path)
    for target in (parser, commands.add_parser("run", help="남은 단계를 합니다")):
        target.add_argument("--minutes", type=float, help="이 시간 안에 끝냅니다(없으면 다 할 때까지)")
        target.add_argument("--only", help="이 단계만 합니다")
        target.add_argument("--out", type=Path, help="결과와 가중치를 이 폴더에도 둡니다")
        target.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
        target.add_argument("--commit", default="", help="git이 없는 기계에서 결과에 적을 커밋")
        target.add_argument("--small", action="store_true", help="CPU 2코어에 맞춘 작은 모델들의 rate 훑기만 합니다(--device cpu와 함께)")
        target.add_argument("--install", action="store_true", help="끝난 모델을 data/models에 설치합니다")
    options = parser.parse_args(arguments)
    queue = queue or (small_queue() if getattr(options, "small", False) else Queue())
    if options.command == "list":
        queue.record()
        show(queue)
        return 0
    if options.command == "install":
        return int(not install(queue))
    if options.command == "prepare":
        queue.record()
        return int(bool(prepare(queue)))
    if options.command == "collect":
        print(f"받아들인 단계: {', '.join(collect(queue, options.folder)) or '없음'}")
        return 0
    if options.only and options.only not in (names := [step.name for step in queue.steps]):
        print(f"{options.only!r}라는 단계는 없습니다. {', '.join(names)} 가운데 하나입니다.", file=sys.stderr)
        return 2
    import torch

    if options.device == "cuda" and not torch.cuda.is_available():
        print(NO_GPU, file=sys.stderr)
        return 1
    if options.command is None:
        prepare(queue)
    run(queue, options.device, minutes=options.minutes, only=options.only, out=options.out, commit=options.commit)
    show(queue)
    if options.install:
        install(queue)
    return int(any(entry["status"] == "failed" for entry in queue.entries().values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
