"""A trained model with its tokenizer in one folder: texts in, points out; points in, texts out."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from . import decoding, interpolation
from .config import VAEConfig
from .model import BEGIN, END, VAE


class ModelError(RuntimeError):
    """A model folder is missing, incomplete or damaged; the message says which file and what to do."""


class TransformerVAE:
    """A Transformer-VAE for short texts.

    Examples
    --------
    >>> model = TransformerVAE.from_pretrained(path)                                  # doctest: +SKIP
    >>> mean, sigma = model.encode(["정말 재미있어요", "지루해요"])                        # (2, d) each
    >>> model.interpolate("지루해요", "정말 재미있어요", t=[0, .25, .5, .75, 1])
    """

    def __init__(self, model: VAE, tokenizer: Tokenizer, card: dict | None = None):
        self.model, self.tokenizer, self.card = model.eval(), tokenizer, card or {}
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    @property
    def config(self) -> VAEConfig:
        return self.model.config

    @property
    def device(self) -> torch.device:
        return self.model.embedding.weight.device

    # ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def from_pretrained(cls, path, device: str = "cpu") -> "TransformerVAE":
        """Read ``config.json``, ``model.safetensors`` and ``tokenizer.json`` of a folder; checks the weights' hash.

        Raises
        ------
        ModelError
        """
        from safetensors.torch import load_file

        path = Path(path)
        for name in ("config.json", "model.safetensors", "tokenizer.json"):
            if not (path / name).is_file():
                raise ModelError(f"모델 폴더 {path} 에 {name} 이(가) 없습니다. 폴더 이름이 맞는지 확인하고, 맞다면 저장소를 다시 받으세요.")
        try:
            card = json.loads((path / "config.json").read_text("utf-8"))
            digest = hashlib.sha256((path / "model.safetensors").read_bytes()).hexdigest()
            if card["sha256"] != digest:
                raise ValueError(f"model.safetensors의 sha256이 {digest[:12]}…로, 적힌 {card['sha256'][:12]}…와 다릅니다")
            model = VAE(VAEConfig(**card["model"]))
            weights = {name: value.float() for name, value in load_file(path / "model.safetensors").items()}
            missing, unexpected = model.load_state_dict(weights, strict=False)
            if unexpected or any(not name.startswith("words.") for name in missing):
                raise ValueError(f"가중치의 이름이 맞지 않습니다: {(unexpected or missing)[:3]}")
            tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
            if tokenizer.get_vocab_size() > model.config.vocabulary:
                raise ValueError(f"tokenizer.json의 어휘 {tokenizer.get_vocab_size()}개가 모델의 {model.config.vocabulary}개보다 많습니다")
        except Exception as error:  # safetensors and tokenizers raise their own kinds for damaged files
            raise ModelError(f"모델 {path.name}을(를) 읽지 못했습니다.\n  원인: {error}\n"
                             f"  해결: {path} 폴더를 지우고 저장소에서 다시 받으세요.") from error
        return cls(model.to(device), tokenizer, card)

    def save_pretrained(self, path, card: dict | None = None, dtype: torch.dtype = torch.float16) -> None:
        """Write the folder; weights in half precision, without the head that only training needed."""
        from safetensors.torch import save_file

        path = Path(path)
        path.mkdir(parents=True, exist_ok=True)
        weights = {name: value.detach().cpu().to(dtype).contiguous()
                   for name, value in self.model.state_dict().items() if not name.startswith("words.")}
        save_file(weights, path / "model.safetensors")
        self.tokenizer.save(str(path / "tokenizer.json"))
        digest = hashlib.sha256((path / "model.safetensors").read_bytes()).hexdigest()
        self.card = {**self.card, **(card or {}), "model": asdict(self.config), "sha256": digest}
        (path / "config.json").write_text(json.dumps(self.card, ensure_ascii=False, indent=1), encoding="utf-8")

    # ── texts → points ──────────────────────────────────────────────────────────────────────────────────────────────────

    def tokens(self, texts) -> list[list[int]]:
        """Token numbers of each text; what is longer than the model can hold is cut.

        Raises
        ------
        TypeError
            If ``texts`` is one string or holds something else.
        """
        if isinstance(texts, str):
            raise TypeError("글 하나가 아니라 글의 목록이 필요합니다. [글]처럼 대괄호로 감싸 주세요.")
        texts = list(texts)
        if wrong := [text for text in texts if not isinstance(text, str)]:
            raise TypeError(f"글이 있어야 할 자리에 {wrong[0]!r}이(가) 있습니다. 빈칸(NaN)이라면 dropna()로 지운 뒤 다시 실행하세요.")
        return [e.ids[: self.config.max_tokens - 1] for e in self.tokenizer.encode_batch(texts, add_special_tokens=False)]

    @torch.no_grad()
    def encode(self, texts, batch: int = 512) -> tuple[np.ndarray, np.ndarray]:
        """Mean μ and standard deviation σ of q(z|x), (n, d) float32 each. An empty text gets the prior: μ = 0, σ = 1."""
        tokens = self.tokens(texts)
        mean, sigma = np.zeros((len(tokens), self.config.latent), np.float32), np.ones((len(tokens), self.config.latent), np.float32)
        for members in _same_length(tokens, batch):
            x = torch.tensor([tokens[i] for i in members], device=self.device)            # (B, L)
            mu, log_variance = self.model.encode(x)
            mean[members], sigma[members] = mu.cpu().numpy(), (0.5 * log_variance).exp().cpu().numpy()
        return mean, sigma

    @torch.no_grad()
    def score(self, z) -> np.ndarray:
        """Stars (1–5) that the score head reads from points (n, d): a smooth function of z whatever the text says (lesson 12)."""
        points = torch.as_tensor(np.asarray(z, np.float32), device=self.device)
        return (3 + 2 * self.model.score(points).squeeze(-1)).cpu().numpy()

    # ── points → texts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def decode(self, z, strategy: str = "greedy", *, beams: int = 4, temperature: float = 1.0, top_p: float = 1.0, seed: int = 0,
               batch: int = 1024) -> list[str]:
        """One text for each point (n, d); see `decoding.generate` for the strategies."""
        z = np.atleast_2d(np.asarray(z, np.float32))
        if z.shape[1] != self.config.latent:
            raise ValueError(f"z는 (n, {self.config.latent}) 모양이어야 합니다: {z.shape}.")
        points = torch.as_tensor(z, device=self.device)
        generator = torch.Generator(self.device).manual_seed(seed)
        texts = []
        for piece in points.split(batch):
            texts += decoding.generate(self.model, piece, strategy=strategy, beams=beams, temperature=temperature, top_p=top_p, generator=generator)
        return [text.strip() for text in self.tokenizer.decode_batch(texts, skip_special_tokens=True)]

    def reconstruct(self, texts, strategy: str = "greedy") -> list[str]:
        """Decode the mean code of each text."""
        return self.decode(self.encode(texts)[0], strategy)

    def interpolate(self, text_a: str, text_b: str, t=None, method: str = "linear", strategy: str = "greedy") -> list[str]:
        """Texts along the path from ``text_a`` (t = 0) to ``text_b`` (t = 1).

        Parameters
        ----------
        t : sequence of float, optional
            Nine even steps if None.
        method : {"linear", "spherical"}
        """
        if method not in interpolation.METHODS:
            raise ValueError(f"method는 {', '.join(interpolation.METHODS)} 가운데 하나여야 합니다: {method!r}.")
        a, b = self.encode([text_a, text_b])[0]
        return self.decode(interpolation.METHODS[method](a, b, np.linspace(0, 1, 9) if t is None else t), strategy)

    @torch.no_grad()
    def log_likelihood(self, texts, z=None, batch: int = 512) -> tuple[np.ndarray, np.ndarray]:
        """How well points explain texts, token by token with the true ones before.

        Parameters
        ----------
        z : (n, d) array, optional
            The texts' own mean codes if None.

        Returns
        -------
        nats : (n,) float
            log p(x|z), end included.
        accuracy : (n,) float
            Share of the tokens that were the most probable ones.
        """
        tokens = self.tokens(texts)
        z = self.encode(texts)[0] if z is None else np.asarray(z, np.float32)
        nats, right = np.zeros(len(tokens)), np.zeros(len(tokens))
        for members in _same_length(tokens, batch, empty=True):
            x = torch.tensor([tokens[i] for i in members], dtype=torch.long, device=self.device)  # (B, L)
            given = torch.cat([x.new_full((len(x), 1), BEGIN), x], 1)
            wanted = torch.cat([x, x.new_full((len(x), 1), END)], 1)                       # (B, L + 1)
            hidden, _ = self.model.hidden(torch.as_tensor(z[members], device=self.device), given)
            log_p = self.model.logits(hidden).float().log_softmax(-1)                     # (B, L + 1, V)
            nats[members] = log_p.gather(2, wanted[..., None]).sum((1, 2)).cpu().numpy()
            right[members] = (log_p.argmax(-1) == wanted).float().mean(1).cpu().numpy()
        return nats, right


def _same_length(tokens: list[list[int]], batch: int, empty: bool = False):
    """Numbers of the texts, in groups of one length (no padding), without the ``empty`` ones unless they are wanted."""
    lengths = np.array([len(text) for text in tokens], int)
    for length in np.unique(lengths if empty else lengths[lengths > 0]):
        members = np.flatnonzero(lengths == length)
        yield from (members[i: i + batch] for i in range(0, len(members), batch))
