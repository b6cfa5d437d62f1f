"""The Transformer-VAE: a text becomes a point z, and z becomes a text again.

Sentences of one batch always have the same length (`data.batches` sees to it), so there is no padding and no mask anywhere.
Letters in the shapes: B sentences, L tokens, D width, H heads, d latent dimensions, P prefix tokens, V vocabulary.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .config import VAEConfig

PAD, BEGIN, END, UNKNOWN = 0, 1, 2, 3
LOG_VARIANCE = (-10.0, 4.0)  # beyond, σ would be a point or cover everything: numerically useless


def attend(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    """softmax(q kᵀ / √D) v for q, k, v of shape (B, H, L, D) each; a token sees no later one if ``causal``."""
    if q.device.type != "cpu":
        return F.scaled_dot_product_attention(q, k, v, is_causal=causal)
    weights = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5                               # (B, H, L, L)
    if causal:  # spelt out: with the fused kernel a step takes 1.4 times as long on a CPU, for sentences this short (benchmarks/vae.py)
        weights = weights + torch.full_like(weights[0, 0], -torch.inf).triu(1)
    return weights.softmax(dim=-1) @ v


class Attention(nn.Module):
    """Multi-head self-attention (Vaswani et al., 2017, eq. 1)."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)

    def forward(self, x: Tensor, causal: bool, past: tuple[Tensor, Tensor] | None = None):
        B, L, D = x.shape
        q, k, v = self.qkv(x).view(B, L, 3, self.heads, D // self.heads).permute(2, 0, 3, 1, 4)  # each (B, H, L, D/H)
        if past is not None:  # keys and values of all earlier tokens were computed before
            k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
        y = attend(q, k, v, causal and L > 1)  # one new token may look at everything before it: nothing to hide
        return self.out(y.transpose(1, 2).reshape(B, L, D)), (k, v)  # (B, L, D)


class Block(nn.Module):
    """Attention and feed-forward (squared ReLU: So et al., 2021), each on normalised input and added to what was there."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(config.width), nn.LayerNorm(config.width)
        self.attention = Attention(config)
        self.up, self.down = nn.Linear(config.width, 4 * config.width), nn.Linear(4 * config.width, config.width)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, causal: bool, past=None):
        y, present = self.attention(self.norm1(x), causal, past)
        x = x + self.dropout(y)
        return x + self.dropout(self.down(F.relu(self.up(self.norm2(x))).square())), present


class Encoder(nn.Module):
    """Tokens → mean and log variance of q(z|x): every token sees every other, then they are pooled."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.place = nn.Embedding(config.max_tokens + 1, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.encoder_layers))
        self.norm = nn.LayerNorm(config.width)
        self.to_latent = nn.Linear(2 * config.width, 2 * config.latent)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = x + self.place.weight[: x.shape[1]]                                         # (B, L, D)
        for block in self.blocks:
            x, _ = block(x, causal=False)
        x = self.norm(x)
        pooled = torch.cat([x.mean(dim=1), x.amax(dim=1)], dim=-1)                      # (B, 2D)
        mean, log_variance = self.to_latent(pooled).float().chunk(2, dim=-1)            # each (B, d)
        return mean, log_variance.clamp(*LOG_VARIANCE)


class Decoder(nn.Module):
    """z and the tokens so far → the next token. z enters twice: as P tokens in front, and added to every input."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.prefix = config.prefix
        self.place = nn.Embedding(config.prefix + config.max_tokens + 1, config.width)
        self.to_prefix = nn.Sequential(nn.Linear(config.latent, config.width), nn.GELU(), nn.Linear(config.width, config.prefix * config.width))
        self.to_input = nn.Linear(config.latent, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.decoder_layers))
        self.norm = nn.LayerNorm(config.width)

    def forward(self, z: Tensor, x: Tensor, past: list | None = None) -> tuple[Tensor, list]:
        x = x + self.to_input(z)[:, None]                                               # (B, L, D)
        done = 0 if past is None else past[0][0].shape[2]
        if past is None:
            x = torch.cat([self.to_prefix(z).view(len(z), self.prefix, -1), x], dim=1)   # (B, P + L, D)
        x = x + self.place.weight[done: done + x.shape[1]]
        present = []
        for number, block in enumerate(self.blocks):
            x, cache = block(x, causal=True, past=None if past is None else past[number])
            present.append(cache)
        return self.norm(x if past is not None else x[:, self.prefix:]), present        # (B, L, D)


class VAE(nn.Module):
    """Encoder, latent, decoder and score head as one torch module; `TransformerVAE` adds the tokenizer and texts."""

    def __init__(self, config: VAEConfig):
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)  # tied: also the output layer
        self.encoder = Encoder(config) if config.latent else None
        self.decoder = Decoder(config)
        self.score = nn.Sequential(nn.Linear(config.latent, 64), nn.Tanh(), nn.Linear(64, 1)) if config.latent else None
        self.words = nn.Linear(config.latent, config.vocabulary) if config.latent else None  # only the auxiliary loss needs it
        self.apply(_initialise)
        if self.encoder:  # codes start spread out and narrow (σ ≈ .14): z says something before the decoder has learnt to do without
            nn.init.normal_(self.encoder.to_latent.weight[: config.latent], std=(2 * config.width) ** -0.5)
            nn.init.constant_(self.encoder.to_latent.bias[config.latent:], -4.0)
        for block in [*(self.encoder.blocks if self.encoder else []), *self.decoder.blocks]:
            for layer in (block.attention.out, block.down):  # the residual sum keeps its size with depth (GPT-2)
                nn.init.normal_(layer.weight, std=0.02 / (2 * config.decoder_layers) ** 0.5)

    def encode(self, tokens: Tensor, dropped: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log variance, each (B, d), of sentences (B, L) without begin and end; ``dropped`` tokens are hidden."""
        if self.encoder is None:
            empty = torch.zeros(len(tokens), 0, device=tokens.device)
            return empty, empty
        x = self.embedding(tokens)                                                      # (B, L, D)
        return self.encoder(x if dropped is None else x * ~dropped[..., None])

    def hidden(self, z: Tensor, tokens: Tensor, dropped: Tensor | None = None, past: list | None = None) -> tuple[Tensor, list]:
        """The decoder's last layer (B, L, D) for tokens (B, L) that begin with BEGIN, and its keys and values."""
        x = self.embedding(tokens)
        return self.decoder(z, x if dropped is None else x * ~dropped[..., None], past)

    def logits(self, hidden: Tensor) -> Tensor:
        """(B, L, D) → (B, L, V) by the embedding itself (Press & Wolf, 2017)."""
        return hidden @ self.embedding.weight.T.to(hidden.dtype)


def reparameterise(mean: Tensor, log_variance: Tensor) -> Tensor:
    """z = μ + σ ε with ε ~ N(0, 1), so that gradients reach μ and σ (Kingma & Welling, 2014, sec. 2.4)."""
    return mean + (0.5 * log_variance).exp() * torch.randn_like(mean)


def _initialise(module: nn.Module) -> None:
    if isinstance(module, (nn.Linear, nn.Embedding)):
        if module.weight.numel():
            nn.init.normal_(module.weight, std=0.02)
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)
