"""What a Transformer-VAE is made of and how it is trained: two dataclasses, and the recipes of the course."""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class VAEConfig:
    """Shape of a `TransformerVAE`.

    Attributes
    ----------
    vocabulary : int
        Number of tokens.
    latent : int
        Dimensions d of z. With 0 the decoder is a plain language model: the line that rate + distortion is held against.
    width, heads : int
        Of every Transformer layer; the feed-forward part is four times as wide.
    encoder_layers, decoder_layers : int
    prefix : int
        Tokens that z becomes in front of the sentence.
    max_tokens : int
        Longest sentence, end token included.
    dropout : float
    """

    vocabulary: int = 4000
    latent: int = 64
    width: int = 256
    heads: int = 4
    encoder_layers: int = 3
    decoder_layers: int = 3
    prefix: int = 4
    max_tokens: int = 40
    dropout: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """How one model is trained.

    Attributes
    ----------
    data : str
        Which reviews: a key of `lab_utils.vae.data.SOURCES`.
    model : VAEConfig
    rate : float or None
        Target C of the KL in nats; None trains a plain autoencoder (no noise, no KL).
    rate_start : float
        The target during the first phase, in which the model learns to copy; then it sinks linearly to ``rate``.
    phases : (float, float, float)
        Shares of the steps: high rate, sinking, at the target.
    beta : float
        Weight of ``max(KL − C, 0)``, or of the KL where ``free_bits`` is set.
    free_bits : float
        Nats per dimension that cost nothing (batch mean, Kingma et al., 2016), in place of the target; 0: not used.
    steps, tokens : int
        Optimiser steps, and tokens in a batch.
    learning_rate, warmup, weight_decay : float
        Muon and AdamW (`training.make_optimisers`) with linear warm-up (share of the steps) and a cosine to a tenth.
    word_dropout : float
        Share of the decoder's input tokens that are hidden, so that it must read z.
    token_drop : float
        Share of the encoder's input tokens that are hidden.
    bag_of_words : float
        Weight of the auxiliary loss "which words does the text hold", which fades out over the first phase.
    score_weight : float
        Weight of the squared error of the score head on the mean code.
    ema : float
        Decay of the averaged weights, which are what is kept.
    evaluate_every, patience : int
        Steps between looks at the validation part; early stop after so many looks without gain (0: never).
    seed : int
    """

    data: str
    model: VAEConfig = field(default_factory=VAEConfig)
    rate: float | None = 60.0
    rate_start: float = 150.0
    phases: tuple[float, float, float] = (0.3, 0.3, 0.4)
    beta: float = 1.0
    free_bits: float = 0.0
    steps: int = 20_000
    tokens: int = 1024
    learning_rate: float = 1e-3
    warmup: float = 0.03
    weight_decay: float = 0.01
    word_dropout: float = 0.2
    token_drop: float = 0.05
    bag_of_words: float = 0.2
    score_weight: float = 0.1
    ema: float = 0.999
    evaluate_every: int = 500
    patience: int = 0
    seed: int = 0

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "Recipe":
        return cls(**values | {"model": VAEConfig(**values["model"]), "phases": tuple(values["phases"])})


_SMALL = VAEConfig(vocabulary=1200, latent=16, width=128, heads=4, encoder_layers=2, decoder_layers=2)

RECIPES = {
    "movies-2d": Recipe("movies", VAEConfig(latent=2), rate=8.0, rate_start=12.0, score_weight=0.5),
    "stars-64d": Recipe("stars"),
    "shopping-64d": Recipe("shopping"),
    "reviews-class": Recipe("graded", _SMALL, rate=24.0, rate_start=45.0, steps=1000, tokens=512, learning_rate=3e-3, word_dropout=0.3,
                            evaluate_every=200, ema=0.99),
    "autoencoder-64d": Recipe("stars", rate=None),
}
