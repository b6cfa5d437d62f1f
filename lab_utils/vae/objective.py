"""The loss: reconstruction, the KL, and how much information z may carry (the rate)."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from .config import Recipe
from .model import BEGIN, END, VAE, reparameterise


def kl_per_dimension(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(q(z|x) ‖ N(0, 1)) of every dimension in nats (Kingma & Welling, 2014, appendix B).

    Parameters
    ----------
    mean, log_variance : (B, d) float

    Returns
    -------
    (B, d) float, ½ (μ² + σ² − 1 − log σ²)
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)


def free_bits(kl: Tensor, nats: float) -> Tensor:
    """The KL of a batch (B, d) where each dimension's **batch mean** costs only what exceeds ``nats`` (Kingma et al., 2016).

    The mean comes first: clamping sample by sample, as several public codes do, is another objective.
    """
    return kl.mean(dim=0).clamp(min=nats).sum()


def rate_target(recipe: Recipe, step: int) -> float | None:
    """The rate C at a step: high, then sinking, then at the recipe's target; None for an autoencoder."""
    if recipe.rate is None or recipe.free_bits:
        return None
    first, second, _ = recipe.phases
    done = step / recipe.steps
    sunk = min(max((done - first) / second, 0.0), 1.0) if second else float(done >= first)
    return recipe.rate if sunk == 1 else recipe.rate_start + (recipe.rate - recipe.rate_start) * sunk  # exactly: `train` compares


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear warm-up, then a cosine from ``recipe.learning_rate`` to a tenth of it."""
    warm = max(1, round(recipe.warmup * recipe.steps))
    if step < warm:
        return recipe.learning_rate * (step + 1) / warm
    done = min((step - warm) / max(1, recipe.steps - warm), 1.0)
    return recipe.learning_rate * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


def loss(model: VAE, recipe: Recipe, tokens: Tensor, score: Tensor, step: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Loss per token of sentences of one length, and its parts.

    Parameters
    ----------
    tokens : (B, L) int64
        Without begin and end.
    score : (B,) float
        NaN where a text has none.
    step : int
        Where the schedules stand.

    Returns
    -------
    loss : scalar
    parts : dict of scalars
        ``distortion`` (−log p(x|z)) and ``rate`` (KL) in nats per sentence, ``accuracy`` per token.
    """
    B, L = tokens.shape
    begin = tokens.new_full((B, 1), BEGIN)
    given, wanted = torch.cat([begin, tokens], 1), torch.cat([tokens, tokens.new_full((B, 1), END)], 1)  # (B, L + 1)
    training = model.training
    hide_source = torch.rand(B, L, device=tokens.device) < recipe.token_drop if training and recipe.token_drop else None
    hide_given = torch.rand(B, L + 1, device=tokens.device) < recipe.word_dropout if training and recipe.word_dropout else None

    mean, log_variance = model.encode(tokens, hide_source)                              # (B, d)
    z = reparameterise(mean, log_variance) if recipe.rate is not None and model.config.latent else mean
    hidden, _ = model.hidden(z, given, hide_given)                                      # (B, L + 1, D)
    logits = model.logits(hidden)                                                       # (B, L + 1, V)
    entropy = F.cross_entropy(logits.flatten(0, 1).float(), wanted.flatten(), reduction="sum")
    total = entropy / wanted.numel()
    parts = {"distortion": entropy.detach() / B}
    if not training:  # a pass over all logits: not in every training step
        parts["accuracy"] = (logits.argmax(-1) == wanted).float().mean()
    if not model.config.latent:
        return total, parts

    kl = kl_per_dimension(mean, log_variance)                                           # (B, d)
    rate = kl.sum(dim=1).mean()
    parts["rate"] = rate
    if recipe.free_bits:
        total = total + recipe.beta * free_bits(kl, recipe.free_bits) / (L + 1)
    elif recipe.rate is not None:
        # Only above the target: |KL − C| also forces the KL up, which an encoder does by shrinking σ, without any information.
        total = total + recipe.beta * (rate - rate_target(recipe, step)).clamp(min=0) / (L + 1)
    else:
        total = total + 1e-4 * mean.square().mean()  # keeps an autoencoder's codes from running away
    fading = 1 - step / max(1, recipe.phases[0] * recipe.steps)
    if training and recipe.bag_of_words and fading > 0:
        words = F.log_softmax(model.words(z).float(), dim=-1)                           # (B, V)
        total = total - recipe.bag_of_words * fading * words.gather(1, tokens).mean()
    rated = ~score.isnan()
    if recipe.score_weight and rated.any():
        error = (model.score(mean).float().squeeze(-1) - score)[rated].square().mean()
        total = total + recipe.score_weight * error
        parts["score_error"] = error
    return total, parts
