"""Training and decoding speed of the Transformer-VAE: this workbook beside plain torch and a T5-small-sized Hugging Face model.

    python benchmarks/vae.py [--device cpu|cuda] [--steps N] [--tokens T] [--repeats R] [--paths P] [--loop S]

Training: the same sentences, as many optimiser steps over them, the same precision, AdamW and clipping for every method; only
real tokens are counted (end tokens in, padding out). "plain torch" is the same model, parameter for parameter, written with
nn.TransformerEncoder, a DataLoader and padding to 40 tokens. Every method lives in a process of its own, and all take turns.
The share of the peak is what torch's FLOP counter sees in a turn (work on padding included), over the seconds of the turn and
the fastest large matrix product measured in the same run. What the package does for speed is also measured switched off.
Decoding: P paths × 9 points at once with the key–value cache, beside loops over sentences that are measured on S points and
scaled. Writes data/results/vae_benchmark.csv. Needs torch and numpy; tokens from --tokens-folder, else those at hand, else the
embedded graded reviews; Hugging Face's row is left out, visibly, where transformers is missing.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from benchmark_files import commit, write  # noqa: E402  beside this file

RESULT = ROOT / "data" / "results" / "vae_benchmark.csv"
PADDED = 40
POINTS = 9
SIZES = {"cpu": {"steps": 12, "tokens": 1024, "loop": 40}, "cuda": {"steps": 100, "tokens": 8192, "loop": 100}}


def recipe_of(options):
    """The recipe of `stars-64d` with the sizes asked for."""
    from lab_utils.vae.config import RECIPES

    recipe = RECIPES["stars-64d"]
    model = replace(recipe.model, encoder_layers=options.layers, decoder_layers=options.layers, width=options.width,
                    vocabulary=options.vocabulary)
    return replace(recipe, model=model, tokens=options.tokens)


def sentences(options):
    """Tokens, and the numbers of the sentences of each step: those that fill the first batches of an epoch."""
    from lab_utils.vae import data

    array = data.TokenArray.load(Path(options.tokens_folder) / "tokens.npz")
    batches = data.Batches(array.lengths, array.of(0), options.tokens, seed=0)
    return array, [batches[i % batches.per_epoch] for i in range(options.steps)]


def real_tokens(array, members) -> int:
    return int(sum(int(array.lengths[m].sum()) + len(m) for m in members))


def optimiser_of(module, device):
    import torch

    return torch.optim.AdamW(module.parameters(), lr=1e-4, betas=(0.9, 0.98), fused=device in ("cuda", "cpu"))


def precision(device):
    """Automatic mixed precision as `training.train` chooses it, the same for all methods."""
    import torch

    from lab_utils.vae.training import half_precision

    dtype = half_precision(device)
    return (lambda: torch.autocast(device, dtype) if dtype else nullcontext()), torch.amp.GradScaler(device, enabled=dtype is torch.float16)


# ── methods: options → a function that does one turn ────────────────────────────────────────────────────────────────────


def ours(options, tuned=True, fused=False, compile=True):
    """`training.train`'s inner step: gather, loss, gradients, clipping, moving average, with AdamW as for every method (it trains with Muon)."""
    import copy

    import torch

    from lab_utils.vae import model as definition
    from lab_utils.vae import training
    from lab_utils.vae.model import VAE

    if options.device == "cpu" and tuned:
        training._tune_cpu()
    if fused:
        definition.attend = lambda q, k, v, causal: torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    recipe, (array, members) = recipe_of(options), sentences(options)
    torch.manual_seed(0)
    model = VAE(recipe.model).to(options.device).train()
    average = copy.deepcopy(model).eval()
    optimiser, (_, scaler) = optimiser_of(model, options.device), precision(options.device)
    dtype, corpus = training.half_precision(options.device), training.Corpus(array, options.device)

    def turn():
        for step, rows in enumerate(members):
            optimiser.zero_grad(set_to_none=True)
            torch.manual_seed(step)
            training._gradients(model, recipe, corpus, rows, step, 1, dtype, scaler)
            scaler.unscale_(optimiser)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            scaler.step(optimiser)
            scaler.update()
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(model.parameters()), 0.001)

    def compiled():
        for part in (model.encoder, model.decoder):
            part.compile(dynamic=True)

    return turn, model, compiled if options.device == "cuda" and options.compile and compile else None


def plain_model(config):
    """The same Transformer-VAE from torch's own layers: nn.TransformerEncoder twice, once with a causal mask."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    def layers(number):
        layer = nn.TransformerEncoderLayer(config.width, config.heads, 4 * config.width, config.dropout, batch_first=True, norm_first=True,
                                           activation=lambda x: F.relu(x).square())
        return nn.TransformerEncoder(layer, number, nn.LayerNorm(config.width), enable_nested_tensor=False)

    class PlainVAE(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(config.vocabulary, config.width)
            self.place = nn.Embedding(config.max_tokens + 1, config.width)
            self.encoder = layers(config.encoder_layers)
            self.to_latent = nn.Linear(2 * config.width, 2 * config.latent)
            self.place_out = nn.Embedding(config.prefix + config.max_tokens + 1, config.width)
            self.to_prefix = nn.Sequential(nn.Linear(config.latent, config.width), nn.GELU(),
                                           nn.Linear(config.width, config.prefix * config.width))
            self.to_input = nn.Linear(config.latent, config.width)
            self.decoder = layers(config.decoder_layers)
            self.score = nn.Sequential(nn.Linear(config.latent, 64), nn.Tanh(), nn.Linear(64, 1))
            self.words = nn.Linear(config.latent, config.vocabulary)
            nn.init.normal_(self.embedding.weight, std=0.02)

        def encode(self, tokens, hidden=None):
            padding = tokens == 0                                                        # (B, L)
            x = self.embedding(tokens)
            x = (x if hidden is None else x * ~hidden[..., None]) + self.place.weight[: tokens.shape[1]]
            x = self.encoder(x, src_key_padding_mask=padding)                            # (B, L, D)
            real = ~padding[..., None]
            mean = (x * real).sum(1) / real.sum(1)
            highest = x.masked_fill(~real, -torch.inf).amax(1)
            mu, log_variance = self.to_latent(torch.cat([mean, highest.to(mean.dtype)], -1)).float().chunk(2, -1)
            return mu, log_variance.clamp(-10, 4)

        def decode(self, z, given, hidden=None):
            x = self.embedding(given)
            x = (x if hidden is None else x * ~hidden[..., None]) + self.to_input(z)[:, None]
            x = torch.cat([self.to_prefix(z).view(len(z), config.prefix, -1), x], 1)
            x = x + self.place_out.weight[: x.shape[1]]
            mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1], device=x.device)
            x = self.decoder(x, mask=mask, is_causal=True)[:, config.prefix:]
            return x @ self.embedding.weight.T.to(x.dtype)                               # (B, L, V)

    return PlainVAE()


def plain_loss(model, recipe, tokens, score, target=150.0):
    """The loss of `objective.loss` for padded sentences; tokens (B, 39), 0 where a sentence has ended."""
    import torch
    from torch.nn import functional as F

    from lab_utils.vae.model import BEGIN, END, PAD, reparameterise
    from lab_utils.vae.objective import kl_per_dimension

    length = (tokens != PAD).sum(1)
    given = F.pad(tokens, (1, 0), value=BEGIN)                                           # (B, 40)
    wanted = F.pad(tokens, (0, 1), value=PAD).scatter(1, length[:, None], END)
    hidden = [torch.rand(t.shape, device=t.device) < share if model.training else None
              for t, share in ((tokens, recipe.token_drop), (given, recipe.word_dropout))]
    mean, log_variance = model.encode(tokens, hidden[0])
    z = reparameterise(mean, log_variance) if model.training else mean
    logits = model.decode(z, given, hidden[1])
    number = (length + 1).sum()
    total = F.cross_entropy(logits.flatten(0, 1).float(), wanted.flatten(), ignore_index=PAD, reduction="sum") / number
    if not model.training:
        return total
    rate = kl_per_dimension(mean, log_variance).sum(1).mean()
    total = total + recipe.beta * (rate - target).clamp(min=0) * len(tokens) / number
    words = F.log_softmax(model.words(z).float(), -1).gather(1, tokens)                  # (B, 39)
    total = total - recipe.bag_of_words * words[tokens != PAD].mean()
    rated = ~score.isnan()
    return total + recipe.score_weight * (model.score(mean).float().squeeze(-1) - score)[rated].square().mean()


def loader(array, members, options, width=None):
    """A DataLoader as one writes it: shuffled sentences, padded to `width` (or to the longest of the batch), copied to the device."""
    import torch
    from torch.utils.data import DataLoader

    rows = np.concatenate(members)
    texts = [(torch.tensor(array.tokens[array.starts[i]: array.starts[i] + array.lengths[i]].astype(np.int64)), float(array.scores[i])) for i in rows]

    def collate(batch):
        tokens = torch.nn.utils.rnn.pad_sequence([text for text, _ in batch], batch_first=True)
        if width:
            tokens = torch.nn.functional.pad(tokens, (0, width - tokens.shape[1]))
        return tokens, torch.tensor([score for _, score in batch])

    fast = {"num_workers": 4, "persistent_workers": True, "pin_memory": True} if options.device == "cuda" else {}
    return DataLoader(texts, batch_size=-(-len(rows) // options.steps), shuffle=True, collate_fn=collate, **fast)


def padded_turn(module, batches, loss, options):
    import torch

    optimiser, (autocast, scaler) = optimiser_of(module, options.device), precision(options.device)

    def turn():
        for tokens, score in batches:
            tokens, score = tokens.to(options.device, non_blocking=True), score.to(options.device, non_blocking=True)
            optimiser.zero_grad(set_to_none=True)
            with autocast():
                total = loss(tokens, score)
            scaler.scale(total).backward()
            scaler.unscale_(optimiser)
            torch.nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            scaler.step(optimiser)
            scaler.update()

    return turn, module, None


def plain_torch(options):
    import torch

    recipe, (array, members) = recipe_of(options), sentences(options)
    torch.manual_seed(0)
    model = plain_model(recipe.model).to(options.device).train()
    return padded_turn(model, loader(array, members, options, PADDED - 1), lambda tokens, score: plain_loss(model, recipe, tokens, score), options)


def t5_small(options):
    """Encoder → mean of its states → μ, log σ² → z → the one state that T5's decoder attends to; padded to the longest of a batch."""
    import torch
    from torch import nn
    from transformers import T5Config, T5ForConditionalGeneration
    from transformers.modeling_outputs import BaseModelOutput

    from lab_utils.vae.model import END, PAD, reparameterise
    from lab_utils.vae.objective import kl_per_dimension

    recipe, (array, members) = recipe_of(options), sentences(options)
    torch.manual_seed(0)
    small = {"d_model": 512, "d_ff": 2048, "num_layers": 6, "num_heads": 8} if not options.tiny else {
        "d_model": 32, "d_ff": 64, "num_layers": 1, "num_heads": 2, "d_kv": 16}
    t5 = T5ForConditionalGeneration(T5Config(vocab_size=recipe.model.vocabulary, pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD,
                                             use_cache=False, **small))
    model = nn.ModuleDict({"t5": t5, "to_latent": nn.Linear(t5.config.d_model, 2 * recipe.model.latent),
                           "to_state": nn.Linear(recipe.model.latent, t5.config.d_model)}).to(options.device).train()

    def loss(tokens, score):
        real = tokens != PAD
        wanted = nn.functional.pad(tokens, (0, 1)).scatter(1, real.sum(1, keepdim=True), END)
        states = t5.encoder(input_ids=tokens, attention_mask=real.long()).last_hidden_state           # (B, L, 512)
        pooled = (states * real[..., None]).sum(1) / real.sum(1, keepdim=True)
        mean, log_variance = model["to_latent"](pooled).float().chunk(2, -1)
        z = reparameterise(mean, log_variance.clamp(-10, 4))
        found = t5(encoder_outputs=BaseModelOutput(last_hidden_state=model["to_state"](z)[:, None]),
                   labels=wanted.masked_fill(wanted == PAD, -100))
        rate = kl_per_dimension(mean, log_variance.clamp(-10, 4)).sum(1).mean()
        return found.loss + recipe.beta * (rate - 150.0).clamp(min=0) * len(tokens) / (real.sum() + len(tokens))

    return padded_turn(model, loader(array, members, options), loss, options)


TRAINING = {"ours": ours, "plain torch, padded to 40": plain_torch, "Hugging Face T5-small VAE": t5_small}
ABLATIONS = {"cpu": {"ours, without the memory and kernel-cache settings": lambda options: ours(options, tuned=False),
                     "ours, with torch's fused attention": lambda options: ours(options, fused=True)},
             "cuda": {"ours, not compiled": lambda options: ours(options, compile=False)}}


def matmul_peak(options) -> float:
    """FLOP/s of the fastest of some large matrix products in the precision of the training."""
    import torch

    from lab_utils.vae.training import half_precision

    size = options.peak_size or (8192 if options.device == "cuda" else 2048)
    dtype = half_precision(options.device) or torch.float32
    a, b = (torch.randn(size, size, device=options.device, dtype=dtype) for _ in range(2))
    best = 0.0
    for _ in range(8):
        synchronise(options.device)
        start = time.perf_counter()
        for _ in range(10 if options.device == "cuda" else 1):
            a @ b
        synchronise(options.device)
        best = max(best, 2 * size**3 * (10 if options.device == "cuda" else 1) / (time.perf_counter() - start))
    return best


def decoders(options):
    """Name → function of z that decodes all of its points, and the z of the paths."""
    import torch

    from lab_utils.vae import decoding
    from lab_utils.vae.config import VAEConfig
    from lab_utils.vae.model import BEGIN, END, PAD, UNKNOWN, VAE

    folder = Path(options.model)
    torch.manual_seed(0)
    if (folder / "model.safetensors").exists():
        from safetensors.torch import load_file

        model = VAE(VAEConfig(**json.loads((folder / "config.json").read_text("utf-8"))["model"]))
        model.load_state_dict({name: value.float() for name, value in load_file(folder / "model.safetensors").items()}, strict=False)
    else:
        model = VAE(recipe_of(options).model)
    model = model.to(options.device).eval()
    ends = torch.randn(2, options.paths, 1, model.config.latent, device=options.device)
    t = torch.linspace(0, 1, POINTS, device=options.device)[:, None]
    z = ((1 - t) * ends[0] + t * ends[1]).flatten(0, 1)                                  # (paths · 9, d)

    def batched(z):
        return [text for piece in z.split(1024) for text in decoding.generate(model, piece)]

    def one_by_one(z):
        return [decoding.generate(model, point[None])[0] for point in z]

    @torch.no_grad()
    def without_cache(z):
        texts = []
        for point in z:
            tokens = [BEGIN]
            while len(tokens) <= model.config.max_tokens:
                hidden, _ = model.hidden(point[None], torch.tensor([tokens], device=z.device))
                logits = model.logits(hidden[:, -1])[0]
                logits[[PAD, BEGIN, UNKNOWN]] = -torch.inf
                if (token := int(logits.argmax())) == END:
                    break
                tokens.append(token)
            texts.append(tokens[1:])
        return texts

    return {"all points at once, cache": batched, "sentence by sentence, cache": one_by_one,
            "sentence by sentence, no cache": without_cache}, z, (folder / "model.safetensors").exists()


# ── one process a method: reads "turn" lines, answers with JSON ─────────────────────────────────────────────────────────


def synchronise(device):
    if device == "cuda":
        import torch

        torch.cuda.synchronize()


def timed(action, device):
    synchronise(device)
    start = time.perf_counter()
    result = action()
    synchronise(device)
    return time.perf_counter() - start, result


def serve(name, options):
    """Prepare a method, warm it up, then one answer for every line of the standard input."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what libraries print must not get between the answers
    os.dup2(2, 1)

    def say(**found):
        answer.write(json.dumps(found) + "\n")
        answer.flush()

    if name == "peak":
        matmul_peak(options)
        say(ready=True)
        for _ in sys.stdin:
            say(flops_per_second=matmul_peak(options))
    elif name == "decoding":
        methods, z, trained = decoders(options)
        few = z[:: max(1, len(z) // options.loop)][: options.loop]
        methods["all points at once, cache"](z[:1024])
        same = [a == b for a, b in zip(methods["all points at once, cache"](few), methods["sentence by sentence, no cache"](few), strict=True)]
        methods["sentence by sentence, cache"](few[:2])
        say(ready=True, trained=trained, same=float(np.mean(same)))
        for _ in sys.stdin:
            found = {}
            for method, decode in methods.items():
                points = z if method.startswith("all") else few
                seconds, texts = timed(lambda decode=decode, points=points: decode(points), options.device)
                found[method] = {"seconds": seconds * len(z) / len(points), "measured_points": len(points),
                                 "tokens": sum(map(len, texts)) * len(z) / len(points)}
            say(**found)
    else:
        from torch.utils.flop_counter import FlopCounterMode

        turn, module, compiled = (TRAINING | ABLATIONS[options.device])[name](options)
        start = time.perf_counter()
        with FlopCounterMode(display=False) as counter:  # also warms up
            turn()
        if compiled:
            compiled()
            turn()
            turn()
        say(ready=True, flops=counter.get_total_flops(), parameters=sum(p.numel() for p in module.parameters()),
            warm_up=time.perf_counter() - start)
        for _ in sys.stdin:
            say(seconds=timed(turn, options.device)[0])


class Worker:
    """A method in its own process."""

    def __init__(self, name, arguments):
        self.process = subprocess.Popen([sys.executable, __file__, *arguments, "--serve", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8", env=os.environ | {"PYTHONUTF8": "1", "TOKENIZERS_PARALLELISM": "false"})
        self.name, self.about = name, self.read()

    def read(self):
        text = self.process.stdout.readline()
        if not text:
            sys.exit(f"{self.name}: the process ended ({self.process.wait()})")
        return json.loads(text)

    def turn(self):
        self.process.stdin.write("turn\n")
        self.process.stdin.flush()
        return self.read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


# ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows_of(options, arguments, tokens):
    """All methods take turns; a row for each, with minimum and median."""
    names = [name for name in (*TRAINING, *ABLATIONS[options.device]) if name != "Hugging Face T5-small VAE" or find_spec("transformers")]
    workers = []
    for name in (*names, "peak", "decoding"):
        workers.append(Worker(name, arguments))
        print(f"{name}: ready", file=sys.stderr, flush=True)
    answers = {worker.name: [] for worker in workers}
    for number in range(options.repeats):
        for worker in workers:
            answers[worker.name].append(worker.turn())
        print(f"[{number + 1}/{options.repeats}] " + ", ".join(f"{name} {answers[name][-1]['seconds']:.2f} s" for name in names),
              file=sys.stderr, flush=True)
    about = {worker.name: worker.about for worker in workers}
    for worker in workers:
        worker.close()

    peak = max(found["flops_per_second"] for found in answers["peak"])
    rows = []
    for name in names:
        seconds = [found["seconds"] for found in answers[name]]
        rows.append({"task": "training", "method": name, "min_s": min(seconds), "median_s": median(seconds), "tokens": tokens,
                     "tokens_per_s": tokens / min(seconds), "tokens_per_s_median": tokens / median(seconds),
                     "ours_is_faster_by": min(seconds) / min(found["seconds"] for found in answers["ours"]),
                     "parameters": about[name]["parameters"], "tflops_per_turn": about[name]["flops"] / 1e12,
                     "share_of_peak": about[name]["flops"] / min(seconds) / peak, "peak_tflops": peak / 1e12, "measured_points": "", "same_text": ""})
    base = None
    for method in answers["decoding"][0]:
        seconds = [found[method]["seconds"] for found in answers["decoding"]]
        base = base or min(seconds)
        first = answers["decoding"][0][method]
        rows.append({"task": "decoding", "method": method, "min_s": min(seconds), "median_s": median(seconds), "tokens": round(first["tokens"]),
                     "tokens_per_s": first["tokens"] / min(seconds), "tokens_per_s_median": first["tokens"] / median(seconds),
                     "ours_is_faster_by": min(seconds) / base, "parameters": "", "tflops_per_turn": "", "share_of_peak": "", "peak_tflops": "",
                     "measured_points": first["measured_points"], "same_text": about["decoding"]["same"]})
    if "Hugging Face T5-small VAE" not in names:
        print("⚠ transformers is not installed: no row for the T5-small VAE.", file=sys.stderr)
    return rows, about["decoding"]["trained"]


def markdown(rows):
    """Two tables to read."""
    out = ["| training | parameters, M | s, min (median) | tokens/s | ÷ ours | share of the matmul peak |", "|---|---|---|---|---|---|"]
    for row in (row for row in rows if row["task"] == "training"):
        out.append(f"| {row['method']} | {row['parameters'] / 1e6:.1f} | {row['min_s']:.2f} ({row['median_s']:.2f}) | {row['tokens_per_s']:,.0f} "
                   f"| {row['ours_is_faster_by']:.2f} | {100 * row['share_of_peak']:.1f} % |")
    out += ["", "| decoding | points measured | s for all, min (median) | tokens/s | ÷ ours |", "|---|---|---|---|---|"]
    for row in (row for row in rows if row["task"] == "decoding"):
        out.append(f"| {row['method']} | {row['measured_points']:,} | {row['min_s']:.2f} ({row['median_s']:.2f}) | {row['tokens_per_s']:,.0f} "
                   f"| {row['ours_is_faster_by']:.1f} |")
    return "\n".join(out)


def tokens_folder():
    """Prepared tokens that are at hand; the embedded graded reviews otherwise."""
    found = ROOT / "build" / "gpu" / "tokens" / "stars-4000"
    if (found / "tokens.npz").exists():
        return found
    from lab_utils.vae.config import RECIPES
    from lab_utils.vae.data import prepare
    from lab_utils.vae.pipeline import work_folder

    if not (work_folder("stars-64d") / "tokens.npz").exists():
        prepare(RECIPES["reviews-class"], work_folder("reviews-class"))
        return work_folder("reviews-class")
    return work_folder("stars-64d")


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--device", choices=("cpu", "cuda"), help="cuda where there is one, if not given")
    parser.add_argument("--steps", type=int, help="optimiser steps in a turn (cpu: 12, cuda: 100)")
    parser.add_argument("--tokens", type=int, help="tokens in a batch (cpu: 1024, cuda: 8192)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--paths", type=int, default=500, help="paths of 9 points to decode")
    parser.add_argument("--loop", type=int, help="points for the loops over sentences (cpu: 40, cuda: 100)")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--tokens-folder", help="folder with tokens.npz")
    parser.add_argument("--model", default=str(ROOT / "data" / "models" / "stars-64d"), help="folder of the model that decodes")
    parser.add_argument("--result", type=Path, default=RESULT)
    parser.add_argument("--commit", default="", help="to state where there is no git")
    parser.add_argument("--no-compile", dest="compile", action="store_false", help="without torch.compile on cuda")
    parser.add_argument("--tiny", action="store_true", help="a tiny T5: to see that it works")
    parser.add_argument("--peak-size", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--vocabulary", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def main(arguments):
    import torch

    options = parse(arguments)
    if options.serve:
        return serve(options.serve, options)
    given = vars(options)
    given["device"] = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    given |= {name: value for name, value in SIZES[options.device].items() if given[name] is None}
    given["tokens_folder"] = str(options.tokens_folder or tokens_folder())
    prepared = json.loads((Path(options.tokens_folder) / "prepared.json").read_text("utf-8"))["recipe"]
    given["vocabulary"] = prepared["vocabulary"]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    array, members = sentences(options)
    tokens = real_tokens(array, members)
    passed = [part for name in ("device", "steps", "tokens", "paths", "loop", "layers", "width", "tokens_folder", "model", "vocabulary", "peak_size")
              if given[name] is not None for part in (f"--{name.replace('_', '-')}", str(given[name]))]
    passed += ["--tiny"] * options.tiny + ["--no-compile"] * (not options.compile)
    rows, trained = rows_of(options, passed, tokens)

    device = torch.cuda.get_device_name() if options.device == "cuda" else f"{os.cpu_count()} cores, {platform.machine()}"
    dtype = str(rows_dtype(options.device)).removeprefix("torch.")
    shown = [f"…/{Path(part).name}" if Path(part).is_absolute() else part for part in arguments]
    about = {"corpus": prepared["data"], "sentences": sum(map(len, members)), "steps": options.steps, "batch_tokens": options.tokens,
             "layers": options.layers, "width": options.width, "vocabulary": prepared["vocabulary"], "precision": dtype,
             "decoder_trained": trained, "repeats": options.repeats, "threads": torch.get_num_threads(), "load_before": round(load, 2),
             "device": f"{options.device}: {device}", "torch": torch.__version__,
             "commit": options.commit or commit(), "date": date.today().isoformat(),
             "command": " ".join(["python benchmarks/vae.py", *shown])}
    write(options.result, [row | about for row in rows])
    print(markdown(rows))
    print(f"\n{prepared['data']}: {about['sentences']:,} sentences, {tokens:,} tokens in {options.steps} steps; {dtype}; minimum (median) of "
          f"{options.repeats} turns; {about['device']}; matmul peak {rows[0]['peak_tflops']:.2f} TFLOP/s. "
          f"Decoding: {options.paths} paths × {POINTS} points, {'trained' if trained else 'random'} weights; loops measured on a part and "
          f"scaled; {100 * rows[-1]['same_text']:.0f} % of that part's texts are the same both ways.")
    if load > 0.5 * (os.cpu_count() or 1):
        print("⚠ The machine was busy: trust the ratios, not the seconds, and repeat on an idle one.")


def rows_dtype(device):
    import torch

    from lab_utils.vae.training import half_precision

    return half_precision(device) or torch.float32


if __name__ == "__main__":
    main(sys.argv[1:])
