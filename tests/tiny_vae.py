"""A VAE so small that a test can train it, and reviews so few that it takes seconds."""

import os
import signal
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from lab_utils.vae import training
from lab_utils.vae.config import Recipe, VAEConfig
from lab_utils.vae.data import TokenArray
from lab_utils.vae.model import VAE
from lab_utils.vae.tokenizer import train_tokenizer

CONFIG = VAEConfig(vocabulary=340, latent=8, width=32, heads=2, encoder_layers=1, decoder_layers=1, prefix=2, max_tokens=16)
RECIPE = Recipe("graded", CONFIG, rate=6.0, rate_start=12.0, steps=40, tokens=64, learning_rate=3e-3, evaluate_every=7, ema=0.9)
WORDS = ["배우", "연기", "음악", "화면", "이야기", "결말", "정말", "조금", "아주", "좋아요", "별로예요", "지루해요", "재미있어요", "최고",
         "ㅋㅋㅋ", "ㅠㅠ"]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """For matrices this small a second thread only waits, and on a busy machine for long; imported by every module that uses torch."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def recipe(**changes) -> Recipe:
    return replace(RECIPE, **changes)


def array(n: int = 200, seed: int = 0) -> TokenArray:
    """Random reviews in which the first token gives the score away and every token depends on the one before."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, 8, n).astype(np.int32)
    scores = rng.choice([-1.0, -0.5, 0.5, 1.0], n).astype(np.float32)
    reviews = [(4 + 10 * int(2 * score + 2) + np.cumsum(rng.integers(0, 5, length))) % 300 + 4 for score, length in zip(scores, lengths, strict=True)]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32)
    parts = rng.choice([0, 1, 2], n, p=[0.8, 0.1, 0.1]).astype(np.uint8)
    return TokenArray(np.concatenate(reviews).astype(np.uint16), starts, lengths, scores, parts)


def texts(n: int = 300, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, rng.integers(1, 6))) for _ in range(n)]


@cache
def tokenizer_json() -> str:
    return train_tokenizer(texts(), CONFIG.vocabulary).to_str()


def model(config: VAEConfig = CONFIG, seed: int = 0, spread: float = 8.0) -> VAE:
    """Random weights, so much larger than at the start of training that the tokens' probabilities differ."""
    torch.manual_seed(seed)
    found = VAE(config).eval()
    with torch.no_grad():
        for parameter in found.parameters():
            if parameter.ndim > 1:
                parameter.mul_(spread)
    return found


# ── training in a process of its own, which may be killed ────────────────────────────────────────────────────────────


def _no_wait(descriptor: int) -> None:
    """In place of `os.fsync`, which only a power failure makes necessary: a killed process's writes stay."""


def train_and_die(folder: Path, recipe: Recipe = RECIPE, step=None, fault: tuple[str, int] | None = None,
                  save_every: int = 3) -> None:
    """Train in a process of its own on one thread; tells the step through a shared ``step`` and kills itself at the n-th place of a ``fault``."""
    torch.set_num_threads(1)
    os.fsync = _no_wait
    if step is not None:
        learning_rate = training.learning_rate

        def tell(recipe, number):
            step.value = number
            return learning_rate(recipe, number)

        training.learning_rate = tell
    if fault:
        _die_at(*fault)
    train(folder, recipe, save_every)


def train(folder: Path, recipe: Recipe = RECIPE, save_every: int = 3) -> VAE:
    return training.train(recipe, array(), folder, device="cpu", progress=False, save_every=save_every)


def _die_at(place: str, number: int) -> None:
    count = 0

    def due() -> bool:
        nonlocal count
        count += 1
        return count == number

    def die():
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

    fsync, replace_file, write, gradients = os.fsync, os.replace, training._Log.write, training._gradients

    def half_written(descriptor):
        fsync(descriptor)
        if due():
            os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
            die()

    def before_renaming(old, new):
        if Path(new).name == "checkpoint.pt" and due():
            die()
        replace_file(old, new)

    def after_renaming(old, new):
        replace_file(old, new)
        if Path(new).name == "checkpoint.pt" and due():
            die()

    def after_a_row(log, row):
        write(log, row)
        if due():
            die()

    def with_gradients(*arguments):
        found = gradients(*arguments)
        if due():
            die()
        return found

    if place == "half written":
        os.fsync = half_written
    elif place == "before renaming":
        os.replace = before_renaming
    elif place == "after renaming":
        os.replace = after_renaming
    elif place == "after a row of the log":
        training._Log.write = after_a_row
    else:
        training._gradients = with_gradients
