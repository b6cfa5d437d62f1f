"""From points z to tokens: greedy, beam search or sampling, many points at once, each token computed once (key–value cache)."""

import torch
from torch import Tensor

from .model import BEGIN, END, PAD, UNKNOWN, VAE


@torch.no_grad()
def generate(model: VAE, z: Tensor, *, strategy: str = "greedy", beams: int = 4, temperature: float = 1.0, top_p: float = 1.0,
             max_tokens: int | None = None, generator: torch.Generator | None = None) -> list[list[int]]:
    """Tokens for each point, without begin and end.

    Parameters
    ----------
    z : (B, d) float
    strategy : {"greedy", "beam", "sample"}
        The most probable next token; the most probable sentence of ``beams`` kept at each step, by mean log probability;
        or drawn from softmax(logits / ``temperature``), restricted to the most probable tokens that make up ``top_p``.
    max_tokens : int, optional
        End there at the latest; the model's longest sentence if None.

    Returns
    -------
    list of list of int
    """
    if strategy not in ("greedy", "beam", "sample"):
        raise ValueError(f"strategy는 'greedy', 'beam', 'sample' 가운데 하나여야 합니다: {strategy!r}.")
    if temperature <= 0 or not 0 < top_p <= 1:
        raise ValueError(f"temperature는 0보다 크고 top_p는 0보다 크고 1 이하여야 합니다: {temperature}, {top_p}.")
    if beams < 1:
        raise ValueError(f"beams는 1 이상이어야 합니다: {beams}.")
    longest = min(max_tokens or model.config.max_tokens, model.config.max_tokens)
    if not len(z):
        return []
    return _beam(model, z, beams, longest) if strategy == "beam" else _one_by_one(model, z, strategy, temperature, top_p, longest, generator)


def _log_probabilities(model: VAE, z: Tensor, token: Tensor, past) -> tuple[Tensor, list]:
    hidden, past = model.hidden(z, token[:, None], past=past)                            # (B, 1, D)
    logits = model.logits(hidden[:, -1]).float()                                         # (B, V)
    logits[:, [PAD, BEGIN, UNKNOWN]] = -torch.inf
    return logits.log_softmax(dim=-1), past


def _one_by_one(model, z, strategy, temperature, top_p, longest, generator):
    texts: list[list[int]] = [[] for _ in range(len(z))]
    running = torch.arange(len(z), device=z.device)                                      # sentences without an end so far
    token, past = torch.full((len(z),), BEGIN, device=z.device), None
    for _ in range(longest):
        log_p, past = _log_probabilities(model, z, token, past)
        if strategy == "greedy":
            token = log_p.argmax(dim=-1)                                                 # (B,)
        else:
            best = log_p.amax(dim=-1, keepdim=True)                                      # taken off first: −∞ for all would be no distribution
            token = _draw((log_p - best) / max(temperature, 1e-6), top_p, generator)
        going = token != END
        for number, word in zip(running[going].tolist(), token[going].tolist(), strict=True):
            texts[number].append(word)
        if not going.all():  # finished sentences leave the batch
            z, token, running = z[going], token[going], running[going]
            past = [(k[going], v[going]) for k, v in past]
        if not len(running):
            break
    return texts


def _draw(logits: Tensor, top_p: float, generator) -> Tensor:
    p = logits.softmax(dim=-1)
    if top_p < 1:  # nucleus sampling (Holtzman et al., 2020)
        ordered, order = p.sort(dim=-1, descending=True)
        ordered[ordered.cumsum(dim=-1) - ordered >= top_p] = 0
        return order.gather(1, torch.multinomial(ordered, 1, generator=generator)).squeeze(1)
    return torch.multinomial(p, 1, generator=generator).squeeze(1)


def _beam(model, z, beams, longest):
    B, V = len(z), model.config.vocabulary
    beams = min(beams, V - 3)
    z = z.repeat_interleave(beams, dim=0)                                                # (B·K, d)
    token, past = torch.full((B * beams,), BEGIN, device=z.device), None
    score = torch.full((B, beams), -torch.inf, device=z.device)
    score[:, 0] = 0                                                                      # all beams begin alike: only one counts
    done = torch.zeros(B, beams, dtype=torch.bool, device=z.device)
    words = torch.empty(B, beams, 0, dtype=torch.long, device=z.device)
    length = torch.zeros(B, beams, device=z.device)
    first = torch.arange(B, device=z.device)[:, None] * beams
    for _ in range(longest):
        log_p, past = _log_probabilities(model, z, token, past)
        log_p = log_p.view(B, beams, V)
        log_p[done] = -torch.inf                                                         # a finished sentence goes on as it is
        log_p[..., END] = log_p[..., END].masked_fill(done, 0.0)
        best, place = (score[..., None] + log_p).flatten(1).topk(beams, dim=1)           # (B, K)
        parent, token = place // V, place % V
        score, done, length = best, done.gather(1, parent), length.gather(1, parent)
        length = length + (~done)
        words = torch.cat([words.gather(1, parent[..., None].expand(-1, -1, words.shape[2])), token[..., None]], dim=2)
        done = done | (token == END)
        order = (first + parent).flatten()
        past = [(k[order], v[order]) for k, v in past]
        token = token.flatten()
        if done.all():
            break
    winner = (score / length).argmax(dim=1)                                              # mean log probability: long ones are not punished
    chosen = words[torch.arange(B, device=z.device), winner].tolist()
    return [text[: text.index(END)] if END in text else text for text in chosen]
