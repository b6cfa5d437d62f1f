"""One function that trains a recipe: resumable at any step, bit for bit; keeps the last good checkpoint whatever happens."""

import copy
import csv
import io
import json
import math
import os
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from ..checkpoint import CheckpointError, load_checkpoint, save_checkpoint, whole_file
from .config import Recipe
from .data import Batches, TokenArray
from .model import VAE
from .objective import learning_rate, loss, rate_target, reparameterise

# ── numbers and places ──────────────────────────────────────────────────────────────────────────────────────────────────


def half_precision(device: str) -> torch.dtype | None:
    """bf16 where the device multiplies it (A100, H100, CPUs with AMX or AVX512-BF16), fp16 on older GPUs, else None: fp32."""
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device == "cpu" and (torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()):
        return torch.bfloat16
    return None


class Corpus:
    """A `TokenArray` on the training device, from which batches are gathered without a copy through the host."""

    def __init__(self, array: TokenArray, device: str):
        self.array, self.device = array, device
        self.tokens = torch.as_tensor(array.tokens.astype(np.int32), device=device)
        self.starts = torch.as_tensor(array.starts.astype(np.int64), device=device)
        self.scores = torch.as_tensor(array.scores, device=device)

    def gather(self, members: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens (B, L) int64 and scores (B,) of reviews of one length."""
        length = int(self.array.lengths[members[0]])
        rows = torch.as_tensor(members, device=self.device)
        return self.tokens[self.starts[rows, None] + torch.arange(length, device=self.device)].long(), self.scores[rows]


# ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@torch.no_grad()
def evaluate(model: VAE, recipe: Recipe, corpus: Corpus, members: np.ndarray, *, tokens: int = 8192, seed: int = 0) -> dict[str, float]:
    """Distortion, rate, accuracy on reviews, weighted by sentence (accuracy by token), with the state of the latent.

    Returns
    -------
    dict
        ``distortion``, ``rate``, ``bound`` (their sum, an upper bound of −log p(x)) in nats per review; ``nats_per_token``;
        ``accuracy`` (next token right, given the true ones before); ``active_units`` (Burda et al., 2016: variance of μ over
        0.01); ``mutual_information`` between review and z in nats (Hoffman & Johnson, 2016; estimated on up to 2,000 reviews);
        ``score_mae`` in stars.
    """
    was_training = model.training
    model.eval()
    torch.manual_seed(seed)
    dtype = half_precision(corpus.device)
    totals, weights, sentences, count, means, variances = {}, {}, 0, 0, [], []
    batches = Batches(corpus.array.lengths, members, tokens, seed)
    for batch in (batches[i] for i in range(batches.per_epoch)):
        x, score = corpus.gather(batch)
        with torch.autocast(corpus.device, dtype) if dtype else nullcontext():
            _, parts = loss(model, recipe, x, score, recipe.steps)
            if model.config.latent:
                mean, log_variance = model.encode(x)
                means.append(mean.float())
                variances.append(log_variance.float())
                if rated := int((~score.isnan()).sum()):
                    parts["score_mae"] = 2 * (model.score(mean).float().squeeze(-1) - score).abs().nanmean()
        for name, value in parts.items():
            weight = x.numel() + len(x) if name == "accuracy" else rated if name == "score_mae" else len(x)
            totals[name] = totals.get(name, 0.0) + float(value) * weight
            weights[name] = weights.get(name, 0) + weight
        sentences += len(x)
        count += x.numel() + len(x)
    model.train(was_training)
    found = {name: value / weights[name] for name, value in totals.items() if name != "score_error"}
    found["bound"] = found["distortion"] + found.get("rate", 0.0)
    found["nats_per_token"] = found["distortion"] * sentences / count
    if means:
        mean, log_variance = torch.cat(means), torch.cat(variances)
        found["active_units"] = int((mean.var(dim=0) > 0.01).sum())
        if recipe.rate is not None:
            found["mutual_information"] = mutual_information(mean, log_variance)
    return found


def mutual_information(mean: torch.Tensor, log_variance: torch.Tensor, sample: int = 2000) -> float:
    """I(x; z) = E[log q(z|x) − log q(z)] with q(z) estimated on the codes themselves; at most log(number of codes)."""
    pick = torch.linspace(0, len(mean) - 1, min(sample, len(mean)), device=mean.device).long()
    mean, log_variance = mean[pick], log_variance[pick]
    z = reparameterise(mean, log_variance)                                                    # (n, d)
    log_q = torch.cat([-0.5 * ((part[:, None] - mean).square() / log_variance.exp() + log_variance).sum(-1)  # (n, n), constants cancel
                       for part in z.split(100)])                                             # in pieces: (n, n, d) would be 1 GB
    return float((log_q.diagonal() - log_q.logsumexp(dim=1) + np.log(len(z))).mean())


def diagnosis(found: dict, recipe: Recipe) -> str:
    """Names a collapsed latent (in Korean, with what to change); empty if z carries information."""
    if "rate" not in found or recipe.rate is None:
        return ""
    if found["rate"] >= 1.0 and found["active_units"] >= 0.05 * recipe.model.latent and found.get("mutual_information", 1) >= 0.5:
        return ""
    return (f"⚠ 사후 붕괴(posterior collapse): KL {found['rate']:.2f} nats, 활성 차원 {found['active_units']}/{recipe.model.latent}, "
            f"상호정보량 {found.get('mutual_information', 0):.2f} nats. 디코더가 z를 읽지 않습니다.\n"
            "  해결: rate(목표 C)를 올리거나 free_bits를 주고, word_dropout을 0.3~0.5로 늘리고, 첫 단계(phases[0])를 늘려 보세요.")


# ── training ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def make_optimisers(model: VAE, recipe: Recipe, device: str) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the Transformer blocks, AdamW for everything else, with one learning rate for both.

    Muon (Jordan et al., 2024) turns a matrix's momentum into the nearest orthogonal one before it steps; scaled to AdamW's size
    of step as Liu et al. (2025, arXiv:2502.16982, eq. 4) do. How much sooner that learns: `benchmarks/optimiser.py`.
    """
    inside = [p for name, p in model.named_parameters() if ".blocks." in name and p.ndim == 2]
    others = [p for name, p in model.named_parameters() if not (".blocks." in name and p.ndim == 2)]
    return [torch.optim.Muon(inside, lr=recipe.learning_rate, momentum=0.95, weight_decay=recipe.weight_decay, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW([{"params": [p for p in others if p.ndim > 1], "weight_decay": recipe.weight_decay},
                               {"params": [p for p in others if p.ndim <= 1], "weight_decay": 0.0}],
                              lr=recipe.learning_rate, betas=(0.9, 0.98), fused=device in ("cuda", "cpu"))]


def train(recipe: Recipe, array: TokenArray, folder: Path, *, device: str | None = None, save_every: int = 500, max_seconds: float | None = None,
          progress: bool = True, compile: bool | None = None) -> VAE:
    """Train a recipe to its end, or until ``max_seconds`` are over; the same call goes on where the last one stopped.

    A run that was killed and resumed gives, on the same device and the same number of threads, the same weights bit for bit as
    one that was not: the state is model, optimiser, average and step; everything random in a step is seeded from (seed, step),
    and the order of the reviews from (seed, epoch).

    Parameters
    ----------
    recipe : Recipe
    array : TokenArray
        See `data.prepare`.
    folder : Path
        Gets ``checkpoint.pt`` and ``log.csv``.
    device : str, optional
        ``"cuda"``, ``"mps"`` or ``"cpu"``; the best there is if None.
    save_every : int
        Steps between checkpoints.
    max_seconds : float, optional
        Stop after so long, with a checkpoint.
    compile : bool, optional
        ``torch.compile``; on CUDA if None.

    Returns
    -------
    VAE
        With the averaged weights, in evaluation mode.

    Raises
    ------
    CheckpointError
        Damaged checkpoint, one of another recipe, or no room to write it.
    """
    from tqdm import tqdm

    from ..runtime import device as best_device

    device = device or best_device()
    folder.mkdir(parents=True, exist_ok=True)
    if device == "cpu":
        _tune_cpu()
    accelerator, rank, world = _processes(device)
    if accelerator:
        device = accelerator.device.type
    torch.manual_seed(recipe.seed)
    model = VAE(recipe.model).to(device)
    average = copy.deepcopy(model).eval()
    optimisers = make_optimisers(model, recipe, device)
    dtype = half_precision(device)
    scaler = torch.amp.GradScaler(device, enabled=dtype is torch.float16)
    state = {"step": 0, "splits": 1, "best": math.inf, "waited": 0, "seconds": 0.0, "tokens": 0, "stopped": False}

    path, identity, reviews = folder / "checkpoint.pt", json.dumps(recipe.to_dict(), sort_keys=True), array.checksum()
    if saved := load_checkpoint(path):
        if (saved["recipe"], saved["reviews"]) != (identity, reviews):
            changed = "설정" if saved["recipe"] != identity else "리뷰"
            raise CheckpointError(f"{path} 는 다른 {changed}(으)로 학습하던 것입니다.\n"
                                  "  해결: 다른 폴더를 고르거나, 새로 시작하려면 그 파일을 지우세요.")
        model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        for optimiser, values in zip(optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(values)
        scaler.load_state_dict(saved["scaler"])
        state = saved["state"]
    if state["step"] >= recipe.steps or state["stopped"]:
        return average

    def keep():
        state["seconds"] = before + time.monotonic() - began
        if rank == 0:
            save_checkpoint(path, {"recipe": identity, "reviews": reviews, "model": model.state_dict(), "average": average.state_dict(),
                                   "optimisers": [optimiser.state_dict() for optimiser in optimisers], "scaler": scaler.state_dict(), "state": state})

    corpus = Corpus(array, device)
    batches = Batches(array.lengths, array.of(0), recipe.tokens, recipe.seed)
    validation = array.of(1)[:4000]
    if device == "cuda" if compile is None else compile:
        for part in filter(None, (model.encoder, model.decoder)):
            part.compile(dynamic=True)
    log = None
    if rank == 0:
        for left in folder.glob("*.part"):  # of a run that was killed while it saved
            left.unlink(missing_ok=True)
        log = _Log(folder / "log.csv", after=state["step"])
    model.train()
    began, before = time.monotonic(), state["seconds"]
    bar = tqdm(total=recipe.steps, initial=state["step"], desc=folder.name, unit="step", disable=not progress or rank > 0, mininterval=1)
    while state["step"] < recipe.steps and not state["stopped"]:
        step = state["step"]
        members = batches[step][rank::world] if len(batches[step]) >= world else batches[step]
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(recipe, step)
        while True:
            for optimiser in optimisers:
                optimiser.zero_grad(set_to_none=True)
            try:
                torch.manual_seed((recipe.seed * 10_000_019 + step) * 64 + rank)
                parts = _gradients(model, recipe, corpus, members, step, state["splits"], dtype, scaler)
                break
            except RuntimeError as error:  # torch.OutOfMemoryError is one
                if not _out_of_memory(error) or state["splits"] >= len(members):
                    raise
            if device == "cuda":
                torch.cuda.empty_cache()
            state["splits"] *= 2
            tqdm.write(f"메모리가 모자라 배치를 {state['splits']}번에 나누어 계산합니다(한 걸음에 쓰는 글의 수는 그대로입니다).")
        for optimiser in optimisers:
            scaler.unscale_(optimiser)
        if world > 1:
            for parameter in model.parameters():
                if parameter.grad is not None:
                    torch.distributed.all_reduce(parameter.grad)
                    parameter.grad /= world
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            scaler.step(optimiser)
        scaler.update()
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 1 - min(recipe.ema, (1 + step) / (10 + step)))
        state["step"] = step + 1
        state["tokens"] += len(batches[step]) * (int(array.lengths[members[0]]) + 1)
        bar.update()
        if step % 20 == 0 and not bar.disable:
            speed = state["tokens"] / (before + time.monotonic() - began)
            units = f" · 활성 {state['units']}" if "units" in state else ""
            bar.set_postfix_str(f"D {parts['distortion']:.1f} · R {parts.get('rate', 0):.1f}{units} · {speed:,.0f} 토큰/초")

        out_of_time = max_seconds is not None and time.monotonic() - began > max_seconds
        if world > 1 and max_seconds is not None:  # all stop at the same step, or one waits for the others for ever
            late = torch.tensor(float(out_of_time), device=device)
            torch.distributed.all_reduce(late)
            out_of_time = bool(late)
        if len(validation) and (state["step"] % recipe.evaluate_every == 0 or state["step"] == recipe.steps):
            found = evaluate(average, recipe, corpus, validation)
            if log:
                log.write({"step": state["step"], "seconds": round(before + time.monotonic() - began, 1), "tokens": state["tokens"],
                           "target": rate_target(recipe, step), "learning_rate": learning_rate(recipe, step), **found})
            if warning := diagnosis(found, recipe):
                tqdm.write(warning)
            state["units"] = found.get("active_units", 0)
            if rate_target(recipe, step) in (None, recipe.rate):  # bounds can be compared only once the rate has reached its target
                better = found["bound"] < state["best"]
                state["best"], state["waited"] = (found["bound"], 0) if better else (state["best"], state["waited"] + 1)
                state["stopped"] = bool(recipe.patience) and state["waited"] >= recipe.patience
        if state["step"] % save_every == 0 or state["step"] == recipe.steps or state["stopped"] or out_of_time:
            keep()
        if out_of_time:
            break
    bar.close()
    if world > 1:  # until the checkpoint is written, which all of them read next
        torch.distributed.barrier()
    return average


def _gradients(model, recipe, corpus, members, step, splits, dtype, scaler) -> dict[str, float]:
    """Gradients of the mean loss over the members, computed in so many pieces as memory asks for."""
    totals = {}
    for piece in np.array_split(members, splits):
        if not len(piece):
            continue
        tokens, score = corpus.gather(piece)
        with torch.autocast(corpus.device, dtype) if dtype else nullcontext():
            total, parts = loss(model, recipe, tokens, score, step)
        scaler.scale(total * (len(piece) / len(members))).backward()
        for name, value in parts.items():
            totals[name] = totals.get(name, 0) + value.detach() * (len(piece) / len(members))
    return totals


def _tune_cpu() -> None:
    """Two settings that make a step on a CPU 1.1 times as fast (benchmarks/vae.py); without effect where they are unknown.

    glibc keeps freed blocks instead of handing their pages back at every step, and oneDNN keeps the kernels it made for every
    sentence length (40 lengths fill its cache of 1,024 several times over).
    """
    import ctypes

    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16384")  # read at the first matrix product
    if sys.platform == "linux":
        try:
            libc = ctypes.CDLL("libc.so.6")
            for name, value in ((-4, 0), (-1, 2**31 - 1), (-2, 2**28)):  # M_MMAP_MAX, M_TRIM_THRESHOLD, M_TOP_PAD
                libc.mallopt(name, value)
        except (OSError, AttributeError):  # another C library
            pass


def _processes(device: str):
    """(Accelerator, rank, number) under `accelerate launch`; (None, 0, 1) otherwise."""
    if int(os.environ.get("WORLD_SIZE", "1")) <= 1:
        return None, 0, 1
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=device == "cpu")
    return accelerator, accelerator.process_index, accelerator.num_processes


def _out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or any(
        sign in str(error).lower() for sign in ("out of memory", "can't allocate memory", "not enough memory"))


class _Log:
    """``log.csv``: one row an evaluation; rows that a killed run wrote after its last checkpoint are dropped."""

    COLUMNS = ("step", "seconds", "tokens", "target", "learning_rate", "distortion", "rate", "bound", "nats_per_token", "accuracy",
               "active_units", "mutual_information", "score_mae")

    def __init__(self, path: Path, after: int):
        self.path = path
        rows = []
        if path.exists():
            with open(path, encoding="utf-8", newline="") as file:
                rows = [row for row in csv.DictReader(file)  # None: a row cut off by a full disk
                        if None not in map(row.get, self.COLUMNS) and row["step"].isdigit() and int(row["step"]) <= after]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row[name] for name in self.COLUMNS} for row in rows)
        try:
            with whole_file(path) as part:  # the old rows stay until the new file is whole
                part.write_text(text.getvalue(), encoding="utf-8", newline="")
        except OSError as error:
            raise self._failed(error.__cause__ or error) from error

    def _failed(self, error: OSError) -> CheckpointError:
        return CheckpointError(f"기록 {self.path} 를 쓰지 못했습니다.\n  원인: {error.strerror or error}\n"
                               "  해결: 디스크에 자리를 비우고 같은 명령을 다시 실행하면 마지막으로 저장된 곳부터 이어집니다.")

    def write(self, row: dict) -> None:
        try:
            with open(self.path, "a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, self.COLUMNS, lineterminator="\n", restval="").writerow(
                    {name: f"{value:.5g}" if isinstance(value, float) else value for name, value in row.items()})
        except OSError as error:
            raise self._failed(error) from error
